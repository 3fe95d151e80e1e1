"""The ledger of trust for the page: what each account added to the trust of any state in any other, over the whole run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.questions.explain.accounts import NAMES
from sim.questions.explain.events import title_of
from sim.report.compact import whole
from sim.report.views import View
from sim.results import Run

DIGITS = 4


def ledgers(view: View, runs: Sequence[Run]) -> dict[str, Any]:
    """Mean trust before and after, and the accounts that are not zero throughout, as whole multiples of 1e-4."""
    ledger = view.ledger
    stories = [run.story() for run in runs]
    total = ledger.mean.sum(axis=1)
    keep = [k for k in range(len(total)) if np.abs(total[k]).max(initial=0.0) >= 0.5 * 10**-DIGITS]
    names = [ledger.accounts[k] for k in keep]
    return {
        "states": list(ledger.states),
        "start": whole(ledger.trust[0], DIGITS),
        "end": whole(ledger.trust[-1], DIGITS),
        "accounts": [
            {
                "name": NAMES.get(name) or title_of(name, stories),
                "event": name not in NAMES,
                "terms": whole(total[k], DIGITS),
            }
            for k, name in zip(keep, names, strict=True)
        ],
    }


def watched(view: View, run: Run, given: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A table of the watched dyads, both directions: accounts in rows, in columns the trust of one in the other."""
    states = view.ledger.states
    pairs = [(a, b) for pair in run.manifest.get("watch") or () for a, b in (pair, pair[::-1])]
    pairs = [(a, b) for a, b in pairs if a in states and b in states and a != b]
    at = [(states.index(a), states.index(b)) for a, b in pairs]
    own = given[0]
    rows = [("Before", [own["start"][i][j] for i, j in at])]
    rows += [(account["name"], [account["terms"][i][j] for i, j in at]) for account in own["accounts"]]
    rows.append(("After", [own["end"][i][j] for i, j in at]))
    told = [{"name": name, "values": [value / 10**DIGITS for value in values]} for name, values in rows]
    return {"columns": [f"{a} in {b}" for a, b in pairs], "rows": told}


def foremost(given: dict[str, Any], watch: Sequence[Sequence[str]], *, difference: bool) -> list[str]:
    """The dyad to show first: of a difference the one that differs most at the end, else the first watched one."""
    states = given["states"]
    if difference:
        end = np.abs(np.array(given["end"]))
        i, j = np.unravel_index(int(end.argmax()), end.shape)
        if i != j:
            return [states[i], states[j]]
    known = [list(pair) for pair in watch if pair[0] != pair[1] and set(pair) <= set(states)]
    return known[0] if known else list(states[:2])
