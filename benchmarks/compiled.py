"""The C reference: compiles reference.c for this machine and hands it the engine's own starting world and parameters."""

from __future__ import annotations

import ctypes
import hashlib
import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.draws import code_of, codes_of, mix
from sim.mechanisms.crisis import by_class
from sim.mechanisms.decision import budget
from sim.scenario import Scenario
from sim.start.world import begin
from sim.world import EAST, WEST, World, off_diagonal

SOURCE = Path(__file__).with_name("reference.c")
FLAGS = ("-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC")
MOST_STATES = 1024
"""Fixed in reference.c: room for a row."""

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
STREAMS = (
    "insurgency",
    "decision",
    "crisis",
    "trust",
    "ties/opportunity",
    "ties/order",
    "ties/choice",
    "ties/consent",
    "affinity",
    "blocs/opportunity",
    "blocs/order",
    "blocs/choice",
    "past/decision",
    "past/crisis",
)
NUMBERS = """
    insurgency: growth capacity foreign_attrition local_attrition noise memory
    threat: half_strength
    institutions: hostile dilution
    decision: precision reward neutral sucker common_threat institution distance grievance confrontation_cost pact_cost
    crisis: ceiling offset
    trust: gain loss crisis balance contact reversion noise limit
    ties: rate constant keep shared trust threat distance land enemies hostile
    affinity: rate stubbornness noise
    anchor: pact distance
    blocs: rate temperature switching non_alignment
"""
"""Parameters in the order of the structure Numbers of reference.c."""
COUNTS = ("n", "actors", "organisations", "groups", "watched", "months", "replicates", "first", "threads", "columns")
ARRAYS = (
    "trust",
    "anchor",
    "anchor_base",
    "agreement",
    "conflict",
    "weight",
    "capability",
    "affinity",
    "depth",
    "strength",
    "effort",
    "reach",
    "bias",
    "joint_effort",
    "threat",
    "actor_threat",
    "expected",
    "hazard",
    "lean",
    "group",
    "group_dyads",
    "group_weight",
    "tie",
    "land",
    "member",
    "core",
    "bloc",
    "budget",
    "watch",
    "streams",
    "dyad_codes",
    "pair_codes",
    "state_codes",
    "actor_codes",
)


class _World(ctypes.Structure):
    _fields_ = [*((name, ctypes.c_int32) for name in COUNTS), *((name, ctypes.c_void_p) for name in ARRAYS)]


@dataclass
class Reference:
    """What the C reference recorded; names and shapes as in :class:`sim.simulation.ensemble.Trajectory`."""

    series: dict[str, np.ndarray]
    """By measure (R, T + 1, subjects)."""
    ledger: np.ndarray
    """Means (account, T, n, n)."""
    trust: np.ndarray
    """Means (T + 1, n, n)."""
    rising: np.ndarray
    last: np.ndarray | None


