"""A comparison on disk: `results/compare/<a>__vs__<b>/` with differences.csv, effects.csv, manifest.json and, later, plots/.

What is asked for by name (a measure, a month, a span) has a folder of its own, so that no answer takes the place of another.

The table has the IAMC columns, so that pyam, R and spreadsheets read it. The means of each run stand under its own name
as scenario; everything about their difference under "a minus b": its mean under the variable itself (so that pyam's
`subtract` of the two means gives it), the rest under variables of its own, such as `cooperation|median`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from sim.calendar import format_month, parse_month
from sim.questions.compare.difference import Difference
from sim.questions.compare.pairing import SIDES, CannotPair, Comparison, compare_all
from sim.questions.compare.selection import headline
from sim.questions.span import parse_span
from sim.results import ResultsError, fields, open_run
from sim.results.cells import guarded
from sim.results.files import check_files, listed
from sim.results.finding import DIGITS
from sim.results.folders import new_folder
from sim.results.manifest import NAME, kind_in, now, read_manifest, write_manifest
from sim.results.stored import inside

TABLE, EFFECTS = "differences.csv", "effects.csv"
KIND = "comparison"
QUESTION = ("measure", "at", "over")
"""What of the manifest is the question."""
COLUMNS = ("model", "scenario", "region", "variable", "unit", "time", "value")
VARIABLES = ("p05", "p25", "median", "p75", "p95")
DECIMALS = 9
SHARE = "share of pairs"
_RUN = {"name": str, "folder": fields.path, "absolute": str, "scenario": str, "digest": str}


def _runs(value: Any) -> str | None:
    """What is wrong with the list of runs: the first is compared with each other one."""
    return fields.problem(value, [_RUN]) or (None if len(value) > 1 else "must have two runs or more")


FORM = {
    "finished": str,
    "paired": bool,
    "replicates": fields.positive,
    "start": fields.month,
    "end": fields.month,
    "runs": _runs,
    "pairs": [dict],
}
"""What the manifest of a comparison has."""
LONGEST = 100
"""Letters of a folder's name."""


def write(comparisons: Sequence[Comparison], root: Path | str = "results", **about: Any) -> Path:
    """Write comparisons of one run with others and return their folder; one of the same names and question is replaced.

    Everything is written in a temporary folder and moved into place, the manifest last.

    Args:
        comparisons: as `compare_all` gives them.
        root: the folder of all results.
        about: more for the manifest, as plain data; ``measure``, ``at`` and ``over`` are the question.

    Raises:
        ResultsError: the folder cannot be written.
    """
    target = folder_of(comparisons, root, **{key: about.get(key) for key in QUESTION})
    series = _series(comparisons, about.get("measure"))
    with new_folder(root, target, KIND) as place:
        _write_table(place / TABLE, comparisons, series)
        _write_effects(place / EFFECTS, comparisons)
        write_manifest(place, KIND, _manifest(comparisons, target) | about, listed(place))
    runs = [comparisons[0].a, *(c.b for c in comparisons)]
    _compared.update({(target.resolve(), run.manifest["digest"]): run.path.resolve() for run in runs})
    return target


def folder_of(
    comparisons: Sequence[Comparison],
    root: Path | str,
    *,
    measure: str | None = None,
    at: str | None = None,
    over: str | None = None,
) -> Path:
    """Where the answer to a question about some runs is written.

    Raises:
        ResultsError: the runs have no such measure.
    """
    series = _series(comparisons, measure)
    names = [comparisons[0].name_a, *(c.name_b for c in comparisons)]
    return Path(root) / "compare" / folder_name(names, [":".join(series) if series else None, at, over])


def _series(comparisons: Sequence[Comparison], asked: str | None) -> tuple[str, str] | None:
    """The measure and subject that were asked for, as they are recorded."""
    if not asked:
        return None
    d = headline(comparisons[0], asked).difference
    return d.measure, d.subject


def robust_before(folder: Path, comparisons: Sequence[Comparison]) -> list[str] | None:
    """What an earlier answer to the same question about the same runs says of other parameters; None for nothing."""
    try:
        about = manifest_of(folder)
    except ResultsError:
        return None
    robust, runs = about.get("robust"), [comparisons[0].a, *(c.b for c in comparisons)]
    if [entry["digest"] for entry in about["runs"]] != [run.manifest["digest"] for run in runs]:
        return None
    return robust if isinstance(robust, list) and all(isinstance(sentence, str) for sentence in robust) else None


