"""Run the command line as a user does: in another folder, and in another process where that matters."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

from sim.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("replicates=8", "end=2016-12", "workers=1")


def environment(**more: str) -> dict[str, str]:
    """The environment of a plain terminal that finds this checkout from any folder."""
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "PYTHONIOENCODING", "COLUMNS")}
    return kept | {"PYTHONPATH": str(ROOT), "TERM": "xterm"} | more


def sim(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """`python -m sim WORDS` in a folder; `more` is added to the environment."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *words],
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def call(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same within this process, which saves the imports."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(words)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return subprocess.CompletedProcess(words, status, *texts)
