"""The page's parts made one text: modules joined, the policy that lets only them run, the kernel and the numbers."""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sim.report.compact import dumps
from sim.report.render import UPLOT, digest_of
from sim.workbench.wasm import find

PAGE = Path(__file__).resolve().parent / "page"
WORKER = ("block", "kernel", "rest", "worker")
"""Modules of what runs beside the page, each after those that it imports."""
MAIN = (
    "block",
    "data",
    "wording",
    "changes",
    "statistics",
    "event_row",
    "event_order",
    "answer",
    "event_check",
    "edits",
    "start",
    "plan",
    "rest",
    "team",
    "bench",
    "yaml",
    "dom",
    "controls",
    "chart",
    "timeline",
    "sliders",
    "event_form",
    "map",
    "ledger",
    "kept",
    "files",
    "tour",
    "presets",
    "seat",
    "main",
)
"""Modules of the page, each after those that it imports."""
LARGEST = 1_500_000
"""Bytes that a page of a built-in scenario may have."""


def render(content: Mapping[str, Any]) -> str:
    """The page as text."""
    style = f"{_text(UPLOT / 'uPlot.min.css')}\n{_text(PAGE / 'style.css')}"
    scripts = (_text(UPLOT / "uPlot.iife.min.js"), joined(MAIN))
    return str(
        template().render(
            title=content["title"],
            question=content["question"],
            limits=content["limits"],
            json=_safe(dumps(content["data"])),
            worker=_safe(_as_text(joined(WORKER))),
            kernel=_safe(base64.b64encode(gzip.compress(find().read_bytes(), 9, mtime=0)).decode()),
            policy=policy([style], scripts),
            style=_safe(style),
            scripts=[_safe(script) for script in scripts],
        )
    )


def policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """The content security policy: these styles and scripts, WebAssembly, and workers made of the page's own text."""
    allowed = {"style-src": styles, "script-src": scripts}
    rules = [f"{kind} {' '.join(digest_of(text) for text in texts)}" for kind, texts in allowed.items()]
    rules[1] += " 'wasm-unsafe-eval'"
    more = ["worker-src blob:", "img-src blob:", "base-uri 'none'", "form-action 'none'"]
    return "; ".join(["default-src 'none'", *rules, *more])


@cache
def joined(names: Sequence[str]) -> str:
    """Modules as one script: their imports and exports are names of the one function that it is."""
    parts = []
    for name in names:
        text = _text(PAGE / f"{name}.js")
        text = re.sub(r"^import [^;]*;\n", "", text, flags=re.MULTILINE)
        parts.append(re.sub(r"^export (?=(async )?(function|const|class|let)\b)", "", text, flags=re.MULTILINE))
    return '(function () {\n"use strict";\n' + "\n".join(parts) + "})();\n"


def _as_text(script: str) -> str:
    """A script as the text of an element that does not run: nothing in it can end the element."""
    return dumps(script)


@cache
def template() -> Any:
    """The page's template, compiled."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template("workbench.html")


def _safe(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
