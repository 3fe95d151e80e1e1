"""Sources by number, in the order in which a page meets them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

_LINK = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]]")


class Citations:
    """The references of one or more runs; `number` gives a source its number on first use."""

    def __init__(self, manifests: Iterable[Mapping[str, Any]]) -> None:
        """Take the references from the manifests' `sources`."""
        self._references: dict[str, str] = {}
        for manifest in manifests:
            self._references |= {key: str(text) for key, text in (manifest.get("sources") or {}).items()}
        self._numbers: dict[str, int] = {}

    def number(self, source: str) -> int:
        """The number of a source."""
        return self._numbers.setdefault(source, len(self._numbers) + 1)

    def rows(self) -> list[dict[str, Any]]:
        """Every reference: those cited by their number, then the rest."""
        for source in self._references:
            self.number(source)
        return [
            {"number": number, "id": source, "text": linked(self._references.get(source, "no reference is given"))}
            for source, number in self._numbers.items()
        ]


def linked(text: str) -> Markup:
    """Text with its web addresses as links; all of it escaped."""
    done, at = Markup(""), 0
    for found in _LINK.finditer(text):
        address = escape(found.group())
        done += escape(text[at : found.start()])
        done += Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(address)
        at = found.end()
    return done + escape(text[at:])
