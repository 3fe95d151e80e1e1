"""The starting worlds, built from public data and from the curated facts that the data do not hold.

``python -m sim.data.worlds --data DIR [--out scenarios/worlds] [WORLD...]`` writes ``<world>.yaml`` and
``<world>/*.csv``; the same data give the same bytes. Nothing that begins after the first day of a world's month enters:

* capability: the CINC share of the last data year before the start; affinity: mean of the last three UN sessions;
* borders: contiguity in force on the first day; rivalries: begun in an earlier year, not ended before the start year;
* ties: the alliance data of the last year before the start, carried forward, then the curated corrections;
* organisations, members, trust overrides, non-state actors: the curated tables beside the worlds (see their README).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from sim import resources
from sim.data import public
from sim.data.builder.curated import in_force
from sim.data.builder.grounds import of_states
from sim.data.builder.writing import COLUMNS
from sim.data.public import DataError, Pair, Row
from sim.worlds.files import table_text

WORLDS = {"eurasia_2012": "2012-01", "eurasia_2015": "2015-01"}
TREATIES_TO = {"eurasia_2015": 2012}
"""Last year of the table of treaties that a world uses, where a newer table has later ones: the world was built, and its
results were checked, with this year and the corrections of `ties.csv` for what came after."""
STATES = (
    *("AFG", "BLR", "CHN", "DEU", "FRA", "GBR", "IND", "IRN", "JPN", "KAZ", "KGZ"),
    *("MNG", "PAK", "RUS", "SAU", "TJK", "TKM", "TUR", "UKR", "USA", "UZB"),
)
ORGANISATIONS = ("CSTO", "NATO", "NRC", "SCO")
"""What these two worlds hold of the curated organisations; the worlds of all states hold every one."""
WORLD_REACH = ("CHN", "RUS", "USA")  # can act far from home; assumed
REACH = (1.0, 0.75, 0.5)  # of an actor: its host, a land neighbour of the host, two land steps away; assumed
REACH_ELSEWHERE = 0.1
REACH_OF = {"USA": 0.4}  # instead of the above: its forces and embassies are within reach; assumed
NAMES = {"TUR": "Turkey"}  # as usual in English at the start of these worlds
NO_TIE = {"tie": "none", "source": "atop"}
GROUNDS = f"{COLUMNS['grounds']} source"
TABLES = {
    "states": "code name capability capability_source affinity affinity_source "
    "world_reach world_reach_basis world_reach_source",
    "dyads": "a b border border_source tie tie_source rivalry rivalry_source nonaggression nonaggression_source",
    "trust": "from to anchor basis source note",
    "organisations": "code name depth depth_basis depth_source",
    "memberships": "organisation state joined source",
    "actors": "code name host strength strength_basis strength_source effort effort_basis effort_source",
    "reach": "actor state reach reach_basis reach_source bias bias_basis bias_source",
    "grounds": GROUNDS,
}
NOTES = (
    "Ties: a defence pact or a consultation clause of either side counts for the pair. A non-aggression clause alone "
    "does not: through declarations that nearly everybody signed, most of these pairs have one, rivals included. It "
    "has a column of its own, which no rule reads.",
    "Rivalries and borders that last to the end of their tables are taken to go on.",
    "Trust that is not listed in trust.csv starts where the rule puts it (ties, distance in UN votes, rivalry).",
    "Depth: how much an organisation binds its members, from 0 (they meet) to 1 (one command, one budget); assumed.",
    "Proximity is not stored: it follows from border and world_reach.",
    "Reach of an actor: host 1, land neighbour of the host .75, two land steps .5, USA .4, elsewhere .1; assumed.",
    "Grounds, which rules 0.2 read, are derived by regressions over all states up to the start: derived_grounds.",
)


def build(world: str, data: Path, curated: Path) -> dict[str, bytes]:
    """The files of one world, by name relative to the folder of worlds.

    Raises:
        DataError: a file, a column or a state is missing, or a source id has no reference.
    """
    if world not in WORLDS:
        raise DataError(f"{world!r} is not a world; allowed: {', '.join(WORLDS)}")
    tables, years = _tables(WORLDS[world], data, curated, TREATIES_TO.get(world))
    references = yaml.safe_load((curated / "sources.yaml").read_text(encoding="utf-8"))
    used = {
        row[column]
        for name, rows in tables.items()
        for row in rows
        for column in TABLES[name].split()
        if column.endswith("source")
    }
    unknown = sorted(used - set(references))
    if unknown:
        raise DataError(f"{curated / 'sources.yaml'}: no reference for {', '.join(map(repr, unknown))}; add it there")
    sources = {key: references[key].replace("{years}", years.get(key, "")) for key in sorted(used)}
    files = {f"{world}/{name}.csv": table_text(TABLES[name].split(), kept) for name, kept in tables.items()}
    return {f"{world}.yaml": _head(WORLDS[world], years, sources)} | files


def write(world: str, data: Path, out: Path, curated: Path) -> list[Path]:
    """Build a world and write it below ``out``; the files written."""
    written = []
    for name, content in build(world, data, curated).items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def reach(host: str, land: Iterable[Pair]) -> dict[str, float]:
    """How well an actor in ``host`` reaches each state (0..1), by land borders crossed."""
    near: dict[str, set[str]] = {code: {code} for code in STATES}
    for a, b in land:
        near[a].add(b)
        near[b].add(a)
    rings = [{host}, near[host], set().union(*(near[code] for code in near[host]))]
    steps = {code: next((step for step, ring in enumerate(rings) if code in ring), None) for code in STATES}
    by_land = {code: REACH_ELSEWHERE if step is None else REACH[step] for code, step in steps.items()}
    return by_land | {code: value for code, value in REACH_OF.items() if code != host}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0, or 2 with one line on stderr where something is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m sim.data.worlds", description="Build the starting worlds from public data."
    )
    parser.add_argument("worlds", nargs="*", metavar="WORLD", help=f"which ones (default: {' '.join(WORLDS)})")
    parser.add_argument("--data", default=os.environ.get("SIM_DATA"), help="data folder (default: $SIM_DATA)")
    parser.add_argument("--out", type=Path, default=Path("scenarios/worlds"), help="where to write (default: %(default)s)")
    parser.add_argument("--curated", type=Path, help="folder of the curated tables (default: the package's)")
    options = parser.parse_args(arguments)
    try:
        if not options.data:
            raise DataError("no data folder: give --data DIR or set SIM_DATA")
        curated = options.curated or resources.scenarios() / "worlds" / "curated"
        for world in options.worlds or WORLDS:
            for path in write(world, Path(options.data), options.out, curated):
                print(path)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _tables(start: str, data: Path, curated: Path, treaties_to: int | None) -> tuple[dict[str, list[Row]], dict[str, str]]:
    """The rows of every table (with more columns than are written), and the data years by source id."""
    year, day = int(start[:4]), f"{start}-01"
    iso, names = public.country_codes(data, STATES, year)
    power, power_year = public.capabilities(data, iso, year)
    votes, sessions = public.affinities(data, STATES, year)
    border = public.borders(data, iso, day)
    rivals = public.rivalries(data, iso, year)
    treaties, tie_year = public.alliances(data, iso, year if treaties_to is None else min(year, treaties_to + 1))
    ties: dict[Pair, Row] = {
        pair: {"tie": tie, "source": "atop"} for tie in ("consultation", "defence") for pair in treaties[tie]
    }  # a defence pact goes over a consultation clause
    ties |= {(row["a"], row["b"]): row for row in in_force(curated / "ties.csv", day)}
    organisations = [row for row in in_force(curated / "organisations.csv", day) if row["code"] in ORGANISATIONS]
    alive = {row["code"] for row in organisations}
    actors = in_force(curated / "actors.csv", day)
    tables = {
        "states": [
            {
                "code": code,
                "name": NAMES.get(code, names[code]),
                "capability": f"{power[code]:.6f}",
                "capability_source": "nmc",
                "affinity": f"{votes[code]:.4f}",
                "affinity_source": "unga",
                "world_reach": str(int(code in WORLD_REACH)),
                "world_reach_basis": "A",
                "world_reach_source": "assumed",
            }
            for code in STATES
        ],
        "dyads": [
            {
                "a": a,
                "b": b,
                "border": border.get((a, b), "none"),
                "border_source": "cow_contiguity",
                "tie": ties.get((a, b), NO_TIE)["tie"],
                "tie_source": ties.get((a, b), NO_TIE)["source"],
                "rivalry": str(int((a, b) in rivals)),
                "rivalry_source": "tss",
                "nonaggression": str(int((a, b) in treaties["nonaggression"])),
                "nonaggression_source": "atop",
            }
            for a, b in itertools.combinations(STATES, 2)
        ],
        "trust": _both_directions(in_force(curated / "trust.csv", day)),
        "organisations": organisations,
        "memberships": [
            row | {"joined": row["from"]}
            for row in in_force(curated / "memberships.csv", day)
            if row["organisation"] in alive and row["state"] in STATES
        ],
        "actors": actors,
        "reach": [row for actor in actors for row in _reach_rows(actor, border, curated)],
        "grounds": [row | {"source": "derived_grounds"} for row in of_states(data, STATES, year)],
    }
    return tables, {
        "derived_grounds": f"to {year - 1}",
        "nmc": str(power_year),
        "unga": f"{sessions[0]}-{sessions[-1]}",
        "atop": str(tie_year),
    }


def _reach_rows(actor: Row, border: dict[Pair, str], curated: Path) -> list[Row]:
    observed = public.read_table(curated / "observers.csv", ("actor", "state"))
    observers = {(row["actor"], row["state"]): row for row in observed}
    reached = reach(actor["host"], (pair for pair, kind in border.items() if kind == "land"))
    others = observers[actor["code"], "*"]
    return [
        observers.get((actor["code"], code), others)
        | {"actor": actor["code"], "state": code, "reach": f"{value:g}", "reach_basis": "A", "reach_source": "assumed"}
        for code, value in reached.items()
    ]


def _both_directions(rows: Iterable[Row]) -> list[Row]:
    directed = [row | {"from": a, "to": b} for row in rows for a, b in itertools.permutations((row["a"], row["b"]))]
    return sorted(directed, key=lambda row: (row["from"], row["to"]))


def _head(start: str, years: dict[str, str], sources: dict[str, str]) -> bytes:
    description = (
        f"{len(STATES)} states of Eurasia and the Atlantic on the first day of {start}. Capability of {years['nmc']}, "
        f"UN votes of {years['unga']}, alliance treaties of {years['atop']} carried forward; nothing that began later."
    )
    lines = [
        "# Built by `python -m sim.data.worlds` from public data and from what people decided (curated/); do not edit.",
        f'title: "Eurasia, {start}"',
        f'date: "{start}"',
        "description: >-",
        *textwrap.wrap(description, 110, initial_indent="  ", subsequent_indent="  "),
        "notes:",
        *(f"  - {json.dumps(note, ensure_ascii=False)}" for note in NOTES),  # a JSON string is a YAML string
        "sources:",
        *(f"  {key}: {json.dumps(text, ensure_ascii=False)}" for key, text in sources.items()),
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


if __name__ == "__main__":
    sys.exit(main())
