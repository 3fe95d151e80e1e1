"""Ablate: which events matter? The scenario again without each of them, replicate by replicate with the same luck.

An event's effect is the measure with all events less the measure without this one, at the end of one month. Before an
event both are the same to the bit, so that each counterfactual shares the scenario's past and only its future is
simulated. Effects taken one by one need not add up: where events act together, Shapley values share out the whole effect
of all events (with all, less with none) and add up to it. They are exact for ten events or fewer, from every subset;
beyond that each replicate draws orders of its own in which the events are taken away, and the error bars contain both
that and the luck of the replicates.
"""

from __future__ import annotations

from sim.questions.ablate.branches import shapley_of
from sim.questions.ablate.effects import ANSWER, Ablation, Effect, ablate, answer_in, digest_of, folder_of, write
from sim.questions.ablate.plan import CannotAblate, Player

__all__ = [
    "ANSWER",
    "Ablation",
    "CannotAblate",
    "Effect",
    "Player",
    "ablate",
    "answer_in",
    "digest_of",
    "folder_of",
    "shapley_of",
    "write",
]
