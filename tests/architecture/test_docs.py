"""No page is stale: what the docs say of files, commands, numbers and equations is so."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import textwrap
import unicodedata
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from sim import mechanisms
from sim.cli.main import VERBS
from sim.scenario import names, read, read_draft
from sim.start.world import begin
from sim.wording import MONTHS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "results" / "README.md"])
FOLDERS = ("sim", "scenarios", "conf", "tests", "docs", "examples", "benchmarks", ".ci")
GENERATED = ("sim/mechanisms/NAME.py", "sim/events/NAME.py")  # placeholders in instructions
DOCS = SimpleNamespace(**runpy.run_path(str(ROOT / "docs" / "parameters.py")))
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def commands() -> list[tuple[str, str]]:
    """Every command line of ours in the pages, with its page."""
    found = []
    for page in PAGES:
        for line in re.findall(rf"(?:python -m sim|\bsim) ((?:{'|'.join(VERBS)}) [^`\n]*)", page.read_text("utf-8")):
            found.append((page_id(page), line.split("  #")[0].split(" #")[0].strip()))
    return found


def test_parameters_page_is_what_the_code_says() -> None:
    written = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert not DOCS.stale(written), "docs/parameters.md is stale; run: python docs/parameters.py"


def test_check_option_says_what_is_stale(tmp_path, capsys) -> None:
    page = tmp_path / "docs" / "parameters.md"
    page.parent.mkdir()
    assert DOCS.main(["--check"], page) == 1
    assert DOCS.main([], page) == 0
    capsys.readouterr()
    assert DOCS.main(["--check"], page) == 0
    page.write_text(page.read_text("utf-8").replace("`trust.gain` | 0.006", "`trust.gain` | 0.007"), "utf-8")
    assert DOCS.main(["--check"], page) == 1
    shown = capsys.readouterr()
    assert "0.007" in shown.out
    assert "python docs/parameters.py" in shown.err


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_file_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = {link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link}
    missing = {link for link in links if link and not (page.parent / link).exists()}
    quoted = set(re.findall(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]*)`", text))
    missing |= {path for path in quoted - set(GENERATED) if not (ROOT / path).exists()}
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_anchor_a_page_names_exists(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]*#[^)\s]+)\)", page.read_text(encoding="utf-8")):
        file, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (page.parent / file if file else page).read_text(encoding="utf-8")
        headings = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in re.findall(r"^#+ (.+)$", target, re.M)]
        assert anchor.replace("-", " ") in [heading.replace("-", " ") for heading in headings], link


@pytest.mark.parametrize(("page", "line"), commands())
def test_commands_in_pages_name_what_there_is(page: str, line: str) -> None:
    known = {*names(), "NAME", "my_scenario", "./my_scenario.yaml", "./mine.yaml"}
    verb, *words = line.replace("'", "").split()
    for word in words:
        if word.startswith(("scenario=", "--from=")):
            assert set(word.partition("=")[2].split(",")) <= known, word
        if word.startswith("parameters.") and "MECHANISM" not in word:
            _, mechanism, name = word.partition("=")[0].split(".")
            assert name in {info.name for info in mechanisms.all_parameters()[mechanism]}, word
        if word.startswith(("scenario.events.", "~scenario.events.")):
            stories = [w.partition("=")[2] for w in words if w.startswith("scenario=")]
            assert word.split(".")[2].partition("=")[0] in read(stories[0]).events, word
    if verb == "show" and words[0] != "SCENARIO":
        assert words[0] in known
    if verb == "list" and words:
        from sim.cli.listing import KINDS

        assert words[0] in KINDS


def test_readme_has_the_two_commands_that_do_everything() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    setup = "python3 -m venv .venv && .venv/bin/pip install -e "
    assert f"{setup}. && .venv/bin/python -m sim run scenario=sco_expansion\n" in text
    assert f"{setup}'.[test]' && .venv/bin/python -m pytest -n auto\n" in text
    assert "-m pytest -n auto" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_readme_example_is_the_file_and_runs() -> None:
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)[1]
    example = (ROOT / "examples" / "first_model.py").read_text(encoding="utf-8")
    lines = {line.strip() for line in example.splitlines()}
    assert [line for line in block.splitlines() if line.strip() and line.strip() not in lines] == []
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "first_model.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert "median: -0." in done.stdout
    assert "'CHN'" in done.stdout
    assert "2017-12" in done.stdout


def test_the_mechanism_in_contributing_is_one() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = textwrap.dedent(re.search(r"^( +)```python\n(.*?)^ +```", text, re.S | re.M)[2])
    module = ModuleType("thaw")
    sys.modules["thaw"] = module  # dataclasses look their module up
    try:
        exec(compile(block, "CONTRIBUTING.md", "exec"), module.__dict__)
    finally:
        del sys.modules["thaw"]
    world, rules, _ = begin(read("baseline"), range(2))
    new = module.update(world, module.Parameters(), rules.draws)
    assert set(new) == set(module.WRITES)
    assert np.allclose(new["conflict"], 0.998 * world.conflict)


@pytest.mark.parametrize("letter", ["E", "A"])
def test_odd_is_numbered_without_gaps(letter: str) -> None:
    start = "^" if letter == "E" else "^- "
    numbers = [int(k) for k in re.findall(rf"{start}\*\*{letter}(\d+)\*\*", ODD, re.M)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 30
    used = {int(k) for k in re.findall(rf"\b{letter}(\d+)\b", ODD)}
    assert used <= set(numbers)


def test_code_refers_to_numbers_that_odd_has() -> None:
    have = set(re.findall(r"^(?:- )?\*\*([EA]\d+)\*\*", ODD, re.M))
    for file in sorted((ROOT / "sim").rglob("*.py")):
        for reference in re.findall(r"\bODD ((?:[EA]\d+(?:, | and | to )?)+)", file.read_text(encoding="utf-8")):
            unknown = set(re.findall(r"[EA]\d+", reference)) - have
            assert not unknown, f"{file.relative_to(ROOT)} refers to {unknown}, which docs/odd.md does not have"


def test_code_refers_to_every_equation() -> None:
    have = {int(k) for k in re.findall(r"^\*\*E(\d+)\*\*", ODD, re.M)}
    cited: set[int] = set()
    for file in sorted((ROOT / "sim").rglob("*.py")):
        for first, last in re.findall(r"\bODD E(\d+)(?: to E(\d+))?", file.read_text(encoding="utf-8")):
            cited |= set(range(int(first), int(last or first) + 1))
    assert cited == have, f"no module says that it holds {sorted(have - cited)}"


def test_odd_has_every_parameter_with_its_default_and_basis() -> None:
    rows = re.findall(r"^\| [^|]+ \| `(\w+\.\w+)` \| ([^|]+) \| (\w) \|$", ODD, re.M)
    written = {name: (default.strip(), basis) for name, default, basis in rows}
    assert len(written) == len(rows), "a parameter is listed twice"
    code = {
        f"{mechanism}.{info.name}": (DOCS._value(info.default), info.basis)
        for mechanism, infos in mechanisms.all_parameters().items()
        for info in infos
        if "sim.mechanisms" in mechanisms.get(mechanism).__name__
    }
    assert written == code, "the tables of docs/odd.md and the code differ"


def test_odd_has_the_schedule_of_the_baseline() -> None:
    listed = re.findall(r"^\| \d+ \| `(\w+)` \|", ODD, re.M)
    assert listed == read_draft("baseline").spec["schedule"]


def test_odd_names_every_mechanism_and_every_design_concept() -> None:
    for name in mechanisms.names():
        if "sim.mechanisms" in mechanisms.get(name).__name__:
            assert f"sim/mechanisms/{name}.py" in ODD
    concepts = (
        "Basic principles",
        "Emergence",
        "Adaptation",
        "Objectives",
        "Learning",
        "Prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
    )
    assert [f"### {c}" for c in concepts] == re.findall(r"^### [A-Z].*$", ODD, re.M)[: len(concepts)]


def test_scenarios_page_has_every_scenario_with_its_question() -> None:
    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    for name in names():
        spec = read_draft(name).spec
        assert f"| `{name}` |" in text, name
        assert " ".join(spec["question"].split()) in text, name


AUTHOR = r"(?:Van |De )?[A-Z][\w'-]+"
CITED = re.compile(rf"\b({AUTHOR})(?:(?:, {AUTHOR})*,? and {AUTHOR}| et al\.)?,? \(?((?:19|20)\d\d)\b(?!-\d\d)")
NO_AUTHOR = {*MONTHS, "ATOP", "In", "MID", "Mission", "NATO", "UN", "Vostok"}


def test_works_cited_are_in_the_bibliography() -> None:
    text = (ROOT / "docs" / "bibliography.md").read_text(encoding="utf-8")
    entries = [entry for entry in text.split("\n\n")[2:] if entry.strip()]
    assert entries == sorted(entries, key=_plain), "the bibliography is not in alphabetical order"
    known = {(_plain(entry.split(",")[0]), re.search(r"\((\d{4})\)", entry)[1]) for entry in entries}
    pages = [ROOT / "docs" / "odd.md", ROOT / "docs" / "design.md", ROOT / "sim" / "draws.py"]
    for file in [*pages, *ROOT.glob("sim/mechanisms/*.py"), *ROOT.glob("sim/measures/*.py")]:
        words = " ".join(file.read_text(encoding="utf-8").split())
        cited = {(_plain(name), year) for name, year in CITED.findall(words) if name not in NO_AUTHOR}
        assert cited <= known, f"{file.relative_to(ROOT)} cites {sorted(cited - known)}, not in docs/bibliography.md"


def _plain(text: str) -> str:
    """Letters without accents, for sorting."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
