"""Writing a run: everything in a temporary folder, the manifest last, then one move into place.

Whatever goes wrong before the move leaves nothing that could be taken for a run. When two processes write the same run
at once, the second to finish finds the first one's folder, throws its own away, and returns the first one's.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sim.resources import NOT_SCENARIOS
from sim.results.finding import finished, folder
from sim.results.identity import digest, plain
from sim.results.manifest import NAME, ResultsError, build
from sim.results.temporary import TEMPORARY, old_leftovers, temporary_folder

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")


def check_writable(root: Path) -> None:
    """Make sure, before an hour of simulation, that results can be written under `root`.

    Raises:
        ResultsError: they cannot.
    """
    root = Path(root)
    place, ours = root / TEMPORARY, not root.exists()
    try:
        probe = temporary_folder(root, "probe")
        make_folder(probe)
        probe.rmdir()
    except OSError as error:
        raise cannot_write(root, error) from None
    remove_if_empty(place, root if ours else place)


def check_name(name: str) -> None:
    """A scenario's name becomes a folder: refuse what is reserved or no plain name.

    Raises:
        ResultsError: it cannot be used.
    """
    if name in NOT_SCENARIOS:
        raise ResultsError(
            f"a scenario cannot be called {name!r}: results/{name}/ is for other output; rename the file"
        )
    if not _SAFE.match(name):
        raise ResultsError(f"a scenario cannot be called {name!r}: use letters, digits, _ and -, such as my_scenario")


def write(trajectory: Any, run_options: Mapping[str, Any], root: Path | str = "results") -> Path:
    """Write a trajectory under `root` and return the folder of its run, `root/<scenario>/<run>`.

    Args:
        trajectory: what `sim.ensemble.simulate` returned.
        run_options: the options of the run; they go into the digest (see `identity.digest`) and into `config/`.
            `force` replaces a finished run with the same digest; `overrides` is a list of the words on the command
            line and `command` the whole line.
        root: the folder of all results.

    Raises:
        ResultsError: the folder cannot be written; nothing of the run is kept then.
    """
    root, story = Path(root), trajectory.scenario
    check_name(story.name)
    # The trajectory knows what was run; options only add what it does not know.
    options = {**run_options, "seed": trajectory.seed}
    if options.get("replicates") != "auto":
        options["replicates"] = trajectory.replicates
    if getattr(trajectory, "behaviours", None):
        options["behaviours"] = trajectory.behaviours
    run_digest = digest(story, options)
    target = folder(root, story.name, run_digest)
    if not options.get("force") and finished(root, story.name, run_digest):
        return target
    place, ours = root / TEMPORARY, not root.exists()
    temporary = temporary_folder(root, target.name)
    try:
        for left in old_leftovers(root):
            shutil.rmtree(left, ignore_errors=True)
        make_folder(temporary)
        _fill(temporary, trajectory, options)
        manifest = build(trajectory, options, run_digest, temporary)
        (temporary / NAME).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _move(temporary, target, force=bool(options.get("force")))
    except OSError as error:
        raise cannot_write(root, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        remove_if_empty(place, root if ours else place)
    return target


def remove_if_empty(*folders: Path) -> None:
    """Remove folders that are empty: nobody else is writing there."""
    for empty in folders:
        with contextlib.suppress(OSError):
            empty.rmdir()


def make_folder(path: Path) -> None:
    """Make a new folder and what it lies in, though another process may take that away again while it is empty."""
    for _ in range(100):
        with contextlib.suppress(FileNotFoundError):
            path.mkdir(parents=True)
            return
    path.mkdir(parents=True)


def cannot_write(root: Path, error: OSError) -> ResultsError:
    """The error that says so; its cause is the system's."""
    reason = error.strerror or str(error).splitlines()[0]
    return ResultsError(
        f"cannot write results in {root}: {reason}. Nothing was kept; choose another folder with results=DIR"
    )


def _fill(place: Path, trajectory: Any, options: Mapping[str, Any]) -> None:
    """Every file of a run but its manifest. The largest is packed by a thread of its own: that takes half of the time, and
    pyarrow leaves the interpreter free meanwhile."""
    from sim.results import netcdf, summary, tables

    story, times = trajectory.scenario, trajectory.times
    codes = [row["code"] for row in story.tables.states]
    config = place / "config"
    config.mkdir()
    with ThreadPoolExecutor(1) as other:
        measures = other.submit(tables.write_measures, place / tables.MEASURES, trajectory.series, times,
                                trajectory.replicates)  # fmt: skip
        text = {
            "config/scenario.json": _json(story.spec),
            "config/run.json": _json(options),
            "config/overrides.txt": "".join(f"{word}\n" for word in options.get("overrides") or ()),
            "events.csv": summary.events_csv(summary.event_table(trajectory)),
            "summary.csv": summary.to_csv(summary.rows(trajectory)),
        }
        for name, content in text.items():
            (place / name).write_text(content, encoding="utf-8", newline="\n")
        tables.write_states(place / tables.STATES, trajectory.states, times, codes)
        netcdf.write_ledger(place / netcdf.LEDGER, trajectory, codes)
        if trajectory.dyads or trajectory.ledger_by_replicate is not None:
            netcdf.write_trajectory(place / netcdf.TRAJECTORY, trajectory.dyads, trajectory.ledger_by_replicate,
                                    trajectory.ledger.accounts, times, codes)  # fmt: skip
        measures.result()


def _json(value: Any) -> str:
    return json.dumps(plain(value), indent=1, ensure_ascii=False) + "\n"


def _move(temporary: Path, target: Path, *, force: bool) -> None:
    """Move a whole run into place; an unfinished or replaced folder makes way, a finished one wins."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(10):
        try:
            os.rename(temporary, target)
            return
        except OSError:
            if not target.exists():
                raise
        if not force and finished(target.parent.parent, target.parent.name, target.name):
            return  # someone else finished the same run first: their numbers are these numbers
        aside = temporary.with_name(f"{temporary.name}-old-{secrets.token_hex(4)}")
        with contextlib.suppress(FileNotFoundError):
            os.rename(target, aside)
        shutil.rmtree(aside, ignore_errors=True)
    raise OSError(f"{target} changes under our hands")
