"""Wheels for five platforms from one machine: one wheel without a kernel is built, and each gets the kernel of its own."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from sim.kernel.build import TARGETS, CannotBuild, build_for

CHECKOUT = Path(__file__).parents[2]
INSIDE = "sim/kernel/built"


def build_all(folder: Path, names: tuple[str, ...] = tuple(TARGETS)) -> list[Path]:
    """A wheel for each platform, in a folder.

    Args:
        folder: where they go.
        names: keys of :data:`sim.kernel.build.TARGETS`.

    Raises:
        CannotBuild: this is no checkout, or zig or the build failed.
    """
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise CannotBuild("wheels are built from a checkout of the sources")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = _plain(Path(scratch))
        return [_with_kernel(plain, name, folder, Path(scratch) / name) for name in names]


def _plain(folder: Path) -> Path:
    """The wheel without a kernel."""
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(CHECKOUT)]
    done = subprocess.run(command, env={**os.environ, "ENTENTE_BUILD": "0"}, capture_output=True, text=True, check=False)
    made = list(folder.glob("*.whl"))
    if done.returncode or len(made) != 1:
        raise CannotBuild(f"{' '.join(command)} failed:\n{(done.stderr or done.stdout)[-1500:]}")
    return made[0]


def _with_kernel(plain: Path, name: str, folder: Path, scratch: Path) -> Path:
    """A copy of the plain wheel with the libraries of a platform, its tag, and a record of what is in it."""
    tag = f"py3-none-{TARGETS[name].tag}"
    stem = plain.name.removesuffix("py3-none-any.whl")
    libraries = {f"{INSIDE}/{path.name}": path.read_bytes() for path in build_for(name, scratch)}
    target = folder / f"{stem}{tag}.whl"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        content = {info.filename: old.read(info) for info in old.infolist() if not info.filename.startswith(INSIDE)}
        about = next(one for one in content if one.endswith(".dist-info/WHEEL"))
        record = about.replace("/WHEEL", "/RECORD")
        text = content[about].decode().replace("Root-Is-Purelib: true", "Root-Is-Purelib: false")
        content[about] = text.replace("Tag: py3-none-any", f"Tag: {tag}").encode()
        del content[record]
        content |= libraries
        lines = [f"{one},sha256={_hash(data)},{len(data)}" for one, data in content.items()]
        content[record] = "\n".join([*lines, f"{record},,", ""]).encode()
        for one, data in content.items():
            new.writestr(zipfile.ZipInfo(one, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return target


def _hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
