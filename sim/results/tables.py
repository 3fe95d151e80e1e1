"""The long tables of a run as Parquet: `measures.parquet` and `states.parquet`.

Columns are built from numpy as dictionaries of codes, and written in row groups of whole series, so that one series is
one short read. The same numbers give the same bytes: no index, no pandas metadata, no dates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.processes.memory import release
from sim.results import fields
from sim.results.files import reading

MEASURES, STATES = "measures.parquet", "states.parquet"
ROWS = 131_072  # rows of a row group, at most, unless one series alone is longer
LAYOUT = b"entente.series"  # which series stand in which row group, in the file's own metadata
_LAYOUT = {"replicates": fields.count, "times": {str: [str]}, "groups": [list]}

_WORDS = pa.dictionary(pa.int32(), pa.string())
_MEASURES_SCHEMA = pa.schema(
    [("replicate", pa.int32()), ("time", _WORDS), ("measure", _WORDS), ("subject", _WORDS), ("value", pa.float64())]
)


def _blocks(series: Mapping[str, Any], replicates: int, rows: int) -> Iterator[tuple[str, list[int], np.ndarray]]:
    """Row groups in order: (measure, columns of its series sorted by subject, step indices)."""
    for measure in sorted(series):
        one = series[measure]
        order = sorted(range(len(one.subjects)), key=one.subjects.__getitem__)
        size = max(1, rows // max(1, replicates * len(one.steps)))
        for first in range(0, len(order), size):
            yield measure, order[first : first + size], np.asarray(one.steps)


# Arrays are made of their buffers: pyarrow's own ways from numpy and from lists import pandas first.


def _column(values: np.ndarray) -> pa.Array:
    """Numbers as a column that shares their memory."""
    values = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(values)])


def _text(words: list[str]) -> pa.Array:
    encoded = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), len(words), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))])


def _words(codes: np.ndarray, words: list[str]) -> pa.DictionaryArray:
    codes = np.ascontiguousarray(codes, np.int32)
    return pa.DictionaryArray.from_buffers(_WORDS, len(codes), [None, pa.py_buffer(codes)], _text(words))


def write_measures(path: Path, series: Mapping[str, Any], times: list[str], replicates: int, rows: int = ROWS) -> None:
    """Write every series as rows (replicate, time, measure, subject, value).

    Args:
        path: the file.
        series: measure -> object with `subjects`, `steps` (indices into times) and `values` (replicate, step, subject).
        times: months, `"2015-01"`.
        replicates: length of the first axis.
        rows: of a row group, at most, unless one series alone is longer.

    Rows are sorted by measure, subject, replicate and time.
    """
    groups = list(_blocks(series, replicates, rows))
    layout = {
        "replicates": replicates,
        "groups": [[name, [series[name].subjects[k] for k in columns]] for name, columns, _ in groups],
        "times": {name: [times[k] for k in one.steps] for name, one in series.items()},
    }
    schema = _MEASURES_SCHEMA.with_metadata({LAYOUT: json.dumps(layout, sort_keys=True, separators=(",", ":"))})
    keys: dict[tuple, tuple] = {}  # replicate and time columns repeat: build them once a shape
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=["replicate", "time", "measure", "subject"],
        use_byte_stream_split=["value"],
        write_statistics=["measure", "subject"],  # what a reader can skip row groups by; the others are in all of them
        write_page_checksum=True,
    ) as writer:
        for name, columns, steps in groups:
            values = series[name].values
            block = np.ascontiguousarray(np.moveaxis(values, 2, 0)[columns], dtype=np.float64)
            release(values)
            shape = (len(columns), steps.tobytes())
            if shape not in keys:
                codes = np.tile(np.arange(len(steps), dtype=np.int32), replicates * len(columns))
                numbers = np.repeat(np.arange(replicates, dtype=np.int32), len(steps))
                keys[shape] = (
                    _column(np.tile(numbers, len(columns))),
                    _words(codes, [times[k] for k in steps]),
                    np.repeat(np.arange(len(columns), dtype=np.int32), replicates * len(steps)),
                )
            number, time, subject = keys[shape]
            arrays = [
                number,
                time,
                _words(np.zeros(block.size, np.int32), [name]),
                _words(subject, [series[name].subjects[k] for k in columns]),
                _column(block.reshape(-1)),
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=max(block.size, 1))


class Measures:
    """The measures of a run, read one series at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file; nothing but its footer is read.

        Raises:
            ResultsError: it is damaged.
        """
        self._path = path
        self.subjects: dict[str, list[str]] = {}
        self._home: dict[tuple[str, str], tuple[int, int]] = {}
        with reading(path):
            self._file = _opened(path)
            layout = fields.parse(self._file.schema_arrow.metadata[LAYOUT])
            wrong = fields.problem(layout, _LAYOUT)
            if wrong:
                raise ValueError(f"its layout: {wrong}")
            self.replicates: int = layout["replicates"]
            self.times: dict[str, list[str]] = layout["times"]
            for group, (measure, subjects) in enumerate(layout["groups"]):
                rows = self.replicates * len(self.times[measure]) * len(subjects)
                if self._file.metadata.row_group(group).num_rows != rows:
                    raise ValueError(f"row group {group} has not the {rows} rows of {measure}")
                self.subjects.setdefault(measure, []).extend(subjects)
                self._home |= {(measure, subject): (group, place) for place, subject in enumerate(subjects)}
        self._last: tuple[int, np.ndarray] | None = None

    def values(self, measure: str, subject: str) -> np.ndarray:
        """One series, (replicate, time)."""
        group, place = self._home[measure, subject]
        if self._last is None or self._last[0] != group:
            with reading(self._path):
                parts = self._file.read_row_group(group, columns=["value"]).column(0)
                column = parts.chunk(0) if parts.num_chunks == 1 else parts.combine_chunks()  # which would copy the one
                # the buffer itself: turning an Arrow array into numpy's would import pandas
                values = np.frombuffer(column.buffers()[1], np.float64, len(column), column.offset * 8)
                self._last = group, values.reshape(-1, self.replicates, len(self.times[measure]))
        return self._last[1][place]

    def table(self) -> pa.Table:
        """All rows as an Arrow table."""
        with reading(self._path):
            return self._file.read()


def _opened(path: Path) -> pq.ParquetFile:
    """A file whose pages are compared with their checksums as they are read."""
    return pq.ParquetFile(path, page_checksum_verification=True)


def read_table(path: Path) -> pa.Table:
    """All rows of a Parquet file of ours.

    Raises:
        ResultsError: it is damaged.
    """
    with reading(path), _opened(path) as file:
        return file.read()


def write_states(path: Path, states: Mapping[str, np.ndarray], times: list[str], codes: list[str], rows: int = ROWS) -> None:
    """Write the state variables as rows (replicate, time, state, one column a variable).

    Args:
        path: the file.
        states: variable -> (replicate, time, state).
        times: months.
        codes: state codes, in the order of the last axis.
        rows: of a row group.
    """
    replicates = next(iter(states.values())).shape[0] if states else 0
    shape = (replicates, len(times), len(codes))
    real = [name for name in sorted(states) if states[name].dtype.kind == "f"]
    fields = [("replicate", pa.int32()), ("time", _WORDS), ("state", _WORDS)]
    schema = pa.schema([*fields, *((name, pa.from_numpy_dtype(states[name].dtype)) for name in sorted(states))])
    flat = {name: states[name].reshape(-1) for name in sorted(states)}
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=[name for name in schema.names if name not in real],
        use_byte_stream_split=real,
        write_page_checksum=True,
    ) as writer:
        for first in range(0, int(np.prod(shape)), rows):
            cells = np.arange(first, min(first + rows, int(np.prod(shape))))
            replicate, time, state = (k.astype(np.int32) for k in np.unravel_index(cells, shape))
            arrays = [_column(replicate), _words(time, times), _words(state, codes)]
            arrays += [_column(values[first : first + rows]) for values in flat.values()]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=rows)
            for values in states.values():
                release(values)
