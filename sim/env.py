"""The world as a game of many players: a PettingZoo ``ParallelEnv``, for programs that sit where a state decides.

A turn is some months. In each of them a player's choices take the place of what the model would have decided for its state;
states without a player, and choices that a player leaves to it, are the model's. One replicate is played, with the luck that
it has in ``run engine=kernel`` of the same seed: a game in which all is left to the model is that replicate.

    from sim import env, read
    world = env.parallel_env(read("sco_expansion"))     # pip install 'entente-sim[env]'
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import measures
from sim.calendar import format_month, parse_month
from sim.kernel import layout
from sim.kernel.covers import reason_against
from sim.kernel.library import library
from sim.kernel.start import start_of
from sim.scenario import Problem, Scenario, ScenarioError, read
from sim.scenario.problems import COMMAND_LINE

if TYPE_CHECKING:
    from pettingzoo import ParallelEnv

FORM = 1
"""Of the file of a game."""
CHOICES = {"confront": -1, "neutral": 0, "cooperate": 1, "model": layout.CHOSEN_BY_ITSELF}
"""What a player does toward another state, in the order of the numbers of an action."""
SEEN = ("trust", "trust_back", "tie", "action", "action_back", "crisis")
"""What a player sees of each other state: both ways, its tie, what each did last, and whether there is a crisis."""

Reward = Callable[[str, Mapping[str, float], Mapping[str, float]], float]
"""From the player and the measures before and after a turn, by ``measure:subject``."""


class Game:
    """One replicate played month by month; what :func:`parallel_env` and a page's seat do.

    Args:
        scenario: the story.
        seed: which luck.
        replicate: which of its replicates.
        months: in a turn.
        start: the month of the first turn, such as ``2017-06``; the model plays until then. None: the first month.

    Raises:
        ScenarioError: the kernel cannot carry the scenario out, or the start is not within it.
    """

    def __init__(
        self, scenario: Scenario, *, seed: int = 1, replicate: int = 0, months: int = 3, start: str | None = None
    ) -> None:
        if reason := reason_against(scenario):
            raise _refusal(f"a game is played by the kernel, which cannot carry out {scenario.name}: {reason}")
        kernel = library()
        assert kernel is not None
        self.scenario, self.seed, self.replicate, self.months, self._kernel = scenario, seed, replicate, months, kernel
        self.first = scenario.start if start is None else parse_month(start)
        if not scenario.start <= self.first < scenario.end:
            raise _refusal(f"{start} is not a month of {scenario.name}")
        begun = start_of(kernel, scenario, range(replicate, replicate + 1), seed=seed)
        assert begun is not None
        self._plan, self._row, frame = begun.plan, replicate - begun.first, begun.rules.frame
        self.states: tuple[str, ...] = frame.names.states
        self._columns = [f"{name}:{of}" for name in layout.MONTHLY for of in measures.subjects(name, frame)]
        self.month = scenario.start
        self.block = kernel.begin(self._plan, self._row)
        while self.month < self.first:
            self._pass(None)
        self.turns: list[dict[str, dict[str, int]]] = []

    def _pass(self, imposed: np.ndarray | None) -> None:
        self.block, _ = self._kernel.step(self._plan, self._row, self.month, self.block, imposed)
        self.month += 1

    @property
    def over(self) -> bool:
        """Whether the story is at its end."""
        return self.month >= self.scenario.end

    def take(self, choices: Mapping[str, Mapping[str, int]]) -> None:
        """A turn: by player and other state 1 (cooperate), 0 (neutral) or -1 (confront); the rest is the model's.

        Raises:
            ValueError: somebody is no state, or a choice is none.
        """
        n = len(self.states)
        imposed = np.full((n, n), layout.CHOSEN_BY_ITSELF, np.int8)
        kept: dict[str, dict[str, int]] = {}
        for player, toward in choices.items():
            for other, choice in toward.items():
                if player not in self.states or other not in self.states or player == other:
                    raise ValueError(f"{player} toward {other}: two states of the world are needed")
                if choice not in (-1, 0, 1):
                    raise ValueError(f"{player} toward {other}: {choice!r} is none of -1, 0 and 1")
                imposed[self.states.index(player), self.states.index(other)] = choice
                kept.setdefault(player, {})[other] = int(choice)
        self.turns.append(kept)
        for _ in range(min(self.months, self.scenario.end - self.month)):
            self._pass(imposed if kept else None)

    def array(self, name: str) -> np.ndarray:
        """An array of the world as it is now, (n, n) or (n, ...)."""
        n = len(self.states)
        flat = layout.read(self.block, layout.SAVED)[name][0]
        return flat.reshape(n, -1)

    def measured(self) -> dict[str, float]:
        """The monthly measures as they are now, by ``measure:subject``."""
        row = layout.read(self.block, layout.SAVED)["measures"][0]
        return dict(zip(self._columns, row[: len(self._columns)].tolist()))

    def plain(self, yaml: str | None = None) -> dict[str, Any]:
        """The file of the game; ``yaml`` is the scenario's own file where it is no built-in one."""
        return {
            "form": FORM,
            "scenario": self.scenario.name,
            "yaml": yaml,
            "seed": self.seed,
            "replicate": self.replicate,
            "months": self.months,
            "from": format_month(self.first),
            "turns": self.turns,
            "trust": layout.read(self.block, layout.SAVED)["trust"][0].tolist(),
        }


