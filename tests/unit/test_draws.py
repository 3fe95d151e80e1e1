"""The keyed draws tested as one tests a random number generator, and the four properties they are there for.

Seeds are fixed, so a test gives the same answer every time: a p-value below 1e-4 here means a flaw, or a change of the
scheme that met a one in ten thousand event and may take another seed.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.draws import Draws, _open_interval, code_of, codes_of, mix

MASK = 2**64 - 1
P = 1e-4
STATES = ("AFG", "CHN", "IND", "KAZ", "MNG", "PAK", "RUS", "USA", "UZB")
MONTH = 12 * 2015


def draws(seed=1, replicates=range(50), states=STATES, actors=("ISK", "TTP"), **kwargs):
    kwargs.setdefault("month", MONTH)
    return Draws(seed, replicates, {"state": codes_of(states), "actor": codes_of(actors)}, **kwargs)


def finalise(z: int) -> int:
    """SplitMix64's finaliser in plain integers, as published."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def assert_uniform(u, cells=256):
    """Kolmogorov-Smirnov over the whole and chi-square over equal cells."""
    u = np.ravel(u).astype(float)
    assert stats.kstest(u, "uniform").pvalue > P
    assert stats.chisquare(np.bincount((u * cells).astype(int), minlength=cells)).pvalue > P


def assert_uncorrelated(a, b):
    """The correlation of n independent pairs has standard deviation 1/sqrt(n); 4 of them are a p of 6e-5. Ranks of
    distance from the middle are compared too, which sees dependence that is not a line."""
    a, b = np.ravel(a).astype(float), np.ravel(b).astype(float)
    assert a.size == b.size > 1000
    for f in (lambda u: u, lambda u: np.abs(u - 0.5)):
        assert abs(np.corrcoef(f(a), f(b))[0, 1]) < 4 / math.sqrt(a.size)


# -- the mixing function ---------------------------------------------------------------------------------------------


def test_mix_gives_the_known_outputs_of_splitmix64():
    """The five outputs from seed 1234567 that Rosetta Code lists (Pseudo-random numbers/Splitmix64)."""
    gamma = 0x9E3779B97F4A7C15
    states = [(1234567 + k * gamma) & MASK for k in range(1, 6)]
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    assert mix(np.array(states, np.uint64)).tolist() == expected


def test_mix_equals_the_published_algorithm_in_plain_integers():
    words = [0, 1, 2, 3, MASK, MASK - 1, 1 << 63, 0x0123456789ABCDEF, *(finalise(k) for k in range(500))]
    assert mix(np.array(words, np.uint64)).tolist() == [finalise(w) for w in words]


def test_mix_works_in_place_and_on_any_shape():
    words = np.arange(24, dtype=np.uint64).reshape(2, 3, 4)
    expected = [finalise(k) for k in range(24)]
    answer = mix(words)
    assert answer is words
    assert answer.ravel().tolist() == expected


def test_mix_flips_half_the_bits_for_each_bit_of_its_question():
    """Avalanche: the share of 4000 words in which a bit of the answer flips, for each of 64 x 64 (bit in, bit out) pairs.
    A share has standard deviation .5 / sqrt(4000) = .008; a few pairs of this finaliser are truly slightly off a half."""
    words = np.random.default_rng(0).integers(0, 2**64, 4000, dtype=np.uint64)
    base = mix(words.copy())
    bits = np.arange(64, dtype=np.uint64)
    for bit in bits:
        flipped = base ^ mix(words ^ (np.uint64(1) << bit))
        share = ((flipped[:, None] >> bits) & np.uint64(1)).mean(axis=0)
        assert np.abs(share - 0.5).max() < 0.06
        assert abs(share.mean() - 0.5) < 5 * 0.5 / math.sqrt(64 * 4000)


