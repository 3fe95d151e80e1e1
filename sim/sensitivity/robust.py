"""Whether an answer holds when the assumptions behind it do not: the sign, the interval, and where it turns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.stats import qmc

from sim.questions.effect import Effect, correlation_interval
from sim.scenario import Scenario
from sim.sensitivity.inputs import Input, inputs_of
from sim.sensitivity.outcome import Question, values

DRAWS, MOVERS, PLACES = 128, 3, 9
TINY = 1e-6
"""A draw of nothing is taken as so small a part of the value in force, since ranges go by logarithms."""
SURE = 2.6
"""An assumption counts as moving an answer where its correlation with it is so many standard errors of no correlation."""


@dataclass(frozen=True)
class Mover:
    """An assumption, the share of the effects' variance that goes with it alone, the 90 % interval of that share, and where
    the mean effect turns (nan: nowhere in its range while the others stand)."""

    input: Input
    share: float
    low: float
    high: float
    turn: float

    @property
    def half(self) -> float:
        """Half of the width of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Robustness:
    """The effect as the parameters stand, its effects (draw,) under other ones, and the assumptions that move it most."""

    question: Question
    standing: Effect
    effects: np.ndarray
    movers: tuple[Mover, ...]
    varied: int
    estimated: int = 0
    """How many of the varied are drawn from the table of the rules."""

    @property
    def same_sign(self) -> float:
        """The share of the parameter draws under which the effect has the sign that it has as they stand."""
        return float((np.sign(self.effects) == np.sign(self.standing.mean)).mean())

    @property
    def order_unsure(self) -> bool:
        """Whether the first two of the movers may as well stand the other way round: their intervals overlap."""
        return len(self.movers) > 1 and self.movers[1].high > self.movers[0].low

    @property
    def interval(self) -> tuple[float, float]:
        """5 and 95 % of the effects over the parameter draws."""
        low, high = np.quantile(self.effects, [0.05, 0.95])
        return float(low), float(high)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "draws": len(self.effects),
            "replicates": self.question.replicates,
            "parameters": self.varied,
            "estimated": self.estimated,
            "same_sign": self.same_sign,
            "standing": self.standing.plain(),
            "low": self.interval[0],
            "high": self.interval[1],
            "order_unsure": self.order_unsure,
            "movers": [
                {
                    "parameter": mover.input.key,
                    "basis": mover.input.basis,
                    "value": mover.input.value,
                    "low": mover.input.low,
                    "high": mover.input.high,
                    "share": mover.share,
                    "share_low": mover.low,
                    "share_high": mover.high,
                    "turns_at": mover.turn if math.isfinite(mover.turn) else None,
                }
                for mover in self.movers
            ],
        }


def robustness(
    question: Question, *, draws: int = DRAWS, workers: int | None = None, progress: Callable[[int, int], Any] | None = None
) -> Robustness:
    """Vary all parameters at once, and those that move the effect most one by one.

    Args:
        question: of two scenarios, the first less the second.
        draws: points of a Latin hypercube over the parameters' ranges; those that the rules estimate are drawn from their
            table instead, a row a point.
        workers: processes; None for one a core. They change no number.
        progress: called with replicate-months done and to do, of the first part and then of the second.
    """
    inputs, estimated = _estimated(question.scenarios[0], inputs_of(question.scenarios[0]))
    points = np.vstack([np.full((1, len(inputs)), 0.5), qmc.LatinHypercube(len(inputs), seed=question.seed).random(draws)])
    for k, column in estimated.items():
        points[1:, k] = inputs[k].place(np.resize(column, draws))
    found = values(question, inputs, points, workers=workers, progress=progress)
    effects = found[1:].mean(axis=1)
    shares = np.array([_correlation(points[1:, k], effects) ** 2 for k in range(len(inputs))])
    order = [int(k) for k in np.argsort(-shares)[:MOVERS] if shares[k] > SURE**2 / draws]
    return Robustness(
        question,
        Effect.of(found[0]),
        effects,
        tuple(
            Mover(inputs[k], float(shares[k]), *share_interval(float(shares[k]), draws), turn)
            for k, turn in zip(order, _turns(question, inputs, order, workers))
        ),
        len(inputs),
        len(estimated),
    )


def _estimated(scenario: Scenario, inputs: tuple[Input, ...]) -> tuple[tuple[Input, ...], dict[int, np.ndarray]]:
    """The inputs, those that the scenario's table of draws has with the ends of its column as theirs; and these columns."""
    table = scenario.calibration
    found = {k: table.column(one.key) for k, one in enumerate(inputs) if table is not None and one.key in table.keys}
    found = {k: np.maximum(column, TINY * inputs[k].value) for k, column in found.items()}
    own = {
        k: replace(inputs[k], low=float(column.min()), high=float(column.max()), basis="E") for k, column in found.items()
    }
    return tuple(own.get(k, one) for k, one in enumerate(inputs)), found


def share_interval(share: float, draws: int) -> tuple[float, float]:
    """The 90 % interval of a squared correlation from so many draws, by Fisher's z."""
    low, high = correlation_interval(math.sqrt(share), draws)
    return max(0.0, low) ** 2, high**2


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.corrcoef(x, y)[0, 1]) if y.std() > 0 else 0.0


def _turns(question: Question, inputs: tuple[Input, ...], order: list[int], workers: int | None) -> list[float]:
    """For each of some inputs, moved alone: the value nearest to its own at which the mean effect is zero."""
    if not order:
        return []
    places = np.linspace(0, 1, PLACES)
    points = np.full((len(order) * PLACES, len(inputs)), 0.5)
    for n, k in enumerate(order):
        points[n * PLACES : (n + 1) * PLACES, k] = places
    effects = values(question, inputs, points, workers=workers).mean(axis=1).reshape(len(order), PLACES)
    return [float(inputs[k].at(_crossing(places, row))) for k, row in zip(order, effects)]


def _crossing(places: np.ndarray, effects: np.ndarray) -> float:
    """The place nearest to the middle at which the effects go through zero, linear between places; nan for none."""
    found = []
    for k in range(len(places) - 1):
        a, b = effects[k], effects[k + 1]
        if a * b < 0:
            found.append(places[k] + (places[k + 1] - places[k]) * a / (a - b))
    return min(found, key=lambda place: abs(place - 0.5), default=math.nan)
