"""The limit: the kernel's own source, compiled for this machine and for speed alone.

Wide registers of whatever width there is, sums in any order, multiplication and addition in one, the C library's exponential
and logarithm: what is left of the distance to it is the price of having the same bits everywhere.
"""

from __future__ import annotations

from pathlib import Path

from sim.kernel.build import compile_to, digest

FLAGS = ("-march=native", "-ffast-math", "-ffp-contract=fast", "-DENTENTE_LIMIT", "-Wl,--no-as-needed", "-lmvec", "-lm")
ROOT = Path(__file__).resolve().parent.parent


def library() -> Path:
    """The compiled library, made where it is not there.

    Raises:
        CannotBuild: gcc is not there, or refuses.
    """
    target = ROOT / "build" / f"limit-{digest()}.so"
    if not target.is_file():
        compile_to(target, ["gcc"], wide="native", more=FLAGS)
    return target
