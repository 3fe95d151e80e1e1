"""V7 to V11: the choice of side as landscape theory, and its enumeration."""

from __future__ import annotations

import csv

import numpy as np

from sim.landscape.model import Landscape, landscape, score
from sim.verification.printed import NATIONS_1936, UNIX
from sim.verification.row import Absent, Claim, Effort, Row
from sim.verification.worlds import after, bare_world

_TWO_SIDES = {"third_way": False, "temperature": 0.0, "switching": 0.0, "non_alignment": 0.0, "past": 0.0}


def _configurations(n: int) -> np.ndarray:
    """Every division of n states with the first on side 1, in the order of :mod:`sim.landscape`, shape (2^(n-1), n)."""
    count = np.arange(2 ** (n - 1))
    return (1 + (count[:, None] >> np.arange(n - 1, -1, -1) & 1)).astype(np.int8)


def _index(sides: np.ndarray) -> np.ndarray:
    """The position of divisions among :func:`_configurations`, whichever side the first is on."""
    other = sides != sides[:, :1]
    return (other * 2 ** np.arange(sides.shape[1] - 1, -1, -1)).sum(-1)


def _fixed_points(sizes: np.ndarray, propensities: np.ndarray) -> set[int]:
    """The divisions in which no state moves when each has had a turn, by the product's choice of side."""
    start = _configurations(len(sizes))
    world = bare_world(len(sizes), len(start), trust=propensities, capability=sizes, bloc=start)
    moved = after(world, {"blocs": {**_TWO_SIDES, "rate": 1.0}}, 1)
    return set(_index(start[(moved.bloc == start).all(-1)]).tolist())


def _agrees(found: Landscape) -> int:
    """How many local minima are not fixed points of the choice of side, or the other way round."""
    return len(_fixed_points(found.sizes, found.propensities) ^ set(_index(found.minima).tolist()))


def _against(found: Landscape, minimum: int = 0) -> str:
    """The smaller side of a minimum, by name."""
    sides = found.minima[minimum]
    fewer = min((1, 2), key=lambda side: (sides == side).sum())
    return ", ".join(sorted(name for name, side in zip(found.actors, sides) if side == fewer))


def fixed_points(effort: Effort) -> list[float]:
    """Choosing the best of two sides in turn, states end exactly in the local minima, and every move lowers the energy.

    Source: Axelrod and Bennett (1993), "A landscape theory of aggregation", British Journal of Political Science
    23:211-233, the theory: adjustment by one actor at a time lowers the energy, and stops in local minima.
    Setting: 12 states with lognormal sizes and symmetric Gaussian propensities, 4 draws; schedule [blocs], third_way=false,
    temperature, switching and non-alignment 0. From each of the 2048 divisions: those that a month in which each has a turn
    leaves as they are, against the minima of sim.landscape's enumeration; then 100 months at rate .02 (nearly all moves are
    one state's), with the energy of each month's division; then all have come to rest in a minimum.
    Tolerance: none.
    """
    rng, unlike, rises, moves, restless = np.random.default_rng(1), 0, 0, 0, 0
    for draw in range(effort.draws(4)):
        n = 12
        sizes = rng.lognormal(size=n)
        weights = np.triu(rng.normal(size=(n, n)), 1)
        found = landscape(sizes, weights + weights.T)
        unlike += _agrees(found)
        energies = np.concatenate([energy for _, energy in found.blocks()])
        start = _configurations(n)
        world = bare_world(n, len(start), trust=found.propensities, capability=sizes, bloc=start)
        for month in range(100):
            before = world.bloc
            world = after(world, {"blocs": {**_TWO_SIDES, "rate": 0.02}}, 1, seed=draw, start=month)
            moved = (world.bloc != before).any(-1)
            rises += int((energies[_index(world.bloc)] >= energies[_index(before)])[moved].sum())
            moves += int(moved.sum())
        world = after(world, {"blocs": {**_TWO_SIDES, "rate": 1.0}}, 24, seed=draw, start=100)
        restless += int((~np.isin(_index(world.bloc), _index(found.minima))).sum())
    return [unlike, rises if moves else -1, restless]


def unix(effort: Effort) -> list[float | str]:
    """Nine computer firms choose between two Unix standards: two minima, and only IBM on the wrong side of one.

    Source: Axelrod and Bennett (1993), British Journal of Political Science 23:211-233, Table 2 (fully printed); the
    case after Axelrod, Mitchell, Thomas, Bennett and Bruderer (1995), Management Science 41:1493-1508.
    Setting: sizes of Table 2, propensity -1 between firms of the same type and 0 otherwise; energy is the sum over ordered
    pairs of s_i s_j p_ij where the sides differ. Minima and basins by sim.landscape.model; fixed points by schedule [blocs]
    as in V7. Configuration 1 is the minimum that has AT&T and Sun together.
    Tolerance: energies are printed to .1; otherwise none.
    """
    sizes, kinds, joined = zip(*UNIX.values())
    propensities = -(np.array(kinds)[:, None] == np.array(kinds)).astype(float)
    found = landscape(sizes, propensities, list(UNIX))
    names = list(UNIX)
    first = int(np.argmax(found.minima[:, names.index("Sun")] == found.minima[:, names.index("AT&T")]))
    wrong = score(names, sizes, found.minima[first], dict(zip(names, joined))).wrong
    return [len(found.minima), *found.energies[:2], *found.basins[:2], ", ".join(wrong), _agrees(found)]


