"""Behaviours: a class of the user's own for one state, given as ``file.py:Class``.

A behaviour is code and runs with the rights of the user, so it comes from the command line or from Python, never from a
scenario file. The file is read once: what was hashed is what runs, also in workers, and the hash is part of the run.
One that a folder of results names is data until the user allows it, and then it must have the hash that the folder says.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents.agent import StateAgent

EXAMPLE = "examples/hedging_india.py:HedgingIndia"
SHOWN = 3
"""Behaviours that a message tells one by one."""
_NAME = re.compile(r"[^\W\d]\w*\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class BehaviourError(ValueError):
    """A behaviour that cannot be used, or an answer that cannot be taken; the message is one sentence."""


@dataclass(frozen=True)
class Behaviour:
    """A class in a file: where it was said to be, its name, and the hash of the file when it was read."""

    file: str
    name: str
    sha256: str
    path: Path = field(compare=False)

    @classmethod
    def find(cls, text: str) -> Behaviour:
        """What ``file.py:Class`` names; the file is read, but nothing in it runs.

        Raises:
            BehaviourError: this is not the form, or there is no such file.
        """
        file, colon, name = str(text).rpartition(":") if isinstance(text, str) else ("", "", "")
        if not colon or not file or not _NAME.match(name):
            raise BehaviourError(f"{text!r} is not a file and a class; write FILE.py:CLASS, such as {EXAMPLE}")
        try:
            path = Path(file).expanduser().absolute()
        except RuntimeError:
            raise BehaviourError(f"{file!r} begins with the home of a user that is not here") from None
        if not os.path.isfile(path):
            what = "is a folder" if path.is_dir() else "does not exist"
            raise BehaviourError(f"the file {file!r} {what}; write FILE.py:CLASS, such as {EXAMPLE}")
        return cls(file, name, hashlib.sha256(_read(path, file)).hexdigest(), path)

    @classmethod
    def stored(cls, about: Any, where: str) -> Behaviour:
        """What a folder of results says of a behaviour (:meth:`plain`); no file is opened.

        Args:
            about: its class, file and sha256, as plain data.
            where: file and key that it stands in, for messages.

        Raises:
            BehaviourError: it is not of this form.
        """
        form = "it is a class, a file and its sha256"
        if not isinstance(about, dict) or set(about) != {"class", "file", "sha256"}:
            raise BehaviourError(f"{where}: is no behaviour; {form}")
        name, file, digest = about["class"], about["file"], about["sha256"]
        if not isinstance(name, str) or not _NAME.match(name):
            raise BehaviourError(f"{where}.class: {name!r:.80} is not the name of a class; {form}")
        if not isinstance(file, str) or not file or "\0" in file:
            raise BehaviourError(f"{where}.file: {file!r:.80} is not a file; {form}")
        if not isinstance(digest, str) or not _SHA256.match(digest):
            raise BehaviourError(f"{where}.sha256: {digest!r:.80} is not a sha256; {form}")
        return cls(file, name, digest, Path(file).expanduser().absolute())

    def check_hash(self) -> None:
        """See that the file is still what it was when it was hashed; nothing in it runs.

        Raises:
            BehaviourError: it is another, or cannot be read.
        """
        if not self.path.is_file():
            raise BehaviourError(f"the file {str(self.path)!r} does not exist; nothing was run")
        self._unchanged()

    def load(self, kind: type[StateAgent]) -> type[StateAgent]:
        """The class, which must be a subclass of ``kind`` with a ``decide`` of its own.

        Raises:
            BehaviourError: the file fails, was changed since it was found, or has no such class.
        """
        module = self._module()
        found = vars(module).get(self.name)
        if found is None:
            classes = [n for n, value in vars(module).items() if isinstance(value, type) and issubclass(value, kind)]
            own = [name for name in classes if getattr(module, name).__module__ == module.__name__]
            near = get_close_matches(self.name, own, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"its behaviours: {', '.join(own) or 'none'}"
            raise BehaviourError(f"{self.file} has no class {self.name!r}; {hint}")
        if not isinstance(found, type) or not issubclass(found, kind):
            advice = f"write `class {self.name}(StateAgent):`"
            raise BehaviourError(f"{self.name} in {self.file} is not a behaviour; {advice}")
        if found.decide is kind.decide:
            raise BehaviourError(f"{self.name} in {self.file} has no decide() of its own, so it would change nothing")
        return found

    def plain(self) -> dict[str, str]:
        """For the manifest and the digest of a run."""
        return {"class": self.name, "file": self.file, "sha256": self.sha256}

    def _module(self) -> ModuleType:
        """The file as a module, run once a process; its name carries the hash, so that its classes can be pickled."""
        name = f"entente_behaviour_{self.sha256}"
        if name in sys.modules:
            return sys.modules[name]
        source = self._unchanged()
        module = ModuleType(name)
        vars(module).update(__file__=str(self.path), __sha256__=self.sha256)
        sys.modules[name] = module
        try:
            with _modules_beside_the_user():
                exec(compile(source, str(self.path), "exec"), vars(module))
        except (Exception, SystemExit) as error:
            del sys.modules[name]
            at = f"line {line}, " if (line := _line_of(error, str(self.path))) else ""
            said = str(error).splitlines()[0] if str(error) else "no message"
            raise BehaviourError(f"{self.file} cannot be loaded: {at}{type(error).__name__}: {said}") from error
        return module

    def _unchanged(self) -> bytes:
        """The bytes of the file, read once: what is hashed here is what runs."""
        source = _read(self.path, self.file)
        now = hashlib.sha256(source).hexdigest()
        if now != self.sha256:
            raise BehaviourError(
                f"{str(self.path)!r} is not the file that was meant: its sha256 is {now[:12]}..., not {self.sha256[:12]}... "
                "Nothing of it was run; bring the file back as it was, or give the command of the run anew"
            )
        return source


def check_allowed(named: Iterable[tuple[str, Behaviour]], where: str, allow_code: bool) -> None:
    """See that the code which a folder names may run: the user said so, and each file has the hash that the folder says.

    Args:
        named: states and their behaviours, from :meth:`Behaviour.stored`.
        where: the folder, for messages.
        allow_code: whether the user said so, on this very command.

    Raises:
        BehaviourError: the user did not, or a file is another. Nothing was run.
    """
    named = list(named)
    if named and not allow_code:
        shown = [f"the class {given.name} in {str(given.path)!r} for {code}" for code, given in named[:SHOWN]]
        more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
        raise BehaviourError(
            f"{where} names code of its own: {'; '.join(shown)}{more}. Code that a folder names runs only if you say so: "
            "read it, and give this command again with --allow-code (in Python allow_code=True)"
        )
    for _, given in named:
        given.check_hash()


@contextmanager
def _modules_beside_the_user() -> Iterator[None]:
    """While a behaviour is loaded it may import modules of the working folder, after all that is installed."""
    before = sys.path[:]
    with suppress(OSError):  # a working folder that is gone
        sys.path.append(os.getcwd())
    try:
        yield
    finally:
        sys.path[:] = before


def locate(given: Any) -> Any:
    """A behaviour as it can be sent to workers: ``file.py:Class`` is looked up now, a class stays what it is."""
    return Behaviour.find(given) if isinstance(given, str) else given


def describe(given: Any) -> Mapping[str, str | None]:
    """What a behaviour is, for the manifest: class, file and the file's sha256 (None where there is no file).

    Takes all that a model takes, and what it returns itself.
    """
    given = locate(given)
    if isinstance(given, dict):
        return given
    if isinstance(given, Behaviour):
        return given.plain()
    name, module = given.__qualname__, sys.modules.get(given.__module__)
    if module and hasattr(module, "__sha256__"):  # what ran, whatever has become of the file
        return {"class": name, "file": module.__file__, "sha256": module.__sha256__}
    try:
        file = Path(inspect.getfile(given))
        return {"class": name, "file": str(file), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    except (OSError, TypeError):
        return {"class": name, "file": None, "sha256": None}


def fingerprint(given: Any) -> list[str]:
    """What of a behaviour determines a run's numbers: its class and the text of its file.

    Raises:
        BehaviourError: it is in no file.
    """
    about = describe(given)
    name, digest = about["class"], about["sha256"]
    if name is None or digest is None:
        raise BehaviourError(f"{name} is in no file, and a run on disk must name its code; put it in a file")
    return [name, digest]


def _read(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BehaviourError(f"the file {shown!r} cannot be read: {error.strerror}") from None


def _line_of(error: BaseException, path: str) -> int | None:
    """The last line of the file on the way to the error."""
    if isinstance(error, SyntaxError):
        return error.lineno
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
