"""Words that pictures take from a run's folder: footer, names of subjects, statements checked against the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import PictureError
from sim.plots.sheet import text
from sim.wording import capital

if TYPE_CHECKING:
    from sim.results import Run


def footer(run: Run) -> str:
    """Scenario, replicates, seed, short digest, and what the shading is."""
    m = run.manifest
    count = int(m["replicates"])
    return (
        f"{m['scenario']} · {count:,} replicate{'s' if count != 1 else ''} · seed {m['seed']} · "
        f"run {str(m['digest'])[:12]} · Shading and lines are model output."
    )


def chosen_dyads(
    pairs: Sequence[tuple[str, str]], subjects: Sequence[str] | None, where: str, most: int
) -> list[tuple[str, str]]:
    """Those of the watched dyads that were asked for ("CHN-RUS", either way round), or the first ones.

    Raises:
        PictureError: one that is not watched.
    """
    if subjects:
        known = {"-".join(sorted(pair)): pair for pair in pairs}
        wanted = ["-".join(sorted(s.replace(">", "-").split("-"))) for s in subjects]
        unknown = [s for s in wanted if s not in known]
        if unknown:
            raise PictureError(f"not watched in {where}: {', '.join(unknown)}; there is: {', '.join(known)}")
        pairs = [known[s] for s in wanted]
    return list(pairs[:most])


def names(run: Run, kind: str) -> dict[str, str]:
    """Code -> name of the manifest's `states`, `actors` or `organisations`."""
    return {row["code"]: text.clean(row.get("name") or row["code"]) for row in run.manifest.get(kind) or ()}


def sets(run: Run) -> dict[str, list[str]]:
    """Named sets of states, in the scenario's order."""
    return {name: list(codes) for name, codes in (run.manifest.get("sets") or {}).items()}


def set_name(run: Run, name: str) -> str:
    """A set's name in words, states and organisations spelt as they are: nato_russia is "NATO Russia"."""
    known = names(run, "organisations") | names(run, "states")
    spelt = {word.lower(): word for code, full in known.items() for word in (code, full)}
    return " ".join(spelt.get(word.lower(), word) for word in text.clean(name).replace("_", " ").split())


def subject_name(run: Run, subject: str) -> str:
    """What a subject is called in a heading: a set with its size, an organisation or state by its name."""
    members = sets(run).get(subject)
    if members is not None:
        title = set_name(run, subject)
        return f"{capital(title)} ({', '.join(members)})"
    if subject == "world":
        return "All states"
    known = names(run, "organisations") | names(run, "states") | names(run, "actors")
    if subject in known:
        full = known[subject]
        return f"{full} ({subject}, current members)" if subject in names(run, "organisations") and full != subject else full
    states = names(run, "states")
    for mark, between in (("-", " and "), (">", "'s trust in ")):
        if mark in subject:
            return between.join(states.get(code, code) for code in subject.split(mark))
    return text.clean(subject)


def spread_words(values: np.ndarray, digits: int = 2) -> str:
    """Median with the 5-95 % range of values (R,): "0.60 [0.52, 0.68]"."""
    values = values[np.isfinite(values)]
    if not len(values):
        return "no value"
    middle = text.number(float(np.median(values)), digits)
    if len(values) < 20:
        return middle
    low, high = np.quantile(values, [0.05, 0.95])
    return f"{middle} [{text.number(float(low), digits)}, {text.number(float(high), digits)}]"


def change_words(values: np.ndarray, digits: int = 2) -> str:
    """Start and end of values (R, T), and the checked share of replicates that end higher or lower."""
    columns = np.flatnonzero(np.isfinite(values).any(axis=0))
    if not len(columns):
        return "no value"
    first, last = values[:, columns[0]], values[:, columns[-1]]
    words = f"{text.number(float(np.nanmedian(first)), digits)} → {spread_words(last, digits)}"
    both = np.isfinite(first) & np.isfinite(last)
    if both.sum() < 20:
        return words
    up, down = float((last > first)[both].mean()), float((last < first)[both].mean())
    if max(up, down) == 0:
        return words + ", unchanged in every replicate"
    if max(up, down) < 0.55:
        return f"{words}, higher in {text.percent(up)}, lower in {text.percent(down)} of replicates"
    side, share = ("higher", up) if up >= down else ("lower", down)
    return f"{words}, {side} in {text.of_replicates(share)}"
