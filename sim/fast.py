"""Compiled kernels, an extra: `pip install 'entente-sim[fast]'`, then `python -m sim.fast` once.

That command compiles :mod:`sim.compiled` with numba and keeps the machine code in a folder of the user's cache. A run
uses what it finds there and never compiles: without numba, without the folder, after another version of anything, or
with ENTENTE_FAST=0 in the environment the numpy twins do the work. Loading numba takes as long as simulating a few
thousand replicate-months, so small runs do without as well, unless ENTENTE_FAST=1.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType

from sim import kernels

ENOUGH = 50_000_000
"""Dyads times months times replicates from which it pays to load numba."""
_MARK = "compiled"
_MECHANISMS = ("anchor", "crisis", "decision", "threat", "trust")
_SOURCES = ("compiled/*.py", "quantile.py", *(f"mechanisms/{name}.py" for name in _MECHANISMS))
"""What is compiled; another version of it is compiled anew."""


def folder() -> Path | None:
    """Where the machine code for this machine and these versions is kept, or would be; None without numba."""
    try:
        versions = [version(name) for name in ("numba", "llvmlite", "numpy")]
    except PackageNotFoundError:
        return None
    files = [path for name in _SOURCES for path in sorted(Path(__file__).parent.glob(name))]
    sources = [path.read_bytes().replace(b"\r\n", b"\n") for path in files]
    about = [*versions, platform.python_version(), platform.machine(), platform.node()]
    about += [hashlib.sha256(source).hexdigest() for source in sources]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "entente" / hashlib.sha256("\n".join(about).encode()).hexdigest()[:16]


def ready() -> bool:
    """Whether the kernels were compiled for this machine and these versions."""
    if os.environ.get("ENTENTE_FAST") == "0":
        return False
    place = folder()
    return place is not None and (place / _MARK).is_file()


def use(work: int) -> bool:
    """Use the compiled kernels from now on, where they are ready and the work is worth it.

    Args:
        work: dyads times months times replicates to be simulated.
    """
    wanted = work >= ENOUGH or os.environ.get("ENTENTE_FAST") == "1"
    kernels.in_use = _load() if wanted and ready() else None
    return kernels.in_use is not None


@cache
def _load() -> ModuleType:
    """The compiled module, its machine code taken from the folder or put there."""
    import numba

    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder())
    try:
        return import_module("sim.compiled")
    finally:
        numba.config.CACHE_DIR = before


def main() -> int:
    """Compile, and say where."""
    place = folder()
    if place is None:
        print("numba is not installed; pip install 'entente-sim[fast]'", file=sys.stderr)
        return 2
    print("compiling; about ten seconds", file=sys.stderr)
    place.mkdir(parents=True, exist_ok=True)
    _load()
    (place / _MARK).touch()
    print(place)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
