"""Compiles the kernel for the machine at hand, and finds one that was compiled before.

A library bears the digest of its sources in its name, so that a change of them asks for another. It lies in the package
(``built/``, put there at installation) or in the user's cache. Nothing is compiled unless it is asked for: at installation,
or by ``python -m sim.kernel build``. This module imports nothing of the package, since the build hook uses it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SOURCES, BUILT = HERE / "src", HERE / "built"
FLAGS = (
    "-std=c11",
    "-O3",
    "-ffp-contract=off",  # no multiplication and addition in one: it rounds once where others round twice
    "-fno-trapping-math",  # these two change no number: nobody looks at the machine's flags or at errno
    "-fno-math-errno",
    "-fvisibility=hidden",
    "-Wall",
    "-Wextra",
    "-Wno-psabi",
)
_SUFFIX = {"Windows": ".dll", "Darwin": ".dylib"}


class CannotBuild(RuntimeError):
    """There is no compiler, or it failed; the message says which and what to do."""


@cache
def digest() -> str:
    """Sixteen hexadecimal digits over the sources and how they are compiled."""
    files = sorted(path for path in SOURCES.iterdir() if path.suffix in (".c", ".h"))
    text = [path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") for path in files]
    return hashlib.sha256(b"\0".join([*text, " ".join(FLAGS).encode()])).hexdigest()[:16]


@cache
def level() -> str:
    """What processor to compile for: x86-64-v3 where this one has it, else the least of its kind. The bits are the same."""
    machine = platform.machine().lower()
    if machine in ("x86_64", "amd64") and sys.platform == "linux":
        try:
            text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return machine
        flags = next((set(line.split()) for line in text.splitlines() if line.startswith("flags")), set())
        if {"avx", "avx2", "bmi1", "bmi2", "fma", "f16c", "movbe"} <= flags:
            return "x86-64-v3"
    return machine


def library_name(wide: str | None = None) -> str:
    """The file name of the library for a level; by default this machine's."""
    return f"kernel-{sys.platform}-{wide or level()}-{digest()}{_SUFFIX.get(platform.system(), '.so')}"


