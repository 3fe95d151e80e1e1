"""One kill: start a command, kill it at a moment drawn by luck, look at what it left, and give it again."""

from __future__ import annotations

import contextlib
import io
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.cases import CASES, FIRST, TAKES_A_RUN
from tests.chaos.folder import NOT_THE_SAME, faults, files, manifests, walk
from tests.chaos.processes import ROOT, Command

WAYS = {
    "KILL": (signal.SIGKILL, False),
    "TERM": (signal.SIGTERM, False),
    "INT": (signal.SIGINT, False),
    "INT all": (signal.SIGINT, True),
    "TERM all": (signal.SIGTERM, True),
}
"""Which signal, and whether every process of the command gets it, as from a terminal."""
PATIENCE = 120
PACKAGE = ROOT / "sim"
_ONE_AT_A_TIME = threading.Lock()
"""Standard output is of the whole process: two threads that redirect it would leave it redirected."""


@dataclass
class Reference:
    """What an undisturbed command leaves, and how long it takes."""

    words: tuple[str, ...]
    start: Path | None
    seconds: float
    files: dict[str, str]
    same: set[str]


@dataclass
class Kill:
    """What came of one kill."""

    case: str
    way: str
    moment: float
    status: int | None = None
    orphans: int = 0
    lost: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Everything that is wrong, in words."""
        orphans = [f"{self.orphans} processes were left"] if self.orphans else []
        return [*orphans, *self.lost, *self.differing, *self.other]


def reference(case: str, place: Path) -> Reference:
    """Carry a case out twice, undisturbed."""
    start = None
    if case in TAKES_A_RUN:
        first = place / "first"
        if not first.exists():
            first.mkdir(parents=True)
            _carried_out(FIRST, first)
        start = first / "results"
    found, seconds = [], []
    for number in (1, 2):
        folder = _folder(place / f"{case}-{number}", start)
        began = time.monotonic()
        _carried_out(CASES[case], folder)
        seconds.append(time.monotonic() - began)
        found.append(files(folder / "results"))
    one, two = found
    same = {name for name in one if one[name] == two.get(name)}
    changing = sorted(name for name in {*one, *two} - same if Path(name).name not in NOT_THE_SAME)
    assert one.keys() == two.keys() and not changing, f"{case}: two undisturbed commands differ: {changing}"
    return Reference(CASES[case], start, sum(seconds) / 2, one, same)


def kill(case: str, way: str, share: float, about: Reference, place: Path) -> Kill:
    """Kill a case after a share of its time."""
    place = _folder(place, about.start)
    results, found = place / "results", Kill(case, way, share * about.seconds)
    number, group = WAYS[way]
    command = Command(about.words, place)
    time.sleep(found.moment)
    before = manifests(results)
    with contextlib.suppress(ProcessLookupError):
        command.signal(number, group=group)
    try:
        found.status, _, err = command.end(PATIENCE)
    except subprocess.TimeoutExpired:
        found.other.append("a process keeps the output open")
        err = ""
    found.orphans = len(command.left(5))
    if found.status not in (0, -number, 128 + number) and not _met_python_itself(err):
        found.other.append(f"it ended with status {found.status}: {err[-300:]}")
    if found.status == 128 + number and "Traceback" in err and not _met_python_itself(err):
        found.other.append(f"it told more than that it was stopped: {err[-300:]}")
    if number != signal.SIGKILL:
        found.other += _leftovers(place)
    found.lost = [f"{name} is gone" for name in before - manifests(results)]
    found.lost += faults(results, about.files, about.same)
    again = Command(about.words, place)
    status, _, err = again.end(PATIENCE)
    if status != 0:
        found.other.append(f"the same command again ended with status {status}: {err[-300:]}")
    left = files(results)
    found.differing = sorted({*left} ^ {*about.files}) + [
        name for name in about.same if name in left and left[name] != about.files[name]
    ]
    found.other += faults(results, about.files, about.same)
    _clean(place)
    found.other += _leftovers(place)
    return found


def _met_python_itself(err: str) -> bool:
    """Whether the interpreter was interrupted while it started, before it had read a line of this package."""
    return "KeyboardInterrupt" in err and f"{PACKAGE}/" not in err


def _folder(place: Path, start: Path | None) -> Path:
    place.mkdir(parents=True)
    if start is not None:
        shutil.copytree(start, place / "results")
    return place


def _carried_out(words: tuple[str, ...], place: Path) -> None:
    status, _, err = Command(words, place).end(PATIENCE)
    assert status == 0, f"{' '.join(words)} ended with status {status}: {err}"


def _clean(place: Path) -> None:
    from sim.cli.main import main

    with _ONE_AT_A_TIME, contextlib.redirect_stdout(io.StringIO()):
        assert main(["clean", "--yes", "--results", str(place / "results")]) == 0


def _leftovers(place: Path) -> list[str]:
    """Temporary files and folders that are there still. `clean` takes no parent away, not even an empty `.tmp`."""
    results = place / "results"
    found = [*(place / "tmp").iterdir(), *(path for path in walk(results) if path.suffix == ".part")]
    with contextlib.suppress(FileNotFoundError):  # a worker tidies up just now
        found += (results / ".tmp").iterdir()
    return [f"{path.relative_to(place)} was left" for path in found]