def folder_name(names: Sequence[str], asked: Sequence[str | None] = ()) -> str:
    """`a__vs__b`, `a__vs__b__c`, `a__vs__b__of__cooperation-eight`; very long ones end in a digest."""
    name = f"{names[0]}__vs__{'__'.join(names[1:])}"
    words = [re.sub(r"[^\w]+", "-", word.replace(">", " in ")).strip("-") for word in asked if word]
    name += f"__of__{'__'.join(words)}" if words else ""
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 10]}__{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def is_comparison(folder: Path | str) -> bool:
    """Whether a folder holds a comparison, though it may be damaged."""
    return kind_in(folder) == KIND


def manifest_of(folder: Path | str) -> dict[str, Any]:
    """The manifest of a comparison whose files are all there.

    Raises:
        ResultsError: the folder is none, or damaged.
    """
    about = read_manifest(folder, KIND, FORM)
    check_files(folder, about)
    return about


def open_comparison(folder: Path | str) -> list[Comparison]:
    """The comparisons of a folder, read again from the runs that its manifest names.

    Raises:
        ResultsError: the folder is no comparison, or one of its runs is gone or another.
    """
    folder = Path(folder)
    if not is_comparison(folder):
        raise ResultsError(f"{folder} holds no comparison; make one: compare A B")
    about = manifest_of(folder)
    runs = []
    for number, entry in enumerate(about["runs"]):
        said = f"{folder}/{NAME}: runs[{number}]"
        try:
            run = open_run(_place(folder, entry))
        except ResultsError as error:
            raise ResultsError(f"{said}: compares a run that cannot be read: {error}") from None
        if run.manifest["digest"] != entry["digest"]:
            raise ResultsError(f"{said}: compares a run that is no longer what it was: {run.path}; compare again")
        runs.append(run)
    try:
        found = compare_all(runs, paired=about["paired"], **_asked(folder, about))
    except CannotPair as error:
        raise ResultsError(f"{folder}: {error}") from None
    return [dataclasses.replace(found[0], about=_recorded(found[0], about.get("measure"))), *found[1:]]


def _recorded(c: Comparison, asked: str | None) -> str | None:
    """What was asked for, if the runs have it; a dyad that nobody watched was simulated again for the answer alone."""
    try:
        return asked if asked and headline(c, asked) else None
    except ResultsError:
        return None


def _asked(folder: Path, about: dict[str, Any]) -> dict[str, str | None]:
    """What the answers of a comparison are about, after a look at what its manifest says of it.

    Raises:
        ResultsError: it is nothing that `compare` writes; the message names the key.
    """
    for key in QUESTION:
        value = about.get(key)
        try:
            if value is not None and not isinstance(value, str):
                raise ValueError(f"{value!r:.80} is no text")
            if key != "measure":
                parse_span(**{key: value})
        except ValueError as error:
            raise ResultsError(f"{folder}/{NAME}: {key}: {error}; compare again") from None
    return {key: about.get(key) for key in ("at", "over")}


def _place(folder: Path, entry: dict[str, Any]) -> Path:
    """Where a run of a comparison lies: inside the results that hold the comparison, or where this process has just compared
    it. Any other place that the manifest names is not looked into: somebody else may have written it.

    Raises:
        ResultsError: it is elsewhere, and not among these results either.
    """
    root = folder.resolve().parent.parent
    near = (folder.resolve() / str(entry["folder"])).resolve()
    if root in near.parents and near.is_dir():
        return near
    if (known := _compared.get((folder.resolve(), entry["digest"]))) is not None:
        return known
    kept = inside(root, f"{entry['scenario']}/{str(entry['digest'])[:DIGITS]}", f"{folder}/{NAME}: runs")
    if kept.is_dir():
        return kept
    raise ResultsError(f"{near} is not in {root}; a folder elsewhere is read only if the command names it: compare again")


_compared: dict[tuple[Path, str], Path] = {}
"""The runs of the comparisons that this process wrote, by folder and digest."""


def _manifest(comparisons: Sequence[Comparison], target: Path) -> dict[str, Any]:
    one = comparisons[0]
    runs = [(one.name_a, one.a), *((c.name_b, c.b) for c in comparisons)]
    keys = ("scenario", "digest", "seed", "replicates", "dtype", "code")
    return {
        "paired": one.paired,
        "replicates": one.replicates,
        "start": one.months[0],
        "end": format_month(parse_month(one.months[-1]) - 1),
        "runs": [
            {
                "name": name,
                "folder": _relative(run.path, target),
                "absolute": str(run.path.resolve()),
                **{key: run.manifest.get(key) for key in keys},
            }
            for name, run in runs
        ],
        "pairs": [
            {
                "first": c.name_a,
                "second": c.name_b,
                "same": c.same,
                "first_month": c.first,
                "because": [change.key for change in c.because],
                "changes": [change.sentence(c.name_a, c.name_b) for change in c.changes],
            }
            for c in comparisons
        ],
        "finished": now(),
    }


def _relative(path: Path, start: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), start.resolve())).as_posix()
    except ValueError:  # another drive
        return str(path.resolve())


