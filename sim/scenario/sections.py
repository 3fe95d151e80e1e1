"""The sections of a scenario other than its events: each checked, and returned as a run takes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sim.calendar import format_month
from sim.parameters import ParameterInfo, describe
from sim.scenario.check import KEY, Check
from sim.scenario.inherit import names
from sim.scenario.problems import did_you_mean, quote
from sim.scenario.worlds import worlds_of
from sim.wording import Sides

LONGEST = 1200
"""Months in the longest run."""
TAKEN = ("world", "East", "West", "none")
"""Subjects of measures that no set of states can be called."""


def months(check: Check) -> tuple[int | None, int | None]:
    """First month, and first month after the run; None, None with a problem noted."""
    start = check.month(("start",), check.spec["start"]) if "start" in check.spec else None
    last = check.month(("end",), check.spec["end"]) if "end" in check.spec else None
    if start is None or last is None:
        return None, None
    if last < start:
        text = f"{check.spec['end']} is before the start, {check.spec['start']}"
        check.wrong(("end",), f"{text}; `end` is the last month simulated")
        return None, None
    if last - start + 1 > LONGEST:
        check.wrong(("end",), f"makes {last - start + 1} months; at most {LONGEST} (a hundred years) are allowed")
        return None, None
    return start, last + 1


def world_of_the_month(check: Check, start: int | None) -> None:
    """A run starts in the month of its world; another month needs another world."""
    world = check.draft.world
    if start is None or start == world.date:
        return
    month, own = format_month(start), format_month(world.date)
    fitting = worlds_of(start, check.draft.folders)
    others = f"worlds of {month}: {', '.join(fitting)}" if fitting else f"there is no world of {month} here"
    build = f"python -m sim world build NAME --data DIR --states ... --start {month}"
    check.wrong(("start",), f"{month} is not the month of {world.name}, which is {own}; {others}; to make one: {build}")


def cores(check: Check) -> dict[str, tuple[str, ...]]:
    """The states that fix the two sides, by what the sides are called; east before west, other names as they come."""
    value = check.mapping(("cores",), check.spec.get("cores"), "{east: [RUS, CHN], west: [USA, GBR]}")
    if not value:
        return {}
    names = list(value)
    if {"east", "west"} & set(names):
        check.keys(("cores",), value, ("east", "west"), ("east", "west"), of="cores")
        names = [side for side in ("east", "west") if side in value]
    elif len(names) != 2:
        said = "two sides are needed, such as {allies: [FRA, GBR], axis: [DEU, ITA]}"
        check.wrong(("cores",), f"names {len(names)} side{'s' * (len(names) != 1)}; {said}", at_key=True)
    for side in names:
        if not KEY.match(side) or side.casefold() in ("none", "world", "non-aligned"):
            text = "cannot be the name of a side; write letters, digits and `_`, such as allies"
            check.wrong(("cores", side), text, at_key=True)
    found: dict[str, tuple[str, ...]] = {}
    for side in names:
        before = len(check.problems)
        codes = check.codes(("cores", side), value[side])
        if codes is None and len(check.problems) == before:
            check.wrong(("cores", side), "has no state left in this world; name one that is in it")
        found[side] = tuple(codes or ())
    first, second = (names + names)[:2]
    for code in found[first] if first != second else ():
        if code in found[second]:
            sides = [("cores", side, value[side].index(code)) for side in (first, second)]
            check.wrong(max(sides, key=check.layer), f"{code} is in both cores; a state can anchor one side only")
    return found


def _sides(check: Check) -> tuple[str, ...]:
    """The names of the sides, as they are shown."""
    given = check.spec.get("cores")
    sides = Sides.of(given if isinstance(given, dict) else ())
    return sides.east, sides.west


def sets(check: Check) -> dict[str, tuple[str, ...]]:
    """The named sets of states."""
    found: dict[str, tuple[str, ...]] = {}
    taken = {*check.world_states, *check.world_organisations, *check.world_actors, *TAKEN, *_sides(check)}
    for name, value in check.mapping(("sets",), check.spec.get("sets"), "{founders: [CHN, KAZ]}").items():
        key = ("sets", name)
        if not KEY.match(name) or name in taken:
            reason = "is taken by something else" if name in taken else "is not letters, digits and `_`"
            check.wrong(key, f"the name of a set {reason}; call it otherwise, such as founders", at_key=True)
            continue
        before = len(check.problems)
        codes = check.codes(key, value, least=2)
        if codes:
            found[name] = tuple(codes)
        elif len(check.problems) == before:
            check.warn(key, "left out: fewer than two of its states are in this world")
    return found


def watch(check: Check) -> tuple[tuple[str, str], ...]:
    """The dyads recorded in full, as they are written."""
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    if "watch" not in check.spec:
        return ()
    for number, item in enumerate(check.sequence(("watch",), check.spec["watch"], "[RUS-CHN, IND-PAK]")):
        key = ("watch", number)
        parts = item.split("-") if isinstance(item, str) else []
        if len(parts) != 2:
            check.wrong(key, f"{quote(item)} is not a pair of states; write it as RUS-CHN")
            continue
        unknown = [code for code in parts if code not in check.world_states]
        for code in unknown:
            check.unknown_state(key, code)
        if unknown:
            continue
        if parts[0] == parts[1]:
            check.wrong(key, f"{item} pairs a state with itself; name two states")
        elif frozenset(parts) in pairs:
            check.wrong(key, f"{item} is listed twice; keep one")
        elif all(code in check.states for code in parts):
            pairs[frozenset(parts)] = (parts[0], parts[1])
        else:
            check.warn(key, f"{item} left out: not in this world")
    return tuple(pairs.values())


def schedule(check: Check) -> tuple[str, ...]:
    """The mechanisms in their order."""
    from sim import mechanisms

    known = mechanisms.names()
    if "schedule" not in check.spec:
        return ()
    items = check.sequence(("schedule",), check.spec["schedule"], "[insurgency, threat, decision]")
    for number, name in enumerate(items):
        if not isinstance(name, str) or name not in known:
            hint = did_you_mean(name, known, what="mechanisms")
            check.wrong(("schedule", number), f"{quote(name)} is not a mechanism{hint}")
        elif name in items[:number]:
            check.wrong(("schedule", number), f"{name} is in the schedule twice; keep one")
    if isinstance(check.spec["schedule"], list) and not items:
        check.wrong(("schedule",), f"is empty; name the mechanisms in their order; mechanisms: {', '.join(known)}")
    return tuple(name for name in items if isinstance(name, str))


def parameters(check: Check, schedule: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The parameters that differ from the defaults beside the code."""
    from sim import mechanisms

    known = _parameters_of(tuple((name, mechanisms.get(name).Parameters) for name in mechanisms.names()))
    found: dict[str, dict[str, Any]] = {}
    given = check.mapping(("parameters",), check.spec.get("parameters"), "{trust: {gain: .006}}")
    for mechanism, value in given.items():
        key = ("parameters", mechanism)
        if mechanism not in known:
            with_numbers = [name for name in known if known[name]]
            hint = did_you_mean(mechanism, with_numbers, what="mechanisms")
            check.wrong(key, f"is not a mechanism{hint}", at_key=True)
            continue
        infos = known[mechanism]
        for name, number in check.mapping(key, value, "{gain: .006}").items():
            place = (*key, name)
            if name not in infos:
                hint = did_you_mean(name, infos, what=f"{mechanism} has")
                check.wrong(place, f"is not a parameter of {mechanism}{hint}", at_key=True)
                continue
            checked = check.quantity(place, number, _problem_of(infos[name]))
            if checked is not None and checked != infos[name].default:
                found.setdefault(mechanism, {})[name] = checked
        if mechanism in found and schedule and mechanism not in schedule:
            check.warn(key, f"changes nothing: {mechanism} is not in the schedule")
    return found


