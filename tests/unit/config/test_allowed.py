"""What of Hydra a command line may use: everything else is one sentence that names the word, and nothing is made."""

import os

import pytest

from sim.cli import hydra


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys):
    """Compose a command line that cannot be used; what is said of it."""
    monkeypatch.chdir(tmp_path)

    def composed(*argv):
        status = hydra.compose(list(argv), lambda request: 0, sweep=lambda request: len(list(request.points())) * 0)
        out, err = capsys.readouterr()
        assert (status, out) == (2, "")
        assert os.listdir(tmp_path) == []
        assert "Traceback" not in err
        assert "cannot be used here (" not in err  # what is said of an error that nobody foresaw
        return err

    return composed


LONG = "a" * 300


@pytest.mark.parametrize(
    ("argv", "what"),
    [
        (["~sweep=inf"], "'~sweep=inf' is not a name"),
        (["hydra/launcher=9"], "'hydra/launcher=9' is not a name"),
        (["scenario=[1,2]"], "'scenario=[1,2]' is not a name"),
        (["+scenario=2"], "there is no scenario '2'"),
        (["-m", "scenario=range(1,3)"], "'scenario=range(1,3)' is not a name"),
        (["~scenario"], "a run needs a scenario"),
        (["scenario@x=baseline"], "a scenario goes to no other place"),
        (["+scenario_dir=1e308"], "there is no folder '1e308'"),
        (["scenario_dir=~nosuchuser"], "begins with the home of a user that is not here"),
        (["scenario=~nosuchuser/x"], "begins with the home of a user that is not here"),
        (["results=~nosuchuser/x"], "results: '~nosuchuser/x' begins with the home"),
        (["behaviour.IND=~nosuchuser/x.py:Mine"], "begins with the home"),
        ([f"scenario={LONG}"], "there is no scenario 'aaa"),
        ([f"scenario=./{LONG}.yaml"], "there is no such file"),
        ([f"scenario_dir={LONG}"], "there is no folder 'aaa"),
        (["scenario=/dev/zero"], "/dev/zero is not an ordinary file"),
        (["--experimental-rerun", "x"], "'--experimental-rerun' is not a flag here"),
        (["--config-name", "x"], "'--config-name' is not a flag here"),
        (["--resolve"], "'--resolve' goes with --cfg job"),
        (["-p", "scenario"], "'-p' goes with --cfg job"),
        (["--cfg"], "--cfg takes one of job, hydra, all"),
        (["--cfg", "nonsense"], "'--cfg nonsense': --cfg takes one of job"),
        (["-m", "--cfg", "job"], "-m and --cfg do not go together"),
        (["hydra.run.dir=made", "seed=x"], "'hydra.run.dir=made': this setting of Hydra is not to be changed here"),
        (["-m", "hydra.sweep.dir=made", "seed=x,y"], "'hydra.sweep.dir=made': this setting"),
        (["hydra/job_logging=default", "seed=x"], "'hydra/job_logging=default': this setting"),
        (["+hydra.callbacks.x._target_=os.getcwd"], "this setting of Hydra"),
        (["hydra=x"], "this setting of Hydra"),
        (["=x"], "'=x' says no option"),
        (["seed=" + "9" * 5000], "has a number that is too long"),
        (["seed=1e999"], "seed: is not finite or far too large"),
        (["precision=nan", "replicates=auto", "measure=cooperation:SCO"], "precision: is not finite"),
        (["scenario.states.IND.capability=nan"], "scenario.states.IND.capability: is not finite"),
        (["scenario.events.uri.severity=inf"], "scenario.events.uri.severity: is not finite"),
        (["parameters.trust.gain=" + "9" * 30], "parameters.trust.gain: is not finite or far too large"),
        (["parameters=1"], "parameters: 1 is one value, where a mapping is needed"),
        (["-m", "seed=interval(1,inf)"], "interval(1,inf) is no range"),
        (["-m", "seed=range(1,2,0)"], "seed=range(1,2,0) has no end"),
        (["-m", "seed=range(1,1000000000)"], "has more than 1,000,000 values"),
        (["scenario.title=${oc.env:NOT_THERE_AT_ALL}"], "scenario.title"),
        (["scenario.title=${nope}"], "scenario.title"),
        (["seed=2\0"], "has a character that is in no text"),
        (["scenario=a\x1b[31m\u202e"], r"'a\x1b[31m\u202e'"),
        (["a\x1b[31m\u202e=2"], r"a\x1b[31m\u202e"),
    ],
)
def test_one_sentence(refused, argv, what):
    assert what in refused(*argv)


def test_what_nobody_foresaw_is_a_sentence_too(tmp_path, monkeypatch, capsys):
    """An error of Hydra's of a kind that it does not mean to raise names the word that it comes from."""
    from sim.cli.hydra import command

    monkeypatch.chdir(tmp_path)
    real = command.hydra.compose

    def broken(name, words, **more):
        if "seed=7" in words:
            raise ZeroDivisionError("deep inside")
        return real(name, words, **more)

    monkeypatch.setattr(command.hydra, "compose", broken)
    assert hydra.compose(["replicates=3", "seed=7"], lambda request: 0) == 2
    assert "'seed=7' cannot be used here (ZeroDivisionError: deep inside)" in capsys.readouterr().err


def test_flags_may_stand_anywhere(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["seed=7", "--cfg", "job", "scenario=baseline", "-p", "seed", "replicates=3"]
    assert hydra.compose(words, lambda request: 0) == 0
    assert capsys.readouterr().out.split()[-1] == "7"
