"""The table of a sweep, a row a run: `experiments.csv` and `experiments.parquet`.

Outcomes arrive in the order in which runs end, so they wait in a file, and the table is written from it in the order of
the plan, row by row: memory does not grow with the number of runs, and the same sweep gives the same bytes however often
it was interrupted.
"""

from __future__ import annotations

import contextlib
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.results.atomic import begin, remove, remove_if_empty
from sim.results.cells import Writer
from sim.results.finding import DIGITS
from sim.results.temporary import temporary_folder
from sim.sweep.job import DONE, FAILED, Finished, Job
from sim.sweep.plan import Plan

CSV, PARQUET = "experiments.csv", "experiments.parquet"
ABOUT = ("number", "scenario", "digest", "folder", "status", "same_as", "overrides", "error")
ROWS = 1000
"""Of a row group of the Parquet file."""


class Outcomes:
    """What finished so far, in a temporary file; `len(...)` runs. Its folder says that somebody is at work on the sweep."""

    def __init__(self, plan: Plan) -> None:
        """Begin with nothing.

        Raises:
            OSError: the folder cannot be made.
        """
        self.folder = begin(temporary_folder(plan.root, f"sweep-{plan.id}"), "temporary")
        try:
            self.file = (self.folder / "outcomes.jsonl").open("w+b")
        except OSError:
            self._take_away()
            raise
        self.place: dict[bytes, int] = {}
        self.columns: dict[str, None] = {}
        self.end = 0

    def __len__(self) -> int:
        """How many runs are in it."""
        return len(self.place)

    def add(self, finished: Finished) -> None:
        """Keep what came of a job."""
        names = {name: k for k, name in enumerate(self.columns)}
        for name in finished.outcomes:
            if name not in names:
                names[name] = len(names)
                self.columns[name] = None
        row = [finished.status, finished.error, {names[name]: value for name, value in finished.outcomes.items()}]
        text = json.dumps(row).encode() + b"\n"
        self.place[bytes.fromhex(finished.key)] = self.end
        self.file.seek(self.end)
        self.file.write(text)
        self.end += len(text)

    def of(self, key: str) -> tuple[str, str, dict[str, float | None]]:
        """Status, error and outcomes of a run; one that never came back is `missing`."""
        place = self.place.get(bytes.fromhex(key))
        if place is None:
            return "missing", "", {}
        self.file.seek(place)
        status, error, numbers = json.loads(self.file.readline())
        names = list(self.columns)
        return status, error, {names[int(k)]: value for k, value in numbers.items()}

    def close(self) -> None:
        """Throw the file away."""
        with contextlib.suppress(OSError):  # what waits to be written is thrown away too
            self.file.close()
        self._take_away()

    def _take_away(self) -> None:
        remove(self.folder)
        remove_if_empty(self.folder.parent)


def rows(plan: Plan, outcomes: Outcomes) -> Iterator[tuple[Job, dict[str, Any]]]:
    """The rows in the order of the plan, each with its columns; of two scenarios the changed one's have the differences."""
    changed, reference = _compared(plan) or (None, None)
    others = {_place(job): job.key for job in plan.jobs() if job.scenario == reference}
    for job in plan.jobs():
        status, error, numbers = outcomes.of(job.key)
        if job.scenario == changed and (key := others.get(_place(job))):
            numbers = {**numbers, **_differences(numbers, outcomes.of(key)[2])}
        about = {
            "number": job.number,
            "scenario": job.scenario,
            "digest": job.key,
            "folder": f"{job.scenario}/{job.key[:DIGITS]}",
            "status": status,
            "same_as": job.first if job.repeats else None,
            "overrides": shlex.join(job.overrides),
            "error": error,
        }
        yield job, {**about, **job.values, **numbers}


def in_order(names: Sequence[str], baselines: Mapping[str, str | None]) -> tuple[str, str]:
    """Two scenarios, the changed one first where one is the baseline of the other, else as they were named."""
    first, second = names
    return (second, first) if baselines.get(second) == first else (first, second)


def _place(job: Job) -> tuple[str, ...]:
    """What two rows that differ in their scenario alone have in common."""
    return tuple(str(value) for key, value in job.values.items() if key != "scenario")


