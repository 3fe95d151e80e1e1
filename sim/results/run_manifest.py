"""What the manifest of a run says: what was run, by which code, and what a reader must know before quoting a number."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calendar import format_month
from sim.options import DEFAULTS, KERNEL, NOT_BY_THE_KERNEL, NUMPY
from sim.results.manifest import NAME, now
from sim.results.run_digest import code_digest, plain
from sim.scenario.basis import beyond, counted
from sim.scenario.calibration import BOTH, CHANCE, PARAMETERS

if TYPE_CHECKING:
    from sim.results.shares import Share

MANY = 3  # warnings that a summary shows one by one
PACKAGES = ("numpy", "scipy", "pandas", "pyarrow", "h5netcdf", "h5py", "mesa", "hydra-core")


def imposed_events(events: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Keys of the events that impose an outcome instead of a cause."""
    from sim.events import types

    return [key for key, event in events.items() if types()[event["type"]].imposed]


def validity(trajectory: Any, differing: Mapping[str, Any] | None = None) -> list[str]:
    """What a reader must know before quoting the numbers, a sentence each; the scenario's known limits come last.

    ``differing`` is what :func:`uncertainty` found; None: it is worked out here.
    """
    story = trajectory.scenario
    assumed, of_code, total = counted(story)
    also = f" (and {of_code} number{'s' * (of_code != 1)} of the code)" if of_code else ""
    sentences = [f"{assumed} of {total} parameters are assumptions{also}; sweep those that matter to you."]
    imposed = imposed_events(story.events)
    if imposed:
        plural = "s impose an outcome" if len(imposed) > 1 else " imposes an outcome"
        sentences.append(f"{len(imposed)} event{plural}: {', '.join(imposed)}.")
    else:
        sentences.append("No event imposes an outcome.")
    for code, about in (getattr(trajectory, "behaviours", None) or {}).items():
        sentences.append(f"{code} does not follow the built-in rule but {about['class']} in {about['file']}.")
    engine = getattr(trajectory, "engine", None) or {}
    if engine.get("name") == KERNEL:
        sentences.append("Carried out by the kernel.")
    elif engine.get("reason"):
        sentences.append(NOT_BY_THE_KERNEL.format(engine["reason"]))
    sentences += [*uncertainty_said(story, differing or uncertainty(trajectory)), *filter(None, [beyond(story)])]
    if getattr(trajectory, "stopped", None):
        sentences.append(trajectory.stopped["reason"])
    if story.events:
        sentences.append("Events: what happened and when is sourced, how large its effect is in the model is assumed.")
    notes = [str(warning).rstrip(".") for warning in trajectory.warnings]
    if len(notes) > MANY:
        sentences.append(f"{len(notes)} warnings, all in {NAME}; the first: {notes[0]}.")
    else:
        sentences += [f"Warning: {note}." for note in notes] or ["The run gave no warnings."]
    return sentences + list(story.limits)


def uncertainty(trajectory: Any) -> dict[str, Any]:
    """What differs between the replicates of a run, by which table of draws, and how much of the spread at the end goes with
    the parameters: by series, share and 90 % interval."""
    story = trajectory.scenario
    table = getattr(story, "calibration", None)
    if table is None:
        return {"kind": CHANCE}
    about = {"kind": story.uncertainty, "rules": table.about.get("rules", ""), "digest": table.digest}
    shares = _shares(trajectory, table) if story.uncertainty == BOTH else {}
    return {**about, "parameters": list(table.keys), "shares": {key: list(share) for key, share in shares.items()}}


def _shares(trajectory: Any, table: Any) -> dict[str, Share]:
    """The shares of the parameters, for cooperation of groups and watched dyads and for trust in these."""
    from sim.results.shares import drawn, share_of  # only where rules have a table

    parameters = drawn(table, trajectory.seed, trajectory.replicates)
    sets = trajectory.scenario.sets or {row["code"] for row in trajectory.scenario.tables.organisations}
    found = {}
    for measure in ("cooperation", "trust"):
        series = trajectory.series.get(measure)
        for k, subject in enumerate(series.subjects if series is not None else ()):
            if subject not in sets and subject != "world" and not set(subject) & set("->"):
                continue
            share = share_of(np.asarray(series.values[:, -1, k], float), parameters)
            if share is not None:
                found[f"{measure}:{subject}"] = share
    return found