def test_code_of_a_name_is_the_first_eight_bytes_of_blake2b():
    import hashlib

    for name in ("RUS", "ISK", "decision"):
        assert int(code_of(name)) == int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def test_a_cell_s_bits_are_the_documented_hash_in_plain_integers():
    """The whole key, seed to dyad, in Python integers: the scheme cannot change without this test saying so."""
    golden = 0x9E3779B97F4A7C15
    seed, replicate, month, stream = -7, 3, MONTH + 5, "decision"
    d = draws(seed=seed, replicates=[0, replicate], month=month)
    key = finalise(((seed & MASK) * golden + int(code_of(stream))) & MASK)
    key = finalise((key + replicate * golden) & MASK)
    now = finalise((key + (month + 1) * golden) & MASK)
    rus, usa = int(code_of("RUS")), int(code_of("USA"))
    dyad = finalise((finalise((rus * golden) & MASK) + usa) & MASK)
    i, j = STATES.index("RUS"), STATES.index("USA")
    assert int(d.bits(stream, "state", "other")[1, i, j]) == finalise((now + dyad) & MASK)
    assert int(d.bits(stream, "state")[1, i]) == finalise((now + rus) & MASK)
    assert int(d.bits(stream)[1]) == finalise(now)
    u = (finalise((now + rus) & MASK) >> 12) * 2.0**-52 + 2.0**-53
    assert d.uniform(stream, "state")[1, i] == u


# -- uniformity ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("axes", [(), ("state",), ("actor",), ("state", "other"), ("actor", "state"), ("state", "actor")])
def test_uniform_along_every_set_of_axes(axes):
    assert_uniform(draws(replicates=range(8000)).uniform("a", *axes))


def test_uniform_in_two_thousand_cells():
    assert_uniform(draws(replicates=range(5000)).uniform("fine", "state", "other"), cells=2048)


@pytest.mark.parametrize("axis", ["replicate", "month", "seed", "stream", "state"])
def test_uniform_along_one_axis_of_the_key_with_all_others_held(axis):
    """One cell seen along a single axis of the key, where a weak hash would show its lattice."""
    n = 5000
    if axis == "replicate":
        u = draws(replicates=range(n)).uniform("x", "state")[:, 0]
    elif axis == "month":
        one = draws(replicates=[0])
        u = np.array([one.at(m).uniform("x", "state")[0, 0] for m in range(n)])
    elif axis == "seed":
        u = np.array([draws(seed=s, replicates=[0]).uniform("x", "state")[0, 0] for s in range(n)])
    elif axis == "stream":
        one = draws(replicates=[0])
        u = np.array([one.uniform(f"stream{k}", "state")[0, 0] for k in range(n)])
    else:
        u = draws(replicates=[0], states=[f"S{k:05d}" for k in range(n)]).uniform("x", "state")[0]
    assert_uniform(u, cells=100)
    assert_uncorrelated(u[:-1], u[1:])
    # successive values fill the unit square evenly: no lattice of few lines
    counts, _, _ = np.histogram2d(u[:-1], u[1:], bins=10, range=[[0, 1], [0, 1]])
    assert stats.chisquare(counts.ravel()).pvalue > P
    # runs above and below the middle (Wald and Wolfowitz): mean (n + 1) / 2, variance about n / 4
    runs = 1 + np.count_nonzero(np.diff(u > 0.5))
    assert abs(runs - (n + 1) / 2) < 4 * math.sqrt(n / 4)


def test_the_interval_is_open_at_both_ends_even_for_extreme_bits():
    u = _open_interval(np.array([0, MASK, 1 << 63], np.uint64), out=np.empty(3))
    assert 0 < u[0] < 1e-6 < u[2] < u[1] < 1
    assert np.isfinite(np.log(u)).all() and np.isfinite(np.log1p(-u.astype(float))).all()


# -- independence along the axes of the key --------------------------------------------------------------------------


def test_neighbours_along_every_axis_are_uncorrelated():
    """Serial correlation (lag 1) and cross correlation between neighbouring keys, for each part of the key."""
    d = draws(replicates=range(400))
    u = d.uniform("decision", "state", "other")
    assert_uncorrelated(u[:-1], u[1:])  # replicate
    assert_uncorrelated(u[:, :-1], u[:, 1:])  # state
    assert_uncorrelated(u[:, :, :-1], u[:, :, 1:])  # other
    assert_uncorrelated(u[:, *np.triu_indices(9, 1)], u.swapaxes(1, 2)[:, *np.triu_indices(9, 1)])  # i > j and j > i
    for lag in (1, 2, 12):
        assert_uncorrelated(u, d.at(MONTH + lag).uniform("decision", "state", "other"))  # month
    for other in (0, 2, -1, 1 + 2**32):
        assert_uncorrelated(u, draws(seed=other, replicates=range(400)).uniform("decision", "state", "other"))  # seed
    for stream in ("decisioo", "trust", "decision/", "Decision"):
        assert_uncorrelated(u, d.uniform(stream, "state", "other"))  # stream
    assert_uncorrelated(u, d.under("expectation").uniform("decision", "state", "other"))  # prefix
    assert_uncorrelated(u, d.uniform("decision", "state")[:, :, None] + np.zeros(9))  # axes


