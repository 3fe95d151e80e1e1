"""Do the Mesa models simulate the engine's model?

They have luck of their own: a reading agrees where the difference of the means over replicates is within what their spread
allows. That kernel and numpy agree value by value is ``python -m tests.kernel``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.mesa_by_the_book import StatesModel
from benchmarks.mesa_with_arrays import ArraysModel
from benchmarks.worlds import Size, scenario_of
from sim.mechanisms.trust import ACCOUNTS
from sim.scenario import Scenario
from sim.simulation.ensemble import simulate
from sim.start.world import begin
from sim.world import CONFRONT, COOPERATE, DEFENCE, EAST, NON_ALIGNED, WEST

ALLOWED = 4.0
"""Standard errors by which two means may differ: with some sixty readings, chance passes it once in 250 tables."""


def _of_engine(scenario: Scenario, replicates: int) -> dict[str, np.ndarray]:
    """Readings at the end of the engine's runs, shape (R,) each."""
    run = simulate(scenario, replicates=replicates, save="all")
    end = {f"{name}:{who}": s.values[:, -1, k] for name, s in run.series.items() for k, who in enumerate(s.subjects)}
    trust, action = run.dyads["trust"][:, -1], run.dyads["action"][:, 1:]
    n = trust.shape[-1]
    readings = {
        name: end[name]
        for name in end
        if name.split(":")[0] in ("cooperation", "crises", "strength", "ties")
        and name.split(":")[1] not in run.scenario.sets
    }
    readings |= {f"bloc_size:{side}": end[f"bloc_size:{side}"] for side in ("none", "East", "West")}
    readings |= {name: end[name] for name in end if name.startswith("trust:")}
    readings["mean trust"] = trust.sum((-1, -2)) / (n * (n - 1))
    readings["spread of trust"] = trust.std((-1, -2))
    readings["spread of affinity"] = run.states["affinity"][:, -1].astype(float).std(-1)
    readings["mean threat"] = run.series["threat"].values[:, -1].mean(-1)
    readings["share of cooperation, last month"] = (action[:, -1] == COOPERATE).sum((-1, -2)) / (n * (n - 1))
    readings["share of confrontation, last month"] = (action[:, -1] == CONFRONT).sum((-1, -2)) / (n * (n - 1))
    booked = run.ledger_by_replicate.sum(2).sum((-1, -2)) / (n * (n - 1))
    readings |= {f"ledger:{account}": booked[:, k] for k, account in enumerate(run.ledger.accounts)}
    return readings


def _of_mesa(kind: Callable, read: Callable, scenario: Scenario, replicates: int) -> dict[str, np.ndarray]:
    world, rules, _ = begin(scenario, range(replicates), seed=2)
    rows = []
    for k in range(replicates):
        model = kind(scenario, world.select(slice(k, k + 1)), rules, seed=k)
        for _ in range(scenario.steps):
            model.step()
        rows.append(read(model, scenario))
        model.remove_all_agents()
    return {name: np.array([row[name] for row in rows], float) for name in rows[0]}


def _read_book(m: StatesModel, scenario: Scenario) -> dict[str, float]:
    codes = [state.code for state in m.states]
    n = len(codes)
    toward = {
        name: np.array([[getattr(s, name).get(c, 0) for c in codes] for s in m.states])
        for name in ("trust", "action", "tie", "cooperation_months", "crisis_months")
    }
    sides = [m.side(state) for state in m.states]
    booked = {term: sum(sum(s.ledger[term].values()) for s in m.states) for term in next(iter(m.states)).ledger}
    strength = {actor.code: actor.fighters for actor in m.actors}
    readings = {f"cooperation:{name}": m.mean_cooperation(members) for name, members in m.members.items()}
    return (
        readings
        | _common(toward, codes, scenario, sides, strength)
        | {
            "spread of affinity": np.std([s.affinity for s in m.states]),
            "mean threat": np.mean([s.fear for s in m.states]),
            **{f"ledger:{term}": total / (n * (n - 1)) for term, total in booked.items()},
        }
    )


