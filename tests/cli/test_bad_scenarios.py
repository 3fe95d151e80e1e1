"""Plain mistakes in a scenario file: each is found with its place, and the message says what to do.

Read the messages as somebody who writes a first scenario would. Most are tried in this process, to stay fast; a few go
through `python -m sim check` and `python -m sim run` as a user would.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, read

ROOT = Path(__file__).resolve().parents[2]
HEAD = "defaults: [baseline, _self_]\ntitle: Mine\nquestion: What if?\n"

# Name: (text below the head, place and key, what the message must say)
MISTAKES = {
    "a misspelt key": (
        "evnts: {}\n",
        "mine.yaml:4:1: evnts:",
        "is not a key of a scenario; did you mean 'events'? allowed: title, question, world",
    ),
    "an unknown state": (
        "events:\n  x: {type: crisis, on: 2018-01, parties: [IND, PKA], severity: 1}\n",
        "mine.yaml:5:49: events.x.parties[1]:",
        "'PKA' is not a state of eurasia_2015; did you mean 'PAK'? states: AFG, BLR, CHN",
    ),
    "a state by its name": (
        "sets: {pair: [Russia, CHN]}\n",
        "mine.yaml:4:15: sets.pair[0]:",
        "'Russia' is a name; write its code, RUS",
    ),
    "the state of Norway, which is not in this world": (
        "watch: [RUS-NOR]\n",
        "mine.yaml:4:9: watch[0]:",
        "'NOR' is not a state of eurasia_2015",
    ),
    "an unknown organisation": (
        "events:\n  x: {type: join, on: 2018-01, organisation: SCOO, states: [TUR]}\n",
        "mine.yaml:5:46: events.x.organisation:",
        "'SCOO' is not an organisation of eurasia_2015; did you mean 'SCO'? organisations: CSTO, NATO, SCO",
    ),
    "an unknown actor": (
        "events:\n  x: {type: intervention, on: 2018-01, actor: ISKP, effort: 1}\n",
        "mine.yaml:5:47: events.x.actor:",
        "'ISKP' is not an actor of eurasia_2015; did you mean 'ISK'? actors: ISK",
    ),
    "an unknown parameter": (
        "parameters:\n  trust: {gian: .01}\n",
        "mine.yaml:5:11: parameters.trust.gian:",
        "is not a parameter of trust; did you mean 'gain'? trust has: gain, loss",
    ),
    "a parameter outside its bounds": (
        "parameters:\n  trust: {gain: 5}\n",
        "mine.yaml:5:17: parameters.trust.gain:",
        "5 is outside its bounds; it takes a number from 0 to 1 (1/month; default 0.006)",
    ),
    "a decimal comma": (
        "parameters:\n  trust: {gain: '0,007'}\n",
        "mine.yaml:5:17: parameters.trust.gain:",
        "'0,007' is not a number; did you mean 0.007? it takes a number from 0 to 1",
    ),
    "a mechanism that is not there": (
        "parameters: {insurgncy: {growth: .2}}\n",
        "mine.yaml:4:14: parameters.insurgncy:",
        "is not a mechanism; did you mean 'insurgency'?",
    ),
    "a distribution in the wrong order": (
        "parameters: {trust: {gain: {uniform: [.01, .001]}}}\n",
        "mine.yaml:4:28: parameters.trust.gain:",
        "uniform takes [low, high] in rising order",
    ),
    "a distribution that leaves the bounds": (
        "parameters: {trust: {gain: {normal: [.01, .5]}}}\n",
        "mine.yaml:4:28: parameters.trust.gain:",
        "this distribution reaches -1.49 (three spreads out): -1.49 is outside its bounds",
    ),
    "a misspelt distribution": (
        "parameters: {trust: {gain: {unifrom: [.001, .01]}}}\n",
        "mine.yaml:4:28: parameters.trust.gain:",
        "is not a number; did you mean 'uniform'? a number is written .5",
    ),
    "a year for a date": (
        "events: {uri: {on: 2016}}\n",
        "mine.yaml:4:20: events.uri.on:",
        "2016 is a year; write a month, such as 2016-06, or a day, such as 2016-06-09",
    ),
    "a month that does not exist": (
        "events: {uri: {on: 2016-13}}\n",
        "mine.yaml:4:20: events.uri.on:",
        "'2016-13' has month 13; months run from 01 to 12",
    ),
    "a date as it is written elsewhere": (
        "events: {uri: {on: 18.09.2016}}\n",
        "mine.yaml:4:20: events.uri.on:",
        "'18.09.2016' is not a date; write a month such as 2017-06 or a day such as 2017-06-09",
    ),
    "a date before the run": (
        "events: {uri: {on: 2014-09}}\n",
        "mine.yaml:4:20: events.uri.on:",
        "2014-09 is before the run begins (2015-01)",
    ),
    "a date after the run": (
        "events: {uri: {on: 2034-09}}\n",
        "mine.yaml:4:20: events.uri.on:",
        "2034-09 is after the run ends (2025-12); dates from 2015-01 to 2025-12 are possible",
    ),
    "an end before its beginning": (
        "events:\n  x: {type: agreement, on: 2018-06, until: 2018-01, parties: [RUS, CHN], depth: .3}\n",
        "mine.yaml:5:44: events.x.until:",
        "2018-01 is not after its beginning, 2018-06; `until` is the first month no longer in force",
    ),
    "a type that is not there": (
        "events:\n  x: {type: jion, on: 2018-01, organisation: SCO, states: [MNG]}\n",
        "mine.yaml:5:13: events.x.type:",
        "'jion' is not a type of event; did you mean 'join'? types: join, leave",
    ),
    "no type": (
        "events:\n  uri_2016: {on: 2018-01}\n",
        "mine.yaml:5:3: events.uri_2016:",
        "'type' is missing; an event needs one; types: join, leave",
    ),
    "a field that is missing": (
        "events:\n  x: {type: crisis, on: 2018-01, parties: [IND, PAK]}\n",
        "mine.yaml:5:3: events.x:",
        "'severity' is missing; an event of type crisis needs parties and severity",
    ),
    "a field of another type": (
        "events:\n  x: {type: crisis, on: 2018-01, parties: [IND, PAK], severity: 1, depth: .5}\n",
        "mine.yaml:5:68: events.x.depth:",
        "is not a key of an event of type crisis; allowed: type, title, on",
    ),
    "two ways to time it": (
        "events:\n  x: {type: crisis, on: 2018-01, hazard: .1, parties: [IND, PAK], severity: 1}\n",
        "mine.yaml:5:3: events.x:",
        "needs exactly one of on, when, hazard; it has on and hazard",
    ),
    "no time": (
        "events:\n  x: {type: crisis, parties: [IND, PAK], severity: 1}\n",
        "mine.yaml:5:3: events.x:",
        "needs exactly one of on, when, hazard; it has none of these",
    ),
    "a probability in per cent": (
        "events:\n  x: {type: crisis, hazard: 5, parties: [IND, PAK], severity: 1}\n",
        "mine.yaml:5:29: events.x.hazard:",
        "5 is outside its bounds; allowed: numbers above 0 up to 1, the probability of happening in a month",
    ),
    "a measure that is not there": (
        "events:\n  x: {type: crisis, when: {measure: 'trst:IND>PAK', below: 0}, parties: [IND, PAK], severity: 1}\n",
        "mine.yaml:5:37: events.x.when.measure:",
        "'trst:IND>PAK' is not a measure; did you mean 'trust'?",
    ),
    "a subject that a measure has not": (
        "events:\n  x: {type: crisis, when: {measure: 'cooperation:SCOO', below: 0},\n"
        "    parties: [IND, PAK], severity: 1}\n",
        "mine.yaml:5:37: events.x.when.measure:",
        "'SCOO' is not a subject of cooperation; did you mean 'SCO'?",
    ),
    "a target that does not go with the variable": (
        "events:\n  x: {type: shock, on: 2018-01, variable: affinity, add: .1, parties: [IND, PAK]}\n",
        "mine.yaml:5:62: events.x.parties:",
        "does not go with 'affinity'; write states: [IND]",
    ),
    "no target": (
        "events:\n  x: {type: shock, on: 2018-01, variable: conflict, add: .1}\n",
        "mine.yaml:5:3: events.x:",
        "does not say whom it concerns; write one of parties: [IND, PAK] or between: [[RUS], [USA, GBR]]",
    ),
    "one party": (
        "events:\n  x: {type: crisis, on: 2018-01, parties: [IND], severity: 1}\n",
        "mine.yaml:5:43: events.x.parties:",
        "names one state; at least 2 are needed",
    ),
    "a party twice": (
        "events:\n  x: {type: crisis, on: 2018-01, parties: [IND, PAK, IND], severity: 1}\n",
        "mine.yaml:5:54: events.x.parties[2]:",
        "IND is listed twice; keep one",
    ),
    "a word where a list is needed": (
        "events:\n  x: {type: crisis, on: 2018-01, parties: IND, severity: 1}\n",
        "mine.yaml:5:43: events.x.parties:",
        "is the text 'IND', where a list is needed, such as [IND, PAK]",
    ),
    "joining twice": (
        "events:\n  x: {type: join, on: 2018-01, organisation: SCO, states: [CHN]}\n",
        "mine.yaml:5:60: events.x.states[0]:",
        "CHN joins SCO but is already a member since 2001",
    ),
    "leaving without membership": (
        "events:\n  x: {type: leave, on: 2018-01, organisation: NATO, states: [RUS]}\n",
        "mine.yaml:5:62: events.x.states[0]:",
        "RUS leaves NATO but is not a member",
    ),
    "a rivalry that is there": (
        "events:\n  x: {type: rivalry, on: 2018-01, change: begin, parties: [IND, PAK]}\n",
        "mine.yaml:5:59: events.x.parties:",
        "a rivalry of IND and PAK begins but they are rivals already",
    ),
    "a source that is not listed": (
        "events: {uri: {source: my_notes}}\n",
        "mine.yaml:4:24: events.uri.source:",
        "'my_notes' is not among the sources",
    ),
    "a mechanism twice": (
        "schedule: [trust, decision, trust]\n",
        "mine.yaml:4:29: schedule[2]:",
        "trust is in the schedule twice; keep one",
    ),
    "a state on both sides": (
        "cores: {east: [RUS, CHN, DEU]}\n",
        "mine.yaml:4:26: cores.east[2]:",
        "DEU is in both cores; a state can anchor one side only",
    ),
    "a number for a text": (
        "description: 2017\n",
        "mine.yaml:4:14: description:",
        "is the number 2017, where text is needed; put it in quotes",
    ),
    "removing what is not there": (
        "events: {galwann: null}\n",
        "mine.yaml:4:10: events.galwann:",
        "null removes what is inherited, and nothing of that name is",
    ),
    "the same key twice": (
        "watch: [RUS-CHN]\nsets: {pair: [RUS, CHN]}\nwatch: [IND-PAK]\n",
        "mine.yaml:6:1: watch:",
        "this key is already at line 4; keep one of them",
    ),
    "a comparison with nothing": (
        "baseline: basline\n",
        "mine.yaml:4:11: baseline:",
        "'basline' is not a scenario to compare with; did you mean 'baseline'?",
    ),
    "an estimate upside down": (
        "estimates: [{actor: ISK, date: 2017-06, low: 700, high: 600, observer: US, source: assumed}]\n",
        "mine.yaml:4:46: estimates[0].low:",
        "700 is above high, 600; write the smaller number as low",
    ),
    "a colon in a title": ("description: War: and peace\n", "mine.yaml:4:17:", "a text with a colon in it needs quotes"),
    "a tab": ("events:\n\turi: null\n", "mine.yaml:5:1:", "indent with spaces, not tabs"),
    "a bracket left open": ("watch: [RUS-CHN\n", "mine.yaml:4:8:", "brackets"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_message(tmp_path, monkeypatch, name):
    text, where, what = MISTAKES[name]
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(HEAD + text)
    with pytest.raises(ScenarioError) as error:
        read("./mine.yaml")
    lines = str(error.value).splitlines()
    assert len(lines) == 1, lines
    assert where in lines[0]
    assert what in lines[0]


def sim(*words, cwd):
    """`python -m sim ...` as a user would: (exit status, stdout, stderr)."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def all_mistakes(tmp_path):
    """A file with three mistakes at once."""
    text = HEAD + "parameters: {trust: {gain: 5}}\nevents: {uri: {on: 2016}}\n" + MISTAKES["a mechanism twice"][0]
    (tmp_path / "mine.yaml").write_text(text)
    return tmp_path


