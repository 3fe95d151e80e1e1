"""The model as Mesa's tutorials would have it: a model a replicate, agents that hold dicts, a DataCollector.

The same equations, parameters and starting world as the engine's, for a story without events; luck comes from Mesa's own
``model.random``. Each state works out its own view of every other, as agents do; what all do at once is done in two
passes (work out, then adopt). :mod:`benchmarks.agreement` checks that it agrees with the engine.
"""

from __future__ import annotations

from math import exp, log1p
from typing import Any

import mesa

from sim.mechanisms.crisis import by_class
from sim.mechanisms.decision import budget
from sim.mechanisms.trust import ACCOUNTS
from sim.scenario import Scenario
from sim.start.rules import Rules
from sim.world import CONFRONT, COOPERATE, DEFENCE, EAST, NEUTRAL, NO_TIE, NON_ALIGNED, WEST, World

YEAR = 2**12 - 1
FIVE_YEARS = 2**60 - 1


class State(mesa.Agent):
    """A state, with what it holds of each other state by code."""

    def __init__(self, model: StatesModel, code: str, world: World) -> None:
        super().__init__(model)
        self.code = code
        i, codes = world.names.state(code), world.names.states

        def toward(name: str) -> dict[str, Any]:
            row = getattr(world, name)[0, i]
            return {other: row[j].item() for j, other in enumerate(codes) if j != i}

        self.trust, self.anchor, self.anchor_base = toward("trust"), toward("anchor"), toward("anchor_base")
        self.tie, self.conflict, self.agreement = toward("tie"), toward("conflict"), toward("agreement")
        self.proximity, self.land = toward("proximity"), toward("land")
        self.threat, self.common_threat = toward("threat"), toward("common_threat")
        self.institutions, self.action = toward("institutions"), toward("action")
        self.p_confront, self.crisis = toward("p_confront"), toward("crisis")
        self.cooperation_months, self.crisis_months = toward("cooperation_months"), toward("crisis_months")
        self.crisis_reference = toward("crisis_reference")
        self.hazard = {other: model.hazards[i, j].item() for j, other in enumerate(codes) if j != i}
        self.expected = {
            term: {other: world.expected_terms[0, k, i, j].item() for j, other in enumerate(codes) if j != i}
            for k, term in enumerate(ACCOUNTS)
        }
        self.ledger = {term: dict.fromkeys(self.trust, 0.0) for term in ACCOUNTS}
        self.capability = world.capability[0, i].item()
        self.affinity = self.affinity_start = world.affinity[0, i].item()
        self.bloc, self.core = int(world.bloc[0, i]), int(world.core[0, i])
        self.joint_effort = world.joint_effort[0, i].item()
        self.budget = model.budgets[i].item()
        self.organisations = {o for k, o in enumerate(world.names.organisations) if world.membership[0, i, k]}
        self.reach = dict(zip(world.names.actors, world.reach[0, i].tolist()))
        self.bias = dict(zip(world.names.actors, world.bias[0, i].tolist()))
        self.actor_threat = dict(zip(world.names.actors, world.actor_threat[0, i].tolist()))
        self.neighbours = [other for other, border in self.land.items() if border]
        self.others: list[State] = []

    # ---- insurgency: neighbours who cooperate with the host help it

    def gather_help(self) -> None:
        memory = self.model.parameters["insurgency"].memory
        states = self.model.state
        help_given = sum(states[code].action[self.code] == COOPERATE for code in self.neighbours)
        self.joint_effort = memory * self.joint_effort + (1 - memory) * help_given / max(len(self.neighbours), 1)

    # ---- threat

    def perceive(self) -> None:
        for other in self.others:
            power = other.capability / (self.capability + other.capability)
            self.threat[other.code] = self.proximity[other.code] * power * (0.5 - 0.5 * self.trust[other.code])
        half = self.model.parameters["threat"].half_strength
        for actor in self.model.actors:
            seen = self.bias[actor.code] * sum(actor.strength.values())
            self.actor_threat[actor.code] = self.reach[actor.code] * seen / (seen + half)

    def compare_fears(self) -> None:
        for other in self.others:
            theirs = other.threat
            shared = sum(fear * theirs[code] for code, fear in self.threat.items() if code in theirs)
            shared += sum(fear * other.actor_threat[code] for code, fear in self.actor_threat.items())
            self.common_threat[other.code] = shared / (1 + shared)

    # ---- institutions

    def count_institutions(self) -> None:
        working = self.model.working
        for other in self.others:
            shared = sum(working[organisation] for organisation in self.organisations & other.organisations)
            self.institutions[other.code] = shared + self.agreement[other.code]

    # ---- decision

    def decide(self) -> None:
        p, random = self.model.parameters["decision"], self.random.random
        offers = []
        for other in self.others:
            code = other.code
            belief = 0.5 + 0.5 * self.trust[code]
            doubt = 1 - belief
            gain = p.reward + p.common_threat * self.common_threat[code] + p.institution * self.institutions[code]
            cooperate = belief * gain - doubt * p.sucker - p.distance * abs(self.affinity - other.affinity)
            neutral = belief * p.neutral
            confront = p.grievance * self.conflict[code] * doubt - p.confrontation_cost
            if self.tie[code] == DEFENCE:
                confront -= p.pact_cost
            w_cooperate = exp(p.precision * (cooperate - neutral))
            w_confront = exp(p.precision * (confront - neutral))
            self.p_confront[code] = w_confront / (1 + w_confront + w_cooperate)
            luck = random()
            self.action[code] = NEUTRAL
            if luck > 1 - self.p_confront[code]:
                self.action[code] = CONFRONT
                continue
            score = w_cooperate / (1 + w_confront) * (1 / luck - 1)
            if score > 1:
                offers.append((score, code))
        offers.sort(reverse=True)
        for _, code in offers[: self.budget]:
            self.action[code] = COOPERATE

    # ---- crisis: each pair once

    def risk_crises(self) -> None:
        p, random = self.model.parameters["crisis"], self.random.random
        for other in self.others:
            if other.code < self.code:
                continue
            ready = 0.5 * (self.p_confront[other.code] + other.p_confront[self.code])
            reference = self.crisis_reference[other.code]
            hazard = self.hazard[other.code] * (ready + p.offset) / (reference + p.offset)
            breaks_out = int(random() < min(p.ceiling, hazard))
            self.crisis[other.code] = other.crisis[self.code] = breaks_out

    # ---- trust: worked out by all, then adopted by all

    def reconsider_trust(self) -> None:
        p, gauss = self.model.parameters["trust"], self.random.gauss
        self.next_trust = {}
        step = p.balance / (len(self.others) + 1)
        for other in self.others:
            code = other.code
            t, theirs, toward_me = self.trust[code], other.trust, other.action[self.code]
            room_up, room_down = 1 - t, 1 + t
            crisis = self.crisis[code]
            agreement = sum(mine * theirs[third] for third, mine in self.trust.items() if third in theirs)
            terms = {
                "cooperation": p.gain * room_up if toward_me == COOPERATE else 0.0,
                "confrontation": -p.loss * room_down if toward_me == CONFRONT else 0.0,
                "crisis": -p.crisis * crisis * room_down,
                "balance": step * agreement * room_up * room_down,
                "institutions": p.contact * self.institutions[code] * (1 - self.conflict[code]) * room_up * (1 - crisis),
                "exercise": 0.0,
                "reversion": p.reversion * (self.anchor[code] - t),
                "chance": p.noise * gauss(0, 1) * (1 - t * t),
            }
            for term in terms:
                terms[term] -= self.expected[term][code]
            free = t + sum(terms.values())
            new = min(max(free, -p.limit), p.limit)
            terms["limit"] = new - free
            for term, value in terms.items():
                self.ledger[term][code] += value
            self.next_trust[code] = new

    def adopt_trust(self) -> None:
        self.trust = self.next_trust

    # ---- ties: one state after the other

    def worth(self, other: State) -> float:
        """What a pact with another state is worth."""
        p, code = self.model.parameters["ties"], other.code
        shared = sum(tie == DEFENCE and other.tie.get(third) == DEFENCE for third, tie in self.tie.items() if third != code)
        enemies = sum(trust < p.hostile and other.trust.get(third, 0) < p.hostile for third, trust in self.trust.items())
        return (
            p.constant
            + p.shared * log1p(shared)
            + p.trust * self.trust[code]
            + p.threat * self.common_threat[code]
            + p.distance * abs(self.affinity - other.affinity)
            + p.land * self.land[code]
            + p.enemies * log1p(enemies)
        )

    def reconsider_pacts(self) -> None:
        p, random = self.model.parameters["ties"], self.random
        if random.random() >= p.rate:
            return
        options, weights = [None], [1.0]
        for other in self.others:
            value = self.worth(other)
            options.append(other)
            weights.append(exp(-(value + p.keep) if self.tie[other.code] == DEFENCE else value))
        partner = random.choices(options, weights)[0]
        if partner is None:
            return
        if self.tie[partner.code] == DEFENCE:
            self.tie[partner.code] = partner.tie[self.code] = NO_TIE
        elif random.random() < 1 / (1 + exp(-partner.worth(self))):
            self.tie[partner.code] = partner.tie[self.code] = DEFENCE

    # ---- affinity: worked out by all, then adopted by all

    def listen(self) -> None:
        p = self.model.parameters["affinity"]
        total = heard = 0.0
        for other in self.others:
            weight = max(self.trust[other.code], 0) * other.capability
            total += weight
            heard += weight * other.affinity
        social = heard / total if total > 0 else self.affinity
        pull = (1 - p.stubbornness) * social + p.stubbornness * self.affinity_start - self.affinity
        self.next_affinity = self.affinity + p.rate * pull + p.noise * self.random.gauss(0, 1)

    def adopt_affinity(self) -> None:
        self.affinity = self.next_affinity

    # ---- anchor

    def drop_anchor(self) -> None:
        p = self.model.parameters["anchor"]
        for other in self.others:
            level = self.anchor_base[other.code] - p.distance * abs(self.affinity - other.affinity)
            if self.tie[other.code] == DEFENCE:
                level += p.pact
            self.anchor[other.code] = min(max(level, -1), 1)

    # ---- blocs: one state after the other

    def choose_side(self) -> None:
        p = self.model.parameters["blocs"]
        if self.random.random() >= p.rate:
            return
        pull = [0.0, 0.0, 0.0]
        for other in self.others:
            mutual = 0.5 * (self.trust[other.code] + other.trust[self.code])
            pull[other.bloc] += mutual * other.capability / self.model.power
        frustration = {
            NON_ALIGNED: 0.5 * sum(pull) - p.non_alignment,
            EAST: 0.5 * pull[NON_ALIGNED] + pull[WEST],
            WEST: 0.5 * pull[NON_ALIGNED] + pull[EAST],
        }
        for side in frustration:
            if side != self.bloc:
                frustration[side] += p.switching
        least = min(frustration.values())
        weights = [exp(-(value - least) / p.temperature) for value in frustration.values()]
        self.bloc = self.random.choices(list(frustration), weights)[0]

    # ---- record

    def remember(self) -> None:
        for other in self.others:
            code = other.code
            mutual = self.action[code] == COOPERATE and other.action[self.code] == COOPERATE
            self.cooperation_months[code] = ((self.cooperation_months[code] << 1) | mutual) & YEAR
            self.crisis_months[code] = ((self.crisis_months[code] << 1) | self.crisis[code]) & FIVE_YEARS

    # ---- what is collected of each state

    def share(self, code: str) -> float:
        """Share of the last twelve months in which both cooperated."""
        return self.cooperation_months[code].bit_count() / 12

    @property
    def cooperation(self) -> float:
        return sum(map(self.share, self.trust)) / max(len(self.others), 1)

    @property
    def alignment(self) -> float:
        total = 0.0
        for side, sign in ((EAST, 0.5), (WEST, -0.5)):
            power = self.model.core_power[side]
            for member in self.model.cores[side]:
                trust = 1.0 if member is self else self.trust[member.code]
                total += sign * member.capability / power * trust
        return total

    @property
    def pacts(self) -> int:
        return sum(tie == DEFENCE for tie in self.tie.values())

    @property
    def fear(self) -> float:
        return sum(self.threat.values())


