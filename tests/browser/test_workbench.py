"""The workbench in a Chromium: it computes what a run computes, by mouse and keyboard, offline, at every width."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from sim import env, workbench
from sim.scenario import read
from sim.simulation.ensemble import simulate
from sim.workbench.content import gather
from sim.workbench.page import LARGEST
from tests.workbench.edits import random_edits
from tests.workbench.test_exact import measures_of

ROOT = Path(__file__).resolve().parents[2]
MODULES = Path(os.environ.get("NODE_PATH") or ROOT / "node_modules")
"""Where npm put what these tests use, if it did."""
ATTACK = "</script><script>document.title='caught'</script><img src=x onerror=\"document.title='caught'\">"
ATTACKED = f"""
defaults: [sco_expansion, _self_]
title: {json.dumps(ATTACK)}
question: {json.dumps("What if " + ATTACK + "?")}
sets: {{eight: [CHN, IND, KAZ, KGZ, PAK, RUS, TJK, UZB]}}
events:
  india_joins_sco: {{title: {json.dumps(ATTACK)}}}
"""


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> dict[str, Path]:
    """The page of a story beside another, and one whose texts try to be markup."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "attacked.yaml").write_text(ATTACKED, encoding="utf-8")
    scenario = read("sco_expansion")
    return {
        "usual": workbench.write(scenario, read("baseline"), folder / "usual.html", replicates=32),
        "attacked": workbench.write(read(folder / "attacked.yaml"), None, folder / "attacked.html", replicates=32),
    }


@pytest.fixture
def visit(chromium, pages):
    """Open a page at a width; afterwards it must have asked for nothing else and said nothing on the console."""
    opened_pages = []

    def opened(name: str = "usual", address: str = "", width: int = 1280, **how):
        context = chromium.new_context(viewport={"width": width, "height": 900}, offline=True, **how)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(pages[name].as_uri() + (f"#{quote(address)}" if address else ""))
        page.wait_for_selector("html[data-ready=yes]", timeout=60_000)
        settle(page)
        if page.is_visible("#tour-skip"):
            page.click("#tour-skip")
        opened_pages.append((page, pages[name].as_uri()))
        return page

    yield opened
    for page, address in opened_pages:
        others = [url for url in page.asked if url.partition("#")[0] != address and not url.startswith("blob:")]
        assert others == [] and page.said == []
        page.context.close()


def settle(page) -> None:
    """Wait until what the hand did is drawn with all replicates."""
    page.wait_for_timeout(50)
    page.wait_for_selector("html[data-settled=true]", timeout=60_000)


def edits_of(page) -> dict:
    return page.evaluate("window.bench.state().edits")


def state(edits: dict, **more) -> str:
    data = gather(read("sco_expansion"), read("baseline"), 1, 32)["data"]
    about = {"form": 1, "version": data["version"], "scenario": "sco_expansion", "plan": data["stories"][0]["mark"]}
    return json.dumps(about | {"edits": edits, "view": None} | more)


@pytest.mark.parametrize("number", [100, 101, 102])
def test_what_it_computes_is_what_a_run_of_its_file_computes(number, visit, tmp_path):
    data = gather(read("sco_expansion"), None, 1, 32)["data"]
    page = visit(address=state(random_edits(data, number)))
    assert page.text_content("#notes") == ""
    found = page.evaluate("window.bench.snapshot().held.monthly.slice(0, 8).map((row) => [...row])")
    page.click("#show-file")
    file = tmp_path / "changed.yaml"
    file.write_text(page.input_value("#file-files textarea"), encoding="utf-8")
    run = simulate(read(file), replicates=8, seed=1, engine="kernel")
    wanted = measures_of(run)["monthly"]
    here = np.array([[np.nan if value is None else value for value in row] for row in found], float)
    assert here.tobytes() == wanted.tobytes() or np.array_equal(here, wanted, equal_nan=True)


def test_a_page_of_a_built_in_story_is_small(pages):
    assert pages["usual"].stat().st_size < LARGEST


def test_an_event_moves_by_the_keyboard_and_undo_takes_it_back(visit):
    page = visit()
    page.focus("[data-key=us_withdrawal] .track input")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    settle(page)
    assert edits_of(page)["events"] == {"us_withdrawal": {"on": "2022-02"}}
    assert "Nothing is changed" not in page.text_content("#answer")
    moved = page.text_content("#answer")
    page.keyboard.press("Control+z")
    settle(page)
    assert edits_of(page)["events"] == {"us_withdrawal": {"on": "2022-01"}}
    page.click("#redo")
    settle(page)
    assert page.text_content("#answer") == moved


def test_the_address_restores_the_page(visit):
    page = visit()
    page.uncheck("[data-key=india_joins_sco] .switch input")
    page.select_option("#measure", "trust")
    settle(page)
    page.wait_for_timeout(400)
    address, said = page.evaluate("location.hash.slice(1)"), page.text_content("#answer")
    again = visit(address=page.evaluate("decodeURIComponent(location.hash.slice(1))"))
    assert again.text_content("#answer") == said and edits_of(again) == edits_of(page)
    assert len(address) < 8000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not whole"),
        ('{"form": 9}', "another kind"),
        (state({}, version="0.0.1"), "version"),
        (state({}, scenario="cold_war"), "cold_war"),
        (state({"events": {"nobody": {"off": True}}, "parameters": {"trust.gain": 9e9, "__proto__": 1}}), "Left out"),
        (state({"added": [{"slot": 0, "raw": {"type": "set", "constructor": {}, "on": "2020-01"}}]}), "Left out"),
    ],
)
def test_an_address_may_be_anything(text, said, visit):
    page = visit(address=text)
    assert said in page.text_content("#notes")
    assert edits_of(page) == {"events": {}, "added": [], "parameters": {}, "start": {}, "both": True}


