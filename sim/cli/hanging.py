"""What the answer of a comparison hangs on, in words: for `compare --robust`, and the line that offers it."""

from __future__ import annotations

import math
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.arguments import Refusal
from sim.cli.progress import Progress
from sim.cli.sensitivity import HEAVIER
from sim.cli.terminal import say
from sim.questions.compare import Comparison
from sim.questions.compare.selection import headline
from sim.scenario.calibration import CHANCE
from sim.wording import percent, signed

if TYPE_CHECKING:
    from sim.sensitivity import Robustness

HOLDS = 0.95
"""From this share of the draws on an answer's direction counts as independent of the parameters."""
REPLICATES = 8
"""At every point."""


def not_asked(comparisons: Sequence[Comparison]) -> str:
    """The line that says what was not asked, and how long it would take."""
    from sim.sensitivity.robust import DRAWS, MOVERS, PLACES

    c = comparisons[0]
    each = [
        float(run.manifest["timings"]["simulate"]) / run.manifest["replicates"]
        for run in (c.a, c.b)
        if (run.manifest.get("timings") or {}).get("simulate")
    ]
    points = 1 + DRAWS + MOVERS * PLACES
    about = f", about {max(1, round(sum(each) * HEAVIER * points * REPLICATES, -1)):.0f} s" if len(each) == 2 else ""
    return f"Whether this holds under other parameters was not asked: --robust{about}."


def found(comparisons: Sequence[Comparison], args: Namespace) -> Robustness:
    """Vary the parameters of the first comparison's question.

    Raises:
        Refusal: it cannot be asked of these runs.
    """
    from sim.results import recovery
    from sim.sensitivity import Question, robustness

    c = comparisons[0]
    if not c.paired or any(run.manifest.get("behaviours") for run in (c.a, c.b)):
        raise Refusal("--robust needs paired runs without behaviours of the user's own")
    d = headline(c, args.measure).difference
    if d.measure.startswith("bloc_") and d.measure != "bloc_size":
        raise Refusal(f"--robust cannot vary {d.measure}, a share of replicates; ask for alignment:{d.subject}")
    own = [Path(args.scenario_dir).expanduser()] if args.scenario_dir else []
    scenarios = tuple(recovery.scenario(run, own) for run in (c.a, c.b))
    began = time.perf_counter()
    with Progress("varying all parameters") as progress:
        question = Question(scenarios, d.measure, d.subject, d.span, REPLICATES, int(c.a.manifest["seed"]))
        answer = robustness(question, progress=progress)
    say(f"done in {time.perf_counter() - began:.0f} s")
    return answer


def sentences(robust: Robustness) -> list[str]:
    """Whether the sign holds, where the draws lie, and the assumptions that move it most with where it turns."""
    low, high = robust.interval
    digits = 4 if max(abs(low), abs(high)) < 1 else 0
    holds = robust.same_sign
    strong = "so the direction does not hang on them" if holds >= HOLDS else "so the direction is no more than likely"
    ranges, alone = "each from half to twice its value", "chance alone"
    if robust.estimated:
        ranges = f"the {robust.estimated} that are estimated as estimated, the others each from half to twice its value"
        both = robust.question.scenarios[0].uncertainty != CHANCE
        alone = f"chance and the {robust.estimated} estimated ones" if both else alone
    said = [
        f"Under other parameters ({robust.varied} at once, {ranges}; {len(robust.effects)} draws, "
        f"{robust.question.replicates} replicates) the sign holds in {percent(holds)}, {strong}. 90 % of the draws lie from "
        f"{signed(low, digits)} to {signed(high, digits)}; the interval above is of {alone}."
    ]
    if not robust.movers:
        said.append("No single parameter stands out among those that move it.")
        return said + robust.question.carried_out.notes
    parts = []
    for mover in robust.movers:
        one = mover.input
        turn = (
            f"the mean turns at {mover.turn:.3g}"
            if math.isfinite(mover.turn)
            else f"the mean does not turn from {one.low:.3g} to {one.high:.3g}"
        )
        basis = ", assumed" if one.basis in ("A", "M") else ""
        share = f"{percent(mover.share).removesuffix(' %')} +- {100 * mover.half:.0f} %"
        parts.append(f"{one.key} ({one.value:.3g}{basis}; {share} of the variance; moved alone, {turn})")
    said.append(f"What moves it most: {'; '.join(parts)}. After +- stands half of a 90 % interval.")
    if robust.order_unsure:
        said.append("Which of them comes first is not sure: the intervals of their shares overlap.")
    return said + robust.question.carried_out.notes
