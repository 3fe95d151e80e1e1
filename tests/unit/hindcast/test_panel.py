"""What the panel makes of rows and spells, from tables written here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.data.features import features, net_share
from sim.data.panel import known, panel

A, B, C = 2, 20, 200


def tables():
    """Three states, A, B and C, of which A and B are rivals until 1994 and C is founded in 1990."""
    years = range(1980, 2001)
    each = [(state, year) for state in (A, B, C) for year in years]
    one = {"ccode": [state for state, _ in each], "year": [year for _, year in each]}
    return {
        "codes": pd.DataFrame(
            {
                "ccode": [A, B, C],
                "gwcode": [A, B, C],
                "first_year": [1900, 1900, 1990],
                "last_year": [2000, 1995, 2000],
                "ISO3": ["AAA", "BBB", "CCC"],
            }
        ),
        "disputes": pd.DataFrame(
            {"ccode1": [A, A, A], "ccode2": [B, C, C], "year": [1985, 1992, 1999], "cowmidonset": [1, 0, 1]}
        ),
        "alliances": pd.DataFrame(
            {
                "ccode1": [A],
                "ccode2": [B],
                "year": [1985],
                "atop_defense": [1],
                "atop_offense": [0],
                "atop_neutral": [0],
                "atop_nonagg": [0],
                "atop_consul": [1],
            }
        ),
        "events": pd.DataFrame(
            {
                "i_iso3c": ["AAA", "BBB"],
                "j_iso3c": ["BBB", "AAA"],
                "year": [1990, 1990],
                "verbCoop": [5, 1],
                "matlCoop": [1, 0],
                "verbConf": [2, 0],
                "matlConf": [0, 0],
            }
        ),
        "votes": pd.DataFrame(one | {"idealpointfp": [0.01 * (state + year - 1980) for state, year in each]}),
        "power": pd.DataFrame(one | {"cinc": [0.1] * len(each)}),
        "regimes": pd.DataFrame(one | {"euds": [0.5, *[1.0] * (len(each) - 1)], "v2x_polyarchy": [0.5] * len(each)}),
        "wealth": pd.DataFrame(one | {"pwtrgdp": [1000.0] * len(each)}),
        "capitals": pd.DataFrame({"ccode": [A, B, C], "stdate": [1900] * 3, "lat": [0, 0, 0], "lng": [0, 90, 180]}),
        "borders": pd.DataFrame({"ccode1": [A], "ccode2": [B], "conttype": [1], "stdate": [1900], "enddate": [2016]}),
        "rivalries": pd.DataFrame({"ccode1": [A, B], "ccode2": [B, C], "start": [1950, 1991], "end": [1994, 2000]}),
        "organisations": pd.DataFrame({"igo": ["nato"], "ccode": [A], "status": [1], "start": [1950], "end": [2000]}),
        "agreements": pd.DataFrame({"ccode1": [A], "ccode2": [B], "signYear": [1988]}),
        "exercises": pd.DataFrame({"gwcode1": [A], "gwcode2": [B], "year": [1987], "n_ex": [2]}),
    }


def test_later_rows_are_dropped_and_ends_that_lie_later_are_open():
    cut = known(tables(), 1992)
    assert cut["disputes"]["year"].tolist() == [1985, 1992]
    assert cut["rivalries"]["start"].tolist() == [1950, 1991]
    assert cut["rivalries"]["end"].isna().all()
    assert known(tables(), 1996)["rivalries"]["end"].tolist()[0] == 1994


def test_a_spell_that_ends_with_its_file_goes_on():
    """The file ends in 2000: the rivalry that it last has is there in 2005, the one that ended in 1994 is not."""
    ends = known(tables(), 2005)["rivalries"]["end"]
    assert ends.tolist()[0] == 1994
    assert np.isnan(ends.tolist()[1])


def test_arrays_hold_what_the_rows_say():
    p = panel(tables(), 1992)
    a, b, c = (p.codes.index(code) for code in ("AAA", "BBB", "CCC"))
    assert p.at("onset", 1985)[a, b] == p.at("onset", 1985)[b, a] == 1
    assert p.within("onset", 1989, 5)[a, b] == 1
    assert p.within("onset", 1990, 5)[a, b] == 0
    assert p.at("defence", 1985)[b, a] == 1
    assert p.at("cooperative", 1990)[a, b] == 6
    assert p.at("cooperative", 1990)[b, a] == 1
    assert p.at("rivalry", 1992)[a, b] == p.at("rivalry", 1992)[b, c] == 1
    assert p.distance[a, b] == pytest.approx(6371 * np.pi / 2)
    assert [p.codes[k] for k in p.there(1985)] == ["AAA", "BBB"]
    assert [p.codes[k] for k in p.there(1992)] == ["AAA", "BBB", "CCC"]
    assert p.affinity(1992)[a] == pytest.approx(0.01 * (A + 11))


def test_a_state_left_out_is_nowhere():
    p = panel(tables(), 1992, without=("BBB",))
    assert p.codes == ("AAA", "CCC")
    assert p.within("onset", 1992, 20).sum() == 0


def test_features_of_a_pair():
    p = panel(tables(), 1992)
    row = features(p, 1989, p.there(1989)).iloc[0]
    assert (row["rivalry"], row["land"], row["dispute_5"]) == (1, 1, 1)
    assert row["disputes_20"] == pytest.approx(np.log(2))
    assert row["apart"] == pytest.approx(0.01 * (B - A))
    assert row["exercises"] == pytest.approx(np.log(3))
    both = features(p, 1990, p.there(1990), directed=True)
    first = both[(both["i"] == 0) & (both["j"] == 1)].iloc[0]
    assert first["net"] == pytest.approx((6 - 2) / 8)
    assert net_share(np.array([0.0]), np.array([0.0])).tolist() == [0]
