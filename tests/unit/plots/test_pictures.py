"""Every picture draws at every extreme, says why where it cannot, and repeats to the byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import plots
from tests.unit.plots import runs

ALL = {
    "actor_strength",
    "alignment_network",
    "bloc_strip",
    "cooperation_fan",
    "dyads",
    "ledger_waterfall",
    "map_strip",
    "state_alignment",
    "trust_change",
}
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Path:
    return runs.case("usual", tmp_path_factory.mktemp("usual"))


def _bytes(files: list[Path]) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in files}


def _python(code: str, seed: str = "0") -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_pictures_are_found_by_name_with_what_they_answer():
    assert set(plots.names()) == ALL
    assert all(answer.endswith("?") for answer in plots.names().values())


def test_listing_pictures_imports_no_drawing_library():
    assert _python("import sys; from sim import plots; plots.names(); print('matplotlib' in sys.modules)") == "False"


@pytest.mark.slow
@pytest.mark.parametrize("name", runs.CASES)
def test_every_extreme_draws(name, tmp_path):
    folder = runs.case(name, tmp_path)
    reasons = plots.missing(folder)
    files = plots.draw(folder, format="png")
    assert {file.stem for file in files} == set(plots.names()) - set(reasons)
    assert all(file.parent == folder / "plots" and file.stat().st_size > 5_000 for file in files)


def test_a_picture_that_a_run_cannot_have_says_why(tmp_path):
    folder = runs.case("no_actors", tmp_path)
    assert set(plots.missing(folder)) == {"actor_strength", "dyads", "ledger_waterfall"}
    with pytest.raises(plots.PictureError, match=r"actor_strength.*no non-state actors"):
        plots.draw(folder, ["actor_strength"])
    one = plots.missing(runs.case("one_state", tmp_path / "one"))
    assert set(one) == ALL - {"bloc_strip", "map_strip", "state_alignment"}
    assert "two states" in one["cooperation_fan"] and "two states" in one["trust_change"]


def test_unknown_names_are_refused_with_what_there_is(usual, tmp_path):
    with pytest.raises(plots.PictureError, match=r"did you mean 'bloc_strip'\?.*trust_change"):
        plots.draw(usual, ["bloc_stripe"], out=tmp_path)
    with pytest.raises(plots.PictureError, match=r"'pdf' is not one of png, svg, both"):
        plots.draw(usual, format="pdf", out=tmp_path)
    with pytest.raises(plots.PictureError, match=r"no cooperation of nobody.*founders"):
        plots.draw(usual, ["cooperation_fan"], subjects=["nobody"], out=tmp_path)
    assert not list(tmp_path.iterdir())


def test_subjects_can_be_chosen(usual, tmp_path):
    for name, subjects in {
        "cooperation_fan": ["CHN-RUS", "world", "SCO", "IND"],
        "dyads": ["PAK-IND"],
        "bloc_strip": ["IND", "RUS"],
        "trust_change": ["IND", "PAK", "CHN"],
        "alignment_network": ["IND", "PAK", "CHN", "RUS"],
        "state_alignment": ["IND", "USA"],
        "actor_strength": ["ISK"],
    }.items():
        assert len(plots.draw(usual, [name], format="png", subjects=subjects, out=tmp_path)) == 1


@pytest.mark.slow
def test_pictures_repeat_to_the_byte(usual, tmp_path):
    first = _bytes(plots.draw(usual, format="both", out=tmp_path / "a", workers=2))
    assert len(first) == 2 * len(ALL)
    for form in ("png", "svg"):  # nor does one depend on whether the other is drawn too, nor on how many draw
        alone = _bytes(plots.draw(usual, format=form, out=tmp_path / form, workers=1))
        assert alone == {name: data for name, data in first.items() if name.endswith(form)}


@pytest.mark.slow
def test_another_process_draws_the_same_bytes_and_never_uses_pyplot(usual, tmp_path):
    code = f"from sim import plots; plots.draw({str(usual)!r}, ['bloc_strip', 'cooperation_fan'], format='both', out={{!r}})"
    for seed in ("1", "2"):
        check = "; import sys; print('matplotlib.pyplot' in sys.modules)"
        assert _python(code.format(str(tmp_path / seed)) + check, seed) == "False"
    files = sorted((tmp_path / "1").iterdir())
    assert len(files) == 4
    assert all(file.read_bytes() == (tmp_path / "2" / file.name).read_bytes() for file in files)


def test_the_readers_own_settings_neither_matter_nor_change(usual, tmp_path):
    import matplotlib

    plain = _bytes(plots.draw(usual, ["cooperation_fan"], out=tmp_path / "plain"))
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "black", "svg.hashsalt": "mine"}):
        styled = _bytes(plots.draw(usual, ["cooperation_fan"], out=tmp_path / "styled"))
        assert matplotlib.rcParams["font.size"] == 20
    assert styled == plain


def test_text_of_a_scenario_shows_as_text(tmp_path):
    folder = runs.case("long_words", tmp_path)
    (file,) = plots.draw(folder, ["bloc_strip"], format="svg")
    assert "<script" not in file.read_text(encoding="utf-8")


def test_the_first_look_is_of_pictures_that_there_are():
    for kind, first in plots.FIRST_LOOK.items():
        assert set(first) < set(plots.names(kind))
