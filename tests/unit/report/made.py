"""Folders to report on, made of synthetic runs."""

from __future__ import annotations

from pathlib import Path

from tests.unit.plots import runs

ATTACK = "</script><script>document.title='hit'</script><img src=x onerror=alert(1)>"
"""A text that would be markup if it were not escaped."""


NAME = "'\" onerror=alert(1) &amp;"
"""The same as the name of a set, where signs of comparison have a meaning of their own."""


def usual(out: Path) -> Path:
    """A run with events, estimates and a changed parameter, whose story says so."""
    spec = {"events": runs.synthetic.EVENTS, "schedule": ["insurgency", "trust"], "parameters": {"trust": {"gain": 0.006}}}
    return runs.write(out, spec=spec, estimates=runs.estimates())


def attacked(out: Path) -> Path:
    """A run all of whose texts try to be markup."""
    events = {
        "one": {
            "type": "join",
            "title": ATTACK,
            "on": "2017-06-09",
            "organisation": "SCO",
            "states": ["IND"],
            "note": ATTACK,
            "source": "evil",
            "basis": "P",
        }
    }
    texts = {
        "title": ATTACK,
        "question": ATTACK,
        "description": ATTACK,
        "limits": [ATTACK],
        "sources": {"evil": f'{ATTACK} https://example.org/a?b=1&c="><script>x</script>'},
    }
    spec = {"events": events, "schedule": ["trust"], "parameters": {"trust": {"gain": {"value": 0.006, "source": "evil"}}}}
    return runs.write(out, events=events, sets={NAME: runs.synthetic.FOUNDERS}, spec=spec, **texts)


def compared(out: Path) -> Path:
    """A comparison of two runs, the second without events."""
    from sim.questions.compare import compare_all, write

    first = runs.write(out, name="first")
    second = runs.write(out, name="second", events={})
    return write(compare_all([first, second]), out, answers=[], measure=None)
