"""What is killed: small commands over every way in which this package starts processes and writes folders."""

from __future__ import annotations

SMALL = ("end=2015-05",)
QUIET = ("plots=false", "report=false")
FEW, SHARED = "replicates=4", "replicates=210"
"""A chunk of one process; several chunks, which two processes share."""

CASES = {
    "run": ("run", "scenario=baseline", SHARED, *SMALL, *QUIET, "workers=2"),
    "run, pictures": ("run", "scenario=baseline", FEW, *SMALL),
    "sweep": ("run", "-m", "scenario=baseline", FEW, *SMALL, "seed=2,3,4,5", "workers=2"),
    "compare": ("compare", "baseline", "no_expansion", SHARED, *SMALL, "report=false"),
    "fork": ("fork", "baseline", "--at", "2015-03", "--with", "no_expansion", "--no-report", "--workers", "2"),
    "ablate": ("ablate", "baseline", "--measure", "polarisation", SHARED, "end=2015-12", "workers=2"),
    "replay": ("replay", "baseline", "--workers", "2"),
    "explain": ("explain", "baseline", "--dyad", "RUS", "CHN"),
}
TAKES_A_RUN = ("fork", "replay", "explain")
"""Those that begin with a finished run."""
FIRST = ("run", "scenario=baseline", SHARED, *SMALL, *QUIET)
"""That run."""
