"""The kernel for pages: compiled by whoever changes it, and part of the package, so that nobody else needs a compiler."""

from __future__ import annotations

from pathlib import Path

from sim.kernel.build import CannotBuild, build_wasm, cache_folder, digest

FOLDER = Path(__file__).parent / "built"
COMMAND = "python -m sim.workbench"


class NotFresh(RuntimeError):
    """The package's kernel for pages is not that of its sources; the message says what to do."""


def find() -> Path:
    """The kernel for pages of these sources, of the package or of the user's cache.

    Raises:
        NotFresh: there is none.
    """
    name = f"kernel-{digest()}.wasm"
    for folder in (FOLDER, cache_folder()):
        if (folder / name).is_file():
            return folder / name
    raise NotFresh(f"the kernel for pages is of other sources; run `{COMMAND}` (it needs zig: `pip install ziglang`)")


def build() -> Path:
    """Compile the kernel for pages into the package, in place of that of earlier sources.

    Raises:
        CannotBuild: there is no zig, or it failed.
    """
    made = build_wasm(FOLDER)
    made.chmod(0o644)
    for other in FOLDER.glob("kernel-*.wasm"):
        if other != made:
            other.unlink()
    return made


__all__ = ["COMMAND", "FOLDER", "CannotBuild", "NotFresh", "build", "find"]