def _write_table(path: Path, comparisons: Sequence[Comparison], series: tuple[str, str] | None) -> None:
    """The long table of one series or, for None, of all, built as Arrow columns: a quarter of a million rows in a fraction
    of a second."""
    parts: list[tuple[str, str, str, str, list[str], np.ndarray]] = []
    for number, c in enumerate(comparisons):
        for d in [c.of(*series)] if series else c.differences:
            parts += _rows(c, d, with_a=number == 0)
    from sim import __version__

    lengths = [len(part[4]) for part in parts]
    words = [f"Entente {__version__}"]
    table = {"model": pa.DictionaryArray.from_arrays(pa.array(np.zeros(sum(lengths), np.int32)), pa.array(words))}
    for k, column in enumerate(COLUMNS[1:5]):
        words = list(dict.fromkeys(part[k] for part in parts))
        place = {word: i for i, word in enumerate(words)}
        words = [guarded(word) for word in words]
        codes = np.repeat(np.array([place[part[k]] for part in parts], np.int32), lengths)
        table[column] = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()))
    months = sorted({time for part in parts for time in part[4]})
    place = {time: i for i, time in enumerate(months)}
    at: dict[int, np.ndarray] = {id(part[4]): np.array([place[time] for time in part[4]], np.int32) for part in parts}
    codes = np.concatenate([at[id(part[4])] for part in parts])
    days = pa.array([f"{month}-01" for month in months], pa.string())
    table["time"] = pa.DictionaryArray.from_arrays(pa.array(codes), days)
    values = np.concatenate([part[5] for part in parts]).round(DECIMALS)
    table["value"] = pa.array(values)
    plain = pa.table({name: c.dictionary_decode() if name != "value" else c for name, c in table.items()})
    if not np.isfinite(values).all():
        plain = plain.filter(pa.array(np.isfinite(values)))
    awkward = any(set(',"\n\r') & set(word) for part in parts for word in part[:4])
    csv.write_csv(plain, path, csv.WriteOptions(quoting_style="needed" if awkward else "none"))


def _write_effects(path: Path, comparisons: Sequence[Comparison]) -> None:
    """What the answers say: a row a series, of the months that it is taken over."""
    from sim.results.cells import Writer

    names = ("mean", "low", "high", "standard error", "lower", "same", "higher")
    pairs = [f"pairs {word}" for word in VARIABLES]
    with path.open("w", newline="", encoding="utf-8") as file:
        out = Writer(file)
        head = ["scenario", "measure", "subject", "unit", "from", "to", "direction", "mean of first", "mean of second"]
        out.row([*head, *names, *pairs])
        for c in comparisons:
            for d in c.differences:
                e, span = d.effect, d.span.plain()
                numbers = [*d.means, e.mean, e.low, e.high, e.error, e.below, e.same, e.above, *d.pairs.tolist()]
                cells = [x if math.isfinite(x) else "" for x in numbers]
                about = [f"{c.name_a} minus {c.name_b}", d.measure, d.subject, d.unit, span["from"], span["to"]]
                out.row([*about, e.direction(), *cells])


def _rows(c: Comparison, d: Difference, *, with_a: bool) -> list[tuple[str, str, str, str, list[str], np.ndarray]]:
    """(scenario, region, variable, unit, months, values) of one difference."""
    region = "World" if d.subject == "world" else d.subject
    minus = f"{c.name_a} minus {c.name_b}"
    name_b = c.name_b if c.name_b != c.name_a else f"{c.name_b} again"  # with itself
    rows = [(c.name_a, d.measure, d.unit, d.mean_a)] if with_a else []
    rows += [(name_b, d.measure, d.unit, d.mean_b), (minus, d.measure, d.unit, d.mean)]
    rows += [
        (minus, f"{d.measure}|standard error", d.unit, d.standard_error),
        (minus, f"{d.measure}|share below zero", SHARE, d.below),
        (minus, f"{d.measure}|share above zero", SHARE, d.above),
    ]
    if d.measure not in SIDES:  # the median of what is 0 or 1 says nothing more
        rows += [(minus, f"{d.measure}|{word}", d.unit, values) for word, values in zip(VARIABLES, d.quantiles)]
    return [(scenario, region, variable, unit, d.times, values) for scenario, variable, unit, values in rows]
