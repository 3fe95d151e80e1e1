"""Pages of all built-in scenarios and their index, for a static host."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from sim.results.atomic import write_file
from sim.scenario import Scenario, ScenarioError, names, read
from sim.workbench import ENDING, write

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Entente workbench</title>
<style>
body {{ font: 17px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
li {{ margin: .6rem 0; }}
</style>
</head>
<body>
<main>
<h1>Entente workbench</h1>
<p>Each page simulates in your browser: move a date, see the answer. It loads nothing else.</p>
<ul>
{rows}
</ul>
</main>
</body>
</html>
"""


def write_site(
    folder: Path, seed: int, replicates: int, against: Callable[[Scenario], Scenario | None]
) -> tuple[list[Path], dict[str, str]]:
    """Write a page for each built-in scenario, and `index.html`.

    Args:
        folder: where; made if need be.
        seed: which luck.
        replicates: how many a page shows at rest.
        against: the story beside a scenario.

    Returns:
        the pages, and why a scenario has none, by its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made, left, rows = [], {}, []
    for name in names():
        scenario = read(name)
        try:
            page = write(scenario, against(scenario), folder / f"{name}{ENDING}", seed=seed, replicates=replicates)
        except ScenarioError as error:
            left[name] = error.problems[0].text
            continue
        made.append(page)
        rows.append(f'<li><a href="{escape(page.name)}">{escape(scenario.title)}</a><br>{escape(scenario.question)}</li>')
    write_file(folder / "index.html", _PAGE.format(rows="\n".join(rows)))
    return made, left
