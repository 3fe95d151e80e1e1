"""docs/parameters.md, written from the code: parameters, measures, events and variables, each with what it is.

    python docs/parameters.py            write it
    python docs/parameters.py --check    say what is stale, and exit with 1 if anything is

The page holds nothing that the code does not say, so it is never edited by hand.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable, Sequence
from math import isinf
from pathlib import Path
from typing import Any

from sim import measures, mechanisms
from sim.events import types
from sim.events.event_type import EventType
from sim.events.target import TARGETS
from sim.parameters import BASES, ParameterInfo
from sim.scenario import basis, read_draft
from sim.scenario.calibration import table_of
from sim.scenario.rules import LATEST, RULES
from sim.world import VARIABLES, Variable

PAGE = Path(__file__).with_suffix(".md")
HEAD = """# Parameters, measures, events and variables

Written by `python docs/parameters.py` from the code; do not edit. Equations and assumptions are in [odd.md](odd.md).

A parameter is changed with `parameters.MECHANISM.NAME=VALUE` on the command line or under `parameters:` in a scenario;
its bounds are enforced. Basis: {bases}.
"""


def page() -> str:
    """The text of docs/parameters.md."""
    found = mechanisms.all_parameters()
    infos = [info for each in found.values() for info in each]
    counts = ", ".join(f"{sum(i.basis == b for i in infos)} {word}" for b, word in BASES.items())
    parts = [HEAD.format(bases=", ".join(f"**{b}** {word}" for b, word in BASES.items()))]
    parts.append(f"There are {len(infos)} parameters: {counts}.\n\n## Parameters\n")
    parts += [_mechanism(name, found[name]) for name in _in_order(found)]
    parts += ["## Under rules 0.2\n", _of_rules()]
    parts += ["## Measures\n", _measures(), "## Events\n", _events(), "## Variables of the world\n", _variables()]
    return "\n".join(parts)


def _in_order(found: Iterable[str]) -> list[str]:
    """Mechanisms in the order of the baseline's month; those not in it come last."""
    schedule = read_draft("baseline").spec["schedule"]
    return sorted(found, key=lambda name: (schedule.index(name) if name in schedule else len(schedule), name))


def _mechanism(name: str, infos: Sequence[ParameterInfo]) -> str:
    module = mechanisms.get(name)
    about = " ".join((module.__doc__ or "").split("\n\n")[0].split())
    head = f"### {name}\n\n{about}\n\nReads {_codes(module.READS)}. Writes {_codes(module.WRITES)}.\n"
    if not infos:
        return f"{head}\nNo parameters.\n"
    rows = [(f"`{name}.{i.name}`", _value(i.default), i.unit, _allowed(i), i.meaning, i.source, i.basis) for i in infos]
    return head + "\n" + table(("parameter", "default", "unit", "allowed", "meaning", "source", "basis"), rows)


def _of_rules() -> str:
    """What the numbers are under the latest rules, and what they rest on there."""
    schedule = tuple(read_draft("baseline").spec["schedule"])
    table_of_draws = table_of(LATEST)
    found = basis.used(schedule, RULES[LATEST], table_of_draws)
    code = basis.of_code(schedule, RULES[LATEST])
    counts = ", ".join(f"{sum(u.basis == b for u in found)} {word}" for b, word in BASES.items())
    rows = []
    for one in found:
        interval = ""
        if one.basis == basis.ESTIMATED and table_of_draws is not None and one.key in table_of_draws.keys:
            low, _, high = table_of_draws.interval(one.key)
            interval = f"{low:.3g} to {high:.3g}"
        rows.append((f"`{one.key}`", _value(one.value), interval, one.basis))
    text = (
        f"A story under rules {LATEST} reads {len(found)} parameters: {counts}; and {code} assumed numbers of the code. Not "
    )
    text += (
        "counted: terms of forms that are not in use and rules that stand at 0. Intervals: 5 to 95 % of the table of draws "
    )
    text += "([calibration.md](calibration.md)).\n\n"
    return text + table(("parameter", "value", "90 % interval", "basis"), rows)


def _measures() -> str:
    rows = [
        (f"`{m.name}`", m.unit, m.subjects, "month" if m.every == 1 else f"{m.every} months", m.meaning)
        for m in measures.describe()
    ]
    return table(("measure", "unit", "taken of", "every", "meaning"), rows)


def _events() -> str:
    text = "Every event has `title`, `source`, `basis` and one of `on` (a date), `when` (a condition), `hazard` (a "
    text += "chance a month). An imposed event sets an outcome that the model would otherwise decide.\n\n"
    rows = [(f"`{name}`", "yes" if about.imposed else "", about.meaning, _fields(about)) for name, about in types().items()]
    return text + table(("type", "imposed", "meaning", "fields"), rows)


def _fields(kind: EventType) -> str:
    fields = [f"`{name}`: {field.meaning}" for name, field in kind.fields.items()]
    ways = [way for way in TARGETS if way in kind.who or any(way in about.who for about in kind.variables.values())]
    who = [f"who: {', '.join(f'`{way}`' for way in ways)}".replace("`from`", "`from` and `to`")] if ways else []
    return "; ".join([*fields, *who])


def _variables() -> str:
    text = "The first axis of every array is the replicate; it has length 1 where all replicates agree.\n\n"
    rows = [(f"`{name}`", ", ".join(v.dims), _range(v), v.unit, v.dtype, v.meaning) for name, v in VARIABLES.items()]
    return text + table(("variable", "axes", "range", "unit", "type", "meaning"), rows)


def _range(variable: Variable) -> str:
    low, high = variable.bounds
    if isinf(low):
        return "any"
    return f"{low:g} or more" if isinf(high) else f"{low:g} to {high:g}"


def _allowed(info: ParameterInfo) -> str:
    if info.choices:
        return ", ".join(info.choices)
    if isinstance(info.default, bool):
        return "true, false"
    return f"{info.bounds[0]:g} to {info.bounds[1]:g}"


def _value(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return default if isinstance(default, str) else f"{default:g}"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def stale(written: str) -> list[str]:
    """What differs between a page as it was written and as the code would write it now, a line each."""
    lines = difflib.unified_diff(written.splitlines(), page().splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def main(argv: Sequence[str] | None = None, path: Path = PAGE) -> int:
    """Write the page, or check it; 0 when it is up to date."""
    to = argparse.ArgumentParser(prog="python docs/parameters.py", description="Write docs/parameters.md from the code.")
    to.add_argument("--check", action="store_true", help="write nothing; say what is stale and exit with 1")
    args = to.parse_args(argv)
    if not args.check:
        path.write_text(page(), encoding="utf-8", newline="\n")
        print(f"wrote {path.relative_to(path.parent.parent)}")
        return 0
    different = stale(path.read_text(encoding="utf-8") if path.is_file() else "")
    for line in different:
        print(line)
    if different:
        print("docs/parameters.md is stale; write it again with: python docs/parameters.py", file=sys.stderr)
    return int(bool(different))


if __name__ == "__main__":
    raise SystemExit(main())