@pytest.mark.parametrize("words", [["check", "./mine.yaml"], ["run", "scenario=./mine.yaml"], ["show", "./mine.yaml"]])
def test_as_a_user(all_mistakes, words):
    status, out, err = sim(*words, cwd=all_mistakes)
    assert status == 2, err
    assert out == ""
    assert [line.split(": ")[0] for line in err.splitlines()] == ["mine.yaml:4:28", "mine.yaml:5:20", "mine.yaml:6:29"]
    assert [path.name for path in all_mistakes.rglob("*")] == ["mine.yaml"]


def test_a_mistake_on_the_command_line(tmp_path):
    status, out, err = sim("run", "parameters.trust.gain=5", cwd=tmp_path)
    assert (status, out) == (2, "")
    assert err == (
        "command line: parameters.trust.gain: 5 is outside its bounds; it takes a number from 0 to 1 "
        "(1/month; default 0.006)\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_an_attack_as_a_user(tmp_path):
    (tmp_path / "mine.yaml").write_text("# @package _global_\n" + HEAD + "hydra: {run: {dir: written}}\n")
    status, _, err = sim("run", "scenario=./mine.yaml", cwd=tmp_path)
    assert status == 2
    assert "mine.yaml:1:1: the header '# @package _global_' is not allowed in a scenario" in err
    assert "mine.yaml:5:1: hydra: `hydra` is not a key of a scenario" in err
    assert [path.name for path in tmp_path.rglob("*")] == ["mine.yaml"]
