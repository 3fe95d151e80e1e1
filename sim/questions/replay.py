"""Replay: run a finished run again from its own folder, and say whether every byte agrees.

The story comes from config/scenario.json and the options from config/run.json, never from the scenario's file, so a run
can be replayed after its scenario was edited or deleted. The folder may be somebody else's: behaviours that it names run
only if the user says so and their files are unchanged, and no place that it names is read. Where bytes differ, it is
said what changed: the code, a package, the machine, the starting world's tables, or a file of the run.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.agents.behaviours import check_allowed
from sim.notebook import card
from sim.processes.short_lived import short_lived_folder
from sim.results import Run, code_digest, find, open_run, recovery, write
from sim.results.files import OK, state
from sim.results.manifest import ResultsError, read_manifest
from sim.results.run_manifest import packages
from sim.simulation.precision import carry_out


@dataclass(frozen=True)
class Replay:
    """What came of a replay: ``files`` maps each file to ``same``, ``differs``, ``missing`` or ``new``.

    ``changed`` says what is not as it was when the run was made, ``numbers`` how the numbers of a file differ;
    ``damaged`` are files that changed on disk since they were written.
    """

    run: Run
    files: dict[str, str]
    damaged: tuple[str, ...]
    changed: tuple[str, ...]
    numbers: dict[str, str] = field(default_factory=dict)
    kept: Path | None = None

    @property
    def same(self) -> bool:
        """Whether every byte agrees."""
        return not self.damaged and all(state == "same" for state in self.files.values())

    def plain(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "folder": str(self.run.path.resolve()),
            "same": self.same,
            "files": self.files,
            "damaged": list(self.damaged),
            "changed": list(self.changed),
            "numbers": self.numbers,
            "kept": str(self.kept.resolve()) if self.kept else None,
        }

    def __repr__(self) -> str:
        """One line."""
        return f"<Replay {self.run.path}: {'every byte agrees' if self.same else 'differs'}>"

    def _repr_html_(self) -> str:
        return card(repr(self)[1:-1], self.changed, ("file", ""), list(self.files.items()))


def replay(
    run: Run | Path | str,
    *,
    results: Path | str = "results",
    workers: int | None = None,
    keep: Path | str | None = None,
    allow_code: bool = False,
    scenario_dir: Path | str | None = None,
    told: Callable[[str], Any] | None = None,
    progress: Callable[[int, int], Any] | None = None,
) -> Replay:
    """Run a finished run again and compare every file.

    Args:
        run: a run, its folder, or a scenario's name.
        results: where runs are found by name.
        workers: processes; they change no byte.
        keep: a folder of results in which the new run is kept; None for a temporary one.
        allow_code: whether behaviours that the run names may run; their files must have the hashes that it says.
        scenario_dir: a folder with the starting world of the run, where that is one of your own.
        told: called with a sentence that says how much is simulated.
        progress: called with replicate-months done and to do.

    Raises:
        BehaviourError: the run names code that may not run, or that is another by now.
        ResultsError: no such run, or its story cannot be read any more.
    """
    run = run if isinstance(run, Run) else open_run(find(run, results))
    options = recovery.options(run)
    behaviours = recovery.behaviours(run)
    check_allowed(behaviours.items(), str(run.path), allow_code)
    story = recovery.scenario(run, [Path(scenario_dir).expanduser()] if scenario_dir else [])
    if told is not None:
        told(f"{run.path}: {recovery.size(story, options)}")
    changed = changes(run, story.spec.get("tables"))
    damaged = tuple(name for name in run.manifest["files"] if state(run.path, run.manifest, name) != OK)
    again = options | {"behaviours": behaviours, "workers": workers}
    trajectory = carry_out(story, again, progress=progress)
    stored = options | ({"behaviours": trajectory.behaviours} if behaviours else {})

    def compared(root: Path) -> Replay:
        fresh = write(trajectory, stored, root)
        files, numbers = _compare(run, fresh, damaged)
        return Replay(run, files, damaged, tuple(changed), numbers, fresh if keep is not None else None)

    if keep is not None:
        if Path(keep).resolve() == run.path.resolve().parent.parent:
            raise ResultsError(f"{keep} holds the run itself, which would be replaced; keep the new one elsewhere")
        return compared(Path(keep))
    with short_lived_folder("replay") as place:
        return compared(place / "results")


def changes(run: Run, tables: str | None = None) -> list[str]:
    """What is not as it was when a run was made: code, Python, packages, machine, tables of the starting world."""
    from sim import __version__

    about = run.manifest
    said = []
    if about.get("entente") != __version__:
        said.append(f"the version: {about.get('entente')}, now {__version__}")
    if about.get("code") != (now := code_digest()):
        said.append(f"the code that determines results: {str(about.get('code'))[:12]}, now {now[:12]}")
    if about.get("python") != platform.python_version():
        said.append(f"Python: {about.get('python')}, now {platform.python_version()}")
    before, after = about.get("packages") or {}, packages()
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            said.append(f"the package {name}: {before.get(name, 'absent')}, now {after.get(name, 'absent')}")
    machine = {"system": platform.system(), "processor": platform.machine(), "byteorder": sys.byteorder}
    for name, value in (about.get("machine") or {}).items():
        if name in machine and machine[name] != value:
            said.append(f"the {name}: {value}, now {machine[name]}")
    if tables is not None and run.story().get("tables") not in (None, tables):
        said.append(f"the tables of the starting world {about['world']}")
    return said


def _compare(run: Run, fresh: Path, damaged: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Each file of either run and whether it is the same; for whole tables that differ, how their numbers do."""
    new = read_manifest(fresh)["files"]
    files, numbers = {}, {}
    for name in sorted({*run.manifest["files"], *new}):
        if name not in new:
            files[name] = "missing"
        elif name not in run.manifest["files"]:
            files[name] = "new"
        else:
            same = (run.path / name).read_bytes() == (fresh / name).read_bytes()
            files[name] = "same" if same else "differs"
    differ = [name for name, state in files.items() if state == "differs" and name not in damaged]
    if "measures.parquet" in differ:
        numbers["measures.parquet"] = _measures(run, open_run(fresh))
    if "ledger.nc" in differ:
        numbers["ledger.nc"] = _ledger(run, open_run(fresh))
    return files, numbers


