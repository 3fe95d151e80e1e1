"""Which parameters an outcome hangs on: Morris' elementary effects, Sobol's indices, or Borgonovo's delta, through SALib."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.sensitivity.inputs import CannotVary, Input, inputs_of
from sim.sensitivity.outcome import Question, values
from sim.sweep.design import unit_sample
from sim.sweep.sensitivity import ENOUGH, analyse, warnings_of

METHODS = {
    "morris": "Morris: the mean size of the effects of single steps, 20 trajectories",
    "sobol": "Sobol: shares of the variance, alone (S1) and with all others (ST); N doubles until ST is known to .1",
    "delta": "Borgonovo: how much a parameter shifts the whole distribution, from a Latin hypercube",
}
TRAJECTORIES, DELTA = 20, 512
FIRST, MOST = 64, 4096
"""Sobol: samples at first and at most."""
TOP = 8
"""Sobol without a list of parameters takes so many, those that Morris ranks first."""

Outcome = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Sensitivity:
    """Rows of indices, the parameter that matters most first; how many points were taken; what a reader should be warned of;
    and by how much the same luck at every point makes the error of a difference between points smaller."""

    method: str
    samples: int
    points: int
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]
    gain: float = math.nan

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "method": self.method,
            "samples": self.samples,
            "points": self.points,
            "gain": self.gain if math.isfinite(self.gain) else None,
            "parameters": list(self.rows),
            "warnings": list(self.warnings),
        }


def rank(
    question: Question,
    *,
    method: str = "morris",
    only: Sequence[str] = (),
    samples: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], Any] | None = None,
) -> Sensitivity:
    """Rank the parameters of a question's first scenario by how much the outcome hangs on them.

    Args:
        question: of one scenario, or of two: the difference.
        method: a key of ``METHODS``.
        only: parameters such as `trust.gain`; empty for all (of Sobol, those eight that Morris ranks first).
        samples: trajectories, or N of Sobol at first, or points of delta.
        workers: processes; None for one a core. They change no number.
        progress: called with replicate-months done and to do, of each step anew.

    Raises:
        CannotVary: there is no such method or parameter, or the outcome has no value somewhere.
    """
    if method not in METHODS:
        raise CannotVary(f"{method!r} is no method; there are {', '.join(METHODS)}")
    inputs = inputs_of(question.scenarios[0], only)
    if method == "sobol" and not only:
        first = rank(question, method="morris", workers=workers, progress=progress)
        inputs = inputs_of(question.scenarios[0], [row["parameter"] for row in first.rows[:TOP]])
    seen: list[np.ndarray] = []

    def outcome(points: np.ndarray) -> np.ndarray:
        found = values(question, inputs, points, workers=workers, progress=progress)
        if not np.isfinite(found).all():
            raise CannotVary(
                f"{question.measure}:{question.subject} has no value {question.span.said()} somewhere in the ranges"
            )
        seen.append(found)
        return found.mean(axis=1)

    found = ranked(outcome, [one.key for one in inputs], method, samples, seed=question.seed)
    rows = [{**row, **_about(inputs, row["parameter"])} for row in found.rows]
    return Sensitivity(found.method, found.samples, found.points, tuple(rows), found.warnings, _gain(seen[-1]))


def points_of(question: Question, method: str, only: Sequence[str] = (), samples: int | None = None) -> int:
    """How many points :func:`rank` takes; of Sobol without ``samples`` those of its first step.

    Raises:
        CannotVary: there is no such parameter.
    """
    count = len(inputs_of(question.scenarios[0], only))
    if method == "delta":
        return samples or DELTA
    if method == "morris":
        return (samples or TRAJECTORIES) * (count + 1)
    before = 0 if only else TRAJECTORIES * (count + 1)
    return before + (samples or FIRST) * ((count if only else min(TOP, count)) + 2)


def ranked(
    outcome: Outcome, names: Sequence[str], method: str, samples: int | None = None, *, most: int = MOST, seed: int = 1
) -> Sensitivity:
    """The indices of any function of the unit cube: takes points (point, input), gives a value each.

    Args:
        outcome: the function.
        names: of the inputs.
        method: a key of ``METHODS``.
        samples: see :func:`rank`.
        most: Sobol stops at so many samples.
        seed: of the sample.
    """
    count = len(names)
    rows: list[dict[str, Any]]
    if method == "delta":
        from scipy.stats import qmc

        try:
            from SALib.analyze import delta
        except ImportError:
            raise CannotVary("delta needs SALib; install it with: pip install 'entente-sim[sensitivity]'") from None

        size = samples or DELTA
        unit = qmc.LatinHypercube(count, seed=seed).random(size)
        about = {"num_vars": count, "names": list(names), "bounds": [[0.0, 1.0]] * count}
        with redirect_stdout(io.StringIO()):  # it tells of its bins
            found = delta.analyze(about, unit, outcome(unit), seed=seed)
        own = next(key for key in ("delta", "delta_balanced") if key in found)  # by the version of SALib
        keys = {"delta": own, "delta_conf": f"{own}_conf", "S1": "S1", "S1_conf": "S1_conf"}
        rows = [
            {"parameter": name, **{key: float(found[theirs][k]) for key, theirs in keys.items()}}
            for k, name in enumerate(names)
        ]
        return _sorted(method, size, size, rows, "delta")
    size = samples or (TRAJECTORIES if method == "morris" else FIRST)
    while True:
        unit = unit_sample(method, count, size, seed)
        y = outcome(unit)
        rows = analyse(method, names, unit, y) if np.ptp(y) > 0 else _nothing(method, names)
        wide = max((float(row["ST_conf"]) for row in rows), default=0.0) if method == "sobol" else 0.0
        if samples is not None or wide <= ENOUGH or 2 * size > most:
            return _sorted(method, size, len(unit), rows, "ST" if method == "sobol" else "mu_star")
        size *= 2


def _sorted(method: str, samples: int, points: int, rows: list[dict[str, Any]], by: str) -> Sensitivity:
    rows = sorted(rows, key=lambda row: -row[by])
    warnings = warnings_of(rows, method)
    return Sensitivity(method, samples, points, tuple(rows), tuple(warnings))


def _nothing(method: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """The rows where the outcome never differs."""
    keys = ("S1", "S1_conf", "ST", "ST_conf") if method == "sobol" else ("mu_star", "mu_star_conf", "sigma")
    return [{"parameter": name, **dict.fromkeys(keys, 0.0)} for name in names]


def _about(inputs: Sequence[Input], key: str) -> dict[str, Any]:
    one = next(one for one in inputs if one.key == key)
    return {"basis": one.basis, "value": one.value, "low": one.low, "high": one.high}


def _gain(found: np.ndarray) -> float:
    """How many times smaller the same luck makes the standard error of a difference between neighbouring points."""
    if found.shape[1] < 2 or len(found) < 2:
        return math.nan
    apart = np.diff(found, axis=0).var(axis=1, ddof=1).mean()
    alone = 2 * found.var(axis=1, ddof=1).mean()
    return float(math.sqrt(alone / apart)) if apart > 0 else math.nan
