"""Where the files that come with the package are: beside it in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

NOT_SCENARIOS = ("sweeps", "compare", "explain", "ablate")
"""Folders of results that hold no runs, and so names that no scenario can have."""
_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    places = (_PACKAGE.parent / name, _PACKAGE / "_data" / name)
    # A checkout is known by its pyproject.toml, so that a stray `conf` in site-packages is never mistaken for ours.
    if (_PACKAGE.parent / "pyproject.toml").is_file() and places[0].is_dir():
        return places[0]
    if places[1].is_dir():
        return places[1]
    raise FileNotFoundError(
        f"the folder {name!r} that belongs to the package is missing; looked at {places[0]} and {places[1]}. "
        "Install the package again."
    )


def conf() -> Path:
    """The folder with ``config.yaml`` and the named sweeps.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    return _folder("conf")


def scenarios() -> Path:
    """The folder of the built-in scenarios; the starting worlds are in its ``worlds``.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    return _folder("scenarios")
