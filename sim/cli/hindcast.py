"""`sim hindcast --data DIR`: the model forecasts years that have passed, and is scored beside regressions."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

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
from sim.cli.terminal import Terminal, say

ORIGIN, YEARS, USUAL = 2009, 5, {"k37": 500, "all": 200}
LIMITS = {"--years": (1, 20), "--replicates": (20, 100_000)}


def main(argv: list[str]) -> int:
    """Forecast, score, print."""
    args = _arguments(argv)
    if args is None:
        return 0
    from sim.scenario.rules import LATEST, RULES

    args.rules = args.rules or LATEST
    if args.rules not in RULES:
        raise Refusal(f"--rules {args.rules}: there are {', '.join(RULES)}")
    if args.faces:
        return _faces(args)
    data = data_folder(args.data, NO_SERIES)
    from sim.data.panel import read_series
    from sim.data.public import DataError
    from sim.hindcast import forecasts, regression, study
    from sim.hindcast.origin import Asked, Origin, chosen

    if args.page is not None and not Path(args.page).is_dir():
        raise Refusal(f"--page {args.page}: there is no such folder; name the docs/ of a checkout")
    origins = _origins(args)
    targets = _words(args.target, tuple(study.TARGETS), "--target")
    metrics = _words(args.metric, study.METRICS, "--metric")
    for option, value in (("--years", args.years), ("--replicates", args.replicates)):
        if value is not None:
            within(option, value, LIMITS[option])
    file_to_write("--forecasts", args.forecasts)
    began = time.perf_counter()
    try:
        regression.require()
        if args.page is not None:
            from sim.cli import hindcast_page as page

            written = page.write(read_series(data), Path(args.page), rules=args.rules, workers=args.workers)
            page.show_written(written, Terminal())
            say(f"done in {time.perf_counter() - began:.0f} s")
            return 0
        states, without = chosen(args.states)
        replicates = args.replicates or USUAL["k37" if states else "all"]
        series = read_series(data)
        asked = Asked(series, states, without, args.years, replicates, args.workers, progress=say, rules=args.rules)
        study.check(asked, origins, targets, foreseen=bool(args.forecasts))
        bound = not args.no_boosting
        rows = study.score(asked, origins, targets=targets, boosting=bound, bound_at=(args.years,))
        if args.forecasts:
            from sim.results.atomic import write_file

            write_file(Path(args.forecasts), forecasts.text([Origin(year, asked) for year in origins]))
    except DataError as error:
        raise Refusal(str(error)) from error
    say(f"done in {time.perf_counter() - began:.0f} s")
    if args.json:
        print_json(study.as_json(rows, asked, origins))
    else:
        from sim.cli.hindcast_table import show

        show(rows, asked, origins, metrics, Terminal())
    return 0


def _faces(args: argparse.Namespace) -> int:
    from sim.cli.hindcast_page import show_faces
    from sim.hindcast.faces import REPLICATES, faces

    if args.replicates is not None:
        within("--replicates", args.replicates, LIMITS["--replicates"])
    say("six simulations of the built-in scenarios")
    found = faces(args.replicates or REPLICATES, args.workers, args.rules)
    if args.json:
        print_json({"faces": [face.plain() for face in found]})
    else:
        show_faces(found, Terminal())
    return 0


def _arguments(argv: list[str]) -> argparse.Namespace | None:
    about = (
        "Build the world as it was known at the end of a year, let the model forecast, and score it on what came: disputes, "
        "tone and volume of events, votes, pacts. Beside it rivals that need no model: persistence, gravity, static "
        "structure, boosted trees, fitted to the same years. Nothing dated after the origin reaches the model or a rival. "
        "Changes nothing on disk but with --forecasts and --page."
    )
    to = parser(
        "hindcast",
        about,
        {
            "--data DIR": f"from the end of {ORIGIN}, {YEARS} years, {USUAL['k37']} replicates",
            "--data DIR --states all --origins 1995:2010:5": "all states; 1995, 2000 and 2005, pooled",
            "--data DIR --forecasts forecasts.csv --origin 2014": "every pair and year as a table",
            "--data DIR --target disputes,votes --metric brier,crps": "only these",
            "--faces": "expectations of sco_expansion, one at a time",
        },
    )
    to.add_argument("--data", metavar="DIR", help="folder of public data; default: SIM_DATA")
    to.add_argument("--origin", type=int, metavar="YEAR", help=f"the last year that is known; default: {ORIGIN}")
    to.add_argument("--origins", metavar="A:B:STEP", help="several, such as 1995:2010:5 (B left out) or 1995,2005")
    to.add_argument("--years", type=int, default=YEARS, metavar="N", help="years ahead; default: %(default)s")
    to.add_argument(
        "--states", default="k37", metavar="S", help="k37 (default), all, or codes; -VNM leaves one out of everything"
    )
    to.add_argument("--replicates", type=int, metavar="R", help=f"default: {USUAL['k37']}; {USUAL['all']} for all states")
    to.add_argument("--target", metavar="T", help="only some of disputes, net share, volume, votes, pacts, moments")
    to.add_argument("--metric", metavar="M", help="print only these metrics; default: all")
    to.add_argument(
        "--no-boosting", action="store_true", help="without the trees that bound what can be known (last year only)"
    )
    to.add_argument("--forecasts", metavar="FILE.csv", help="write the forecast of every pair and year")
    to.add_argument("--faces", action="store_true", help="instead: expectations of sco_expansion, held or not; no data")
    to.add_argument(
        "--page",
        nargs="?",
        const="docs",
        metavar="FOLDER",
        help="instead: the whole study, half an hour; writes validation.md, its pictures and the record; default: docs",
    )
    to.add_argument("--rules", metavar="NAME", help="of the model: 0.2 (default) or 0.1")
    add_workers(to)
    add_json(to)
    return parse(to, argv)


def _origins(args: argparse.Namespace) -> list[int]:
    if args.origin is not None and args.origins:
        raise Refusal("give --origin or --origins, not both")
    if not args.origins:
        years = [args.origin if args.origin is not None else ORIGIN]
    else:
        try:
            if ":" in args.origins:
                first, last, *step = (int(part) for part in args.origins.split(":"))
                years = list(range(first, last, *step))
            else:
                years = [int(part) for part in args.origins.split(",")]
        except ValueError:
            raise Refusal(f"--origins {args.origins!r}: write 1995:2010:5 (the last left out) or 1995,2005") from None
    if not years:
        raise Refusal(f"--origins {args.origins!r} names no year; the last is left out, as in 1995:2010:5")
    return years


def _words(text: str | None, allowed: Sequence[str], option: str) -> list[str]:
    if text is None:
        return list(allowed)
    words = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    unknown = [word for word in words if word not in allowed]
    if unknown or not words:
        raise Refusal(f"{option} {', '.join(unknown) or 'is empty'}: one or more of {', '.join(allowed)}")
    return words
