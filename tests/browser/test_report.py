"""The report in a real Chromium: offline, silent, usable by mouse and keyboard, at any width and on paper.

That no page asks for anything else and that the console stays silent is checked for every test, in `visit`.
"""

from __future__ import annotations

import pytest

from tests.unit.report import made

WIDTHS = (360, 1024, 1600)


@pytest.mark.parametrize("name", ["run", "comparison"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_at_any_width(visit, shots, name, width):
    page = visit(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    out = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter((one) => !one.closest(".wide, svg, .unseen")
           && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert out == []
    small = page.evaluate(
        """() => [...document.querySelectorAll("main p, main li, main td, main th")]
           .filter((one) => one.offsetParent && parseFloat(getComputedStyle(one).fontSize) < 11.5).length"""
    )
    assert small == 0
    page.screenshot(path=shots / f"{name}_{width}.png", full_page=True)


def test_hovering_reads_a_month_and_dragging_zooms(visit):
    page = visit("run")
    readout = page.locator("#readout")
    assert "End of Dec 2025" in readout.inner_text()
    page.locator("#chart").scroll_into_view_if_needed()
    box = page.locator("#chart .u-over").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 60)
    text = readout.inner_text()
    assert "2017" in text and "founders" in text and " to " in text
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60, steps=5)
    page.mouse.up()
    page.mouse.move(box["x"] + 2, box["y"] + 60)
    assert "2017" in readout.inner_text()  # the left edge was 2015 before
    page.click("#zoom-reset")
    page.mouse.move(box["x"] + 1, box["y"] + 60)
    assert "Start of Jan 2015" in readout.inner_text()


def test_measure_and_subjects_can_be_chosen(visit):
    page = visit("run")
    page.select_option("#measure", "trust")
    rows = page.locator("#readout tbody tr")
    assert rows.count() == 3
    page.get_by_label("India in China", exact=True).check()
    assert rows.count() == 4
    drawn = lambda: page.evaluate("document.querySelector('#chart canvas').toDataURL()")  # noqa: E731
    before = drawn()
    page.uncheck("#bands")
    assert drawn() != before
    page.check("#bands")
    assert drawn() == before
    page.select_option("#measure", "bloc_east")
    assert "share of replicates" in page.locator("#meaning").inner_text()
    boxes = page.locator("#subjects input")
    while page.locator("#subjects input:checked").count() < 6:
        page.locator("#subjects input:not(:checked)").first.check()
    assert page.locator("#subjects input:disabled").count() == boxes.count() - 6


def test_the_slider_moves_the_map_and_its_table(visit):
    page = visit("run")
    fills = lambda: page.eval_on_selector_all("#map .state", "all => all.map((one) => one.getAttribute('fill'))")  # noqa: E731
    table = lambda: page.locator("#states tbody").inner_text()  # noqa: E731
    before, numbers = fills(), table()
    page.locator("#month").focus()
    page.keyboard.press("Home")
    assert "Start of Jan 2015" in page.locator("#month-said").inner_text()
    assert fills() != before and table() != numbers
    page.keyboard.press("End")
    assert fills() == before and table() == numbers  # the script paints what the file was written with
    russia = page.locator("#map .state[data-code=RUS]")
    russia.scroll_into_view_if_needed()
    russia.hover()
    assert page.locator("#tip").inner_text().startswith("Russia: ")


def test_outlines_follow_accession(visit):
    page = visit("run")
    page.select_option("#outline", "SCO")
    outline = lambda: page.get_attribute("#map .outline", "d")  # noqa: E731
    after = outline()
    page.locator("#month").focus()
    page.keyboard.press("Home")
    assert outline() and outline() != after
    page.select_option("#outline", "")
    assert outline() == ""


def test_a_cell_of_trust_chooses_its_ledger_and_the_bars_sum(visit):
    page = visit("run")
    heat = page.locator(".heat").first
    heat.scroll_into_view_if_needed()
    box, count = heat.bounding_box(), 21
    unit = box["width"] / (count + 3.6)
    heat.hover(position={"x": unit * (3.4 + 3.5), "y": unit * (3.4 + 0.5)})  # row 1, column 4
    said = page.locator("#tip").inner_text()
    page.mouse.down()
    page.mouse.up()
    first, other = said.split(": ")[0].split(" in ")
    assert f"Trust of {first} in {other}" in page.locator("#waterfall").inner_text()
    values = [float(v.replace("\u2212", "-")) for v in page.locator("#waterfall tr td:last-child").all_inner_texts()]
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.006)
    page.click("#swap")
    assert f"Trust of {other} in {first}" in page.locator("#waterfall").inner_text()


def test_a_comparison_shows_each_run_and_the_difference(visit):
    page = visit("comparison")
    assert page.locator("#readout tbody tr").count() == 2
    page.select_option("#view", label="first minus second")
    assert "Difference, first run minus second" in page.locator("#meaning").inner_text()
    page.select_option("#map-view", label="first minus second")
    assert "toward East" in page.locator("#map figcaption").inner_text()
    assert "pp" in page.locator("#states tbody").inner_text()
    assert "Difference of trust" in page.locator("#waterfall").inner_text()


def test_every_control_is_reached_by_the_keyboard_and_shows_where_it_is(visit):
    page = visit("run")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached, outlined = set(), True
    for _ in range(200):
        page.keyboard.press("Tab")
        now = page.evaluate(
            """() => { const one = document.activeElement; return [one.id || one.tagName,
               getComputedStyle(one).outlineStyle !== "none"]; }"""
        )
        if now[0] == "BODY":
            break
        reached.add(now[0])
        outlined &= now[1]
    wanted = "measure bands marks zoom-in zoom-out zoom-reset chart month outline truster trusted swap SUMMARY"
    assert set(wanted.split()) <= reached
    assert outlined


def test_the_chart_answers_to_keys(visit):
    page = visit("run")
    page.locator("#chart").focus()
    readout = page.locator("#readout")
    page.keyboard.press("Home")
    assert "Start of Jan 2015" in readout.inner_text()
    page.keyboard.press("ArrowRight")
    assert "End of Jan 2015" in readout.inner_text()
    page.keyboard.press("Shift+ArrowRight")
    assert "End of Jan 2016" in readout.inner_text()
    page.keyboard.press("+")
    page.keyboard.press("End")
    assert "End of Dec 2025" in readout.inner_text()
    page.keyboard.press("Escape")


def test_texts_of_a_scenario_show_as_text(visit):
    page = visit("attacked")
    assert page.locator("h1").inner_text() == made.ATTACK
    assert page.title().startswith(made.ATTACK)
    assert page.locator("img").count() == 0
    assert made.NAME in page.locator("#subjects").inner_text()


def test_the_policy_stops_a_script_that_gets_in(chromium, files):
    page = chromium.new_page()
    page.goto(files["run"].as_uri())
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hit = 1'}))")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit = 1\">')")
    page.wait_for_timeout(100)
    assert page.evaluate("window.hit === undefined")
    page.close()


def test_without_scripts_it_still_reads(visit):
    page = visit("run", scripts=False)
    for name in ("answer", "numbers", "events", "map", "trust", "ledger", "parameters", "limits", "reproduce", "sources"):
        assert page.locator(f"#{name}").is_visible(), name
    assert not page.locator("#trajectories").is_visible()
    assert page.locator("noscript p").is_visible()
    assert page.locator("#states tbody tr").count() == 21


@pytest.mark.parametrize("name", ["run", "comparison"])
def test_it_prints(visit, shots, name):
    page = visit(name)
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert not page.locator(".controls").first.is_visible()
    assert page.locator("#chart canvas").is_visible()
    page.pdf(path=shots / f"{name}.pdf", format="A4")
    assert (shots / f"{name}.pdf").read_bytes()[:4] == b"%PDF"
