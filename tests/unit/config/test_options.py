"""Run options: each checked, all problems at once."""

from pathlib import Path

import pytest
import yaml

from sim import resources
from sim.cli import run_help
from sim.cli.hydra import RunConfig
from sim.cli.hydra.options import SweepConfig, check_options

CONFIG = yaml.safe_load((resources.conf() / "config.yaml").read_text(encoding="utf-8"))
DEFAULTS = {name: value for name, value in CONFIG.items() if name not in ("defaults", "hydra")}


def check(**given):
    problems = []
    options = check_options({**DEFAULTS, **given}, problems)
    return options, [str(problem) for problem in problems]


def test_the_defaults_are_fine():
    options, problems = check()
    assert problems == []
    assert options["workers"] >= 1
    assert (options["seed"], options["replicates"], options["save"]) == (1, 200, "measures")
    assert options["results"] == Path("results")


def test_every_option_has_its_place():
    """conf/config.yaml and RunConfig name the same options, and each says in a comment what it means."""
    own = set(RunConfig.__dataclass_fields__) - {"scenario", "overrides", "sweeping", "behaviours"}
    assert own | {"start", "end", "uncertainty", "behaviour", *SweepConfig.NAMES} == set(DEFAULTS)  # behaviours go by state
    assert set(run_help.options()) == {"scenario", "sweep", *DEFAULTS}
    assert all(about for _, about in run_help.options().values())


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"seed": "abc"}, "seed: 'abc' is not allowed; give a whole number"),
        ({"seed": -1}, "seed: -1 is not allowed"),
        ({"seed": 1.5}, "seed: 1.5 is not allowed"),
        ({"seed": True}, "seed: true is not allowed"),
        ({"replicates": 0}, "replicates: 0 is not allowed; give a whole number from 1 to 1,000,000"),
        ({"replicates": "auto", "measure": "cooperation:SCO"}, "precision: is missing; replicates=auto needs"),
        ({"workers": 0}, "workers: 0 is not allowed"),
        ({"pool": "dask"}, "pool: 'dask' is not allowed; allowed: local, ray"),
        ({"dtype": "float32"}, "did you mean 'float64'? allowed: float64 (float32 was for speed"),
        ({"save": "measure"}, "did you mean 'measures'? allowed: measures, dyads, all"),
        ({"plots": "yes"}, "plots: 'yes' is neither true nor false; write plots=true or plots=false"),
        ({"force": 1}, "force: 1 is neither true nor false"),
        ({"results": None}, "results: null is not a folder"),
        ({"precision": 0.01}, "precision: goes with replicates=auto"),
        ({"sede": 1}, "sede: is not an option; did you mean 'seed'?"),
    ],
)
def test_what_is_refused(given, what):
    _, problems = check(**given)
    assert len(problems) == 1
    assert problems[0].startswith("command line: ")
    assert what in problems[0]


def test_all_at_once():
    assert len(check(seed="x", replicates=0, dtype="f", plots="no")[1]) == 4