def isis(effort: Effort) -> list[float | str]:
    """Eleven actors in Syria and Iraq: one minimum, in which ISIS stands almost alone.

    Source: Axelrod and Furnas (2016), landscape theory applied to the actors around ISIS: propensities printed from 1 to 5,
    inputs at github.com/alexanderfurnas/Landscape_Theory; energies and sides as in the model's specification (V9).
    Setting: strengths as given, and with Syria's 10 in place of 50; propensity is the printed number minus 3; minima by
    sim.landscape, fixed points by schedule [blocs] as in V7. The inputs carry no licence and do not ship: they are read
    from landscape_benchmarks/ in the data folder.
    Tolerance: none.
    """
    if effort.data is None:
        raise Absent("no data folder: give --data DIR or set SIM_DATA; its inputs carry no licence")
    folder = effort.data / "landscape_benchmarks"
    files = [folder / f"furnas_isis_{name}.csv" for name in ("Actor_data", "Actor_data_weaksyria")]
    matrix = folder / "furnas_isis_Pairwise_propensity_Feb_20.csv"
    for file in (*files, matrix):
        if not file.is_file():
            raise Absent(f"no file {file.name} in {folder}; its inputs carry no licence")
    with matrix.open(encoding="utf-8", newline="") as opened:
        cells = [line[1:] for line in list(csv.reader(opened))[1:] if line]
    printed = np.array([[float(cell) if cell.strip() else 3.0 for cell in line] for line in cells]) - 3
    values: list[float | str] = []
    for file in files:
        with file.open(encoding="utf-8", newline="") as opened:
            actors = list(csv.DictReader(opened))
        names = [row["actor"].replace("Nursa", "Nusra") for row in actors]
        found = landscape([float(row["strength"]) for row in actors], printed, names)
        values += [len(found.minima), found.energies[0], _against(found), _agrees(found)]
    return values


def powers_1936(effort: Effort) -> list[float]:
    """Five powers of 1936 that all repel each other have four stable divisions.

    Source: Axelrod and Bennett (1993), British Journal of Political Science 23:211-233, sizes of Table 1; the case of
    propensities all -1 as in the model's specification (V10).
    Setting: United Kingdom, France, Germany, Italy and the Soviet Union, all propensities -1; minima by sim.landscape, fixed
    points by schedule [blocs] as in V7.
    Tolerance: none.
    """
    names = ("United Kingdom", "France", "Germany", "Italy", "Soviet Union")
    found = landscape([NATIONS_1936[name][0] for name in names], np.eye(5) - 1, names)
    return [len(found.minima), _agrees(found)]


def nations_1936(effort: Effort) -> list[float | str]:
    """Scoring only: of the 17 nations of 1936, configuration 1 puts Poland and Portugal on the wrong side.

    Source: Axelrod and Bennett (1993), British Journal of Political Science 23:211-233, Table 1 (sizes, configuration 1,
    actual sides). The propensities behind it were never printed: this is no replication of the configuration.
    Setting: sim.landscape.model.score of the printed sides; Portugal stayed neutral and counts as wrong.
    Tolerance: the share is printed to .1 per cent.
    """
    sizes, sides, actual = zip(*NATIONS_1936.values())
    result = score(list(NATIONS_1936), sizes, sides, dict(zip(NATIONS_1936, actual)))
    return [", ".join(result.wrong), result.share]


ROWS = (
    Row(
        "V7",
        fixed_points,
        (
            Claim("fixed points unlike minima, N = 12", 0, basis="X"),
            Claim("moves that do not lower the energy", 0, basis="X"),
            Claim("starts that end elsewhere", 0, basis="X"),
        ),
    ),
    Row(
        "V8",
        unix,
        (
            Claim("minima", 2),
            Claim("energy 1", -3828.9, 0.05),
            Claim("energy 2", -3828.9, 0.05),
            Claim("basin 1", 128),
            Claim("basin 2", 128),
            Claim("wrong in configuration 1", "IBM"),
            Claim("fixed points unlike minima", 0, basis="X"),
        ),
    ),
    Row(
        "V9",
        isis,
        (
            Claim("minima", 1),
            Claim("energy", -83200, 1e-6),
            Claim("against the rest", "ISIS, Nusra, Turkey"),
            Claim("fixed points unlike minima", 0, basis="X"),
            Claim("weak Syria: minima", 1),
            Claim("weak Syria: energy", -65600, 1e-6),
            Claim("weak Syria: against the rest", "ISIS, Nusra"),
            Claim("weak Syria: fixed points unlike", 0, basis="X"),
        ),
    ),
    Row("V10", powers_1936, (Claim("minima", 4), Claim("fixed points unlike minima", 0, basis="X"))),
    Row(
        "V11",
        nations_1936,
        (Claim("wrong in configuration 1", "Poland, Portugal"), Claim("share of size that is right", 0.957, 0.0005)),
    ),
)
