"""Parameters of mechanisms, and arrays of the world, as compiled functions take them."""

from __future__ import annotations

import dataclasses
from collections import namedtuple
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.mechanisms import anchor, crisis, decision, threat, trust
from sim.world import World


def _plain(kind: type, name: str) -> type:
    """A named tuple of the fields of a mechanism's parameters that are numbers or truth values."""
    fields = [f.name for f in dataclasses.fields(kind) if not isinstance(f.default, str)]
    return namedtuple(name, fields, module=__name__, defaults=[getattr(kind(), field) for field in fields])


AnchorNumbers = _plain(anchor.Parameters, "AnchorNumbers")
CrisisNumbers = _plain(crisis.Parameters, "CrisisNumbers")
DecisionNumbers = _plain(decision.Parameters, "DecisionNumbers")
ThreatNumbers = _plain(threat.Parameters, "ThreatNumbers")
TrustNumbers = _plain(trust.Parameters, "TrustNumbers")
_PLAIN = {
    anchor.Parameters: AnchorNumbers,
    crisis.Parameters: CrisisNumbers,
    decision.Parameters: DecisionNumbers,
    threat.Parameters: ThreatNumbers,
    trust.Parameters: TrustNumbers,
}


_known: dict[type, tuple[Any, Any]] = {}
"""By mechanism the last parameters asked for, and what :func:`numbers` made of them."""


def numbers(p: Any) -> Any:
    """Parameters as compiled functions take them; None where replicates differ in one."""
    if _known.get(type(p), (None, None))[0] is not p:
        kind = _PLAIN[type(p)]
        values = [getattr(p, name) for name in kind._fields]
        plain = None
        if not any(np.ndim(value) for value in values):
            plain = kind(*(value if isinstance(value, bool) else float(value) for value in values))
        _known[type(p)] = p, plain
    return _known[type(p)][1]


def arrays(world: World, names: Sequence[str]) -> list[np.ndarray]:
    """Arrays of the world as compiled functions take them."""
    return [np.ascontiguousarray(getattr(world, name)) for name in names]