def test_markup_in_texts_and_addresses_is_text(visit, pages):
    page = visit("attacked")
    assert page.text_content("h1") == ATTACK
    assert "<script>" in page.text_content("[data-key=india_joins_sco]")
    raw = {"type": "shock", "title": ATTACK, "on": "2020-01", "variable": "affinity", "states": ["IND"], "add": 0.5}
    other = visit(address=state({"added": [{"slot": 0, "raw": raw}]}, version=ATTACK))
    assert "<script>" in other.text_content("#notes") and ATTACK in other.text_content("#added")
    for one in (page, other):
        assert one.title() != "caught" and one.query_selector("img") is None


def test_an_event_is_added_by_the_form_in_the_readers_words(visit, tmp_path):
    page = visit()
    page.click("text=Add an event")
    page.select_option("#form select >> nth=0", "crisis")
    page.fill("#form input[placeholder='a few words']", "A crisis")
    page.fill("#form input[placeholder='2020-06']", "2031-02")
    page.click("text=Add the event")
    said = page.text_content("#form .problems")
    assert "2031-02 is after the run ends (2025-12); dates from 2015-01 to 2025-12 are possible" in said
    page.fill("#form input[placeholder='2020-06']", "2019-02")
    page.select_option("#form select[multiple]", ["CHN", "IND"])
    page.fill("#form input[inputmode=decimal] >> nth=0", "2")
    page.click("text=Add the event")
    settle(page)
    assert page.text_content("#form .problems") == ""
    assert edits_of(page)["added"][0]["raw"]["parties"] == ["CHN", "IND"]
    page.click("#show-file")
    (tmp_path / "a.yaml").write_text(page.input_value("#file-files textarea"), encoding="utf-8")
    assert read(tmp_path / "a.yaml").events["added_1"]["title"] == "A crisis"


def test_a_story_that_contradicts_itself_is_said(visit):
    page = visit()
    page.uncheck("[data-key=kyrgyz_uzbek_rivalry_ends] .switch input")
    raw = {"type": "rivalry", "on": "2019-01", "change": "begin", "parties": ["KGZ", "UZB"]}
    other = visit(
        address=state({"events": {"kyrgyz_uzbek_rivalry_ends": {"off": True}}, "added": [{"slot": 0, "raw": raw}]})
    )
    assert "they are rivals already, from the start" in other.text_content("#wrong")
    assert page.text_content("#wrong") == ""


def test_assumptions_go_to_both_stories_unless_the_switch_says_otherwise(visit):
    edits = {"parameters": {"trust.gain": 0.009}}
    both = visit(address=state(edits))
    assert "applied to both" in both.text_content("#answer")
    one = visit(address=state(edits | {"both": False}))
    assert "your story" in one.text_content("#answer")


def test_runs_are_kept_named_and_compared(visit):
    page = visit()
    page.click("#presets button >> nth=0")
    settle(page)
    page.click("#keep")
    page.fill("#kept input[type=text]", "alone")
    page.click("#reset")
    settle(page)
    assert page.input_value("#kept input[type=text]") == "alone"
    page.click("#kept >> text=open")
    settle(page)
    assert any(edit == {"off": True} for edit in edits_of(page)["events"].values())


def test_map_ranking_and_ledger_open(visit):
    page = visit()
    page.click("#presets button >> nth=0")
    settle(page)
    for name in ("mapped", "moved", "why"):
        page.click(f"#{name} > summary")
    page.wait_for_selector("#ledger .total", timeout=20_000)
    assert page.locator("#ranking tr").count() > 3
    assert page.locator("#map path.state").count() > 10
    page.focus("#map-month")
    page.keyboard.press("ArrowLeft")
    assert "November 2025" in page.text_content("#map-when")


def test_a_game_of_the_page_replays_in_python_to_the_bit(visit):
    page = visit()
    page.uncheck("[data-key=india_joins_sco] .switch input")
    settle(page)
    page.click("#seat > summary")
    page.select_option("#seat-choose select >> nth=0", "IND")
    page.select_option("#seat-choose select >> nth=1", str(12 * 2023))
    page.fill("#seat-choose input", "3")
    page.click("text=Play from here")
    page.select_option("#seat-play select[aria-label='Toward Pakistan']", "1")
    page.select_option("#seat-play select[aria-label='Toward China']", "-1")
    page.click("#seat-next")
    page.wait_for_selector("#seat-next:has-text('April 2023')")
    page.click("#seat-rest")
    page.wait_for_selector("#seat-next", state="detached", timeout=60_000)
    game = page.evaluate("window.bench.game()")
    assert len(game["turns"]) == 12 and game["turns"][0] == {"IND": {"PAK": 1, "CHN": -1}}
    assert env.replay(game)
    game["turns"][0]["IND"]["PAK"] = -1
    assert not env.replay(game)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1024, "dark"), (1600, "light")])
def test_it_fits_every_width(width, scheme, visit, shots):
    page = visit(width=width, color_scheme=scheme)
    page.click("#presets button >> nth=0")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=shots / f"workbench_{width}_{scheme}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_anyone_s_way(scheme, visit):
    axe = MODULES / "axe-core" / "axe.min.js"
    if not axe.is_file():
        pytest.skip("axe-core is not there: npm install axe-core, and NODE_PATH for where")
    page = visit(color_scheme=scheme)
    page.click("#presets button >> nth=0")
    settle(page)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    settle(page)
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in serious] == []
