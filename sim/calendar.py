"""Months as integers: the step of the model is one month, and a month is ``12 * year + month - 1``.

Integers add and compare without surprises; text appears only where a person reads or writes it.
A day may be given (``2017-06-09``) and is kept as text by whoever shows it; the model knows months only.
"""

from __future__ import annotations

import re

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?\Z")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def parse_month(text: str) -> int:
    """The month of a date written ``2017-06`` or ``2017-06-09``.

    Raises:
        ValueError: the text is not such a date; the message says what is allowed.
    """
    found = _DATE.match(str(text).strip())
    if not found:
        raise ValueError(f"{repr(text)[:60]} is not a date; write a month such as 2017-06 or a day such as 2017-06-09")
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    if not 1 <= month <= 12:
        raise ValueError(f"{text!r} has month {found[2]}; months run from 01 to 12")
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = 28 if month == 2 and not leap else _DAYS[month - 1]
    if not 1 <= day <= days:
        raise ValueError(f"{text!r} has day {found[3]}; {year}-{found[2]} has {days} days")
    return 12 * year + month - 1


def format_month(month: int) -> str:
    """``2017-06`` for the integer of June 2017."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def months(start: int, stop: int) -> list[str]:
    """The months from ``start`` up to, and without, ``stop``, as text."""
    return [format_month(month) for month in range(start, stop)]
