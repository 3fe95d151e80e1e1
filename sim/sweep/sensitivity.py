"""Sensitivity indices of a finished sweep, through SALib: Morris' mu* and Sobol's S1 and ST, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.sweep import SweepError
from sim.sweep.design import LEVELS, unit_sample
from sim.sweep.folder import Sweep

INDICES = {"morris": ("mu_star", "mu_star_conf", "sigma"), "sobol": ("S1", "S1_conf", "ST", "ST_conf")}


def problem(sweep: Sweep) -> dict[str, Any]:
    """The ranged axes as SALib's `problem`: names, and bounds (of a distribution those of the values drawn)."""
    ranged = _ranged(sweep)
    table = sweep.table()
    bounds = [
        axis.get("interval") or axis.get("log") or [float(table[axis["key"]].min()), float(table[axis["key"]].max())]
        for axis in ranged
    ]
    return {"num_vars": len(ranged), "names": [axis["key"] for axis in ranged], "bounds": bounds}


def indices(sweep: Sweep, column: str, where: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The indices of one column of the table, a row a parameter.

    Args:
        sweep: of design morris or sobol.
        column: such as `cooperation:eight.end.mean`.
        where: values of the listed axes, where there are some: `{"scenario": "sco_expansion"}`.

    Raises:
        SweepError: the design has no indices, or runs are missing.
    """
    design = sweep.manifest["design"]
    if design not in INDICES:
        raise SweepError(f"sweep {sweep.path.name} has design={design}; indices need design={' or design='.join(INDICES)}")
    table = sweep.table()
    for key, value in (where or {}).items():
        table = table[table[key].astype(str) == str(value)]
    if column not in table:
        raise SweepError(f"sweep {sweep.path.name} has no column {column!r}; outcomes: {', '.join(sweep.outcomes())}")
    y = table[column].to_numpy(float)
    samples, ranged = sweep.manifest["samples"], problem(sweep)
    unit = unit_sample(design, ranged["num_vars"], samples, sweep.manifest.get("sample_seed", 1))
    if len(y) != len(unit) or not np.isfinite(y).all():
        raise SweepError(
            f"sweep {sweep.path.name} has {int(np.isfinite(y).sum())} values of {column}, and its indices need "
            f"{len(unit)}: give its command again, and say where= if it has more than one scenario"
        )
    return analyse(design, ranged["names"], unit, y)


def analyse(design: str, names: Sequence[str], unit: np.ndarray, y: np.ndarray) -> list[dict[str, Any]]:
    """The indices of `y` (points,) over a sample of the unit cube (points, axes) that :func:`unit_sample` made."""
    about = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    if design == "sobol":
        from SALib.analyze import sobol

        found = sobol.analyze(about, y, calc_second_order=False, seed=1)
    else:
        from SALib.analyze import morris

        found = morris.analyze(about, unit, y, num_levels=LEVELS, seed=1)
    return [
        {"parameter": name, **{index: float(found[index][k]) for index in INDICES[design]}} for k, name in enumerate(names)
    ]


def _ranged(sweep: Sweep) -> list[dict[str, Any]]:
    return [axis for axis in sweep.manifest["axes"] if "values" not in axis]
