"""An address may be anything: what is left of it is a state of the page, whose file the reader of scenarios understands."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import ScenarioError, read
from sim.workbench.content import gather
from tests.workbench.edits import random_edits
from tests.workbench.test_exact import NODE

HOST = Path(__file__).with_name("addresses.mjs")
JUNK: list[Any] = [
    *(None, True, -1, 0, 1e308, 10**17, "", "x" * 600, "constructor", "__proto__", "toString"),
    *("2019-02", "9999-12", "trust"),
    *([], {}, [[]], [["IND"], ["IND"]], {"off": True}, {"on": 3}, {"length": 9}, "\u2028</script>", "IND", ["IND", 3]),
]


def broken(value: Any, luck: random.Random, share: float) -> Any:
    """A copy in which some parts are something else, under another name, or gone."""
    if luck.random() < share:
        return luck.choice(JUNK)
    if isinstance(value, dict):
        names = {name: luck.choice([str(one) for one in JUNK]) if luck.random() < share / 2 else name for name in value}
        return {names[name]: broken(part, luck, share) for name, part in value.items() if luck.random() > share / 4}
    return [broken(part, luck, share) for part in value] if isinstance(value, list) else value


@pytest.mark.skipif(NODE is None, reason="there is no Node here: apt-get install nodejs")
def test_whatever_an_address_holds_the_page_has_a_state_and_a_file(tmp_path):
    data, luck = gather(read("sco_expansion"), None, 1, 20)["data"], random.Random(7)
    about = {"form": 1, "version": data["version"], "scenario": "sco_expansion", "plan": data["stories"][0]["mark"]}
    texts = ["", "{", "[]", "null", "3", '"a"', '{"form": 1}']
    for number in range(400):
        view = {"measure": "cooperation", "subject": "eight", "pair": ["RUS", "CHN"], "replicates": 20, "month": 24190}
        whole = about | {"edits": random_edits(data, number), "view": view}
        texts.append(json.dumps(broken(whole, luck, luck.choice([0.01, 0.03, 0.1])) if number else whole))
    files = [tmp_path / name for name in ("data.json", "states.json")]
    for file, what in zip(files, (data, texts)):
        file.write_text(json.dumps(what), encoding="utf-8")
    done = subprocess.run(list(map(str, [NODE, HOST, *files])), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    kept = [one for one in found if "files" in one]
    assert all(one["whole"] for one in kept), "a state that was read is read again as it is"
    assert sum(bool(one["said"]) for one in kept) > 100 and len(kept) > 200
    refused = []
    for number, one in enumerate(kept[:120]):
        file = tmp_path / f"changed_{number}.yaml"
        file.write_text(one["files"][0], encoding="utf-8")
        try:
            read(file)
        except ScenarioError as error:
            refused.append([problem.text for problem in error.problems])
    assert refused == []
