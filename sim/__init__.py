"""Entente: a scenario simulation engine for international relations.

    from sim import load, run, compare, explain, ablate, fork, replay, plot

    story = load("sco_expansion")                      # a scenario, checked
    with_it = run(story, replicates=50)                # simulated and written; a finished run is not run again
    c = compare(with_it, "no_expansion")               # paired, replicate by replicate
    c.answer("cooperation:eight")                      # a sentence; c.table() has every number
    explain(with_it, dyad=("IND", "PAK"))              # why trust moved, account by account
    plot(c)                                            # a picture
    model = sim.WorldModel(story, replicates=50)       # the same engine as a mesa.Model

Everything is imported on first use, so that `import sim` costs nothing.
"""

from __future__ import annotations

import os
import sys


def _leave_the_working_folder_out() -> None:
    """`python -m` looks for every module in the working folder first, which may be one that somebody sent: take it off,
    unless it is the checkout that this package comes from. Nothing is done where the package is imported in another way."""
    try:
        here = os.getcwd()
    except OSError:  # it is gone
        return
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if sys.argv[:1] == ["-m"] and sys.path[:1] == [here] != [own] and not sys.flags.safe_path:
        del sys.path[0]


_leave_the_working_folder_out()

from importlib import import_module  # noqa: E402
from typing import TYPE_CHECKING, Any  # noqa: E402

if TYPE_CHECKING:  # what __getattr__ gives, for editors and type checkers
    from sim.agents import ActorAgent, StateAgent, WorldModel
    from sim.agents.behaviours import BehaviourError
    from sim.api import compare, load, plot
    from sim.plots import PictureError
    from sim.questions.ablate import Ablation, CannotAblate, ablate
    from sim.questions.compare import CannotPair, Comparison
    from sim.questions.explain import CannotExplain, Explanation, explain
    from sim.questions.fork import CannotFork, Fork, fork
    from sim.questions.replay import Replay, replay
    from sim.results import ResultsError, Run, open_run
    from sim.results.obtain import run
    from sim.scenario import Scenario, ScenarioError
    from sim.simulation.ensemble import simulate

__version__ = "0.1.0"

_HOME = {
    "sim.questions.ablate": ("Ablation", "CannotAblate", "ablate"),
    "sim.api": ("compare", "load", "plot"),
    "sim.agents.behaviours": ("BehaviourError",),
    "sim.questions.compare": ("CannotPair", "Comparison"),
    "sim.simulation.ensemble": ("simulate",),
    "sim.questions.explain": ("CannotExplain", "Explanation", "explain"),
    "sim.questions.fork": ("CannotFork", "Fork", "fork"),
    "sim.agents": ("ActorAgent", "StateAgent", "WorldModel"),
    "sim.plots": ("PictureError",),
    "sim.questions.replay": ("Replay", "replay"),
    "sim.results": ("ResultsError", "Run", "open_run"),
    "sim.results.obtain": ("run",),
    "sim.scenario": ("Scenario", "ScenarioError"),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Ablation",
    "ActorAgent",
    "BehaviourError",
    "CannotAblate",
    "CannotExplain",
    "CannotFork",
    "CannotPair",
    "Comparison",
    "Explanation",
    "Fork",
    "PictureError",
    "Replay",
    "ResultsError",
    "Run",
    "Scenario",
    "ScenarioError",
    "StateAgent",
    "WorldModel",
    "__version__",
    "ablate",
    "compare",
    "explain",
    "fork",
    "load",
    "open_run",
    "plot",
    "replay",
    "run",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use."""
    if name not in _MODULE:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_MODULE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, for completion."""
    return sorted({*globals(), *__all__})
