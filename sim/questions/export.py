"""A run or a comparison as one table for other programs: every series by month, with its middle and its bands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.questions.compare.difference import QUANTILES, quantiles
from sim.questions.compare.writing import is_comparison, open_comparison
from sim.results import ResultsError, Run, open_run
from sim.results.atomic import write_file
from sim.results.summary import units

if TYPE_CHECKING:
    import pandas as pd

FORMATS = (".csv", ".parquet", ".nc")
_BANDS = tuple(f"p{round(100 * q):02d}" if q != 0.5 else "median" for q in QUANTILES)


def table_of(folder: Path | str) -> pd.DataFrame:
    """A row a scenario (of a comparison `a minus b`), measure, subject and month: mean, 5, 25, 50, 75 and 95 %.

    Raises:
        ResultsError: the folder is neither a finished run nor a comparison.
    """
    import pandas as pd

    folder = Path(folder)
    parts: list[dict[str, Any]] = []
    if is_comparison(folder):
        for c in open_comparison(folder):
            for d in c.differences:
                about = (f"{c.name_a} minus {c.name_b}", d.measure, d.subject, d.unit)
                parts.append(_part(about, d.times, d.mean, d.quantiles))
    else:
        run = open_run(folder)
        parts = [_of_series(run, measure, subject) for measure in run.measures() for subject in run.subjects(measure)]
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)


def _of_series(run: Run, measure: str, subject: str) -> dict[str, Any]:
    times, values = run.series(measure, subject)
    about = (run.manifest["scenario"], measure, subject, units().get(measure, "1"))
    known = np.isfinite(values)
    mean = np.where(known, values, 0).sum(axis=0) / np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    return _part(about, times, mean, quantiles(values.astype(float)))


def _part(about: tuple[str, ...], times: list[str], mean: np.ndarray, bands: np.ndarray) -> dict[str, Any]:
    import pandas as pd

    months = pd.to_datetime([f"{time}-01" for time in times])
    names = dict(zip(("scenario", "measure", "subject", "unit"), about))
    return {**names, "month": months, "mean": mean, **dict(zip(_BANDS, bands))}


def export(folder: Path | str, to: Path | str) -> Path:
    """Write the table of a run or a comparison, in the format that the name of the file ends with; whole or not at all.

    Raises:
        ResultsError: the folder holds neither, or the name ends otherwise.
        OSError: the file cannot be written.
    """
    to = Path(to)
    if to.suffix not in FORMATS:
        raise ResultsError(f"{to}: name a file that ends in {', '.join(FORMATS)}")
    table = table_of(folder)
    if to.suffix == ".csv":
        from sim.results.cells import guarded

        for column in ("scenario", "measure", "subject"):
            table[column] = [guarded(text) for text in table[column]]
        return write_file(to, table.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n"))
    import io

    memory = io.BytesIO()
    if to.suffix == ".parquet":
        table.to_parquet(memory, index=False)
    else:
        _netcdf(table, memory)
    return write_file(to, memory.getvalue())


def _netcdf(table: pd.DataFrame, file: Any) -> None:
    """The same as netCDF: numbers over series and month, nan where a series has no such month."""
    import h5netcdf
    import h5py
    import pandas as pd

    keys = ["scenario", "measure", "subject", "unit"]
    wide = table.set_index([*keys, "month"]).unstack("month")  # noqa: PD010  (what is missing stays so)
    months = wide.columns.levels[1]
    with h5netcdf.File(file, "w") as out:
        out.dimensions = {"series": len(wide), "month": len(months)}
        stamps = out.create_variable("month", ("month",), data=(months - pd.Timestamp(0)).days.to_numpy())
        stamps.attrs["units"] = "days since 1970-01-01"
        for k, key in enumerate(keys):
            text = np.array([str(row[k]) for row in wide.index], dtype=object)
            out.create_variable(key, ("series",), dtype=h5py.string_dtype(), data=text)
        for name in ("mean", *_BANDS):
            out.create_variable(name, ("series", "month"), data=wide[name].reindex(columns=months).to_numpy(float))