def cache_folder() -> Path:
    """Where a library lies that was built after installation."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "entente"


def find() -> Path | None:
    """The library for this machine and these sources, if there is one; ENTENTE_KERNEL in the environment names another."""
    if named := os.environ.get("ENTENTE_KERNEL"):
        return Path(named)
    for folder in (BUILT, cache_folder()):
        for wide in dict.fromkeys((level(), platform.machine().lower())):
            if (folder / library_name(wide)).is_file():
                return folder / library_name(wide)
    return None


def compilers() -> dict[str, list[str]]:
    """The C compilers that are there, by name, in the order in which they are tried: CC, cc, gcc, clang, zig."""
    named = [os.environ.get("CC") or "", "cc", "gcc", "clang"]
    found = {name: name.split() for name in named if name and shutil.which(name.split()[0])}
    if shutil.which("zig"):
        found["zig"] = ["zig", "cc"]
    elif importlib.util.find_spec("ziglang") is not None:
        found["zig"] = [sys.executable, "-m", "ziglang", "cc"]
    return found


def compile_to(target: Path, compiler: list[str], wide: str | None = None, more: tuple[str, ...] = ()) -> None:
    """Compile the kernel to a file, which appears whole or not at all.

    Raises:
        CannotBuild: the compiler failed; the message has its last words.
    """
    wide = wide or level()
    zig = "zig" in compiler[0] or compiler[1:] == ["-m", "ziglang", "cc"]
    march = [f"-march={wide.replace('-', '_') if zig else wide}"] if wide.startswith("x86-64-v") else []
    if zig and not march:
        march = ["-mcpu=baseline"]
    shared = ["-shared"] + ([] if platform.system() == "Windows" else ["-fPIC"])
    _compile(target, [*compiler, *FLAGS, *march, *shared, *more])


def _compile(target: Path, command: list[str]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as folder:
        out = Path(folder) / target.name
        files = [str(path) for path in sorted(SOURCES.glob("*.c"))]
        try:
            done = subprocess.run([*command, *files, "-o", str(out)], capture_output=True, text=True, timeout=600)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotBuild(f"{command[0]} could not be run: {error}") from error
        if done.returncode != 0 or not out.is_file():
            said = "\n".join(done.stderr.strip().splitlines()[-12:])
            raise CannotBuild(f"{command[0]} failed with {done.returncode}:\n{said}")
        os.replace(out, target)


EXPORTS = ("prepare", "layout", "frequencies", "rest", "run", "state_bytes", "begin", "step", "carry", "room", "give_back")
"""What the one for browsers exports, each with `entente_` before it."""


def build_wasm(folder: Path) -> Path:
    """Compile the kernel for browsers and Node, by zig: a WASI reactor without any import but WASI's own.

    Raises:
        CannotBuild: zig is not there, or failed.
    """
    if "zig" not in compilers():
        raise CannotBuild("WebAssembly is compiled by zig, which is not there; `pip install ziglang`")
    target = folder / f"kernel-{digest()}.wasm"
    exports = [f"-Wl,--export=entente_{name}" for name in EXPORTS]
    wanted = ["-target", "wasm32-wasi", "-mexec-model=reactor", "-msimd128", *exports]
    if not target.is_file():
        _compile(target, [*compilers()["zig"], *FLAGS, *wanted, "-Wl,--strip-all"])
    return target


class Target(NamedTuple):
    """A platform that wheels are made for: what Python calls it, what zig calls it, and the tag of its wheels."""

    system: str
    levels: tuple[str, ...]
    zig: str
    suffix: str
    tag: str


TARGETS = {
    "linux-x86_64": Target("linux", ("x86-64-v3", "x86_64"), "x86_64-linux-gnu.2.17", ".so", "manylinux_2_17_x86_64"),
    "linux-arm64": Target("linux", ("aarch64",), "aarch64-linux-gnu.2.17", ".so", "manylinux_2_17_aarch64"),
    "macos-arm64": Target("darwin", ("arm64",), "aarch64-macos.11.0", ".dylib", "macosx_11_0_arm64"),
    "macos-x86_64": Target("darwin", ("x86_64",), "x86_64-macos.11.0", ".dylib", "macosx_11_0_x86_64"),
    "windows-x86_64": Target("win32", ("amd64",), "x86_64-windows-gnu", ".dll", "win_amd64"),
}


def build_for(name: str, folder: Path) -> list[Path]:
    """Compile the kernel for one of :data:`TARGETS`, by zig, under the names that it is looked for there.

    Raises:
        CannotBuild: zig is not there, or failed.
    """
    if "zig" not in compilers():
        raise CannotBuild("libraries of other platforms are compiled by zig, which is not there; `pip install ziglang`")
    target, made = TARGETS[name], []
    for wide in target.levels:
        made.append(folder / f"kernel-{target.system}-{wide}-{digest()}{target.suffix}")
        march = ["-march=x86_64_v3"] if wide == "x86-64-v3" else ["-mcpu=baseline"]
        shared = ["-shared", *([] if target.system == "win32" else ["-fPIC"]), "-target", target.zig, "-g0"]
        _compile(made[-1], [*compilers()["zig"], *FLAGS, *march, *shared])
    return made


def build(folder: Path | None = None, compiler: str | None = None) -> Path:
    """Compile the kernel for this machine, unless it is there.

    Args:
        folder: where to put it; None for the user's cache, or the package where it lies there already.
        compiler: one of :func:`compilers`; None for the first that works.

    Raises:
        CannotBuild: there is no compiler, or none works.
    """
    if compiler is None and folder is None and (there := find()) is not None:
        return there
    target = (folder or cache_folder()) / library_name()
    if compiler is None and target.is_file():
        return target
    found = compilers()
    if compiler is not None:
        if compiler not in found:
            raise CannotBuild(f"there is no compiler {compiler!r}; there are {', '.join(found) or 'none'}")
        found = {compiler: found[compiler]}
    failed = []
    for name, command in found.items():
        try:
            compile_to(target, command)
        except CannotBuild as error:
            failed.append(f"{name}: {error}")
        else:
            return target
    raise CannotBuild("\n".join(failed) or "there is no C compiler; install one, or `pip install ziglang`")
