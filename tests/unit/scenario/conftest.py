"""A scenario file in a folder of its own, and what is wrong with it."""

import shutil
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, read

SEEDS = Path(__file__).resolve().parents[2] / "fuzz" / "seeds"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a scenario that inherits `baseline` and adds some text; the working directory is its folder."""
    monkeypatch.chdir(tmp_path)

    def written(text="", *, name="mine.yaml", head="defaults: [baseline, _self_]\ntitle: Mine\nquestion: What if?\n"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def problems(write):
    """The problems of a scenario, as they are printed."""

    def found(text="", changes=None, **more):
        with pytest.raises(ScenarioError) as error:
            read(write(text, **more), changes=changes)
        return str(error.value).splitlines()

    return found


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A folder with `small.yaml` and its world of four states, which is the working directory."""
    shutil.copytree(SEEDS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
