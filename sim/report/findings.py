"""What the numbers say, in sentences; each is made from a condition that is checked."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from sim.plots.sheet.text import MINUS, number, of_replicates, percent
from sim.questions.compare import Comparison
from sim.questions.compare.answer import answer, began, error_sentence, members_of, phrase, share_sentence
from sim.questions.compare.selection import Headline
from sim.report.views import FEW, View
from sim.results import Run
from sim.wording import capital, listing, month_before

HARD = "\N{NO-BREAK SPACE}"
SURE, UNSURE = 0.9, 0.7
"""From this share of the replicates on a state's side counts as settled; under the other it is open."""
MOST_NAMED = 8
SIDES = ("bloc_east", "bloc_none", "bloc_west")


def of_run(run: Run, view: View) -> list[str]:
    """What happens in one run: cooperation of its groups, trust in its watched dyads, the sides at the end."""
    said = [_course(run, "cooperation", subject) for subject in groups(run)[:3]]
    said += _movers(run)
    said += [sentence for sentence in (_sides(run, view),) if sentence]
    return said


def of_comparison(c: Comparison, chosen: Headline) -> dict[str, Any]:
    """The answer of one comparison, when the two part, what differs in the stories, what the pairing is worth."""
    return {
        "answer": typeset(answer(c, chosen)),
        "members": typeset(members_of(c.a, chosen.difference.subject)),
        "began": typeset(began(c)) if c.paired and not c.same else "",
        "errors": typeset(" ".join(filter(None, (of(c, chosen.difference) for of in (share_sentence, error_sentence))))),
        "changes": [change.sentence(c.name_a, c.name_b) for change in c.changes],
        "name_a": c.name_a,
        "name_b": c.name_b,
    }


def groups(run: Run) -> list[str]:
    """The groups whose cooperation is told first: named sets, else organisations, else all states."""
    have = set(run.subjects("cooperation")) if "cooperation" in run.measures() else set()
    organisations = [row["code"] for row in run.manifest.get("organisations") or ()]
    for choice in (list(run.manifest.get("sets") or ()), organisations, ["world"]):
        known = [s for s in choice if s in have and np.isfinite(run.series("cooperation", s)[1][:, -1]).any()]
        if known:
            return known
    return []


def typeset(text: str) -> str:
    """True minus signs before digits, and no line broken before a per cent sign or inside brackets."""
    text = "".join(MINUS if c == "-" and _negative(text, k) else c for k, c in enumerate(text))
    text = re.sub(r"\[[^\]]*\]", lambda found: found.group().replace(" ", HARD), text)
    return text.replace(" %", f"{HARD}%")


def _negative(text: str, k: int) -> bool:
    before, after = text[k - 1 : k], text[k + 1 : k + 2]
    return after.isdigit() and (not before or before in " [(")


def _course(run: Run, measure: str, subject: str, lead: str = "") -> str:
    """Where one series starts and ends, and in how many replicates it ends higher or lower; `lead` stands before it."""
    times, values = run.series(measure, subject)
    what, when = lead + phrase(run, measure, subject), f"at the end of {month_before(times[-1])}"
    first, last = values[:, 0], values[:, -1]
    known = np.isfinite(first) & np.isfinite(last)
    if not known.any():
        return f"{capital(what)} has no value {when}."
    digits = 0 if measure == "strength" else 2
    start, end = number(float(np.median(first[known])), digits), number(float(np.median(last[known])), digits)
    if len(values) == 1:
        return f"{capital(what)} goes from {start} to {end} {when}, in the one replicate there is."
    low, high = np.quantile(last[known], (0.05, 0.95))
    band = f" [{number(float(low), digits)}, {number(float(high), digits)}]" if len(values) >= FEW else ""
    return f"{capital(what)} goes from {start} to {end}{band} {when}; {_direction(first[known], last[known])}."


def _direction(first: np.ndarray, last: np.ndarray) -> str:
    up, down = float((last > first).mean()), float((last < first).mean())
    if up == down == 0:
        return "it ends where it began in every replicate"
    if max(up, down) < 0.55:
        return f"it ends higher in {percent(up)} and lower in {percent(down)} of the replicates"
    side, share = ("higher", up) if up >= down else ("lower", down)
    return f"it ends {side} in {of_replicates(share)}"


def _movers(run: Run) -> list[str]:
    """The watched directed trust that falls most and that rises most, by the median of the changes."""
    if "trust" not in run.measures():
        return []
    change = {}
    for subject in run.subjects("trust"):
        values = run.series("trust", subject)[1]
        moved = values[:, -1] - values[:, 0]
        if np.isfinite(moved).any():
            change[subject] = float(np.nanmedian(moved))
    if not change:
        return []
    fall, rise = min(change, key=change.__getitem__), max(change, key=change.__getitem__)
    said, lead = [], "of the watched dyads, trust {} most here: "
    if change[fall] < -0.01:
        said.append(_course(run, "trust", fall, lead.format("falls")))
    if change[rise] > 0.01:
        said.append(_course(run, "trust", rise, "it rises most here: " if said else lead.format("rises")))
    return said


def _sides(run: Run, view: View) -> str:
    """Which states are settled on a side at the end, and which are open."""
    states = [row["code"] for row in run.manifest.get("states") or () if ("bloc_east", row["code"]) in view.series]
    if not states or view.replicates < FEW:
        return ""
    shares = {code: {side: float(view.series[side, code].rows[0, -1]) for side in SIDES} for code in states}
    parts = []
    names = {"bloc_east": run.sides.east, "bloc_none": "non-aligned", "bloc_west": run.sides.west}
    for side, words in names.items():
        settled = sum(share[side] >= SURE for share in shares.values())
        if settled:
            parts.append(f"{settled} {words}")
    open_ones = [run.name.one(code) for code in states if max(shares[code].values()) < UNSURE]
    text = f"Of {len(states)} states, {percent(SURE)} or more of the replicates agree at the end on the side of "
    text += f"{listing(parts)}" if parts else "none"
    if len(open_ones) > MOST_NAMED:
        open_ones = [*open_ones[: MOST_NAMED - 1], f"{len(open_ones) - MOST_NAMED + 1} others"]
    if open_ones:
        text += f"; open, with under {percent(UNSURE)} on any side: {listing(open_ones)}"
    return text + "."
