"""Folders to report on, made of synthetic runs."""

from __future__ import annotations

from pathlib import Path

from tests.unit.plots import runs

ATTACK = "</script><script>document.title='hit'</script><img src=x onerror=alert(1)>"
"""A text that would be markup if it were not escaped."""


def attacked(out: Path) -> Path:
    """A run all of whose texts try to be markup."""
    events = {
        "one": {"type": "join", "title": ATTACK, "on": "2017-06-09", "organisation": "SCO", "states": ["IND"],
                "note": ATTACK, "source": "evil", "basis": "P"},
    }  # fmt: skip
    texts = {"title": ATTACK, "question": ATTACK, "description": ATTACK, "limits": [ATTACK],
             "sources": {"evil": f"{ATTACK} https://example.org/a?b=1&c=\"><script>x</script>"}}  # fmt: skip
    spec = {"events": events, "schedule": ["trust"], "parameters": {"trust": {"gain": {"value": 0.006, "source": "evil"}}}}
    return runs.write(out, events=events, sets={ATTACK: runs.synthetic.FOUNDERS}, spec=spec, **texts)


def compared(out: Path) -> Path:
    """A comparison of two runs, the second without events."""
    from sim.comparison import compare_all, write

    first = runs.write(out, name="first")
    second = runs.write(out, name="second", events={})
    return write(compare_all([first, second]), out, answers=[], measure=None)
