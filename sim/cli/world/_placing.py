"""What the sub-verbs that write a world share: its name, and how it gets into place."""

from __future__ import annotations

import re
from pathlib import Path

from sim.cli.arguments import Refusal

NAME = re.compile(r"[A-Za-z0-9]\w*\Z", re.ASCII)


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a world.

    Raises:
        Refusal: it is none.
    """
    if not NAME.match(name):
        raise Refusal(f"{name!r} is not a name for a world; use letters, digits and _")


def place(made: dict[str, bytes], name: str, out: Path | None = None, *, replace: bool = False) -> Path:
    """Write a world into a folder of scenarios (default: this one), whole or not at all; its head's path.

    Raises:
        Refusal: it cannot be written.
    """
    from sim.worlds import files

    try:
        return files.place(made, name, out or Path(), replace=replace)
    except OSError as error:
        raise Refusal(f"cannot write worlds/{name}: {error.strerror or error}") from None
