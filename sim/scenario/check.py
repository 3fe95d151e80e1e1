"""The checks that scenario sections share: text, numbers, dates, codes and sources, each with its place and advice."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from sim import calendar
from sim.scenario.columns import BASES
from sim.scenario.distributions import KINDS, Distribution, parse_distribution
from sim.scenario.inherit import Draft
from sim.scenario.phrases import count, in_words, meant_number, not_a_number, number_range, unusable_numbers, what_is
from sim.scenario.problems import (
    COMMAND_LINE,
    MOST,
    Key,
    Position,
    Problem,
    ScenarioError,
    did_you_mean,
    dotted,
    nearest,
    quote,
)
from sim.scenario.worlds import worlds_with

CODE = re.compile(r"[A-Z]{3}\Z")
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")


class Check:
    """Collects what is wrong with one scenario and what a reader should know."""

    def __init__(self, draft: Draft, spec: dict[str, Any], changed: Collection[Key] = ()) -> None:
        """``spec`` is the draft's, perhaps changed; ``changed`` are the keys that the command line set."""
        self.draft, self.spec, self.changed = draft, spec, frozenset(changed)
        self.problems: list[Problem] = list(draft.problems)
        self.warnings: list[str] = list(draft.warnings)
        world = draft.world
        states, organisations, actors = (_section(spec, name) for name in ("states", "organisations", "actors"))
        self.world_states, self.world_organisations = world.names, world.organisations
        self.states = [code for code in self.world_states if states.get(code) is not None]
        self.organisations = [code for code in self.world_organisations if organisations.get(code) is not None]
        self.world_actors = list(world.hosts)
        self.actors = [code for code, host in world.hosts.items() if host in self.states and actors.get(code) is not None]
        own = spec.get("sources")
        self.sources: dict[str, str] = {**draft.world.sources, **(own if isinstance(own, dict) else {})}

    # -- saying what is wrong ------------------------------------------------------------------------------------

    def where(self, key: Key, *, at_key: bool = False) -> Position:
        """The place of a value (or of its key), or of the nearest thing around it that has one."""
        if any(key[:length] in self.changed for length in range(1, len(key) + 1)):
            return COMMAND_LINE
        known = any(key[:length] in self.draft.positions for length in range(1, len(key) + 1))
        if not known and any(changed[: len(key)] == key for changed in self.changed):
            return COMMAND_LINE
        return self.draft.place(key, at_key=at_key)

    def layer(self, key: Key) -> int:
        """Which file of the chain said it, the newest the highest; the command line is the highest of all."""
        where = self.where(key)
        return len(self.draft.layers) if where is COMMAND_LINE else self.draft.layers.get(where.file, -1)

    def wrong(self, key: Key, text: str, *, at_key: bool = False) -> None:
        """Note a problem."""
        where = self.where(key, at_key=at_key)
        own = where is COMMAND_LINE and key and key[0] not in ("parameters", "start", "end", "uncertainty")
        self.problems.append(Problem(where, ("scenario", *key) if own else key, text))
        if len(self.problems) > MOST:
            raise ScenarioError(self.problems)

    def warn(self, key: Key, text: str) -> None:
        """Note what a reader should know though it is not wrong."""
        self.warnings.append(f"{dotted(key)}: {text}")

    def usable(self, spec: dict[str, Any]) -> None:
        """Every number is one that can be reckoned with.

        Raises:
            ScenarioError: one is not: a change from the command line or from Python, since no file can hold such.
        """
        found = list(unusable_numbers(spec))
        for key in found:
            self.wrong(key, "is not finite or far too large; write a number below 1e18")
        if found:
            raise ScenarioError(self.problems)

    # -- shapes --------------------------------------------------------------------------------------------------

    def mapping(self, key: Key, value: Any, example: str) -> dict[str, Any]:
        """The mapping, or an empty one with a problem noted; None counts as empty."""
        if isinstance(value, dict):
            return value
        if value is not None:
            self.wrong(key, f"{what_is(value)}, where a mapping is needed, such as {example}")
        return {}

    def keys(self, key: Key, value: dict, allowed: Iterable[str], required: Iterable[str] = (), *, of: str) -> None:
        """Unknown and missing keys of a mapping."""
        allowed = list(allowed)
        for name in value:
            if name not in allowed:
                self.wrong((*key, name), f"is not a key of {of}{did_you_mean(name, allowed)}", at_key=True)
        for name in required:
            if name not in value:
                self.wrong(key, f"{name!r} is missing; {of} needs {in_words(required)}", at_key=True)

    def text(self, key: Key, value: Any, *, longest: int = 5000) -> str:
        """A text that is not empty."""
        if not isinstance(value, str):
            self.wrong(key, f"{what_is(value)}, where text is needed; put it in quotes")
        elif not value.strip():
            self.wrong(key, "is empty; write some text or remove the key")
        elif len(value) > longest:
            self.wrong(key, f"has {len(value)} characters; at most {longest} are allowed")
        return value if isinstance(value, str) else ""

    def one_of(self, key: Key, value: Any, allowed: Collection[str]) -> str | None:
        """One of a few words."""
        if isinstance(value, str) and value in allowed:
            return value
        self.wrong(key, f"{quote(value)} is not allowed{did_you_mean(value, allowed)}")
        return None

    def sequence(self, key: Key, value: Any, example: str) -> list[Any]:
        """The list, or an empty one with a problem noted."""
        if isinstance(value, list):
            return value
        self.wrong(key, f"{what_is(value)}, where a list is needed, such as {example}")
        return []

    # -- numbers and dates ---------------------------------------------------------------------------------------

    def number(
        self,
        key: Key,
        value: Any,
        low: float,
        high: float,
        *,
        what: str = "",
        above: bool = False,
        whole: bool = False,
        certain: bool = False,
    ) -> float | int | Distribution | None:
        """A number within bounds, plain, with its source, or as a distribution; None with a problem noted.

        ``above`` leaves the lower bound itself out; ``whole`` allows whole numbers only, ``certain`` no
        distribution.
        """
        allowed = f"allowed: {number_range(low, high, above, whole)}{f', {what}' if what else ''}"

        def problem(number: Any) -> str | None:
            if isinstance(number, bool) or not isinstance(number, (int, float)):
                return f"{not_a_number(number)}; {allowed}"
            if whole and number != int(number):
                return f"{number:g} is not a whole number; {allowed}"
            if not (low < number if above else low <= number) or number > high:
                return f"{number:g} is outside its bounds; {allowed}"
            return None

        bare = value.get("value", value) if isinstance(value, dict) else value
        if (certain or whole) and isinstance(bare, dict) and set(bare) & set(KINDS):
            self.wrong(key, f"is a distribution, and this must be one number; {allowed}")
            return None
        return self.quantity(key, value, problem)

    def quantity(self, key: Key, value: Any, problem: Callable[[Any], str | None]) -> Any:
        """A value written in any of the ways of a number; ``problem`` says what is wrong with one number."""
        if isinstance(value, dict):
            if "value" in value:
                return self._sourced(key, value, problem)
            if not set(value) & set(KINDS):
                near = next((near for name in value if (near := nearest(name, [*KINDS, "value"]))), None)
                hint = f"; did you mean {near!r}?" if near else ";"
                forms = "a number is written .5, {value: .5, source: id} or {uniform: [0, 1]}"
                self.wrong(key, f"is not a number{hint} {forms}, with one of {', '.join(KINDS)}")
                return None
            if extra := [name for name in value if name in ("source", "basis")]:
                plain = {name: part for name, part in value.items() if name not in extra}
                self.origin(key, value)
                return self._distribution(key, plain, problem)
            return self._distribution(key, value, problem)
        if text := problem(value):
            if isinstance(value, str) and (meant := meant_number(value)) is not None:
                text = text.replace("is not a number;", f"is not a number; did you mean {meant:g}?", 1)
            self.wrong(key, text)
            return None
        return value

    def _sourced(self, key: Key, value: dict, problem: Callable[[Any], str | None]) -> Any:
        self.keys(key, value, ("value", "source", "basis"), ("value",), of="a number with its source")
        self.origin(key, value)
        if "value" not in value:
            return None
        if isinstance(value["value"], dict) and "value" in value["value"]:
            self.wrong((*key, "value"), "is a mapping with a value again; write the number here")
            return None
        return self.quantity((*key, "value"), value["value"], problem)

    def _distribution(self, key: Key, value: dict, problem: Callable[[Any], str | None]) -> Distribution | None:
        try:
            distribution = parse_distribution(value)
        except ValueError as error:
            unknown = [name for name in value if name not in KINDS]
            self.wrong(key, f"{error}{did_you_mean(unknown[0], KINDS) if unknown else ''}")
            return None
        low, high = distribution.bounds()
        if distribution.kind == "normal":
            mean, sd = distribution.args
            low, high = mean - 3 * sd, mean + 3 * sd
        elif distribution.kind == "lognormal":
            median, sigma = distribution.args
            low, high = median * math.exp(-3 * sigma), median * math.exp(3 * sigma)
        values = distribution.args if distribution.kind == "choice" else (low, high)
        for number in values:
            if text := problem(number):
                reach = " (three spreads out)" if distribution.kind in ("normal", "lognormal") else ""
                self.wrong(key, f"this distribution reaches {number:g}{reach}: {text}")
                return None
        return distribution

    def origin(self, key: Key, value: dict) -> None:
        """``source`` and ``basis`` of a mapping that may have them."""
        if value.get("source") is not None:
            ids = value["source"] if isinstance(value["source"], list) else [value["source"]]
            for number, source in enumerate(ids):
                place = (*key, "source", number) if isinstance(value["source"], list) else (*key, "source")
                if not isinstance(source, str) or source not in self.sources:
                    hint = did_you_mean(source, self.sources, what="sources", most=10)
                    self.wrong(place, f"{quote(source)} is not among the sources{hint}; add it under `sources:`")
        if value.get("basis") is not None:
            self.one_of((*key, "basis"), value["basis"], BASES)

    def month(self, key: Key, value: Any) -> int | None:
        """A date as a month number; None with a problem noted."""
        if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999:
            self.wrong(key, f"{value} is a year; write a month, such as {value}-06, or a day, such as {value}-06-09")
        elif not isinstance(value, str):
            self.wrong(key, f"{what_is(value)}, where a date is needed, such as 2017-06 or 2017-06-09")
        else:
            try:
                return calendar.parse_month(value)
            except ValueError as error:
                self.wrong(key, str(error))
        return None

    # -- states and others ---------------------------------------------------------------------------------------

    def codes(self, key: Key, value: Any, *, least: int = 1, dropped: bool = True) -> list[str] | None:
        """A list of states. Those taken out of this world are left out with a warning; None if too few remain.

        None also follows a problem noted, so a caller that must tell them apart looks at ``problems``.
        """
        items = self.sequence(key, value, "[IND, PAK]")
        if not isinstance(value, list):
            return None
        good, gone, bad = [], [], False
        for number, code in enumerate(items):
            if not isinstance(code, str) or code not in self.world_states:
                self.unknown_state((*key, number), code)
                bad = True
            elif code in good or code in gone:
                self.wrong((*key, number), f"{code} is listed twice; keep one")
                bad = True
            elif code in self.states:
                good.append(code)
            else:
                gone.append(code)
        if bad:
            return None
        if len(items) < least:
            self.wrong(key, f"names {count(len(items))}; at least {least} are needed")
            return None
        if gone and dropped and len(good) >= least:
            self.warn(key, f"without {', '.join(gone)}, not in this world")
        return good if len(good) >= least else None

    def unknown_state(self, key: Key, code: Any) -> None:
        """A state nobody knows: by code, or by its name."""
        by_name = {name.casefold(): c for c, name in self.world_states.items()}
        if isinstance(code, str) and code.casefold() in by_name:
            self.wrong(key, f"{quote(code)} is a name; write its code, {by_name[code.casefold()]}")
        elif isinstance(code, bool):
            self.wrong(key, f"{quote(code)} is not a state; write a code of three capitals, such as NOR")
        else:
            hint = did_you_mean(code, self.states, what="states")
            self.wrong(key, f"{quote(code)} is not a state of {self.draft.world.name}{hint}{self.elsewhere(code)}")

    def elsewhere(self, code: Any) -> str:
        """Which world of the same month has a state that this one lacks, and how to get one."""
        if not isinstance(code, str) or not CODE.match(code):
            return ""
        world = self.draft.world
        if having := [name for name in worlds_with(code, self.draft.folders, world.date) if name != world.name]:
            return f". {having[0]} has it: write `world: {having[0]}` and list your states under `states:`"
        if worlds_with(code, self.draft.folders):
            month = calendar.format_month(world.date)
            return (
                f". A world of {month} that has it: python -m sim world build NAME --data DIR --start {month} --states ..."
            )
        return ""

    def member_of(self, key: Key, value: Any, kind: str) -> str | None:
        """The code of an ``organisation`` or ``actor``; the empty text for one that was taken out of this world."""
        world = self.world_organisations if kind == "organisation" else self.world_actors
        present = self.organisations if kind == "organisation" else self.actors
        if isinstance(value, str) and value in world:
            return value if value in present else ""
        article = "an" if kind[0] in "aeiou" else "a"
        hint = did_you_mean(value, present, what=f"{kind}s")
        self.wrong(key, f"{quote(value)} is not {article} {kind} of {self.draft.world.name}{hint}")
        return None


def _section(spec: dict[str, Any], name: str) -> dict[str, Any]:
    return value if isinstance(value := spec.get(name), dict) else {}
