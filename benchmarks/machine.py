"""What a timing depends on: the date, the machine and the versions."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

PACKAGES = ("numpy", "scipy", "pandas", "matplotlib", "mesa", "hydra-core")
ROOT = Path(__file__).resolve().parent.parent


def lines() -> list[str]:
    """Date, machine and versions, a line each."""
    return [
        f"- date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; code: {_commit()}",
        f"- machine: {_processor()}, {cores()} cores, {_memory()}, {platform.system()}",
        f"- versions: Python {platform.python_version()}, {', '.join(filter(None, map(_version, PACKAGES)))}, {_compiler()}",
    ]


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    fields = dict(
        (part.strip() for part in line.split(":", 1))
        for line in (info.read_text().splitlines() if info.exists() else ())
        if ":" in line
    )
    wide = [name for name in ("avx2", "avx512f") if name in fields.get("flags", "").split()]
    return " ".join([fields.get("model name", platform.processor() or platform.machine()), *wide])


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    except (AttributeError, ValueError, OSError):
        return "memory unknown"


def _version(package: str) -> str:
    try:
        return f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        return ""


def _compiler() -> str:
    try:
        asked = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "no gcc"
    return f"gcc {asked.stdout.strip()}"


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    try:
        return git("rev-parse", "--short", "HEAD") + (" with changes" if git("status", "--porcelain", "sim") else "")
    except (OSError, subprocess.CalledProcessError):
        return "no git"