def test_no_correlation_between_any_two_dyads_over_replicates():
    """81 x 81 correlations of 4000 replicates, Fisher's z standard normal: the largest of 3240 stays below 4.8
    (probability of more, 3240 * 1.6e-6 = .5 %), and their sum of squares is chi-square."""
    u = draws(replicates=range(4000)).uniform("x", "state", "other").reshape(4000, -1)
    r = np.corrcoef(u, rowvar=False)[np.triu_indices(81, 1)]
    z = np.arctanh(r) * math.sqrt(4000 - 3)
    assert np.abs(z).max() < 4.8
    assert stats.chi2.sf((z**2).sum(), z.size) > P


def test_replicate_and_month_do_not_trade_places():
    """A sum of replicate and month in the key would make replicate r + 1 repeat replicate r a month later."""
    d = draws(replicates=range(60))
    table = np.stack([d.at(m).bits("x", "state")[:, 0] for m in range(60)])
    assert np.unique(table).size == table.size


def test_no_lattice_in_the_plane_of_replicate_and_month():
    """Two-dimensional Fourier transform of a 128 x 128 table of draws: under independence the power of each frequency
    is exponential, the largest of 8000 below log(8000 / P) of the mean with probability 1 - P."""
    d = draws(replicates=range(128))
    u = np.stack([d.at(m).uniform("x", "state")[:, 3] for m in range(128)])
    power = np.abs(np.fft.rfft2((u - 0.5) * math.sqrt(12)))[:, 1:64] ** 2 / u.size
    assert power.max() < math.log(power.size / P)
    assert power.mean() == pytest.approx(1, abs=4 / math.sqrt(power.size))


@pytest.mark.parametrize("which", ["seed", "replicate", "month", "stream", "state", "other"])
def test_neighbouring_keys_differ_in_half_of_their_bits(which):
    """Hamming distance of two random words is binomial(64, 1/2): mean 32, standard deviation 4."""
    n = 3000
    if which == "replicate":
        words = draws(replicates=range(n + 1)).bits("x", "state", "other")[:, 1, 2]
        one, two = words[:-1], words[1:]
    elif which in ("seed", "month", "stream"):
        keys = range(n + 1)
        make = {
            "seed": lambda k: draws(seed=k, replicates=[0]),
            "month": lambda k: draws(replicates=[0], month=k),
            "stream": lambda k: draws(replicates=[0]),
        }[which]
        words = np.array([make(k).bits(f"x{k}" if which == "stream" else "x", "state")[0, 1] for k in keys])
        one, two = words[:-1], words[1:]
    else:
        words = draws(replicates=range(n)).bits("x", "state", "other")
        one, two = (words[:, 1, 2], words[:, 2, 2]) if which == "state" else (words[:, 1, 2], words[:, 1, 3])
    distance = np.bitwise_count(one ^ two).astype(float)
    assert distance.mean() == pytest.approx(32, abs=4 * 4 / math.sqrt(len(distance)))
    assert distance.std() == pytest.approx(4, abs=4 * 4 / math.sqrt(2 * len(distance)))


def test_collisions_are_as_the_birthday_expects():
    """Cut to 32 bits, m words should give m^2 / 2^33 equal pairs, Poisson; the full 64 bits none."""
    d = draws(replicates=range(200))
    words = np.concatenate([d.at(m).bits("x", "state", "other").ravel() for m in range(30)])
    m = words.size
    assert np.unique(words).size == m
    for part in (words >> np.uint64(32), words & np.uint64(0xFFFFFFFF)):
        pairs = m - np.unique(part).size
        expected = m * m / 2**33
        assert stats.poisson.cdf(pairs, expected) > P
        assert stats.poisson.sf(pairs - 1, expected) > P