def _refusal(text: str) -> ScenarioError:
    return ScenarioError([Problem(COMMAND_LINE, ("scenario",), text)])


def replay(game: Path | str | Mapping[str, Any], scenario: Scenario | None = None) -> bool:
    """Play a game's file again; whether trust ends at the same numbers, to the bit.

    Args:
        game: the file, or what is in it. It is untrusted, like a scenario.
        scenario: the story; None: that which the file names or holds.

    Raises:
        ValueError: it is no file of a game; the message says why.
        ScenarioError: its scenario has problems.
    """
    told: Any = game if isinstance(game, Mapping) else _read(Path(game))
    if not isinstance(told, Mapping) or told.get("form") != FORM or not isinstance(told.get("turns"), list):
        raise ValueError("this is no file of a game of this version")
    seed, replicate, months = (_whole(told.get(name)) for name in ("seed", "replicate", "months"))
    story, first = scenario or _scenario(told), str(told.get("from"))
    again = Game(story, seed=seed, replicate=replicate, months=max(1, months), start=first)
    for turn in told["turns"]:
        if again.over or not isinstance(turn, Mapping) or not all(isinstance(toward, Mapping) for toward in turn.values()):
            raise ValueError("a turn of this game is not one, or there are more than its story has room for")
        again.take(turn)
    return bool(again.plain()["trust"] == told.get("trust"))


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 10**9:
        raise ValueError("seed, replicate and months of a game are whole numbers from 0")
    return value


def _read(file: Path) -> Any:
    if file.stat().st_size > 10**7:
        raise ValueError(f"{file} is too large to be a game")
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file} is no file of a game: {error}") from None


def _scenario(told: Mapping[str, Any]) -> Scenario:
    if told.get("yaml") is None:
        name = str(told.get("scenario"))
        if not name.replace("_", "").isalnum():
            raise ValueError("the scenario of a game is named by letters, digits and `_`")
        return read(name)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "played.yaml"
        file.write_text(str(told["yaml"]), encoding="utf-8")
        return read(file)


