"""Pictures of a finished run, drawn from its folder alone. The only folder that imports matplotlib.

Each module in `run/` is one picture, found by its name: its docstring's first line says what the picture answers,
`missing(run)` says why it cannot be drawn (or None), `figure(run, subjects)` returns a `Sheet`. To add a picture, add a
file. The modules in `comparison/` are the pictures of a folder that `compare` wrote, and those in `sweep/` of a folder of a
sweep; they get its comparisons, or the sweep, in place of the run. `answers/` draws what `ablate` and `landscape` found.
What the pictures are made of is in `sheet/`, `time/` and `maps/`.

    from sim import plots
    plots.draw("results/sco_expansion/1a2b3c4d5e6f", ["cooperation_fan"], format="svg")
"""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from importlib import import_module
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.plots.sheet.sheet import Sheet
    from sim.questions.ablate import Ablation
    from sim.questions.compare import Comparison
    from sim.questions.explain import Explanation
    from sim.results import Run
    from sim.sweep.folder import Sweep

    Source = Run | list[Comparison] | Sweep

SLOWEST = ("bloc_strip", "map_strip", "alignment_map")
"""Pictures that take longest to draw."""
FIRST_LOOK = {
    "run": ("cooperation_fan", "bloc_strip", "map_strip", "dyads"),
    "comparison": ("paired_difference", "trust_difference", "scenario_forest"),
}
"""What `run` and `compare` draw; the rest is drawn when it is asked for."""
FIRST = {"run": "cooperation_fan", "comparison": "paired_difference"}
"""The picture that answers most."""
PLOTS = "plots"
"""The folder of the pictures, inside that of a run."""
FORMATS = {"png": ("png",), "svg": ("svg",), "both": ("png", "svg")}


class PictureError(ValueError):
    """A picture that does not exist or that this run cannot have; the message says which there are and why."""


def names(kind: str = "run") -> dict[str, str]:
    """Every picture of a run, of a `comparison` or of a `sweep`, and what it answers, without importing matplotlib."""
    return dict(_answers(kind))


def kind_of(folder: Path | str) -> str:
    """What a folder holds: a `run`, a `comparison` or a `sweep`."""
    from sim.results.manifest import kind_in

    found = kind_in(folder)
    return found if found in ("comparison", "sweep") else "run"


@cache
def _answers(kind: str) -> dict[str, str]:
    """First line of each picture's docstring, read from the source."""
    answers = {}
    for path in sorted((Path(__file__).parent / kind).glob("*.py")):
        if not path.stem.startswith("_"):
            doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            answers[path.stem] = doc.split("\n")[0]
    return answers


def missing(run_folder: Path | str) -> dict[str, str]:
    """The pictures that this run (or comparison) cannot have, each with the reason."""
    kind, source = _open(Path(run_folder))
    reasons = {name: _picture(name, kind).missing(source) for name in names(kind)}
    return {name: reason for name, reason in reasons.items() if reason}


def prepare() -> None:
    """Load what the first look at a run needs, for a process that has time until there is a run."""
    from sim.plots.maps import geography
    from sim.results import reading  # noqa: F401

    settings = os.environ.get("MPLCONFIGDIR")
    for name in FIRST_LOOK["run"]:
        _picture(name, "run")
    geography.atlas()
    made = os.environ.get("MPLCONFIGDIR")
    if made != settings:  # without a home folder matplotlib makes a temporary one, and a forked process would leave it
        Finalize(None, shutil.rmtree, args=(made, True), exitpriority=0)


def draw(
    run_folder: Path | str,
    names: Sequence[str] | None = None,
    *,
    format: str = "png",
    out: Path | str | None = None,
    subjects: Sequence[str] | None = None,
    workers: int | None = None,
) -> list[Path]:
    """Draw pictures of a run, or of a comparison, into `out` (default: its folder `plots`) and return the files written.

    names: pictures to draw; None draws all that the run can have. Asking for one that it cannot have is an error.
    format: png, svg or both. The same run gives the same bytes each time, whatever else is drawn and by how many.
    subjects: what to show (sets, organisations, states, dyads or actors, as the picture takes them); None: a default.
    workers: processes that share the pictures out; None: one a core.

    Raises:
        PictureError: an unknown picture, format or subject, or a picture that this run cannot have.
    """
    from sim.processes.pool import share

    jobs = tasks(run_folder, names, format=format, out=out, subjects=subjects)
    return [path for paths in share(_carry_out, jobs, workers=workers) for path in paths] if jobs else []


