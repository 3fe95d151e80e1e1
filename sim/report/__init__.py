"""The report of a run or a comparison: one HTML file that needs nothing else, written from result folders alone.

The page carries its numbers, its pictures and its script. Its content security policy is `default-src 'none'`: nothing
is loaded, whatever a scenario's text says. The same folders give the same bytes.

    from sim import report
    report.write("results/sco_expansion/1a2b3c4d5e6f")      # -> .../report.html
"""

from __future__ import annotations

from pathlib import Path

NAME = "report.html"


def write(folder: Path | str, out: Path | str | None = None) -> Path:
    """Write the report of a folder that `run` or `compare` made; return the file.

    Args:
        folder: a finished run, or a comparison.
        out: the file to write; None for `report.html` in the folder.

    Raises:
        sim.results.ResultsError: the folder is neither, a run that it compares is gone, or a symbolic link stands in the
            folder where the report goes.
        OSError: the file cannot be written; what was there before is there still.
    """
    from sim.report.content import gather
    from sim.report.render import render
    from sim.results import ResultsError
    from sim.results.atomic import write_file

    target = Path(out) if out is not None else Path(folder) / NAME
    text = render(gather(Path(folder)))
    if out is None and target.is_symlink():
        raise ResultsError(
            f"{target} is a symbolic link, and a report is not written through one; write it elsewhere with --out FILE"
        )
    write_file(target.resolve() if target.is_symlink() and target.is_file() else target, text)
    return target


def prepare() -> None:
    """Load what a report needs, for a process that has time until there is something to report."""
    from sim import mechanisms
    from sim.report import content, render  # noqa: F401

    render.template()
    mechanisms.all_parameters()
