"""Damaged folders and every verb that reads them; all combinations: `python -m tests.damage --all`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sim.results import files
from tests.damage import Case, Place

COUNT = 50


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("damage"))


def test_no_damage_gives_other_numbers_or_a_traceback(place):
    """One test, and long, since the folders are made once: a sample with every verb in it."""
    by_verb = {}
    for case in place.cases(plans=True):
        by_verb.setdefault((case.kind, case.verb), []).append(case)
    chosen = random.Random(7)
    cases = [case for several in by_verb.values() for case in chosen.sample(several, 1 + COUNT // len(by_verb))]
    assert len(cases) >= COUNT and sum(map(len, by_verb.values())) >= 400
    found = {str(case): said for case in cases if (said := place.finding(case))}
    assert not found


def test_the_test_sees_what_it_looks_for(place, monkeypatch):
    """Without the checks, a flipped bit of the summary is printed as if it were a number."""
    monkeypatch.setattr(files, "bytes_of", lambda folder, manifest, name: (Path(folder) / name).read_bytes())
    monkeypatch.setattr(files, "path_of", lambda folder, manifest, name: Path(folder) / name)
    cases = [Case("run", "summary.csv", f"flipped {k}", "run --json") for k in range(6)]
    assert any("other output" in place.finding(case) for case in cases)