def uncertainty_said(story: Any, differing: Mapping[str, Any]) -> list[str]:
    """What differs between replicates, and what of it matters, a sentence each; nothing where chance alone is known of."""
    from sim.results.shares import Share  # only where rules have a table

    table = getattr(story, "calibration", None)
    if table is None:
        return []
    count = f"{len(table.estimated)} estimated parameter{'s' * (len(table.estimated) != 1)}"
    if story.uncertainty == CHANCE:
        return [f"Between replicates only chance differs: the {count} stand at their estimates."]
    if story.uncertainty == PARAMETERS:
        return [f"Between replicates only the {count} differ, with the same chance in all."]
    lead = f"Between replicates chance and {count} differ (table of {table.about.get('estimated', 'no date')})"
    shares = {key: Share(*share) for key, share in differing["shares"].items()}
    if not shares:
        return [f"{lead}; too few replicates to tell the two apart."]
    ordered = sorted(shares, key=lambda key: -shares[key].share)
    ends = [f"{shares[key].said()} of {key}" for key in dict.fromkeys((ordered[0], ordered[-1]))]
    return [
        f"{lead}; the parameters stand behind {' down to '.join(ends)} (share of the variance at the end, 90 % interval)."
    ]


@cache
def packages() -> dict[str, str]:
    """Versions of the packages that can change a number."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def build(trajectory: Any, options: Mapping[str, Any], run_digest: str) -> dict[str, Any]:
    """What the manifest of a run says beside its files."""
    story, tables = trajectory.scenario, trajectory.scenario.tables
    assumed, _, parameters = counted(story)
    differing = uncertainty(trajectory)
    named = lambda rows: [{"code": row["code"], "name": row.get("name") or row["code"]} for row in rows]  # noqa: E731
    members = lambda code: sorted(row["state"] for row in tables.memberships if row["organisation"] == code)  # noqa: E731
    return plain(
        {
            "code": code_digest(),
            "scenario": story.name,
            "title": story.title,
            "question": story.question,
            "description": story.description,
            "world": story.world,
            "parents": story.parents,
            "digest": run_digest,
            "seed": trajectory.seed,
            "replicates": trajectory.replicates,
            "start": format_month(story.start),
            "end": format_month(story.end - 1),
            "steps": len(trajectory.times) - 1,
            "dtype": options.get("dtype", DEFAULTS.dtype),
            "engine": getattr(trajectory, "engine", None) or {"name": NUMPY},
            "save": options.get("save", "measures"),
            "states": named(tables.states),
            "actors": named(tables.actors),
            "organisations": [about | {"members": members(about["code"])} for about in named(tables.organisations)],
            "cores": story.cores,
            "sets": story.sets,
            "watch": story.watch,
            "baseline": getattr(story, "baseline", None),
            "uncertainty": differing,
            "estimates": story.estimates,
            "sources": story.sources,
            "imposed": imposed_events(story.events),
            "assumed": assumed,
            "parameters": parameters,
            "parameters_changed": story.parameters,
            "behaviours": getattr(trajectory, "behaviours", None) or {},
            "stopped": getattr(trajectory, "stopped", None) or {},
            "forked": options.get("forked") or {},
            "sweep": options.get("sweep") or "",
            "validity": validity(trajectory, differing),
            "limits": story.limits,
            "warnings": list(trajectory.warnings),
            "command": options.get("command", ""),
            "overrides": list(options.get("overrides") or ()),
            "packages": packages(),
            "python": platform.python_version(),
            "machine": {"system": platform.system(), "processor": platform.machine(), "byteorder": sys.byteorder},
            "timings": trajectory.timings,
            "finished": now(),
        }
    )
