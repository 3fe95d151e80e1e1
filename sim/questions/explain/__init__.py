"""Explain: what moved trust between two states, account by account, from the ledger of a finished run.

Every month the trust equation books each of its terms, averaged over replicates. Between two months the accounts add up
to the change of mean trust, and that is checked each time. Means are shown and not medians, because medians do not add.
With two runs the same terms explain the difference between them: first minus second.
"""

from __future__ import annotations

from sim.questions.explain.events import Part
from sim.questions.explain.ledger import MEANING, CannotExplain, Explanation, explain, write

__all__ = ["MEANING", "CannotExplain", "Explanation", "Part", "explain", "write"]
