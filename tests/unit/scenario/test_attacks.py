"""A scenario is untrusted text: what an ordinary configuration file could do to a Hydra application, this one cannot.

Each attack worked against a plain Hydra application. Here each is refused with a place and a reason, both from Python
and through the command line, and nothing is written.
"""

import pickle
import sys
from pathlib import Path

import pytest

from sim.cli import hydra
from sim.scenario import ScenarioError, read

HEAD = "defaults: [baseline, _self_]\ntitle: Mine\nquestion: What if?\n"
ATTACKS = {
    "reads an environment variable": (
        HEAD + "description: ${oc.env:SECRET}\n",
        "mine.yaml:4:14: description: `${` is not allowed",
    ),
    "writes a file through a callback": (
        "# @package _global_\n" + HEAD + "hydra:\n  callbacks:\n    x:\n"
        "      _target_: hydra.experimental.callbacks.PickleJobInfoCallback\n      file: written.txt\n",
        "mine.yaml:1:1: the header '# @package _global_' is not allowed",
    ),
    "unpickles a file through a callback": (
        HEAD + "hydra:\n  callbacks:\n    x: {_target_: pickle.load, _args_: [evil.pickle]}\n",
        "mine.yaml:4:1: hydra: `hydra` is not a key of a scenario",
    ),
    "redirects the logs": (
        "# @package hydra.job_logging\n" + HEAD + "handlers: {file: {class: logging.FileHandler, filename: written.txt}}\n",
        "mine.yaml:1:1: the header '# @package hydra.job_logging' is not allowed",
    ),
    "moves the run directory": (
        "# @package _global_\n" + HEAD + "hydra: {run: {dir: written}, output_subdir: written}\n",
        "mine.yaml:5:1: hydra: `hydra` is not a key of a scenario",
    ),
    "grows through aliases": (
        HEAD
        + "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi")),
        "values (aliases counted each time); a scenario is a short text",
    ),
    "makes an object": (
        HEAD + "description: !!python/object/apply:os.system ['touch written.txt']\n",
        "mine.yaml:4:14: description: the tag",
    ),
    "inherits from a file outside": (
        "defaults: [../../etc/passwd, _self_]\ntitle: T\nquestion: Q?\n",
        "mine.yaml:1:12: defaults[0]: '../../etc/passwd' is not a scenario's name",
    ),
    "inherits from Hydra's own settings": (
        "defaults:\n  - override /hydra/callbacks: x\n  - baseline\ntitle: T\nquestion: Q?\n",
        "mine.yaml:2:5: defaults[0]: a mapping or a list is not a scenario's name",
    ),
    "names a class to be made": (
        HEAD + "events: {x: {_target_: os.system, type: crisis}}\n",
        "mine.yaml:4:14: events.x._target_: a key must not begin with `_`",
    ),
    "takes a world from outside": (
        HEAD + "world: ../../secret\n",
        "mine.yaml:4:8: world: '../../secret' is not the name of a world",
    ),
}


class Evil:
    def __reduce__(self):
        return Path.touch, (Path("written.txt"),)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET", "hunter2")
    (tmp_path / "evil.pickle").write_bytes(pickle.dumps(Evil()))
    return tmp_path


@pytest.mark.parametrize("name", ATTACKS)
def test_refused_and_nothing_written(folder, name, capsys):
    text, reason = ATTACKS[name]
    (folder / "mine.yaml").write_text(text)
    before = sorted(folder.rglob("*"))
    with pytest.raises(ScenarioError) as error:
        read("./mine.yaml")
    assert reason in str(error.value)
    called = []
    status = hydra.compose(["scenario=./mine.yaml"], lambda run: called.append(run) or 0)
    out, err = capsys.readouterr()
    assert status == 2
    assert called == []
    assert reason in err
    assert "hunter2" not in out + err
    assert "Traceback" not in err
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("name", ATTACKS)
def test_refused_where_it_is_only_shown(folder, name, capsys):
    """Printing the composed configuration goes through the same gate."""
    text, reason = ATTACKS[name]
    (folder / "mine.yaml").write_text(text)
    assert hydra.compose(["scenario=./mine.yaml", "--cfg", "job", "--resolve"], lambda run: 0) == 2
    out, err = capsys.readouterr()
    assert reason in err
    assert "hunter2" not in out + err


def test_a_parent_is_no_way_around(folder, capsys):
    (folder / "parent.yaml").write_text(ATTACKS["reads an environment variable"][0])
    (folder / "mine.yaml").write_text("defaults: [parent]\ntitle: T\n")
    with pytest.raises(ScenarioError, match=r"parent\.yaml:4:14: description: `\$\{` is not allowed"):
        read("mine.yaml")
    assert hydra.compose(["scenario=mine", "scenario_dir=."], lambda run: 0) == 2


def test_a_world_is_no_way_around(folder):
    (folder / "worlds").mkdir()
    (folder / "worlds" / "w.yaml").write_text("title: ${oc.env:SECRET}\ndate: 2015-01\nsources: {a: b}\n")
    (folder / "mine.yaml").write_text(HEAD + "world: w\n")
    with pytest.raises(ScenarioError, match=r"worlds/w\.yaml:1:8: title: `\$\{` is not allowed"):
        read("mine.yaml")


def test_pyyaml_constructs_nothing():
    """The reader takes events only: no constructor of PyYAML is ever called."""
    import yaml

    from sim.scenario import text

    class Broken(Exception):
        pass

    def broken(*args, **kwargs):
        raise Broken

    saved = yaml.constructor.BaseConstructor.construct_document
    yaml.constructor.BaseConstructor.construct_document = broken
    try:
        assert text.parse("a: [1, {b: x}]", "t", []).plain() == {"a": [1, {"b": "x"}]}
    finally:
        yaml.constructor.BaseConstructor.construct_document = saved
    assert "sim.scenario.text" in sys.modules
