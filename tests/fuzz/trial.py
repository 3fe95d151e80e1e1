"""One mutant through one reader: what came of it, within five seconds."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import signal
import traceback
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fuzz.targets import HUNTED, Answer, Files, Target, place_of

LIMIT = 5.0
"""Seconds of the processor that a reader may take."""
WAITING = 115.0
"""Seconds that it may wait beside that, on a busy machine."""
FINDINGS = ("traceback", "hang", "no position", "unexplained", "leak", "raw control")
"""What must not be; the rest is accepted or refused."""


class Hang(BaseException):
    """The reader took too long."""


@dataclass(frozen=True)
class Verdict:
    """What came of a mutant; `kind` is `accepted`, `refused` or one of `FINDINGS`."""

    kind: str
    detail: str = ""

    @property
    def where(self) -> str:
        """Two verdicts with the same are one finding: the kind, and the last place of a traceback."""
        return f"{self.kind}: {self.detail.splitlines()[0] if self.detail else ''}"


def try_one(target: Target, folder: Path, files: Files, seconds: float = LIMIT) -> Verdict:
    """Write a mutant into a prepared folder, read it, and put the folder in order again."""
    kept: dict[Path, bytes | None] = {}
    for name, data in files.items():
        path = place_of(folder, name)
        kept[path] = path.read_bytes() if path.is_file() else None
        path.write_bytes(data)
    try:
        return _tried(target, folder, files, seconds)
    finally:
        for path, data in kept.items():
            path.unlink(missing_ok=True) if data is None else path.write_bytes(data)


def _tried(target: Target, folder: Path, files: Files, seconds: float) -> Verdict:
    before = os.getcwd()
    os.chdir(folder)
    try:
        with _limited(seconds):
            answer = target.read(folder, files)
    except Hang:
        return Verdict("hang", f"more than {seconds:g} s")
    except (Exception, SystemExit) as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/sim/" in frame.filename]
        frame = ours[-1] if ours else last
        place = f"{frame.filename.rpartition('/sim/')[2]}:{frame.name}"
        return Verdict("traceback", f"{type(error).__name__} in {place}\n{traceback.format_exc()[-1500:]}")
    finally:
        os.chdir(before)
    return _judged(target, files, answer)


def _judged(target: Target, files: Files, answer: Answer) -> Verdict:
    if target.name != "override" and HUNTED in answer.said:
        return Verdict("leak", answer.said[:300])
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char != "\n" for char in answer.said):
        return Verdict("raw control", repr(answer.said)[:300])
    if answer.accepted:
        return Verdict("accepted")
    if "cannot be used here (" in answer.said:
        return Verdict("unexplained", answer.said[:300])
    if not answer.said.strip() or not target.placed(answer.said, files):
        return Verdict("no position", answer.said[:300])
    return Verdict("refused")


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise Hang

    timers = ((signal.SIGPROF, signal.ITIMER_PROF, seconds), (signal.SIGALRM, signal.ITIMER_REAL, seconds + WAITING))
    before = [(number, signal.signal(number, ring)) for number, _, _ in timers]
    for _, timer, after in timers:
        signal.setitimer(timer, after)
    try:
        yield
    finally:
        for _, timer, _ in timers:
            signal.setitimer(timer, 0)
        for number, handler in before:
            signal.signal(number, handler)


# -- the corpus -----------------------------------------------------------------------------------------------------------


def keep(corpus: Path, target: str, files: Files, verdict: Verdict) -> Path:
    """Write a finding into the corpus."""
    told = {"found": verdict.where, "files": {name: _text(data) for name, data in files.items()}}
    text = json.dumps(told, indent=1, ensure_ascii=True) + "\n"
    place = corpus / target
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{hashlib.sha256(verdict.where.encode()).hexdigest()[:10]}.json"
    path.write_text(text, encoding="utf-8")
    return path


def kept(path: Path) -> Files:
    """A mutant of the corpus."""
    files = json.loads(path.read_text("utf-8"))["files"]
    return {
        name: base64.b64decode(data["base64"]) if isinstance(data, dict) else data.encode("utf-8", "surrogatepass")
        for name, data in files.items()
    }


def _text(data: bytes) -> Any:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def smaller(target: Target, folder: Path, files: Files, verdict: Verdict, tries: int = 60) -> Files:
    """The same finding with fewer lines, as far as some tries go."""
    if verdict.kind == "hang" or "words.json" in files:
        return files
    for name in files:
        lines = files[name].splitlines(keepends=True)
        step = max(1, len(lines) // 2)
        while step and tries > 0:
            at = 0
            while at < len(lines) and tries > 0:
                fewer = {**files, name: b"".join(lines[:at] + lines[at + step :])}
                tries -= 1
                if try_one(target, folder, fewer).where == verdict.where:
                    lines = lines[:at] + lines[at + step :]
                    files = fewer
                else:
                    at += step
            step //= 2
    return files
