"""A row of the verification table: what the product must reproduce, and how near it comes.

A row is a function that runs the product's own mechanisms and returns what it obtained, one value for each of its
claims. Its docstring is the documentation: first line what is checked, then ``Source:``, ``Setting:``, ``Tolerance:``.
"""

from __future__ import annotations

import inspect
import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

Value = float | int | str
PASS, FAIL, SKIPPED = "pass", "FAIL", "skipped"


class Absent(Exception):
    """A row cannot be checked here, because something it needs is not there; the message says what."""


@dataclass(frozen=True)
class Claim:
    """One number, or one fact in words, that the product must reproduce.

    Args:
        what: what it is, in at most 34 characters.
        expected: the published or derived value.
        tolerance: how far off the obtained one may be; 0 for exactly equal.
        basis: P published, X derived in closed form.
        sampled: the tolerance comes from sampling error, and is wider with fewer draws.
    """

    what: str
    expected: Value
    tolerance: float = 0.0
    basis: str = "P"
    sampled: bool = False

    def allowed(self, quick: bool) -> float:
        """The tolerance of a full run, or of a quick one, which has a quarter of the draws."""
        return self.tolerance * (2 if quick and self.sampled else 1)

    def met(self, obtained: Value, quick: bool = False, rounded: bool = False) -> bool:
        """Whether the obtained value is near enough; ``rounded`` when it was read as :func:`shown`, to five digits."""
        if isinstance(self.expected, str) or isinstance(obtained, str):
            return obtained == self.expected
        slack = 1e-4 * abs(self.expected) if rounded else 0.0
        return math.isfinite(obtained) and abs(obtained - self.expected) <= self.allowed(quick) + slack


@dataclass(frozen=True)
class Effort:
    """How much work a run may take, and where the data are.

    quick: a quarter of the draws, tolerances twice as wide where they come from sampling.
    data: the folder of public data, if there is one.
    """

    quick: bool = False
    data: Path | None = None

    def draws(self, full: int) -> int:
        """How many draws where a full run takes ``full``."""
        return max(full // 4, 1) if self.quick else full


@dataclass(frozen=True)
class Row:
    """A row: its id, its claims, and the function that obtains a value for each; ``long`` takes over three seconds."""

    id: str
    obtain: Callable[[Effort], Sequence[Value]]
    claims: tuple[Claim, ...]
    long: bool = False

    @property
    def number(self) -> int:
        """For the order of the table."""
        return int(self.id[1:])

    @property
    def title(self) -> str:
        """What is checked, in a sentence."""
        return " ".join(inspect.cleandoc(self.obtain.__doc__ or "").split("\n\n")[0].split())

    def section(self, name: str) -> str:
        """The paragraph of the docstring that begins with ``name:``, on one line."""
        text = inspect.cleandoc(self.obtain.__doc__ or "")
        found = re.search(rf"^{name}: (.*?)(?=^(?:Source|Setting|Tolerance): |\Z)", text, re.DOTALL | re.MULTILINE)
        if found is None:
            raise ValueError(f"{self.id}: its docstring has no paragraph {name!r}")
        return " ".join(found.group(1).split())


@dataclass(frozen=True)
class Result:
    """What a row gave: a value for each claim, or why there is none."""

    row: Row
    obtained: tuple[Value, ...]
    quick: bool
    seconds: float
    reason: str = ""

    @property
    def verdicts(self) -> tuple[str, ...]:
        """``pass``, ``FAIL`` or ``skipped`` for each claim."""
        if self.reason:
            return (SKIPPED,) * len(self.row.claims)
        pairs = zip(self.row.claims, self.obtained, strict=True)
        return tuple(PASS if claim.met(value, self.quick) else FAIL for claim, value in pairs)

    @property
    def verdict(self) -> str:
        """``pass`` where all claims are met, ``skipped`` where it could not be checked, else ``FAIL``."""
        return FAIL if FAIL in self.verdicts else self.verdicts[0]


def carry_out(row: Row, effort: Effort) -> Result:
    """Obtain the row's values, on one core: on matrices this small a second thread only gets in the way."""
    began = time.perf_counter()
    try:
        with threadpool_limits(1):
            obtained, reason = tuple(_plain(value) for value in row.obtain(effort)), ""
    except Absent as absent:
        obtained, reason = (), str(absent)
    return Result(row, obtained, effort.quick, time.perf_counter() - began, reason)


def _plain(value: Value) -> Value:
    """A number or a text of Python's own."""
    return value if isinstance(value, str) else value.item() if hasattr(value, "item") else value


def shown(value: Value) -> str:
    """A value in few characters: counts whole, others to five digits."""
    if isinstance(value, str):
        return value
    if value == 0 or (value == int(value) and abs(value) < 1e6):
        return str(int(value))
    if abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:.1f}" if abs(value) >= 1000 else f"{value:.5g}"
