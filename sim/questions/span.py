"""The months that a question is about: the end of one month, or the mean over several."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.calendar import format_month, parse_month
from sim.wording import date

MEAN_UNIT = "share of months"
"""A measure in twelfths is too coarse for the end of one month: the mean over a span says more."""
_OVER = re.compile(r"(\d{4}(?:-\d{1,2})?)\s*(?:-|\.\.|:|/| to )\s*(\d{4}(?:-\d{1,2})?)")


@dataclass(frozen=True)
class Span:
    """Months from ``first`` to ``last``, both counted; as ``parse_month`` gives them."""

    first: int
    last: int

    @property
    def months(self) -> range:
        """Each of them."""
        return range(self.first, self.last + 1)

    def said(self) -> str:
        """`at the end of December 2025`; `on average from July 2017 to December 2025`."""
        last = date(format_month(self.last))
        if self.first == self.last:
            return f"at the end of {last}"
        return f"on average from {date(format_month(self.first))} to {last}"

    def plain(self) -> dict[str, str]:
        """As plain data."""
        return {"from": format_month(self.first), "to": format_month(self.last)}


def parse_span(at: str | None = None, over: str | None = None, *, within: Span | None = None) -> Span | None:
    """What `--at 2020-06` or `--over 2018-2025` means; None where nothing is said.

    Args:
        at: a month.
        over: two years or months.
        within: the months that there are; None for any.

    Raises:
        ValueError: it is no month, no span, outside what there is, or both are given; the message says what is wrong.
    """
    span = _parsed(at, over)
    if span is not None and within is not None and not within.first <= span.first <= span.last <= within.last:
        period = " to ".join(format_month(month) for month in (within.first, within.last))
        raise ValueError(f"{'--at' if at else '--over'} {at or over} is outside the months that there are, {period}")
    return span


def _parsed(at: str | None, over: str | None) -> Span | None:
    if at is not None and over is not None:
        raise ValueError("--at and --over cannot go together: the end of one month, or the mean over several")
    if at is not None:
        try:
            return Span(parse_month(at), parse_month(at))
        except ValueError as error:
            raise ValueError(f"--at: {error}") from None
    if over is None:
        return None
    found = _OVER.fullmatch(str(over).strip())
    if not found:
        raise ValueError(f"--over {over}: give the first and the last year or month, such as 2018-2025 or 2018-06..2025-12")
    first, last = found.groups()
    try:
        span = Span(
            parse_month(first if "-" in first else f"{first}-01"), parse_month(last if "-" in last else f"{last}-12")
        )
    except ValueError as error:
        raise ValueError(f"--over {over}: {error}") from None
    if span.first > span.last:
        raise ValueError(f"--over {over}: it ends before it begins")
    return span
