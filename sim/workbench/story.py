"""A scenario's story for a page: its plan before it is put to rest, and what its events are."""

from __future__ import annotations

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim import measures
from sim.engine import booking
from sim.kernel import layout
from sim.kernel.plan import plan_of
from sim.mechanisms import get
from sim.scenario import Scenario, describe_event, state_names
from sim.scenario.describe import commitments_of
from sim.scenario.distributions import Distribution
from sim.start.rules import Rules
from sim.start.world import before_rest, rules_of
from sim.wording import Namer, Sides
from sim.world import World


def _uncertain_tables(scenario: Scenario) -> bool:
    """Whether a number of the world's tables is drawn by replicate."""
    tables = scenario.tables
    rows = (*tables.states, *tables.actors, *tables.organisations, *tables.trust, *tables.reach)
    return any(isinstance(value, Distribution) for row in rows for value in row.values())


def packed(array: np.ndarray) -> str:
    """An array as text: gzip, then base64. The same numbers give the same text."""
    return base64.b64encode(gzip.compress(array.tobytes(), 9, mtime=0)).decode()


MADE = ("conflict", "anchor", "anchor_base", "trust", "regard", "bloc")
"""Sections that the page can work out from parameters and tables (``start.js``)."""
HAND, RECORD = ("level", "consultation", "rivalry"), ("weight", "lasting")
SIDES = ("pact", "consultation", "opposed", "threshold", "non_alignment", "switching")


@dataclass(frozen=True)
class Story:
    """A scenario with its world of the tables, its rules and its plan.

    It answers what the words of a report ask of a run: ``manifest``, ``name``, ``sides`` and ``story()``.
    """

    scenario: Scenario
    world: World
    rules: Rules
    plan: np.ndarray
    uncertain: bool

    @classmethod
    def of(cls, scenario: Scenario, seed: int, replicates: int) -> Story:
        """The story of so many replicates.

        Where all that differs between them is in parameters and events, the world is that of one, and the page works out
        the rest.
        """
        world, rules, uncertain = before_rest(scenario, range(1), seed)
        rows = 1
        if uncertain and _uncertain_tables(scenario):
            world, rules, _ = before_rest(scenario, range(replicates), seed)
            rows = replicates
        elif uncertain:
            rules = rules_of(scenario, range(replicates), seed)
        plan = plan_of(world, rules, scenario.start, scenario.steps, range(replicates), rows)
        return cls(scenario, world, rules, plan, uncertain)

    @property
    def text(self) -> str:
        """The plan as text; of what the page works out and of what the kernel fills, the first replicate alone."""
        arrays: dict[str, Any] = dict(layout.read(self.plan, layout.PLAN))
        for name in (*layout.RESTED, *(MADE if self.made else ())):
            arrays[name] = arrays[name][:1]
        return packed(layout.block(layout.PLAN_MAGIC, layout.PLAN, arrays))

    @property
    def made(self) -> bool:
        """Whether the page can work out the start: no anchor that the tables give is drawn by replicate."""
        return not any(isinstance(row["anchor"], Distribution) for row in self.scenario.tables.trust)

    @property
    def apart(self) -> bool:
        """Whether replicates begin apart in what the page works out."""
        plan, known = layout.read(self.plan, layout.PLAN), layout.parameters()
        columns = [known.index(tuple(key.split("."))) for key in self.begun_by()]  # type: ignore[arg-type]
        rows = any(len(plan[name]) > 1 for name in (*MADE, "affinity", "capability"))
        return self.made and (rows or bool(np.ptp(plan["parameters"][:, columns], axis=0).any()))

    def begun_by(self) -> list[str]:
        """The parameters that the start hangs on, by what the rules say of it."""
        p = self.rules.parameters
        keys = [f"anchor.{name}" for name in ("pact", "distance")]
        keys += [f"anchor.{name}" for name in (RECORD if p["anchor"].start == "record" else HAND)]
        if p["crisis"].hazards == "classes":
            keys += [f"decision.conflict_{name}" for name in ("base", "rivalry", "border")]
        if self.rules.has("blocs") and p["blocs"].regard == "commitment":
            keys += [f"blocs.{name}" for name in SIDES]
        return keys

    @property
    def mark(self) -> str:
        """What tells one plan from another, and so one version of a scenario from another."""
        return hashlib.sha256(self.plan.tobytes()).hexdigest()[:12]

    @property
    def begins(self) -> str:
        """The same of what the starting world's decisions hang on: stories of one start are put to rest once."""
        parts = layout.read(self.plan, layout.PLAN)
        names = ("parameters", "schedule", "streams", *layout.FIXED, *layout.STATE)
        own = [parts[name].tobytes() for name in names if name not in ("event_start", "event_held")]
        return hashlib.sha256(b"".join(own)).hexdigest()[:12]

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What a manifest of a run says of states, actors, organisations, sets, watched dyads and cores."""
        tables, story = self.scenario.tables, self.scenario

        def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [{"code": row["code"], "name": row.get("name") or row["code"]} for row in rows]

        def members(code: str) -> list[str]:
            return sorted(row["state"] for row in tables.memberships if row["organisation"] == code)

        return {
            "states": named(tables.states),
            "actors": named(tables.actors),
            "organisations": [row | {"members": members(row["code"])} for row in named(tables.organisations)],
            "sets": story.sets,
            "watch": story.watch,
            "cores": story.cores,
            "title": story.title,
            "question": story.question,
        }

    @cached_property
    def name(self) -> Namer:
        """Names of states and actors."""
        return Namer.of_manifest(self.manifest)

    @cached_property
    def sides(self) -> Sides:
        """What the two sides are called."""
        return Sides.of(self.scenario.cores)

    def story(self) -> dict[str, Any]:
        """The scenario as plain data."""
        return self.scenario.spec

    def columns(self) -> dict[str, list[list[str]]]:
        """Measure and subject of each column of the two sections of results."""
        of = {"monthly": layout.MONTHLY, "yearly": layout.YEARLY}
        return {
            kind: [[name, subject] for name in names for subject in measures.subjects(name, self.rules.frame)]
            for kind, names in of.items()
        }

    def booked(self) -> list[str]:
        """The events that have an account in the ledger."""
        return booking(self.rules.events)

    def sentence(self, key: str) -> str:
        """What an event does."""
        return describe_event(
            self.scenario.events[key], state_names(self.scenario), commitments_of(self.scenario.spec.get("organisations"))
        )

    def decides(self) -> dict[str, Any]:
        """What makes replicates decide differently at the start: arrays with a row each, and columns of parameters.

        See :func:`sim.start.expectation.alike`; ``at_all`` is whether anybody decides.
        """
        asked = [name for name in ("decision", "threat", "institutions") if self.rules.has(name)]
        reads = {array for name in asked for array in get(name).READS}
        arrays = {"anchor" if array == "trust" else array for array in reads} - set(layout.RESTED)  # trust where it rests
        known = layout.parameters()
        columns = {k for k, (mechanism, _) in enumerate(known) if mechanism in asked}
        if self.made:  # then the page has one row of these, and they differ where what they hang on does
            of = {"conflict": "decision.conflict_", "anchor": "anchor."}
            begins = tuple(of[name] for name in arrays & set(of))
            columns |= {known.index(tuple(key.split("."))) for key in self.begun_by() if key.startswith(begins)}
            arrays -= set(MADE)
        return {
            "at_all": self.rules.has("decision"),
            "sections": sorted(arrays & {section.name for section in layout.PLAN}),
            "parameters": sorted(columns),
        }
