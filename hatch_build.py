"""Compiles the kernel while the package is installed: for this machine, for wheels and editable installs alike.

It takes seconds. A library of the same sources is used again. Where nothing can be compiled the package is installed
without it, and runs with numpy. ENTENTE_BUILD=0 in the environment leaves it out.
"""

from __future__ import annotations

import os
import runpy
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KernelHook(BuildHookInterface):
    """Puts the library into sim/kernel/built/, and that into the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the wheel is packed; ``version`` is `standard` or `editable`."""
        if os.environ.get("ENTENTE_BUILD") == "0":
            return
        build = runpy.run_path(str(Path(self.root) / "sim" / "kernel" / "build.py"))
        folder = Path(self.root) / "sim" / "kernel" / "built"
        try:
            library = build["build"](folder)
        except build["CannotBuild"] as error:
            self.app.display_warning(f"the kernel is not compiled, and runs will go on with numpy: {error}")
            return
        for other in folder.iterdir():  # of earlier sources
            if other != library and other.suffix in (".so", ".dylib", ".dll"):
                other.unlink()
        if version == "standard":
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
            build_data["artifacts"].append(f"sim/kernel/built/{library.name}")
