"""``python -m sim.kernel build`` compiles the kernel, ``build --all [FOLDER]`` makes wheels for five platforms, ``wasm
FOLDER`` the one for browsers; ``generate`` renews what its sources share with Python."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.kernel.build import CannotBuild, build, build_wasm

USAGE = "usage: python -m sim.kernel build | build --all [FOLDER] | wasm FOLDER | generate"


def main(words: list[str]) -> int:
    """One command."""
    if words == ["build"]:
        try:
            print(build())
        except CannotBuild as error:
            print(f"the kernel cannot be compiled, and runs go on with numpy: {error}", file=sys.stderr)
            return 2
        return 0
    if words[:2] == ["build", "--all"] and len(words) <= 3:
        from sim.kernel.wheels import build_all

        try:
            print("\n".join(map(str, build_all(Path(words[2] if len(words) > 2 else "dist")))))
        except CannotBuild as error:
            print(error, file=sys.stderr)
            return 2
        return 0
    if words[:1] == ["wasm"] and len(words) == 2:
        try:
            print(build_wasm(Path(words[1])))
        except CannotBuild as error:
            print(error, file=sys.stderr)
            return 2
        return 0
    if words == ["generate"]:
        from sim.kernel import generate

        print("\n".join(map(str, generate.write())) or "up to date")
        return 0
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
