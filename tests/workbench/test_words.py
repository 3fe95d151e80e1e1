"""The page says what is wrong with an event in the words of the reader of scenarios."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, read
from sim.workbench.content import gather
from tests.workbench.edits import random_event
from tests.workbench.test_exact import NODE

HOST = Path(__file__).with_name("problems.mjs")
CRISIS = {"type": "crisis", "on": "2019-02", "parties": ["IND", "PAK"], "severity": 1}
SHOCK = {"type": "shock", "on": "2019-02", "variable": "trust", "parties": ["IND", "PAK"], "add": 0.1}
WAR = {"type": "war", "on": "2019-02", "attacker": ["IND"], "defender": ["PAK"], "severity": 1}
WRONG = [
    {"type": "earthquake", "on": "2019-02"},
    CRISIS | {"on": "2019-02-30"},
    CRISIS | {"on": "2019-13"},
    CRISIS | {"on": "spring"},
    CRISIS | {"on": "2031-02"},
    CRISIS | {"severity": 11},
    CRISIS | {"severity": 0},
    CRISIS | {"severity": "much"},
    CRISIS | {"months": 1.5},
    CRISIS | {"parties": ["IND"]},
    CRISIS | {"parties": ["IND", "IND"]},
    CRISIS | {"hazard": 0.1},
    {name: value for name, value in CRISIS.items() if name != "on"},
    {name: value for name, value in CRISIS.items() if name != "severity"},
    CRISIS | {"title": " "},
    CRISIS | {"note": "x" * 501},
    SHOCK | {"variable": "affinity"},
    SHOCK | {"states": ["IND"]},
    SHOCK | {"add": 3},
    {name: value for name, value in SHOCK.items() if name != "parties"},
    {name: value for name, value in SHOCK.items() if name != "parties"} | {"from": ["IND"]},
    SHOCK | {"to": ["IND"]},
    SHOCK | {"variable": "conflict", "lasting": 0.5},
    {"type": "shock", "on": "2019-02", "variable": "trust", "between": [["IND"], ["IND", "PAK"]], "add": 0.1},
    {"type": "set", "on": "2019-02", "variable": "capability", "parameter": "trust.gain", "states": ["IND"], "value": 0.1},
    {"type": "set", "on": "2019-02", "value": 0.1},
    {"type": "set", "on": "2019-02", "variable": "capability", "states": ["IND"], "value": 0.1, "until": "2020-01"},
    {"type": "agreement", "on": "2019-02", "parties": ["IND", "PAK"], "depth": 0.1, "until": "2019-02"},
    {"type": "tie", "on": "2019-02", "parties": ["IND", "PAK"], "level": "strong"},
    WAR | {"severity": []},
    WAR | {"defender": ["IND"]},
    {"type": "join", "on": "2019-02", "organisation": "SCO", "states": ["IND"]},
    {"type": "leave", "on": "2016-02", "organisation": "SCO", "states": ["IND"]},
    {"type": "rivalry", "on": "2016-02", "change": "begin", "parties": ["IND", "PAK"]},
    {"type": "rivalry", "on": "2016-02", "change": "end", "parties": ["GBR", "USA"]},
]
MORE = ("; did you mean", "; allowed: type", "; begin at or before", "; types:", ", or remove it with")
"""What the reader adds for who writes a file."""


def shortened(text: str) -> str:
    return min((text.partition(more)[0] for more in MORE), key=len).replace(" of an event of type", "")


@pytest.mark.skipif(NODE is None, reason="there is no Node here: apt-get install nodejs")
def test_each_mistake_is_said_as_the_reader_says_it(tmp_path):
    data = gather(read("sco_expansion"), None, 1, 50)["data"]
    right = [random_event(data, random.Random(number)) for number in range(40)]
    events = [*WRONG, *right]
    files = [tmp_path / name for name in ("data.json", "events.json")]
    for file, what in zip(files, (data, events)):
        file.write_text(json.dumps(what), encoding="utf-8")
    done = subprocess.run(list(map(str, [NODE, HOST, *files])), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    differing = {}
    for event, here in zip(events, json.loads(done.stdout)):
        try:
            read("sco_expansion", changes={"scenario.events.added_1": event})
            there = []
        except ScenarioError as error:
            there = [problem.text for problem in error.problems]
        if sorted(map(shortened, here)) != sorted(map(shortened, there)):
            differing[json.dumps(event)] = here, there
    assert differing == {}
