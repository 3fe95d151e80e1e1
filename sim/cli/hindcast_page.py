"""`hindcast --page` and `--faces`: the page of scores with its pictures and record; the faces of a scenario in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.terminal import Terminal, say, shown

if TYPE_CHECKING:
    from sim.data.panel import Series
    from sim.hindcast.faces import Face
    from sim.hindcast.page import Study

REPLICATES = {"k37": 500, "all": 200}
EACH_REPLICATES = 200
"""Of the studies that leave out one rule each."""
NO_FORECASTS = ("blocs",)
"""Mechanisms that no forecast reads."""
PICTURES = (
    ("reliability_disputes", "disputes", ("model", "model, recalibrated", "gravity"), "Disputes within five years"),
    ("reliability_pacts", "pacts", ("model", "structure", "gravity"), "A new defence pact five years later"),
)


def write(series: Series, folder: Path, *, rules: str, workers: int | None) -> list[Path]:
    """Run the studies of the page, then write page, table, pictures and the record of the version."""
    from sim.hindcast import study
    from sim.hindcast.faces import faces
    from sim.hindcast.origin import K37, Asked
    from sim.hindcast.page import ORIGINS, YEARS, Study

    studies = []
    for key, who, states in (("k37", f"{len(K37)} states", K37), ("all", "all states", None)):
        asked = Asked(
            series,
            states,
            (),
            YEARS,
            REPLICATES[key],
            workers,
            progress=lambda text, key=key: say(f"{key}: {text}"),
            rules=rules,
        )
        studies.append(Study(key, who, REPLICATES[key], study.score(asked, ORIGINS, bound_at=(YEARS,))))
    less = each_rule(series, rules, workers)
    say("the faces")
    return publish(studies, faces(workers=workers, rules=rules), folder, rules=rules, less=less)


def each_rule(series: Series, rules: str, workers: int | None) -> dict[str, dict[str, object]]:
    """The figures of the smaller study with all rules, and with those of one mechanism left out, by mechanism."""
    from sim.hindcast import record, study
    from sim.hindcast.origin import K37, Asked
    from sim.hindcast.page import ORIGINS, YEARS
    from sim.scenario.rules import RULES

    found = {}
    for left in ("", *(name for name in RULES[rules] if name not in NO_FORECASTS)) if RULES[rules] else ():
        say(f"without the new rule of {left}" if left else "all rules again, fewer replicates")
        leaving = (left,) if left else ()
        asked = Asked(series, K37, (), YEARS, EACH_REPLICATES, workers, rules=rules, leaving=leaving)
        rows = study.score(asked, ORIGINS, horizons=(YEARS,), boosting=False)
        found[left or "all"] = record.figures(rows, YEARS)
    return found


def publish(
    studies: Sequence[Study],
    found: Sequence[Face],
    folder: Path,
    *,
    rules: str,
    less: Mapping[str, Mapping[str, object]] | None = None,
) -> list[Path]:
    """Write what the studies and the faces say: page, table and pictures of these rules, and the packaged record."""
    from datetime import date

    from sim.hindcast import page, record
    from sim.plots.answers import reliability
    from sim.results.atomic import write_file

    entry = {
        "rules": rules,
        "date": date.today().isoformat(),
        "origins": list(page.ORIGINS),
        "years": page.YEARS,
        "replicates": {study.key: study.replicates for study in studies},
        "figures": {study.key: record.figures(study.rows, page.YEARS) for study in studies},
        "faces": {"held": sum(face.held for face in found), "of": len(found)},
    }
    if less:
        entry |= {"each_rule": {"replicates": EACH_REPLICATES, "figures": less}}
    versions, stem = record.add(entry), record.stem(rules)
    written, pictures = [record.FILE], {}
    for name, target, forecasters, title in PICTURES:
        panels = [
            (study.who, [_curve(name, page.bins(study.rows, target, name)) for name in forecasters]) for study in studies
        ]
        written += reliability.draw(
            panels,
            folder / stem / name,
            title=f"{title}: forecast and what came",
            explain="Pairs of states by forecast probability, all origins together; on the dashed line forecasts are right. "
            "Hollow: none came.",
            footer=f"rules {rules} · origins {page.ORIGINS[0]} to {page.ORIGINS[-1]} · python -m sim hindcast --page",
        )
        pictures[title] = f"{stem}/{name}.png"
    written.append(write_file(folder / f"{stem}.csv", page.table_of(studies)))
    written.append(write_file(folder / f"{stem}.md", page.text(studies, found, versions, pictures, rules)))
    for one in versions:  # the pages of other rules have the same first table
        other = folder / f"{record.stem(one['rules'])}.md"
        if one["rules"] != rules and other.is_file():
            text = other.read_text(encoding="utf-8")
            written.append(write_file(other, page.with_versions(text, versions)))
    return written


def _curve(name: str, bins: Sequence) -> object:
    from sim.plots.answers.reliability import Curve

    return Curve(
        name,
        [one.said for one in bins],
        [one.came for one in bins],
        [one.low for one in bins],
        [one.high for one in bins],
        [one.pairs for one in bins],
    )


def show_written(files: Sequence[Path], terminal: Terminal) -> None:
    """Which files were written."""
    terminal.print(*(shown(file) for file in files))


def show_faces(found: Sequence[Face], terminal: Terminal) -> None:
    """One face below the other: wanted, measured, held or not."""
    held = sum(face.held for face in found)
    terminal.print(
        terminal.bold(f"Faces of sco_expansion: {held} of {len(found)} held"),
        terminal.wrap(
            "In brackets the share of replicates in which it holds. Without: the same without the events that impose "
            "an outcome."
        ),
    )
    about = ""
    for face in found:
        if face.about != about:
            about = face.about
            terminal.print("", terminal.bold(about))
        share = f" ({face.share:.0%})" if face.share is not None else ""
        note = f"; {face.note}" if face.note else ""
        mark = "held" if face.held else "not held"
        terminal.print(terminal.wrap(f"{mark}: {face.wanted}", "  ", "    "))
        terminal.print(terminal.wrap(f"{face.measured}{share}{note}", "    "))
        if face.without is not None:
            measured, part, kept = face.without
            part_said = f" ({part:.0%})" if part is not None else ""
            terminal.print(
                terminal.dim(terminal.wrap(f"without: {measured}{part_said}, {'held' if kept else 'not held'}", "    "))
            )
