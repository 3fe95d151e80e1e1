"""Reading a run back from its folder. Plots, reports and comparisons start here, never from live objects."""

from __future__ import annotations

import difflib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.results import fields, files
from sim.results.manifest import ResultsError, read_manifest
from sim.wording import Namer, Sides, quoting

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.netcdf import LedgerTable
    from sim.results.summary import Row
    from sim.results.tables import Measures

SUMMARY, EVENTS = "summary.csv", "events.csv"
STORY, OPTIONS = "config/scenario.json", "config/run.json"


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
        from sim.notebook import card

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
    def sides(self) -> Sides:
        """What its two sides are called."""
        return Sides.of(self.manifest.get("cores"))

    @cached_property
    def _measures(self) -> Measures:
        from sim.results.tables import MEASURES, Measures

        return Measures(self._whole(MEASURES))

    def has(self, name: str) -> bool:
        """Whether a file is part of the run."""
        return name in self.manifest["files"]

    def _whole(self, name: str) -> Path:
        """The path of a file that is what the manifest says."""
        return files.path_of(self.path, self.manifest, name)

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
        """One series; of a dyad that the run did not record, by simulating it again.

        Returns:
            The months, and the values as (replicate, time).

        Raises:
            ResultsError: no such measure or subject; the message says which there are.
        """
        subjects = dict.fromkeys(self.subjects(measure), True)
        subject = self.name.subject(subject, subjects)
        if subject not in subjects:
            from sim.results.unwatched import series_of_dyad

            if (found := series_of_dyad(self, measure, subject)) is not None:
                return found
        _known(subject, subjects, f"subject of {measure}", self.path)
        return self.times(measure), self._measures.values(measure, subject)

    def frame(self, measure: str, subject: str = "world") -> pd.DataFrame:
        """One series as a table: a row a month (timestamps, as matplotlib draws), a column a replicate; sides by name.

        Raises:
            ResultsError: no such measure or subject; the message says which there are.
        """
        import pandas as pd

        times, values = self.series(measure, subject)
        table = pd.DataFrame(values.T, index=pd.to_datetime([f"{time}-01" for time in times]).rename("month"))
        if measure != "bloc":
            return table
        return table.map({0: "non-aligned", 1: self.sides.east, 2: self.sides.west}.get)

    def to_xarray(self) -> Any:
        """All series as an `xarray.Dataset`: a variable a measure, over replicate, time and the subjects of the measure.

        Raises:
            ImportError: xarray is not installed.
        """
        import pandas as pd
        import xarray

        found = {}
        for measure in self.measures():
            subjects = self.subjects(measure)
            months = pd.to_datetime([f"{time}-01" for time in self.times(measure)])
            values = np.stack([self.series(measure, subject)[1] for subject in subjects], axis=-1)
            names = {"time": months, f"{measure}_subject": list(subjects)}
            found[measure] = xarray.DataArray(values, names, ("replicate", "time", f"{measure}_subject"))
        return xarray.Dataset(found) if len({len(one.time) for one in found.values()}) == 1 else xarray.merge(found.values())

    def table(self) -> pd.DataFrame:
        """All measures in one long table: replicate, time, measure, subject, value."""
        return self._measures.table().to_pandas()

    def states(self) -> pd.DataFrame:
        """The state variables: replicate, time, state, one column a variable."""
        from sim.results.tables import STATES, read_table

        return read_table(self._whole(STATES)).to_pandas()

    def events(self) -> pd.DataFrame:
        """The events, in the order of their dates."""
        self.event_rows()  # which says what is wrong, if anything is
        table = self._csv(EVENTS, keep_default_na=False)
        table["imposed"] = table["imposed"].astype(str).str.lower() == "true"
        return table

    def summary(self) -> pd.DataFrame:
        """The summary: start, end and change of every series, median and 5-95 % band."""
        self.summary_rows()  # which says what is wrong, if anything is
        return self._csv(SUMMARY, keep_default_na=False, na_values=[""])

    def _csv(self, name: str, **how: Any) -> pd.DataFrame:
        import io

        import pandas as pd

        from sim.results.cells import unguarded

        with files.reading(self.path / name):
            table = pd.read_csv(io.StringIO(files.text_of(self.path, self.manifest, name)), **how)
        for column in table.select_dtypes(exclude=["number", "bool"]):
            table[column] = table[column].map(unguarded)
        return table

    def event_rows(self) -> list[dict[str, str]]:
        """The rows of events.csv as text, without pandas, whose import takes longer than a picture."""
        from sim.results.summary import events_from_csv

        with files.reading(self.path / EVENTS):
            return events_from_csv(files.text_of(self.path, self.manifest, EVENTS))

    def summary_rows(self) -> list[Row]:
        """The summary as `Row`s, without pandas."""
        from sim.results.summary import from_csv

        with files.reading(self.path / SUMMARY):
            return from_csv(files.text_of(self.path, self.manifest, SUMMARY))

    def story(self) -> dict[str, Any]:
        """The scenario as it was run, resolved, as plain data (config/scenario.json)."""
        found = files.mapping_of(self.path, self.manifest, STORY)
        wrong = fields.problem(found.get("events"), ({str: dict}, None), "events")
        if wrong:
            raise ResultsError(f"{self.path / STORY} is damaged: {wrong}; run it again with force=true")
        return found

    def options(self) -> dict[str, Any]:
        """The run options as they were stored (config/run.json)."""
        return files.mapping_of(self.path, self.manifest, OPTIONS)

    def ledger(self) -> LedgerTable:
        """The ledger of trust, mean trust, and the share of replicates with rising trust; of a run that kept none (of a
        sweep), by simulating it again.

        Raises:
            ResultsError: it is damaged, or the run cannot be simulated again as it was.
        """
        from sim.results.netcdf import LEDGER, read_ledger

        if self.has(LEDGER):
            return read_ledger(self._whole(LEDGER))
        from sim.results.unwatched import ledger_of

        return ledger_of(self)

    def trust_at(self, month: str, codes: list[str]) -> np.ndarray | None:
        """Trust of every replicate at the start of a month, (replicate, state, other) of `codes`; None where the run did
        not keep it."""
        from sim.results.netcdf import TRAJECTORY, read_trust

        return read_trust(self._whole(TRAJECTORY), codes, month) if self.has(TRAJECTORY) else None

    def verify(self) -> None:
        """Compare every file with the sha256 of the manifest.

        Raises:
            ResultsError: one differs.
        """
        files.check_files(self.path, self.manifest, contents=True)


def open_run(path: Path | str) -> Run:
    """Open the folder of a finished run.

    Raises:
        ResultsError: there is no such folder, the run is unfinished, or a file is missing or cut short.
    """
    path = Path(path)
    manifest = read_manifest(path)
    files.check_files(path, manifest)
    return Run(path, manifest)


def _known(word: str, words: dict[str, Any], what: str, path: Path) -> Any:
    if word in words:
        return words[word]
    close = difflib.get_close_matches(word, words, 1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise ResultsError(
        f"{path}: there is no {what} {word!r}{quoting(words, word)}; {hint}there is {', '.join(sorted(words))}"
    )
