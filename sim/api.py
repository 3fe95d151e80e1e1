"""The Python API where it takes more than the command's own function: names in place of finished runs, and pictures.

    from sim import load, run, compare, explain, ablate, fork, replay, plot

`docs/tutorial.md` goes from a question to an answer with it. Objects are those that the commands use, and show themselves
in a notebook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.options import NUMPY
from sim.questions.ablate import Ablation
from sim.questions.compare import Comparison, compare_all
from sim.questions.explain import Explanation
from sim.results import Run, find, open_run
from sim.results.manifest import NAME
from sim.results.obtain import run
from sim.results.recovery import engine_name, told_by
from sim.scenario import Scenario, read

if TYPE_CHECKING:
    from sim.plots.sheet.sheet import Sheet


def load(
    scenario: str | Path, *, scenario_dir: str | Path | None = None, changes: Mapping[str, Any] | None = None
) -> Scenario:
    """A scenario by name or file, checked, with changes.

    Args:
        scenario: `sco_expansion`, or a file such as `./mine.yaml`.
        scenario_dir: a folder of your own, looked into before the built-in scenarios.
        changes: dotted keys as on the command line, such as `{"scenario.events.us_withdrawal.on": "2025-01",
            "parameters.trust.gain": .01, "~scenario.states.MNG": None, "end": "2020-12"}`.

    Raises:
        ScenarioError: everything that is wrong, each with file, line and column.
    """
    return read(scenario, scenario_dir=scenario_dir, changes=changes)


def compare(
    a: Run | Scenario | str | Path,
    b: Run | Scenario | str | Path,
    *more: Run | Scenario | str | Path,
    paired: bool = True,
    at: str | None = None,
    over: str | None = None,
    **options: Any,
) -> Comparison | list[Comparison]:
    """Compare the first with each other one, paired by replicate; what was not simulated yet is.

    Args:
        a: a run, its folder, a `Scenario`, or the name or file of one.
        b: another.
        more: others; then the answer is a list, one comparison each.
        paired: False for two independent samples.
        at: the month at whose end the answers are taken, such as `2020-06`; None for the last.
        over: years or months over whose mean they are taken, such as `2018-2025`.
        options: of :func:`sim.run`, for what has to be simulated, such as `replicates=50` or `changes={...}`; seed,
            replicates and dtype are those of the first run given, unless said otherwise.

    Raises:
        CannotPair: the replicates do not belong together, or there is no month in common, or not the one asked for.
        ResultsError: a folder is no finished run.
        ScenarioError: a scenario has mistakes.
    """
    found = [_finished(given, options.get("results", "results")) for given in (a, b, *more)]
    first = next((one for one in found if one is not None), None)
    if first is not None:
        options = told_by(first.manifest, first.path)[0] | options
    runs = [run(given, **options) if one is None else one for given, one in zip((a, b, *more), found)]
    if paired and first is None and any(engine_name(one.manifest) == NUMPY for one in runs):  # pairs come of one engine
        runs = [
            run(given, **options, engine=NUMPY) if engine_name(one.manifest) != NUMPY else one
            for given, one in zip((a, b, *more), runs)
        ]
    comparisons = compare_all(runs, paired=paired, at=at, over=over)
    return comparisons if more else comparisons[0]


def _finished(given: Run | Scenario | str | Path, root: str | Path) -> Run | None:
    """A run that is given as itself or as its folder; None for a scenario, which is still to be run."""
    if isinstance(given, Run):
        return given
    if isinstance(given, Scenario) or Path(given).suffix in (".yaml", ".yml"):
        return None
    if (Path(given) / NAME).is_file() or len(Path(given).parts) > 1:
        return open_run(find(given, root))
    return None


def plot(
    of: Run | Comparison | Sequence[Comparison] | Explanation | Ablation | str | Path,
    name: str | None = None,
    subjects: Sequence[str] | None = None,
) -> Sheet:
    """One picture, which a notebook shows; `.figure` is matplotlib's, `.save(Path("stem"), ["png"])` writes it.

    Args:
        of: a run or comparison, or the folder of one or of a sweep; several comparisons with one run; an explanation; an
            ablation.
        name: which picture, see `plots.names()`; None for the one that answers most.
        subjects: what to show (sets, organisations, states, dyads or actors, as the picture takes them).

    Raises:
        PictureError: no such picture or subject, or one that this run cannot have.
        ResultsError: the folder is no finished run.
    """
    from sim import plots

    if isinstance(of, (Explanation, Ablation)):
        return plots.of_answer(of)
    if isinstance(of, Comparison):
        of = [of]
    return plots.picture(of, name, subjects)
