"""What is wrong with a scenario, where, and what to do: all of it at once.

A problem is printed as ``file:line:col: key.path: what is wrong; did you mean ...? what is allowed``.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sim.visible import visible

Key = tuple[str | int, ...]
"""Where a value stands in a scenario: ``("events", "us_withdrawal", "on")``."""

SHOWN = 50
"""How many problems are printed; the rest is counted."""
MOST = 500
"""How many problems are looked for; after so many, reading stops."""
COMPARED = 300
"""With how many words one that is not known is compared."""


class Position(NamedTuple):
    """A place in a file, lines and columns from 1; ``line`` 0 is no line (the command line, a whole file)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """``scenarios/mine.yaml:3:5``."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


COMMAND_LINE = Position("command line")


_MEANT = re.compile(r"; did you mean (?:'([^']*)'|([^' ?]+))\?")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    where: Position
    key: Key
    text: str

    @property
    def expected(self) -> str:
        """What is allowed or to be done, as far as the text says so: what follows its first semicolon."""
        _, _, advice = self.text.partition("; ")
        return _MEANT.sub("", f"; {advice}").removeprefix("; ").strip()

    @property
    def nearest(self) -> str | None:
        """The allowed word that was probably meant."""
        found = _MEANT.search(self.text)
        return found[1] or found[2] if found else None

    def plain(self) -> dict[str, object]:
        """Everything of it, for a program; a line of 0 is no line of a file."""
        return {
            "file": self.where.file,
            "line": self.where.line,
            "column": self.where.column,
            "path": list(self.key),
            "message": self.text,
            "expected": self.expected,
            "nearest": self.nearest,
        }

    def __str__(self) -> str:
        """One line for a person, with control characters that a file smuggled in made visible."""
        return visible(f"{self.where}: {dotted(self.key)}: {self.text}" if self.key else f"{self.where}: {self.text}")


class ScenarioError(Exception):
    """A scenario that cannot be used; ``problems`` has everything that is wrong, ``str()`` one line for each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems, once each, file by file in the order of lines."""
        once = list(dict.fromkeys(problems))
        files = list(dict.fromkeys(problem.where.file for problem in once))
        once.sort(key=lambda problem: (files.index(problem.where.file), problem.where[1:]))
        self.problems: tuple[Problem, ...] = tuple(once)
        super().__init__(self.problems)

    def __reduce__(self) -> tuple:
        """For pickling, from a worker."""
        return ScenarioError, (self.problems,)

    def __str__(self) -> str:
        """One line a problem."""
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"... and {len(self.problems) - SHOWN} more")
        return "\n".join(lines)


def fail(where: Position, text: str, key: Key = ()) -> ScenarioError:
    """An error with one problem, to be raised."""
    return ScenarioError([Problem(where, key, text)])


def dotted(key: Key) -> str:
    """``events.us_withdrawal.parties[0]``."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def shown(path: Path | str) -> str:
    """A path as the reader knows it: relative where it lies under the working directory."""
    path = os.path.abspath(path)
    try:
        here = os.getcwd()
    except OSError:
        return path
    return os.path.relpath(path, here) if path.startswith(here.rstrip(os.sep) + os.sep) else path


def quote(value: object) -> str:
    """A value in a message: short, on one line."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def nearest(word: object, allowed: Iterable[str]) -> str | None:
    """The allowed word most like ``word``, None when none is near; case is forgiven.

    A word of a hundred letters is no slip of the pen, and of very many words the first are enough: comparing takes time.
    """
    if len(str(word)) > 100:
        return None
    words = {str(a).casefold(): str(a) for a in islice(allowed, COMPARED)}
    near = difflib.get_close_matches(str(word).casefold(), list(words), n=1, cutoff=0.6)
    return words[near[0]] if near else None


def did_you_mean(word: object, allowed: Iterable[str], *, what: str = "allowed", most: int = 30) -> str:
    """``; did you mean 'gain'? allowed: gain, loss``: the tail of a message about an unknown word."""
    allowed = [str(a) for a in allowed]
    if not allowed:
        return f"; {what}: none"
    near = nearest(word, allowed)
    most = min(most, 12) if near else most
    listed = ", ".join(allowed[:most]) + (f" and {len(allowed) - most} more" if len(allowed) > most else "")
    return f"; did you mean {near!r}? {what}: {listed}" if near else f"; {what}: {listed}"
