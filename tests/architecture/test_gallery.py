"""The gallery shows every picture there is, as the code names it, and stays small."""

from __future__ import annotations

import runpy
from pathlib import Path

from sim import plots

ROOT = Path(__file__).resolve().parents[2]
GALLERY = runpy.run_path(str(ROOT / "docs" / "gallery.py"))
KINDS = ("run", "comparison", "sweep")
FILES = [GALLERY["place"](kind, name) for kind in KINDS for name in plots.names(kind)]


def test_the_page_names_every_picture_with_its_command():
    written = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert written == GALLERY["page"](), "docs/gallery.md is stale; run: python docs/gallery.py"
    for kind in KINDS:
        for name, answers in plots.names(kind).items():
            assert f"### {name}\n\n{answers}\n" in written
            assert GALLERY["command"](kind, name)[-1] in written


def test_every_picture_is_there_and_no_other():
    there = set((ROOT / "docs" / "pictures").rglob("*.png"))
    assert set(FILES) == there
    assert max(file.stat().st_size for file in FILES) < 150_000
    assert sum(file.stat().st_size for file in FILES) < 1_500_000
