"""The command line of `run`: Hydra composes options, scenario and changes; the rest of the package sees plain values.

This folder is the only place that imports hydra or omegaconf, and it does so when :func:`compose` is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.config.options import RunConfig

__all__ = ["RunConfig", "compose"]


def compose(argv: Sequence[str], task: Callable[[RunConfig], int], *, prog: str = "sim run") -> int:
    """Compose a command line and call ``task`` with the checked result, once, or once a job with ``-m``.

    Args:
        argv: the words after the verb: overrides such as ``seed=2`` and Hydra's flags.
        task: gets a :class:`RunConfig`, returns an exit status.
        prog: what the command is called in messages.

    Returns:
        the task's exit status (with ``-m`` the largest); 2 when the command line or the scenario cannot be used: then
        one message is on stderr and nothing was written.
    """
    from sim.config.command import run

    return run(list(argv), task, prog)
