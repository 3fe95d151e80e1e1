"""The fair baseline: Mesa with arrays inside. A model a replicate, its state in numpy arrays, agents that are views.

What a modeller who knows numpy would write today: no replicate axis, no keyed draws, no ledger by month. The same
equations, parameters and starting world as the engine's, for a story without events.
"""

from __future__ import annotations

import mesa
import numpy as np

from sim.mechanisms.crisis import by_class
from sim.mechanisms.decision import budget
from sim.scenario import Scenario
from sim.start.rules import Rules
from sim.world import DEFENCE, EAST, NO_TIE, NON_ALIGNED, WEST, World

STARTING = (
    "trust",
    "anchor",
    "tie",
    "affinity",
    "strength",
    "joint_effort",
    "bloc",
    "action",
    "crisis",
    "p_confront",
    "threat",
    "actor_threat",
    "cooperation_months",
    "crisis_months",
)
FIXED = (
    "anchor_base",
    "agreement",
    "conflict",
    "land",
    "proximity",
    "capability",
    "affinity_start",
    "core",
    "membership",
    "depth",
    "effort",
    "reach",
    "bias",
    "expected_terms",
    "crisis_reference",
)


class State(mesa.Agent):
    """A view of a state's row."""

    def __init__(self, model: ArraysModel, index: int, code: str) -> None:
        super().__init__(model)
        self.index, self.code = index, code

    def row(self, name: str) -> float:
        """The state's entry of an array of the model."""
        return getattr(self.model, name)[self.index]


