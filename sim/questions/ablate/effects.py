"""The ablation itself, what came of it, and its folder."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import measures
from sim.calendar import format_month
from sim.notebook import card
from sim.options import DEFAULTS, KERNEL, REPLICATES
from sim.processes.pool import share
from sim.questions.ablate.branches import work
from sim.questions.ablate.plan import EXACT, CannotAblate, Player, digest_of_plan, jobs_of, plan_of
from sim.questions.effect import LEVEL, Effect
from sim.questions.span import Span
from sim.results import code_digest, fields
from sim.results.files import check_files, listed, mapping_of
from sim.results.folders import new_folder
from sim.results.manifest import damaged, read_manifest, write_manifest
from sim.scenario import Scenario, read

if TYPE_CHECKING:
    import pandas as pd

FOLDER, KIND, ANSWER = "ablate", "ablation", "ablation.json"
_NUMBER = (float, None)
_EFFECT = {"mean": _NUMBER, "low": _NUMBER, "high": _NUMBER, "above": _NUMBER, "below": _NUMBER}
FORM = {
    "scenario": str,
    "measure": str,
    "subject": str,
    "unit": str,
    "from": fields.month,
    "to": fields.month,
    "replicates": fields.positive,
    "digest": str,
    "seed": int,
    "shapley": str,
    "since": bool,
    "together": _EFFECT,
    "sum_of_effects": _NUMBER,
    "notes": [str],
    "events": [{**_EFFECT, "event": str, "title": str, "date": str, "imposed": bool}],
}
"""What `ablation.json` has."""


@dataclass(frozen=True)
class Ablation:
    """What each event does to one measure. ``players`` are in the order of their dates; arrays hold the replicates:
    ``full`` and ``none`` (R,), ``without`` (player, R), ``shapley`` (player, R) or None: means over ``span``. With ``since``
    the effect of a player is the mean since its own event; before it there is none, to the bit."""

    scenario: Scenario
    seed: int
    replicates: int
    dtype: str
    measure: str
    subject: str
    unit: str
    span: Span
    since: bool
    players: tuple[Player, ...]
    full: np.ndarray
    none: np.ndarray
    without: np.ndarray
    shapley: np.ndarray | None
    method: str
    engine: str
    notes: tuple[str, ...]
    digest: str

    def effect(self, player: Player | str) -> Effect:
        """The effect of an event: with it, less without it."""
        k = self._place(player)
        return Effect.of(
            _apart(self.full, self.without[k]) * (len(self.span.months) / len(self.span_of(self.players[k]).months))
        )

    def span_of(self, player: Player) -> Span:
        """The months that the effect of a player is taken over."""
        return Span(min(max(self.span.first, player.start), self.span.last), self.span.last) if self.since else self.span

    def share(self, player: Player | str) -> Effect | None:
        """The Shapley value of an event, if they were asked for."""
        return None if self.shapley is None else Effect.of(self.shapley[self._place(player)])

    @property
    def together(self) -> Effect:
        """The effect of all events together."""
        return Effect.of(_apart(self.full, self.none))

    @property
    def ranked(self) -> list[Player]:
        """The players by the size of their effect, the largest first."""
        return sorted(self.players, key=lambda player: (-abs(_known(self.effect(player).mean)), player.key))

    def _place(self, player: Player | str) -> int:
        for k, one in enumerate(self.players):
            if player in (one, one.key) or player in one.keys:
                return k
        raise KeyError(f"no event {player!r}; there are {', '.join(p.key for p in self.players)}")

    def rows(self) -> list[dict[str, Any]]:
        """A row an event, the largest effect first."""
        found = []
        for rank, player in enumerate(self.ranked, 1):
            row = {
                "rank": rank,
                "event": player.key,
                "title": player.title,
                "date": player.date,
                "from": self.span_of(player).plain()["from"],
                "imposed": player.imposed,
                **self.effect(player).plain(),
            }
            value = self.share(player)
            if value is not None:
                row |= {f"shapley_{name}": x for name, x in value.plain().items() if name not in ("above", "below")}
            found.append(row)
        return found

    def table(self) -> pd.DataFrame:
        """The rows as a table."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def plain(self) -> dict[str, Any]:
        """Everything but the replicates as plain data, for ablation.json."""
        alone = sum(_known(Effect.of(self.full - without).mean) for without in self.without)
        together = self.together.plain()
        return {
            "kind": "ablation",
            "scenario": self.scenario.name,
            "title": self.scenario.title,
            "measure": self.measure,
            "subject": self.subject,
            "unit": self.unit,
            **self.span.plain(),
            "start": format_month(self.scenario.start),
            "replicates": self.replicates,
            "seed": self.seed,
            "dtype": self.dtype,
            "engine": self.engine,
            "digest": self.digest,
            "code": code_digest(),
            "statistic": "mean over replicates of the paired difference: with all events, less without this one",
            "interval": f"{LEVEL:.0%} of the mean, Student's t from the standard error of the paired differences",
            "with_all": Effect.of(self.full).plain(),
            "with_none": Effect.of(self.none).plain(),
            "together": together,
            "sum_of_effects": alone,
            "since": self.since,
            "shapley": self.method,
            "events": self.rows(),
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        """One line."""
        first = self.ranked[0] if self.players else None
        most = f", most from {first.key} ({self.effect(first).mean:+.3g})" if first else ""
        return f"<Ablation {self.scenario.name} {self.measure}:{self.subject}: {len(self.players)} events{most}>"

    def _repr_html_(self) -> str:
        rows = [
            (row["date"], row["title"], *(math.nan if row[k] is None else row[k] for k in ("mean", "low", "high")))
            for row in self.rows()
        ]
        said = ["Each effect: with all events, less without this one; mean and 90 % interval.", *self.notes]
        return card(repr(self)[1:-1], said, ("from", "event", "effect", "low", "high"), rows)


def _known(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def ablate(
    scenario: str | Path | Scenario,
    *,
    measure: str,
    at: str | None = None,
    over: str | None = None,
    replicates: int = REPLICATES,
    seed: int = DEFAULTS.seed,
    dtype: str = DEFAULTS.dtype,
    shapley: bool = False,
    passes: int = 2,
    engine: str = DEFAULTS.engine,
    workers: int | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], Any] | None = None,
    exact: int = EXACT,
) -> Ablation:
    """Simulate a scenario without each of its events.

    Args:
        scenario: a name, a file, or a `Scenario`.
        measure: such as `cooperation:eight`.
        at: the month at whose end the measure is taken; None for the last.
        over: years or months over whose mean it is taken, such as `2018-2025`; None for the last month, and for measures in
            twelfths (cooperation) since each event (with Shapley values, since the first).
        replicates: how many.
        seed: which luck.
        dtype: `float64`.
        shapley: Shapley values too.
        passes: for more than `exact` events, how many orders each replicate draws; even, since each is also gone through
            backwards.
        engine: `numpy`, `kernel`, or `auto` for the kernel where it can.
        workers: processes, or threads of the kernel; None for one a core. They change no number.
        changes: overrides as on the command line; only with a scenario's name.
        progress: called with replicate-months done and to do.
        exact: events of which every subset is tried; of more, orders are drawn.

    Raises:
        CannotAblate: there are no events, or the month is outside the scenario.
        NotMeasured: the scenario has no such measure.
    """
    if not isinstance(scenario, Scenario):
        scenario = read(scenario, changes=changes)
    plan, notes = plan_of(scenario, measure, at, over, replicates, seed, dtype, shapley, passes, engine, exact)
    total = replicates * plan.months()
    report = (lambda done: progress(done, total)) if progress is not None else None
    if plan.engine == KERNEL:
        from sim.questions.ablate.by_kernel import carry_out

        answers = carry_out(plan, replicates, workers, report)
    else:
        answers = share(work, jobs_of(plan, replicates, workers), workers=workers, progress=report)
    full, none, without, values = (
        None if parts[0] is None else np.concatenate(parts, axis=-1) for parts in zip(*answers, strict=True)
    )
    if not np.isfinite(full).any():
        raise CannotAblate(f"{plan.measure}:{plan.subject} has no value {plan.span.said()} in any replicate")
    return Ablation(
        scenario=scenario,
        seed=seed,
        replicates=replicates,
        dtype=dtype,
        measure=plan.measure,
        subject=plan.subject,
        unit=measures.all_measures()[plan.measure][0].unit,
        span=plan.span,
        since=plan.since,
        players=plan.players,
        full=full,
        none=none,
        without=without,
        shapley=values,
        method=plan.method,
        engine=plan.engine,
        notes=tuple(notes),
        digest=digest_of_plan(plan, replicates),
    )


