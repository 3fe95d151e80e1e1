"""`sim hindcast`: one clear error for what cannot be done; a table that fits; the page that says what the record says."""

from __future__ import annotations

import json

import pytest

from sim.cli import hindcast_page, hindcast_table
from sim.cli.terminal import Terminal
from sim.hindcast import page, record
from sim.hindcast.faces import Face
from sim.scenario.rules import LATEST
from tests.cli.command import ROOT, call, sim
from tests.unit.hindcast.few import DATA, needs_data

SMALL = ("--data", str(DATA), "--states", "CHN,IND,PAK,RUS,USA", "--replicates", "20", "--no-boosting", "--workers", "1")


@pytest.fixture(autouse=True)
def no_folder_from_outside(monkeypatch):
    monkeypatch.delenv("SIM_DATA", raising=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no data folder: give --data DIR or set SIM_DATA"),
        (("--data", "nowhere"), "there is no folder nowhere"),
        (("--data", "."), "there is no such file; --data names a folder with"),
        (
            ("--data", ".", "--target", "wars"),
            "--target wars: one or more of disputes, net share, volume, votes, pacts, moments",
        ),
        (("--data", ".", "--metric", "briar"), "--metric briar: one or more of brier, log"),
        (("--data", ".", "--target", ","), "--target is empty"),
        (("--data", ".", "--states", "chn"), "--states 'chn': k37, all, ISO3 codes"),
        (("--data", ".", "--years", "0"), "--years 0: from 1 to 20 are allowed"),
        (("--data", ".", "--replicates", "3"), "--replicates 3: from 20 to 100000 are allowed"),
        (("--data", ".", "--origin", "2000", "--origins", "2005"), "give --origin or --origins, not both"),
        (("--data", ".", "--origins", "soon"), "--origins 'soon': write 1995:2010:5"),
        (("--data", ".", "--origins", "2000:2000:5"), "names no year; the last is left out"),
        (("--data", ".", "--forecasts", "nowhere/a.csv"), "there is no folder nowhere; make it first"),
        (("--data", ".", "--page", "nowhere"), "--page nowhere: there is no such folder"),
        (("--faces", "--replicates", "3"), "--replicates 3: from 20 to 100000 are allowed"),
    ],
)
def test_bad_input_is_one_error(tmp_path, words, said):
    done = call("hindcast", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@needs_data
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--origin", "1970"), "--origin 1970: too early"),
        (("--origin", "2090"), "--origin 2090: the data end in"),
        (
            ("--origin", "2019", "--target", "disputes"),
            "--origin 2019: nothing is known of what came of it; origins with outcomes",
        ),
        (("--states", "CHN,XXX"), "--states XXX: no such state in the data"),
    ],
)
def test_origins_and_states_that_the_data_do_not_have(tmp_path, words, said):
    done = call("hindcast", "--data", str(DATA), *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_without_the_libraries_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)
    done = call("hindcast", "--data", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'entente-sim[hindcast]'" in done.stderr


@pytest.mark.slow
@needs_data
def test_a_table_that_fits_and_the_same_as_json(tmp_path):
    words = ("hindcast", *SMALL, "--origin", "2009", "--years", "1", "--target", "votes,pacts,moments")
    done = sim(*words, "--forecasts", "f.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert "nan" not in done.stdout
    lines = (tmp_path / "f.csv").read_text().splitlines()
    assert lines[0].startswith(
        "origin,year,a,b,trust,trust_q05,trust_q95,cooperation,p_dispute,p_pact,net_share,volume,distance"
    )
    assert len(lines) == 1 + 5 * 4
    asked = sim(*words, "--json", cwd=tmp_path)
    rows = json.loads(asked.stdout)["rows"]
    assert {row["forecaster"] for row in rows if row["target"] == "votes"} == {"persistence", "smoothed", "gravity", "model"}


def test_help_fits(tmp_path):
    done = call("hindcast", "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert "--page" in done.stdout


# -- the page --------------------------------------------------------------------------------------------------------


def test_the_page_and_the_readme_say_what_the_record_says():
    lines = page._versions(record.versions()).splitlines()
    written = (ROOT / record.PAGE).read_text(encoding="utf-8")
    assert "\n".join(line for line in lines if line.startswith("|")) in written, (
        "docs/validation.md is stale: python -m sim hindcast --data DIR --page"
    )
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    page_of_rules = f"docs/{record.stem(LATEST)}.md"
    sentence = record.sentence(rules=LATEST).replace(page_of_rules, f"[{page_of_rules}]({page_of_rules})")
    assert sentence in readme, f"README.md is stale; put in: {sentence}"


def test_publishing_writes_page_table_pictures_and_record(tmp_path, monkeypatch):
    import numpy as np

    from sim.hindcast.row import Losses, Row, pooled

    monkeypatch.setattr(record, "add", lambda entry: ({"rules": "0.1", **entry},))
    luck = np.random.default_rng(1)
    i, j = np.triu_indices(12, 1)
    codes = np.array(list("ABCDEFGHIJKL"))
    rows = []
    for origin in (1995, 2000):
        y = (luck.random(len(i)) < 0.3).astype(int)
        for name, p in (("gravity", np.where(y, 0.5, 0.2)), ("model", np.full(len(i), 0.3))):
            loss = {"brier": (p - y) ** 2, "log": -np.log(np.where(y, p, 1 - p))}
            scored = {"brier": float(loss["brier"].mean()), "log": float(loss["log"].mean()), "roc": float("nan")}
            lost = Losses(codes[i], codes[j], y, loss)
            rows.append(Row("disputes", origin, 5, name, len(i), int(y.sum()), scored, None, {}, lost))
    study = page.Study("k37", "12 states", 20, rows + pooled(rows, "brier"))
    face = Face("India", "falls", "mean -0.10", 0.9, True, ("mean +0.01", 0.4, False))
    hindcast_page.publish([study], [face], tmp_path, rules="0.1")
    text = (tmp_path / "validation.md").read_text()
    assert "worse than gravity" in text
    assert "nan" not in text
    assert "| India | falls | mean -0.10 (90 %) | yes | mean +0.01 (40 %), **no** |" in text
    assert all((tmp_path / "validation" / f"reliability_{name}.png").stat().st_size > 1000 for name in ("disputes", "pacts"))
    assert len((tmp_path / "validation.csv").read_text().splitlines()) == 1 + len(study.rows)


def test_faces_in_words_fit(capsys):
    face = Face(
        "India",
        "trust in the United States not below 0 at the end of 2025",
        "mean -0.37",
        0.0,
        False,
        ("mean -0.37", 0.0, False),
    )
    hindcast_page.show_faces([face], Terminal())
    printed = capsys.readouterr().out
    assert "0 of 1 held" in printed
    assert all(len(line) <= 80 for line in printed.splitlines())


def test_numbers_that_are_none_are_dashes():
    assert hindcast_table.number(float("nan"), 3) == hindcast_table.number(None, 3) == "-"
    assert hindcast_table.band((float("nan"),) * 3, 1) == ""
