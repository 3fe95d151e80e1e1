"""Text that fits: measure, clean, wrap, shorten and number, in inches and before any figure exists."""

from __future__ import annotations

import os
from functools import lru_cache

from sim import wording
from sim.wording import percent

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
MINUS = "\N{MINUS SIGN}"


@lru_cache(maxsize=4)
def _font(bold: bool):
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))


if hasattr(os, "register_at_fork"):  # the font reads its file as it goes: two processes would move each other's place in it
    os.register_at_fork(after_in_child=_font.cache_clear)


@lru_cache(maxsize=2048)
def _advance(character: str, bold: bool) -> float:
    """Advance of one character in inches at 100 points: large, so that rounding to pixels does not count."""
    font = _font(bold)
    font.set_size(100, 72)
    return font.load_char(ord(character)).linearHoriAdvance / 65536 / 72


def width(text: str, size: float, bold: bool = False) -> float:
    """Width of one line in inches at `size` points; kerning, which only narrows it, is left out."""
    return sum(_advance(character, bold) for character in text) * size / 100


@lru_cache(maxsize=1024)
def clean(text: str) -> str:
    """One line of printable text: white space collapsed, characters the font cannot draw replaced."""
    font = _font(False)
    line = " ".join(str(text).split())
    return "".join(c if c == " " or (c.isprintable() and font.get_char_index(ord(c))) else UNKNOWN for c in line)


def shorten(text: str, room: float, size: float, bold: bool = False) -> str:
    """`text`, cut with an ellipsis where it is wider than `room` inches."""
    if width(text, size, bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ELLIPSIS, size, bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def wrap(text: str, room: float, size: float, bold: bool = False, lines: int = 3) -> list[str]:
    """Break `text` at spaces into at most `lines` lines of `room` inches; the last is shortened if there is more."""
    done: list[str] = []
    words = text.split()
    while words:
        if len(done) == lines - 1:
            done.append(shorten(" ".join(words), room, size, bold))
            break
        count = 1
        while count < len(words) and width(" ".join(words[: count + 1]), size, bold) <= room:
            count += 1
        done.append(shorten(" ".join(words[:count]), room, size, bold))
        words = words[count:]
    return done


def number(value: float, digits: int = 2, signed: bool = False) -> str:
    """A number with a true minus sign: 0.36, −0.21, +0.04; no sign on a zero; thousands separated."""
    return wording.number(value, digits, signed=signed, minus=MINUS)


def of_replicates(share: float) -> str:
    """In how many replicates: "all replicates", "93 % of replicates"."""
    return "all replicates" if share == 1 else f"{percent(share)} of replicates"


def apart(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions nearest to `wanted` that are `gap` apart and within [low, high] where room allows; order kept."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = [wanted[i] for i in order]
    for _ in range(60):
        for k in range(len(places) - 1):
            lack = gap - (places[k + 1] - places[k])
            if lack > 1e-9:
                places[k] -= lack / 2
                places[k + 1] += lack / 2
        places = [min(max(p, low), high) for p in places]
    result = [0.0] * len(wanted)
    for place, i in zip(places, order, strict=True):
        result[i] = place
    return result