class ArraysModel(mesa.Model):
    """One replicate; arguments as of :class:`benchmarks.mesa_by_the_book.StatesModel`."""

    def __init__(self, scenario: Scenario, world: World, rules: Rules, seed: int) -> None:
        super().__init__(seed=seed)
        for name in STARTING:
            setattr(self, name, getattr(world, name)[0].copy())
        for name in FIXED:
            setattr(self, name, getattr(world, name)[0])
        self.p = rules.parameters
        p = self.p["crisis"]
        self.hazard = by_class(world, p.rival, p.land, p.other)[0]
        self.budget = budget(world.capability, self.p["decision"])[0]
        n = self.n = len(self.affinity)
        self.others = ~np.eye(n, dtype=bool)
        self.upper = np.triu(np.ones((n, n), bool), 1)
        self.power = self.capability[None, :] / (self.capability[:, None] + self.capability[None, :])
        self.weight = self.capability / self.capability.sum()
        self.ledger = np.zeros((9, n, n))
        members = rules.frame.groups(world)[0].T.astype(float)
        self.groups = np.concatenate([np.ones((1, n)), members])
        self.dyads = rules.frame.dyads
        lean = np.zeros(n)
        for side, sign in ((EAST, 0.5), (WEST, -0.5)):
            share = self.capability * (self.core == side)
            lean += sign * share / share.sum()
        self.lean = lean
        for index, code in enumerate(world.names.states):
            State(self, index, code)
        i, j = self.dyads
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "cooperation": lambda m: m.within(m.share, m.groups),
                "weighted": lambda m: m.within(m.share, m.groups * m.capability),
                "cohesion": lambda m: m.within(m.trust, m.groups),
                "cooperation of dyads": lambda m: m.share[i, j],
                "crises": lambda m: m.year.sum() / 2,
                "crises of dyads": lambda m: m.year[i, j],
                "trust of dyads": lambda m: np.concatenate([m.trust[i, j], m.trust[j, i]]),
                "ties": lambda m: (m.tie == DEFENCE).sum() / (m.n * (m.n - 1)),
                "bloc_size": lambda m: np.bincount(m.side, minlength=3),
                "strength": lambda m: m.strength.sum(-1),
                "actor_threat": lambda m: m.actor_threat.copy(),
            },
            agent_reporters={
                name: lambda a, name=name: a.row(name)
                for name in ("affinity", "capability", "pacts", "fear", "alignment", "side", "cooperation")
            },
        )
        self.look()
        self.datacollector.collect(self)

    def step(self) -> None:
        """A month."""
        self.insurgency()
        self.perception()
        self.institution()
        self.decision()
        self.crises()
        self.trusting()
        self.pacting()
        self.drift()
        self.blocs()
        mutual = (self.action == 1) & (self.action.T == 1)
        self.cooperation_months = ((self.cooperation_months << 1) | mutual) & np.uint16(2**12 - 1)
        self.crisis_months = ((self.crisis_months << np.uint64(1)) | self.crisis.astype(np.uint64)) & np.uint64(2**60 - 1)
        self.look()
        self.datacollector.collect(self)

    def insurgency(self) -> None:
        p = self.p["insurgency"]
        toward_host = ((self.action == 1) * self.land.T).sum(0) / np.maximum(self.land.sum(0), 1)
        self.joint_effort = p.memory * self.joint_effort + (1 - p.memory) * toward_host
        growth = np.exp(p.growth)
        grown = self.strength * growth / (1 + self.strength * (growth - 1) / p.capacity)
        attrition = p.foreign_attrition * self.effort[:, None] + p.local_attrition * (1 + self.joint_effort) / 2
        self.strength = grown * np.exp(p.noise * self.rng.standard_normal(grown.shape) - attrition)

    def perception(self) -> None:
        self.threat = self.proximity * self.power * (0.5 - 0.5 * self.trust)
        seen = self.bias * self.strength.sum(-1)
        self.actor_threat = self.reach * seen / (seen + self.p["threat"].half_strength)
        shared = self.threat @ self.threat.T + self.actor_threat @ self.actor_threat.T
        self.common_threat = shared / (1 + shared) * self.others

    def institution(self) -> None:
        p = self.p["institutions"]
        member = self.membership.astype(float)
        hostile = ((self.trust < p.hostile) & self.others).astype(float)
        count = member.sum(0)
        share = ((member.T @ hostile) * member.T).sum(-1) / np.maximum(count * (count - 1), 1)
        working = self.depth * np.maximum(0, 1 - p.dilution * share)
        self.institutions = ((member * working) @ member.T + self.agreement) * self.others

    def decision(self) -> None:
        p = self.p["decision"]
        belief = 0.5 + 0.5 * self.trust
        doubt, neutral = 1 - belief, belief * p.neutral
        distance = np.abs(self.affinity[:, None] - self.affinity)
        gain = p.reward + p.common_threat * self.common_threat + p.institution * self.institutions
        cooperate = belief * gain - doubt * p.sucker - p.distance * distance - neutral
        confront = p.grievance * self.conflict * doubt - p.confrontation_cost - p.pact_cost * (self.tie == DEFENCE) - neutral
        w_cooperate, w_confront = np.exp(p.precision * cooperate), np.exp(p.precision * confront)
        self.p_confront = w_confront / (1 + w_confront + w_cooperate) * self.others
        u = self.rng.random((self.n, self.n))
        confronts = (u > 1 - self.p_confront) & self.others
        score = w_cooperate / (1 + w_confront) * (1 / u - 1)
        score *= (score > 1) & self.others & ~confronts
        ranked = np.sort(score, axis=-1)
        least = ranked[np.arange(self.n), np.maximum(self.n - self.budget, 0)]
        self.action = ((score >= least[:, None]) & (score > 0)).astype(np.int8) - confronts

    def crises(self) -> None:
        p = self.p["crisis"]
        ready = 0.5 * (self.p_confront + self.p_confront.T)
        hazard = np.minimum(p.ceiling, self.hazard * (ready + p.offset) / (self.crisis_reference + p.offset))
        breaks_out = (self.rng.random((self.n, self.n)) < hazard) & self.upper
        self.crisis = (breaks_out | breaks_out.T).astype(np.int8)

    def trusting(self) -> None:
        p, t = self.p["trust"], self.trust
        up, down, toward_me = 1 - t, 1 + t, self.action.T
        terms = np.zeros_like(self.ledger)
        terms[0] = p.gain * (toward_me == 1) * up
        terms[1] = -p.loss * (toward_me == -1) * down
        terms[2] = -p.crisis * self.crisis * down
        terms[3] = p.balance / self.n * (t @ t.T) * self.others * up * down
        terms[4] = p.contact * self.institutions * (1 - self.conflict) * up * (1 - self.crisis)
        terms[:6] -= self.expected_terms[:6]
        terms[6] = p.reversion * (self.anchor - t)
        terms[7] = p.noise * self.rng.standard_normal(t.shape) * self.others * (1 - t * t)
        free = t + terms.sum(0)
        self.trust = np.clip(free, -p.limit, p.limit)
        terms[8] = self.trust - free
        self.ledger += terms

    def pacting(self) -> None:
        p = self.p["ties"]
        pacts, hostile = (self.tie == DEFENCE).astype(float), (self.trust < p.hostile).astype(float)
        for i in self.turns(p.rate):
            worth = (
                p.constant
                + p.shared * np.log1p(pacts @ pacts[i])
                + p.trust * self.trust[i]
                + p.threat * self.common_threat[i]
                + p.distance * np.abs(self.affinity - self.affinity[i])
                + p.land * self.land[i]
                + p.enemies * np.log1p(hostile @ hostile[i])
            )
            value = np.where(pacts[i] > 0, -(worth + p.keep), worth)
            value[i] = 0
            partner = np.argmax(value + self.rng.gumbel(size=self.n))
            if partner == i:
                continue
            if pacts[i, partner]:
                level = NO_TIE
            else:
                theirs = worth[partner] + p.trust * (self.trust[partner, i] - self.trust[i, partner])
                if self.rng.random() >= 1 / (1 + np.exp(-theirs)):
                    continue
                level = DEFENCE
            self.tie[i, partner] = self.tie[partner, i] = level
            pacts[i, partner] = pacts[partner, i] = level == DEFENCE

    def drift(self) -> None:
        p, friendly = self.p["affinity"], np.maximum(self.trust, 0) * self.capability
        total = friendly.sum(-1)
        social = np.where(total > 0, friendly @ self.affinity / np.where(total > 0, total, 1), self.affinity)
        pull = (1 - p.stubbornness) * social + p.stubbornness * self.affinity_start - self.affinity
        self.affinity = self.affinity + p.rate * pull + p.noise * self.rng.standard_normal(self.n)
        p = self.p["anchor"]
        distance = np.abs(self.affinity[:, None] - self.affinity)
        level = self.anchor_base + p.pact * (self.tie == DEFENCE) - p.distance * distance
        self.anchor = np.clip(level, -1, 1) * self.others

    def blocs(self) -> None:
        p = self.p["blocs"]
        for i in self.turns(p.rate):
            pull = np.bincount(self.bloc, 0.5 * (self.trust[i] + self.trust[:, i]) * self.weight, minlength=3)
            undecided = 0.5 * pull[NON_ALIGNED]
            cost = np.array([0.5 * pull.sum() - p.non_alignment, undecided + pull[WEST], undecided + pull[EAST]])
            cost += p.switching * (np.arange(3) != self.bloc[i])
            ladder = np.exp(-(cost - cost.min()) / p.temperature).cumsum()
            self.bloc[i] = np.searchsorted(ladder, self.rng.random() * ladder[-1])

    def turns(self, rate: float) -> np.ndarray:
        """States that get a turn, in random order."""
        return self.rng.permutation(np.flatnonzero(self.rng.random(self.n) < rate))

    def look(self) -> None:
        """What the collector reads of all states at once."""
        self.share = np.bitwise_count(self.cooperation_months) / 12
        self.year = np.bitwise_count(self.crisis_months & np.uint64(2**12 - 1))
        self.pacts = (self.tie == DEFENCE).sum(-1)
        self.fear = self.threat.sum(-1)
        self.alignment = self.trust @ self.lean + self.lean
        self.cooperation = self.share.sum(-1) / max(self.n - 1, 1)
        core, bloc = ((sides == EAST).astype(int) - (sides == WEST) for sides in (self.core, self.bloc))
        swapped = (self.capability * core * bloc).sum() < 0
        self.side = np.where(self.bloc == NON_ALIGNED, NON_ALIGNED, EAST + WEST - self.bloc) if swapped else self.bloc.copy()

    @staticmethod
    def within(matrix: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Means of a matrix over the dyads of weighted groups (g, n)."""
        total = groups.sum(-1) ** 2 - (groups**2).sum(-1)
        return ((groups @ matrix) * groups).sum(-1) / np.where(total > 0, total, 1)
