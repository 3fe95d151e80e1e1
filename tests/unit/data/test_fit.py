"""Goodness of fit of the ties: features right on known graphs, a p that is uniform when it should be, data read right."""

from __future__ import annotations

import gzip
import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from sim.data import fit, goodness
from sim.data.public import DataError
from sim.data.starting import history

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data are not at {DATA}; they do not ship")
ISO = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH")


def network(n, *pairs):
    """One symmetric network, shape (1, n, n)."""
    found = np.zeros((1, n, n), bool)
    for a, b in pairs:
        found[0, a, b] = found[0, b, a] = True
    return found


def scattered(count, n, density, seed):
    """Networks with ties anywhere, shape (count, n, n)."""
    upper = np.triu(np.random.default_rng(seed).random((count, n, n)) < density, 1)
    return upper | upper.swapaxes(1, 2)


TRIANGLE = network(5, (0, 1), (1, 2), (0, 2))
STAR = network(6, *((0, k) for k in range(1, 6)))
PATH = network(7, *((k, k + 1) for k in range(6)))


@pytest.mark.parametrize(
    ("graph", "degrees", "triads", "geodesics"),
    [
        # five states, two alone
        (TRIANGLE, (2, 2, 5, 5), (3, 6, 0, 1), (3, 0, 0, 0, 0, 7)),
        # five points around a centre of degree 5, beyond the last cut (4)
        (STAR, (0, 5, 5, 5, 5), (10, 0, 10, 0), (5, 10, 0, 0, 0, 0)),
        # two ends and five states in between; 6 at distance 1, 5 at 2, 4, 3, 2, and the ends at 6
        (PATH, (0, 2, 7, 7, 7, 7), (10, 20, 5, 0), (6, 5, 4, 3, 2, 1)),
        (network(4), (4, 4, 4), (4, 0, 0, 0), (0, 0, 0, 0, 0, 6)),
    ],
    ids=["triangle", "star", "path", "empty"],
)
def test_features_of_known_graphs(graph, degrees, triads, geodesics):
    assert goodness.degree_counts(graph)[0].tolist() == list(degrees)
    assert goodness.triad_census(graph)[0].tolist() == list(triads)
    assert goodness.geodesics(graph)[0].tolist() == list(geodesics)


def test_the_triad_census_is_what_counting_gives():
    graphs = scattered(5, 11, 0.4, 3)
    for graph, found in zip(graphs, goodness.triad_census(graphs)):
        ties = [int(graph[a, b]) + graph[a, c] + graph[b, c] for a, b, c in itertools.combinations(range(11), 3)]
        assert found.tolist() == np.bincount(ties, minlength=4).tolist()


def test_the_distance_is_that_of_mahalanobis():
    simulated = np.random.default_rng(1).normal(size=(300, 3)) @ [[2, 1, 0], [0, 1, 0.5], [0, 0, 3]]
    observed = np.array([1.0, -2.0, 4.0])
    gap = observed - simulated.mean(axis=0)
    expected = math.sqrt(gap @ np.linalg.inv(np.cov(simulated.T)) @ gap)
    assert goodness.mahalanobis(simulated, observed).distance == pytest.approx(expected, rel=1e-10)


def test_values_that_follow_from_others_change_nothing():
    """The counts of a census add up: the covariance has no inverse."""
    simulated = np.random.default_rng(1).normal(size=(100, 2))
    observed = np.array([1.5, -1.0])
    alone = goodness.mahalanobis(simulated, observed)

    def more(x):
        return np.concatenate([1000 * x, 7 - x.sum(-1, keepdims=True), np.ones((*x.shape[:-1], 1))], axis=-1)

    together = goodness.mahalanobis(more(simulated), more(observed))
    assert together.distance == pytest.approx(alone.distance, rel=1e-6)
    assert together.p == alone.p


def test_where_the_simulated_never_vary_a_difference_is_beyond_measure():
    simulated = np.column_stack([np.random.default_rng(1).normal(size=60), np.full(60, 5.0)])
    assert goodness.mahalanobis(simulated, [0.0, 5.0]).distance < 1
    assert goodness.mahalanobis(simulated, [0.0, 6.0]) == goodness.Fit(math.inf, 1 / 61)
    still = goodness.mahalanobis(np.full((60, 2), 3.0), [3.0, 3.0])
    assert (still.distance, still.p) == (0, 1)


