"""docs/validation.md, and one such page for other rules: where the model stands beside regressions, and where it loses.

Nothing of the data but scores.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sim.hindcast import record
from sim.hindcast.faces import Face
from sim.hindcast.row import Row
from sim.hindcast.study import TARGETS

ORIGINS = (1995, 2000, 2005, 2009, 2014)
YEARS = 5
COMMAND = "python -m sim hindcast --data DIR --page"
WORDS = {
    "brier": "Brier score",
    "log": "log score",
    "pr": "area under precision and recall",
    "roc": "area under ROC",
    "rmse": "RMSE",
    "rank": "rank correlation",
    "rank_of_change": "rank correlation of change",
    "crps": "CRPS",
    "held_50": "in the 50 % band",
    "held_90": "in the 90 % band",
}
SHOWN = {
    "disputes": ("brier", "log", "roc"),
    "disputes, relevant": ("brier",),
    "net share": ("rmse", "rank", "rank_of_change"),
    "volume": ("rmse", "rank", "rank_of_change"),
    "votes": ("rmse", "crps", "held_90"),
    "pacts": ("log", "roc"),
    "pacts, by block": ("log",),
}
"""The metrics of the page, by target; all others are in the table beside it."""
CALLED = {
    "disputes": "Disputes",
    "disputes, relevant": "Disputes, politically relevant dyads",
    "net share": "Net share of events (tone)",
    "volume": "Volume of events",
    "votes": "Votes",
    "pacts": "New defence pacts, by dyad",
    "pacts, by block": "New defence pacts, a block as one event",
}
DATA = (
    ("mid/", "Palmer et al. 2021, MID 5.0 (Correlates of War)", "free for research with citation, no open licence"),
    ("icews/", "Boschee et al. 2015, ICEWS Coded Event Data, doi:10.7910/DVN/28075", "Dataverse terms, citation"),
    ("unga/", "Bailey, Strezhnev and Voeten 2017, ideal points, version of July 2025", "CC0 1.0, citation asked for"),
    ("atop/", "Leeds, Ritter, Mitchell and Long 2002, ATOP 5.1", "free for academic use with citation"),
    ("nmc/", "Singer, Bremer and Stuckey 1972; Singer 1987, NMC 7.0 (Correlates of War)", "free for research with citation"),
    ("igo/", "Pevehouse, Nordstrom, McManus and Jamison 2020, IGO 3.0", "free for research with citation"),
    ("geo/", "Stinnett et al. 2002, Direct Contiguity 3.2; capitals after Miller", "free for research with citation"),
    ("rivalries/", "Thompson, Sakuwa and Suhas 2021", "free for research with citation"),
    (
        "democracy/",
        "V-Dem, Polity and extended UDS; simulated GDP of Fariss et al. 2022",
        "V-Dem CC BY-SA 4.0; free with citation",
    ),
    ("dca/", "Kinne 2020, Defense Cooperation Agreements 1.0", "free with citation"),
    (
        "exercises/",
        "D'Orazio and Galambos 2021, Multinational Military Exercises 7, doi:10.7910/DVN/KHFODX",
        "Dataverse terms",
    ),
    ("codes/", "state codes of Correlates of War, Gleditsch and Ward, and ISO", "facts"),
)


@dataclass(frozen=True)
class Study:
    """One study of the page: whose states (``key`` k37 or all), in words, and the rows."""

    key: str
    who: str
    replicates: int
    rows: Sequence[Row]


@dataclass(frozen=True)
class Bin:
    """Forecasts of about the same probability: their mean, the share that came with its 90 % interval, how many."""

    said: float
    came: float
    low: float
    high: float
    pairs: int


def text(
    studies: Sequence[Study],
    faces: Sequence[Face],
    versions: Sequence[Mapping[str, Any]],
    pictures: Mapping[str, str],
    rules: str,
) -> str:
    """The page of some rules.

    Args:
        studies: of these rules.
        faces: of them.
        versions: all versions, oldest first, as :mod:`sim.hindcast.record` has them.
        pictures: files beside the page, by what they show.
        rules: whose page it is.
    """
    last = next(one for one in versions if one["rules"] == rules)
    parts = [
        f"# Validation\n\nWritten by `{COMMAND}` on {last['date']} with rules {last['rules']}; do not edit. The same "
        "command "
        "writes it anew for a later version, and adds a row to the first table.",
        _losses(studies),
        _versions(versions),
        _done(studies),
        *(_scores(study, f"{record.stem(last['rules'])}.csv") for study in studies),
        _encompassing(studies),
        _each_rule(last),
        _reliability(pictures),
        _moments(studies),
        _faces(faces),
        _limits(),
        _data(),
    ]
    return "\n\n".join(_filled(part.strip()) for part in parts if part) + "\n"


def _filled(part: str) -> str:
    """Paragraphs and items filled to 120 columns; headings, tables and pictures as they are."""
    lines: list[str] = []
    for line in part.split("\n"):
        goes_on = lines and lines[-1] and not lines[-1].startswith(("|", "!", "#"))
        if goes_on and line and not line.startswith(("|", "!", "#", "- ")):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    filled = []
    for line in lines:
        fixed = line.startswith(("|", "!", "#")) or not line
        filled += [line] if fixed else textwrap.wrap(line, 120, subsequent_indent="  " * line.startswith("- "))
    return "\n".join(filled)


def with_versions(text: str, versions: Sequence[Mapping[str, Any]]) -> str:
    """A page with its table of versions made anew."""
    before, head, rest = text.partition(VERSIONS)
    after = rest[rest.index("\n## ") :] if "\n## " in rest else ""
    return f"{before}{_filled(_versions(versions).strip())}\n{after}" if head else text


def table_of(studies: Sequence[Study]) -> str:
    """Every score by states, target, origin, horizon and forecaster as CSV."""
    rows = [{"states": study.key, **row.plain()} for study in studies for row in study.rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: f"{value:.4g}" if isinstance(value, float) else value for name, value in row.items()})
    return file.getvalue()


# -- what is said ----------------------------------------------------------------------------------------------------


def _pooled(study: Study) -> dict[tuple[str, str], Row]:
    return {
        (row.target, row.forecaster): row for row in study.rows if row.origin is None and row.horizon == YEARS and row.skill
    }


FEWEST_EVENTS = 10
"""Fewer events than this say nothing of who forecasts them better."""


def _losses(studies: Sequence[Study]) -> str:
    """Where it loses, where the interval says neither, and where it wins: five years ahead, pooled."""
    said: dict[str, list[str]] = {"loses": [], "neither": [], "wins": [], "few": []}
    for study in studies:
        for (target, name), row in _pooled(study).items():
            if target.startswith("pacts") or name not in ("model", "model, recalibrated") or row.skill is None:
                continue
            value, low, high = row.skill
            how = "loses" if high < 0 else "wins" if low > 0 else "neither"
            extra = ", recalibrated" if name != "model" else ""
            line = f"- {CALLED[target]}{extra}, {study.who}: {record.percent(value)} than gravity {_interval(row.skill)}."
            said[how].append(line.replace("as good than", "as good as"))
        for target in ("pacts",):
            pact = _pooled(study).get((target, "model"))
            if pact is not None and "nats_per_event" in pact.details:
                told = [pact.details[key] for key in ("nats_per_event", "nats_low", "nats_high")]
                how = "loses" if told[2] < 0 else "wins" if told[1] > 0 else "neither"
                events = f"{pact.events} event{'s' if pact.events != 1 else ''}"
                how = "few" if (pact.events or 0) < FEWEST_EVENTS else how
                said[how].append(
                    f"- {CALLED[target]}, {study.who}: {told[0]:+.2f} nats an event {_interval(told, 2)} ({events})."
                )
    heads = {
        "loses": "**It loses** to a regression on size, distance, borders, rivalry and the record (gravity), five "
        "years ahead:",
        "neither": "**Neither is better**, as far as can be told (the 90 % interval holds 0):",
        "wins": "**It wins**:",
        "few": f"**Nothing can be said** of fewer than {FEWEST_EVENTS} events, whatever the interval:",
    }
    parts = [f"{heads[how]}\n\n" + "\n".join(lines) for how, lines in said.items() if lines]
    parts += filter(None, map(_blocks, studies))
    return "## Where the model loses\n\n" + "\n\n".join(parts)


def _blocks(study: Study) -> str:
    """What the score by block is worth: it rewards whoever expects few pacts."""
    pooled = _pooled(study)
    model, climate = (pooled.get(("pacts, by block", name)) for name in ("model", "climatology"))
    if model is None or climate is None or (model.events or 0) < FEWEST_EVENTS or not (model.skill and climate.skill):
        return ""
    rows = [row for row in study.rows if row.target == "pacts" and row.horizon == YEARS and row.origin is not None]

    def of(name: str) -> tuple[float, float]:
        mine = [row for row in rows if row.forecaster == name]
        return sum(row.details["expected"] for row in mine), float(np.nanmean([row.scores["roc"] for row in mine]))

    (expects, order), (other, other_order) = of("model"), of("gravity")
    came = sum(row.events or 0 for row in rows if row.forecaster == "model")
    return (
        f"**Not a win:** with a block of pacts weighed as one event ({study.who}, {model.events} events) the log score is "
        f"{record.percent(model.skill[0])} than gravity's, but climatology's is {record.percent(climate.skill[0])}: "
        "that weight "
        f"rewards whoever expects few pacts (the model {expects:,.0f}, gravity {other:,.0f}; {came:,} came, one by "
        "one). Of which "
        f"pairs make them the model knows little: area under ROC {order:.2f}, gravity {other_order:.2f}."
    )


VERSIONS = "## Every version"
VERSION_COLUMNS = (
    ("disputes, raw", "disputes: model"),
    ("disputes, recalibrated", "disputes: model, recalibrated"),
    ("added, nats", "disputes: gravity+model, nats"),
    ("net share", "net share: model"),
    ("with gravity", "net share: gravity+model"),
    ("volume", "volume: model"),
    ("votes, RMSE", "votes: model"),
    ("votes, CRPS", "votes: model, CRPS"),
    ("votes in 90 %", "votes: held in 90 %"),
    ("pacts, nats", "pacts: model, nats"),
    ("ranks kept", "moments: model, persistence"),
    ("change/level", "moments: model, change_over_level"),
)


def _versions(versions: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        VERSIONS,
        "",
        "Skill against gravity in percent with its 90 % interval, five years ahead, pooled over the origins; positive "
        "is better. "
        "A change of the model that is kept has a row here. Ranks kept and change over level: see Moments. The pages: "
        + ", ".join(f"[rules {one['rules']}]({record.stem(one['rules'])}.md)" for one in versions)
        + ".",
        "",
        "| rules | states | " + " | ".join(name for name, _ in VERSION_COLUMNS) + " | faces held |",
        "|---" * (len(VERSION_COLUMNS) + 3) + "|",
    ]
    for one in versions:
        for who, figures in one["figures"].items():
            cells = [_cell(figures.get(key), 2 if "nats" in key else 1) for _, key in VERSION_COLUMNS]
            held = one.get("faces", {})
            tail = f"{held['held']} of {held['of']}" if held and who == next(iter(one["figures"])) else ""
            lines.append(f"| {one['rules']} | {who} | " + " | ".join(cells) + f" | {tail} |")
    real = [
        f"{who}: {figures['moments: data, persistence']:.2f} and {figures['moments: data, change_over_level']:.2f}"
        for who, figures in versions[-1]["figures"].items()
        if "moments: data, persistence" in figures
    ]
    if real:
        lines += ["", f"Ranks kept and change over level of the data: {'; '.join(real)}."]
    return "\n".join(lines)


def _cell(value: Any, digits: int) -> str:
    if value is None:
        return "-"
    return f"{value[0]:+.{digits}f} {_interval(value, digits)}" if isinstance(value, list) else f"{value:.2f}"


def _interval(three: Sequence[float], digits: int = 0) -> str:
    return f"[{three[1]:+.{digits}f}, {three[2]:+.{digits}f}]"


def _done(studies: Sequence[Study]) -> str:
    sizes = "; ".join(f"{study.who} with {study.replicates} replicates" for study in studies)
    return f"""## What was done

