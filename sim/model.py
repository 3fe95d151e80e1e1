"""WorldModel: the engine as a Mesa model, its agents the states and the non-state actors.

One model carries all replicates of a chunk at once; an agent is a thin view of its row of the arrays, so
``model.state("IND").trust["PAK"]`` is an array over replicates. ``python -m sim run`` drives these models.

All chance in the world comes from keyed draws (:mod:`sim.draws`). Mesa's own ``model.random`` and ``model.rng`` are
there for the user's code, seeded alike, and nothing of ours draws from them: shuffling agents changes no result.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim import engine, measures, mechanisms
from sim.behaviours import Behaviour, BehaviourError, found
from sim.calendar import format_month
from sim.scenario import Scenario, read
from sim.scenario.start import begin
from sim.views import Row, months_of
from sim.world import COOPERATE, DEFENCE, VARIABLES, World

SIDES = ("none", "East", "West")
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
        """The side it stands on in most replicates: none, East or West; one word, to group agents by."""
        return SIDES[int(np.bincount(self.bloc.astype(int), minlength=3).argmax())]

    @property
    def core(self) -> str | None:
        """The core it belongs to, ``east`` or ``west``, or None."""
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

        Each argument lists states, or maps states to masks over replicates, ``{"RUS": self.trust["RUS"] > 0}``. Where this makes more offers than the budget allows, those named here go before the built-in rule's, the more
        trusted before the less, and the rest become neutral.

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


def monthly_means() -> mesa.DataCollector:
    """What a model collects unless told otherwise: worldwide measures, as means over replicates."""
    reporters = {name: partial(_mean_of, measure=name) for name in ("cooperation", "crises", "ties")}
    return mesa.DataCollector({"date": "date", **reporters})


def _mean_of(model: WorldModel, measure: str) -> float:
    return float(model.measure(measure).mean())


class WorldModel(mesa.Model):
    """All replicates of a scenario, a month a step.

    Args:
        scenario: a name, a file, or a :class:`sim.scenario.Scenario`.
        replicates: how many (numbers 0 to R - 1), or their numbers, such as ``range(50, 100)``.
        seed: a whole number, 0 or more; scenarios of the same seed share their luck. 1 unless given, so that a model is
            reproducible by default.
        rng: instead of a seed, what ``numpy.random.default_rng`` takes; a whole number means the same as ``seed``, and
            from anything else one number is drawn, which then is the seed.
        dtype: ``float64`` or ``float32``.
        behaviours: classes of your own by state: ``{"IND": HedgingIndia}``, or ``{"IND": "hedging.py:HedgingIndia"}``.
        remember: variables whose past every state can show (:meth:`StateAgent.history`), such as ``["trust"]``.
        record: what a :class:`sim.engine.Recorder`, ``model.recorder``, keeps: ``measures``, ``dyads`` or ``all``; None for
            none.
        changes: overrides as on the command line, ``{"parameters.trust.gain": .01}``; only with a scenario's name.
        datacollector: collects at the start and after every month: a Mesa ``DataCollector``, which is copied so that it
            serves for many models, or a function that makes one (for ``batch_run`` in several processes). The
            model's own is ``model.datacollector``. None for none.

    Raises:
        sim.scenario.ScenarioError: the scenario cannot be run; it says why.
        sim.behaviours.BehaviourError: a behaviour cannot be used.
        ValueError, TypeError: an argument makes no sense; the message says what would.
    """

    _last_id = 0

    def __init__(
        self,
        scenario: str | Path | Scenario = "sco_expansion",
        replicates: int | Sequence[int] = 200,
        seed: int | None = None,
        *,
        rng: Any = None,
        dtype: str = "float64",
        behaviours: Mapping[str, type[StateAgent] | Behaviour | str] | None = None,
        remember: Iterable[str] = (),
        record: str | None = None,
        changes: Mapping[str, Any] | None = None,
        datacollector: mesa.DataCollector | Callable[[], mesa.DataCollector] | None = monthly_means,
    ) -> None:
        """Make the starting world and its agents."""
        self.seed = _seed(seed, rng)
        numbers = _numbers(replicates)
        if str(dtype) not in ("float64", "float32"):
            raise ValueError(f"dtype is {dtype!r}; it can be float64 or float32")
        super().__init__(seed=self.seed if rng is None else None, rng=rng)
        if not isinstance(scenario, Scenario):
            scenario = read(scenario, changes=changes)
        elif changes:
            raise TypeError("changes go with a scenario's name; this scenario has been read already")
        self.scenario = scenario
        self.world, self.rules, self.warnings = begin(scenario, numbers, seed=self.seed, dtype=str(dtype))
        self.month = scenario.start
        self.remember = (remember,) if isinstance(remember, str) else tuple(remember)
        self.decision = self.rules.parameters["decision"]
        self._read: tuple[World | None, dict[str, dict[str, np.ndarray]]] = (None, {})
        self._by_code: dict[str, mesa.Agent] = {}
        kinds = self._kinds(behaviours or {})
        for row in sorted(scenario.tables.states, key=lambda row: row["code"]):
            kinds.get(row["code"], StateAgent)(self, row["code"], row["name"])
        for row in sorted(scenario.tables.actors, key=lambda row: row["code"]):
            ActorAgent(self, row["code"], row["name"])
        self.recorder = None
        if record is not None:
            self.recorder = engine.Recorder(self.world, self.rules, scenario.start, scenario.steps, record)
        self._collecting = datacollector is not None
        if datacollector is not None:
            self.datacollector = datacollector() if callable(datacollector) else copy.deepcopy(datacollector)
            self.datacollector.collect(self)

    def _kinds(self, behaviours: Mapping[str, Any]) -> dict[str, type[StateAgent]]:
        """The classes of the states that have one of their own."""
        if behaviours and not self.rules.has("decision"):
            raise BehaviourError("this schedule has no `decision`, so that no behaviour would ever be asked")
        kinds = {}
        for code, given in behaviours.items():
            if code not in self.world.names.states:
                known = ", ".join(self.world.names.states)
                raise BehaviourError(f"{code!r} has a behaviour but is not in this world; its states: {known}")
            given = found(given)
            kind = given.load(StateAgent) if isinstance(given, Behaviour) else given
            if not isinstance(kind, type) or not issubclass(kind, StateAgent):
                raise BehaviourError(f"the behaviour of {code} is {kind!r}; it must be a subclass of StateAgent")
            kinds[code] = kind
        return kinds

    def register_agent(self, agent: mesa.Agent) -> None:
        """Mesa calls this for every new agent.

        Ids are counted here, since Mesa's own counter would keep every model alive. A state or an actor has one agent.

        Raises:
            ValueError: the state or the actor has an agent already.
        """
        if type(agent)._ids.pop(self, None) is not None:
            self._last_id += 1
            agent.unique_id = self._last_id
        if isinstance(agent, (StateAgent, ActorAgent)):
            if agent.code in self._by_code:
                raise ValueError(f"{agent.code} has an agent, {self._by_code[agent.code]!r}; remove() that one first")
            self._by_code[agent.code] = agent
        super().register_agent(agent)

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Mesa calls this when an agent is removed. Its state stays in the world and follows the built-in rule."""
        super().deregister_agent(agent)
        if isinstance(agent, (StateAgent, ActorAgent)):
            del self._by_code[agent.code]

    @property
    def replicates(self) -> int:
        """How many replicates the model carries."""
        return self.world.replicates

    @property
    def date(self) -> str:
        """The month about to be simulated, such as ``2017-06``."""
        return format_month(self.month)

    @property
    def states(self) -> AgentSet:
        """The agents of states, in the order of their codes."""
        return self.agents.select(agent_type=StateAgent)

    @property
    def actors(self) -> AgentSet:
        """The agents of non-state actors."""
        return self.agents.select(agent_type=ActorAgent)

    def state(self, code: str) -> StateAgent:
        """The agent of a state.

        Raises:
            KeyError: there is no such state, or its agent was removed.
        """
        self.world.names.state(code)
        return self._agent(code)

    def actor(self, code: str) -> ActorAgent:
        """The agent of a non-state actor.

        Raises:
            KeyError: there is no such actor, or its agent was removed.
        """
        if code not in self.world.names.actors:
            raise KeyError(f"no actor {code!r} in this world; its actors: {', '.join(self.world.names.actors)}")
        return self._agent(code)

    def _agent(self, code: str) -> Any:
        if code not in self._by_code:
            raise KeyError(f"the agent of {code} was removed")
        return self._by_code[code]

    def measure(self, name: str, subject: str = "world") -> np.ndarray:
        """A measure of a subject now, shape (R,), such as ``model.measure("cooperation", "SCO")``.

        Raises:
            KeyError: no such measure or subject; the message lists what there is.
        """
        known = _measures()
        labels = measures.subjects(name, self.rules.frame) if name in known else []
        if subject not in labels:
            return measures.value(self.world, self.rules.frame, name, subject)  # says what is wrong
        if self._read[0] is not self.world:
            self._read = (self.world, {})
        family = known[name][1]
        found = self._read[1]
        if family.__name__ not in found:
            found[family.__name__] = family.read(self.world, self.rules.frame)
        value = found[family.__name__][name][:, labels.index(subject)]
        value.flags.writeable = False
        return value

    def step(self) -> None:
        """Simulate one month; after the scenario's last month ``running`` is false and nothing more happens."""
        if self.month < self.scenario.end:
            deciders = [a for a in self.states if type(a).decide is not StateAgent.decide]
            ask = (lambda world, p: self._ask(deciders, world, p)) if deciders else None
            self.world, booked = engine.step(self.world, self.rules, self.month, ask)
            self.month += 1
            for agent in self.states:
                agent._note()
            if self.recorder is not None:
                self.recorder.take(self.world, booked)
            if self._collecting:
                self.datacollector.collect(self)
        if self.month >= self.scenario.end:
            self.running = False

    def _ask(self, deciders: list[StateAgent], world: World, p: Any) -> World:
        """The world with the answers of the agents that have a behaviour of their own, all asked in the same world."""
        before = self.world, self.decision
        self.world, self.decision = world, p
        try:
            answers = {agent.index: agent._answer() for agent in deciders}
        finally:
            self.world, self.decision = before
        action = world.action.copy()
        for index, answer in answers.items():
            action[:, index] = answer
        return world.replace(action=action)

    def __repr__(self) -> str:
        """What it simulates, and where it stands."""
        last = format_month(self.scenario.end - 1)
        return f"<{type(self).__name__} {self.scenario.name}: {self.replicates} replicates, {self.date} of {last}>"