def cooperation(player: str, before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """The usual reward: by how much mutual cooperation of the player with all others rose in the turn."""
    name = f"cooperation:{player}"
    return after[name] - before[name]


def parallel_env(
    scenario: Scenario,
    *,
    players: Sequence[str] | None = None,
    months: int = 3,
    start: str | None = None,
    replicate: int = 0,
    reward: Reward = cooperation,
) -> ParallelEnv:
    """A scenario as a PettingZoo ``ParallelEnv``.

    An action is a number of :data:`CHOICES` for each other state, in the order of the codes. An observation is a row of
    numbers: for each other state those of :data:`SEEN`; then the player's share of power, its vote, the largest threat that
    it perceives from a non-state actor, and how much of the story has passed. ``reset(seed=...)`` takes the seed of a run.

    Args:
        scenario: the story; the kernel has to cover it.
        players: the codes of the states that are played; None for all.
        months: in a turn.
        start: the month of the first turn; None for the scenario's first.
        replicate: which replicate's luck.
        reward: of a turn.

    Raises:
        ScenarioError: the kernel cannot carry it out.
        ValueError: a player is no state.
        ImportError: PettingZoo is not there: ``pip install 'entente-sim[env]'``.
    """
    from gymnasium import spaces
    from pettingzoo import ParallelEnv

    from sim.scenario.positions import names_of

    states = names_of(scenario).states
    agents = list(states if players is None else players)
    if strangers := [code for code in agents if code not in states]:
        raise ValueError(f"{', '.join(strangers)}: no states of {scenario.name}")
    n, most = len(states), 10.0
    see = spaces.Box(-most, most, ((n - 1) * len(SEEN) + 4,), np.float32)
    act = spaces.MultiDiscrete([len(CHOICES)] * (n - 1))

    class World(ParallelEnv):
        """One replicate of the scenario, played."""

        metadata = {"name": "entente_v0", "render_modes": []}  # noqa: RUF012  (as PettingZoo has it)

        def __init__(self) -> None:
            self.possible_agents, self.agents, self.render_mode = list(agents), list[str](), None
            self._spaces = {agent: (spaces.Box(see.low, see.high, dtype=np.float32), _fresh(act)) for agent in agents}
            self._seed, self.game = 1, Game(scenario, months=months, start=start, replicate=replicate)

        def observation_space(self, agent: str) -> Any:
            """What a player sees."""
            return self._spaces[agent][0]

        def action_space(self, agent: str) -> Any:
            """What a player can do."""
            return self._spaces[agent][1]

        def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict, dict]:
            """To the first turn; a seed is that of a run."""
            self._seed = self._seed if seed is None else seed
            self.game = Game(scenario, seed=self._seed, months=months, start=start, replicate=replicate)
            self.agents = list(agents)
            return self._see(), self._told()

        def step(self, actions: Mapping[str, Any]) -> tuple[dict, dict, dict, dict, dict]:
            """A turn."""
            before, words = self.game.measured(), list(CHOICES.values())
            choices = {}
            for agent, chosen in actions.items():
                others = [code for code in states if code != agent]
                own = {code: words[int(k)] for code, k in zip(others, chosen)}
                choices[agent] = {code: value for code, value in own.items() if value != layout.CHOSEN_BY_ITSELF}
            self.game.take(choices)
            after, over = self.game.measured(), self.game.over
            rewards = {agent: float(reward(agent, before, after)) for agent in self.agents}
            seen, told = self._see(), self._told()
            ends = dict.fromkeys(self.agents, False), dict.fromkeys(self.agents, over)
            self.agents = [] if over else self.agents
            return seen, rewards, *ends, told

        def save(self, file: Path | str) -> None:
            """Write the game so far; :func:`replay` plays it again."""
            from sim.results.atomic import write_file

            write_file(Path(file), json.dumps(self.game.plain()))

        def _told(self) -> dict[str, dict[str, Any]]:
            return {agent: {"month": format_month(self.game.month)} for agent in self.agents}

        def _see(self) -> dict[str, np.ndarray]:
            game = self.game
            trust, tie, action, crisis = (game.array(name) for name in ("trust", "tie", "action", "crisis"))
            threat = game.array("actor_threat").max(axis=1, initial=0.0)
            power, votes = game.array("capability")[:, 0], game.array("affinity")[:, 0]
            passed = (game.month - game.scenario.start) / game.scenario.steps
            found = {}
            for agent in self.agents:
                i = states.index(agent)
                others = np.arange(n) != i
                rows = (trust[i], trust[:, i], tie[i], action[i], action[:, i], crisis[i])
                pairs = np.stack([part[others] for part in rows], axis=1).ravel()
                row = np.concatenate([pairs, [power[i], votes[i], threat[i], passed]])
                found[agent] = np.clip(row, -most, most).astype(np.float32)
            return found

    def _fresh(space: Any) -> Any:
        return type(space)(space.nvec)

    return World()