def _measures(one: Run, two: Run) -> str:
    """The largest difference of any measure, and the first month in which one differs."""
    import numpy as np

    most, where, first, count = 0.0, "", None, 0
    for measure in one.measures():
        if measure not in two.measures():
            return f"{measure} is no longer measured"
        for subject in one.subjects(measure):
            if subject not in two.subjects(measure):
                return f"{measure} is no longer taken of {subject}"
            (times, a), (again, b) = one.series(measure, subject), two.series(measure, subject)
            if times != again or a.shape != b.shape:
                return f"{measure}:{subject} has another shape"
            differs = ~((a == b) | (np.isnan(a) & np.isnan(b)))
            if differs.any():
                count += 1
                size = float(np.nanmax(np.abs(a - b))) if np.isfinite(a - b).any() else float("inf")
                month = times[int(differs.any(axis=0).argmax())]
                first = month if first is None else min(first, month)
                if size >= most:
                    most, where = size, f"{measure}:{subject}"
    if not count:
        return "every number agrees; only the file's form differs"
    return f"{count} series differ, first at the start of {first}, most {where} by {most:.2g}"


def _ledger(one: Run, two: Run) -> str:
    import numpy as np

    a, b = one.ledger(), two.ledger()
    if a.accounts != b.accounts or a.mean.shape != b.mean.shape:
        return "other accounts or months"
    most = float(np.abs(a.mean - b.mean).max())
    return f"differs by at most {most:.2g}" if most else "every number agrees; only the file's form differs"
