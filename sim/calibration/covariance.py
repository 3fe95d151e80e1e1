"""How sure statistics of pairs of states are, where pairs that share a state are not independent.

A statistic is known by its influences: what each pair, or each state, adds to its error. Their covariance counts every two
pairs that share a state (Aronow, Samii and Assenova 2015), is as much wider as the jackknife over states makes it (a state
left out takes two n-ths of the pairs along), and is never taken for smaller than that of independent pairs.
"""

from __future__ import annotations

import numpy as np


def of_pairs(i: np.ndarray, j: np.ndarray, influences: np.ndarray, of_states: np.ndarray, count: int) -> np.ndarray:
    """The covariance of statistics of pairs and then of states.

    Args:
        i: first state of each pair, (pairs,); a pair may be there in both directions.
        j: second state.
        influences: (pairs, statistics of pairs).
        of_states: (count, statistics of states).
        count: how many states there are.

    Returns:
        shape (statistics, statistics), those of pairs first; positive semidefinite.
    """
    wide, narrow = influences.shape[1], of_states.shape[1]
    low, high = np.minimum(i, j), np.maximum(i, j)
    known, place = np.unique(low * count + high, return_inverse=True)
    pairs = np.zeros((len(known), wide))
    np.add.at(pairs, place, influences)
    first = np.zeros(len(pairs), int)
    second = np.zeros(len(pairs), int)
    first[place], second[place] = low, high
    states = np.zeros((count, wide + narrow))
    for end in (first, second):
        np.add.at(states[:, :wide], end, pairs)
    states[:, wide:] = of_states
    found = states.T @ states
    found[:wide, :wide] -= pairs.T @ pairs
    active = max(active_in(i, j, of_states), 4)
    wider = np.repeat([active / (active - 2), active / (active - 1)], [wide, narrow])  # as leaving each state out would
    found *= np.outer(wider, wider)
    alone = np.zeros(wide + narrow)
    alone[:wide], alone[wide:] = (pairs**2).sum(axis=0), (of_states**2).sum(axis=0)
    return _proper(found, alone)


def active_in(i: np.ndarray, j: np.ndarray, of_states: np.ndarray) -> int:
    """How many states have a part in any of the statistics."""
    chosen = (of_states != 0).any(axis=1) if of_states.shape[1] else np.zeros(len(of_states), bool)
    return len(np.union1d(np.union1d(i, j), np.flatnonzero(chosen)))


def _proper(found: np.ndarray, alone: np.ndarray) -> np.ndarray:
    """The nearest covariance that is one, with no variance below that of independent pairs."""
    own = np.sqrt(np.maximum(np.diag(found), 1e-300))
    values, vectors = np.linalg.eigh(found / np.outer(own, own))
    whole = (vectors * np.maximum(values, 0)) @ vectors.T * np.outer(own, own)
    wider = np.sqrt(np.maximum(alone / np.maximum(np.diag(whole), 1e-300), 1))
    return whole * np.outer(wider, wider)
