"""`sim landscape --sizes FILE --propensities FILE`: which two-sided alignments are stable, by landscape theory."""

from __future__ import annotations

import contextlib
import csv
import io
import math
import shlex
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sim.cli.arguments import Refusal, add_json, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal, clean
from sim.results.cells import Writer, unguarded

if TYPE_CHECKING:
    from sim.landscape.model import Landscape

SHOWN, LISTED, DRAWN = 6, 1000, 8
"""How many minima are printed, put into JSON, and drawn."""
LONGEST = 1_000_000


def main(argv: list[str]) -> int:
    """Enumerate, print, write."""
    about = (
        "Every way in which up to 24 actors can split into two sides, by landscape theory (Axelrod and Bennett 1993): "
        "the stable ones, their energies, and how many alignments lead to each."
    )
    files = "--sizes s.csv --propensities p.csv"
    to = parser(
        "landscape",
        about,
        {
            files: "s.csv: actor,size; p.csv: a matrix with names in its first row and column",
            f"{files} --plot l.png": "draw it",
            f"{files} --configurations c.csv": "a row for each configuration",
        },
    )
    to.add_argument("--sizes", metavar="FILE", required=True, help="a CSV file with the columns actor and size")
    to.add_argument(
        "--propensities", metavar="FILE", required=True, help="a symmetric CSV matrix: above 0 together, below 0 apart"
    )
    to.add_argument("--actual", metavar="FILE", help="a CSV file with the columns actor and actual: sides to compare")
    to.add_argument("--configurations", metavar="FILE", help="write each configuration and its energy to this CSV file")
    to.add_argument("--plot", metavar="FILE", help="draw the landscape: a name that ends in .png or .svg")
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    outputs = _outputs(args)
    from sim.landscape.model import LandscapeError, landscape

    try:
        actors, sizes = read_sizes(args.sizes)
        propensities = read_propensities(args.propensities, actors, args.sizes)
        actual = read_actual(args.actual, actors) if args.actual else None
        if len(actors) >= 20:
            print(f"looking at {2 ** (len(actors) - 1):,} configurations", file=sys.stderr)
        found = landscape(sizes, propensities, actors)
    except LandscapeError as error:
        raise Refusal(f"{args.sizes}, {args.propensities}: {error}") from None
    scores = [found.score(actual, k) for k in range(min(len(found.minima), LISTED))] if actual else None
    writers: dict[str, Callable[[Path], None]] = {
        "configurations": lambda path: _write_configurations(found, path),
        "plot": lambda path: _draw(found, args, path),
    }
    _write({target: writers[name] for name, target in outputs.items()})
    if args.json:
        print_json(_as_json(found, scores) | {name: str(path.resolve()) for name, path in outputs.items()})
        return 0
    terminal = Terminal()
    terminal.print(*_table(found, scores, terminal), "", *_next(args), *(str(path) for path in outputs.values()))
    return 0


# -- what is said ---------------------------------------------------------------------------------------------------


def _table(found: Landscape, scores: list[Any] | None, terminal: Terminal) -> list[str]:
    """The minima, from the lowest energy to the highest, in at most 80 columns."""
    count, minima, total = found.configurations, len(found.minima), float(found.sizes.sum())
    what = "1 local minimum" if minima == 1 else f"{minima:,} local minima"
    lines = [terminal.bold(f"{len(found.actors)} actors, {count:,} configurations, {what}")]
    least = found.settled[:SHOWN].argmin(axis=1) if minima <= LISTED else [None] * SHOWN
    for k in range(min(minima, SHOWN)):
        reach = f"{found.basins[k]:,} of {count:,} lead here ({found.basins[k] / count:.1%})".replace("%", " %")
        lines += ["", terminal.bold(f"  {k + 1}  energy {number(found.energies[k])}") + f"   {reach}"]
        for side in (1, 2):
            on = found.minima[k] == side
            share = f" ({100 * float(found.sizes[on].sum()) / total:.1f} % of size)" if total else ""
            names = ", ".join(name for name, there in zip(found.actors, on, strict=True) if there)
            lines.append(terminal.wrap(f"side {side}{share}: {names or 'nobody'}", "     ", "       "))
        if found.flat[k]:
            lines.append("     flat: some actor could change sides here at no cost")
        elif least[k] is not None:
            cost = number(found.settled[k, least[k]])
            lines.append(
                terminal.wrap(
                    f"least settled: {found.actors[least[k]]}, whose change of sides would raise the energy by {cost}",
                    "     ",
                    "       ",
                )
            )
        if scores:
            right, wrong = f"{100 * scores[k].share:.1f} % of size as it came", ", ".join(scores[k].wrong) or "nobody"
            lines.append(terminal.wrap(f"{right}; wrong: {wrong}", "     ", "       "))
    if minima > SHOWN:
        lines += ["", f"  ... and {minima - SHOWN:,} more with a higher or equal energy; --json lists them"]
    note = (
        "Energy: size times size times propensity, over ordered pairs on different sides; lower is more stable. A "
        "local minimum: no single actor lowers it by changing sides. Side 1 is the first actor's; that is all."
    )
    return [*lines, "", terminal.dim(terminal.wrap(note))]


