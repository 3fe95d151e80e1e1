"""The command line of `run`: Hydra composes options, scenario and changes; the rest of the package sees plain values.

This folder is the only place that imports hydra or omegaconf, and it does so when :func:`compose` is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sim.cli.hydra.options import RunConfig

if TYPE_CHECKING:
    from sim.cli.hydra.request import SweepRequest

__all__ = ["RunConfig", "compose"]


def compose(
    argv: Sequence[str],
    task: Callable[[RunConfig], int],
    *,
    sweep: Callable[[SweepRequest], int] | None = None,
    prog: str = "sim run",
) -> int:
    """Compose a command line and call ``task`` with the checked result, or ``sweep`` with all of a sweep (``-m``).

    Args:
        argv: the words after the verb: overrides such as ``seed=2`` and Hydra's flags.
        task: gets a :class:`RunConfig`, returns an exit status.
        sweep: gets a :class:`SweepRequest`, returns an exit status; None where a sweep makes no sense.
        prog: what the command is called in messages.

    Returns:
        the exit status of what was called; 2 when the command line or the scenario cannot be used: then one message is
        on stderr and nothing was written.
    """
    from sim.cli.hydra.command import run

    return run(list(argv), task, sweep, prog)