@cache
def library(dtype: str) -> ctypes.CDLL:
    """The reference, compiled for a float type.

    Raises:
        RuntimeError: there is no gcc, or it refuses.
    """
    kind = {"float64": "double", "float32": "float"}[dtype]
    key = hashlib.sha256(SOURCE.read_bytes() + " ".join((*FLAGS, kind)).encode()).hexdigest()[:16]
    target = SOURCE.parent.parent / "build" / f"reference-{key}.so"
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        fresh = target.with_suffix(f".{os.getpid()}")
        command = ["gcc", *FLAGS, f"-DREAL={kind}", str(SOURCE), "-o", str(fresh), "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except FileNotFoundError:
            raise RuntimeError("the C reference needs gcc") from None
        except subprocess.CalledProcessError as error:
            raise RuntimeError(f"gcc refuses the C reference:\n{error.stderr}") from None
        fresh.replace(target)
    return ctypes.CDLL(str(target))


class Prepared:
    """A run of the reference, ready to go: everything but the simulation is done when it is made."""

    def __init__(
        self,
        scenario: Scenario,
        replicates: int,
        *,
        seed: int = 1,
        dtype: str = "float64",
        threads: int = 1,
        keep_last: bool = False,
    ) -> None:
        if scenario.events:
            raise ValueError("the C reference knows no events")
        self._simulate = library(dtype).simulate
        world, rules, _ = begin(scenario, range(1), seed=seed, dtype=dtype)
        n, steps = len(world.names.states), scenario.steps
        if n > MOST_STATES:
            raise ValueError(f"the C reference has room for {MOST_STATES} states, not {n}")
        self.real, self.frame, self.replicates = np.dtype(dtype), rules.frame, replicates
        self.columns = _columns(world, rules.frame)
        self._numbers = np.array(_numbers(rules.parameters))
        self._arrays = _arrays(world, rules, seed)
        counts = (
            n,
            len(world.names.actors),
            len(world.names.organisations),
            len(self._arrays["group_dyads"]) - 1,
            len(rules.frame.watch),
            steps,
            replicates,
            scenario.start,
            threads,
            sum(self.columns.values()),
        )
        pointers = (self._arrays[name].ctypes.data for name in ARRAYS)
        self._world = _World(*counts, *pointers)
        self.out = np.empty((replicates, steps + 1, counts[-1]), self.real)
        self.ledger = np.zeros((steps, len(world.names.accounts), n, n))
        self.trust, self.rising = np.zeros((steps + 1, n, n)), np.zeros((n, n))
        self.last = np.empty((replicates, n, n), self.real) if keep_last else None

    def run(self) -> None:
        """Simulate."""
        arrays = (self._numbers, self.out, self.ledger, self.trust, self.rising, self.last)
        pointers = (ctypes.c_void_p(None if a is None else a.ctypes.data) for a in arrays)
        self._simulate(ctypes.byref(self._world), *pointers)

    def result(self) -> Reference:
        """What the run recorded."""
        ends = np.cumsum(list(self.columns.values()))[:-1]
        series = dict(zip(self.columns, np.split(self.out, ends, axis=-1)))
        means = (self.ledger.swapaxes(0, 1), self.trust, self.rising)
        return Reference(series, *(total / self.replicates for total in means), self.last)


def _columns(world: World, frame: Any) -> dict[str, int]:
    """What the reference reads each month, and of how many subjects."""
    n, actors, watched = len(world.names.states), len(world.names.actors), len(frame.watch)
    groups = len(world.names.organisations) + len(frame.sets)
    return {
        "cooperation": 1 + groups + watched + n,
        "cooperation_weighted": 1 + groups,
        "trust": 2 * watched,
        "cohesion": groups,
        "alignment": n,
        "bloc": n,
        "bloc_size": 3,
        "crises": 1 + watched,
        "ties": 1,
        "threat": n,
        "actor_threat": n * actors,
        "strength": actors,
        "affinity": n,
        "pacts": n,
    }


def _numbers(parameters: dict[str, Any]) -> list[float]:
    lines = [line.partition(":") for line in NUMBERS.strip().splitlines()]
    return [float(getattr(parameters[name.strip()], word)) for name, _, words in lines for word in words.split()]


def _arrays(world: World, rules: Any, seed: int) -> dict[str, np.ndarray]:
    """Everything the structure World of reference.c points to."""
    real, names = world.floating, world.names
    one = {name: array[0] for name, array in world.arrays.items()}
    c, n = one["capability"], len(names.states)
    choice, p = rules.parameters["decision"], rules.parameters["crisis"]
    hazard = by_class(world, p.rival, p.land, p.other)[0] / (one["crisis_reference"] + p.offset)
    lean = np.zeros(n)
    for side, sign in ((EAST, 0.5), (WEST, -0.5)):
        weight = c * (one["core"] == side)
        lean += sign * weight / (weight.sum() or 1)
    members = rules.frame.groups(world)[0].T.astype(float)
    groups = np.concatenate([np.ones((1, n)), members])

    def dyads(weights: np.ndarray) -> np.ndarray:
        total = weights.sum(-1) ** 2 - (weights**2).sum(-1)
        return np.where(total > 0, total, 1)

    low, high = np.minimum.outer(state := codes_of(names.states), state), np.maximum.outer(state, state)
    actor = codes_of(names.actors)
    stream = np.array([code_of(name) for name in STREAMS])
    made = {
        "weight": one["proximity"] * (c[None, :] / (c[:, None] + c[None, :])),
        "affinity": one["affinity_start"],
        "expected": one["expected_terms"],
        "hazard": hazard * off_diagonal(n),
        "lean": lean,
        "group": members,
        "group_dyads": dyads(groups),
        "group_weight": dyads(groups * c),
        "member": one["membership"],
        "budget": np.clip(budget(world.capability, choice)[0], 0, n).astype(np.int32),
        "watch": np.stack(rules.frame.dyads, axis=-1).astype(np.int32),
        "streams": mix(np.array([seed], np.uint64) * GOLDEN + stream),
        "dyad_codes": mix(mix(state * GOLDEN)[:, None] + state[None, :]),
        "pair_codes": mix(mix(low * GOLDEN) + high),
        "state_codes": state,
        "actor_codes": mix(mix(actor * GOLDEN)[:, None] + state[None, :]),
    }
    arrays = {name: np.asarray(made[name] if name in made else one[name]) for name in ARRAYS}
    return {name: np.ascontiguousarray(a, real if a.dtype.kind == "f" else a.dtype) for name, a in arrays.items()}
