"""A record without direction: believed only where rivals do not look like friends, else of the most hostile pairs alone."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim import resources
from sim.data.builder import undirected
from sim.data.builder.record import record
from sim.scenario import basis, read
from sim.scenario.rules import LATEST, RULES

OTHERS = [f"X{letter}{other}" for letter in "ABCDE" for other in "ABCDE"]
HOSTILE, BARELY, LISTED = ("FIN", "RUS"), ("IRN", "USA"), ("RUS", "UKR")
STATES = sorted({"CHN", "USA", "DEU", *HOSTILE, *BARELY, *LISTED, *OTHERS})


def events_of(folder: Path, rivals: float):
    """The record in a file of one month: hostile pairs, one of them little, many of any kind, and rivals as friendly as is
    said; each row is there both ways."""
    rows = [
        ("CHN", "USA", 1000 * rivals, 10, 700),
        ("DEU", "USA", 1000, 10, 700),
        (*HOSTILE, 10, 1000, 700),
        (*BARELY, 10, 900, 700),
        (*LISTED, 10, 2000, 700),
        ("DEU", "RUS", 1, 500, 5),
        *(("USA", other, 100 + k, 50, 100) for k, other in enumerate(OTHERS)),
    ]
    (folder / "gdelt").mkdir()
    with gzip.open(folder / "gdelt" / "monthly.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("ym", "src", "tgt", "pos", "neg", "active_days", "days_observed"))
        for a, b, *numbers in rows:
            for pair in ((a, b), (b, a)):
                writer.writerow(("202401", *pair, *numbers, 30))
    return record(folder, SimpleNamespace(names=dict.fromkeys(STATES, "")), "2025-01")


def structure_of(events):
    """Structure as of invented pairs: all a little apart, the barely hostile pair lowest of all."""
    pairs = sorted(events.cells)
    return {pair: 0.3 * k / len(pairs) for k, pair in enumerate(pairs)} | {BARELY: -0.5, HOSTILE: 0.2}


def test_rivals_that_look_like_friends_have_no_record_and_hostile_pairs_have_one(tmp_path):
    events = events_of(tmp_path, rivals=2)
    found = undirected.used(events, structure_of(events))
    assert not found.believed and found.ranks[0] > found.ranks[1]
    assert ("CHN", "USA") not in found.cells and ("DEU", "USA") not in found.cells
    structure, (value, count) = structure_of(events), found.cells[HOSTILE]
    assert min(structure.values()) < value < structure[HOSTILE]
    assert count == undirected.AT_MOST
    assert len(found.cells) <= undirected.TAIL * found.of
    assert "not believed: in it China and the United States stand above" in found.said()


def test_a_hostile_record_raises_nobody_and_few_days_are_none(tmp_path):
    events = events_of(tmp_path, rivals=2)
    found = undirected.used(events, structure_of(events))
    assert BARELY in events.cells and BARELY not in found.cells  # its structure is lower than its record
    assert ("DEU", "RUS") in events.cells and ("DEU", "RUS") not in found.cells  # five days
    assert LISTED in found.cells
    assert LISTED not in undirected.used(events, structure_of(events), {LISTED}).cells


def test_a_record_in_which_rivals_stand_lower_is_used_whole(tmp_path):
    events = events_of(tmp_path, rivals=0.5)
    found = undirected.used(events, structure_of(events))
    assert found.believed
    assert found.cells["CHN", "USA"][0] < found.cells["DEU", "USA"][0]
    assert set(found.cells) == set(events.cells) - {("DEU", "RUS")}
    assert BARELY in found.cells
    lowest, *_, highest = sorted(value for value, _ in found.cells.values())
    structure = structure_of(events).values()
    assert min(structure) <= lowest and highest <= max(structure)  # its scale is that of structure
    assert "not believed" not in found.said()


def test_without_the_pairs_of_the_check_only_the_tail_is_used(tmp_path):
    events = events_of(tmp_path, rivals=0.5)
    structure = structure_of(events)
    del structure["CHN", "USA"]
    found = undirected.used(events, structure)
    assert not found.believed and found.ranks == ()
    assert set(found.cells) <= {HOSTILE, LISTED}
    assert undirected.used(events, {}).cells == {}


def test_it_is_the_same_both_ways(tmp_path):
    events = events_of(tmp_path, rivals=2)
    table = [{"a": a, "b": b, "record": "0.05", "events": "0"} for a, b in (HOSTILE, ("CHN", "USA"))]
    undirected.used(events, structure_of(events)).into(table)
    hostile, rivals = table
    assert (hostile["record"], hostile["events"]) == (hostile["record_back"], hostile["events_back"])
    assert hostile["events"] == str(undirected.AT_MOST) and float(hostile["record"]) < 0.2
    assert rivals == {"a": "CHN", "b": "USA", "record": "0.05", "events": "0"}


def test_it_never_outweighs_structure():
    assert RULES[LATEST]["anchor"]["weight"] >= undirected.AT_MOST


# -- what ships --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grounds():
    path = resources.scenarios() / "worlds" / "atlas_2025" / "grounds.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["a"], row["b"]): row for row in csv.DictReader(file)}


def test_in_2025_hostile_pairs_have_a_record_and_others_start_at_structure(grounds):
    assert float(grounds["IRN", "ISR"]["record"]) < float(grounds["IRN", "ISR"]["tone"])
    assert float(grounds["BLR", "UKR"]["record"]) < 0 < float(grounds["BLR", "UKR"]["tone"])
    for pair in (("CHN", "USA"), ("DEU", "USA"), ("CHN", "RUS"), ("RUS", "UKR")):
        assert (grounds[pair]["events"], grounds[pair]["record"]) == ("0", grounds[pair]["tone"])
    some = [row for row in grounds.values() if row["events"] != "0"]
    assert 0 < len(some) < 0.15 * len(grounds)
    for row in some:
        assert (row["record"], row["events"]) == (row["record_back"], row["events_back"])
        assert float(row["record"]) < float(row["tone"])
        assert 0 < int(row["events"]) <= undirected.AT_MOST


def test_its_assumed_numbers_count_where_a_world_has_such_a_record():
    with_it, without = (basis.counted(read(name))[1] for name in ("baseline_2025", "sco_expansion"))
    assert with_it - without == len([name for names in basis.UNDIRECTED.values() for name in names])