def test_keys_of_different_kinds_never_meet():
    """States, actors, dyads and the empty axes of one stream draw apart."""
    d = draws(replicates=range(300))
    kinds = [
        d.bits("x"),
        d.bits("x", "state"),
        d.bits("x", "actor"),
        d.bits("x", "state", "other"),
        d.bits("x", "actor", "state"),
        d.bits("x", "state", "actor"),
    ]
    words = np.concatenate([k.ravel() for k in kinds])
    assert np.unique(words).size == words.size


# -- normals, pairs and parts ----------------------------------------------------------------------------------------


def test_normal_moments_and_tails():
    """Standard errors of mean, variance, skewness and kurtosis of n normals: sqrt of 1, 2, 6, 24 over n; tails beyond
    2, 3 and 4 standard deviations are binomial."""
    z = draws(replicates=range(8000)).normal("noise", "state", "other").astype(float).ravel()
    n = z.size
    assert abs(z.mean()) < 4 / math.sqrt(n)
    assert abs(z.var() - 1) < 4 * math.sqrt(2 / n)
    assert abs(stats.skew(z)) < 4 * math.sqrt(6 / n)
    assert abs(stats.kurtosis(z)) < 4 * math.sqrt(24 / n)
    assert stats.kstest(z, "norm").pvalue > P
    for cut in (2, 3, 4):
        for tail in (z > cut, z < -cut):
            assert stats.binomtest(int(tail.sum()), n, stats.norm.sf(cut)).pvalue > P


def test_normal_is_the_quantile_at_the_uniform_of_the_same_stream():
    d = draws()
    assert stats.norm.cdf(d.normal("x", "state")) == pytest.approx(d.uniform("x", "state"), rel=1e-12)


def test_uniform_of_equals_the_cells_of_uniform():
    d = draws(replicates=range(30, 50))
    rows, states = np.array([0, 3, 3, 19]), np.array([8, 0, 5, 2])
    assert np.array_equal(d.uniform_of("ties", rows, states), d.uniform("ties", "state", "other")[rows, states])
    others = np.array([1, 1, 8, 2])
    found = d.uniform_of("ties", rows, states, others)
    assert np.array_equal(found, d.uniform("ties", "state", "other")[rows, states, others])


def test_only_some_positions_are_the_same_draws_as_all():
    d, only = draws(replicates=range(4)), np.array([1, 2, 7])
    for kind in (d.uniform, d.normal):
        assert np.array_equal(kind("x", "state", "other", only=only), kind("x", "state", "other")[..., only])
        assert kind("x", "state", only=only[:0]).shape == (4, 0)


def test_pair_is_symmetric_uniform_and_one_draw_a_dyad():
    u = draws(replicates=range(3000)).uniform("crisis", "pair")
    assert np.array_equal(u, u.swapaxes(1, 2))
    upper = u[:, *np.triu_indices(9, 1)]
    assert np.unique(upper).size == upper.size
    assert_uniform(upper)
    assert_uncorrelated(upper[:, :-1], upper[:, 1:])


def test_directed_dyads_draw_apart():
    u = draws().uniform("decision", "state", "other")
    assert not np.any(u == u.swapaxes(1, 2), where=~np.eye(9, dtype=bool))


# -- turns -----------------------------------------------------------------------------------------------------------


def test_turns_come_at_the_right_rate_for_every_state():
    """Binomial(n, rate) a state; all nine together within 4 standard deviations each."""
    n, rate = 20_000, 0.3
    count = np.zeros(9)
    for _, states in draws(replicates=range(n)).turns("ties", rate):
        count += np.bincount(states, minlength=9)
    assert np.all(np.abs(count - n * rate) < 4 * math.sqrt(n * rate * (1 - rate)))


def test_turns_of_a_replicate_come_in_every_order_equally_often():
    """At rate 1, three states: six orders, chi-square."""
    first = list(draws(states=("CHN", "RUS", "USA"), replicates=range(12_000)).turns("ties", 1.0))
    assert len(first) == 3 and all(np.array_equal(rows, np.arange(12_000)) for rows, _ in first)
    order = first[0][1] * 9 + first[1][1] * 3 + first[2][1]
    kinds, counts = np.unique(order, return_counts=True)
    assert kinds.size == 6
    assert stats.chisquare(counts).pvalue > P


