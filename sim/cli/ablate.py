"""`sim ablate SCENARIO --measure M`: run again without each event, and rank the events by what they do."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.calendar import parse_month
from sim.cli.arguments import Refusal, add_json, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal, shown
from sim.questions.span import Span
from sim.wording import date, percent, signed

if TYPE_CHECKING:
    from sim.cli.hydra import RunConfig

SHOWN = 30
LABEL = 34


def main(argv: list[str]) -> int:
    """Ablate, print, write."""
    about = (
        "Run a scenario again without each of its events, with the same luck, and rank the events by what they do to one "
        "measure at the end of a month or over some years. Overrides are those of `run`."
    )
    to = parser(
        "ablate",
        about,
        {
            "sco_expansion --measure cooperation:eight": "every event, ranked",
            "sco_expansion --measure 'trust:IND>PAK' --at 2020-12": "at the end of a month",
            "us_stays --measure strength:ISK --shapley": "share out what events do together",
            "sco_expansion --measure polarisation replicates=400 seed=2": "with overrides",
        },
    )
    to.add_argument("scenario", metavar="SCENARIO", help="a name (see list), or a file such as ./mine.yaml")
    to.add_argument("overrides", metavar="OVERRIDE", nargs="*", help="as for run, such as replicates=400")
    to.add_argument("--measure", required=True, metavar="M", help="such as cooperation:eight; see list measures")
    to.add_argument("--at", metavar="MONTH", help="the month at whose end it is taken; default: the last")
    to.add_argument("--over", metavar="A-B", help="over the mean of these years or months, such as 2018-2025")
    to.add_argument("--shapley", action="store_true", help="Shapley values: exact to 10 events, sampled beyond")
    to.add_argument(
        "--passes", type=int, default=2, metavar="N", help="orders that each replicate samples, even; default: 2"
    )
    to.add_argument("--no-plot", action="store_true", help="draw no picture")
    add_json(to)
    try:
        args = to.parse_intermixed_args(argv)
    except SystemExit:
        return 0
    if args is None:
        return 0
    from sim.cli import hydra

    found: list[int] = []
    status = hydra.compose(
        [f"scenario={args.scenario}", *args.overrides],
        lambda request: _carry_out(request, args, found),
        prog=f"{program()} ablate",
    )
    return status or 0


def _carry_out(request: RunConfig, args: Any, found: list[int]) -> int:
    if request.sweeping or found:
        raise Refusal("ablate takes one scenario; leave -m out")
    found.append(1)
    if request.replicates == "auto":
        raise Refusal("ablate needs a number of replicates, such as replicates=200")
    if request.behaviours:
        raise Refusal("ablate cannot take behaviours: what they remember cannot be shared between counterfactuals")
    from sim.cli.progress import Progress
    from sim.questions.ablate import CannotAblate, ablate, answer_in, digest_of, folder_of, write
    from sim.results import check_writable
    from sim.scenario.subjects import NotMeasured

    question = {
        "measure": args.measure,
        "at": args.at,
        "over": args.over,
        "replicates": request.replicates,
        "seed": request.seed,
        "dtype": request.dtype,
        "shapley": args.shapley,
        "passes": args.passes,
        "engine": request.engine,
    }
    scenario = request.scenario
    began = time.perf_counter()
    try:
        folder = folder_of(request.results, scenario.name, digest_of(scenario, **question))
        about = None if request.force else _there(folder)
        if about is None:
            check_writable(request.results)
            with Progress(f"ablating {scenario.name}") as progress:
                ablation = ablate(scenario, **question, workers=request.workers, progress=progress)
            draw = None
            if not args.no_plot:
                from sim.plots.answers import effects

                draw = effects.draw
            folder = write(ablation, request.results, draw=draw)
            about = answer_in(folder)
            print(f"done in {time.perf_counter() - began:.1f} s", file=sys.stderr)
        else:
            print("this ablation is already there; force=true makes it again", file=sys.stderr)
    except (CannotAblate, NotMeasured) as error:
        raise Refusal(str(error)) from None
    if args.json:
        print_json({"folder": str(folder.resolve()), **about})
        return 0
    terminal = Terminal()
    terminal.print(*_table(about, terminal), "")
    if (folder / "effects.png").is_file():
        terminal.print(f"Picture: {folder / 'effects.png'}")
    terminal.print(f"Next: {_next(about, args, request)}", shown(folder))
    return 0


def _there(folder: Path) -> dict[str, Any] | None:
    """The answer in a folder; None where there is none, or none that can be used, which is said."""
    from sim.questions.ablate import ANSWER, answer_in
    from sim.results import ResultsError

    if not (folder / ANSWER).exists():
        return None
    try:
        return answer_in(folder)
    except ResultsError as error:
        print(f"{str(error).rpartition('; ')[0]}; it is made again", file=sys.stderr)
        return None


def _table(about: dict[str, Any], terminal: Terminal) -> list[str]:
    values = bool(about["shapley"])
    subject = "" if about["subject"] == "world" else f" of {about['subject']}"
    count = len(about["events"])
    head = (
        f"{about['scenario']}: what each of {count} event{'s' * (count != 1)} does to {about['measure']}{subject}, "
        f"{_when(about)}"
    )
    most = max((abs(row["mean"] or 0.0) for row in about["events"]), default=0.0)
    digits = 4 if most < 1 else 1 if most < 100 else 0
    columns = f"{'effect':>9}{'90 % of the mean':>20}" + (f"{'Shapley':>10}{'+-':>7}" if values else f"{'replicates':>14}")
    lines = [
        terminal.bold(terminal.wrap(head)),
        terminal.wrap(f"{about['replicates']:,} replicates, paired: the same luck with the event and without it."),
        "",
        terminal.dim(f"{'':<{LABEL}}{columns}"),
        terminal.rule(),
    ]
    zero = []
    for row in about["events"]:
        if row["above"] == 0 and row["below"] == 0 and not row.get("shapley_error"):
            zero.append(row["title"])
            continue
        if len(lines) < SHOWN + 5:
            lines.append(_row(row, digits, values, terminal))
    lines.append(terminal.rule())
    all_of_them = about["together"]
    lines.append(
        _row(
            {
                **all_of_them,
                "title": "all events together",
                "date": "",
                "imposed": False,
                "shapley_mean": all_of_them["mean"],
                "shapley_error": None,
            },
            digits,
            values,
            terminal,
        )
    )
    taken = f", all on average from {date(about['from'])}," if about["since"] else ""
    lines += [
        "",
        terminal.wrap(
            f"With all of them taken away at once, {about['measure']}{subject} changes by "
            f"{signed(-(all_of_them['mean'] or 0.0), digits)}. The effects one by one{taken} add up to "
            f"{signed(about['sum_of_effects'], digits)}; what is between is what events do to each other's effects."
        ),
    ]
    if values:
        how = "every subset of the events" if about["shapley"] == "exact" else "orders sampled by each replicate"
        text = f"Shapley values are from {how} and add up to all events together; +- is half a 90 % interval of the mean."
        lines.append(terminal.wrap(text))
    if any(row["imposed"] for row in about["events"]):
        lines.append("* imposes an outcome.")
    if zero:
        lines.append(terminal.wrap(f"Exactly no effect in any replicate: {', '.join(zero)}."))
    return lines + [terminal.wrap(note) for note in about["notes"]]


def _when(about: dict[str, Any]) -> str:
    if about["since"]:
        return f"on average since it begins, to {date(about['to'])}"
    return Span(parse_month(about["from"]), parse_month(about["to"])).said()


def _row(row: dict[str, Any], digits: int, values: bool, terminal: Terminal) -> str:
    mark = " *" if row["imposed"] else ""
    name = terminal.text(row["title"])
    room = LABEL - 9 - len(mark)
    name = (name if len(name) < room else name[: room - 3].rstrip() + "..") + mark
    label = f"{row['date'][:7]:<8} {name}" if row["date"] else name
    if row["mean"] is None:
        return f"{label:<{LABEL}}{'-':>9}"

    def show(x: float | None) -> str:
        return "-" if x is None else signed(x, digits)

    band = f"{show(row['low'])} to {show(row['high'])}"
    line = f"{label:<{LABEL}}" + terminal.signed(f"{show(row['mean']):>9}") + f"{band:>20}"
    if values:
        error = row["shapley_error"]
        reach = "" if error is None else f"{row['shapley_high'] - row['shapley_mean']:.{digits}f}"
        return line + f"{show(row['shapley_mean']):>10}{reach:>7}"
    up, down = row["above"] or 0.0, row["below"] or 0.0
    return line + terminal.dim(f"{percent(up):>8}+{percent(down):>6}-")


def _next(about: dict[str, Any], args: Any, request: RunConfig) -> str:
    """The largest event taken out, as a run of its own."""
    words = " ".join(shlex.quote(word) for word in args.overrides)
    if not about["shapley"] and len(about["events"]) > 1:
        told = " ".join(shlex.quote(word) for word in (args.scenario, "--measure", args.measure))
        at = f" --at {args.at}" if args.at else f" --over {args.over}" if args.over else ""
        return f"{program()} ablate {told}{at} --shapley {words}".rstrip()
    first = about["events"][0]["event"].split("+")
    gone = " ".join(f"'~scenario.events.{key}'" for key in first)
    return f"{program()} run scenario={shlex.quote(args.scenario)} {words} {gone}".replace("  ", " ")
