"""Rules of the model by name: the settings of mechanisms that belong together.

``0.1`` is the model as it was published first, and what the defaults beside the code say. ``0.2`` are the rules that the
hindcast speaks for (docs/validation.md): hazards by dyad, a start at the record with an anchor at the structure, exposure,
noise as large as that of events, pacts by a logit, solidarity in wars. A scenario says ``rules: "0.2"``, as the built-in
ones do; what it sets itself goes before. A file without the line keeps the first rules, so that it goes on to mean what it
meant when it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.calibration import Table, table_of

FIRST, LATEST = "0.1", "0.2"
RULES: dict[str, dict[str, dict[str, Any]]] = {
    FIRST: {},
    LATEST: {
        "affinity": {"influence": "assembly", "rate": 0.0022, "noise": 0.028},
        "anchor": {"start": "record", "lasting": 0.4, "weight": 34.0, "per_distance": 0.086, "per_rivalry": 0.15},
        "blocs": {"regard": "commitment", "non_alignment": 0.07},
        "crisis": {"hazards": "dyads"},
        "decision": {"exposure": 0.05, "commitment": 0.5, "conflict_rivalry": 0.01, "expected": "computed"},
        "ties": {"mode": "logit"},
        "trust": {
            "noise": 0.081,
            "reversion": 0.0138,
            "crisis": 0.091,
            "solidarity": 0.05,
            "gain": 0.0027,
            "loss": 0.0069,
            "contact": 0.0018,
        },
    },
}
"""By name, the parameters that differ from the defaults. Those that are estimated stand as the table of draws says."""


WITH_REVERSION = ("trust.gain", "trust.loss", "trust.contact")
"""Parameters that a table of draws has in proportion to the reversion, so that what pushes trust away from where it rests
keeps its size beside what pulls it back."""


def with_rules(
    rules: str | None, parameters: dict[str, dict[str, Any]], spec: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Parameters that differ from the defaults, with those of the rules where a scenario does not say otherwise.

    Args:
        rules: a name of :data:`RULES`; None for the first.
        parameters: those that the scenario changes.
        spec: the scenario, whose own parameters go before even where they say the default.
    """
    given = spec.get("parameters") or {}
    found = {name: dict(values) for name, values in parameters.items()}
    for mechanism, values in RULES[rules or FIRST].items():
        own = given.get(mechanism) or {}
        found[mechanism] = {name: value for name, value in values.items() if name not in own} | found.get(mechanism, {})
        if not found[mechanism]:
            del found[mechanism]
    return found


def calibration_of(rules: str | None, parameters: Mapping[str, Any] | None) -> Table | None:
    """The draws of the numbers that some rules estimate, less those that a scenario sets itself; None without a table.

    Args:
        rules: a name of :data:`RULES`; None for the first.
        parameters: the scenario's own, as it writes them.
    """
    table = table_of(rules or FIRST)
    own = [f"{mechanism}.{name}" for mechanism, values in (parameters or {}).items() for name in values or ()]
    return table.without(own) if table is not None else None


def needs_grounds(parameters: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a rule reads the world's table of grounds."""

    def says(mechanism: str, name: str, value: Any) -> bool:
        return parameters.get(mechanism, {}).get(name) == value

    exposed = parameters.get("decision", {}).get("exposure", 0.0) != 0.0
    return (
        exposed or says("anchor", "start", "record") or says("crisis", "hazards", "dyads") or says("ties", "mode", "logit")
    )