A world is built from the public series as they were at the end of a year, the *origin*: {", ".join(map(str, ORIGINS))} (of
2014, votes alone can be scored five years later). Rows dated later are dropped and spells that end later are open; a test
removes the later rows of every file, and replaces them by noise, and the forecasts stay the same to the byte. The model
runs five years from there, without events and without trust set by hand ({sizes}). Numbers whose defaults rest on data are
estimated anew from what the origin knew (crisis hazards by class, rate and noise of affinity, the ties).

What it says is compared with what came, one to five years ahead:

- **Disputes**: any onset of a militarised dispute within the years, undirected dyads. *Politically relevant*: neighbours, or
  with a state of 5 % of world capability. *Recalibrated*: a logit on the model's own log-odds, fitted on earlier origins.
- **Net share** (cooperative less conflictual events over all; ten events or more in both years) and **volume** (log of one
  plus cooperative events), directed, from 2005 on. The model says a line on its trust and cooperation, fitted on
  earlier years.
- **Votes**: the distance of two states' ideal points in the General Assembly.
- **Pacts**: a defence pact where there was none. Nearly all come in blocks: a state that makes five or more in a year
  joins an alliance. Intervals draw whole blocks. Dissolution is too rare to be scored.

Rivals, fitted to what the origin knew: *persistence* (it stays as it is), *smoothed* (a mean or rate of some years),
*gravity* (size, distance, borders, rivalry and the record), *structure* (more of what is known, and no simulation),
*boosting* (trees on all features: a bound; five years ahead only). *Skill*: by how many percent a score is better than
gravity's. Its 90 % interval draws whole states with replacement. Lower is better for Brier, log score, RMSE and CRPS."""