def _next(args: Any) -> list[str]:
    """The next command that makes sense."""
    if args.plot and args.configurations:
        return [f"Next: {program()} run scenario=sco_expansion parameters.blocs.third_way=false"]
    words = [
        f"Next: {program()} landscape --sizes {shlex.quote(args.sizes)}",
        f"--propensities {shlex.quote(args.propensities)}",
        "--configurations configurations.csv" if args.plot else "--plot landscape.png",
    ]
    line = " ".join(words)
    return [line] if len(line) <= 80 else " \\\n        ".join(words).split("\n")


def _as_json(found: Landscape, scores: list[Any] | None) -> dict[str, Any]:
    minima = []
    several = found.minima[:LISTED]
    for k, sides in enumerate(several):
        row = {
            "energy": float(found.energies[k]),
            "basin": int(found.basins[k]),
            "basin_share": float(found.basins[k] / found.configurations),
            "flat": bool(found.flat[k]),
            "sides": dict(zip(found.actors, sides.tolist(), strict=True)),
        }
        minima.append(row)
    if len(found.minima) <= LISTED:
        for row, frustration, settled in zip(minima, found.frustration.tolist(), found.settled.tolist(), strict=True):
            row["frustration"] = dict(zip(found.actors, frustration, strict=True))
            row["settled"] = dict(zip(found.actors, settled, strict=True))
    for row, score in zip(minima, scores or (), strict=False):
        row["score"] = {"share_right": score.share, "wrong": list(score.wrong), "labels": list(score.labels)}
    sizes = dict(zip(found.actors, found.sizes.tolist(), strict=True))
    return {
        "actors": sizes,
        "configuration_count": found.configurations,
        "minima_found": len(found.minima),
        "minima": minima,
    }


def number(value: float) -> str:
    """Seven digits, without a sign on zero."""
    return f"{float(value) + 0.0:.7g}"


# -- what is written --------------------------------------------------------------------------------------------------


def _outputs(args: Any) -> dict[str, Path]:
    """The files to write, checked before any work: in folders that exist, and not over the input."""
    asked = {"configurations": args.configurations, "plot": args.plot}
    outputs = {name: Path(path) for name, path in asked.items() if path is not None}
    if args.plot is not None and outputs["plot"].suffix.lower() not in (".png", ".svg"):
        raise Refusal(f"--plot {args.plot}: the name must end in .png or .svg")
    taken = {Path(name).resolve() for name in (args.sizes, args.propensities, args.actual) if name}
    for name, path in outputs.items():
        if path.resolve() in taken:
            raise Refusal(f"--{name} {path}: this file is used already; choose another name, so that nothing is lost")
        if not path.parent.is_dir():
            raise Refusal(f"--{name} {path}: there is no folder {path.parent}; make it first, or choose another")
        if path.exists() and not path.is_file():
            raise Refusal(f"--{name} {path}: not a file that can be written; choose another name")
        taken.add(path.resolve())
    return outputs


def _write(files: dict[Path, Callable[[Path], None]]) -> None:
    """Write all of the files, or none: first beside their places, then one move each."""
    from sim.results.atomic import place_file

    ready = []
    target = None
    try:
        with contextlib.ExitStack() as stack:
            for target, write in files.items():
                folder = tempfile.TemporaryDirectory(prefix=".landscape-", dir=target.resolve().parent)
                place = Path(stack.enter_context(folder)) / f"new{target.suffix.lower()}"
                write(place)
                ready.append((place, target))
            for place, target in ready:
                place_file(place, target.resolve())
    except OSError as error:
        raise Refusal(f"cannot write {target}: {error.strerror or error}; choose another place") from None


