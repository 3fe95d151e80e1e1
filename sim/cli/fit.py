"""`sim fit --data DIR`: do the ties of the model change as the alliances of the data did?"""

from __future__ import annotations

import math
import shlex
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import Refusal, add_json, data_folder, parse, parser, print_json, within
from sim.cli.main import program
from sim.cli.terminal import Terminal

if TYPE_CHECKING:
    import argparse

    from sim.data.fit import ModeFit, Report

USUAL_STATES = "eurasia_2015"
REPLICATES = (50, 100_000)
NO_DATA = (
    "no data folder: give --data DIR or set SIM_DATA to a folder with atop/, unga/, nmc/, geo/, rivalries/ and codes/ "
    "(public data that do not ship with the program)"
)
WORDS = {"true": True, "false": False}


def main(argv: list[str]) -> int:
    """Simulate, compare, print."""
    args = _arguments(argv)
    if args is None:
        return 0
    data = data_folder(args.data, NO_DATA)
    within("--replicates", args.replicates, REPLICATES)
    from sim.cli.progress import Progress
    from sim.data import fit
    from sim.data.public import DataError

    modes = _words(args.mode, fit.MODES, "--mode")
    parameters = _parameters(args.overrides)
    try:
        with Progress("fit") as progress:
            report = fit.assess(
                data,
                _states(args.states),
                args.first,
                args.last,
                modes=modes,
                trust=args.trust,
                replicates=args.replicates,
                seed=args.seed,
                parameters=parameters,
                progress=progress,
            )
    except DataError as error:
        raise Refusal(str(error)) from error
    if args.json:
        print_json(fit.as_json(report) | {"parameters": parameters})
    else:
        _print(report, parameters, args.replicates)
        words = f"--data {shlex.quote(args.data)} " if args.data else ""
        print(f"Next: {program()} fit {words}--json, or --states all" + " for every state; minutes" * (args.states != "all"))
    return 0


def _arguments(argv: list[str]) -> argparse.Namespace | None:
    about = (
        "Start from the defence pacts of one year, let the mechanism of the ties run to another, many times, and compare "
        "the networks with the observed one: degrees, triads, distances, and the pacts made and dropped in a year "
        "(Lospinoso and Snijders 2019, as in RSiena's sienaGOF). Changes nothing on disk."
    )
    to = parser(
        "fit",
        about,
        {
            "--data DIR": f"the states of {USUAL_STATES}, the last twelve years of the data",
            "--data DIR --states all --replicates 100": "every state; minutes",
            "--data DIR --from 1995 --to 2005 --mode hazard --json": "other years, one mode, for a program",
            "--data DIR parameters.ties.rate=.1": "with other numbers",
        },
    )
    to.add_argument("--data", metavar="DIR", help="folder of public data; default: SIM_DATA")
    to.add_argument("--from", dest="first", type=int, metavar="YEAR", help="start at its end; default: 12 before --to")
    to.add_argument("--to", dest="last", type=int, metavar="YEAR", help="arrive at its end; default: the last of the data")
    to.add_argument(
        "--states",
        default=USUAL_STATES,
        metavar="WHICH",
        help="a starting world, `all`, or codes such as CHN,RUS,KAZ,KGZ; default: %(default)s",
    )
    to.add_argument(
        "--mode",
        default="actor_oriented,hazard,random,nothing",
        metavar="MODE,MODE",
        help="modes of the ties, or the baselines random and nothing (default: %(default)s)",
    )
    to.add_argument(
        "--trust",
        default="held",
        choices=("held", "follows"),
        help="held at its start, or following its anchor as pacts change (default: %(default)s)",
    )
    to.add_argument("--replicates", type=int, default=500, metavar="N", help="networks a mode (default: %(default)s)")
    to.add_argument("--seed", type=int, default=1, metavar="N", help="of the chance (default: %(default)s)")
    to.add_argument("overrides", nargs="*", metavar="parameters.MECHANISM.NAME=VALUE", help="of ties, anchor, threat, trust")
    add_json(to)
    return parse(to, argv)


def _words(text: str, allowed: tuple[str, ...], option: str) -> list[str]:
    words = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    unknown = [word for word in words if word not in allowed]
    if unknown or not words:
        raise Refusal(f"{option} {', '.join(unknown) or 'is empty'}: one or more of {', '.join(allowed)}")
    return words


def _states(which: str) -> list[str] | None:
    """ISO3 codes; None for all."""
    if which == "all":
        return None
    from sim import resources
    from sim.data import public

    folder = resources.scenarios() / "worlds"
    worlds = sorted(path.stem for path in folder.glob("*.yaml"))
    if which in worlds:
        return [row["code"] for row in public.read_table(folder / which / "states.csv", ("code",))]
    codes = [code.strip() for code in which.split(",") if code.strip()]
    if not codes or not all(len(code) == 3 and code.isascii() and code.isalpha() and code.isupper() for code in codes):
        raise Refusal(f"--states {which!r}: `all`, one of {', '.join(worlds)}, or ISO3 codes such as CHN,RUS,KAZ,KGZ")
    return codes


