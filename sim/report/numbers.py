"""The model's numbers behind a run: those that differ from their defaults, and those that rest on an assumption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim import mechanisms
from sim.parameters import BASES
from sim.report.citations import Citations
from sim.report.compact import plain
from sim.results import Run
from sim.wording import basis


def changed(runs: Sequence[tuple[str, Run]], citations: Citations) -> list[dict[str, Any]]:
    """Every parameter that some run sets otherwise than the code: name, meaning, default, and per run value and basis."""
    known = {f"{name}.{info.name}": info for name, infos in mechanisms.all_parameters().items() for info in infos}
    found: dict[str, dict[str, Any]] = {}
    for place, (_, run) in enumerate(runs):
        told = run.story().get("parameters") or {}
        for mechanism, values in (run.manifest.get("parameters_changed") or {}).items():
            for name, value in values.items():
                key = f"{mechanism}.{name}"
                info = known.get(key)
                row = found.setdefault(
                    key,
                    {
                        "key": key,
                        "meaning": info.meaning if info else "",
                        "unit": info.unit if info else "",
                        "default": shown(info.default) if info else "",
                        "values": [""] * len(runs),
                        "basis": "",
                        "sources": [],
                    },
                )
                row["values"][place] = shown(value)
                said = (told.get(mechanism) or {}).get(name) if isinstance(told.get(mechanism), Mapping) else None
                if isinstance(said, Mapping):
                    row["basis"] = basis(said["basis"]) if said.get("basis") else row["basis"]
                    source = said.get("source") or ()
                    row["sources"] = [citations.number(s) for s in ([source] if isinstance(source, str) else source)]
    for row in found.values():
        row["values"] = [value or row["default"] for value in row["values"]]
        row["basis"] = row["basis"] or "not stated"
    return list(found.values())


def assumed(run: Run) -> list[dict[str, str]]:
    """The parameters of the scheduled mechanisms that rest on an assumption, with their defaults."""
    known = mechanisms.all_parameters()
    schedule = [name for name in run.story().get("schedule") or () if name in known]
    return [
        {
            "key": f"{name}.{info.name}",
            "default": shown(info.default),
            "unit": "" if info.unit == "1" else info.unit,
            "meaning": info.meaning,
            "source": info.source or BASES[info.basis],
        }
        for name in schedule
        for info in known[name]
        if info.basis == "A"
    ]


def shown(value: Any) -> str:
    """A parameter's value as text; a distribution as its fields."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return plain(value)
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
