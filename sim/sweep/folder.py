"""The folder of a sweep: finished with a table and a manifest, read back, listed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results import ResultsError, folder
from sim.results.manifest import NAME
from sim.results.temporary import temporary_folder
from sim.results.writing import cannot_write, make_folder
from sim.sweep.engines import engine
from sim.sweep.job import STOPPED, Finished, Job
from sim.sweep.plan import HEAD, SWEEPS, Plan, SweepError
from sim.sweep.table import CSV, PARQUET, Outcomes, write_table

if TYPE_CHECKING:
    import pandas as pd

KIND = "sweep"
TRACES = "failures.txt"


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
        ResultsError: nothing more can be written, such as on a full disk; finished runs stay, and the same command
            goes on from there.
    """
    from sim.sweep.table import failures

    traces: dict[str, str] = {}
    reused = 0
    began = datetime.now(UTC)
    try:
        outcomes = Outcomes(plan.root)
    except OSError as error:
        raise cannot_write(plan.root, error) from error
    try:
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


def _finish(plan: Plan, outcomes: Outcomes, failed: list[tuple[Job, str]], traces: Mapping[str, str],
            began: datetime) -> dict[str, int]:  # fmt: skip
    """Write the table beside the plan, each file whole or not at all, the manifest last."""
    from sim import __version__

    temporary = temporary_folder(plan.root, "sweep")
    make_folder(temporary)
    try:
        counts = write_table(plan, outcomes, temporary)
        if failed:
            text = "\n".join(f"{job.number} {' '.join(job.overrides)}\n{error}\n{traces.get(job.key, '')}"
                             for job, error in failed)  # fmt: skip
            (temporary / TRACES).write_text(text, encoding="utf-8")
        else:
            (plan.folder / TRACES).unlink(missing_ok=True)
        files = {path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
                 for path in sorted(temporary.iterdir())}  # fmt: skip
        manifest = {"kind": KIND, "entente": __version__, **plan.head, "counts": counts, "files": files,
                    "began": began.isoformat(timespec="seconds"),
                    "finished": datetime.now(UTC).isoformat(timespec="seconds")}  # fmt: skip
        (temporary / NAME).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        (plan.folder / NAME).unlink(missing_ok=True)
        for name in (*files, NAME):
            os.replace(temporary / name, plan.folder / name)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
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

        with (self.path / CSV).open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file))

    def table(self) -> pd.DataFrame:
        """The table, a row a run."""
        import pandas as pd

        return pd.read_parquet(self.path / PARQUET, engine="pyarrow")

    def run_folder(self, number: int) -> Path:
        """The folder of the run in a row, counted from 1.

        Raises:
            SweepError: there is no such row, or its run failed.
        """
        from sim.results import cells

        with (self.path / CSV).open(encoding="utf-8", newline="") as file:
            for row in cells.read(file):
                if int(row["number"]) == number:
                    if row["status"] != "done":
                        raise SweepError(f"row {number} of sweep {self.path.name} {row['status']}: {row['error']}")
                    return self.root / row["folder"]
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
    try:
        manifest = json.loads((place / NAME).read_text(encoding="utf-8"))
        if manifest["kind"] != KIND:
            raise ValueError("it is of something else")
        for name, about in manifest["files"].items():
            if (place / name).stat().st_size != about["bytes"]:
                raise ValueError(f"{name} has another size than its manifest says")
    except FileNotFoundError as error:
        if is_sweep(place) and not (place / NAME).exists():
            command = Plan.open(place).head.get("command", "")
            raise SweepError(f"{place} is an unfinished sweep; give its command again: {command}") from None
        raise SweepError(f"{place} holds no whole sweep: {error.filename} is missing") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SweepError(f"{place} is damaged ({error}); give the sweep's command again") from None
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
        if not place.is_dir():
            continue
        try:
            plan = Plan.open(place)
        except ResultsError as error:
            found.append(SweepInfo(place, place.name, "", "damaged", problem=str(error)))
            continue
        head = plan.head
        about = {"name": head.get("name") or "", "runs": head["runs"], "command": head.get("command", "")}
        try:
            manifest = open_sweep(place).manifest
        except ResultsError as error:
            state = "damaged" if (place / NAME).exists() else "unfinished"
            done = sum((folder(plan.root, job.scenario, job.key) / NAME).is_file() for job in plan.distinct())
            found.append(SweepInfo(place, place.name, state=state, done=done, problem=str(error), **about))
            continue
        done = manifest["counts"].get("done", 0)
        about |= {"failed": manifest["jobs"] - done, "finished": manifest["finished"]}
        found.append(SweepInfo(place, place.name, state="finished", done=done, **about))
    return sorted(found, key=lambda info: info.finished, reverse=True)