def digest_of(
    scenario: Scenario,
    *,
    measure: str,
    at: str | None = None,
    over: str | None = None,
    replicates: int = REPLICATES,
    seed: int = DEFAULTS.seed,
    dtype: str = DEFAULTS.dtype,
    shapley: bool = False,
    passes: int = 2,
    engine: str = DEFAULTS.engine,
) -> str:
    """The digest of an ablation without carrying it out: what :func:`ablate` would say of the same question."""
    plan, _ = plan_of(scenario, measure, at, over, replicates, seed, dtype, shapley, passes, engine)
    return digest_of_plan(plan, replicates)


def folder_of(root: Path | str, scenario: str, digest: str) -> Path:
    """Where the ablation of a digest lives."""
    return Path(root) / FOLDER / f"{scenario}-{digest[:12]}"


def write(ablation: Ablation, root: Path | str = "results", *, draw: Callable[[Path], Any] | None = None) -> Path:
    """Write ablation.json, effects.csv and replicates.csv; return the folder, ``results/ablate/<scenario>-<digest>``.

    Args:
        ablation: from :func:`ablate`.
        root: the folder of all results.
        draw: draws pictures into the folder.
    """
    from sim.results.cells import Writer

    target = folder_of(root, ablation.scenario.name, ablation.digest)
    with new_folder(root, target, KIND) as folder:
        text = json.dumps(ablation.plain(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        with (folder / "effects.csv").open("w", newline="", encoding="utf-8") as file:
            rows = ablation.rows()
            out = Writer(file)
            out.row(rows[0])
            out.rows(row.values() for row in rows)
        with (folder / "replicates.csv").open("w", newline="", encoding="utf-8") as file:
            out = Writer(file)
            names = [player.key for player in ablation.players]
            shares = [] if ablation.shapley is None else [f"shapley of {name}" for name in names]
            out.row(["replicate", "with all", "with none", *(f"without {name}" for name in names), *shares])
            columns = [ablation.full, ablation.none, *ablation.without]
            columns += [] if ablation.shapley is None else list(ablation.shapley)
            out.rows([r, *row] for r, row in enumerate(np.stack(columns, axis=1).tolist()))
        (folder / ANSWER).write_text(text, encoding="utf-8")
        if draw is not None:
            draw(folder)
        write_manifest(folder, KIND, {}, listed(folder))
    return target


def answer_in(folder: Path) -> dict[str, Any]:
    """What `ablation.json` in a finished folder says.

    Raises:
        ResultsError: there is none, or the folder is damaged.
    """
    manifest = read_manifest(folder, KIND, {})
    check_files(folder, manifest)
    about = mapping_of(folder, manifest, ANSWER)
    wrong = fields.problem(about, FORM)
    if wrong:
        raise damaged(folder, KIND, f"{ANSWER}: {wrong}")
    return about


def _apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Paired differences, (R,). The two are sums in another order, so what is equal may differ by a rounding: that is 0."""
    difference = one - other
    return np.where(np.abs(difference) <= 1e-12 * np.maximum(1, np.abs(one)), 0.0, difference)