class NonStateActor(mesa.Agent):
    """An insurgency, with its strength in each territory."""

    def __init__(self, model: StatesModel, code: str, world: World) -> None:
        super().__init__(model)
        self.code = code
        k = world.names.actors.index(code)
        strength = zip(world.names.states, world.strength[0, k].tolist())
        self.strength = {territory: fighters for territory, fighters in strength if fighters > 0}
        self.effort = world.effort[0, k].item()

    def fight(self) -> None:
        p = self.model.parameters["insurgency"]
        growth = exp(p.growth)
        for territory, fighters in self.strength.items():
            grown = fighters * growth / (1 + fighters * (growth - 1) / p.capacity)
            host = (1 + self.model.state[territory].joint_effort) / 2
            attrition = p.foreign_attrition * self.effort + p.local_attrition * host
            self.strength[territory] = grown * exp(p.noise * self.random.gauss(0, 1) - attrition)

    @property
    def fighters(self) -> float:
        return sum(self.strength.values())


class StatesModel(mesa.Model):
    """One replicate.

    Args:
        scenario: a story without events.
        world: of one replicate, from :func:`sim.start.world.begin`.
        rules: its parameters.
        seed: of Mesa's random numbers.
    """

    def __init__(self, scenario: Scenario, world: World, rules: Rules, seed: int) -> None:
        super().__init__(seed=seed)
        self.parameters = rules.parameters
        p = self.parameters["crisis"]
        self.hazards = by_class(world, p.rival, p.land, p.other)[0]
        self.budgets = budget(world.capability, self.parameters["decision"])[0]
        for code in world.names.states:
            State(self, code, world)
        for code in world.names.actors:
            NonStateActor(self, code, world)
        self.states, self.actors = self.agents_by_type[State], self.agents.select(agent_type=NonStateActor)
        self.state = {state.code: state for state in self.states}
        for state in self.states:
            state.others = [other for other in self.states if other is not state]
        self.power = sum(state.capability for state in self.states)
        self.cores = {side: [s for s in self.states if s.core == side] for side in (EAST, WEST)}
        self.core_power = {side: sum(s.capability for s in members) for side, members in self.cores.items()}
        self.depth = dict(zip(world.names.organisations, world.depth[0].tolist()))
        self.members = {o: [s for s in self.states if o in s.organisations] for o in self.depth}
        sets = {name: [self.state[code] for code in codes] for name, codes in scenario.sets.items()}
        self.groups = {**self.members, **sets}
        self.watch = ["-".join(sorted(pair)) for pair in scenario.watch]
        self.working: dict[str, float] = {}
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "cooperation": lambda m: m.mean_cooperation(m.states),
                "cooperation of groups": lambda m: {g: m.mean_cooperation(s) for g, s in m.groups.items()},
                "weighted": lambda m: m.weighted_cooperation(m.states),
                "weighted of groups": lambda m: {g: m.weighted_cooperation(s) for g, s in m.groups.items()},
                "cohesion": lambda m: {g: m.cohesion(s) for g, s in m.groups.items()},
                "crises": lambda m: sum((x & YEAR).bit_count() for s in m.states for x in s.crisis_months.values()) / 2,
                "ties": lambda m: sum(s.pacts for s in m.states) / (len(m.states) * (len(m.states) - 1)),
                "bloc_size": lambda m: [sum(m.side(s) == side for s in m.states) for side in range(3)],
                "dyads": lambda m: {dyad: m.dyad(*dyad.split("-")) for dyad in m.watch},
            },
            agenttype_reporters={
                State: {
                    "affinity": "affinity",
                    "capability": "capability",
                    "cooperation": "cooperation",
                    "alignment": "alignment",
                    "pacts": "pacts",
                    "threat": "fear",
                    "bloc": lambda s: s.model.side(s),
                    "actor_threat": lambda s: dict(s.actor_threat),
                },
                NonStateActor: {"strength": "fighters"},
            },
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """A month."""
        states, actors = self.states, self.actors
        states.shuffle_do("gather_help")
        actors.shuffle_do("fight")
        states.shuffle_do("perceive")
        states.shuffle_do("compare_fears")
        self.assess_organisations()
        states.shuffle_do("count_institutions")
        states.shuffle_do("decide")
        states.shuffle_do("risk_crises")
        states.shuffle_do("reconsider_trust")
        states.do("adopt_trust")
        states.shuffle_do("reconsider_pacts")
        states.shuffle_do("listen")
        states.do("adopt_affinity")
        states.do("drop_anchor")
        states.shuffle_do("choose_side")
        states.do("remember")
        self.datacollector.collect(self)

    def assess_organisations(self) -> None:
        """What is left of each organisation's depth where members are hostile to each other."""
        p = self.parameters["institutions"]
        for organisation, members in self.members.items():
            hostile = sum(a is not b and a.trust[b.code] < p.hostile for a in members for b in members)
            dyads = max(len(members) * (len(members) - 1), 1)
            self.working[organisation] = self.depth[organisation] * max(0, 1 - p.dilution * hostile / dyads)

    def mean_cooperation(self, group: list[State]) -> float:
        """Mean share of cooperation over a group's dyads."""
        total = sum(a.share(b.code) for a in group for b in group if a is not b)
        return total / max(len(group) * (len(group) - 1), 1)

    def weighted_cooperation(self, group: list[State]) -> float:
        """The same weighted by both capabilities."""
        weights = total = 0.0
        for a in group:
            for b in group:
                if a is not b:
                    weights += a.capability * b.capability
                    total += a.capability * b.capability * a.share(b.code)
        return total / weights if weights else 0.0

    def cohesion(self, group: list[State]) -> float:
        """Mean trust within a group."""
        total = sum(a.trust[b.code] for a in group for b in group if a is not b)
        return total / max(len(group) * (len(group) - 1), 1)

    def side(self, state: State) -> int:
        """A state's side, named after the core that stands on it."""
        lean = {EAST: 1, WEST: -1}
        agreement = sum(s.capability * lean.get(s.core, 0) * lean.get(s.bloc, 0) for s in self.states if s.core)
        return EAST + WEST - state.bloc if agreement < 0 and state.bloc else state.bloc

    def dyad(self, a: str, b: str) -> dict[str, float]:
        """What is watched of a dyad."""
        one, other = self.state[a], self.state[b]
        crises = (one.crisis_months[b] & YEAR).bit_count()
        return {"cooperation": one.share(b), "crises": crises, f"{a}>{b}": one.trust[b], f"{b}>{a}": other.trust[a]}
