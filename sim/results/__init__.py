"""Results on disk: writing a trajectory, finding a run, reading it back.

A run is a folder `results/<scenario>/<run>/`, named by the digest of everything that determines its numbers. It is
written in a temporary folder and moved into place, its manifest last: a folder without a manifest is unfinished.

    from sim import results
    run = results.open_run(results.find("sco_expansion"))
    times, values = run.series("cooperation", "CHN-RUS")      # values: (replicate, time)
"""

from __future__ import annotations

from sim.lazy import on_first_use

_HOME = {
    "LedgerTable": "reading",
    "ResultsError": "manifest",
    "Run": "reading",
    "RunInfo": "finding",
    "check_writable": "folders",
    "code_digest": "run_digest",
    "digest": "run_digest",
    "find": "finding",
    "finished": "finding",
    "folder": "finding",
    "open_run": "reading",
    "runs": "finding",
    "write": "writing",
}

__all__ = list(_HOME)

__getattr__ = on_first_use(__name__, _HOME)  # listing runs should not load the Parquet library
