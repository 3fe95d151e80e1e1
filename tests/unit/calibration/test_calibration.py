"""Numbers of the model from data: what they are found by, and that they are found again."""

import os
from pathlib import Path

import numpy as np
import pytest

from sim import engine
from sim.calibration import moments, regressions, synthetic
from sim.calibration.covariance import of_pairs
from sim.calibration.estimate import RANGES, calibrate
from sim.calibration.moments import Range, slopes_of, terms
from sim.calibration.recovery import recover
from sim.calibration.relations import relations
from sim.calibration.table import table
from sim.cli.main import main
from sim.scenario import read
from sim.scenario.calibration import parse
from sim.start.world import begin

STATES = 30
DATA = Path(os.environ.get("SIM_DATA", ""))
needs_data = pytest.mark.skipif(not (DATA / "icews").is_dir(), reason="needs the public data in SIM_DATA")


@pytest.fixture(scope="module")
def invented():
    numbers = synthetic.truth(np.random.default_rng(1))
    return synthetic.world(numbers, 1, STATES)


def test_ranges_go_from_one_end_to_the_other():
    for one in (Range(2, 8), Range(0.01, 1, by_size=True)):
        assert one.value(0.0) == pytest.approx(one.low)
        assert one.value(1.0) == pytest.approx(one.high)
        assert one.coordinate(one.value(0.3)) == pytest.approx(0.3)
    assert Range(0.01, 1, by_size=True).value(0.5) == pytest.approx(0.1)


def test_pairs_that_share_a_state_make_a_mean_less_sure():
    """A mean of pairs: by closed form with and without effects of states."""
    luck = np.random.default_rng(1)
    n = 40
    i, j = np.where(~np.eye(n, dtype=bool))
    for effect in (0.0, 1.0):
        found, told = [], []
        for _ in range(200):
            of_state = effect * luck.normal(size=n)
            y = of_state[i] + of_state[j] + luck.normal(size=len(i))
            found.append(y.mean())
            each = ((y - y.mean()) / len(y))[:, None]
            told.append(of_pairs(i, j, each, np.zeros((n, 0)), n)[0, 0])
        assert np.sqrt(np.mean(told)) == pytest.approx(np.std(found), rel=0.2), effect


def test_derivatives_of_the_polynomials_are_theirs():
    x = np.random.default_rng(1).uniform(-1, 1, (5, 3))
    for k in range(3):
        step = np.zeros(3)
        step[k] = 1e-6
        numeric = (terms(x + step, 3) - terms(x - step, 3)) / 2e-6
        assert slopes_of(x, 3)[:, k] == pytest.approx(numeric, abs=1e-6)


def test_moments_of_the_truth_are_those_that_are_seen(invented):
    """Simulated at the true numbers, moments lie around the observed ones as far as these are unsure."""
    panel, true = invented
    of = relations(panel)
    seen, influences = moments.moments(of, of.came)
    error = np.sqrt(np.diag(of_pairs(of.i, of.j, influences, np.zeros((STATES, 0)), STATES)))
    numbers = [true[key] for key in moments.RANGES]
    simulated = np.mean([moments.moments(of, moments.simulated(of, numbers, (1, k)))[0] for k in range(8)], axis=0)
    apart = (simulated - seen) / error
    assert np.sqrt((apart**2).mean()) < 1.6
    moved = [true[key] * (2 if key == "trust.noise" else 1) for key in moments.RANGES]
    elsewhere = (moments.moments(of, moments.simulated(of, moved, (1, 0)))[0] - seen) / error
    assert (elsewhere**2).mean() > 4 * (apart**2).mean()


