"""The preloaded library: built with gcc, told what to do and asked what it saw, through shared memory."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

KINDS = ("open", "rename", "mkdir", "unlink", "fsync", "truncate", "write")
ERRORS = {"ENOSPC": errno.ENOSPC, "full": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES, "kill": -1}
"""What may happen at a call; `full` is ENOSPC there and at every later call that needs room."""
SOURCE = Path(__file__).with_name("library.c")
_MOST, _NAME = 16384, 240
_SHARED = "FAULTS_SHARED"


class _Seen(ctypes.Structure):
    _fields_ = (
        ("site", ctypes.c_uint64),
        ("number", ctypes.c_int64),
        ("kind", ctypes.c_int32),
        ("process", ctypes.c_int32),
        ("path", ctypes.c_char * _NAME),
        ("other", ctypes.c_char * _NAME),
    )


class _Shared(ctypes.Structure):
    _fields_ = (
        ("armed", ctypes.c_int32),
        ("hit", ctypes.c_int32),
        ("kind", ctypes.c_int32),
        ("error", ctypes.c_int32),
        ("lasting", ctypes.c_int32),
        ("unused", ctypes.c_int32),
        ("at", ctypes.c_int64),
        ("count", ctypes.c_int64 * len(KINDS)),
        ("logged", ctypes.c_int64),
        ("folder", ctypes.c_char * _NAME),
        ("log", _Seen * _MOST),
    )


@dataclass(frozen=True)
class Call:
    """One call as it was seen: the how manieth of its kind, where in the folder, and from which place in the code."""

    kind: str
    number: int
    site: int
    path: str
    other: str


def why_not() -> str:
    """Why there can be no library here; empty where there can."""
    if sys.platform != "linux":
        return "calls are intercepted with LD_PRELOAD, which is Linux's"
    return "" if shutil.which("gcc") else "gcc, which builds the intercepting library, is not installed"


def preloaded(folder: Path) -> dict[str, str]:
    """Build the library in a folder; what a process that is to be watched has in its environment."""
    library, shared = folder / "faults.so", folder / "shared"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    shared.write_bytes(b"")
    os.truncate(shared, ctypes.sizeof(_Shared))
    return {"LD_PRELOAD": str(library), _SHARED: str(shared)}


def is_preloaded() -> bool:
    """Whether this process is watched."""
    return _SHARED in os.environ


class Library:
    """What the library is to do in the next process that is forked, and what it saw."""

    def __init__(self, folder: Path) -> None:
        with open(os.environ[_SHARED], "r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)
        self._shared = _Shared.from_buffer(self._memory)
        self._shared.folder = os.fsencode(folder)

    def arm(self, kind: str = "open", at: int = 0, error: str = "EIO") -> None:
        """Count from now on, and fail at the call with this number; 0 for none."""
        shared = self._shared
        shared.kind, shared.at, shared.error = KINDS.index(kind), at, ERRORS[error]
        shared.hit, shared.lasting, shared.logged = 0, int(error == "full"), 0
        for kind_number in range(len(KINDS)):
            shared.count[kind_number] = 0
        shared.armed = 1

    def disarm(self) -> bool:
        """Count no more; whether the call was reached."""
        self._shared.armed = 0
        return bool(self._shared.hit)

    def calls(self) -> list[Call]:
        """Those seen since it was armed, in their order."""
        seen = self._shared.log[: min(self._shared.logged, _MOST)]
        return [Call(KINDS[one.kind], one.number, one.site, os.fsdecode(one.path), os.fsdecode(one.other)) for one in seen]
