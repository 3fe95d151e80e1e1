"""The verification table: switch everything else off, and the engine must equal a published or derived result.

    from sim import verification
    for row in verification.rows(): print(row.id, row.title)
    result = verification.carry_out(verification.get("V5"), verification.Effort())

Every row runs the product's own mechanisms through :func:`sim.engine.step` (or its own measures), with ordinary parameters
and schedules; nothing here computes a dynamics a second time. One file a family of rows, found by its ``ROWS``.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from pathlib import Path

from sim.verification.row import FAIL, PASS, SKIPPED, Absent, Claim, Effort, Result, Row, carry_out, shown

__all__ = [
    "FAIL",
    "PASS",
    "SKIPPED",
    "Absent",
    "Claim",
    "Effort",
    "Result",
    "Row",
    "carry_out",
    "data_folder",
    "get",
    "rows",
    "shown",
]


def rows() -> list[Row]:
    """All rows, V1 first."""
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    return sorted((row for module in modules for row in getattr(module, "ROWS", ())), key=lambda row: row.number)


def get(name: str) -> Row:
    """A row by its id.

    Raises:
        KeyError: there is none; the message lists those there are.
    """
    known = {row.id: row for row in rows()}
    if name.upper() not in known:
        raise KeyError(f"no row {name!r}; there are {', '.join(known)}")
    return known[name.upper()]


def data_folder(named: str | Path | None = None) -> Path | None:
    """The folder of public data: the one named, that of ``SIM_DATA``, or ``shared/data`` beside a checkout."""
    if named or os.environ.get("SIM_DATA"):
        return Path(named or os.environ["SIM_DATA"]).expanduser()
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    return beside if beside.is_dir() else None
