"""Reading a run back from its folder. Plots, reports and comparisons start here, never from live objects."""

from __future__ import annotations

import difflib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.notebook import card
from sim.results.cells import unguarded
from sim.results.manifest import ResultsError, check_files, read_manifest
from sim.results.wording import Namer

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.netcdf import LedgerTable
    from sim.results.summary import Row
    from sim.results.tables import Measures


class Run:
    """A finished run: `path`, `manifest`, and its files, each read on first use. It stands for its folder: `Path(run)`."""

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        """Use `open_run`."""
        self.path = path
        self.manifest = manifest

    def __repr__(self) -> str:
        """One line that says which run this is."""
        about = self.manifest
        return f"<Run {about['scenario']} {self.path.name}: {about['replicates']} x {about['start']}..{about['end']}>"

    def _repr_html_(self) -> str:
        about = self.manifest
        shown = [row for row in self.summary_rows() if row.measure in ("cooperation", "strength")]
        rows = [(row.label, *row.start[:1], *row.end, *row.change[:1]) for row in shown]
        head = ("", f"median {about['start']}", f"median {about['end']}", "5 %", "95 %", "change")
        sentences = [about.get("question") or "", repr(self)[1:-1], " ".join(about.get("validity") or ())]
        return card(f"{about['scenario']}: {about.get('title') or ''}", [s for s in sentences if s], head, rows)

    def __fspath__(self) -> str:
        """The folder: a run can be given wherever a folder can."""
        return str(self.path)

    @cached_property
    def name(self) -> Namer:
        """Names for the codes of states and actors."""
        return Namer.of_manifest(self.manifest)

    @cached_property
    def _measures(self) -> Measures:
        from sim.results.tables import MEASURES, Measures

        return Measures(self.path / MEASURES)

    def measures(self) -> list[str]:
        """The measures recorded."""
        return sorted(self._measures.subjects)

    def subjects(self, measure: str) -> list[str]:
        """The subjects of a measure: `world`, `SCO`, `founders`, `CHN-RUS`, `RUS>CHN`, `CHN`, `ISK`.

        Raises:
            ResultsError: there is no such measure; the message says which there are.
        """
        return list(_known(measure, self._measures.subjects, "measure", self.path))

    def times(self, measure: str) -> list[str]:
        """The months at which a measure was recorded: the state of the world at the start of that month."""
        _known(measure, self._measures.subjects, "measure", self.path)
        return list(self._measures.times[measure])

    def series(self, measure: str, subject: str = "world") -> tuple[list[str], np.ndarray]:
        """One series.

        Returns:
            The months, and the values as (replicate, time).

        Raises:
            ResultsError: no such measure or subject; the message says which there are.
        """
        subjects = dict.fromkeys(self.subjects(measure), True)
        if subject not in subjects and "-" in subject:
            subject = "-".join(sorted(subject.split("-")))  # a dyad may be written either way round
        _known(subject, subjects, f"subject of {measure}", self.path)
        return self.times(measure), self._measures.values(measure, subject)

    def frame(self, measure: str, subject: str = "world") -> pd.DataFrame:
        """One series as a table: a row a month, a column a replicate.

        Raises:
            ResultsError: no such measure or subject; the message says which there are.
        """
        import pandas as pd

        times, values = self.series(measure, subject)
        return pd.DataFrame(values.T, index=pd.PeriodIndex(times, freq="M", name="month"))

    def table(self) -> pd.DataFrame:
        """All measures in one long table: replicate, time, measure, subject, value."""
        return self._measures.table().to_pandas()

    def states(self) -> pd.DataFrame:
        """The state variables: replicate, time, state, one column a variable."""
        import pandas as pd

        from sim.results.tables import STATES

        return pd.read_parquet(self.path / STATES, engine="pyarrow")

    def events(self) -> pd.DataFrame:
        """The events, in the order of their dates."""
        import pandas as pd

        table = pd.read_csv(self.path / "events.csv", keep_default_na=False)
        for column in table.select_dtypes(exclude=["number", "bool"]):
            table[column] = table[column].map(unguarded)
        table["imposed"] = table["imposed"].astype(str).str.lower() == "true"
        return table

    def summary(self) -> pd.DataFrame:
        """The summary: start, end and change of every series, median and 5-95 % band."""
        import pandas as pd

        table = pd.read_csv(self.path / "summary.csv", keep_default_na=False, na_values=[""])
        for column in ("measure", "subject", "label", "unit"):
            table[column] = table[column].map(unguarded)
        return table

    def summary_rows(self) -> list[Row]:
        """The summary as `Row`s, without pandas."""
        from sim.results.summary import NAME, from_csv

        return from_csv((self.path / NAME).read_text(encoding="utf-8"))

    def story(self) -> dict[str, Any]:
        """The scenario as it was run, resolved, as plain data (config/scenario.json)."""
        import json

        return json.loads((self.path / "config" / "scenario.json").read_text(encoding="utf-8"))

    def ledger(self) -> LedgerTable:
        """The ledger of trust, mean trust, and the share of replicates with rising trust."""
        from sim.results.netcdf import LEDGER, read_ledger

        return read_ledger(self.path / LEDGER)

    def verify(self) -> None:
        """Compare every file with the sha256 of the manifest.

        Raises:
            ResultsError: one differs.
        """
        check_files(self.path, self.manifest, contents=True)


def open_run(path: Path | str) -> Run:
    """Open the folder of a finished run.

    Raises:
        ResultsError: there is no such folder, the run is unfinished, or a file is missing or cut short.
    """
    path = Path(path)
    manifest = read_manifest(path)
    check_files(path, manifest)
    return Run(path, manifest)


def _known(word: str, words: dict[str, Any], what: str, path: Path) -> Any:
    if word in words:
        return words[word]
    close = difflib.get_close_matches(word, words, 1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise ResultsError(f"{path}: there is no {what} {word!r}; {hint}there is {', '.join(sorted(words))}")
