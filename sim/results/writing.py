"""Writing a run: everything in a temporary folder, the manifest last, then one move into place.

Whatever goes wrong before the move leaves nothing that could be taken for a run. When two processes write the same run
at once, the second to finish finds the first one's folder, throws its own away, and returns the first one's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sim.options import DEFAULTS, NUMPY
from sim.resources import NOT_SCENARIOS
from sim.results.files import listed
from sim.results.finding import finished, folder
from sim.results.folders import new_folder
from sim.results.manifest import ResultsError, write_manifest
from sim.results.run_digest import digest, plain
from sim.results.run_manifest import build

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")


def check_name(name: str) -> None:
    """A scenario's name becomes a folder: refuse what is reserved or no plain name.

    Raises:
        ResultsError: it cannot be used.
    """
    if name in NOT_SCENARIOS:
        raise ResultsError(f"a scenario cannot be called {name!r}: results/{name}/ is for other output; rename the file")
    if not _SAFE.match(name):
        raise ResultsError(f"a scenario cannot be called {name!r}: use letters, digits, _ and -, such as my_scenario")


def write(trajectory: Any, run_options: Mapping[str, Any], root: Path | str = "results") -> Path:
    """Write a trajectory under `root` and return the folder of its run, `root/<scenario>/<run>`.

    Args:
        trajectory: what `sim.simulation.ensemble.simulate` returned.
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
    ran = (getattr(trajectory, "engine", None) or {}).get("name", NUMPY)
    if "engine" in options or ran != DEFAULTS.engine:
        options["engine"] = ran
    run_digest = digest(story, options)
    target = folder(root, story.name, run_digest)
    if not options.get("force") and finished(root, story.name, run_digest):
        return target
    keep = None if options.get("force") else lambda there: finished(root, story.name, there.name) is not None
    with new_folder(root, target, "run", keep=keep) as place:
        _fill(place, trajectory, options)
        write_manifest(place, "run", build(trajectory, options, run_digest), listed(place))
    return target


def _fill(place: Path, trajectory: Any, options: Mapping[str, Any]) -> None:
    """Every file of a run but its manifest. The arrays are written by a thread of their own: both libraries leave the
    interpreter free while they pack, and no signal reaches that thread, since HDF5 must not be stopped in the middle."""
    from sim.results import netcdf, summary, tables

    story, times = trajectory.scenario, trajectory.times
    codes = [row["code"] for row in story.tables.states]
    config = place / "config"
    config.mkdir()

    def arrays() -> None:
        if not options.get("sweep") or trajectory.behaviours:  # else it is made again, should anybody ask
            netcdf.write_ledger(place / netcdf.LEDGER, trajectory, codes)
        if trajectory.dyads or trajectory.ledger_by_replicate is not None:
            netcdf.write_trajectory(
                place / netcdf.TRAJECTORY,
                trajectory.dyads,
                trajectory.ledger_by_replicate,
                trajectory.ledger.accounts,
                times,
                codes,
            )

    with ThreadPoolExecutor(1) as other:
        written = other.submit(arrays)
        tables.write_measures(place / tables.MEASURES, trajectory.series, times, trajectory.replicates)
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
        written.result()


def _json(value: Any) -> str:
    return json.dumps(plain(value), indent=1, ensure_ascii=False) + "\n"
