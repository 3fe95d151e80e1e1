"""The folder of a sweep: finished with a table and a manifest, read back, listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sim.results import ResultsError, fields, folder
from sim.results.atomic import is_ours, place_file, temporary
from sim.results.files import check_files, listed, path_of, reading
from sim.results.folders import cannot_write
from sim.results.manifest import NAME, now, read_manifest, write_manifest
from sim.results.stored import inside, shown_command
from sim.sweep import SweepError
from sim.sweep.checking import HEAD, read_head
from sim.sweep.engines import engine
from sim.sweep.job import STOPPED, Finished, Job
from sim.sweep.plan import SWEEPS, Plan
from sim.sweep.table import CSV, PARQUET, Outcomes, write_table

if TYPE_CHECKING:
    import pandas as pd

KIND = "sweep"
TRACES = "failures.txt"
FORM = {
    "finished": str,
    "id": str,
    "jobs": fields.positive,
    "runs": fields.positive,
    "axes": [{"key": str}],
    "counts": {str: fields.count},
    "design": str,
    "command": (str, None),
    "name": (str, None),
}
"""What the manifest of a sweep has."""


@dataclass(frozen=True)
class Result:
    """What running a sweep gave: its folder, how many runs were there before, and rows by status."""

    folder: Path
    reused: int
    counts: dict[str, int]
    failed: list[tuple[Job, str]]


def run_plan(
    plan: Plan,
    *,
    pool: str = "local",
    workers: int = 1,
    force: bool = False,
    progress: Callable[[int, int, Finished], Any] | None = None,
) -> Result:
    """Carry out what is left of a plan, then write the table and the manifest.

    Args:
        plan: the sweep.
        pool: the engine.
        workers: processes.
        force: run what is finished again.
        progress: called after each run with runs done, runs in all, and what came of it.

    Raises:
        BehaviourError: the plan names code that may not run; nothing was.
        ResultsError: nothing more can be written, such as on a full disk; finished runs stay, and the same command
            goes on from there.
    """
    from sim.sweep.table import failures

    if pool != "gathered":
        plan.check_code()
    traces: dict[str, str] = {}
    reused = 0
    began = datetime.now(UTC)
    try:
        outcomes = Outcomes(plan)
    except OSError as error:
        raise cannot_write(plan.root, error) from error
    finally:
        plan.let_go()
    try:
        if not is_sweep(plan.folder):
            raise SweepError(f"{plan.folder} was taken away meanwhile; give the sweep's command again")
        for finished in engine(pool)(plan, workers=workers, force=force):
            if finished.status == STOPPED:
                raise SweepError(
                    f"the sweep stopped: {finished.error}. {len(outcomes):,} of {plan.head['runs']:,} runs are finished and "
                    "stay. Make room, then give the same command again: it goes on from here"
                )
            outcomes.add(finished)
            reused += finished.reused
            if finished.trace and len(traces) < 100:
                traces[finished.key] = finished.trace
            if progress is not None:
                progress(len(outcomes), plan.head["runs"], finished)
        failed = list(failures(plan, outcomes))
        counts = _finish(plan, outcomes, failed, traces, began)
    except OSError as error:
        raise cannot_write(plan.root, error) from error
    finally:
        outcomes.close()
    return Result(plan.folder, reused, counts, failed)


def _finish(
    plan: Plan, outcomes: Outcomes, failed: list[tuple[Job, str]], traces: Mapping[str, str], began: datetime
) -> dict[str, int]:
    """Write the table beside the plan, each file whole or not at all, the manifest last."""
    with temporary(plan.root, "sweep") as ready:
        counts = write_table(plan, outcomes, ready)
        if failed:
            text = "\n".join(
                f"{job.number} {' '.join(job.overrides)}\n{error}\n{traces.get(job.key, '')}" for job, error in failed
            )
            (ready / TRACES).write_text(text, encoding="utf-8")
        else:
            (plan.folder / TRACES).unlink(missing_ok=True)
        files = listed(ready)
        about = {**plan.head, "counts": counts, "began": began.isoformat(timespec="seconds"), "finished": now()}
        write_manifest(ready, KIND, about, files)
        (plan.folder / NAME).unlink(missing_ok=True)
        for name in (*files, NAME):
            place_file(ready / name, plan.folder / name)
    return counts


@dataclass(frozen=True)
class Sweep:
    """A finished sweep, read from its folder."""

    path: Path
    manifest: dict[str, Any]

    @property
    def root(self) -> Path:
        """The folder of all results."""
        return self.path.parent.parent

    @property
    def axes(self) -> list[str]:
        """The keys that were varied."""
        return [axis["key"] for axis in self.manifest["axes"]]

    def outcomes(self) -> list[str]:
        """What was read off each run: `cooperation:eight`."""
        names = (column.rsplit(".", 2) for column in self.columns() if column.endswith(".end.median"))
        return [name for name, *_ in names]

    def columns(self) -> list[str]:
        """The columns of the table."""
        import csv

        with self._csv() as file:
            return next(csv.reader(file))

    def table(self) -> pd.DataFrame:
        """The table, a row a run."""
        from sim.results.tables import read_table

        return read_table(path_of(self.path, self.manifest, PARQUET)).to_pandas()

    @contextmanager
    def _csv(self) -> Iterator[TextIO]:
        """The table as text, to read."""
        path = path_of(self.path, self.manifest, CSV)
        with reading(path), path.open(encoding="utf-8", newline="") as file:
            yield file

    def folder_of(self, name: str) -> Path:
        """The folder of a run, from its name in the table.

        Raises:
            ResultsError: the name leads out of the results.
        """
        return inside(self.root, name, f"{self.path / CSV}: folder")

    def rows(self) -> Iterator[dict[str, str]]:
        """The rows of the table as text."""
        from sim.results import cells

        with self._csv() as file:
            yield from cells.read(file)

    def run_folder(self, number: int) -> Path:
        """The folder of the run in a row, counted from 1.

        Raises:
            SweepError: there is no such row, or its run failed.
        """
        for row in self.rows():
            if int(row["number"]) == number:
                if row["status"] != "done":
                    raise SweepError(f"row {number} of sweep {self.path.name} {row['status']}: {row['error']}")
                return self.folder_of(row["folder"])
        raise SweepError(f"sweep {self.path.name} has no row {number}; rows: 1 to {self.manifest['jobs']}")


def is_sweep(place: Path | str) -> bool:
    """Whether a folder holds a sweep, finished or not."""
    return (Path(place) / HEAD).is_file() and Path(place).parent.name == SWEEPS


def open_sweep(place: Path | str) -> Sweep:
    """Open the folder of a finished sweep.

    Raises:
        ResultsError: it is none, unfinished or damaged.
    """
    place = Path(place)
    if is_sweep(place) and not (place / NAME).exists():
        command = shown_command(read_head(place).get("command"))
        again = f": {command}" if command else f" ({HEAD} has it)"
        raise SweepError(f"{place} is an unfinished sweep; give its command again{again}")
    manifest = read_manifest(place, KIND, FORM)
    check_files(place, manifest)
    return Sweep(place, manifest)


def find_sweep(name: str | Path, root: Path | str = "results") -> Path:
    """The folder of a sweep: itself, `sweeps/<id>`, the first digits of its id, or a named sweep's name (its newest).

    Raises:
        ResultsError: there is none; the message says which there are.
    """
    for place in (Path(name), Path(root) / name):
        if is_sweep(place):
            return place
    known = sweeps(root)
    for about in known:
        if str(name) in (about.id, about.name) or (len(str(name)) >= 4 and about.id.startswith(str(name))):
            return about.path
    there = ", ".join(about.id for about in known[:5]) or "none yet"
    raise ResultsError(f"there is no sweep {str(name)!r} in {root}; sweeps: {there}")


@dataclass(frozen=True)
class SweepInfo:
    """One sweep as `list sweeps` shows it; `state` is finished, unfinished or damaged."""

    path: Path
    id: str
    name: str
    state: str
    runs: int = 0
    done: int = 0
    failed: int = 0
    finished: str = ""
    command: str = ""
    problem: str = ""


def sweeps(root: Path | str = "results") -> list[SweepInfo]:
    """Every sweep under `root`, newest first; unfinished and damaged ones at the end."""
    found = []
    for place in sorted((Path(root) / SWEEPS).glob("*")):
        if not place.is_dir() or not (is_ours(place) or (place / HEAD).exists()):
            continue  # what we did not begin is none of our business
        try:
            head = read_head(place)
        except ResultsError as error:
            found.append(SweepInfo(place, place.name, "", "damaged", problem=str(error)))
            continue
        plan = Plan(place, head)
        try:
            manifest = open_sweep(place).manifest
        except ResultsError as error:
            found.append(SweepInfo(place, place.name, **_unfinished(plan, error), **_named(head)))
            continue
        done = manifest["counts"].get("done", 0)
        about = _named(manifest) | {"failed": manifest["jobs"] - done, "finished": manifest["finished"]}
        found.append(SweepInfo(place, place.name, state="finished", done=done, **about))
    return sorted(found, key=lambda info: info.finished, reverse=True)


def _unfinished(plan: Plan, problem: ResultsError) -> dict[str, Any]:
    """State, runs that are there, and what is wrong, of a sweep without a whole table."""
    try:
        done = sum((folder(plan.root, job.scenario, job.key) / NAME).is_file() for job in plan.distinct())
    except (ResultsError, OSError) as error:
        return {"state": "damaged", "problem": str(error)}
    return {"state": "damaged" if (plan.folder / NAME).exists() else "unfinished", "done": done, "problem": str(problem)}


def _named(head: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": head.get("name") or "", "runs": head["runs"], "command": shown_command(head.get("command"))}
