"""The world at an origin: what the data say of its states and pairs, and nothing that people decided later."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from sim.calendar import parse_month
from sim.data.grounds import Grounds, grounds
from sim.data.panel import FIRST, Panel
from sim.hindcast import calibrated
from sim.scenario.rules import FIRST as FIRST_RULES
from sim.scenario.rules import RULES
from sim.scenario.scenario import Scenario
from sim.scenario.worlds import Tables

EAST, WEST = ("RUS", "CHN"), ("USA", "GBR", "FRA", "DEU")
"""Whom each side stands around."""
WORLD_REACH = ("USA", "RUS", "CHN")
DEPTH = {"nato": 0.8, "csto": 0.6, "sco": 0.4}
SCO_FOUNDED, SCO_GROWN = 2001, 2017
"""The organisations data count the Shanghai Five; they end in 2014, and India and Pakistan joined in 2017."""
SCHEDULE = ("threat", "institutions", "decision", "crisis", "trust", "ties", "affinity", "anchor", "blocs", "record")


def under(
    rules: str,
    parameters: dict[str, dict[str, Any]],
    panel: Panel,
    places: np.ndarray,
    leaving: Collection[str] = (),
    told: Callable[[str], Any] | None = None,
) -> tuple[dict[str, dict[str, Any]], Grounds | None]:
    """The parameters under some rules, with what grounds say at the origin, and the grounds; None for the first rules."""
    if rules == FIRST_RULES:
        return parameters, None
    found = grounds(panel, places)
    moved = {"per_distance": found.per_distance, "per_rivalry": found.per_rivalry}
    new = {name: values for name, values in RULES[rules].items() if name not in leaving}
    own = {name: values for name, values in calibrated.numbers(panel, rules, told).items() if name not in leaving}
    names = {*parameters, *new, *own}
    together = {name: {**new.get(name, {}), **parameters.get(name, {}), **own.get(name, {})} for name in names}
    return together | {"anchor": {**together.get("anchor", {}), **moved}}, found


def scenario_at(
    panel: Panel, places: np.ndarray, years: int, parameters: Mapping[str, Mapping[str, Any]], found: Grounds | None = None
) -> Scenario:
    """A scenario from January after the panel's last year, without events, non-state actors or trust set by hand.

    Args:
        panel: cut at the origin.
        places: the states, by their position in the panel's codes.
        years: how long it runs.
        parameters: by mechanism, those that differ from the defaults.
        found: the grounds of the pairs, for rules that read them.
    """
    origin = panel.until
    codes = [panel.codes[k] for k in places]
    start = parse_month(f"{origin + 1}-01")
    return Scenario(
        name=f"origin_{origin}",
        title=f"The world at the end of {origin}",
        question="",
        description="",
        world="data",
        start=start,
        end=start + 12 * years,
        schedule=SCHEDULE,
        cores={side: tuple(code for code in core if code in codes) for side, core in (("east", EAST), ("west", WEST))},
        sets={},
        watch=(),
        events={},
        parameters={name: dict(values) for name, values in parameters.items()},
        tables=_tables(panel, places, found),
        sources={},
        estimates=[],
        parents=(),
        spec={},
    )


def _tables(panel: Panel, places: np.ndarray, found: Grounds | None) -> Tables:
    origin = panel.until
    code = panel.codes
    power, votes = panel.at("power", origin), panel.affinity(origin)
    land, near, rivalry, defence, consultation = (
        panel.at(name, origin) for name in ("land", "near", "rivalry", "defence", "consultation")
    )
    states = [
        {
            "code": code[k],
            "name": code[k],
            "capability": float(max(power[k], 1e-6)),
            "affinity": float(votes[k]),
            "world_reach": int(code[k] in WORLD_REACH),
        }
        for k in places
    ]
    dyads = [
        {
            "a": code[a],
            "b": code[b],
            "border": "land" if land[a, b] else "sea" if near[a, b] else "none",
            "tie": "defence" if defence[a, b] else "consultation" if consultation[a, b] else "none",
            "rivalry": int(rivalry[a, b]),
        }
        for p, a in enumerate(places)
        for b in places[p + 1 :]
    ]
    organisations, memberships = [], []
    for name, depth in DEPTH.items():
        if name == "sco" and origin < SCO_FOUNDED:
            continue
        belongs = panel.members[name][origin - FIRST]
        who = [code[k] for k in places if belongs[k]]
        if name == "sco" and origin >= SCO_GROWN:
            who += [joined for joined in ("IND", "PAK") if joined in [code[k] for k in places] and joined not in who]
        if len(who) > 1:
            organisations.append({"code": name.upper(), "name": name, "depth": depth})
            memberships += [{"organisation": name.upper(), "state": member, "joined": ""} for member in who]
    return Tables(
        states=states,
        dyads=dyads,
        trust=[],
        organisations=organisations,
        memberships=memberships,
        actors=[],
        reach=[],
        grounds=found.table(tuple(code[k] for k in places)) if found is not None else [],
    )
