"""`sim sensitivity SCENARIO [MINUS] --measure M`: which parameters an outcome hangs on."""

from __future__ import annotations

import shlex
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.arguments import Refusal, add_json, add_scenario_dir, add_workers, parse, parser, print_json
from sim.cli.main import program
from sim.cli.progress import Progress
from sim.cli.terminal import Terminal, duration, say
from sim.wording import number

if TYPE_CHECKING:
    from sim.sensitivity import Question, Sensitivity

SHOWN = 15
HEAVIER = 2.0
"""A replicate with parameters of its own takes so many times as long: its starting world is brought to rest by itself."""
COLUMNS = {
    "morris": (("mu_star", "mean size"), ("mu_star_conf", "+-"), ("sigma", "spread")),
    "sobol": (("ST", "total"), ("ST_conf", "+-"), ("S1", "alone"), ("S1_conf", "+-")),
    "delta": (("delta", "delta"), ("delta_conf", "+-"), ("S1", "alone"), ("S1_conf", "+-")),
}


def main(argv: list[str]) -> int:
    """Rank and print."""
    args = _arguments(argv)
    if args is None:
        return 0
    from sim.sensitivity import CannotVary, rank
    from sim.sensitivity.ranking import points_of

    question = question_of(args)
    only = args.parameters.split(",") if args.parameters else ()
    try:
        points = points_of(question, args.method, only, args.samples)
    except CannotVary as error:
        raise Refusal(str(error)) from None
    say_how_long(question, points, "at first " if args.method == "sobol" and args.samples is None else "")
    began = time.perf_counter()
    try:
        with Progress(f"{args.method} over the parameters of {question.scenarios[0].name}") as progress:
            found = rank(
                question, method=args.method, only=only, samples=args.samples, workers=args.workers, progress=progress
            )
    except CannotVary as error:
        raise Refusal(str(error)) from None
    say(f"done in {time.perf_counter() - began:.0f} s")
    if args.json:
        print_json({**question_as_data(question), **found.plain()})
    else:
        terminal = Terminal()
        terminal.print(*_table(question, found, terminal))
    return 0


def add_question(to: ArgumentParser) -> None:
    """What is asked, and with how much luck: the same options for every verb that varies parameters."""
    to.add_argument("scenarios", metavar="SCENARIO", nargs="+", help="one, or two for the first less the second")
    to.add_argument("--measure", required=True, metavar="M", help="such as cooperation:eight; see list measures")
    to.add_argument("--at", metavar="MONTH", help="the month at whose end it is taken; default: as compare")
    to.add_argument("--over", metavar="A-B", help="over the mean of these years or months, such as 2018-2025")
    to.add_argument("--seed", type=int, default=1, metavar="N", help="of luck and sample; default: 1")
    add_workers(to)
    add_scenario_dir(to)
    add_json(to)


def question_of(args: Namespace) -> Question:
    """The question that the options ask.

    Raises:
        Refusal: it has no answer; the message says why.
    """
    from sim.questions.span import Span, parse_span
    from sim.scenario import read
    from sim.scenario.subjects import NotMeasured, series_of
    from sim.sensitivity import Question
    from sim.sensitivity.outcome import usual_span

    if len(args.scenarios) > 2:
        raise Refusal(f"{len(args.scenarios)} scenarios; give one, or two for the first less the second")
    if args.replicates < 2:
        raise Refusal(f"--replicates {args.replicates}: take 2 or more")
    scenarios = tuple(read(name, scenario_dir=args.scenario_dir) for name in args.scenarios)
    last = min(scenario.end for scenario in scenarios) - 1
    try:
        within = Span(max(scenario.start for scenario in scenarios), last)
        span = parse_span(args.at, args.over, within=within)
        (measure, subject), *_ = [series_of(scenario, args.measure, any_dyad=True) for scenario in scenarios]
    except (ValueError, NotMeasured) as error:
        raise Refusal(str(error)) from None
    return Question(scenarios, measure, subject, span or usual_span(scenarios, measure), args.replicates, args.seed)


