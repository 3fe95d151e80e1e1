"""The ledgers of one dyad between two months, and their folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calendar import format_month, parse_month
from sim.notebook import card
from sim.questions.effect import Effect
from sim.questions.explain.accounts import MEANING
from sim.questions.explain.events import Part, acting, cautions_of, differing, parts_of, title_of
from sim.results import Run
from sim.results.files import listed
from sim.results.folders import new_folder
from sim.results.manifest import ResultsError, write_manifest
from sim.results.obtain import opened

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "explain"
TOLERANCE = {"float64": 1e-12, "float32": 1e-4}
"""How far the accounts of a run may be from the change: rounding of as many additions, no more."""


class CannotExplain(ValueError):
    """A question that the ledger cannot answer; the message says why and what to ask instead."""


@dataclass(frozen=True)
class Explanation:
    """The ledgers of one dyad between two months; columns are both directions and their mean.

    With two runs every number is a difference, first minus second. ``terms`` has shape (account, 3), ``monthly``
    (account, month, 3), ``start`` and ``end`` (3,); ``error`` is by how much the accounts miss the change.
    """

    runs: tuple[Run, ...]
    dyad: tuple[str, str]
    months: tuple[str, ...]
    accounts: tuple[str, ...]
    titles: tuple[str, ...]
    columns: tuple[str, str, str]
    terms: np.ndarray
    monthly: np.ndarray
    start: np.ndarray
    end: np.ndarray
    error: float
    parts: tuple[Part, ...]
    events: tuple[str, ...]
    cautions: tuple[str, ...]
    names: tuple[str, ...] = ()
    """What the runs are called, as `compare` calls them."""
    others: tuple[str, ...] = ()
    """What two stories do otherwise beside their events (parameters, sets, the starting world), a sentence each."""
    effects: tuple[Effect, ...] = ()
    """Of two runs that recorded this trust and share their luck: the difference at the end, in both directions, with its
    interval; the same that `compare` says."""

    @property
    def first(self) -> str:
        """The first month."""
        return self.months[0]

    @property
    def last(self) -> str:
        """The last month."""
        return self.months[-1]

    @property
    def change(self) -> np.ndarray:
        """The change of mean trust by column, (3,)."""
        return self.end - self.start

    def table(self) -> pd.DataFrame:
        """A row an account, with start and end; a column a direction, and their mean."""
        import pandas as pd

        rows = np.vstack([self.start, self.terms, self.end])
        return pd.DataFrame(rows, index=["start", *self.accounts, "end"], columns=list(self.columns))

    def plain(self) -> dict[str, Any]:
        """Everything as plain data, for explain.json."""
        columns = self.columns

        def row(values: np.ndarray) -> dict[str, float]:
            return dict(zip(columns, values.tolist()))

        return {
            "runs": [
                {key: run.manifest[key] for key in ("scenario", "digest", "seed", "replicates", "start", "end")}
                for run in self.runs
            ],
            "dyad": list(self.dyad),
            "from": self.first,
            "to": self.last,
            "statistic": "mean over replicates",
            "start": row(self.start),
            "end": row(self.end),
            "change": row(self.change),
            "accounts": [
                {"account": name, "title": title, **row(values)}
                for name, title, values in zip(self.accounts, self.titles, self.terms)
            ],
            "in_months_of": [
                {"account": p.account, "event": p.event, "title": p.title, "month": p.month, **row(p.value)}
                for p in self.parts
            ],
            "events": list(self.events),
            "others": list(self.others),
            "cautions": list(self.cautions),
            "sum_error": self.error,
            "effects": {name: effect.plain() for name, effect in zip(columns, self.effects)},
            "replicates": min(run.manifest["replicates"] for run in self.runs),
        }

    def __repr__(self) -> str:
        """One line."""
        what = " minus ".join(run.manifest["scenario"] for run in self.runs)
        return f"<Explanation {what}: {'-'.join(self.dyad)} {self.first}..{self.last}, {self.change[2]:+.3f}>"

    def _repr_html_(self) -> str:
        words = dict(zip(self.accounts, self.titles))
        rows = [(name, words.get(name, ""), *row) for name, *row in self.table().itertuples()]
        said = ["Means over replicates; the accounts add up to the change.", *self.cautions]
        return card(repr(self)[1:-1], said, ("account", "", *self.columns), rows)


def explain(
    run: Run | Path | str,
    minus: Run | Path | str | None = None,
    *,
    dyad: Sequence[str],
    first: str | None = None,
    last: str | None = None,
    results: Path | str = "results",
) -> Explanation:
    """Why trust between two states moved, or why it differs between two runs of as many replicates.

    Args:
        run: a run, its folder, a scenario's name, or a scenario's file, which is simulated if it was not yet.
        minus: a second one, taken from the first.
        dyad: codes of two states.
        first: the first month, such as `2015-01`; None for the run's first.
        last: the last month; None for the run's last.
        results: where runs are found by name.

    Raises:
        CannotExplain: there is no such state or month, or the runs have none in common, or other numbers of replicates.
        ResultsError: no such run, or its ledger does not add up.
    """
    given = (run,) if minus is None else (run, minus)
    runs = tuple(opened(one, results) for one in given)
    _as_many(runs)
    pair = _dyad(runs, dyad)
    months = _months(runs, first, last)
    found = [_ledger_of(one, pair, months) for one in runs]
    accounts = list(dict.fromkeys(name for ledgers in found for name in ledgers[0]))
    terms = np.zeros((2, len(accounts), len(months), 2))
    for k, (names, monthly, _, _) in enumerate(found):
        terms[k, [accounts.index(name) for name in names]] = monthly
    sign = np.array([1.0, -1.0])[: len(runs)]
    monthly, start, end = (
        np.tensordot(sign, np.stack(parts), 1)
        for parts in (list(terms[: len(runs)]), [b[2] for b in found], [b[3] for b in found])
    )
    monthly, start, end = (np.concatenate([x, x.mean(-1, keepdims=True)], axis=-1) for x in (monthly, start, end))
    total = monthly.sum(axis=1)
    error = float(np.abs(start + total.sum(axis=0) - end).max())
    allowed = max(TOLERANCE.get(one.manifest.get("dtype", "float64"), 1e-12) for one in runs)
    if not error <= allowed:
        raise ResultsError(
            f"the ledger of {' and '.join(str(one.path) for one in runs)} does not add up: accounts and change of trust "
            f"differ by {error:.1e}; run again with force=true"
        )
    stories = [one.story() for one in runs]
    titles = [MEANING.get(name) or title_of(name, stories) for name in accounts]
    keep = [k for k, name in enumerate(accounts) if name in MEANING or total[k].any()]
    parts = parts_of(stories[0], pair, months, accounts, monthly) if len(runs) == 1 else []
    own = {accounts[k] for k in keep} | {part.event for part in parts}
    return Explanation(
        runs=runs,
        dyad=pair,
        months=tuple(months),
        accounts=tuple(accounts[k] for k in keep),
        titles=tuple(titles[k] for k in keep),
        columns=(f"{pair[0]} in {pair[1]}", f"{pair[1]} in {pair[0]}", "mean of both"),
        terms=total[keep],
        monthly=monthly[keep],
        start=start,
        end=end,
        error=error,
        parts=tuple(parts),
        events=tuple(acting(stories[0], pair, months, own) if len(runs) == 1 else differing(stories, months)),
        cautions=tuple(cautions_of(runs)),
        names=_names(runs),
        others=_others(runs),
        effects=_effects(runs, pair, months[-1]) if len(runs) > 1 else (),
    )


def _names(runs: Sequence[Run]) -> tuple[str, ...]:
    if len(runs) < 2:
        return tuple(run.manifest["scenario"] for run in runs)
    from sim.questions.compare.pairing import labels

    return tuple(labels(runs))


def _others(runs: Sequence[Run]) -> tuple[str, ...]:
    """What two stories do otherwise beside their events."""
    if len(runs) < 2:
        return ()
    from sim.questions.compare.story import changes

    return tuple(change.sentence(*_names(runs)) for change in changes(*runs) if not change.event)


def _as_many(runs: Sequence[Run]) -> None:
    """A ledger keeps the mean over all replicates of its run, so two of other numbers have no replicates to share."""
    counts = [run.manifest["replicates"] for run in runs]
    if len(set(counts)) > 1:
        names = _names(runs)
        raise CannotExplain(
            f"{names[0]} has {counts[0]:,} replicates and {names[1]} {counts[1]:,}: a ledger keeps the mean over all of "
            "them, so part of a difference would be chance. Run one of them again with as many (python -m sim run "
            f"scenario={runs[1].manifest['scenario']} replicates={counts[0]}), or name the folders of two such runs; these "
            f"are {runs[0].path} and {runs[1].path}"
        )


def _effects(runs: Sequence[Run], pair: tuple[str, str], last: str) -> tuple[Effect, ...]:
    """The differences at the end with their intervals, where both runs have the series."""
    from sim.questions.compare import CannotPair, compare

    one, other = pair
    try:
        c = compare(*runs, at=last)
        return tuple(c.of("trust", subject).effect for subject in (f"{one}>{other}", f"{other}>{one}"))
    except (CannotPair, ResultsError):
        return ()


def write(explanation: Explanation, out: Path | str | None = None, *, draw: Callable[[Path], Any] | None = None) -> Path:
    """Write explain.json, ledger.csv and months.csv; return the folder.

    It lies beside the runs, in ``results/explain/``, since nothing is added to a finished run.

    Args:
        explanation: from :func:`explain`.
        out: the folder to write; None for ``results/explain/<run or runs>/<dyad>_<months>``.
        draw: draws pictures into the folder, such as :func:`sim.plots.run.ledger_waterfall.draw`.
    """
    first = explanation.runs[0]
    root = first.path.resolve().parent.parent
    target = Path(out) if out is not None else _place(explanation, first.path.parent.parent)

    with new_folder(root if out is None else target.resolve().parent, target, "explanation") as folder:
        text = json.dumps(explanation.plain(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        (folder / "explain.json").write_text(text, encoding="utf-8")
        _write_csv(explanation, folder)
        if draw is not None:
            draw(folder)
        write_manifest(folder, "explanation", {}, listed(folder))
    return target


def _place(explanation: Explanation, root: Path) -> Path:
    names = [f"{run.manifest['scenario']}-{run.manifest['digest'][:12]}" for run in explanation.runs]
    window = f"{'-'.join(explanation.dyad)}_{explanation.first}_{explanation.last}"
    return root / FOLDER / "__vs__".join(names) / window


def _write_csv(explanation: Explanation, folder: Path) -> None:
    from sim.results.cells import Writer

    with (folder / "ledger.csv").open("w", newline="", encoding="utf-8") as file:
        out = Writer(file)
        out.row(["account", "title", *explanation.columns])
        out.row(["start", "mean trust at the start", *explanation.start.tolist()])
        for name, title, values in zip(explanation.accounts, explanation.titles, explanation.terms):
            out.row([name, title, *values.tolist()])
        out.row(["end", "mean trust at the end", *explanation.end.tolist()])
    with (folder / "months.csv").open("w", newline="", encoding="utf-8") as file:
        out = Writer(file)
        out.row(["month", "account", *explanation.columns])
        for t, month in enumerate(explanation.months):
            for k, name in enumerate(explanation.accounts):
                out.row([month, name, *explanation.monthly[k, t].tolist()])


# -- what was asked --------------------------------------------------------------------------------------------------


def _dyad(runs: Sequence[Run], dyad: Sequence[str]) -> tuple[str, str]:
    from difflib import get_close_matches

    known = {row["code"] for row in runs[0].manifest["states"]}
    codes = [runs[0].name.subject(str(code), known) for code in dyad]
    codes = [code if code in known else code.upper() for code in codes]
    if len(codes) != 2 or codes[0] == codes[1]:
        raise CannotExplain("a dyad is two different states, such as RUS CHN")
    for run in runs:
        names = {row["code"]: row["name"] for row in run.manifest["states"]}
        for given, code in zip(dyad, codes):
            if code in names:
                continue
            by_name = {name.lower(): one for one, name in names.items()} | {one.lower(): one for one in names}
            near = get_close_matches(str(given).lower(), by_name, 1)
            hint = f"did you mean {by_name[near[0]]} ({names[by_name[near[0]]]})? " if near else ""
            raise CannotExplain(
                f"there is no state {given!r} in {run.manifest['scenario']}; {hint}there is {', '.join(sorted(names))}"
            )
    return codes[0], codes[1]


def _months(runs: Sequence[Run], first: str | None, last: str | None) -> list[str]:
    spans = [(parse_month(run.manifest["start"]), parse_month(run.manifest["end"])) for run in runs]
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    period = f"{format_month(low)} to {format_month(high)}"
    if low > high:
        spans = [f"{run.manifest['scenario']} is of {run.manifest['start']} to {run.manifest['end']}" for run in runs]
        raise CannotExplain(f"the two runs have no month in common: {' and '.join(spans)}")
    chosen = []
    for text, default, what in ((first, low, "from"), (last, high, "to")):
        try:
            month = default if text is None else parse_month(text)
        except ValueError as error:
            raise CannotExplain(f"--{what}: {error}") from None
        if not low <= month <= high:
            common = "the runs have in common" if len(runs) > 1 else "the run has"
            raise CannotExplain(f"--{what}: {text} is outside {period}, which is what {common}")
        chosen.append(month)
    if chosen[0] > chosen[1]:
        raise CannotExplain(f"--from {first or format_month(low)} is later than --to {last or format_month(high)}")
    return [format_month(month) for month in range(chosen[0], chosen[1] + 1)]


def _ledger_of(run: Run, dyad: tuple[str, str], months: list[str]) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Accounts, terms (account, month, direction), trust before and after (direction)."""
    ledger = run.ledger()
    both = [ledger.between(a, b, months[0], months[-1]) for a, b in (dyad, dyad[::-1])]
    terms, start, end = (np.stack(parts, axis=-1) for parts in zip(*both))
    return ledger.accounts, terms, start, end
