"""A world from its columns: which states are kept, its tables, and the files they make."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from sim import calendar, resources
from sim.data import public
from sim.data.builder import curated as told
from sim.data.builder import grounds, of_pairs, of_states, portfolios, record
from sim.data.builder.actors import actors_and_reach
from sim.data.builder.presence import Presence, presence
from sim.data.builder.writing import Sources, files
from sim.data.public import DataError, Pair, Row
from sim.scenario.selection import choice_of, select
from sim.scenario.worlds import keep_only

FIRST, LAST = "1936-01", "2025-01"
CAN_REACH = {"USA": ("", ""), "RUS": ("", ""), "CHN": ("2000-01", ""), "FRA": ("", "1972-01"), "GBR": ("", "1972-01")}
"""States that act far from home, from a month and until one; assumed."""
UNRECORDED = "the source has no event of this state: no record, which is not a record without events"


def build_world(
    data: Path, start: str, states: Sequence[str] = ("all",), name: str = "world", *, curated: Path | None = None
) -> dict[str, bytes]:
    """The files of a world by name relative to a folder of worlds: ``NAME.yaml`` and ``NAME/*.csv``.

    Args:
        data: the data folder; what it lacks is left out where a world can do without.
        start: the month, such as ``1985-01``, from ``FIRST`` to ``LAST``.
        states: codes and words of a selection, such as ``["majors", "neighbours:RUS", "-MNG"]``.
        name: the name of the world.
        curated: the folder of the curated tables; None for those of the package.

    Raises:
        DataError: a file or a column is missing, a state did not exist then, or a word is not known.
    """
    start = _month(start)
    curated = curated or resources.scenarios() / "worlds" / "curated"
    there = presence(data, start)
    sources = Sources()
    tables = _tables(data, curated, start, there, sources)
    names = {row["code"]: row["name"] for row in tables["states"]}
    land = [(row["a"], row["b"]) for row in tables["dyads"] if row["border"] == "land"]
    organisations = [row["code"] for row in tables["organisations"]]
    choice = choice_of(names, organisations, tables["memberships"], tables["regions"], land)
    plain = [word.removeprefix("-") for word in states]
    there.refuse([word for word in plain if word in there.absent], start)
    kept, wrong = select(list(states), choice)
    if wrong:
        raise DataError("\n".join(f"--states: {text}" for _, text in wrong))
    if len(kept) < 2:
        raise DataError(f"--states selects {len(kept)} states; a world needs two or more")
    keep_only(tables, kept)
    return files(name, start, tables, sources, curated, everybody=len(kept) == len(names))


def _month(start: str) -> str:
    try:
        month = calendar.format_month(calendar.parse_month(start))
    except ValueError as error:
        raise DataError(f"--start: {error}") from None
    if not FIRST <= month <= LAST:
        raise DataError(f"--start {month}: a world can start from {FIRST} to {LAST}")
    return month


def _tables(data: Path, curated: Path, start: str, there: Presence, sources: Sources) -> dict[str, list[Row]]:
    """The rows of every table, of all states of the day."""
    year, day = int(start[:4]), f"{start}-01"
    region, regions = told.regions(curated, start, there.names)
    organisations = told.in_force(curated / "organisations.csv", day)
    members = told.memberships(data, curated, start, there.now, organisations)
    borders = public.borders(data, there.now, day)
    sources.column("dyads", "border", "cow_contiguity", "R", day)
    treaties, tie_year = public.alliances(data, there.now, year)
    ties = _ties(curated, day, organisations, members, treaties, tie_year, sources)
    rivals = told.rivalries(curated, public.rivalries(data, there.now, year), day)
    sources.column("dyads", "rivalry", "tss", "R", str(year - 1))
    sources.exceptions(
        "dyads", "rivalry", {f"{a}/{b}": (source, "A", "", "") for (a, b), source in rivals.items() if source != "tss"}
    )
    capitals = of_states.capitals(data, there, day)
    sources.column("states", "latitude longitude", "capitals", "R", day)
    power = sources.of("states", "capability", of_states.capability(data, there, year), "nmc")
    wealth = _optional(data / "democracy" / "gdp_pop.csv.gz", lambda: of_states.economy(data, there, year))
    regime = _optional(data / "democracy" / "democracy.csv.gz", lambda: of_states.regime(data, there, year))
    democracy = regime["democracy"].values if regime else {}
    gdp = wealth["gdp_per_head"].values if wealth else {}
    allies = {pair for pair, row in ties.items() if row["tie"] == "defence"}
    if year < portfolios.VOTES_FROM:
        votes = portfolios.affinity(there, treaties, tie_year)
        sources.column("states", "affinity", "portfolios", "A", str(tie_year))
    else:
        votes = of_states.affinity(data, there, year, {"democracy": democracy, "gdp_per_head": gdp}, allies)
        sources.of("states", "affinity", votes, "unga")
    sources.column("states", "region", "m49", "R", "")
    sources.column("states", "world_reach", "assumed", "A", start)
    sources.column("organisations", "depth", "assumed", "A", start)
    codes = sorted(there.names)
    actors, reach = actors_and_reach(curated, day, codes, borders)
    tables: dict[str, list[Row]] = {
        "states": [
            {
                "code": code,
                "name": there.names[code],
                "capability": f"{power.values[code]:.3g}",
                "affinity": f"{votes.values[code]:.3g}",
                "world_reach": str(int(_reaches(code, start))),
                "region": region[code],
                "latitude": f"{capitals[code][0]:.2f}" if code in capitals else "",
                "longitude": f"{capitals[code][1]:.2f}" if code in capitals else "",
            }
            for code in codes
        ],
        "dyads": _dyads(borders, ties, rivals, treaties),
        "trust": _trust(curated, day, there.names),
        "organisations": organisations,
        "memberships": members,
        "actors": actors,
        "reach": reach,
        "regions": regions,
        "history": _history(data, curated, there, year, sources),
        "relations": [],
        "record": [],
        "economy": of_states.sparse(wealth, codes) if wealth else [],
        "regime": [],
        "democracy": [],
    }
    for name, column in (wealth or {}).items():
        sources.of("economy", name, column, "gdp")
    for name, (table, source) in {"polyarchy": ("regime", "vdem"), "democracy": ("democracy", "euds")}.items():
        if regime:
            tables[table] = of_states.sparse({name: regime[name]}, codes)
            sources.of(table, name, regime[name], source)
    shares, share_year = of_pairs.shared_organisations(data, there, year)
    sources.column("relations", "organisations", "igo_share", "C", share_year)
    events = record.record(data, there, start)
    exposed: dict[Pair, float] = {}
    if events:
        tables["record"] = events.rows()
        sources.column("record", "*", events.source, "C", events.years)
        holes = {code: (events.source, "A", "", UNRECORDED) for code in codes if code not in events.states}
        sources.exceptions("record", "*", holes)
        total = {code: gdp[code] * wealth["population"].values.get(code, 0.0) for code in gdp} if wealth else {}
        exposed = record.exposure(events, power.values, total, capitals, borders)
        if exposed:
            sources.column("relations", "exposure", "derived_exposure", "C", events.years)
    listed = {(min(row["from"], row["to"]), max(row["from"], row["to"])) for row in tables["trust"]}
    tables["grounds"] = grounds.rows(data, there, year, sources, events, listed)
    tables["relations"] = [
        {"a": a, "b": b, "organisations": f"{value:.2g}", "exposure": _short(exposed[a, b]) if (a, b) in exposed else ""}
        for (a, b), value in sorted(shares.items())
    ]
    return tables


def _short(value: float) -> str:
    """Two decimals: three digits, as the spread is one."""
    return f"{value:.2f}".replace("-0.00", "0.00")


def _optional(path: Path, read: Callable[[], dict[str, of_states.Column]]) -> dict[str, of_states.Column] | None:
    return read() if path.is_file() else None


def _reaches(code: str, start: str) -> bool:
    first, end = CAN_REACH.get(code, ("9999", ""))
    return first <= start and (not end or start < end)


def _ties(
    curated: Path,
    day: str,
    organisations: list[Row],
    members: list[Row],
    treaties: dict[str, set[Pair]],
    tie_year: int,
    sources: Sources,
) -> dict[Pair, Row]:
    """The strongest tie of each pair: of the alliance data, of those who joined an organisation since, and curated."""
    ties: dict[Pair, Row] = {
        pair: {"tie": tie, "source": "atop"} for tie in ("consultation", "defence") for pair in treaties[tie]
    }
    ties |= told.accession_pacts(curated, organisations, members, tie_year)
    order = ("none", "consultation", "defence")
    for row in told.in_force(curated / "ties.csv", day):
        pair = (row["a"], row["b"])
        before = ties.get(pair, {"tie": "none"})["tie"]
        if order.index(row["tie"]) > order.index(before) and int(row["from"][:4]) > min(tie_year, 2018):
            ties[pair] = row
    sources.column("dyads", "tie nonaggression consultation", "atop", "R", str(tie_year))
    rows = {
        f"{a}/{b}": (row["source"], "R", row.get("from", ""), "") for (a, b), row in ties.items() if row["source"] != "atop"
    }
    sources.exceptions("dyads", "tie", rows)
    return ties


def _dyads(
    borders: dict[Pair, str], ties: dict[Pair, Row], rivals: dict[Pair, str], treaties: dict[str, set[Pair]]
) -> list[Row]:
    listed = {*borders, *ties, *rivals, *treaties["nonaggression"], *treaties["consultation"]}
    return [
        {
            "a": a,
            "b": b,
            "border": borders.get((a, b), "none"),
            "tie": ties[a, b]["tie"] if (a, b) in ties else "none",
            "rivalry": str(int((a, b) in rivals)),
            "nonaggression": str(int((a, b) in treaties["nonaggression"])),
            "consultation": str(int((a, b) in treaties["consultation"])),
        }
        for a, b in sorted(listed)
    ]


def _trust(curated: Path, day: str, names: Collection[str]) -> list[Row]:
    rows = [row for row in told.in_force(curated / "trust.csv", day) if row["from"] or day >= told.TRUST_FROM]
    rows = [row for row in rows if row["a"] in names and row["b"] in names]
    both = [row | {"from": a, "to": b} for row in rows for a, b in ((row["a"], row["b"]), (row["b"], row["a"]))]
    return sorted(both, key=lambda row: (row["from"], row["to"]))


def _history(data: Path, curated: Path, there: Presence, year: int, sources: Sources) -> list[Row]:
    """Disputes, agreements and exercises of the pairs that have any."""
    clashes, years, source = of_pairs.disputes(data, curated, there, year)
    sources.column("history", "disputes_5 disputes_20", source, "C", years)
    signed: dict[Pair, float] = {}
    drilled: dict[Pair, float] = {}
    if (data / "dca").is_dir():
        signed, span = of_pairs.agreements(data, there, year)
        sources.column("history", "agreements", "dca", "C", span or "none yet")
    if (data / "exercises").is_dir():
        drilled, span = of_pairs.exercises(data, there, year)
        sources.column("history", "exercises", "mme", "C", span or "none yet")
    return [
        {
            "a": a,
            "b": b,
            "disputes_5": f"{clashes.get((a, b), (0, 0))[0]:g}",
            "disputes_20": f"{clashes.get((a, b), (0, 0))[1]:g}",
            "agreements": f"{signed.get((a, b), 0):.2g}",
            "exercises": f"{drilled.get((a, b), 0):.2g}",
        }
        for a, b in sorted({*clashes, *signed, *drilled})
        if a in there.names and b in there.names
    ]
