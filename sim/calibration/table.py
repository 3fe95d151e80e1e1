"""A calibration as the table of draws that runs read, with where it comes from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from sim.calibration.estimate import RANGES, Calibration
from sim.data.panel import FILES, Panel
from sim.scenario.calibration import Table
from sim.scenario.rules import RULES, WITH_REVERSION


def table(found: Calibration, panel: Panel, rules: str, date: str, digests: dict[str, str]) -> Table:
    """The draws of the numbers that the data tell.

    Args:
        found: the calibration.
        panel: what it was made of.
        rules: of the model.
        date: of the calibration.
        digests: sha256 of each file, from :func:`digests_of`.
    """
    there = panel.there(panel.until)
    about = {
        "rules": rules,
        "estimated": date,
        "from": str(panel.first["cooperative"] if panel.counted.any() else panel.until),
        "until": str(panel.until),
        "states": str(len(there)),
        "draws": str(len(found.draws)),
    }
    for key, one in found.estimates.items():
        said = f"{one.value:.4g} [{one.low:.4g}, {one.high:.4g}] within {RANGES[key].low:g} to {RANGES[key].high:g}"
        about[f"estimate {key}"] = said if one.told else f"{said}, not told by the data"
    about |= {f"sha256 {name}": digest for name, digest in digests.items()}
    draws = Table(found.told, found.columns(found.told), about)
    return _with_others(draws, rules)


def _with_others(draws: Table, rules: str) -> Table:
    """The table with the parameters that go with the reversion."""
    standing = RULES[rules]["trust"]
    if "trust.reversion" not in draws.keys:
        return draws
    pull = draws.column("trust.reversion") / standing["reversion"]
    more = {key: standing[key.partition(".")[2]] * pull for key in WITH_REVERSION}
    about = {**draws.about, **{f"derived {key}": "in proportion to trust.reversion" for key in more}}
    return Table((*draws.keys, *more), np.column_stack([draws.draws, *more.values()]), about)


def digests_of(data: Path) -> dict[str, str]:
    """sha256 of the files of a data folder that a panel is made of, by their names."""
    return {name: hashlib.sha256((Path(data) / name).read_bytes()).hexdigest() for name, _ in FILES.values()}