@lru_cache(maxsize=4)
def _parameters_of(mechanisms: tuple[tuple[str, type], ...]) -> dict[str, dict[str, ParameterInfo]]:
    """By mechanism and name; a sweep asks for the same thousands of times."""
    return {name: {info.name: info for info in describe(kind)} for name, kind in mechanisms}


def _problem_of(info: ParameterInfo) -> Callable[[Any], str | None]:
    """What is wrong with a value of a parameter; for one that picks a mode, with the word that was meant."""
    words = info.choices
    if words is None:
        return info.problem
    return lambda value: info.problem(value) and f"{quote(value)} is not allowed{did_you_mean(value, words)}"


def rules(check: Check) -> str | None:
    """The name of the rules of the model; None for the first."""
    from sim.scenario.rules import RULES

    given = check.spec.get("rules")
    if given is None:
        return None
    if isinstance(given, (str, float)) and str(given) in RULES:
        check.spec["rules"] = str(given)
        return str(given)
    check.wrong(("rules",), f"{quote(given)} are no rules of the model; allowed: {', '.join(RULES)}")
    return None


def uncertainty(check: Check, rules: str | None) -> str:
    """What differs between replicates: as asked for, or both where the rules have a table of draws, else chance."""
    from sim.scenario.calibration import BOTH, CHANCE, KINDS, table_of
    from sim.scenario.rules import FIRST

    usual = CHANCE if table_of(rules or FIRST) is None else BOTH
    given = check.spec.get("uncertainty")
    if given is None or given == usual:
        check.spec.pop("uncertainty", None)  # so that the same run is the same text
        return usual
    if given not in KINDS:
        check.wrong(("uncertainty",), f"{quote(given)} is not allowed{did_you_mean(given, KINDS)}")
    elif usual == CHANCE:
        said = f"{given} needs a table of draws, and rules {rules or FIRST} have none; write uncertainty=chance, or leave it"
        check.wrong(("uncertainty",), said)
    return str(given)


