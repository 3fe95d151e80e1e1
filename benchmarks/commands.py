"""How long the command line takes: the first run of a fresh clone, ``--help``, a sweep, a comparison.

Everything is a whole process, from its start until the prompt is back. A clone is new in every turn, so that nothing of it
has been compiled; the disk's cache and the libraries' bytecode are warm, for the imports beside it too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.machine import ROOT

RUN = ("-m", "sim", "run")
IMPORTS = ("-c", "import numpy, pandas, matplotlib.pyplot, hydra")
SMALL = ("scenario=baseline", "replicates=2", "end=2015-02", "workers=1", "plots=false", "report=false")
"""A run that is almost nothing but overhead."""
SWEEP = ("-m", "sim", "run", "-m", *SMALL)
FEW, MANY = 2, 12
"""Runs of the two sweeps whose difference gives what one run more costs."""
COMPARED = ("sco_expansion", "no_expansion")


def clock(folder: Path, *words: str) -> float:
    """Seconds of one Python process in a folder.

    Raises:
        RuntimeError: it failed; the message ends with what it said.
    """
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False, env=clean)
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"python {' '.join(words)} failed:\n{done.stderr[-2000:]}")
    return took


def clone(target: Path) -> None:
    """A fresh clone of the last commit, without any bytecode."""
    subprocess.run(["git", "clone", "-q", str(ROOT), str(target)], check=True, capture_output=True)
    said = subprocess.run(
        [sys.executable, "-B", "-c", "import sim; print(sim.__file__)"],
        cwd=target,
        capture_output=True,
        text=True,
        check=True,
    )
    if Path(said.stdout.strip()).resolve().parent.parent != target.resolve():
        raise RuntimeError(f"python in {target} imports {said.stdout.strip()}, not the clone")


def in_turns(turns: int) -> dict[str, list[float]]:
    """Seconds a turn, by what was done; what a run in a sweep costs is a difference of two sweeps."""
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        clone(home)
        for name in COMPARED:
            clock(home, *RUN, f"scenario={name}", "plots=false")
        for turn in range(turns):
            print(f"turn {turn + 1} of {turns}: commands", file=sys.stderr, flush=True)
            fresh = Path(scratch) / f"clone{turn}"
            clone(fresh)
            seconds["imports"].append(clock(fresh, *IMPORTS))
            seconds["first run"].append(clock(fresh, *RUN))
            shutil.rmtree(fresh / "results")
            seconds["second run"].append(clock(fresh, *RUN))
            seconds["finished run"].append(clock(fresh, *RUN))
            seconds["python"].append(clock(fresh, "-c", "pass"))
            seconds["help"].append(clock(fresh, "-m", "sim", "--help"))
            seconds["small run"].append(clock(home, *RUN, *SMALL, f"results=small{turn}"))
            few, many = (
                clock(home, *SWEEP, f"results=sweep{count}_{turn}", f"seed=range(0,{count})") for count in (FEW, MANY)
            )
            seconds["sweep"].append((many - few) / (MANY - FEW))
            for name, words in (("compare", ()), ("compare without", ("plots=false",))):
                shutil.rmtree(home / "results" / "compare", ignore_errors=True)
                seconds[name].append(clock(home, "-m", "sim", "compare", *COMPARED, *words))
            shutil.rmtree(fresh)
    return dict(seconds)


TITLES = {
    "imports": f'`python {IMPORTS[0]} "{IMPORTS[1]}"`',
    "first run": "`python -m sim run` in a fresh clone: 200 replicates, pictures included",
    "second run": "the same again with results/ removed: bytecode is there",
    "finished run": "the same once more: the run is finished already",
    "python": "`python -c pass`",
    "help": "`python -m sim --help`",
    "small run": "`run` of 2 replicates and 2 months, no pictures",
    "sweep": f"one more such run in a sweep, `run -m seed=range(0,N)`: ({MANY} runs - {FEW} runs) / {MANY - FEW}",
    "compare": f"`compare {' '.join(COMPARED)}`, both finished, 200 replicates",
    "compare without": "the same with plots=false",
}
