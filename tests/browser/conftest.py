"""A headless Chromium, and reports of synthetic runs in it; skipped with the reason where there is none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from sim import report
from tests.unit.report import made

SHOTS = Path(__file__).resolve().parents[2] / "outputs" / "browser"
"""Where screenshots are kept; git does not look there."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium():
    """The browser: $CHROMIUM, or a Chromium or Chrome on the path."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[browser]'")
    names = ("chromium", "chromium-browser", "google-chrome")
    place = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if place is None:
        pytest.skip("no Chromium on the path: apt-get install chromium, or set CHROMIUM")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=place, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def files(tmp_path_factory) -> dict[str, Path]:
    """Reports of a run, of a comparison, and of a run whose texts try to be markup."""
    out = tmp_path_factory.mktemp("reports")
    folders = {"run": made.usual(out / "run"), "comparison": made.compared(out), "attacked": made.attacked(out / "x")}
    return {name: report.write(folder) for name, folder in folders.items()}


@pytest.fixture
def visit(chromium, files):
    """Open a report at a width; afterwards it must have asked for no other file and said nothing on the console."""
    pages = []

    def opened(name: str, width: int = 1024, *, scripts: bool = True):
        context = chromium.new_context(viewport={"width": width, "height": 900}, offline=True, java_script_enabled=scripts)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(files[name].as_uri())
        if scripts:
            page.wait_for_selector("html[data-ready=yes]")
        pages.append((page, files[name].as_uri()))
        return page

    yield opened
    for page, address in pages:
        assert page.asked == [address]
        assert page.said == []
        page.context.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """The folder of screenshots."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS
