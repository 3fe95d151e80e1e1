"""``python -m benchmarks.workbench``: from a move in the workbench to the drawn chart, in the Chromium at hand."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks import machine
from sim import workbench
from sim.scenario import read

MOVES = 50
TARGETS = {"action": 100, "assumption": 200}
"""Milliseconds that a move may take in the median, eight replicates of 21 states on two idle cores."""
MOVE = """async ([selector, values]) => {
  const root = document.documentElement, slider = document.querySelector(selector), took = [];
  const tick = () => new Promise((resolve) => { setTimeout(resolve, 1); });
  for (const value of values) {
    const drawn = root.dataset.drawn, began = performance.now();
    slider.value = value;
    slider.dispatchEvent(new Event("input"));
    while (root.dataset.drawn === drawn && performance.now() - began < 5000) await tick();
    await new Promise((resolve) => { requestAnimationFrame(resolve); });
    took.push(performance.now() - began);
  }
  return took;
}"""


def measure(page_file: Path, browser: str) -> list[str]:
    """The lines of the table."""
    from playwright.sync_api import sync_playwright

    lines = []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True).new_page()
        page.goto(page_file.as_uri())
        page.wait_for_selector("html[data-settled=true]", timeout=60_000)
        opened = page.evaluate("document.documentElement.dataset.opened")
        lines.append(f"| page, from its script to the first chart | {opened} ms |")
        first = read("sco_expansion").start + 12
        moves = {
            "action": ("[data-key=us_withdrawal] .track input", [first + k for k in range(MOVES)]),
            "assumption": ("[data-key='trust.gain'] input[type=range]", [0.003 + 0.0001 * k for k in range(MOVES)]),
            "deciding": ("[data-key='decision.precision'] input[type=range]", [2 + 0.02 * k for k in range(MOVES)]),
        }
        for name, (selector, values) in moves.items():
            took = page.evaluate(MOVE, [selector, values])
            target = f" (wanted: at most {TARGETS[name]})" if name in TARGETS else ""
            lines.append(f"| {name}, median of {MOVES} moves | {statistics.median(took):.0f} ms{target} |")
            began = time.perf_counter()
            page.wait_for_selector("html[data-settled=true]", timeout=60_000)
            lines.append(f"| 200 replicates after it | {time.perf_counter() - began:.1f} s |")
        chromium.close()
    return lines


def main() -> None:
    """Measure, and print."""
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if browser is None:
        raise SystemExit("there is no Chromium here: apt-get install chromium, or set CHROMIUM")
    with tempfile.TemporaryDirectory() as folder:
        file = workbench.write(read("sco_expansion"), None, Path(folder) / "page.html")
        lines = measure(file, browser)
    waiting = f"- processes waiting for a core: {os.getloadavg()[0]:.1f}"
    print("\n".join([*machine.lines(), waiting, "", "| what | time |", "| --- | --- |", *lines]))


if __name__ == "__main__":
    main()
