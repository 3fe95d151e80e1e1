"""`sim explain RUN [RUN] --dyad A B`: why trust moved, or why it differs between two runs, from the ledger."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import Refusal, add_json, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal, sparkline
from sim.wording import date, number, signed

if TYPE_CHECKING:
    from sim.questions.explain import Explanation

LABEL, NUMBER, CURVE = 38, 11, 8  # of 80 columns: a label, three numbers, a space and a curve


def main(argv: list[str]) -> int:
    """Explain, print, write."""
    about = (
        "How much of a change of trust came from cooperation, confrontation, crises, institutions, balance, exercises, "
        "reversion, chance and each event that moves trust. RUN is a folder, or a scenario's name for its newest run; a "
        "second one is taken from the first."
    )
    to = parser(
        "explain",
        about,
        {
            "sco_expansion --dyad RUS CHN": "over the whole run",
            "sco_expansion --dyad IND PAK --from 2017-06 --to 2020-12": "between two months",
            "sco_expansion no_expansion --dyad IND PAK": "the difference between two scenarios",
        },
    )
    to.add_argument("run", metavar="RUN", nargs="+", help="a run, or two to explain their difference")
    to.add_argument("--dyad", metavar=("A", "B"), nargs=2, required=True, help="two states, such as RUS CHN")
    to.add_argument("--from", dest="first", metavar="MONTH", help="first month, such as 2015-01; default: the run's")
    to.add_argument("--to", dest="last", metavar="MONTH", help="last month; default: the run's")
    to.add_argument("--no-plot", action="store_true", help="draw no waterfall")
    to.add_argument("--out", metavar="DIR", help="where to write; default: results/explain/...")
    to.add_argument("--results", default="results", metavar="DIR", help="where runs are; default: results")
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    if len(args.run) > 2:
        raise Refusal(f"explain takes one run, or two; here are {len(args.run)}")
    from sim.questions.explain import CannotExplain, explain, write

    try:
        found = explain(*args.run, dyad=args.dyad, first=args.first, last=args.last, results=args.results)
    except CannotExplain as error:
        raise Refusal(str(error)) from None
    draw = None
    if not args.no_plot:
        from sim.plots.run import ledger_waterfall

        draw = ledger_waterfall.draw
    if args.out and Path(args.out).exists() and not (Path(args.out) / "explain.json").is_file():
        raise Refusal(f"--out {args.out} is there already and holds no explanation; name a new folder")
    folder = write(found, args.out, draw=draw)
    if args.json:
        print_json({"folder": str(folder.resolve()), **found.plain()})
        return 0
    terminal = Terminal()
    terminal.print(*_table(found, terminal), "")
    if draw:
        terminal.print(f"Picture: {folder / 'ledger_waterfall.png'}")
    terminal.print(f"Next: {_next(found, args)}", str(folder))
    return 0


def _table(found: Explanation, terminal: Terminal) -> list[str]:
    from sim.wording import Namer

    name = Namer.of_manifest(found.runs[0].manifest)
    both = " and ".join(name.one(code) for code in found.dyad)
    names = found.names
    what = f"{names[0]} minus {names[1]}" if len(names) > 1 else names[0]
    small = max(float(abs(found.terms).max(initial=0)), float(abs(found.start).max())) < 0.02
    row = partial(_row, digits=4 if small else 3)
    whole = found.monthly[:, :, 2].sum(axis=0)
    counts = sorted({run.manifest["replicates"] for run in found.runs})
    heads = "".join(f"{column:>{NUMBER}}" for column in (*found.columns[:2], "mean"))
    lines = [
        terminal.bold(terminal.wrap(f"{what}: trust between {both}, {date(found.first)} to {date(found.last)}")),
        f"Means over {' and '.join(f'{n:,}' for n in counts)} replicates: means add up, medians would not.",
        "",
        terminal.dim(" " * LABEL + heads + f" {found.first[2:4]} to {found.last[2:4]}"),
        terminal.rule(),
        row("difference at the start" if len(names) > 1 else "trust at the start", found.start, sign=len(names) > 1),
    ]
    for k, (account, title, values) in enumerate(zip(found.accounts, found.titles, found.terms)):
        label = f"{account}: {title}" if account in _meanings() else f"event: {title}"
        curve = _curve(found.monthly[k, :, 2], small, terminal)
        lines.append(row("  " + _cut(terminal.text(label), 2), values, sign=True, terminal=terminal) + curve)
        for part in found.parts:
            if part.account == account:
                text = _cut(terminal.text(f"in {part.month}: {part.title}"), 6)
                lines.append(terminal.dim(row("      " + text, part.value, sign=True)))
    lines += [
        terminal.rule(),
        row("change", found.change, sign=True, terminal=terminal) + _curve(whole, small, terminal),
        row("difference at the end" if len(names) > 1 else "trust at the end", found.end, sign=len(names) > 1),
        *_intervals(found),
        "",
        f"The accounts sum to the change; they miss it by at most {found.error:.0e}.",
    ]
    if len(names) == 1:
        text = "An account counts what is more or less than in the starting world, which is at rest."
        lines.append(terminal.wrap(text))
    else:
        lines.append(terminal.wrap("An account is not the effect of events of that name: `ablate` asks what an event did."))
    if found.parts:
        lines.append(terminal.wrap("Lines with a month: what the account above booked in the months of an imposed event."))
    if found.events:
        head = "Events that differ: " if len(names) > 1 else "At work through these accounts: "
        lines.append(terminal.wrap(head + "; ".join(found.events) + ".", rest="  "))
    if found.others:
        lines.append(terminal.wrap("What also differs: " + "; ".join(found.others) + ".", rest="  "))
    return [*lines, *(terminal.wrap(caution) for caution in found.cautions)]


def _intervals(found: Explanation) -> list[str]:
    """Of two runs: how sure the difference at the end is."""
    said = []
    for name, effect in zip(found.columns, found.effects):
        interval = f"90 % interval of the mean {signed(effect.low)} to {signed(effect.high)}"
        said.append(f"  {name}: {interval}, {effect.direction() or 'no clear direction'}")
    return said


def _curve(monthly: Any, small: bool, terminal: Terminal) -> str:
    """How an account adds up over the months, mean of both directions; small movements are drawn small."""
    span = 0.001 if small else 0.01
    return " " + sparkline(monthly.cumsum().tolist(), CURVE, unicode=terminal.unicode, span=span)


def _meanings() -> dict[str, str]:
    from sim.questions.explain import MEANING

    return MEANING


def _cut(text: str, indent: int) -> str:
    room = LABEL - indent
    return text if len(text) < room else text[: room - 3].rstrip() + ".."


def _row(label: str, values: list[float], *, sign: bool = False, terminal: Terminal | None = None, digits: int = 3) -> str:
    cells = [f"{_number(float(value), sign, digits):>{NUMBER}}" for value in values]
    return f"{label:<{LABEL}}" + "".join(terminal.signed(cell) if terminal else cell for cell in cells)


def _number(value: float, sign: bool, digits: int) -> str:
    """`0` only where it is exactly that."""
    return "0" if value == 0 else number(value, digits, signed=sign)


def _next(found: Explanation, args: object) -> str:
    """The command that makes sense now: the difference to the scenario's baseline, or which events matter."""
    about = found.runs[0].manifest
    root = "" if args.results == "results" else f" --results {args.results}"
    if len(found.runs) == 1 and about.get("baseline") and about["baseline"] != about["scenario"]:
        from sim.results import ResultsError, find

        try:
            find(about["baseline"], args.results, quiet=True)
        except ResultsError:
            pass
        else:
            return f"{program()} explain {args.run[0]} {about['baseline']} --dyad {' '.join(found.dyad)}{root}"
    if len(found.runs) == 2:
        return f"{program()} compare {' '.join(args.run)}{root}"
    return f"{program()} ablate {about['scenario']} --measure 'trust:{'>'.join(found.dyad)}'"
