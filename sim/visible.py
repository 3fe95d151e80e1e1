"""Text of others made harmless where it is printed: control characters become visible, as `\\x1b` and `\\u202e`.

A scenario, a world table or a folder of results comes from somebody else. What it holds must not steer a terminal, hide
a part of a message or turn it round, so everything printed goes through here.
"""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Controls; formats, among them bidirectional and zero-width ones; half characters; line and paragraph separators."""
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_STYLE = re.compile("(\x1b\\[[0-9;]{1,8}m)")


def visible(text: object, *, keep: str = "") -> str:
    """Text with each control character as an escape, but for those in ``keep``."""
    text = str(text)
    if text.isprintable():
        return text
    return "".join(_escape(char) if char not in keep and unicodedata.category(char) in _HIDDEN else char for char in text)


def visible_but_styles(line: str) -> str:
    """A line of ours for a terminal: colour and weight stay, every other control character becomes visible."""
    if line.isprintable():
        return line
    return "".join(part if k % 2 else visible(part) for k, part in enumerate(_STYLE.split(line)))


def visible_json(text: str) -> str:
    """JSON with its hidden characters as JSON writes them, ``\\u202e``; reading it gives the same values."""
    if text.replace("\n", "").isprintable():
        return text
    hidden = lambda char: char != "\n" and unicodedata.category(char) in _HIDDEN  # noqa: E731
    return "".join(_json_escape(char) if hidden(char) else char for char in text)


def _escape(char: str) -> str:
    number = ord(char)
    return _SHORT.get(char) or (
        f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
    )


def _json_escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[k]:02x}{units[k + 1]:02x}" for k in range(0, len(units), 2))