def _write_configurations(found: Landscape, path: Path) -> None:
    """A row a configuration, the sides in the order of the actors, then the energy to 12 digits."""
    with path.open("w", encoding="utf-8", newline="") as file:
        Writer(file).row([*found.actors, "energy"])
        tails: list[str] = []
        for sides, energies in found.blocks():
            # The same last actors vary in each block, and all rows of one share what stands before.
            if not tails:
                varying = len(sides).bit_length() - 1
                tails = [",".join(map(str, row)) for row in sides[:, len(found.actors) - varying :].tolist()]
            head = "".join(f"{side}," for side in sides[0, : len(found.actors) - varying].tolist())
            pairs = zip(tails, (energies + 0.0).tolist(), strict=True)
            file.write("".join([f"{head}{tail},{energy:.12g}\n" for tail, energy in pairs]))


def _draw(found: Landscape, args: Any, path: Path) -> None:
    from sim.plots.answers.landscape import Valley, figure
    from sim.plots.sheet import palette

    valleys = [
        Valley(energies, found.basins[k] / found.configurations, found.minima[k])
        for k, energies in enumerate(found.basin_energies(DRAWN))
    ]
    inputs = f"{Path(args.sizes).name}, {Path(args.propensities).name}"
    with palette.drawing():
        figure(found.actors, found.sizes, valleys, minima=len(found.minima), inputs=inputs).save(
            path.with_suffix(""), (path.suffix[1:],)
        )


# -- what is read -----------------------------------------------------------------------------------------------------


def read_sizes(path: str) -> tuple[list[str], list[float]]:
    """Actors and sizes from the columns `actor` and `size`; other columns are not read."""
    from sim.landscape.model import LandscapeError, check_count

    sizes: dict[str, float] = {}
    for where, actor, word in _pairs(path, "size"):
        sizes[actor] = _number(word, where, f"the size of {actor}", "a number, 0 or more, such as a share of power")
        if sizes[actor] < 0:
            _refuse(where, f"the size of {actor} is {word}, below 0; it must be a number, 0 or more")
    try:
        check_count(len(sizes))
    except LandscapeError as error:
        _refuse(path, str(error))
    return list(sizes), list(sizes.values())


def read_actual(path: str, actors: Sequence[str]) -> dict[str, str | None]:
    """The sides that actors took, from the columns `actor` and `actual`; an empty cell is neither side."""
    actual: dict[str, str | None] = {}
    for where, actor, side in _pairs(path, "actual"):
        if actor not in actors:
            _refuse(where, f"{actor!r} is not an actor of the sizes{_did_you_mean(actor, actors)}")
        actual[actor] = side or None
    missing = [actor for actor in actors if actor not in actual]
    if missing:
        _refuse(path, f"no row for {', '.join(missing)}; add one, with an empty cell for neither side")
    return actual


def read_propensities(path: str, actors: Sequence[str], sizes: str) -> list[list[float]]:
    """A symmetric matrix in the order of `actors`, whose names come from the file `sizes`; its diagonal is not read."""
    from sim.landscape.model import same

    (line, head), *rows = _lines(path, "a matrix with the names of the actors in its first row and first column")
    if len(head) < 2 or not all(head[1:]):
        _refuse(f"{path}:{line}", "the first row must be an empty cell, then a name for each column")
    _check_names([(f"{path}:{line}", name) for name in head[1:]], "column", actors, sizes, path)
    _check_names([(f"{path}:{at}", row[0]) for at, row in rows], "row", actors, sizes, path)
    place = {actor: k for k, actor in enumerate(actors)}
    matrix = [[0.0] * len(actors) for _ in actors]
    lines = {}
    for at, row in rows:
        where, i = f"{path}:{at}", place[row[0]]
        lines[i] = at
        if len(row) != len(head):
            _refuse(where, f"{len(row)} cells, but the first row has {len(head)}; write 0 where there is no pull")
        for name, word in zip(head[1:], row[1:], strict=True):
            if name != row[0]:
                matrix[i][place[name]] = _number(
                    word, where, f"the propensity of {row[0]} to {name}", "a number, such as -1, 0 or 1"
                )
    uneven = [
        (max(lines[i], lines[j]), i, j)
        for i, j in combinations(range(len(actors)), 2)
        if not same(matrix[i][j], matrix[j][i])
    ]
    if uneven:
        at, i, j = min(uneven)
        more = f" ({len(uneven)} pairs differ)" if len(uneven) > 1 else ""
        one, back = (f"{actors[a]} to {actors[b]} is {matrix[a][b]:g}" for a, b in ((i, j), (j, i)))
        _refuse(f"{path}:{at}", f"not symmetric: {one}, but {back}{more}; a pair has one propensity: write it twice")
    return matrix