def _scores(study: Study, table: str) -> str:
    parts = [
        f"## Scores: {study.who}",
        "Five years ahead, by origin; *mean by horizon* is over the origins that have all of one to five years. All other "
        f"scores, with the origins by horizon, are in [{table}]({table}).",
    ]
    for target, metrics in SHOWN.items():
        rows = [row for row in study.rows if row.target == target]
        for metric in metrics:
            if any(metric in row.scores for row in rows):
                parts.append(_score(target, metric, rows))
    return "\n\n".join(parts)


def _score(target: str, metric: str, rows: Sequence[Row]) -> str:
    digits = 4 if metric in ("brier", "log") else 3
    by = {(row.forecaster, row.origin, row.horizon): row for row in rows if row.origin is not None}
    origins = sorted({row.origin for row in rows if row.origin is not None and row.horizon == YEARS})
    whole = [origin for origin in origins if all(any(o == origin and h == k for _, o, h in by) for k in range(1, YEARS))]
    of = TARGETS[target.partition(",")[0]]
    skilled = {"square": "rmse"}.get(of.loss, of.loss) == metric
    pooled = {row.forecaster: row for row in rows if row.origin is None and row.horizon == YEARS}
    first = [next(row for (_, o, h), row in by.items() if o == origin and h == YEARS) for origin in origins]
    heads = [f"{origin} ({row.events if row.events is not None else row.pairs:,})" for origin, row in zip(origins, first)]
    count = "events" if first and first[0].events is not None else "dyads"
    lines = [
        f"**{CALLED[target]}: {WORDS[metric]}** (in brackets {count})",
        "",
        "| | " + " | ".join(heads) + (" | skill, pooled" if skilled else "") + " | mean by horizon 1 / 2 / 3 / 4 / 5 |",
        "|---" * (len(heads) + (3 if skilled else 2)) + "|",
    ]
    for name in dict.fromkeys(name for name, _, horizon in by if horizon == YEARS):
        cells = [_value(by.get((name, origin, YEARS)), metric, digits) for origin in origins]
        if skilled:
            row = pooled.get(name)
            cells.append(_cell(list(row.skill), 1) if row is not None and row.skill else "")
        means = []
        for ahead in range(1, YEARS + 1):
            values = [by[name, origin, ahead].scores.get(metric, np.nan) for origin in whole if (name, origin, ahead) in by]
            told = bool(values) and len(values) == len(whole) and np.isfinite(values).all()
            means.append(f"{np.mean(values):.{digits}f}" if told else "-")
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {' / '.join(means)} |")
    return "\n".join(lines)