@cache
def _measures() -> dict[str, Any]:
    """Every measure with its family; looked up once."""
    return measures.all_measures()


def _seed(seed: Any, rng: Any) -> int:
    """The world's seed, from one of Mesa's two ways to say it."""
    if seed is not None and rng is not None:
        raise ValueError("give a seed or an rng, not both")
    if seed is None and rng is None:
        return 1
    given, name = (seed, "seed") if rng is None else (rng, "rng")
    if rng is not None and not hasattr(rng, "__index__"):
        return int(np.random.default_rng(rng).integers(2**63))
    try:
        whole = operator.index(given)
    except TypeError:
        whole = -1
    if whole < 0 or isinstance(given, (bool, np.bool_)):
        raise ValueError(f"{name} is {given!r}; it must be a whole number, 0 or more")
    return whole


def _numbers(replicates: Any) -> Sequence[int]:
    """The numbers of the replicates."""
    wrong = f"replicates is {replicates!r}; give how many, 1 or more, or their numbers, such as range(50, 100)"
    if isinstance(replicates, (str, bytes, bool, np.bool_)):
        raise TypeError(wrong)
    try:
        count = operator.index(replicates)
    except TypeError:
        try:
            given = list(replicates)
            numbers = [operator.index(number) for number in given]
        except TypeError:
            raise TypeError(wrong) from None
        if not numbers or min(numbers) < 0 or any(isinstance(number, (bool, np.bool_)) for number in given):
            raise ValueError(wrong) from None
        if len(set(numbers)) < len(numbers):
            raise ValueError(f"replicates names a number twice: {replicates!r}") from None
        return numbers
    if count < 1:
        raise ValueError(wrong)
    return range(count)
