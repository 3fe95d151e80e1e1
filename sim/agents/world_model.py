"""WorldModel: all replicates of a chunk in one Mesa model. ``python -m sim run`` drives these models.

All chance in the world comes from keyed draws (:mod:`sim.draws`). Mesa's own ``model.random`` and ``model.rng`` are
there for the user's code, seeded alike, and nothing of ours draws from them: shuffling agents changes no result.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim import engine, measures
from sim.agents.agent import ActorAgent, StateAgent
from sim.agents.arguments import numbers_of, seed_of
from sim.agents.behaviours import Behaviour, BehaviourError, locate
from sim.calendar import format_month
from sim.options import DEFAULTS, DTYPES, REPLICATES
from sim.scenario import Scenario, read
from sim.start.world import begin
from sim.world import World


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
        dtype: ``float64``.
        behaviours: classes of your own by state, ``{"IND": HedgingIndia}`` or ``{"IND": "hedging.py:HedgingIndia"}``.
        remember: variables whose past every state can show (:meth:`StateAgent.history`), such as ``["trust"]``.
        record: what a :class:`sim.engine.Recorder`, ``model.recorder``, keeps: ``measures``, ``dyads`` or ``all``; None for
            none.
        sums: what the recorder's sums over replicates are added to, see :class:`sim.engine.Recorder`.
        changes: overrides as on the command line, ``{"parameters.trust.gain": .01}``; only with a scenario's name.
        datacollector: collects at the start and after every month: a Mesa ``DataCollector``, which is copied so that it
            serves for many models, or a function that makes one (for ``batch_run`` in several processes). The
            model's own is ``model.datacollector``. None for none.

    Raises:
        sim.scenario.ScenarioError: the scenario cannot be run; it says why.
        sim.agents.behaviours.BehaviourError: a behaviour cannot be used.
        ValueError, TypeError: an argument makes no sense; the message says what would.
    """

    _last_id = 0

    def __init__(
        self,
        scenario: str | Path | Scenario = "sco_expansion",
        replicates: int | Sequence[int] = REPLICATES,
        seed: int | None = None,
        *,
        rng: Any = None,
        dtype: str = DEFAULTS.dtype,
        behaviours: Mapping[str, type[StateAgent] | Behaviour | str] | None = None,
        remember: Iterable[str] = (),
        record: str | None = None,
        sums: engine.Sums | None = None,
        changes: Mapping[str, Any] | None = None,
        datacollector: mesa.DataCollector | Callable[[], mesa.DataCollector] | None = monthly_means,
    ) -> None:
        """Make the starting world and its agents."""
        self.seed = seed_of(seed, rng)
        numbers = numbers_of(replicates)
        if str(dtype) not in DTYPES:
            raise ValueError(f"dtype is {dtype!r}; it can be {' or '.join(DTYPES)}")
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
            self.recorder = engine.Recorder(self.world, self.rules, scenario.start, scenario.steps, record, sums)
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
            given = locate(given)
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
        known = measures.all_measures()
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
            ask = partial(self._ask, deciders)
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
        self.decision = p
        if not deciders:
            return world
        before, self.world = self.world, world
        action = world.action.copy()
        try:
            for agent in deciders:
                try:
                    action[:, agent.index] = agent._answer()
                except Exception as error:
                    error.add_note(f"in the behaviour of {agent!r}, {self.date}")
                    raise
        finally:
            self.world = before
        return world.replace(action=action)

    def __repr__(self) -> str:
        """What it simulates, and where it stands."""
        last = format_month(self.scenario.end - 1)
        return f"<{type(self).__name__} {self.scenario.name}: {self.replicates} replicates, {self.date} of {last}>"
