"""Tables of draws: what data leave uncertain of the numbers of some rules, a row a draw of all of them together.

``calibrated/RULES.csv`` ships with the package; ``python -m sim calibrate`` writes such a file (docs/calibration.md). Lines
that begin with ``#`` say where it comes from, ``# name: value`` each; then a row of keys and a row a draw. A replicate has
the row that its number and the seed give, the same one in every scenario.

See docs/calibration.md.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from sim.draws import Draws

CHANCE, PARAMETERS, BOTH = "chance", "parameters", "both"
KINDS = (CHANCE, PARAMETERS, BOTH)
"""What differs between replicates: chance alone; the parameters, with the chance of replicate 0 in all; or both."""
STREAM = "calibration"
ROOM = (0.05, 0.5, 0.95)
"""Ends and middle of an interval."""
HERE = Path(__file__).with_name("calibrated")


@dataclass(frozen=True, eq=False)
class Table:
    """Draws of some parameters: ``draws`` has shape (rows, keys), a key is `trust.noise`; ``about`` says where from."""

    keys: tuple[str, ...]
    draws: np.ndarray = field(repr=False)
    about: Mapping[str, str] = field(default_factory=dict, repr=False)

    def rows_of(self, draws: Draws) -> np.ndarray:
        """The row of each replicate, shape (R,): by seed and number alone."""
        luck = draws.at(0).uniform(STREAM).astype(float)
        return np.minimum((luck * len(self.draws)).astype(int), len(self.draws) - 1)

    def column(self, key: str) -> np.ndarray:
        """The draws of one parameter, shape (rows,)."""
        return self.draws[:, self.keys.index(key)]

    @property
    def estimated(self) -> tuple[str, ...]:
        """The parameters that are estimated, and not only moved along with one that is."""
        return tuple(key for key in self.keys if f"derived {key}" not in self.about)

    def interval(self, key: str) -> tuple[float, float, float]:
        """5, 50 and 95 % of its draws."""
        low, middle, high = np.quantile(self.column(key), ROOM)
        return float(low), float(middle), float(high)

    def __eq__(self, other: object) -> bool:
        """Whether keys and draws are the same."""
        return self is other or (
            isinstance(other, Table) and self.keys == other.keys and np.array_equal(self.draws, other.draws)
        )

    def __hash__(self) -> int:
        return hash(self.keys)

    def without(self, keys: Collection[str]) -> Table:
        """The table less some parameters."""
        if not set(keys) & set(self.keys):
            return self
        kept = [k for k, key in enumerate(self.keys) if key not in keys]
        return dataclasses.replace(self, keys=tuple(self.keys[k] for k in kept), draws=self.draws[:, kept])

    @property
    def digest(self) -> str:
        """sha256 of keys and draws."""
        return hashlib.sha256(",".join(self.keys).encode() + np.ascontiguousarray(self.draws).tobytes()).hexdigest()

    def text(self) -> str:
        """As a file."""
        head = "".join(f"# {name}: {value}\n" for name, value in self.about.items())
        rows = "".join(",".join(f"{x:.6g}" for x in row) + "\n" for row in self.draws)
        return f"{head}{','.join(self.keys)}\n{rows}"


def parse(text: str) -> Table:
    """A table from the text of a file.

    Raises:
        ValueError: it is none; the message says why.
    """
    lines = text.splitlines()
    about = dict(line[1:].strip().split(": ", 1) for line in lines if line.startswith("#") and ": " in line)
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    if len(rows) < 2 or not all(len(row) == len(rows[0]) for row in rows):
        raise ValueError("a table of draws has a row of keys and rows of as many numbers")
    draws = np.array([[float(cell) for cell in row] for row in rows[1:]])
    if not np.isfinite(draws).all():
        raise ValueError("a table of draws has finite numbers only")
    return Table(tuple(rows[0]), draws, about)


@cache
def table_of(rules: str | None) -> Table | None:
    """The table that ships for some rules; None where there is none."""
    file = next((path for path in sorted(HERE.glob("*.csv")) if path.stem == rules), None)
    return parse(file.read_text(encoding="utf-8")) if file is not None else None
