"""A scenario as a game: left to the model it is the replicate of a run; played, its file replays to the bit."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim import env
from sim.kernel.covers import not_there
from sim.scenario import read
from sim.simulation.ensemble import simulate

pytestmark = pytest.mark.skipif(not_there() is not None, reason=f"the kernel: {not_there()}")
SHORT = {"end": "2016-06"}


def story():
    return read("baseline", changes=SHORT)


def test_a_game_left_to_the_model_is_the_replicate_of_a_run():
    run = simulate(story(), replicates=3, seed=5, engine="kernel")
    game = env.Game(story(), seed=5, replicate=2)
    cooperation = run.series["cooperation"]
    while not game.over:
        game.take({})
        now = game.measured()
        row = cooperation.values[2, game.month - game.scenario.start]
        assert row.tolist() == [now[f"cooperation:{of}"] for of in cooperation.subjects]


def test_a_choice_is_what_happens():
    game = env.Game(story())
    game.take({"IND": {"PAK": 1, "CHN": -1}})
    action = game.array("action")
    at = game.states.index
    assert action[at("IND"), at("PAK")] == 1 and action[at("IND"), at("CHN")] == -1


@pytest.mark.parametrize("choices", [{"IND": {"IND": 1}}, {"XXX": {"IND": 1}}, {"IND": {"PAK": 2}}])
def test_what_is_no_choice_is_refused(choices):
    with pytest.raises(ValueError, match="toward"):
        env.Game(story()).take(choices)


def test_a_played_game_replays_to_the_bit_and_a_changed_file_does_not(tmp_path):
    game = env.Game(read("baseline"), seed=3, replicate=1, start="2024-01")
    luck = np.random.default_rng(0)
    while not game.over:
        game.take({"RUS": {code: int(luck.integers(-1, 2)) for code in game.states if code != "RUS"}})
    told = game.plain()
    file = tmp_path / "game.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    assert env.replay(file)
    told["turns"][0]["RUS"]["CHN"] = -1 if told["turns"][0]["RUS"]["CHN"] == 1 else 1
    assert not env.replay(told)


@pytest.mark.parametrize(
    "told", [{}, {"form": 1}, {"form": 1, "turns": [], "seed": "x"}, {"form": 1, "turns": [3], "seed": 1, "replicate": 0}]
)
def test_a_file_that_is_no_game_is_refused(told):
    with pytest.raises(ValueError):
        env.replay(told)


@pytest.mark.filterwarnings("ignore")
def test_pettingzoo_finds_nothing_wrong(tmp_path):
    testing = pytest.importorskip("pettingzoo.test", reason="PettingZoo is not there: pip install 'entente-sim[env]'")
    testing.parallel_api_test(env.parallel_env(story()), num_cycles=20)
    testing.parallel_seed_test(lambda: env.parallel_env(story(), players=["IND", "PAK"]))
    world = env.parallel_env(read("baseline"), players=["IND"], start="2025-01")
    world.reset(seed=4)
    while world.agents:
        world.step({agent: world.action_space(agent).sample() for agent in world.agents})
    world.save(tmp_path / "game.json")
    assert env.replay(tmp_path / "game.json")
