"""World: all arrays at one moment. One table says what each array is.

The first axis of every array is the replicate; then state, other, actor, organisation, in this order always. An array
whose first axis has length 1 is the same in all replicates. Stocks live at step bounds; actions, crises and other
flows belong to the month that just passed. Diagonals are zero everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

COOPERATE, NEUTRAL, CONFRONT = 1, 0, -1
NO_TIE, CONSULTATION, DEFENCE = 0, 1, 2
TIE_LEVELS = {"none": NO_TIE, "consultation": CONSULTATION, "defence": DEFENCE}
NON_ALIGNED, EAST, WEST = 0, 1, 2


@dataclass(frozen=True)
class Variable:
    """What one array of the world is: its axes after the replicate, its range, unit and meaning."""

    dims: tuple[str, ...]
    bounds: tuple[float, float]
    unit: str
    meaning: str
    dtype: str = "float"
    symmetric: bool = False


_DYAD, _INF = ("state", "other"), float("inf")

VARIABLES: dict[str, Variable] = {
    # what states hold of each other
    "trust": Variable(_DYAD, (-1, 1), "1", "i's trust in j; (1 + trust) / 2 is i's belief that j reciprocates"),
    "anchor": Variable(_DYAD, (-1, 1), "1", "where trust reverts to"),
    "anchor_base": Variable(_DYAD, (-3, 3), "1", "the part of the anchor that neither pacts nor votes move"),
    "tie": Variable(_DYAD, (0, 2), "level", "0 none, 1 consultation or non-aggression, 2 defence pact", "int8"),
    "regard": Variable(
        _DYAD, (-4, 4), "1", "trust of both with what they are committed to; zero where sides go by trust", symmetric=True
    ),
    "agreement": Variable(_DYAD, (0, 1), "1", "depth of dated bilateral programmes", symmetric=True),
    "conflict": Variable(_DYAD, (0, 1), "1", "conflict of interest", symmetric=True),
    "rivalry": Variable(_DYAD, (0, 1), "truth", "strategic rivals", "int8", symmetric=True),
    # where and who states are
    "land": Variable(_DYAD, (0, 1), "truth", "a land border", "int8", symmetric=True),
    "exposure": Variable(_DYAD, (-20, 20), "standard deviations", "how much i and j have to do with each other"),
    "proximity": Variable(_DYAD, (0, 1), "1", "how near j's power is to i"),
    "capability": Variable(("state",), (0, 1), "world share", "material power (CINC)"),
    "affinity": Variable(("state",), (-_INF, _INF), "ideal point", "position in the UN General Assembly's votes"),
    "affinity_start": Variable(("state",), (-_INF, _INF), "ideal point", "affinity in the starting world"),
    "core": Variable(("state",), (0, 2), "side", "0 in no core, 1 in the East core, 2 in the West core", "int8"),
    "membership": Variable(("state", "organisation"), (0, 1), "truth", "member of the organisation", "int8"),
    "depth": Variable(("organisation",), (0, 1), "1", "how deeply an organisation engages its members"),
    "bloc": Variable(("state",), (0, 2), "side", "chosen side: 0 non-aligned, 1 East, 2 West", "int8"),
    # non-state actors
    "strength": Variable(("actor", "state"), (0, _INF), "fighters", "strength of the actor in the state's territory"),
    "effort": Variable(("actor",), (0, _INF), "1", "foreign counter-terror effort against the actor"),
    "effort_start": Variable(("actor",), (0, _INF), "1", "effort while no intervention of the scenario is under way"),
    "reach": Variable(("state", "actor"), (0, 1), "1", "how near the actor is to the state"),
    "bias": Variable(("state", "actor"), (0, _INF), "1", "factor by which the state counts the actor's strength"),
    "joint_effort": Variable(("state",), (0, 1), "share", "slow mean of land neighbours' cooperation with the host"),
    # what a month brings
    "threat": Variable(_DYAD, (0, 1), "1", "threat that i perceives from j"),
    "actor_threat": Variable(("state", "actor"), (0, 1), "1", "threat that i perceives from the non-state actor"),
    "common_threat": Variable(_DYAD, (0, 1), "1", "overlap of what i and j fear", symmetric=True),
    "institutions": Variable(_DYAD, (0, _INF), "1", "depth of shared forums and programmes", symmetric=True),
    "p_confront": Variable(_DYAD, (0, 1), "1", "probability that i confronts j, before the attention budget"),
    "action": Variable(_DYAD, (-1, 1), "choice", "i toward j this month: 1 cooperate, 0 neutral, -1 confront", "int8"),
    "crisis": Variable(_DYAD, (0, 1), "truth", "a militarised crisis this month", "int8", symmetric=True),
    "imposed_crisis": Variable(_DYAD, (0, _INF), "severity", "severity of an imposed crisis, 0 none", symmetric=True),
    "exercise": Variable(_DYAD, (0, _INF), "size", "size of this month's joint exercises", symmetric=True),
    "trust_terms": Variable(("account", "state", "other"), (-_INF, _INF), "trust", "this month's terms of trust"),
    # references taken in the starting world
    "expected_terms": Variable(("account", "state", "other"), (-_INF, _INF), "trust", "the terms' expectation there"),
    "crisis_reference": Variable(_DYAD, (0, 1), "1", "mean propensity to confront of the dyad's class there"),
    # grounds of a dyad, fixed at the start
    "onset": Variable(_DYAD, (-40, 40), "log-odds", "of a dispute within a year", symmetric=True),
    "pact_odds": Variable(_DYAD, (-40, 40), "log-odds", "of a new defence pact within a year", symmetric=True),
    # memory
    "cooperation_months": Variable(_DYAD, (0, 2**12 - 1), "bits", "mutual cooperation, last 12 months", "uint16"),
    "crisis_months": Variable(_DYAD, (0, 2**60 - 1), "bits", "crises, last 60 months, a bit a month", "uint64"),
    # state of the events
    "event_start": Variable(("event",), (-1, _INF), "month", "month in which the event took effect, -1 not yet", "int32"),
    "event_held": Variable(("event",), (0, _INF), "months", "how long the event's condition has held", "int32"),
    "stance": Variable(
        ("event", "state"), (-4, 4), "1", "of a war: by how much the state held more to the attacked than to the attacker"
    ),
}


@dataclass(frozen=True)
class Names:
    """The labels of the axes; positions follow the order of the codes."""

    states: tuple[str, ...]
    actors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    def axis(self, dim: str) -> tuple[str, ...]:
        """The labels of a dimension; ``other`` runs over states."""
        return {
            "state": self.states,
            "other": self.states,
            "actor": self.actors,
            "organisation": self.organisations,
            "account": self.accounts,
            "event": self.events,
        }[dim]

    def state(self, code: str) -> int:
        """Position of a state.

        Raises:
            KeyError: the state is not in the world; the message lists those that are.
        """
        if code not in self._places:
            raise KeyError(f"no state {code!r} in this world; its states: {', '.join(self.states)}")
        return self._places[code]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.states)}


@dataclass(frozen=True)
class World:
    """All arrays of some replicates at one moment; read them as attributes (``world.trust``, shape (R, n, n)).

    A world is never changed in place: :meth:`replace` gives a new one that shares what did not change.
    """

    names: Names
    arrays: Mapping[str, np.ndarray] = field(repr=False)

    def __getattr__(self, name: str) -> np.ndarray:
        """The array of that name."""
        try:
            return self.__dict__["arrays"][name]
        except KeyError:
            raise AttributeError(f"no array {name!r} in the world; see sim.world.VARIABLES") from None

    def replace(self, **new: np.ndarray) -> World:
        """The world with some arrays exchanged."""
        return World(self.names, {**self.arrays, **new})

    @property
    def replicates(self) -> int:
        """How many replicates it carries."""
        return len(self.arrays["trust"])

    @property
    def floating(self) -> np.dtype:
        """The type of its real numbers."""
        return self.arrays["trust"].dtype

    @cached_property
    def pacts(self) -> np.ndarray:
        """The number of defence pacts of each state, shape (R, n), float32."""
        n = self.arrays["tie"].shape[-1]
        pacts = (self.arrays["tie"] == DEFENCE).astype(np.float32)
        return (pacts.reshape(-1, n) @ np.ones(n, np.float32)).reshape(pacts.shape[:2])  # whole numbers, so exact

    def select(self, rows: slice | np.ndarray) -> World:
        """Some of the replicates; arrays shared by all stay as they are."""
        if self.replicates == 1:
            return self
        return World(self.names, {k: a if len(a) == 1 else a[rows] for k, a in self.arrays.items()})

    def shape(self, variable: str) -> tuple[int, ...]:
        """The shape of a variable without the replicate axis."""
        return tuple(len(self.names.axis(dim)) for dim in VARIABLES[variable].dims)

    def __getstate__(self) -> dict[str, Any]:
        """For pickling (``__getattr__`` must not be asked)."""
        return {"names": self.names, "arrays": dict(self.arrays)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """From a pickle."""
        self.__dict__.update(state)


def between(position: np.ndarray) -> np.ndarray:
    """Distances of positions on a line, (R, n) to (R, n, n)."""
    distance = position[:, :, None] - position[:, None, :]
    return np.abs(distance, out=distance)


def zero_diagonal(square: np.ndarray) -> np.ndarray:
    """The same array, its own to change, with zeros on the diagonals of its last two axes: nobody meets himself."""
    np.einsum("...ii->...i", square)[...] = 0
    return square


@lru_cache(maxsize=64)
def off_diagonal(n: int, dtype: np.dtype | type | str = "float64") -> np.ndarray:
    """Ones with zeros on the diagonal, shape (n, n), read-only: what keeps diagonals at zero."""
    ones = (~np.eye(n, dtype=bool)).astype(dtype)
    ones.flags.writeable = False
    return ones
