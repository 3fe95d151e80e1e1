"""Score the printed prediction for seventeen European nations in 1936 against the sides they took in the war.

    python examples/landscape/score_1936.py

Sizes, the two predicted configurations and the actual sides are those of table 1 of Axelrod and Bennett (1993). Their
propensities were never printed in full, so this compares a published prediction with history; it does not make the
prediction again.
"""

from __future__ import annotations

import csv
from pathlib import Path

from sim.landscape.model import Score, score

NATIONS = Path(__file__).parent / "nations_1936" / "nations.csv"


def scores() -> dict[str, Score]:
    """Both configurations, each compared with the actual sides."""
    with NATIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    actors, sizes = [row["actor"] for row in rows], [float(row["size"]) for row in rows]
    actual = {row["actor"]: row["actual"] for row in rows}
    columns = ("configuration_1", "configuration_2")
    return {name: score(actors, sizes, [int(row[name]) for row in rows], actual) for name in columns}


if __name__ == "__main__":
    for name, found in scores().items():
        print(f"{name.replace('_', ' ')}: {found.share:.1%} of size right; wrong: {', '.join(found.wrong)}")
