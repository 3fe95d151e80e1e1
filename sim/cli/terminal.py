"""What the terminal can show: width, colour, Unicode. Text that fits 80 columns wherever it is printed."""

from __future__ import annotations

import math
import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from sim.visible import visible, visible_but_styles

BLOCKS, ASCII_LEVELS = "▁▂▃▄▅▆▇█", "_.-~=+*#"
_TO_ASCII = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "−": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "…": "...",
        "·": "-",
        "→": "->",
        "≥": ">=",
        "≤": "<=",
        "×": "x",
        "±": "+/-",
    }
)


class Terminal:
    """A stream and what it can show.

    Colour only on a terminal, never with NO_COLOR set or TERM=dumb. Characters beyond ASCII only where the encoding has
    them.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        """Look at `stream` (default: stdout) and at the environment."""
        self.stream = stream if stream is not None else sys.stdout
        isatty = getattr(self.stream, "isatty", lambda: False)()
        dumb = os.environ.get("TERM") == "dumb"
        self.colour = isatty and not dumb and not os.environ.get("NO_COLOR")
        self.unicode = _has(self.stream, BLOCKS) and not (isatty and dumb)
        self.width = min(shutil.get_terminal_size((80, 24)).columns, 100) if isatty else 80
        self.width = max(self.width, 60)

    def style(self, text: str, code: str) -> str:
        """`text` in an ANSI style, or as it is."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def bold(self, text: str) -> str:
        """Bold, where there is colour."""
        return self.style(text, "1")

    def dim(self, text: str) -> str:
        """Faint, where there is colour."""
        return self.style(text, "2")

    def signed(self, text: str) -> str:
        """A change in blue when it rises and yellow when it falls; the sign itself says the same without colour."""
        bare = text.strip()
        if bare[:1] in "+-" and any(digit in bare for digit in "123456789"):
            return self.style(text, "36" if bare[0] == "+" else "33")
        return text

    def text(self, text: str) -> str:
        """Text from a file, made safe and showable: no control characters, ASCII where nothing else can be shown."""
        text = clean(text)
        if not self.unicode:
            text = unicodedata.normalize("NFKD", text.translate(_TO_ASCII)).encode("ascii", "ignore").decode()
        return text

    def wrap(self, text: str, first: str = "", rest: str | None = None, width: int | None = None) -> str:
        """A paragraph that fits the terminal; `first` and `rest` stand before its lines."""
        filled = textwrap.fill(
            self.text(text).replace(" %", "\xa0%"),  # a number stays with its sign
            width or min(self.width, 80),
            initial_indent=first,
            subsequent_indent=" " * len(first) if rest is None else rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return filled.replace("\xa0", " ")

    def print(self, *lines: str) -> None:
        """Print lines; of control characters, only our own styles are sent to the terminal."""
        for line in (part for text in lines for part in text.split("\n")):
            self.stream.write(visible_but_styles(line.rstrip()) + "\n")

    def rule(self) -> str:
        """A line across."""
        return self.dim(("─" if self.unicode and _has(self.stream, "─") else "-") * min(self.width, 80))

    def columns(self, table: Iterable[Sequence[str]], *, indent: int = 2, gap: int = 2) -> list[str]:
        """Rows of words in columns; the last column is wrapped into what is left of 80 characters."""
        table = [[self.text(word) for word in row] for row in table]
        if not table:
            return []
        widths = [max(len(row[k]) for row in table) for k in range(len(table[0]) - 1)]
        left = indent + sum(width + gap for width in widths)
        lines = []
        for row in table:
            head = " " * indent + "".join(f"{word:<{width + gap}}" for word, width in zip(row, widths))
            if left > 52:  # no room beside: the last column goes below
                lines.append(head.rstrip())
                lines += textwrap.wrap(
                    row[-1], 80 - indent - 4, initial_indent=" " * (indent + 4), subsequent_indent=" " * (indent + 4)
                )
                continue
            wrapped = textwrap.wrap(row[-1], 80 - left, break_long_words=False, break_on_hyphens=False) or [""]
            lines += [head + wrapped[0], *(" " * left + more for more in wrapped[1:])]
        return lines


def say(text: str) -> None:
    """A sentence on stderr, for the user while a command works."""
    print(text, file=sys.stderr, flush=True)


def clean(text: object) -> str:
    """Text on one line, control characters made visible: a scenario file must not be able to steer a terminal."""
    return visible(" ".join(str(text).split()))


def _has(stream: TextIO, characters: str) -> bool:
    try:
        characters.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def sparkline(values: Sequence[float], width: int, *, unicode: bool = True, span: float = 0.0) -> str:
    """A curve in one line of text.

    Args:
        values: the numbers; a gap (nan) is a blank.
        width: characters; values are averaged into as many groups.
        unicode: block characters, else ASCII.
        span: a range smaller than this is not stretched to full height, so that noise looks like noise.
    """
    levels = BLOCKS if unicode else ASCII_LEVELS
    count = len(values)
    width = min(width, count)
    if not width:
        return ""
    groups = [values[k * count // width : (k + 1) * count // width] for k in range(width)]
    known = [[x for x in group if x == x] for group in groups]
    means = [sum(group) / len(group) if group else None for group in known]
    there = [x for x in means if x is not None]
    if not there:
        return " " * width
    low, high = min(there), max(there)
    if high - low < span:
        bottom = 0.0 if low >= 0 else -math.inf  # what cannot be negative is not drawn as if it could
        low = max((high + low - span) / 2, bottom)
        high = low + span
    scale = (len(levels) - 1) / (high - low) if high > low else 0.0
    base = 0 if scale else len(levels) // 2
    return "".join(" " if x is None else levels[base + min(len(levels) - 1, round((x - low) * scale))] for x in means)


def duration(seconds: float) -> str:
    """`40 s`, `12 min`, `3.5 h` for a number of seconds."""
    if seconds < 100:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def size_of(count: float) -> str:
    """`12 kB`, `3.4 MB` for a number of bytes."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "bytes" or count >= 10 else f"{count:.1f} {unit}"
        count /= 1000
    return ""


def shown(path: Path) -> str:
    """A path as the user would type it: relative inside the working directory."""
    try:
        return str(path.resolve().relative_to(Path.cwd().resolve()))
    except ValueError:
        return str(path)
