"""What helps a person to write a scenario: schema, lists of words, problems for a program, an older file written anew."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from sim.scenario import find
from sim.scenario.text import read_file
from tests.cli.command import call
from tests.cli.test_verbs import refused, said

HEAD = "defaults: [baseline, _self_]\ntitle: Mine\nquestion: What if?\n"


def test_the_schema_of_what_inherits_of_a_file_and_of_a_world(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        HEAD + "events:\n  mine: {type: tie, parties: [RUS, CHN], level: defence, on: 2016-01}\n"
    )
    plain = read_file(tmp_path / "mine.yaml", []).plain()
    for words in ([], ["baseline"], ["./mine.yaml"], ["--world", "eurasia_2015"]):
        schema = json.loads(said("schema", *words, cwd=tmp_path))
        assert schema["$comment"] == " ".join(["written by: python -m sim schema", *words])
        inherits = words != ["--world", "eurasia_2015"]
        assert Draft202012Validator(schema).is_valid(plain) == inherits, words
    assert said("schema", cwd=tmp_path) == said("schema", cwd=tmp_path)


def test_the_schema_of_nothing_is_refused(tmp_path):
    assert "did you mean 'sco_expansion'" in refused("schema", "sco_expansio", cwd=tmp_path)
    assert "there is no world 'asia'" in refused("schema", "--world", "asia", cwd=tmp_path)
    assert "not both" in refused("schema", "baseline", "--world", "eurasia_2015", cwd=tmp_path)


def test_a_new_file_names_its_schema_for_editors(tmp_path):
    assert "sco_expansion.schema.json" in said("new", "mine", "--from", "sco_expansion", cwd=tmp_path)
    first, *_ = (tmp_path / "mine.yaml").read_text().splitlines()
    assert first == "# yaml-language-server: $schema=./sco_expansion.schema.json"
    schema = json.loads((tmp_path / "sco_expansion.schema.json").read_text())
    assert Draft202012Validator(schema).is_valid(read_file(tmp_path / "mine.yaml", []).plain())
    assert "india_joins_sco" in schema["properties"]["events"]["properties"]


def test_a_file_of_that_name_that_is_not_ours_is_left_alone(tmp_path):
    (tmp_path / "baseline.schema.json").write_text("{}")
    about = json.loads(said("new", "mine", "--json", cwd=tmp_path))
    assert about["schema"] is None
    assert (tmp_path / "baseline.schema.json").read_text() == "{}"
    assert "yaml-language-server" not in (tmp_path / "mine.yaml").read_text()


def test_problems_for_a_program_say_where_what_and_what_is_allowed(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        HEAD + "events:\n  clash: {type: crisis, on: 2016-01, parties: [IND, PAKK], severity: 1}\nwatsh: []\n"
    )
    done = call("check", "./mine.yaml", "--json", cwd=tmp_path)
    assert done.returncode == 2
    one, two = json.loads(done.stdout)["problems"]
    assert one.pop("message").startswith("'PAKK' is not a state of eurasia_2015")
    assert one.pop("expected").startswith("states: ")
    assert one == {"file": "mine.yaml", "line": 5, "column": 53, "path": ["events", "clash", "parties", 1], "nearest": "PAK"}
    assert (two["path"], two["nearest"], two["line"], two["column"]) == (["watsh"], "watch", 6, 1)


def test_what_was_written_for_the_first_version_is_written_anew(tmp_path):
    text = HEAD + "# A comment that stays.\nparameters: {trust: {gain: .007}}\n"
    (tmp_path / "mine.yaml").write_text(text)
    first = said("check", "./mine.yaml", "--upgrade", cwd=tmp_path)
    assert "nothing that it says had to change" in first
    assert (tmp_path / "mine.yaml").read_text() == "# yaml-language-server: $schema=./baseline.schema.json\n" + text
    again = json.loads(said("check", "./mine.yaml", "--upgrade", "--json", cwd=tmp_path))
    assert again["changes"] == []
    assert json.loads(said("check", "./mine.yaml", "--json", cwd=tmp_path))["cautions"] == [
        "these events impose an outcome, and will be labelled so: russia_turkey_crisis, uri"
    ]


def test_a_scenario_of_the_package_is_not_written_anew(tmp_path):
    before = find("baseline").read_bytes()
    assert "comes with the package" in refused("check", "baseline", "--upgrade", cwd=tmp_path)
    assert find("baseline").read_bytes() == before


def test_a_condition_that_is_true_at_the_start_is_said(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        HEAD + "events:\n  m: {type: agreement, parties: [RUS, CHN], depth: .1, when: {measure: polarisation, above: 0}}\n"
    )
    for verb in ("check", "show"):
        text = " ".join(said(verb, "./mine.yaml", cwd=tmp_path).split())
        assert "polarisation is above 0 already at the start, so it happens in the first month" in text
        assert any(
            "already at the start" in one
            for one in json.loads(said(verb, "./mine.yaml", "--json", cwd=tmp_path))["cautions"]
        )


@pytest.mark.parametrize(("kind", "word"), [("worlds", "eurasia_2012"), ("states", "IND"), ("organisations", "SCO")])
def test_lists_of_words(tmp_path, kind, word):
    key = "name" if kind == "worlds" else "code"
    assert word in said("list", kind, cwd=tmp_path)
    assert word in [row[key] for row in json.loads(said("list", kind, "--json", cwd=tmp_path))[kind]]


def test_lists_of_one_world(tmp_path):
    rows = json.loads(said("list", "states", "eurasia_2015", "--json", cwd=tmp_path))["states"]
    assert len(rows) == 21
    assert set(rows[0]) == {"code", "name", "capability", "affinity"}
    sco = next(r for r in json.loads(said("list", "organisations", "eurasia_2015", "--json", cwd=tmp_path))["organisations"]
               if r["code"] == "SCO")  # fmt: skip
    assert sco["members"] == ["CHN", "KAZ", "KGZ", "RUS", "TJK", "UZB"]
    assert "nothing in states" in refused("list", "states", "Atlantis", cwd=tmp_path)