def _parameters(overrides: list[str]) -> dict[str, dict[str, Any]]:
    from sim.data.fit import problem_of

    found: dict[str, dict[str, Any]] = {}
    for word in overrides:
        key, _, text = word.partition("=")
        parts = key.split(".")
        if len(parts) != 3 or parts[0] != "parameters" or not text:
            raise Refusal(f"{word!r} is not understood; write parameters.ties.rate=.05")
        value: Any = WORDS.get(text.lower(), text)
        if isinstance(value, str):
            try:
                value = float(text)
            except ValueError:
                value = text
        if problem := problem_of(parts[1], parts[2], value):
            raise Refusal(f"{key}: {problem}")
        found.setdefault(parts[1], {})[parts[2]] = value
    return found


# -- in words --------------------------------------------------------------------------------------------------------


def _print(report: Report, parameters: dict[str, dict[str, Any]], replicates: int) -> None:
    from sim.data.fit import STATISTICS

    known, terminal = report.known, Terminal()
    first, last = known.years[0], known.years[-1]
    ties = [int(network.sum()) // 2 for network in known.networks]
    terminal.print(terminal.bold(f"Defence pacts of {len(known.states)} states, end of {first} to end of {last}"))
    about = (
        f"Observed: {ties[0]} pacts, then {ties[-1]}; {replicates} replicates a mode, seed {report.seed}; trust starts at "
        f"its anchor and {'is held there' if report.trust == 'held' else 'follows it'}. "
    )
    about += "Data: " + "; ".join(f"{name} {years}" for name, years in known.vintage.items()) + "."
    if known.left_out:
        about += " Left out: " + ", ".join(f"{state} ({why})" for state, why in known.left_out.items()) + "."
    if parameters:
        changed = (f"{m}.{name}={value:g}" for m, values in parameters.items() for name, value in values.items())
        about += " Parameters changed: " + ", ".join(changed) + "."
    terminal.print(terminal.wrap(about), "")

    row = "  {:<15}{:>22}{:>24}{:>13}"
    terminal.print(row.format("", "made a year, in 1000", "dropped a year, in 1000", "pairs wrong"))
    terminal.print(row.format("", "pairs without (5-95 %)", "pacts (5-95 %)", "at the end"))
    terminal.print(
        row.format(
            "observed", f"{1000 * report.formation:.2f}" + " " * 12, f"{1000 * report.dissolution:.2f}" + " " * 12, ""
        )
    )
    for mode in report.modes:
        terminal.print(row.format(mode.mode, _rate(mode.formation), _rate(mode.dissolution), f"{mode.wrong:.1f}"))

    row = "  {:<15}" + "{:>15}" * len(STATISTICS)
    terminal.print("", "  Mahalanobis distance of the observed from the simulated, and p")
    terminal.print(row.format("", *STATISTICS))
    for mode in report.modes:
        terminal.print(row.format(mode.mode, *map(_fit, mode.statistics)))
    for name in ("degrees", "triads"):
        _print_levels(report, name, STATISTICS[name][1], terminal)
    terminal.print(
        "",
        terminal.wrap(
            "p: share of the networks, the observed among them, that lie as far from the others as the observed does; a "
            "small p says that the mode does not make such networks. beyond: no replicate varies in the direction in "
            "which the observed differs. *: the observed is outside the simulated 5-95 %. "
            "random: the observed yearly rates, known only afterwards, anywhere."
        ),
    )


def _rate(values: Any) -> str:
    import numpy as np

    low, high = 1000 * np.quantile(values, (0.05, 0.95))
    return f"{1000 * values.mean():.2f} ({low:.2f}-{high:.2f})".rjust(18)


def _fit(statistic: Any) -> str:
    if statistic.fit is None:
        return "-"
    far = statistic.fit.distance
    distance = "beyond" if math.isinf(far) else f"{far:.2f}" if far < 99.5 else f"{far:.0f}"
    return f"{distance} p {statistic.fit.p:.3f}"


def _print_levels(report: Report, name: str, meaning: str, terminal: Terminal) -> None:
    """Observed values and simulated means, a line a level."""
    modes: list[tuple[ModeFit, Any]] = [
        (mode, statistic) for mode in report.modes for statistic in mode.statistics if statistic.name == name
    ]
    row = "  {:<9}{:>9}" + "{:>15}" * len(modes)
    terminal.print("", f"  {meaning[0].upper()}{meaning[1:]}: observed, and simulated mean")
    terminal.print(row.format("", "observed", *(mode.mode for mode, _ in modes)))
    first = modes[0][1]
    for k, level in enumerate(first.levels):
        means = (
            f"{s.mean[k]:.1f}" + ("" if s.fit is None or s.low[k] <= first.observed[k] <= s.high[k] else "*").ljust(1)
            for _, s in modes
        )
        terminal.print(row.format(level, f"{first.observed[k]:.0f}", *means))