def _read_arrays(m: ArraysModel, scenario: Scenario) -> dict[str, float]:
    codes = sorted(row["code"] for row in scenario.tables.states)
    organisations = sorted(row["code"] for row in scenario.tables.organisations)
    actors = sorted(row["code"] for row in scenario.tables.actors)
    n = m.n
    names = ("trust", "action", "tie", "cooperation_months", "crisis_months")
    within = m.within(m.share, m.groups)[1:]
    readings = {f"cooperation:{name}": within[k] for k, name in enumerate(organisations)}
    strength = dict(zip(actors, m.strength.sum(-1)))
    return (
        readings
        | _common({k: getattr(m, k) for k in names}, codes, scenario, list(m.side), strength)
        | {
            "spread of affinity": m.affinity.std(),
            "mean threat": m.fear.mean(),
            **{f"ledger:{term}": m.ledger[k].sum() / (n * (n - 1)) for k, term in enumerate(ACCOUNTS)},
        }
    )


def _common(
    toward: dict[str, np.ndarray], codes: list[str], scenario: Scenario, sides: list[int], strength: dict[str, float]
) -> dict[str, float]:
    """Readings of matrices (n, n)."""
    n = len(codes)
    share = np.bitwise_count(toward["cooperation_months"].astype(np.uint16)) / 12
    year = np.bitwise_count(toward["crisis_months"].astype(np.uint64) & np.uint64(2**12 - 1))
    pairs = n * (n - 1)
    readings = {
        "cooperation:world": share.sum() / pairs,
        "crises:world": year.sum() / 2,
        "ties:world": (toward["tie"] == DEFENCE).sum() / pairs,
    }
    readings |= {f"cooperation:{code}": share[k].sum() / (n - 1) for k, code in enumerate(codes)}
    for pair in scenario.watch:
        a, b = sorted(pair)
        i, j = codes.index(a), codes.index(b)
        readings |= {
            f"cooperation:{a}-{b}": share[i, j],
            f"crises:{a}-{b}": year[i, j],
            f"trust:{a}>{b}": toward["trust"][i, j],
            f"trust:{b}>{a}": toward["trust"][j, i],
        }
    readings |= {f"strength:{code}": value for code, value in strength.items()}
    readings |= {f"bloc_size:{name}": sides.count(k) for name, k in (("none", NON_ALIGNED), ("East", EAST), ("West", WEST))}
    action, trust = toward["action"], toward["trust"]
    return readings | {
        "mean trust": trust.sum() / pairs,
        "spread of trust": trust.std(),
        "share of cooperation, last month": (action == COOPERATE).sum() / pairs,
        "share of confrontation, last month": (action == CONFRONT).sum() / pairs,
    }


MESA = {"Mesa by the book": (StatesModel, _read_book), "Mesa with arrays": (ArraysModel, _read_arrays)}


def with_mesa(
    title: str, size: Size, replicates: int, story: Scenario | None = None
) -> list[tuple[str, float, float, float]]:
    """Each reading at the end: mean of the engine's runs, of the other's, and the difference in standard errors.

    Args:
        title: a key of ``MESA``.
        size: of the engine's runs.
        replicates: of the other.
        story: what the other simulates, if not the same (to see that a difference shows).
    """
    scenario = scenario_of(size)
    kind, read = MESA[title]
    ours, theirs = _of_engine(scenario, size.replicates), _of_mesa(kind, read, story or scenario, replicates)
    rows = []
    for name, other in theirs.items():
        mine = ours[name].astype(float)
        error = np.sqrt(mine.var(ddof=1) / len(mine) + other.var(ddof=1) / len(other))
        gap = other.mean() - mine.mean()
        rows.append((name, mine.mean(), other.mean(), gap / error if error > 0 else 0.0 if abs(gap) < 1e-12 else np.inf))
    return rows
