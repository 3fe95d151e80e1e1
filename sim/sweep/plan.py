"""The plan of a sweep on disk: what is varied, what is read off each run, and the file of its jobs.

The sweep's id is the digest of its rows and its outcomes, so that the same sweep finds its own folder again; see
`sim.sweep.checking`. Behaviours that a plan names run only if the command that works on it says so.
"""

from __future__ import annotations

import hashlib
import json
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.agents.behaviours import Behaviour, check_allowed
from sim.results import check_writable, digest
from sim.results.atomic import temporary
from sim.results.finding import DIGITS
from sim.results.folders import new_folder
from sim.results.run_digest import plain, remember
from sim.results.stored import parse_json
from sim.results.writing import check_name
from sim.sweep import SweepError
from sim.sweep.checking import HEAD, JOBS, STORIES, WORDS, check_plan, digest_of_words, digests, id_of, read_story
from sim.sweep.job import KEPT, Job
from sim.sweep.packing import apply_difference, difference, pack, parts_of, scenario_of, unpack

if TYPE_CHECKING:
    from sim.scenario import Scenario

SWEEPS = "sweeps"


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
    """A planned sweep: its folder and the head of its plan; jobs are read from their file as they are needed.

    ``behaviours`` are those that its jobs name, each with a state that has it; ``trusted`` those that may run: what the
    command itself named, or all of them where it allowed the code of a folder. One that was just written is held, so that
    nobody takes it for left before its first run begins.
    """

    folder: Path
    head: dict[str, Any]
    behaviours: dict[Behaviour, str] = field(default_factory=dict)
    trusted: tuple[Behaviour, ...] = ()
    _held: Callable[[], Any] | None = field(default=None, repr=False, compare=False, kw_only=True)

    def __getstate__(self) -> dict[str, Any]:
        """Of a plan for another process: this one holds it."""
        return {**self.__dict__, "_held": None}

    def let_go(self) -> None:
        """Hold it no longer: its runs are begun, and say so themselves."""
        if self._held is not None:
            self._held()

    @classmethod
    def open(cls, folder: Path | str, *, allow_code: bool = False) -> Plan:
        """The plan in a sweep's folder, after a look at every part of it.

        Args:
            folder: of the sweep.
            allow_code: whether the behaviours that it names may run; their files must have the hashes that it says.

        Raises:
            SweepError: there is none, it cannot be read, or it does not fit its id.
            BehaviourError: a behaviour may run and is another.
        """
        folder = Path(folder)
        head, named = check_plan(folder)
        plan = cls(folder, head, named)
        if not allow_code:
            return plan
        plan.check_code(allow_code=True)
        return replace(plan, trusted=tuple(named))

    def check_code(self, *, allow_code: bool = False) -> None:
        """See that all code which the plan names may run.

        Raises:
            BehaviourError: some may not.
        """
        named = [(code, given) for given, code in self.behaviours.items() if given not in self.trusted]
        check_allowed(named, f"the sweep {self.folder}", allow_code)

    @property
    def id(self) -> str:
        """The sweep's name on disk."""
        return self.head["id"]

    @property
    def root(self) -> Path:
        """The folder of all results."""
        return self.folder.parent.parent

    def jobs(self) -> Iterator[Job]:
        """Every row, in order."""
        with (self.folder / JOBS).open("rb") as file:
            for number, line in enumerate(file, 1):
                yield Job.read(line, f"{self.folder / JOBS}:{number}")

    def distinct(self) -> Iterator[Job]:
        """The runs, each once."""
        return (job for job in self.jobs() if not job.repeats)

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
        """The scenario of a job, as it was when the sweep was planned.

        Raises:
            SweepError: the story was changed since, or with the job's changes it is no scenario.
        """
        if job.story not in self._stories:
            where = f"{self.folder / STORIES / job.story}.json"
            self._stories[job.story] = unpack(parse_json(read_story(self.folder, job.story), where))
        try:
            return scenario_of(apply_difference(self._stories[job.story], unpack(job.changes)))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise SweepError(f"{self.folder / JOBS}:{job.number}: its story is no scenario: {error}") from None

    def behaviours_of(self, job: Job) -> dict[str, Behaviour]:
        """The behaviours of a job, by state.

        Raises:
            BehaviourError: one may not run here.
        """
        named = job.behaviours
        if any(given not in self.trusted for given in named.values()):
            check_allowed(named.items(), f"{self.folder / JOBS}:{job.number}", allow_code=False)
        return named

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
        SweepError: there is no point at all, or what is there under this id is another plan.
        ResultsError: it cannot be written; nothing is kept then.
    """
    root = Path(root)
    check_writable(root)
    target = root / SWEEPS / "unnamed"
    parts: dict[str, str] = {}
    with ExitStack() as held:
        with new_folder(root, lambda: target, "sweep", keep=lambda there: _is_plan(there, parts)) as place:
            (place / STORIES).mkdir()
            planner, lines = _Planner(place), hashlib.sha256()
            with (place / JOBS).open("wb") as file:
                for point in points:
                    line = planner.job(point).line().encode()
                    lines.update(line)
                    file.write(line)
            if not planner.rows:
                raise SweepError("this sweep has no run in it")
            head = {"jobs": planner.rows, "runs": len(planner.first), **about}
            parts |= digests(head, lines.hexdigest())
            own = id_of(parts)
            head = plain({"id": own[:DIGITS], "digests": {**parts, WORDS: digest_of_words(head)}, **head})
            text = json.dumps(head, indent=1, ensure_ascii=False) + "\n"
            (place / HEAD).write_text(text, encoding="utf-8", newline="\n")
            target = root / SWEEPS / own[:DIGITS]
            held.enter_context(temporary(root, f"sweep-{own[:DIGITS]}"))
        release = held.pop_all().close
        plan = Plan(target, head, planner.behaviours, tuple(planner.behaviours), _held=release)
        weakref.finalize(plan, release)
    return plan


class _Planner:
    """Turns points into jobs: each digest once, each scenario stored once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = 0
        self.first: dict[str, int] = {}
        self.behaviours: dict[Behaviour, str] = {}
        self.shared: tuple[Scenario, dict, dict, str] | None = None

    def job(self, point: Point) -> Job:
        check_name(point.scenario.name)
        if self.shared is None or self.shared[0] is not point.shared:
            parts = _parts(point.shared)
            self.shared = (point.shared, parts, remember(point.shared), self.store(parts))
        _, parts, known, story = self.shared
        options = {name: point.options[name] for name in KEPT if point.options.get(name) is not None}
        behaviours = point.options.get("behaviours") or {}
        key = digest(point.scenario, options | {"behaviours": behaviours}, known)
        self.rows += 1
        if behaviours:
            given = {code: replace(given, file=str(given.path)) for code, given in behaviours.items()}
            for code, one in given.items():
                self.behaviours.setdefault(one, code)
            options["behaviours"] = given
        return Job(
            number=self.rows,
            key=key,
            scenario=point.scenario.name,
            story=story,
            changes=pack(difference(parts, _parts(point.scenario))),
            options=plain(options),
            values=plain(dict(point.values)),
            overrides=list(point.overrides),
            first=self.first.setdefault(key, self.rows),
        )

    def store(self, parts: Mapping[str, Any]) -> str:
        text = json.dumps(pack(parts), ensure_ascii=False, separators=(",", ":")).encode()
        name = hashlib.sha256(text).hexdigest()
        (self.folder / STORIES / f"{name}.json").write_bytes(text)
        return name


def _is_plan(folder: Path, parts: Mapping[str, str]) -> bool:
    """True where a folder holds this very plan, whole.

    Raises:
        SweepError: it holds another, or one that is damaged.
    """
    if not (folder / HEAD).exists():
        return False  # begun and never planned
    head, _ = check_plan(folder)
    if {name: head["digests"].get(name) for name in parts} != parts:
        raise SweepError(f"{folder} is another plan with the same first digits; choose another results folder")
    return True


def _parts(scenario: Scenario) -> dict[str, Any]:
    """A scenario without the place of its file: the same story is the same sweep, wherever it lies."""
    return {**parts_of(scenario), "file": None}
