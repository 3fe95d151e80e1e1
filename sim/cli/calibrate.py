"""`sim calibrate --data DIR --until YEAR`: numbers of the model from public data, with intervals and a table of draws."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.arguments import (
    NO_SERIES,
    Refusal,
    add_json,
    add_workers,
    data_folder,
    file_to_write,
    parse,
    parser,
    print_json,
    within,
)
from sim.cli.progress import Progress
from sim.cli.terminal import Terminal, say

if TYPE_CHECKING:
    from sim.calibration.estimate import Calibration
    from sim.calibration.recovery import Recovery

UNTIL, EARLIEST = 2014, 1990
DRAWS, WORLDS = (20, 10_000), (1, 1000)


def main(argv: list[str]) -> int:
    """Estimate, print, write."""
    args = _arguments(argv)
    if args is None:
        return 0
    began = time.perf_counter()
    if args.recovery is not None:
        return _recovery(args)
    data = data_folder(args.data, NO_SERIES)
    file_to_write("--out", args.out)
    within("--draws", args.draws, DRAWS)
    from sim.calibration.estimate import calibrate
    from sim.data.panel import panel, read_series
    from sim.data.public import DataError

    try:
        series = read_series(data)
        last = int(series["votes"]["year"].max())
        within("--until", args.until, (EARLIEST, last))
        known = panel(series, args.until)
        found = calibrate(known, draws=args.draws, seed=args.seed)
    except DataError as error:
        raise Refusal(str(error)) from error
    say(f"done in {time.perf_counter() - began:.0f} s")
    if args.out:
        from datetime import UTC, datetime

        from sim.calibration.table import digests_of, table
        from sim.results.atomic import write_file
        from sim.scenario.rules import LATEST

        made = table(found, known, LATEST, datetime.now(UTC).date().isoformat(), digests_of(data))
        write_file(Path(args.out), made.text())
    if args.json:
        print_json({"until": args.until, "estimates": _plain(found), "file": args.out})
    else:
        _show(found, args.until, args.out, Terminal())
    return 0


def _plain(found: Calibration) -> list[dict[str, object]]:
    from sim.calibration.estimate import RANGES

    return [
        {
            "parameter": key,
            "estimate": one.value,
            "low": one.low,
            "high": one.high,
            "range": [RANGES[key].low, RANGES[key].high],
            "told": one.told,
        }
        for key, one in found.estimates.items()
    ]


def _show(found: Calibration, until: int, out: str | None, terminal: Terminal) -> None:
    from sim.calibration.estimate import LEAST_YEARS
    from sim.calibration.moments import CLUSTERING

    terminal.print(terminal.bold(f"Numbers of the model from data up to {until}, {len(found.draws)} draws"))
    terminal.print(terminal.dim(f"{'':<24}{'estimate':>10}   {'90 % interval':<20}before the data"), terminal.rule())
    for row in _plain(found):
        low, high = row["range"]  # type: ignore[misc]
        interval = f"{row['low']:.3g} to {row['high']:.3g}"
        told = "" if row["told"] else "  not told by the data"
        terminal.print(f"{row['parameter']:<24}{row['estimate']:>10.3g}   {interval:<20}{low:g} to {high:g}{told}")
    terminal.print("")
    said = f"{CLUSTERING}: of the data and not of the model; by how much a year's tone strays from trust (log-odds)."
    if CLUSTERING not in found.estimates:
        said = (
            f"The course of trust (trust.noise, trust.reversion, anchor.lasting, anchor.weight, trust.crisis) is not told: "
            f"it needs events of {LEAST_YEARS} years after a first record of three. Defaults stand."
        )
    terminal.print(terminal.wrap(said))
    if out:
        terminal.print(f"Table of draws: {out}")


def _recovery(args: argparse.Namespace) -> int:
    from sim.calibration.recovery import EACH, POOLED, recover

    within("--recovery", args.recovery, WORLDS)
    began = time.perf_counter()
    with Progress("calibrating invented worlds") as progress:
        found = recover(args.recovery, seed=args.seed, workers=args.workers, progress=lambda n: progress(n, args.recovery))
    say(f"done in {time.perf_counter() - began:.0f} s")
    if args.json:
        print_json(found.plain())
    else:
        _show_recovery(found, args.recovery, Terminal(), POOLED, EACH)
    return 0


def _show_recovery(
    found: Recovery, worlds: int, terminal: Terminal, pooled: tuple[float, float], each: tuple[float, float]
) -> None:
    terminal.print(terminal.bold(f"Numbers that are known, found again in {worlds} invented worlds"))
    terminal.print(terminal.dim(f"{'':<24}{'90 % intervals hold':>20}{'median error':>15}"), terminal.rule())
    for key, rows in found.found.items():
        error = sorted(abs(rows[:, 1] / rows[:, 0] - 1))[len(rows) // 2]
        terminal.print(f"{key:<24}{100 * found.coverage(key):>18.0f} %{100 * error:>13.0f} %")
    terminal.print(f"{'all of them':<24}{100 * found.coverage():>18.1f} %")
    wanted = f"{100 * pooled[0]:.0f} to {100 * pooled[1]:.0f} % of all, {100 * each[0]:.0f} to {100 * each[1]:.0f} % of each"
    terminal.print(f"Wanted: {wanted}: {'held' if found.passed else 'not held'}")


def _arguments(argv: list[str]) -> argparse.Namespace | None:
    about = (
        "Estimate numbers of the model from public data, up to the end of a year: how much of a record of events lasts, how "
        "soon the rest goes, what chance adds, what a dispute costs (simulated moments); what distance in votes and a "
        "rivalry cost, how positions drift (regressions). Intervals allow for pairs that share a state. Runs take their "
        "parameters from the table of draws (docs/calibration.md). Changes nothing on disk but with --out."
    )
    to = parser(
        "calibrate",
        about,
        {
            "--data DIR": f"up to {UNTIL}, a minute or two",
            "--data DIR --until 2009": "as it could have been done then",
            "--data DIR --out table.csv": "the draws as a file",
            "--recovery": "instead: numbers that are known, found again in invented worlds; half an hour, no data",
        },
    )
    to.add_argument("--data", metavar="DIR", help="folder of public data; default: SIM_DATA")
    to.add_argument(
        "--until", type=int, default=UNTIL, metavar="YEAR", help="the last year that is known; default: %(default)s"
    )
    to.add_argument("--draws", type=int, default=400, metavar="N", help="rows of the table; default: %(default)s")
    to.add_argument("--seed", type=int, default=1, metavar="N", help="of draws and simulations; default: %(default)s")
    to.add_argument("--out", metavar="FILE", help="write the table of draws")
    to.add_argument(
        "--recovery", nargs="?", type=int, const=100, metavar="N", help="in so many invented worlds; default: 100"
    )
    add_workers(to)
    add_json(to)
    return parse(to, argv)
