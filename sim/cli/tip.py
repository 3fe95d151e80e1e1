"""`sim tip SCENARIO [MINUS] --parameter P --measure M --level L`: where the odds turn."""

from __future__ import annotations

import math
from argparse import Namespace

from sim.cli.arguments import Refusal, parse, parser, print_json
from sim.cli.sensitivity import add_question, question_as_data, question_of, said, say_how_long
from sim.cli.terminal import Terminal, say
from sim.wording import percent


def main(argv: list[str]) -> int:
    """Search and print."""
    args = _arguments(argv)
    if args is None:
        return 0
    from sim.sensitivity import CannotVary, tip
    from sim.sensitivity.tip import MOST

    question = question_of(args)
    say_how_long(question, MOST, "at most ")
    try:
        found = tip(
            question,
            args.parameter.removeprefix("parameters."),
            args.level,
            ends=_ends(args.between),
            workers=args.workers,
            progress=lambda count, most: say(f"value {count} of at most {most}"),
        )
    except CannotVary as error:
        raise Refusal(str(error)) from None
    if args.json:
        print_json({**question_as_data(question), **found.plain()})
        return 0
    terminal, one = Terminal(), found.input
    low, high = (f"{x:.4g}" if math.isfinite(x) else "beyond the range" for x in (found.low, found.high))
    terminal.print(
        terminal.bold(terminal.wrap(f"{one.key}: even odds at {found.value:.4g} (90 % interval {low} to {high})")),
        terminal.wrap(
            f"There half of {question.replicates} replicates reach {found.level:g} of {said(question)}. It stands "
            f"at {one.value:.4g}; {percent(found.at_low)} reach it at {one.low:.4g}, {percent(found.at_high)} at "
            f"{one.high:.4g}."
        ),
        *(terminal.wrap(note) for note in question.carried_out.notes),
    )
    return 0


def _arguments(argv: list[str]) -> Namespace | None:
    about = (
        "The value of a parameter at which an outcome is as likely at or above a level as below it, by halving a range, "
        "with the same luck at every value. Of two scenarios it is the difference; at --level 0 its sign turns."
    )
    examples = {
        "us_stays --parameter insurgency.growth --measure strength:ISK --level 3500": "",
        "us_stays is_growth --parameter trust.gain --measure cohesion:SCO --level 0": "",
    }
    to = parser("tip", about, examples)
    to.add_argument("--parameter", required=True, metavar="P", help="such as trust.gain; see list parameters")
    to.add_argument("--level", required=True, type=float, metavar="L", help="of the measure")
    to.add_argument("--between", metavar="A,B", help="search here; default: from half to twice the standing value")
    to.add_argument("--replicates", type=int, default=200, metavar="R", help="at every value; default: 200")
    add_question(to)
    return parse(to, argv)


def _ends(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        low, high = map(float, text.split(","))
    except ValueError:
        raise Refusal(f"--between {text}: give two numbers, such as --between 0.05,0.4") from None
    return low, high