def tasks(
    run_folder: Path | str,
    names: Sequence[str] | None = None,
    *,
    format: str = "png",
    out: Path | str | None = None,
    subjects: Sequence[str] | None = None,
    first_look: bool = False,
    missing_only: bool = False,
) -> list[Callable[[], list[Path]]]:
    """What :func:`draw` does, a task a picture, the slowest first: each draws one and returns its files.

    They are for `sim.processes.pool.share`: forked workers inherit what was opened here. With ``first_look`` and no names,
    only those of ``FIRST_LOOK``; with ``missing_only``, only those that are not there whole.

    Raises:
        PictureError: an unknown picture, format or subject, a picture that this run cannot have, or one that would be
            written through a symbolic link in the folder, which may have been sent by somebody.
        OSError: the folder of the pictures cannot be made.
    """
    if format not in FORMATS:
        raise PictureError(f"format {format!r} is not one of {', '.join(FORMATS)}")
    kind = kind_of(run_folder)
    for name in names or ():
        _picture(name, kind)
    _opened.cache_clear()  # the folder may have been written anew
    kind, source = _opened(Path(run_folder))
    wanted = _wanted(source, names, kind, FIRST_LOOK.get(kind) if first_look else None)
    folder = Path(out) if out is not None else Path(run_folder) / PLOTS
    if missing_only:
        wanted = [name for name in wanted if not _are_drawn(folder, [name], format)]
    if out is None:
        _refuse_links(folder, *(file for name in wanted for file in _files(folder, name, format)))
    if not wanted:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    from sim.plots.sheet import sheet  # noqa: F401  before the fork, so that workers inherit matplotlib

    if kind == "comparison":
        source[0].differences  # noqa: B018  worked out once, before the fork
    about = (Path(run_folder), folder, FORMATS[format], subjects)
    return [partial(_draw, name, *about) for name in sorted(wanted, key=lambda name: (name not in SLOWEST, name))]


def first_look_is_drawn(folder: Path, kind: str) -> bool:
    """Whether every picture of the first look is there and whole, by the files alone."""
    return _are_drawn(folder / PLOTS, FIRST_LOOK[kind], "png")


def _are_drawn(folder: Path, names: Sequence[str], format: str) -> bool:
    from sim.results.endings import is_whole

    return all(is_whole(file) for name in names for file in _files(folder, name, format))


def _files(folder: Path, name: str, format: str) -> list[Path]:
    return [folder / f"{name}.{kind}" for kind in FORMATS[format]]


def _refuse_links(*places: Path) -> None:
    """Nothing is written through a symbolic link in a folder of results: it may lead anywhere."""
    for place in places:
        if place.is_symlink():
            raise PictureError(
                f"{place} is a symbolic link, and pictures are not written through one; draw elsewhere with "
                f"--out DIR, or put a folder of pictures in its place"
            )


def _carry_out(task: Callable[[], list[Path]], report: object) -> list[Path]:
    return task()


def _draw(name: str, run_folder: Path, folder: Path, formats: Sequence[str], subjects: Sequence[str] | None) -> list[Path]:
    """One picture of a folder, into another."""
    from sim.plots.sheet import palette

    kind, source = _opened(run_folder)  # a forked worker has it already
    with palette.drawing():
        return _picture(name, kind).figure(source, subjects).save(folder / name, formats)


def picture(source: Source | Path | str, name: str | None = None, subjects: Sequence[str] | None = None) -> Sheet:
    """One picture of a run, of comparisons with one run, of a sweep, or of the folder of one, without writing it.

    Without a name it is the first of its kind in `FIRST`, or the first that the folder can have.

    Raises:
        PictureError: an unknown picture or subject, or a picture that this run cannot have.
    """
    from sim.plots.sheet import palette

    if isinstance(source, (str, Path)):
        kind, source = _open(Path(source))
    else:
        kind = {"Run": "run", "list": "comparison", "Sweep": "sweep"}[type(source).__name__]
    (name,) = _wanted(source, [name or FIRST.get(kind) or _wanted(source, None, kind)[0]], kind)
    with palette.drawing():
        return _picture(name, kind).figure(source, subjects)


def of_answer(answer: Explanation | Ablation) -> Sheet:
    """The picture of an explanation (a waterfall) or of an ablation (a bar an event), without writing it."""
    from sim.plots.answers import effects
    from sim.plots.run import ledger_waterfall
    from sim.plots.sheet import palette
    from sim.questions.explain import Explanation

    with palette.drawing():
        return (ledger_waterfall.explained if isinstance(answer, Explanation) else effects.figure)(answer.plain())


def _open(folder: Path) -> tuple[str, Source]:
    """What a folder holds, opened."""
    kind = kind_of(folder)
    if kind == "comparison":
        from sim.questions.compare import open_comparison

        return kind, open_comparison(folder)
    if kind == "sweep":
        from sim.sweep.folder import open_sweep

        return kind, open_sweep(folder)
    from sim.results import open_run

    return kind, open_run(folder)


_opened = lru_cache(maxsize=1)(_open)


def _wanted(source: Source, asked: Sequence[str] | None, kind: str, among: Sequence[str] | None = None) -> list[str]:
    """The pictures to draw: those asked for, or all (or all among some) that the run can have."""
    if asked is None:
        return [name for name in among or names(kind) if _picture(name, kind).missing(source) is None]
    for name in asked:
        reason = _picture(name, kind).missing(source)
        if reason:
            raise PictureError(f"{name}: this {kind} cannot have it: {reason}")
    return list(dict.fromkeys(asked))


def _picture(name: str, kind: str):
    """The module of a picture.

    Raises:
        PictureError: there is no such picture; the message names the nearest.
    """
    from difflib import get_close_matches

    known = names(kind)
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise PictureError(f"no picture {name!r}{hint} There are: {', '.join(known)}")
    return import_module(f"sim.plots.{kind}.{name}")
