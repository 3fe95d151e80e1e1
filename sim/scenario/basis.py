"""What the numbers of a story rest on: which of them it reads at all, which are estimated, and how many are assumed.

A number that belongs to a form which is not in use (the terms of ties under ``mode: logit``), or that stands at nothing
(``insurgency.spillover: 0``), is no assumption of the story. Numbers of the code that stand for assumptions count with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim import mechanisms
from sim.calendar import format_month, parse_month
from sim.parameters import ParameterInfo
from sim.scenario.calibration import Table, table_of
from sim.scenario.scenario import Scenario

ESTIMATED, ASSUMED = "E", "A"
_TERMS = (
    "rate",
    "constant",
    "keep",
    "shared",
    "trust",
    "threat",
    "distance",
    "land",
    "enemies",
    "hostile",
    "consent",
    "directed",
)
FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    **{f"ties.{name}": ("ties.mode", ("actor_oriented", "one_alter")) for name in _TERMS},
    **{f"crisis.{name}": ("crisis.hazards", ("classes",)) for name in ("rival", "land", "other")},
    **{f"decision.conflict_{name}": ("crisis.hazards", ("classes",)) for name in ("base", "border")},
    **{f"anchor.{name}": ("anchor.start", ("rule",)) for name in ("level", "pact", "consultation", "distance", "rivalry")},
    **{
        f"anchor.{name}": ("anchor.start", ("record",))
        for name in ("weight", "lasting", "per_pact", "per_distance", "per_rivalry")
    },
    **{f"blocs.{name}": ("blocs.regard", ("commitment",)) for name in ("pact", "consultation", "opposed", "threshold")},
}
"""Parameters that are read under some forms only: by key the parameter that picks the form, and its words."""
NOTHING = (
    "insurgency.spillover",
    "blocs.past",
    "decision.exposure",
    "decision.commitment",
    "anchor.per_pact",
    "trust.solidarity",
)
"""Parameters of rules that are off where they stand at 0."""
CODE: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "sim.start.world.NEARNESS": ("", (), ("sea", "none")),
    "sim.start.world.WORLD_REACH": ("", (), ("least nearness of world powers",)),
    "sim.start.world.CONFLICT": ("crisis.hazards", ("dyads",), ("low", "high", "middle", "scale")),
    "sim.measures.alignment.UNDECIDED": ("blocs.regard", ("commitment",), ("added to the sum",)),
}
"""Assumed numbers of the code: the form under which they are read (none: always), and what they are."""
UNDIRECTED: dict[str, tuple[str, ...]] = {
    "sim.data.builder.undirected.TAIL": ("share of the most hostile pairs",),
    "sim.data.builder.undirected.PER_DAY": ("events that a day with events stands for",),
    "sim.data.builder.undirected.AT_MOST": ("most events of a pair",),
}
"""Assumed numbers of a world whose record has no direction, and what they are; read where trust starts at a record."""


@dataclass(frozen=True)
class Used:
    """A parameter that a story reads, with what its number rests on there."""

    key: str
    info: ParameterInfo
    value: Any
    basis: str


def used(
    schedule: Sequence[str], parameters: Mapping[str, Mapping[str, Any]], table: Table | None = None, actors: bool = True
) -> list[Used]:
    """The parameters that count.

    Args:
        schedule: mechanisms in use.
        parameters: by mechanism, those that differ from the defaults.
        table: draws of those that are estimated.
        actors: whether there are non-state actors; without them nothing of insurgency is read.
    """
    known = mechanisms.all_parameters()
    standing = {
        f"{name}.{info.name}": (info, parameters.get(name, {}).get(info.name, info.default))
        for name in dict.fromkeys([*schedule, "anchor"])
        if name in known
        for info in known[name]
    }
    found = []
    for key, (info, value) in standing.items():
        if not actors and (key.startswith("insurgency.") or key == "threat.half_strength"):
            continue
        if _read(key, standing) and not (key in NOTHING and value == 0):
            estimated = table is not None and key in table.estimated
            found.append(Used(key, info, value, ESTIMATED if estimated else info.basis))
    return found


def _read(key: str, standing: Mapping[str, tuple[ParameterInfo, Any]]) -> bool:
    form, words = FORMS.get(key, ("", ()))
    return form not in standing or standing[form][1] in words


def of_code(schedule: Sequence[str], parameters: Mapping[str, Mapping[str, Any]]) -> int:
    """How many assumed numbers of the code a story reads."""
    forms = {one.key: one.value for one in used(schedule, parameters)}
    return sum(len(numbers) for form, words, numbers in CODE.values() if not form or forms.get(form) in words)


def counted(story: Scenario) -> tuple[int, int, int]:
    """Assumed parameters, assumed numbers of the code, and all parameters that a story reads."""
    about = tuple(story.schedule), story.parameters
    found = used(*about, getattr(story, "calibration", None), bool(story.tables.actors))
    of_record = sum(map(len, UNDIRECTED.values())) if _without_direction(story.tables.grounds, found) else 0
    return sum(one.basis == ASSUMED for one in found), of_code(*about) + of_record, len(found)


def _without_direction(grounds: Sequence[Mapping[str, Any]], found: Sequence[Used]) -> bool:
    """Whether trust starts at a record of events and all of it is the same both ways."""
    some = [row for row in grounds if row["events"] or row["events_back"]]
    same = all((row["events"], row["record"]) == (row["events_back"], row["record_back"]) for row in some)
    return bool(some) and same and any((one.key, one.value) == ("anchor.start", "record") for one in found)


def beyond(story: Scenario) -> str:
    """What of a story lies outside what its rules were calibrated on, as a sentence; empty where nothing does."""
    whole = table_of((story.spec or {}).get("rules"))
    if whole is None:
        return ""
    about, found = whole.about, []
    first, last = (int(about.get(name, 0)) for name in ("from", "until"))
    end = int(format_month(story.end - 1)[:4])
    if end > last:
        found.append(f"it ends {end - last} year{'s' * (end - last != 1)} after the data")
    if story.start < parse_month(f"{first}-01"):
        found.append(f"it begins in {format_month(story.start)[:4]}")
    if len(story.states) > int(about.get("states", 0)):
        found.append(f"it has {len(story.states)} states")
    for key in whole.keys:
        mechanism, name = key.split(".")
        value = story.parameters.get(mechanism, {}).get(name)
        low, _, high = whole.interval(key)
        own = story.calibration is None or key not in story.calibration.keys
        if own and isinstance(value, (int, float)) and not low <= value <= high:
            found.append(f"{key} is {value:g} ({low:.3g} to {high:.3g})")
    if not found:
        return ""
    return f"Outside what was calibrated ({about.get('states')} states, {first} to {last}): {', '.join(found)}."
