"""What is known at one origin, what the model says of the years after it, and what came."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.data.features import features
from sim.data.panel import FIRST, Panel, Series, panel
from sim.data.public import DataError
from sim.hindcast.forecast import Forecast, forecast
from sim.hindcast.numbers import estimated
from sim.hindcast.scores import LEAST, MOST
from sim.hindcast.world import scenario_at, under
from sim.scenario.rules import FIRST as FIRST_RULES

_K37 = """
USA CAN BRA ZAF GBR FRA DEU POL ITA GRC RUS UKR BLR ARM AZE TUR IRN IRQ SYR ISR SAU EGY AFG TKM TJK KGZ UZB KAZ CHN MNG PRK
KOR JPN IND PAK VNM IDN AUS
"""
K37 = tuple(_K37.split())
"""States of the region and those that matter to it."""
OLDEST_WINDOW = 1966
"""The first year from which a rival is fitted."""
SHARE, LEAST_REPLICATES = 4, 25
"""Forecasts of earlier origins, with which the model's own are recalibrated, take a fourth of the replicates."""


@dataclass
class Asked:
    """Which states, how many years and replicates; and forecasts that were made already, by origin and replicates."""

    series: Series
    states: tuple[str, ...] | None
    without: tuple[str, ...]
    years: int
    replicates: int
    workers: int | None = None
    progress: Callable[[str], Any] | None = None
    estimate: bool = True
    """Whether numbers whose defaults rest on data are estimated anew from what each origin knows."""
    rules: str = FIRST_RULES
    """Which rules of the model: see :data:`sim.scenario.rules.RULES`."""
    leaving: tuple[str, ...] = ()
    """Mechanisms that stay as they were in the first rules."""
    made: dict[tuple[int, int], tuple[Panel, Forecast]] = field(default_factory=dict)

    @property
    def fewer(self) -> int:
        """Replicates of the forecasts of earlier origins."""
        return max(LEAST_REPLICATES, self.replicates // SHARE)

    @cached_property
    def outcomes(self) -> Panel:
        """Everything that came: only scores read it."""
        years = self.series["disputes"]["year"], self.series["votes"]["year"], self.series["alliances"]["year"]
        return panel(self.series, int(max(year.max() for year in years)), self.without)

    def forecast(self, year: int, replicates: int) -> tuple[Panel, Forecast]:
        """The world at the end of a year as it was known then, and the model's forecast from it."""
        key = year, replicates
        if key not in self.made:
            if self.progress:
                self.progress(f"the model from {year}, {replicates} replicates")
            known = panel(self.series, year, self.without)
            places = known.there(year, self.states)
            if len(places) < 2:
                raise DataError(f"fewer than two of the states are known at the end of {year}; choose a later --origin")
            parameters = estimated(known) if self.estimate else {}
            parameters, found = under(self.rules, parameters, known, places, self.leaving, self.progress)
            scenario = scenario_at(known, places, self.years, parameters, found)
            said = forecast(
                scenario,
                places,
                replicates,
                tone=found.scale if found and "anchor" not in self.leaving else None,
                workers=self.workers,
            )
            self.made[key] = known, said
        return self.made[key]


@dataclass
class Origin:
    """One origin: all that is fitted or forecast here comes from ``panel``, which ends with it."""

    year: int
    asked: Asked
    _features: dict[tuple[int, bool], pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def panel(self) -> Panel:
        """What was known."""
        return self._made[0]

    @cached_property
    def model(self) -> Forecast:
        """What the model says."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[Panel, Forecast]:
        return self.asked.forecast(self.year, self.asked.replicates)

    def of_all(self, year: int, *, directed: bool = False) -> pd.DataFrame:
        """Features of all states at the end of a year up to the origin."""
        key = year, directed
        if key not in self._features:
            self._features[key] = features(self.panel, year, self.panel.there(year), directed=directed)
        return self._features[key].copy()

    def window(self, years: int, length: int, last: int | None = None) -> range:
        """The years from which outcomes of the next ``years`` are known: at most ``length`` of them."""
        newest = (self.year if last is None else min(self.year, last)) - years
        return range(max(OLDEST_WINDOW, newest - length + 1), newest + 1)

    def pairs(self, years: int, *, directed: bool = False) -> pd.DataFrame:
        """Features of the world's pairs at the origin, with what the model says after ``years``: see :func:`said`."""
        return said(features(self.panel, self.year, self.model.places, directed=directed), self.model, years, directed)

    def earlier(self, year: int, years: int, *, directed: bool = False) -> pd.DataFrame:
        """The same from an earlier year: forecast from what was known then."""
        known, model = self.asked.forecast(year, self.asked.fewer)
        rows = said(features(known, year, model.places, directed=directed), model, years, directed)
        here = {code: k for k, code in enumerate(self.panel.codes)}
        moved = np.array([here[code] for code in known.codes])
        return rows.assign(i=moved[rows["i"]], j=moved[rows["j"]])

    def outcome(self, name: str, year: int) -> np.ndarray:
        """A matrix or column of what came, in the order of this origin's codes; nan where nothing is known."""
        came = self.asked.outcomes
        there = {code: k for k, code in enumerate(came.codes)}
        places = np.array([there[code] for code in self.panel.codes])
        array = (came.of[name] if name in came.of else came.states[name])[year - FIRST]
        return array[np.ix_(places, places)] if array.ndim == 2 else array[places]

    def has_outcome(self, name: str, year: int) -> bool:
        """Whether the data reach that year."""
        return year <= self.asked.outcomes.last[name]


def said(rows: pd.DataFrame, model: Forecast, years: int, directed: bool) -> pd.DataFrame:
    """Features with what the model says of each pair after so many years.

    Columns ``a``, ``b`` are positions in the forecast's matrices; ``m_crisis`` the chance of a crisis until then;
    ``m_trust`` and ``m_cooperation`` that year's means, with ``_start`` those of the start; ``m_pact`` the chance of a
    defence pact; of both directions together unless ``directed``.
    """
    at = np.full(int(model.places.max()) + 1, -1)
    at[model.places] = np.arange(len(model.places))
    a, b = at[rows["i"]], at[rows["j"]]

    def of(matrix: np.ndarray) -> np.ndarray:
        return matrix[a, b].astype(float) if directed else (matrix[a, b] + matrix[b, a]).astype(float) / 2

    found = {
        "a": a,
        "b": b,
        "m_crisis": np.clip(of(model.crisis[years - 1]), LEAST, MOST),
        "m_trust": of(model.mean_trust(years)),
        "m_share": of(model.share(years)),
        "m_share_start": of(model.share(0)),
        "m_trust_start": of(model.mean_trust(0)),
        "m_cooperation": of(model.cooperation[years]),
        "m_cooperation_start": of(model.cooperation[0]),
        "m_pact": of(model.pact[years]),
    }
    found["m_logit"] = np.log(found["m_crisis"] / (1 - found["m_crisis"]))
    return rows.assign(**found)


def chosen(text: str) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """``k37``, ``all`` or codes, with ``-CODE`` for those left out of everything: the states (None: all), and those out.

    Raises:
        DataError: a word is none of these.
    """
    states: Collection[str] | None = None
    without = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        code = word.removeprefix("-")
        if word.lower() in ("k37", "all"):
            states = K37 if word.lower() == "k37" else states
        elif len(code) == 3 and code.isascii() and code.isalpha() and code.isupper():
            if word.startswith("-"):
                without.append(code)
            else:
                states = (*(states or ()), code)
        else:
            raise DataError(f"--states {word!r}: k37, all, ISO3 codes such as CHN,RUS, or -CHN to leave one out")
    return (tuple(states) if states is not None else None), tuple(without)