def sources(check: Check) -> dict[str, str]:
    """The world's sources and the scenario's own, by id."""
    own = check.mapping(("sources",), check.spec.get("sources"), "{tass_950215: TASS, 7 June 2017}")
    for name, value in own.items():
        check.text(("sources", name), value, longest=1000)
    return {name: text for name, text in check.sources.items() if isinstance(text, str)}


def limits(check: Check) -> tuple[str, ...]:
    """Known failures, a short sentence each, that a reader must know before quoting a number."""
    given = check.sequence(("limits",), check.spec.get("limits", []), "[IS-K stays too strong after 2022.]")
    return tuple(check.text(("limits", number), text, longest=200).strip() for number, text in enumerate(given))


def estimates(check: Check) -> list[dict[str, Any]]:
    """Published estimates, for pictures."""
    found = []
    example = "[{actor: ISK, date: 2017-06-07, low: 3500, high: 3500, observer: Russia, source: tass}]"
    for number, item in enumerate(check.sequence(("estimates",), check.spec.get("estimates", []), example)):
        key = ("estimates", number)
        row = check.mapping(key, item, example[1:-1])
        needed = ("actor", "date", "low", "high", "observer", "source")
        check.keys(key, row, (*needed, "note"), needed, of="an estimate")
        if any(name not in row for name in needed):
            continue
        actor = check.member_of((*key, "actor"), row["actor"], "actor")
        check.month((*key, "date"), row["date"])
        check.text((*key, "observer"), row["observer"], longest=100)
        check.origin(key, row)
        low, high = (check.number((*key, side), row[side], 0, 1e7, certain=True) for side in ("low", "high"))
        if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
            check.wrong((*key, "low"), f"{low:g} is above high, {high:g}; write the smaller number as low")
        if actor:
            found.append({**row, "low": low, "high": high})
    return found


def baseline(check: Check) -> str | None:
    """The name of the scenario to compare with."""
    if "baseline" not in check.spec:
        return None
    known = sorted({name for folder in check.draft.folders for name in names(folder)})
    if isinstance(check.spec["baseline"], str) and check.spec["baseline"] in known:
        return check.spec["baseline"]
    hint = did_you_mean(check.spec["baseline"], known, what="scenarios")
    check.wrong(("baseline",), f"{quote(check.spec['baseline'])} is not a scenario to compare with{hint}")
    return None


def _core_names(check: Check) -> dict[str, tuple[str, ...]]:
    """The sides by name, for their labels alone."""
    given = check.spec.get("cores")
    return dict.fromkeys(given, ()) if isinstance(given, dict) else {}


def subjects(measure: str, check: Check, sets: dict[str, tuple], watch: tuple[tuple[str, str], ...]) -> list[str]:
    """What a measure is taken of in this scenario."""
    from sim import measures
    from sim.world import Names

    axes = Names(tuple(sorted(check.states)), tuple(sorted(check.actors)), tuple(sorted(check.organisations)))
    return measures.subjects(measure, measures.Frame(axes, _core_names(check), sets, watch))
