"""Everything that the page knows, as plain data for its script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sim import __version__, measures, resources
from sim.draws import Draws
from sim.events import types
from sim.events.event_type import TARGET_FIELDS
from sim.events.target import TARGETS, target_of
from sim.kernel import layout
from sim.kernel.covers import not_covered
from sim.mechanisms.trust import ACCOUNTS
from sim.questions.compare.answer import phrase
from sim.report import embedded
from sim.results.summary import SIDES, label
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.basis import counted
from sim.scenario.calibration import PARAMETERS
from sim.scenario.event_values import LONGEST
from sim.scenario.problems import COMMAND_LINE
from sim.workbench import addresses, drawing
from sim.workbench.story import Story
from sim.world import TIE_LEVELS

KINDS = ("states", "actors", "organisations")
LARGEST_LEDGER = 2**28
"""Bytes of a ledger that each worker of a page may hold."""
SLOTS = 32
"""Events that a page can add; each has a key, and so luck, of its own."""


def gather(
    scenario: Scenario, against: Scenario | None, seed: int, replicates: int, *, beside: bool = False
) -> dict[str, Any]:
    """What the page of a scenario says and knows; ``beside``: it shows the other story first.

    Raises:
        ScenarioError: the kernel cannot carry out one of them, or the two have other states, months or measures.
    """
    stories = [_story(one, seed, replicates) for one in (scenario, against) if one is not None]
    story = stories[0]
    if len(stories) > 1 and (reason := apart(*stories)):
        raise _refusal(f"{scenario.name} and {stories[1].scenario.name} cannot be on one page: {reason}")
    names, tables = story.world.names, scenario.tables
    data = {
        "version": __version__,
        "scenario": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "seed": seed,
        "replicates": replicates,
        "most": replicates if any(one.uncertain for one in stories) else 1000,
        "start": scenario.start,
        "steps": scenario.steps,
        "layout": _layout(),
        "counts": {name: k for k, name in enumerate(layout.COUNTS)},
        "event_columns": {name: k for k, name in enumerate(layout.EVENT)},
        "condition_columns": {name: k for k, name in enumerate(layout.CONDITION)},
        "event_types": list(layout.EVENT_TYPES),
        "parameter_keys": [f"{mechanism}.{name}" for mechanism, name in layout.parameters()],
        "parameter_words": {f"{m}.{name}": words for (m, name), words in layout.WORDS.items()},
        "arrays": list(layout.STATE),
        "rested": list(layout.RESTED),
        "columns": story.columns(),
        "stories": [_told(one) for one in stories],
        "parameters": addresses.parameters(story, seed),
        "matter": list(addresses.MATTER),
        "sure": _sure(scenario),
        "begin": addresses.start(story),
        "states": list(names.states),
        "actors": list(names.actors),
        "organisations": list(names.organisations),
        "hosts": {row["code"]: row["host"] for row in scenario.tables.actors},
        "promises": [TIE_LEVELS[_promise(scenario, code)] for code in names.organisations],
        "names": {row["code"]: row["name"] for kind in KINDS for row in story.manifest[kind]},
        "members": {row["code"]: row["members"] for row in story.manifest["organisations"]},
        "world": scenario.world,
        "joined": {f"{row['organisation']} {row['state']}": f"a member since {row['joined']}" for row in tables.memberships},
        "rivals": sorted("-".join(sorted((row["a"], row["b"]))) for row in tables.dyads if row["rivalry"]),
        "sets": {name: list(codes) for name, codes in scenario.sets.items()},
        "cores": {name: list(codes) for name, codes in scenario.cores.items()},
        "sides": list(story.sides.names.values()),
        "accounts": list(ACCOUNTS),
        "measures": _measures(story),
        "phrases": _phrases(story),
        "types": {name: _type(name) for name in types() if name in layout.EVENT_TYPES},
        "target_fields": {name: asdict(field) for name, field in TARGET_FIELDS.items()},
        "targets": TARGETS,
        "longest": LONGEST,
        "slots": [_slot(k, seed) for k in range(SLOTS)],
        "first": _first(stories) | {"against": int(beside)},
        "map": drawing.drawn(story),
    }
    return {"data": data, "title": scenario.title, "question": scenario.question, "limits": list(scenario.limits)}


def _story(scenario: Scenario, seed: int, replicates: int) -> Story:
    if reason := not_covered(scenario, None):
        raise _refusal(f"the kernel cannot carry out {scenario.name}, and a page has nothing else: {reason}")
    if scenario.uncertainty == PARAMETERS:
        raise _refusal(f"a page shows chance, and {scenario.name} has uncertainty: parameters; write both, or chance")
    ledger = 8 * len(ACCOUNTS) * scenario.steps * len(scenario.states) ** 2
    if ledger > LARGEST_LEDGER:
        said = f"{len(scenario.states)} states over {scenario.steps} months are more than a browser has memory for"
        raise _refusal(f"{said}; take fewer states or months, or use run")
    return Story.of(scenario, seed, replicates)


def _refusal(text: str) -> ScenarioError:
    return ScenarioError([Problem(COMMAND_LINE, ("scenario",), text)])


def fits(scenario: Scenario, other: Scenario) -> bool:
    """Whether two scenarios can be drawn on one page."""
    if not_covered(scenario, None) or not_covered(other, None):
        return False
    return not apart(_story(scenario, 1, 1), _story(other, 1, 1))


def apart(one: Story, other: Story) -> str:
    """Why two stories cannot be drawn on one page; empty where they can."""
    for what, a, b in (
        ("states", one.world.names.states, other.world.names.states),
        ("months", (one.scenario.start, one.scenario.end), (other.scenario.start, other.scenario.end)),
        ("measures", one.columns(), other.columns()),
    ):
        if a != b:
            return f"they have other {what}"
    return ""


def _sure(scenario: Scenario) -> dict[str, Any]:
    """What the bands of a scenario hold, and how much of it is assumed."""
    assumed, of_code, total = counted(scenario)
    table = scenario.calibration
    estimated = len(table.estimated) if table is not None else 0
    return {
        "assumed": assumed,
        "of_code": of_code,
        "total": total,
        "estimated": estimated,
        "uncertainty": scenario.uncertainty,
    }


def _promise(scenario: Scenario, code: str) -> str:
    row = next(row for row in scenario.tables.organisations if row["code"] == code)
    return row.get("commitment") or "none"


def _layout() -> dict[str, Any]:
    def sections(of: Sequence[layout.Section]) -> list[dict[str, str]]:
        return [{"name": section.name, "dtype": section.dtype} for section in of]

    return {
        "head": {"plan": layout.PLAN_MAGIC.decode(), "results": layout.RESULTS_MAGIC.decode()},
        "version": layout.VERSION,
        "digest": str(layout.digest()),
        "plan": sections(layout.PLAN),
        "results": sections(layout.RESULTS),
        "saved": sections(layout.SAVED),
    }


def _told(story: Story) -> dict[str, Any]:
    return {
        "name": story.scenario.name,
        "word": _word(story.scenario),
        "title": story.scenario.title,
        "plan": story.text,
        "mark": story.mark,
        "begins": story.begins,
        "begin": addresses.begins(story),
        "uncertain": story.uncertain,
        "decides": story.decides(),
        "booked": story.booked(),
        "events": addresses.events(story),
    }


def _word(scenario: Scenario) -> str:
    """What a command line calls a scenario: its name, or its file in the folder where one works."""
    own = scenario.file is not None and scenario.file.resolve().parent != resources.scenarios().resolve()
    return f"./{scenario.file.name}" if own and scenario.file is not None else scenario.name


def _measures(story: Story) -> list[dict[str, Any]]:
    """Measures in the order in which a reader asks for them, with their subjects by kind; a bloc as three shares."""
    about = {info.name: info for info in measures.describe()}
    of: dict[str, list[str]] = {}
    for kind in story.columns().values():
        for name, subject in kind:
            for measure in (name,) if name != "bloc" else tuple(side for side, _, _ in SIDES):
                of.setdefault(measure, []).append(subject)
    order = [m for m in embedded.LATE if m in of] + sorted(m for m in of if m not in embedded.LATE)
    found = []
    for measure in order:
        info = about.get(measure)
        meaning = info.meaning if info else f"share of replicates with the state {story.sides.words[measure]}"
        found.append(
            {
                "key": measure,
                "name": embedded.name_of(measure, story),
                "unit": info.unit if info else "share of replicates",
                "meaning": story.sides.said(meaning),
                "groups": embedded.groups_of(of[measure], story),
            }
        )
    return found


def _phrases(story: Story) -> dict[str, list[str]]:
    """By measure and subject: what the series is within a sentence, and as a label."""
    return {
        f"{one['key']}:{subject}": [phrase(story, one["key"], subject), label(one["key"], subject, story.name)]
        for one in _measures(story)
        for group in one["groups"]
        for subject, _ in group["subjects"]
    }


def _type(name: str) -> dict[str, Any]:
    """A type of event as data."""
    kind = types()[name]
    return asdict(kind) | {"required": list(kind.required)}


def _slot(k: int, seed: int) -> dict[str, str]:
    """The key of an event that the page adds, and the key of its stream."""
    key = f"added_{k + 1}"
    return {"key": key, "stream": str(int(Draws(seed, [0], {}).key("event/" + key)))}


def _first(stories: Sequence[Story]) -> dict[str, Any]:
    """What the page shows first: cooperation of the set that the story's own events are most about, and a pair's ledger.

    A story's own events are those that the other on the page does not have, or all.
    """
    story, others = stories[0], [one.scenario.events for one in stories[1:]]
    subjects = [subject for name, subject in story.columns()["monthly"] if name == "cooperation"]
    own = [event for key, event in story.scenario.events.items() if not any(key in events for events in others)]
    own += [event for events in others for key, event in events.items() if key not in story.scenario.events]
    moved = {code for event in own if event["type"] in ("join", "leave") for code in target_of(event).named}
    named = moved or {code for event in own for code in target_of(event).named}
    sets = {name: len(named & set(codes)) / len(codes) for name, codes in story.scenario.sets.items() if name in subjects}
    groups = [*sorted(sets, key=lambda name: -sets[name]), "world"]
    subject = next((name for name in groups if name in subjects), "world")
    pair = next(iter(story.scenario.watch), story.world.names.states[:2])
    return {"measure": "cooperation", "subject": subject, "pair": list(pair)}
