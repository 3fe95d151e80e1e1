"""Views of the world's arrays by name, for agents: read-only, over all replicates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np


class Row(Mapping[str, np.ndarray]):
    """One row of an array by the others' names: ``row["PAK"]`` has shape (R,), or (R, months) in a history."""

    def __init__(self, array: np.ndarray, names: Sequence[str], own: str = "") -> None:
        """``array`` has the others, called ``names``, on its last axis; ``own`` is left out."""
        self._array, self._names, self._own = array.view(), tuple(names), own
        self._array.flags.writeable = False

    @property
    def array(self) -> np.ndarray:
        """All of it at once, others on the last axis in the order of their codes; a state's own column is included."""
        return self._array

    def __getitem__(self, name: str) -> np.ndarray:
        """Values toward one other.

        Raises:
            KeyError: there is no such other; the message lists them.
        """
        return self._array[..., self._at(name)]

    def mean(self, names: Iterable[str]) -> np.ndarray:
        """Mean over some of the others; oneself is left out, and over nobody it is 0."""
        at = [self._at(name) for name in names if name != self._own]
        return self._array[..., at].mean(-1) if at else np.zeros(self._array.shape[:-1])

    def _at(self, name: str) -> int:
        if name not in self._names or name == self._own:
            raise KeyError(f"{name!r} is not one of {', '.join(self)}")
        return self._names.index(name)

    def __iter__(self) -> Iterator[str]:
        """The others' names."""
        return (name for name in self._names if name != self._own)

    def __len__(self) -> int:
        """How many others there are."""
        return len(self._names) - (self._own in self._names)

    def __repr__(self) -> str:
        """Medians over replicates (of a history: over months too)."""
        form = "+.2f" if self._array.dtype.kind == "f" else "g"
        return "{" + ", ".join(f"{name}: {np.median(self[name]):{form}}" for name in self) + "}"


def months_of(bits: np.ndarray, months: int) -> np.ndarray:
    """A memory of one bit a month as truth values, shape (R, months, n), the oldest month first."""
    back = np.arange(months - 1, -1, -1).astype(bits.dtype)
    return (bits[:, None, :] >> back[None, :, None] & bits.dtype.type(1)).astype(bool)
