"""The numbers of the rules' own table, as an origin could have estimated them.

What an origin's data do not tell (before events of five years after a first record nobody can say how trust goes on) stands
where it stood before anything was calibrated: chosen by hand.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from sim.calibration.estimate import calibrate
from sim.calibration.moments import CLUSTERING
from sim.data.panel import Panel
from sim.scenario.calibration import table_of
from sim.scenario.rules import RULES, WITH_REVERSION

BY_HAND = {"trust.noise": 0.04, "trust.reversion": 0.03, "trust.crisis": 0.15, "anchor.lasting": 0.42, "anchor.weight": 50.0}
"""The course of trust where the data of an origin do not tell it."""
DRAWS = 100
_MADE: dict[str, dict[str, float]] = {}
"""Estimates by what they were made of: a study asks for the same origin with several sets of states."""


def numbers(panel: Panel, rules: str, told: Callable[[str], Any] | None = None) -> dict[str, dict[str, float]]:
    """Parameters by mechanism that the rules have in a table of draws, from the years up to the panel's last; none where the
    rules have no table.

    Args:
        panel: cut at the origin.
        rules: of the model.
        told: called with a sentence when something was estimated.
    """
    if table_of(rules) is None:
        return {}
    found = dict(BY_HAND)
    key = _digest(panel)
    if key not in _MADE:
        began = time.perf_counter()
        estimates = calibrate(panel, draws=DRAWS).estimates
        _MADE[key] = {name: one.value for name, one in estimates.items() if one.told and name != CLUSTERING}
        if told:
            told(f"calibrated up to {panel.until} in {time.perf_counter() - began:.0f} s")
    found |= _MADE[key]
    standing = RULES[rules]["trust"]
    pull = found["trust.reversion"] / standing["reversion"]
    found |= {name: standing[name.partition(".")[2]] * pull for name in WITH_REVERSION}
    parameters: dict[str, dict[str, float]] = {}
    for name, value in found.items():
        mechanism, _, short = name.partition(".")
        parameters.setdefault(mechanism, {})[short] = value
    return parameters


def _digest(panel: Panel) -> str:
    """What a calibration depends on."""
    total = hashlib.sha256(f"{panel.until}{panel.codes}".encode())
    for name in sorted(panel.of):
        total.update(panel.of[name].tobytes())
    for name in sorted(panel.states):
        total.update(panel.states[name].tobytes())
    return total.hexdigest()
