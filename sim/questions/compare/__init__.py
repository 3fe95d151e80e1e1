"""Compare runs: what a change of the story did, how sure that is, where it began, and what the change was.

Runs of one seed share their luck, replicate by replicate, so the difference of a pair is what the change did and nothing
else. Everything is read from the folders of finished runs.

    from sim.questions.compare import compare
    c = compare("results/sco_expansion/1a2b3c4d5e6f", "results/no_expansion/5e6f1a2b3c4d")
    c.of("cooperation", "eight").at()          # median, intervals, share of pairs below zero, at the end
    c.first, c.changes                         # the first month that differs; what the two stories do otherwise
"""

from __future__ import annotations

from sim.questions.compare.difference import Difference
from sim.questions.compare.pairing import CannotPair, Comparison, compare, compare_all
from sim.questions.compare.story import Change
from sim.questions.compare.writing import open_comparison, write

__all__ = ["CannotPair", "Change", "Comparison", "Difference", "compare", "compare_all", "open_comparison", "write"]