def test_no_state_has_two_turns_in_a_month_and_rates_may_differ():
    rate = np.array([[0.0], [1.0], [0.5]])
    seen = np.zeros((3, 9), int)
    for rows, states in draws(replicates=range(3)).turns("x", rate):
        assert np.unique(rows).size == rows.size
        np.add.at(seen, (rows, states), 1)
    assert seen[0].sum() == 0 and np.array_equal(seen[1], np.ones(9)) and seen[2].max() <= 1


def test_who_has_a_turn_says_nothing_about_when():
    """The opportunity and the order are separate draws: among active states the first is any of them."""
    n = 30_000
    d = draws(states=("CHN", "RUS", "USA"), replicates=range(n))
    active = d.uniform("x/opportunity", "state") < 0.5
    both = np.flatnonzero(active[:, 0] & active[:, 1] & ~active[:, 2])
    rows, states = next(iter(d.turns("x", 0.5)))
    first = np.full(n, -1)
    first[rows] = states
    heads = int((first[both] == 0).sum())
    assert stats.binomtest(heads, both.size, 0.5).pvalue > P
    assert_uncorrelated(d.uniform("x/opportunity", "state"), d.uniform("x/order", "state"))


# -- the four properties of DESIGN.md --------------------------------------------------------------------------------


def everything(d):
    return {
        "state": d.uniform("a", "state"),
        "dyad": d.uniform("a", "state", "other"),
        "pair": d.uniform("a", "pair"),
        "actor": d.normal("a", "actor", "state"),
        "none": d.uniform("a"),
    }


def test_1_a_replicate_draws_the_same_alone_and_in_company():
    company = everything(draws(replicates=range(40)))
    some = everything(draws(replicates=[31, 7, 39]))
    for name, u in company.items():
        assert np.array_equal(u[[31, 7, 39]], some[name])


def test_2_what_was_drawn_before_does_not_matter():
    fresh, used = draws(), draws()
    for stream in ("insurgency", "decision", "new mechanism"):
        used.uniform(stream, "state", "other")
        list(used.turns(stream, 0.5))
    used.under("past").at(3).normal("a", "state")
    for name, u in everything(fresh).items():
        assert np.array_equal(u, everything(used)[name])


def test_3_the_luck_depends_on_the_month_alone_not_on_the_way_there():
    d = draws()
    assert np.array_equal(d.at(MONTH + 7).uniform("a", "state"), d.at(MONTH + 100).at(MONTH + 7).uniform("a", "state"))
    assert np.array_equal(draws(month=MONTH + 7).bits("a"), d.at(MONTH + 7).bits("a"))
    assert not np.array_equal(d.bits("a"), d.at(MONTH + 1).bits("a"))


@pytest.mark.parametrize("axes", [("state",), ("state", "other"), ("pair",), ("actor", "state"), ("state", "actor")])
def test_4_adding_or_removing_a_state_changes_nobody_else_s_luck(axes):
    fewer = tuple(code for code in STATES if code != "MNG")
    more = (*STATES[:3], "JPN", *STATES[3:])
    base = draws(actors=("ISK",)).uniform("a", *axes)

    def kept(u, states):
        where = [states.index(code) for code in fewer]
        for axis, dim in enumerate(("state", "state") if axes == ("pair",) else axes, start=1):
            u = u.take(where, axis) if dim != "actor" else u
        return u

    for states in (fewer, more):
        assert np.array_equal(kept(draws(actors=("ISK",), states=states).uniform("a", *axes), states), kept(base, STATES))


def test_4_holds_for_turns_too():
    """Without Mongolia the others have their turns in the same relative order."""

    def order(states):
        d, seen = draws(states=states, replicates=range(200)), [[] for _ in range(200)]
        for rows, which in d.turns("ties", 0.6):
            for r, s in zip(rows, which):
                seen[r].append(states[s])
        return seen

    fewer = tuple(code for code in STATES if code != "MNG")
    assert order(fewer) == [[code for code in turn if code != "MNG"] for turn in order(STATES)]


def test_no_states_and_no_actors_give_empty_arrays():
    d = draws(states=(), actors=(), replicates=range(4))
    assert d.uniform("a", "state", "other").shape == (4, 0, 0)
    assert d.normal("a", "actor", "state").shape == (4, 0, 0)
    assert d.uniform("a", "pair").shape == (4, 0, 0)
    assert list(d.turns("a", 1.0)) == []
