"""Fork: one past, many futures. A run is taken up in a month and continued under other events.

A run does not store its worlds: those of one month would be as large as the whole run. They need not be stored, because
every draw is keyed: the past is simulated again from the run's own folder, compared with what the run recorded, and
carried on under each of the futures. What comes out is to the bit the run that had those events from the start; it is
written as that run, and found under its digest. numpy simulates the past once for any number of futures; the kernel, to
which months cost little, simulates each future whole.

The two stories must agree before the month of the fork. Where they do not, the fork is refused, and the event is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import resources
from sim.calendar import format_month
from sim.notebook import card
from sim.options import DEFAULTS, KERNEL
from sim.questions.fork.agreement import CannotFork, base_of, future_of, month_of
from sim.questions.fork.futures import continue_under
from sim.results import Run, digest, finished, open_run, recovery, write
from sim.results.obtain import opened
from sim.results.stored import check_options
from sim.scenario import Scenario, read
from sim.scenario.inherit import is_path
from sim.simulation.engines import engine_of

__all__ = ["CannotFork", "Fork", "fork"]


@dataclass(frozen=True)
class Fork:
    """What came of a fork: the run forked, the month, and by name each future's folder; ``reused`` were there already."""

    run: Run
    at: str
    folders: dict[str, Path]
    reused: tuple[str, ...]
    months: int

    @property
    def runs(self) -> dict[str, Run]:
        """The futures by name, opened."""
        return {name: open_run(folder) for name, folder in self.folders.items()}

    def __repr__(self) -> str:
        """One line."""
        return f"<Fork of {self.run.path} at {self.at}: {', '.join(self.folders)}>"

    def _repr_html_(self) -> str:
        rows = [
            (name, str(folder), "was there" if name in self.reused else "simulated") for name, folder in self.folders.items()
        ]
        return card(
            repr(self)[1:-1],
            ["Each is to the bit the run that had its events from the start."],
            ("future", "folder", ""),
            rows,
        )


def fork(
    run: Run | Path | str,
    futures: Sequence[str | Path | Scenario],
    *,
    at: str,
    results: Path | str = "results",
    workers: int | None = None,
    force: bool = False,
    scenario_dir: str | Path | None = None,
    about: Mapping[str, Any] | None = None,
    told: Callable[[str], Any] | None = None,
    progress: Callable[[int, int], Any] | None = None,
) -> Fork:
    """Continue a run under the events of other scenarios.

    Args:
        run: a run, its folder, a scenario's name, or a scenario's file, which is simulated if it was not yet.
        futures: scenarios whose events count from the month on; only their events are taken over.
        at: the first month of the futures, such as `2021-08`.
        results: where runs are found by name; the futures are written where the run lies.
        workers: processes, or threads of the kernel; None for one a core.
        force: carry on although a finished run with the same digest exists.
        scenario_dir: a folder of scenarios of your own, with their starting worlds.
        told: called with a sentence that says how much is simulated.
        about: more run options for the manifest, such as `command`.
        progress: called with replicate-months done and to do.

    Raises:
        CannotFork: a future does not share the past, or the run cannot be taken up.
        ResultsError: there is no such run, or its numbers cannot be had again.
    """
    run = opened(run, results, scenario_dir=scenario_dir, workers=workers)
    own = [Path(scenario_dir).expanduser()] if scenario_dir is not None else []
    own += [Path(future).expanduser().parent for future in futures if not isinstance(future, Scenario) and is_path(future)]
    past, options = recovery.scenario(run, own), recovery.options(run)
    if run.manifest.get("behaviours"):
        who = ", ".join(run.manifest["behaviours"])
        raise CannotFork(
            f"{run.path} has behaviours of the user's own ({who}), and what they remember cannot be taken up in the "
            "middle; run the other scenario from the start with behaviour.STATE=..."
        )
    engine = recovery.engine_name(run.manifest)
    month = month_of(past, at)
    base = base_of(past, own)
    stories: dict[str, Scenario] = {}
    for future in futures:
        story = future if isinstance(future, Scenario) else read(future, scenario_dir=scenario_dir)
        if story.name in stories:
            raise CannotFork(f"two futures are called {story.name!r}; fork to one of them at a time")
        stories[story.name] = future_of(past, base, story, month)
        if engine == KERNEL and (reason := engine_of(stories[story.name]).reason):
            raise CannotFork(
                f"{run.path} was carried out by the kernel, which cannot carry out {story.name}: {reason}; "
                "fork a run with engine=numpy"
            )
    root = run.path.parent.parent
    chosen = {
        "seed": run.manifest["seed"],
        "replicates": run.manifest["replicates"],
        "dtype": options.get("dtype", DEFAULTS.dtype),
        "save": options.get("save", "measures"),
        "engine": engine,
    }
    check_options(chosen, f"{run.path}/manifest.json: ")
    folders = {} if force else {name: finished(root, name, digest(story, chosen)) for name, story in stories.items()}
    folders = {name: folder for name, folder in folders.items() if folder is not None}
    wanted = {name: story for name, story in stories.items() if name not in folders}
    reused, months = tuple(folders), 0
    if wanted:
        if told is not None:
            told(f"{run.path}: {recovery.size(past, chosen)}")
        done, months = continue_under(run, past, list(wanted.values()), month, chosen, workers, progress)
        for (name, story), trajectory in zip(wanted.items(), done, strict=True):
            words = [f"scenario={story.file or name}" if _own_file(story) else f"scenario={name}"]
            more = {
                "overrides": words,
                "force": force,
                "forked": _forked(run, format_month(month)),
                "workers": workers,
                **dict(about or {}),
            }
            folders[name] = write(trajectory, {**chosen, **more}, root)
    return Fork(run, format_month(month), {name: folders[name] for name in stories}, reused, months)


def _own_file(story: Scenario) -> bool:
    return story.file is not None and story.file.parent.resolve() != resources.scenarios().resolve()


def _forked(run: Run, at: str) -> dict[str, str]:
    about = run.manifest
    return {"scenario": about["scenario"], "digest": about["digest"], "at": at}
