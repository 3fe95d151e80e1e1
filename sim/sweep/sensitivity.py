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
        column: an outcome such as `cooperation:eight`, for its mean at the end, or a column such as
            `cooperation:eight.average.mean`.
        where: values of the listed axes, where there are some: `{"scenario": "sco_expansion"}`.

    Raises:
        SweepError: the design has no indices, or runs are missing.
    """
    design = sweep.manifest["design"]
    column = f"{column}.end.mean" if column in sweep.outcomes() else column
    if design not in INDICES:
        raise SweepError(f"sweep {sweep.path.name} has design={design}; indices need design={' or design='.join(INDICES)}")
    table = sweep.table()
    for key, value in (where or {}).items():
        table = table[table[key].astype(str) == str(value)]
    if column not in table:
        raise SweepError(f"sweep {sweep.path.name} has no column {column!r}; outcomes: {', '.join(sweep.outcomes())}")
    y = table[column].to_numpy(float)
    try:
        return indices_of(sweep, y)
    except SweepError as error:
        raise SweepError(f"{column}: {error}, and say where= if it has more than one scenario") from None


def indices_of(sweep: Sweep, y: np.ndarray) -> list[dict[str, Any]]:
    """The indices of values (points,), one for each point of the sweep's sample in its order.

    Raises:
        SweepError: there are more or fewer, or some are missing.
    """
    about, ranged = sweep.manifest, problem(sweep)
    unit = unit_sample(about["design"], ranged["num_vars"], about["samples"], about.get("sample_seed", 1))
    if len(y) != len(unit) or not np.isfinite(y).all():
        raise SweepError(
            f"sweep {sweep.path.name} has {int(np.isfinite(y).sum())} values, and its indices need {len(unit)}: give its "
            "command again"
        )
    return analyse(about["design"], ranged["names"], unit, y)


ENOUGH = 0.1
"""Half-width of the 95 % interval of a total index that is known well enough."""


def warnings_of(rows: Sequence[Mapping[str, Any]], design: str) -> list[str]:
    """What a reader of these indices should be warned of."""
    rows = sorted(rows, key=lambda row: -row.get("ST", row.get("mu_star", 0.0)))
    warnings = []
    wide = [row["parameter"] for row in rows if row.get("ST_conf", 0.0) > ENOUGH]
    if wide:
        warnings.append(
            f"the design is too small for {', '.join(wide)}: their total indices are known to more than +-{ENOUGH:g}; "
            "take more samples or fewer parameters"
        )
    impossible = [row["parameter"] for row in rows if row.get("S1", 0.0) < -0.05 or row.get("ST", 0.0) > 1.1]
    if design == "sobol" and impossible:
        warnings.append(
            f"shares that cannot be (below 0 or above 1) of {', '.join(impossible)}: noise of too small a design"
        )
    if design == "morris" and len(rows) > 1 and rows[0]["mu_star"] - rows[0]["mu_star_conf"] < rows[1]["mu_star"]:
        warnings.append("the first places are not sure: their intervals overlap; take more samples")
    return warnings


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
