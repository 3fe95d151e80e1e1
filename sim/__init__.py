"""Entente: a scenario simulation engine for international relations.

    import sim
    scenario = sim.read("sco_expansion")                      # a scenario, checked
    folder = sim.run("sco_expansion", replicates=50)          # simulate and write; the folder of the run
    run = sim.open_run(folder)                                # read it back
    model = sim.WorldModel(scenario, replicates=50, seed=1)   # the same engine as a mesa.Model

Everything is imported on first use, so that `import sim` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "BehaviourError": "sim.behaviours",
    "ScenarioError": "sim.scenario",
    "StateAgent": "sim.model",
    "ActorAgent": "sim.model",
    "WorldModel": "sim.model",
    "load": "sim.scenario",
    "open_run": "sim.results",
    "read": "sim.scenario",
    "run": "sim.cli.run",
    "simulate": "sim.ensemble",
}

__all__ = [*_HOME, "__version__"]


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, for completion."""
    return sorted({*globals(), *_HOME})