# -- a world of eight states, made up ---------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A data folder of the years 2000 to 2004: eight states in a row, each with a pact with the next, one pact dropped
    in 2002 and one made in 2003; a ninth without votes, a tenth that ends in 2002, an eleventh without a code.
    """
    pacts = {(k, k + 1) for k in range(1, 8)}
    by_year = {2000: pacts, 2001: pacts, 2002: pacts - {(3, 4)}}
    by_year[2003] = by_year[2004] = by_year[2002] | {(1, 8)}
    lines = [f"{a},{b},{year},1,0,0" for year, held in by_year.items() for a, b in sorted(held)]
    lines += [line for year in by_year for line in (f"8,9,{year},1,0,0", f"1,5,{year},0,1,1")]
    codes = [f"{k + 1},{code},1950,2020,{code},{code}" for k, code in enumerate((*ISO, "NNN"))]
    tables = {
        "codes/country_codes.csv": "ccode,stateabb,first_year,last_year,name_short,ISO3\n"
        + "\n".join([*codes, "10,EEN,1950,2002,Ended,ZZZ", "11,NIX,1950,2020,Codeless,"]),
        "unga/idealpoints.csv.gz": "iso3c,year,idealpointfp\n"
        + "\n".join(
            f"{code},{year},{k / 4}" for k, code in enumerate(ISO) for year in (1998, 1999, 2000) if (k, year) != (2, 1999)
        ),
        "nmc/nmc.csv.gz": "ccode,year,cinc\n" + "\n".join(f"{k},2000,{k / 100}" for k in range(1, 11)),
        "geo/contiguity.csv": "ccode1,ccode2,conttype,stdate,enddate\n1,2,1,1950-01-01,2016-12-01\n",
        "rivalries/tss.csv": "ccode1,ccode2,start,end\n7,8,1990,2010\n1,2,2001,2010\n",
        "atop/dyadyear.csv.gz": "ccode1,ccode2,year,atop_defense,atop_consul,atop_nonagg\n" + "\n".join(lines),
    }
    for name, text in tables.items():
        write(tmp_path, name, text)
    return tmp_path


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def test_the_data_are_read_as_they_are(folder):
    known = history(folder, 2000, 2004, None)
    assert known.states == ISO
    assert known.left_out == {"NIX": "no ISO3 in country_codes.csv", "NNN": "no UN votes in 1998-2000"}
    assert [int(network.sum()) // 2 for network in known.networks] == [7, 7, 6, 7, 7]
    dyads = {(row["a"], row["b"]): row for row in known.tables.dyads}
    assert dyads["AAA", "BBB"] == {"a": "AAA", "b": "BBB", "border": "land", "tie": "defence", "rivalry": 0}
    assert dyads["GGG", "HHH"]["rivalry"] == 1
    assert dyads["AAA", "EEE"]["tie"] == "consultation"
    assert [row["affinity"] for row in known.tables.states][:3] == [0, 0.25, 0.5]
    assert not known.recent.any()
    write(folder, "mid/dyadyear.csv.gz", "ccode1,ccode2,year,cowmidongoing\n1,2,1996,1\n3,4,1995,1\n5,6,2001,1\n")
    recent = history(folder, 2000, 2004, None).recent
    assert np.argwhere(recent).tolist() == [[0, 1], [1, 0]]


def test_rates_a_year(folder):
    """One of 27 pact-years dropped, one of 4 * 28 - 27 made: 2000 to 2003 hold 7, 7, 6 and 7."""
    known = history(folder, 2000, 2004, None)
    made, dropped, could_make, could_drop = fit.changes(known.networks[None])
    assert (made, dropped, could_make, could_drop) == (1, 1, 85, 27)
    assert fit.default_years(folder) == (2000, 2004)
    assert fit.default_years(folder, first=2001) == (2001, 2004)


@pytest.mark.parametrize(
    ("mode", "trust"),
    [
        ("actor_oriented", "held"),
        ("actor_oriented", "follows"),
        ("one_alter", "held"),
        ("hazard", "held"),
        ("random", "held"),
    ],
)
def test_replicates_do_not_depend_on_their_company(folder, mode, trust):
    settings = {"modes": [mode], "trust": trust, "replicates": 50, "parameters": {"ties": {"rate": 0.3}}}
    whole = fit.as_json(fit.assess(folder, ISO, **settings))
    assert fit.as_json(fit.assess(folder, ISO, **settings, cells=8 * 8 * 13)) == whole
    assert whole["modes"][mode]["formation"]["mean"] > 0


def test_trust_starts_at_the_anchor_and_is_held_or_follows(folder):
    known = history(folder, 2000, 2004, None)
    world, rules = fit._start(known, "actor_oriented", "held", 2, {})
    assert [name for name, _ in rules.schedule] == ["ties"]
    assert world.trust[1, 0, 1] == pytest.approx(0.15 + 0.45 - 0.17 * 0.25)
    assert world.trust[0, 0, 4] == pytest.approx(0.15 + 0.15 - 0.17 * 1)
    assert world.trust[0, 7, 6] == pytest.approx(0.15 + 0.45 - 0.55 - 0.17 * 0.25)
    assert (world.common_threat[0] > 0).sum() == 56
    _, rules = fit._start(known, "actor_oriented", "follows", 2, {"trust": {"reversion": 0.03}})
    assert [name for name, _ in rules.schedule] == ["trust", "anchor", "threat", "ties"]
    assert (rules.parameters["trust"].noise, rules.parameters["trust"].reversion) == (0, 0.03)


@pytest.mark.parametrize("name", ["degrees", "triads", "geodesics"])
def test_p_is_uniform_when_the_observed_is_one_of_the_simulated(folder, name):
    """200 times: 24 networks of the mechanism, and another one of them as the observed.

    p then takes each of 1/25 .. 1 equally often, but for networks that are equally far out, which can only raise it.
    Kolmogorov's bound at 200, 1.95 / sqrt(200) = .138, is passed by chance once in a thousand.
    """
    known = history(folder, 2000, 2001, None)
    lively = {"ties": {"rate": 0.3, "constant": -1.0, "keep": 1.0}}
    paths = fit._paths(known, "actor_oriented", "held", range(200 * 25), 5, (0, 0), lively)
    values = fit.STATISTICS[name][0](paths[:, -1]).reshape(200, 25, -1)
    p = np.sort([goodness.mahalanobis(block[1:], block[0]).p for block in values])
    grid = np.arange(1, 26) / 25
    gap = np.searchsorted(p, grid + 1e-9, side="right") / len(p) - grid
    assert gap.max() < 0.138
    assert -gap.min() < 0.138 + 0.04  # equals among small networks


def test_p_is_small_when_the_observed_is_of_another_making(folder):
    known = history(folder, 2000, 2001, None)
    lively = {"ties": {"rate": 0.3, "constant": -1.0, "keep": 1.0}}
    networks = fit._paths(known, "actor_oriented", "held", range(200), 5, (0, 0), lively)[:, -1]
    full = goodness.triad_census(scattered(1, 8, 0.95, 1))[0]
    assert goodness.mahalanobis(goodness.triad_census(networks), full).p == 1 / 201


def test_the_random_baseline_has_the_observed_rates(folder):
    report = fit.assess(folder, ISO, modes=["random", "nothing"], replicates=2000)
    random, nothing = report.modes
    # a pact-year is dropped with chance 1/27: 2000 times some 27 of them, standard error of the mean .0008
    assert random.formation.mean() == pytest.approx(report.formation, abs=0.0015)
    assert random.dissolution.mean() == pytest.approx(report.dissolution, abs=0.004)
    assert (nothing.wrong, nothing.replicates, nothing.statistics[0].fit) == (2, 1, None)


@pytest.mark.parametrize(
    ("spoil", "years", "states", "said"),
    [
        (None, (2000, 2009), None, "no year 2005, 2006, 2007, 2008, 2009; it holds 2000 to 2004"),
        (None, (2003, 2003), None, "from 2003 to 2003 is no time"),
        (None, (2000, 2004), ("AAA", "BBB", "CCC", "NNN"), "NNN (no UN votes in 1998-2000)"),
        (None, (2000, 2004), ("AAA", "BBB", "CCC", "ZZZ"), "ZZZ (not a state from 2000 to 2004)"),
        (None, (2000, 2004), ("AAA", "BBB"), "2 states; a network needs four or more"),
        (("unga/idealpoints.csv.gz", "iso3c,year,idealpointfp\nAAA,2000,1\n"), (2000, 2004), None, "fewer than 3 sessions"),
        (("nmc/nmc.csv.gz", "ccode,year,cinc\n1,2000,nan\n"), (2000, 2004), None, "cinc is nan in 2000"),
        (("nmc/nmc.csv.gz", "ccode,year,cinc\n1,2000,much\n"), (2000, 2004), None, "a table cannot be read: could not"),
        (("nmc/nmc.csv.gz", "ccode,year\n1,2000\n"), (2000, 2004), None, "no column cinc"),
        (("atop/dyadyear.csv.gz", "year,atop_defense\n"), (None, None), None, "it holds no year"),
    ],
)
def test_what_cannot_be_used_is_one_error(folder, spoil, years, states, said):
    if spoil:
        write(folder, *spoil)
    with pytest.raises(DataError) as error:
        fit.assess(folder, states, *years, replicates=50)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_broken_archive_is_one_error(folder):
    path = folder / "unga" / "idealpoints.csv.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="a table cannot be read"):
        history(folder, 2000, 2004, None)


@needs_data
def test_the_world_of_2000_is_that_of_the_data():
    known = history(DATA, 2000, 2003, None)
    position = {state: k for k, state in enumerate(known.states)}
    assert len(known.states) > 150
    assert known.networks[0][position["USA"], position["GBR"]]
    assert not known.networks[0][position["IND"], position["PAK"]]
    assert (known.networks == known.networks.swapaxes(1, 2)).all()
    row = next(row for row in known.tables.dyads if (row["a"], row["b"]) == ("IND", "PAK"))
    assert (row["border"], row["rivalry"]) == ("land", 1)
