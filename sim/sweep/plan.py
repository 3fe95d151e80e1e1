"""The plan of a sweep on disk: what is varied, what is read off each run, and the file of its jobs.

The sweep's id is the digest of its rows and its outcomes, so that the same sweep finds its own folder again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results import ResultsError, check_writable, digest
from sim.results.finding import DIGITS
from sim.results.folders import new_folder
from sim.results.identity import DETERMINING_OPTIONS, canonical, plain, remember
from sim.results.writing import check_name
from sim.scenario.packing import apply_difference, difference, pack, parts_of, scenario_of, unpack
from sim.sweep.job import Job

if TYPE_CHECKING:
    from sim.scenario import Scenario

SWEEPS = "sweeps"
HEAD, JOBS, STORIES = "plan.json", "jobs.jsonl", "stories"
KEPT = (*DETERMINING_OPTIONS, "scenario_dir")
"""Options of a run that a job keeps: what changes its numbers, and where its world may be found again."""


class SweepError(ResultsError):
    """A sweep that cannot be planned, found or read; the message says what to do."""


@dataclass(frozen=True)
class Point:
    """One run that a sweep asks for.

    ``shared`` is the scenario that this one was made from by a few changes, or itself; ``values`` has the value of each
    axis; ``overrides`` is the command line of this run alone.
    """

    scenario: Scenario
    shared: Scenario
    options: Mapping[str, Any]
    values: Mapping[str, Any]
    overrides: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A planned sweep: its folder and the head of its plan; jobs are read from their file as they are needed."""

    folder: Path
    head: dict[str, Any]

    @classmethod
    def open(cls, folder: Path | str) -> Plan:
        """The plan in a sweep's folder.

        Raises:
            SweepError: there is none, or it cannot be read.
        """
        folder = Path(folder)
        try:
            head = json.loads((folder / HEAD).read_text(encoding="utf-8"))
            if not (folder / JOBS).is_file() or not isinstance(head["jobs"], int):
                raise ValueError(f"{JOBS} is missing")
        except FileNotFoundError:
            raise SweepError(f"{folder} holds no sweep: it has no {HEAD}") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SweepError(f"{folder} is damaged ({error}); give the sweep's command again, which plans it anew") from None
        return cls(folder, head)

    @property
    def id(self) -> str:
        """The sweep's name on disk."""
        return self.folder.name

    @property
    def root(self) -> Path:
        """The folder of all results."""
        return self.folder.parent.parent

    def jobs(self) -> Iterator[Job]:
        """Every row, in order."""
        with (self.folder / JOBS).open("rb") as file:
            for line in file:
                yield Job.read(line)

    def distinct(self) -> Iterator[Job]:
        """The runs, each once."""
        return (job for job in self.jobs() if not job.again)

    def job(self, key: str) -> Job:
        """The job with a key, or with these first digits of one.

        Raises:
            SweepError: there is none.
        """
        found = next((job for job in self.distinct() if job.key.startswith(key)), None)
        if found is None:
            raise SweepError(f"{self.folder}: there is no job {key[:DIGITS]!r} in this sweep")
        return found

    def scenario(self, job: Job) -> Scenario:
        """The scenario of a job, as it was when the sweep was planned."""
        if job.story not in self._stories:
            packed = json.loads((self.folder / STORIES / f"{job.story}.json").read_text(encoding="utf-8"))
            self._stories[job.story] = unpack(packed)
        return scenario_of(apply_difference(self._stories[job.story], unpack(job.changes)))

    @cached_property
    def _stories(self) -> dict[str, Any]:
        return {}


def write_plan(points: Iterable[Point], root: Path | str, **about: Any) -> Plan:
    """Write the plan of a sweep; the same sweep finds the plan that is there.

    Args:
        points: the runs, in the order of the table; taken one by one, so that they may be made as they are needed.
        root: the folder of all results.
        about: the head of the plan as plain data: `axes`, `design`, `outcomes`, `at`, `command` and more.

    Raises:
        SweepError: there is no point at all.
        ResultsError: it cannot be written; nothing is kept then.
    """
    root = Path(root)
    check_writable(root)
    target = root / SWEEPS / "unnamed"
    with new_folder(root, lambda: target, "sweep", keep=_is_plan) as place:
        (place / STORIES).mkdir()
        planner = _Planner(place)
        with (place / JOBS).open("w", encoding="utf-8", newline="\n") as file:
            for point in points:
                file.write(planner.job(point).line())
        if not planner.rows:
            raise SweepError("this sweep has no run in it")
        determining = {name: about.get(name) for name in ("axes", "design", "samples", "outcomes", "at")}
        planner.total.update(canonical(determining))
        own = planner.total.hexdigest()
        head = {"id": own[:DIGITS], "jobs": planner.rows, "runs": len(planner.first), **about}
        text = json.dumps(plain(head), indent=1, ensure_ascii=False) + "\n"
        (place / HEAD).write_text(text, encoding="utf-8", newline="\n")
        target = root / SWEEPS / own[:DIGITS]
    return Plan.open(target)


class _Planner:
    """Turns points into jobs: each digest once, each scenario stored once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = 0
        self.first: dict[str, int] = {}
        self.total = hashlib.sha256()
        self.shared: tuple[Scenario, dict, dict, str] | None = None

    def job(self, point: Point) -> Job:
        check_name(point.scenario.name)
        if self.shared is None or self.shared[0] is not point.shared:
            self.shared = (point.shared, parts_of(point.shared), remember(point.shared), self.store(point.shared))
        _, parts, known, story = self.shared
        options = {name: point.options[name] for name in KEPT if point.options.get(name) is not None}
        behaviours = point.options.get("behaviours") or {}
        key = digest(point.scenario, options | {"behaviours": behaviours}, known)
        if behaviours:
            options["behaviours"] = {code: f"{given.path}:{given.name}" for code, given in behaviours.items()}
        self.rows += 1
        self.total.update(key.encode() + canonical(dict(point.values)))
        return Job(number=self.rows, key=key, scenario=point.scenario.name, story=story,
                   changes=pack(difference(parts, parts_of(point.scenario))), options=plain(options),
                   values=plain(dict(point.values)), overrides=list(point.overrides),
                   first=self.first.setdefault(key, self.rows))  # fmt: skip

    def store(self, scenario: Scenario) -> str:
        text = json.dumps(pack(parts_of(scenario)), ensure_ascii=False, separators=(",", ":"))
        name = hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
        (self.folder / STORIES / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        return name


def _is_plan(folder: Path) -> bool:
    """Whether a folder holds a whole plan: the same plan, since it has the same name."""
    try:
        Plan.open(folder)
    except SweepError:
        return False
    return True