def test_the_rest_of_the_model_moves_the_moments_by_less_than_their_error():
    """Trust alone (its anchor, reversion and chance) against the whole model, both from the same start: how much of the
    first distance from structure is left after five years, and what chance has added."""
    story = read("baseline", changes={"uncertainty": "chance", "end": "2019-12", "~scenario.events": None})
    off = ~np.eye(len(story.states), dtype=bool)
    found = []
    for schedule in (story.schedule, ("trust", "anchor")):
        world, rules, _ = begin(story, range(60))
        kept = tuple(pair for pair in rules.schedule if pair[0] in schedule)
        rules = type(rules)(kept, rules.parameters, (), rules.frame, rules.draws)
        if len(schedule) == 2:
            p = {"gain": 0.0, "loss": 0.0, "crisis": 0.0, "balance": 0.0, "contact": 0.0, "centring": False}
            rules.parameters["trust"] = type(rules.parameters["trust"])(**{**vars(rules.parameters["trust"]), **p})
            world = world.replace(expected_terms=np.zeros_like(world.expected_terms))
        after = engine.carry(world, rules, story.start, story.end)
        start = (world.trust[0] - world.anchor[0])[off]
        rest = (after.trust - world.anchor[:1])[:, off]
        slope = (rest * start).mean() / (start * start).mean()
        found.append((slope, (rest - slope * start).std()))
    whole, alone = np.array(found)
    assert whole[0] == pytest.approx(alone[0], abs=0.15)
    assert whole[1] == pytest.approx(alone[1], rel=0.12)


def test_drift_of_positions_is_found_again():
    assert _errors_of_votes(lambda panel, luck: None) == pytest.approx([0, 0], abs=0.15)


def test_neither_jumps_nor_the_error_of_a_session_pass_for_noise():
    def jump(panel, luck):
        panel.states["ideal"][-6:, :2] += 1.5

    def err(panel, luck):
        panel.states["ideal"] += 0.08 * luck.standard_normal(panel.states["ideal"].shape)

    for disturb in (jump, err):
        assert _errors_of_votes(disturb)[1] == pytest.approx(0, abs=0.15), disturb.__name__


def _errors_of_votes(disturb):
    errors = []
    for seed in range(12):
        luck = np.random.default_rng(seed)
        numbers = synthetic.truth(luck) | {"affinity.rate": 0.004, "affinity.noise": 0.05}
        panel, _ = synthetic.world(numbers, seed, 40)
        disturb(panel, luck)
        found = regressions.votes(panel)
        errors.append(found.numbers(found.moments[None])[0] / [0.004, 0.05] - 1)
    return np.median(errors, axis=0)


def test_numbers_are_found_again_in_invented_worlds():
    """The short form of `python -m sim calibrate --recovery`: three worlds, nine numbers in ten within their intervals."""
    found = recover(3, states=60, draws=80, workers=1)
    assert set(found.found) == set(RANGES)
    assert found.coverage() > 0.8
    for key, rows in found.found.items():
        assert (rows[:, 2] <= rows[:, 3]).all(), key
        assert np.isfinite(rows).all()


def test_a_table_is_made_and_what_is_not_told_is_named(invented):
    panel, _ = invented
    found = calibrate(panel, draws=30, simulations=((128, 2),))
    made = table(found, panel, "0.2", "2026-11-30", {"a.csv": "0" * 64})
    assert parse(made.text()).keys == made.keys
    assert made.draws.shape[0] == 30
    assert "clustering" not in made.keys
    assert made.about["until"] == "2014"
    untold = [key for key, one in found.estimates.items() if not one.told]
    assert all(made.about[f"estimate {key}"].endswith("not told by the data") for key in untold)
    assert not set(untold) & set(made.keys)


def test_the_same_seed_gives_the_same_draws(invented):
    panel, _ = invented
    one, other = (calibrate(panel, draws=20, simulations=((128, 2),)) for _ in range(2))
    assert np.array_equal(one.draws, other.draws)


def test_without_events_their_numbers_are_left_alone(invented):
    panel, _ = invented
    panel = type(panel)(**{**vars(panel), "counted": np.zeros(STATES, bool)})
    assert set(calibrate(panel, draws=20).estimates) == {"affinity.rate", "affinity.noise"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--until", "1900"], "--until 1900: from 1990 to"),
        (["--draws", "3"], "--draws 3: from 20 to 10000 are allowed"),
        (["--out", "no/such/folder/t.csv"], "there is no folder"),
    ],
)
@needs_data
def test_what_cannot_be_done_is_refused(words, says, capsys):
    assert main(["calibrate", "--data", str(DATA), *words]) == 2
    assert says in capsys.readouterr().err


def test_recovery_wants_some_worlds(capsys):
    assert main(["calibrate", "--recovery", "0"]) == 2
    assert "from 1 to 1000 are allowed" in capsys.readouterr().err