def say_how_long(question: Question, points: int, lead: str = "") -> None:
    """How much is to be simulated, and about how long that takes by the pace of the newest finished runs."""
    from sim.sweep.estimate import pace

    states = len(question.scenarios[0].states)
    months = points * question.replicates * question.steps()
    seconds = pace(Path("results")) * states**2 * months * HEAVIER
    say(f"{lead}{points:,} points of {question.replicates:,} replicates, about {duration(max(1.0, seconds))}")


def question_as_data(question: Question) -> dict[str, object]:
    """The question as plain data."""
    return {
        "scenarios": [scenario.name for scenario in question.scenarios],
        "measure": f"{question.measure}:{question.subject}",
        **question.span.plain(),
        "replicates": question.replicates,
        "seed": question.seed,
        "engine": question.carried_out._asdict(),
    }


def said(question: Question) -> str:
    """The question in words."""
    names = " minus ".join(scenario.name for scenario in question.scenarios)
    return f"{question.measure}:{question.subject} {question.span.said()}, {names}"


def _arguments(argv: list[str]) -> Namespace | None:
    about = (
        "Which parameters an outcome hangs on. Each is varied from half to twice its value, within its bounds; every point "
        "has the same replicates with the same luck, and nothing is written. Of two scenarios the difference is the outcome."
    )
    examples = {
        "sco_expansion --measure cooperation:eight": "all, by Morris",
        "sco_expansion no_expansion --measure cohesion:SCO": "of a difference",
        "sco_expansion --measure strength:ISK --method sobol": "the top eight, by Sobol",
    }
    to = parser("sensitivity", about, examples)
    to.add_argument("--method", default="morris", choices=("morris", "sobol", "delta"), help="default: morris")
    to.add_argument("--parameters", metavar="P,P", help="only these, such as trust.gain,trust.loss")
    to.add_argument("--samples", type=int, metavar="N", help="trajectories of morris (20), N of sobol, points of delta")
    to.add_argument("--replicates", type=int, default=8, metavar="R", help="at every point; default: 8")
    add_question(to)
    return parse(to, argv)


def _table(question: Question, found: Sensitivity, terminal: Terminal) -> list[str]:
    columns = COLUMNS[found.method]
    digits = 4 if found.method == "morris" and found.rows[0]["mu_star"] < 1 else 2
    lines = [
        terminal.bold(terminal.wrap(f"What {said(question)} hangs on")),
        terminal.wrap(
            f"{found.method}, {len(found.rows)} parameters from half to twice their values, N {found.samples:,}: "
            f"{found.points:,} points of {question.replicates} replicates; +- is half of a 95 % interval."
        ),
        "",
        terminal.dim(f"{'':<34}" + "".join(f"{title:>10}" for _, title in columns) + "  basis"),
        terminal.rule(),
    ]
    for row in found.rows[:SHOWN]:
        cells = "".join(f"{number(row[key], digits):>10}" for key, _ in columns)
        lines.append(f"{row['parameter']:<34}{cells}  {row.get('basis', '')}")
    if len(found.rows) > SHOWN:
        lines.append(terminal.dim(f"{len(found.rows) - SHOWN} others matter less"))
    if found.gain == found.gain and found.gain > 1:
        lines += [
            "",
            terminal.wrap(f"The same luck at every point makes differences between points {found.gain:.1f} times surer."),
        ]
    lines += [terminal.wrap(f"Warning: {warning}.") for warning in found.warnings]
    lines += [terminal.wrap(note) for note in question.carried_out.notes]
    top = found.rows[0]["parameter"]
    words = " ".join(scenario.name for scenario in question.scenarios)
    measure = shlex.quote(f"{question.measure}:{question.subject}")
    return [*lines, "", f"Next: {program()} tip {words} --parameter {top} --measure {measure} --level 0"]
