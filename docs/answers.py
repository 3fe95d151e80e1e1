"""Write docs/answers.md: what moves the answer to each built-in question, the change, the estimated parameters or chance.

    python docs/answers.py

Every scenario that has a baseline is compared with it, 200 pairs of replicates of seed 1. Runs go into a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from sim import compare, run
from sim.questions.compare.answer import parameters_share
from sim.questions.compare.difference import within
from sim.questions.compare.selection import headline
from sim.results.shares import drawn, share_of, table_behind
from sim.scenario import names, read

PAGE = Path(__file__).with_name("answers.md")
REPLICATES = 200
HEAD = """# What moves an answer

Written by `python docs/answers.py`; do not edit. Each scenario that has a baseline, beside it: 200 pairs of replicates,
seed 1, and the series in which the change shows most. *Change* is the mean paired difference. *Parameters* and *chance* are
standard deviations of the level between replicates, split by a linear regression on the parameters that are estimated and
differ between them ([calibration.md](calibration.md)); what is assumed is the same in all, and not in it.
*Of the difference* is the share of the variance between pairs that goes with these parameters, with its 90 % interval.
The largest of the three says what an answer depends on most.

| scenario, against | series | level | change | parameters | chance | largest | of the difference |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""
NOTE = """
A change that is smaller than chance is still known well, since both stories share their luck: see the interval that
`compare` prints. What the assumed numbers do is asked by `compare A B --robust`.
"""


def row(name: str, baseline: str, results: Path) -> str:
    """A row of the table."""
    options = {"replicates": REPLICATES, "seed": 1, "results": results}
    c = compare(run(name, **options), run(baseline, **options))
    d = headline(c).difference
    times, mine, _ = c.values(d.measure, d.subject)
    level = mine[:, within(times, d.span)].mean(axis=1)
    table = table_behind(c.a.manifest)
    share = share_of(level, drawn(table, 1, len(level))) if table is not None else None
    of_parameters = share.share if share else 0.0
    spread = level.std(ddof=1)
    sizes = {
        "change": abs(d.effect.mean),
        "parameters": spread * np.sqrt(of_parameters),
        "chance": spread * np.sqrt(1 - of_parameters),
    }
    largest = max(sizes, key=lambda key: sizes[key])
    of_difference = parameters_share(c, d)
    cells = [
        f"`{name}`, `{baseline}`",
        f"{d.measure} {d.subject}",
        f"{level.mean():.3g}",
        f"{d.effect.mean:+.2g}",
        f"{sizes['parameters']:.2g}" if table is not None else "-",
        f"{sizes['chance']:.2g}",
        largest,
        of_difference.said() if of_difference else "-",
    ]
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    """Simulate, compare and write."""
    pairs = [(name, read(name).baseline) for name in names()]
    with tempfile.TemporaryDirectory() as place:
        rows = [row(name, baseline, Path(place)) for name, baseline in pairs if baseline and baseline != name]
    PAGE.write_text(HEAD + "\n".join(rows) + "\n" + NOTE, encoding="utf-8", newline="\n")
    print(f"wrote {PAGE.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
