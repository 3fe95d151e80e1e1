"""What the page computes is what a run of its file by the kernel computes, to the bit, and it says the same."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim.kernel import layout
from sim.kernel.covers import not_there
from sim.questions.compare import answer as words
from sim.questions.compare.difference import difference
from sim.questions.compare.pairing import SIDES
from sim.questions.span import MEAN_UNIT, Span
from sim.scenario import read
from sim.simulation.ensemble import simulate
from sim.workbench.content import gather
from sim.workbench.story import Story
from sim.workbench.wasm import find
from tests.workbench.edits import random_edits

NODE = shutil.which("node")
HOST = Path(__file__).with_name("story.mjs")
REPLICATES = 24
STORIES = {
    "sco_expansion": (0, 20),
    "europe_1936": (20, 26),
    "cold_war_1985": (26, 29),
    "nordic_nato": (29, 31),
    "uncertain": (31, 35),
}
"""By scenario the numbers of its random edits."""
UNCERTAIN = """
defaults: [sco_expansion, _self_]
title: Uncertain numbers
question: What if nobody knew?
parameters:
  trust: {gain: {uniform: [0.004, 0.008]}}
  decision: {precision: {uniform: [2, 4]}}
events:
  us_withdrawal: {effort: {uniform: [0, 0.2]}}
"""

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="there is no Node here: apt-get install nodejs"),
    pytest.mark.skipif(not_there() is not None, reason=f"the kernel: {not_there()}"),
]


def told(folder: Path, data: dict, edits: list[dict], replicates: int = REPLICATES) -> list[dict]:
    """What the page's modules make of edits."""
    files = [folder / name for name in ("data.json", "edits.json")]
    for file, what in zip(files, (data, edits)):
        file.write_text(json.dumps(what), encoding="utf-8")
    command = [NODE, HOST, files[0], find(), files[1], replicates]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def measures_of(trajectory) -> dict[str, np.ndarray]:
    """The two sections of results as a page has them, (replicate, rows and columns)."""
    found = {}
    for kind, names in (("monthly", layout.MONTHLY), ("yearly", layout.YEARLY)):
        series = [trajectory.series[name] for name in names]
        whole = np.concatenate([one.values for one in series], axis=-1)
        rows = trajectory.scenario.steps + 1 if kind == "monthly" else (trajectory.scenario.steps + 11) // 12 + 1
        padded = np.zeros((len(whole), rows, whole.shape[-1]))
        padded[:, : whole.shape[1]] = whole
        found[kind] = padded.reshape(len(whole), -1)
    return found


def digest_of(trajectory) -> str:
    total = hashlib.sha256()
    for values in measures_of(trajectory).values():
        total.update(np.ascontiguousarray(values).tobytes())
    return total.hexdigest()


@pytest.mark.parametrize("name", STORIES)
def test_the_page_and_a_run_of_its_file_have_the_same_bits_and_words(name, tmp_path):
    if name == "uncertain":
        (tmp_path / "uncertain.yaml").write_text(UNCERTAIN, encoding="utf-8")
    scenario = read(tmp_path / "uncertain.yaml" if name == "uncertain" else name)
    data, story = gather(scenario, None, 1, 200)["data"], Story.of(scenario, 1, 1)
    columns = [column for kind in data["columns"].values() for column in kind]
    asked = [column for column in columns if column[0] != "bloc"][:: len(columns) // 12]
    asked += [["bloc_west", data["states"][0]], ["cooperation", data["first"]["subject"]]]
    edits = [{"edits": random_edits(data, seed), "asked": asked} for seed in range(*STORIES[name])]
    plain = simulate(scenario, replicates=REPLICATES, seed=1, engine="kernel")
    agreed = 0
    for number, (one, found) in enumerate(zip(edits, told(tmp_path, data, edits))):
        assert found["said"] == [], one
        file = tmp_path / f"changed_{number}.yaml"
        file.write_text(found["yaml"], encoding="utf-8")
        changed = simulate(read(file), replicates=REPLICATES, seed=1, engine="kernel")
        assert digest_of(changed) == found["digest"], found["yaml"]
        said = [sentence(changed, plain, *series, found["parted"], data, story) for series in asked]
        assert [pair for pair in zip(said, found["answers"]) if pair[0] != pair[1]] == []
        agreed += digest_of(changed) != digest_of(plain)
    assert agreed == len(edits), "each of the edits changes something"


def sentence(a, b, measure, subject, parted, data, story) -> str:
    """The sentence of `compare`, of two trajectories called A and B."""
    unit = next(one["unit"] for one in data["measures"] if one["key"] == measure)
    series = [one.series["bloc" if measure in SIDES else measure] for one in (a, b)]
    column = series[0].subjects.index(subject)
    values = [np.ascontiguousarray(one.values[:, :, column]) for one in series]  # as a reader of results has them
    if measure in SIDES:
        values = [(one == SIDES[measure]).astype(float) for one in values]
    last = a.scenario.end - 1
    first = min(parted, last) if unit == MEAN_UNIT and parted is not None else last
    times = [a.times[k] for k in series[0].steps]
    d = difference(measure, subject, unit, times, *values, paired=True, span=Span(first, last))
    about = {"same": False, "paired": True, "replicates": REPLICATES, "in_both": (), "changes": ()}
    return words.answer(SimpleNamespace(a=story, b=story, name_a="A", name_b="B", **about), d)
