"""Words of a command line: paths of every kind go through Hydra's grammar unharmed."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as st

from sim.cli.hydra.words import prepare, value_of


@pytest.mark.parametrize(
    ("word", "prepared"),
    [
        ("scenario=sco_expansion", "scenario=sco_expansion"),
        ("scenario=./mine.yaml", "scenario=./mine.yaml"),
        ("scenario=mes scénarios/Индия.yaml", "scenario='mes scénarios/Индия.yaml'"),
        ("scenario='as typed.yaml'", "scenario='as typed.yaml'"),
        ("scenario=glob(no_*)", "scenario=glob(no_*)"),
        ("scenario=[a]", "scenario=[a]"),
        ("scenario=2015", "scenario='2015'"),
        ("scenario=true", "scenario='true'"),
        ("scenario=~/mine.yaml", "scenario='~/mine.yaml'"),
        ("results=runs of Monday, again", "results='runs of Monday, again'"),
        ("scenario_dir=", "scenario_dir="),
        ("scenario_dir=null", "scenario_dir=null"),
        ("seed=a b", "seed=a b"),
        ("--cfg", "--cfg"),
    ],
)
def test_prepare(word, prepared):
    assert prepare([word]) == [prepared]


def test_several_scenarios():
    assert prepare(["-m", "scenario=a,my file.yaml"]) == ["-m", "scenario=a,'my file.yaml'"]
    assert prepare(["scenario=a,b"]) == ["scenario='a,b'"]


def test_value_of():
    assert value_of(["scenario_dir=a", "x=1", "scenario_dir='b c'"], "scenario_dir") == "b c"
    assert value_of(["scenario_dir=null"], "scenario_dir") is None
    assert value_of([], "scenario_dir") is None


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30))
def test_any_path_comes_back(path):
    """Whatever a folder is called, Hydra reads the same name."""
    path = f"/tmp/{path}"
    (word,) = prepare([f"results={path}"])
    (override,) = OverridesParser.create().parse_overrides([word])
    assert override.value() == path


def test_lists_of_outcomes_need_no_brackets_and_no_quotes():
    assert prepare(["outcomes=cooperation:SCO,trust:IND>PAK"]) == ["outcomes=['cooperation:SCO','trust:IND>PAK']"]
    assert prepare(["outcomes=[trust:IND>PAK]"]) == ["outcomes=['trust:IND>PAK']"]
    assert prepare(["at=2017-12,2021-08", "outcomes=all"]) == ["at=['2017-12','2021-08']", "outcomes=all"]
