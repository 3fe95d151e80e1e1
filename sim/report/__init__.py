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
        sim.results.ResultsError: the folder is neither, or a run that it compares is gone.
        OSError: the file cannot be written.
    """
    from sim.report.content import gather
    from sim.report.render import render

    target = Path(out) if out is not None else Path(folder) / NAME
    text = render(gather(Path(folder)))
    temporary = target.with_name(f".{target.name}.part")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return target


def prepare() -> None:
    """Load what a report needs, for a process that has time until there is something to report."""
    from sim import mechanisms
    from sim.report import content, render  # noqa: F401

    render.template()
    mechanisms.all_parameters()
