"""``python -m sim.workbench``: compile the kernel for pages again, after a change of its sources."""

from __future__ import annotations

import sys

from sim.workbench.wasm import CannotBuild, build

if __name__ == "__main__":
    try:
        print(build())
    except CannotBuild as error:
        sys.exit(str(error))
