"""The forecasts as a table: a row for each directed pair and year, also for years of which nothing is known yet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from sim.hindcast import regression, relations
from sim.hindcast.origin import Origin

COLUMNS = (
    *("origin", "year", "a", "b", "trust", "trust_q05", "trust_q95", "cooperation", "p_dispute", "p_pact"),
    *("net_share", "volume", "distance", "distance_q05", "distance_q95"),
)
BAND = (0.05, 0.95)


def text(origins: Sequence[Origin]) -> str:
    """The table of some origins as CSV."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for origin in origins:
        writer.writerows(_rows(origin))
    return file.getvalue()


def _rows(origin: Origin) -> Iterator[list[str]]:
    model = origin.model
    codes = [origin.panel.codes[k] for k in model.places]
    n = len(codes)
    first, second = np.where(~np.eye(n, dtype=bool))
    for ahead in range(1, origin.asked.years + 1):
        rows = origin.pairs(ahead, directed=True)
        trust = model.trust[:, ahead]
        position = model.position[:, ahead].astype(float)
        apart = np.abs(position[:, first] - position[:, second])
        low, high = np.quantile(trust, BAND, axis=0)
        near, far = np.quantile(apart, BAND, axis=0)
        columns = [
            rows["m_trust"],
            low[first, second],
            high[first, second],
            rows["m_cooperation"],
            rows["m_crisis"],
            rows["m_pact"],
            *_on_the_scale_of_events(origin, ahead, rows),
            apart.mean(axis=0),
            near,
            far,
        ]
        texts = [[f"{value:.6g}" if value == value else "" for value in column] for column in columns]
        year = str(origin.year + ahead)
        for k, (a, b) in enumerate(zip(first, second)):
            yield [str(origin.year), year, codes[a], codes[b], *(text[k] for text in texts)]


def _on_the_scale_of_events(origin: Origin, ahead: int, rows: pd.DataFrame) -> list[np.ndarray]:
    """Net share and volume by the line on trust and cooperation that was fitted up to the origin; empty without one."""
    found = []
    for quantity in relations.QUANTITIES:
        train = relations.training(origin, quantity, ahead)
        if train is None:
            found.append(np.full(len(rows), np.nan))
            continue
        said = regression.line(train, train["y"].to_numpy(), rows, relations.SAID)[0]
        found.append(np.clip(said, -1, 1) if quantity is relations.NET_SHARE else np.maximum(said, 0))
    return found