def _value(row: Row | None, metric: str, digits: int) -> str:
    value = row.scores.get(metric, np.nan) if row is not None else np.nan
    return f"{value:.{digits}f}" if np.isfinite(value) else "-"


def _encompassing(studies: Sequence[Study]) -> str:
    lines = [
        "## What the model adds to gravity",
        "",
        "A regression with gravity's columns and the model's own forecast, against the same without it, both fitted "
        "on the same "
        "earlier rows. Disputes: nats of log score an event; the others: percent of RMSE. Below 0: gravity is better "
        "without.",
        "",
        "| | " + " | ".join(study.who for study in studies) + " |",
        "|---" * (len(studies) + 1) + "|",
    ]
    for target, unit in (("disputes", "nats an event"), ("net share", "% of RMSE"), ("volume", "% of RMSE")):
        cells = []
        for study in studies:
            row = _pooled(study).get((target, "gravity+model"))
            if row is None or row.skill is None:
                cells.append("-")
            elif target == "disputes":
                told = [row.details[key] for key in ("nats_per_event", "nats_low", "nats_high")]
                cells.append(_cell(told, 2))
            else:
                cells.append(_cell(list(row.skill), 1))
        lines.append(f"| {CALLED[target]}, {unit} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _each_rule(version: Mapping[str, Any]) -> str:
    """What leaving out one rule costs, in the smaller study."""
    if "each_rule" not in version:
        return ""
    columns = [(name, key) for name, key in VERSION_COLUMNS if not key.startswith(("volume", "pacts"))]
    lines = [
        "## What each rule earns",
        "",
        f"The smaller study, {version['each_rule']['replicates']} replicates, five years ahead: all rules "
        f"{version['rules']}, and all but those of one mechanism, which then has those of 0.1. Columns as above.",
        "",
        "| rules | " + " | ".join(name for name, _ in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for left, figures in version["each_rule"]["figures"].items():
        cells = [_cell(figures.get(key), 2 if "nats" in key else 1) for _, key in columns]
        lines.append(f"| {'all' if left == 'all' else f'without `{left}`'} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _reliability(pictures: Mapping[str, str]) -> str:
    shown = "\n\n".join(f"![{what}]({file})" for what, file in pictures.items())
    return f"""## Reliability

Of what was forecast with 10 %, did 10 % come? On the dashed line it did; below it the forecast was too high. Five years
ahead, all origins together; bars are 90 % intervals that take dyads as independent, which they are not quite.

{shown}"""


def _moments(studies: Sequence[Study]) -> str:
    lines = [
        "## Moments: do simulated relations move as real ones do?",
        "",
        "*Ranks kept*: rank correlation of relations at the origin and five years later. *Change over level*: "
        "standard deviation "
        "of change over that of level. Of the data: net shares of three years, dyads with ten events or more. Of the model: "
        "shares drawn from its trust with the same numbers of events, so that noise of counting is in both; and trust "
        "itself.",
        "",
        "| states | origin | | ranks kept | change over level |",
        "|---|---|---|---|---|",
    ]
    for study in studies:
        for row in study.rows:
            if row.target == "moments" and row.horizon == YEARS:
                kept, change = (row.scores[name] for name in ("persistence", "change_over_level"))
                lines.append(f"| {study.who} | {row.origin} | {row.forecaster} | {kept:.3f} | {change:.3f} |")
    return "\n".join(lines)


def _faces(faces: Sequence[Face]) -> str:
    held = sum(face.held for face in faces)
    lines = [
        "## Faces",
        "",
        f"What somebody who knows the region expects of `sco_expansion` (and of `ukraine_rupture` for NATO and "
        "Russia), as the "
        f"scenarios stand: {held} of {len(faces)} held. In brackets the share of replicates in which it holds. "
        "*Without*: the same "
        "without the events that impose an outcome (crises, exercises). `python -m sim hindcast --faces` prints them.",
        "",
        "| | wanted | measured | held | without imposed events |",
        "|---|---|---|---|---|",
    ]
    for face in faces:
        note = f"; {face.note}" if face.note else ""
        without = f"{_said(face.without[0], face.without[1])}, {_yes(face.without[2])}" if face.without else "-"
        lines.append(
            f"| {face.about} | {face.wanted} | {_said(face.measured, face.share)}{note} | {_yes(face.held)} | {without} |"
        )
    lines += ["", *NOT_YET]
    return "\n".join(lines)


NOT_YET = (
    "Not measurable yet: that Russia's trust in Ukraine keeps falling *while a war lasts* (a war is one month of "
    "crisis in these "
    "scenarios, so that healing begins in the next); that the clashes of 2021 and 2022 lower Kyrgyzstan-Tajikistan, "
    "and that "
    "pressure on IS lowers its numbers after 2021 (no event stands for either). They are measured as they stand.",
)


def _said(measured: str, share: float | None) -> str:
    part = f"{share:.0%}" if share is not None else ""
    return (measured + (f" ({part})" if part and part not in measured else "")).replace("%", " %")


def _yes(held: bool) -> str:
    return "yes" if held else "**no**"


def _limits() -> str:
    return """## What cutting rows cannot see

- Ideal points, rivalries, regime scores and GDP are themselves estimated or coded with later knowledge: a value of 1995 in
  today's file is not what was known in 1995. The model and its rivals share this.
- Numbers of the model that are assumed were chosen by hand in 2026, by somebody who knew how these years went. Nothing here
  can undo that. Those estimated from data are estimated anew at each origin.
- The form of the rules was chosen in 2026, too; that of the rivals as well. Of rules 0.2 the regressions are fitted anew
  at each origin; the share of a record that lasts, the speed and the noise of trust and the weight of exposure were chosen
  once, with the events of 2002 to 2014 in sight.
- Five origins are few, and 2005 and 2009 overlap in what came of 2010. Event data cover 2002 to 2014 only.
- There are no events in these forecasts: a scenario with events is a different question, which this page does not answer.
- A state that the event data do not know (Turkey among them) is in no score of net share and volume."""


def _data() -> str:
    lines = [
        "## The data",
        "",
        "None of it ships with the program; this page has scores only. `python -m sim data DIR` shows what a folder holds.",
        "",
        "| folder | cite | terms |",
        "|---|---|---|",
    ]
    return "\n".join([*lines, *(f"| {folder} | {cite} | {terms} |" for folder, cite, terms in DATA)])


# -- reliability -----------------------------------------------------------------------------------------------------

EDGES = (0.0, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)
FEWEST = 20


def bins(rows: Sequence[Row], target: str, forecaster: str, horizon: int = YEARS) -> list[Bin]:
    """Forecasts of all origins in bins of about equal odds; a bin of fewer than 20 pairs is left out."""
    said, came = [], []
    for row in rows:
        found = (row.target, row.forecaster, row.horizon) == (target, forecaster, horizon) and row.origin is not None
        if found and row.losses is not None:
            y = (row.losses.y > 0).astype(float)
            if "brier" in row.losses.of:
                off = np.sqrt(row.losses.of["brier"])
                said.append(np.where(y > 0, 1 - off, off))
            else:
                right = np.exp(-row.losses.of["log"])
                said.append(np.where(y > 0, right, 1 - right))
            came.append(y)
    if not said:
        return []
    p, y = np.concatenate(said), np.concatenate(came)
    found_bins = []
    from scipy.stats import beta

    for low, high in pairwise(EDGES):
        inside = (p >= low) & (p < high if high < 1 else p <= high)
        count, hits = int(inside.sum()), int(y[inside].sum())
        if count >= FEWEST:
            ends = beta.ppf((0.05, 0.95), hits + 0.5, count - hits + 0.5)
            low_end, high_end = float(ends[0]) * (hits > 0), 1.0 if hits == count else float(ends[1])
            found_bins.append(Bin(float(p[inside].mean()), hits / count, low_end, high_end, count))
    return found_bins