def _refuse(where: str, what: str) -> NoReturn:
    """One error: `file:line: what is wrong; what is allowed; what to do`."""
    raise Refusal(f"{where}: {what}")


def _did_you_mean(name: str, actors: Sequence[str]) -> str:
    from sim.scenario.problems import did_you_mean

    return did_you_mean(name, actors, what="the actors")


def _lines(path: str, what: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file that hold something, with their line numbers."""
    try:
        with open(path, "rb") as file:
            raw = file.read(LONGEST + 1)
    except (OSError, ValueError) as error:
        _refuse(path, f"cannot be read: {getattr(error, 'strerror', None) or error}. Give a CSV file, {what}")
    if len(raw) > LONGEST:
        _refuse(path, f"larger than {LONGEST // 1_000_000} MB, too long for 24 actors. Give a CSV file, {what}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        _refuse(f"{path}:{line}", f"not a CSV file, or not in UTF-8. Save it as CSV (UTF-8): {what}")
    for line, words in enumerate(text.split("\n"), 1):
        if any(unicodedata.category(char) == "Cc" and char not in "\t\r" for char in words):
            _refuse(f"{path}:{line}", f"not a CSV file: there are control characters. Give a CSV file, {what}")
    rows, reader = [], csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            cells = [clean(unguarded(cell)) for cell in row]
            if any(cells):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        _refuse(f"{path}:{reader.line_num}", f"not a CSV file: {error}. Give a CSV file, {what}")
    if not rows:
        _refuse(f"{path}:1", f"the file is empty. Give a CSV file, {what}")
    line, head = rows[0]
    if len(head) == 1 and any(mark in head[0] for mark in ";|\t"):
        _refuse(f"{path}:{line}", f"no commas between the cells. Save it as CSV with commas: {what}")
    return rows


def _pairs(path: str, column: str) -> Iterator[tuple[str, str, str]]:
    """Where, actor and value of each row of a file with the columns `actor` and `column`."""
    what = f"the columns actor,{column} and a row for each actor"
    (line, head), *rows = _lines(path, what)
    names = [name.casefold() for name in head]
    for name in ("actor", column):
        if names.count(name) != 1:
            problem = f"there is no column {name!r}" if name not in names else f"{name!r} heads more than one column"
            listed = ", ".join(head[:6])
            _refuse(f"{path}:{line}", f"{problem}; the first row is {listed[:60]!r} and must be actor,{column}")
    seen: dict[str, int] = {}
    for at, row in rows:
        where = f"{path}:{at}"
        if len(row) != len(head):
            _refuse(where, f"{len(row)} cells, but the first row has {len(head)}; put a name with a comma in quotes")
        actor, value = row[names.index("actor")], row[names.index(column)]
        if not actor:
            _refuse(where, f"the name of the actor is missing; expected {what}")
        if actor in seen:
            _refuse(where, f"{actor!r} stands in line {seen[actor]} already; each actor has one row: take one away")
        seen[actor] = at
        yield where, actor, value


def _check_names(found: Iterable[tuple[str, str]], what: str, actors: Sequence[str], sizes: str, path: str) -> None:
    """Every actor once, and nobody else."""
    seen = set()
    for where, name in found:
        if name in seen:
            _refuse(where, f"the {what} {name!r} stands there twice; each actor has one {what}: take one away")
        if name not in actors:
            _refuse(
                where,
                f"the {what} {name!r} is not an actor of {sizes}{_did_you_mean(name, actors)}. Use the same "
                "names in both files",
            )
        seen.add(name)
    missing = [actor for actor in actors if actor not in seen]
    if missing:
        _refuse(path, f"no {what} for {', '.join(missing)} of {sizes}; each actor needs a row and a column: add it")


def _number(word: str, where: str, what: str, allowed: str) -> float:
    try:
        value = float(word) if "_" not in word else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        hint = " (write decimals with a point)" if "," in word else ""
        _refuse(where, f"{what} {f'is {word[:40]!r}' if word else 'is missing'}; it must be {allowed}{hint}")
    return value
