"""The agents: states and non-state actors, each a thin view of its row of the arrays over all replicates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim import mechanisms
from sim.agents.behaviours import BehaviourError
from sim.agents.views import Row, months_of
from sim.wording import Sides
from sim.world import COOPERATE, DEFENCE, VARIABLES

if TYPE_CHECKING:
    from sim.agents.world_model import WorldModel

_MEMORIES = {"cooperation": ("cooperation_months", 12), "crises": ("crisis_months", 60)}


class StateAgent(mesa.Agent):
    """A state: a view of its row in the arrays of the world, over all replicates.

    Subclass it and override :meth:`decide` to give a state a behaviour of its own. Name in ``remembers`` the variables
    whose past it wants to see (:meth:`history`), such as ``remembers = ("trust",)``.
    """

    remembers: tuple[str, ...] = ()

    def __init__(self, model: WorldModel, code: str, name: str = "") -> None:
        """Become the agent of a state."""
        self.code, self.name = code, name or code
        self.index = model.world.names.state(code)
        super().__init__(model)
        own = [variable for variable, about in VARIABLES.items() if about.dims[0] == "state"]
        for variable in (kept := dict.fromkeys([*model.remember, *self.remembers])):
            if variable not in own:
                raise KeyError(f"{self!r} cannot remember {variable!r}; a state has {', '.join(own)}")
        self._past: dict[str, list[np.ndarray]] = {variable: [] for variable in kept}
        self._note()

    def row(self, variable: str) -> Row:
        """Any variable of :data:`sim.world.VARIABLES` toward others, by their names."""
        return self._named(variable, self._own(variable))

    def _own(self, variable: str) -> np.ndarray:
        """Its row of a variable, shape (R,) or (R, others), read-only."""
        world = self.model.world
        return np.broadcast_to(getattr(world, variable), (world.replicates, *world.shape(variable)))[:, self.index]

    def _named(self, variable: str, array: np.ndarray) -> Row:
        return Row(array, self.model.world.names.axis(VARIABLES[variable].dims[1]), self.code)

    def _note(self) -> None:
        for variable, kept in self._past.items():
            kept.append(self._own(variable).copy())

    @property
    def trust(self) -> Row:
        """Trust in each other state, -1 to 1."""
        return self.row("trust")

    @property
    def ties(self) -> Row:
        """Ties with each other state: 0 none, 1 consultation or non-aggression, 2 defence pact."""
        return self.row("tie")

    @property
    def allies(self) -> Row:
        """Where there is a defence pact, by state."""
        return self._named("tie", self._own("tie") == DEFENCE)

    @property
    def threats(self) -> Row:
        """Threat perceived from each other state, 0 to 1."""
        return self.row("threat")

    @property
    def actor_threats(self) -> Row:
        """Threat perceived from each non-state actor, 0 to 1."""
        return self.row("actor_threat")

    @property
    def common_threat(self) -> Row:
        """How much of what it fears each other state fears too, 0 to 1."""
        return self.row("common_threat")

    @property
    def memberships(self) -> Row:
        """Membership of each organisation, 0 or 1."""
        return self.row("membership")

    @property
    def actions(self) -> Row:
        """Last choices: 1 cooperate, 0 neutral, -1 confront; in :meth:`decide`, the built-in rule's of this month."""
        return self.row("action")

    @property
    def cooperation(self) -> Row:
        """Share of the last twelve months in which both chose to cooperate, by state."""
        share = np.bitwise_count(self._own("cooperation_months")).astype(self.model.world.floating) / 12
        return self._named("cooperation_months", share)

    @property
    def crises(self) -> Row:
        """Months with a militarised crisis among the last sixty, by state."""
        return self._named("crisis_months", np.bitwise_count(self._own("crisis_months")))

    def history(self, variable: str, other: str | None = None) -> Row | np.ndarray:
        """The past by month, the oldest first.

        Args:
            variable: ``cooperation`` (whether both cooperated, the last 12 months) and ``crises`` (the last 60) are
                always there; any other variable from when it was first remembered, the newest value last.
            other: toward whom.

        Returns:
            shape (R, months): of a variable toward others, by their names unless ``other`` is given.

        Raises:
            KeyError: the variable is not remembered.
        """
        if variable in _MEMORIES:
            bits, months = _MEMORIES[variable]
            found = self._named(bits, months_of(self._own(bits), months))
            return found if other is None else found[other]
        if variable not in self._past:
            raise KeyError(
                f"{self!r} does not remember {variable!r}: write remembers = ({variable!r},) in its class, or "
                f"WorldModel(..., remember=[{variable!r}]); always there are {' and '.join(_MEMORIES)}"
            )
        past = np.stack(self._past[variable], axis=1)
        if len(VARIABLES[variable].dims) == 1:
            past.flags.writeable = False
            return past
        found = self._named(variable, past)
        return found if other is None else found[other]

    @property
    def affinity(self) -> np.ndarray:
        """Ideal point, shape (R,)."""
        return self._own("affinity")

    @property
    def capability(self) -> np.ndarray:
        """Share of the world's material power, shape (R,)."""
        return self._own("capability")

    @property
    def alignment(self) -> np.ndarray:
        """Alignment in [-1, 1], positive East, shape (R,)."""
        return self.model.measure("alignment", self.code)

    @property
    def bloc(self) -> np.ndarray:
        """Side: 0 non-aligned, 1 East, 2 West, shape (R,)."""
        return self.model.measure("bloc", self.code)

    @property
    def side(self) -> str:
        """The side it stands on in most replicates: none, East or West (or as the scenario calls them), to group by."""
        sides = Sides.of(self.model.scenario.cores)
        return ("none", sides.east, sides.west)[int(np.bincount(self.bloc.astype(int), minlength=3).argmax())]

    @property
    def core(self) -> str | None:
        """The core it belongs to, ``east`` or ``west`` or as the scenario calls it, or None."""
        return next((side for side, codes in self.model.scenario.cores.items() if self.code in codes), None)

    @property
    def budget(self) -> np.ndarray:
        """To how many states it can offer cooperation in a month, shape (R,): attention is scarce."""
        counts = mechanisms.get("decision").budget(self.model.world.capability, self.model.decision)
        counts = np.clip(counts, 0, len(self.model.world.names.states))
        return np.broadcast_to(counts, (self.model.replicates, counts.shape[-1]))[:, self.index]

    def decide(self) -> np.ndarray:
        """This month's choices toward every state, shape (R, n): 1 cooperate, 0 neutral, -1 confront.

        Override it. The built-in rule has decided already when this is asked; ``super().decide()`` is a copy of its
        answer, to be changed and returned. What is returned is final, but attention stays scarce: to offer cooperation
        to more states than :attr:`budget` is an error. :meth:`choices` writes an answer that keeps to it. Events of the
        scenario that hold an action hold it still. The column of the state itself is ignored.
        """
        return self._own("action").copy()

    def choices(
        self,
        *,
        cooperate: Iterable[str] | Mapping[str, Any] = (),
        neutral: Iterable[str] | Mapping[str, Any] = (),
        confront: Iterable[str] | Mapping[str, Any] = (),
    ) -> np.ndarray:
        """An answer for :meth:`decide`: what is named here, and the built-in rule's choice toward all others.

        Each argument lists states, or maps states to masks over replicates, ``{"RUS": self.trust["RUS"] > 0}``. Where
        this makes more offers than the budget allows, those named here go before the built-in rule's, the more trusted
        before the less, and the rest become neutral.

        Raises:
            BehaviourError: a state is named twice for the same replicate.
        """
        chosen = StateAgent.decide(self)
        cap = self._cap()
        named = np.zeros(chosen.shape, bool)
        for value, wanted in ((1, cooperate), (0, neutral), (-1, confront)):
            for code in (wanted,) if isinstance(wanted, str) else wanted:
                if code == self.code:
                    raise BehaviourError(f"{self!r} cannot choose anything toward itself")
                k = self.model.world.names.state(code)
                where = np.broadcast_to(wanted[code] if isinstance(wanted, Mapping) else True, chosen.shape[:1])
                if where.dtype != bool:
                    raise BehaviourError(f"the mask for {code} is of type {where.dtype}; it needs true and false")
                if (named[:, k] & where).any():
                    raise BehaviourError(f"{self!r} names {code} twice for the same replicate; name it once")
                chosen[where, k] = value
                named[where, k] = True
        offers = chosen == COOPERATE
        keenness = np.where(offers, self._own("trust") + 3.0 * named, -np.inf)
        rank = np.argsort(np.argsort(-keenness, axis=-1, kind="stable"), axis=-1)
        chosen[offers & (rank >= cap[:, None])] = 0
        return chosen

    def _cap(self) -> np.ndarray:
        """The budget, or what the built-in rule offered where two equally keen offers took it over."""
        return np.maximum(self.budget, (self._own("action") == COOPERATE).sum(-1))

    def _answer(self) -> np.ndarray:
        """What :meth:`decide` returns, checked."""
        chosen, shape = np.asarray(self.decide()), self._own("action").shape
        asked = f"{self!r}.decide() in {self.model.date}"
        if chosen.shape != shape or chosen.dtype.kind not in "iuf":
            what = f"an array of {chosen.dtype} of shape {chosen.shape}"
            raise BehaviourError(f"{asked} returned {what}; it must return numbers of shape {shape}")
        if not np.isin(chosen, (-1, 0, 1)).all():
            odd = chosen[~np.isin(chosen, (-1, 0, 1))][0]
            raise BehaviourError(f"{asked} returned {odd:g}; there are 1 (cooperate), 0 (neutral) and -1 (confront)")
        answer = chosen.astype(np.int8)
        answer[:, self.index] = 0
        offers, cap = (answer == COOPERATE).sum(-1), self._cap()
        if (offers > cap).any():
            r = int(np.argmax(offers - cap))
            raise BehaviourError(
                f"{asked} offers cooperation to {offers[r]} states, attention allows {cap[r]}; "
                "return self.choices(cooperate=...), which keeps to it"
            )
        return answer

    def __repr__(self) -> str:
        """Code and name."""
        return f"<{type(self).__name__} {self.code} {self.name}>"


class ActorAgent(mesa.Agent):
    """A non-state actor, such as the Islamic State in Afghanistan."""

    def __init__(self, model: WorldModel, code: str, name: str = "") -> None:
        """Become the agent of an actor."""
        self.code, self.name = code, name or code
        self.index = model.world.names.actors.index(code)
        super().__init__(model)

    @property
    def strength(self) -> np.ndarray:
        """Fighters in all territories, shape (R,)."""
        return self.territories.array.sum(-1)

    @property
    def territories(self) -> Row:
        """Fighters by territory."""
        world = self.model.world
        array = np.broadcast_to(world.strength, (world.replicates, *world.shape("strength")))[:, self.index]
        return Row(array, world.names.states)

    @property
    def feared_by(self) -> Row:
        """Threat that each state perceives from it, 0 to 1."""
        world = self.model.world
        array = np.broadcast_to(world.actor_threat, (world.replicates, *world.shape("actor_threat")))
        return Row(array[:, :, self.index], world.names.states)

    def __repr__(self) -> str:
        """Code and name."""
        return f"<{type(self).__name__} {self.code} {self.name}>"
