"""The non-state actors of a day and whom they reach: by land borders crossed from their host; assumed, as stated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.data.builder import curated as told
from sim.data.public import Pair, Row, read_table

BY_LAND = (1.0, 0.75, 0.5)
ELSEWHERE = 0.1
OF_STATE = {"USA": 0.4}


def actors_and_reach(
    curated: Path, day: str, states: Sequence[str], borders: dict[Pair, str]
) -> tuple[list[Row], list[Row]]:
    """The actors whose host is there, and the pairs of actor and state that differ from the defaults (reach .1, bias 1)."""
    actors = [row for row in told.in_force(curated / "actors.csv", day) if row["host"] in states]
    observed = list(read_table(curated / "observers.csv", ("actor", "state", "bias", "bias_basis", "bias_source")))
    observers = {(row["actor"], row["state"]): row for row in observed}
    near: dict[str, set[str]] = {code: {code} for code in states}
    for (a, b), kind in borders.items():
        if kind == "land":
            near[a].add(b)
            near[b].add(a)
    rows = []
    for actor in actors:
        host = actor["host"]
        rings = [{host}, near[host], set().union(*(near[code] for code in near[host]))]
        for code in states:
            reach = next((value for value, ring in zip(BY_LAND, rings) if code in ring), ELSEWHERE)
            reach = OF_STATE.get(code, reach) if code != host else reach
            seen = observers.get((actor["code"], code))
            if reach != ELSEWHERE or seen:
                bias = seen["bias"] if seen else "1"
                rows.append({"actor": actor["code"], "state": code, "reach": f"{reach:g}", "bias": bias})
    return actors, rows