def _compared(plan: Plan) -> tuple[str, str] | None:
    """The two scenarios that a sweep compares, the changed one first; None where it does not."""
    axis: dict[str, Any] = next((axis for axis in plan.head["axes"] if axis["key"] == "scenario"), {})
    first: dict[str, Job] = {}
    if len(axis.get("values", ())) != 2 or plan.head["design"] == "one":
        return None
    for job in plan.jobs():
        first.setdefault(job.scenario, job)
        if len(first) == 2:
            return in_order(list(first), {name: plan.scenario(job).baseline for name, job in first.items()})
    return None


def _differences(one: dict[str, float | None], other: dict[str, float | None]) -> dict[str, float | None]:
    """The difference of the means of each outcome: with the same luck, the mean of the paired differences."""
    found: dict[str, float | None] = {}
    for name, value in one.items():
        if name.endswith(".mean"):
            theirs = other.get(name)
            found[f"{name[:-5]}.difference"] = None if value is None or theirs is None else value - theirs
    return found


def write_table(plan: Plan, outcomes: Outcomes, folder: Path) -> dict[str, int]:
    """Write both files into a folder; how many rows have which status."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    axes = [axis["key"] for axis in plan.head["axes"] if axis["key"] != "scenario"]
    columns = [*ABOUT, *axes, *_in_order(plan, outcomes)]
    kinds = _kinds(plan, axes)
    arrow = {"whole": pa.int64(), "number": pa.float64(), "word": pa.string()}
    types = dict.fromkeys(ABOUT, pa.string()) | {"number": pa.int64(), "same_as": pa.int64()}
    types |= {name: arrow[kind] for name, kind in kinds.items()}
    schema = pa.schema([(name, types.get(name, pa.float64())) for name in columns])
    counts: dict[str, int] = {}
    block: list[dict[str, Any]] = []
    with (
        (folder / CSV).open("w", encoding="utf-8", newline="") as file,
        pq.ParquetWriter(folder / PARQUET, schema, compression="zstd", write_page_checksum=True) as parquet,
    ):
        writer = Writer(file)
        writer.row(columns)
        for _, row in rows(plan, outcomes):
            counts[row["status"]] = counts.get(row["status"], 0) + 1
            for name in axes:
                row[name] = _cell(row.get(name), kinds[name])
            writer.row([_text(row.get(name)) for name in columns])
            block.append(row)
            if len(block) == ROWS:
                parquet.write_table(pa.Table.from_pylist(block, schema=schema))
                block = []
        if block:
            parquet.write_table(pa.Table.from_pylist(block, schema=schema))
    return counts


def _in_order(plan: Plan, outcomes: Outcomes) -> list[str]:
    """The outcomes' columns in the order of the plan's rows, whoever was first; a difference stands after the error."""
    ordered: dict[str, None] = {}
    for job in plan.distinct():
        if len(ordered) == len(outcomes.columns):
            break
        ordered |= dict.fromkeys(outcomes.of(job.key)[2])
    if not _compared(plan):
        return list(ordered)
    return [c for name in ordered for c in ([name, f"{name[:-3]}.difference"] if name.endswith(".se") else [name])]


def _kinds(plan: Plan, axes: list[str]) -> dict[str, str]:
    """Of each axis whether its values are whole numbers, numbers or words."""
    ranks = dict.fromkeys(axes, 0)
    for job in plan.jobs():
        for name in axes:
            value = job.values.get(name)
            if value is not None:
                rank = 2 if isinstance(value, (str, bool)) else 1 if isinstance(value, float) else 0
                ranks[name] = max(ranks[name], rank)
    return {name: ("whole", "number", "word")[rank] for name, rank in ranks.items()}


def _cell(value: Any, kind: str) -> Any:
    if value is None or kind == "whole":
        return value
    return float(value) if kind == "number" else _text(value)


def _text(value: Any) -> Any:
    """A cell of the CSV: numbers in full, truth values as on the command line, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def failures(plan: Plan, outcomes: Outcomes) -> Iterator[tuple[Job, str]]:
    """The jobs that failed, each once, with the reason."""
    for job in plan.distinct():
        status, error, _ = outcomes.of(job.key)
        if status != DONE:
            yield job, error or ("did not come back" if status != FAILED else "")
