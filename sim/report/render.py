"""From the gathered content to one HTML file, under a policy that lets nothing in and nothing out.

The policy names the page's own style and scripts by their sha256, so that no other runs, inline or not.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from sim.plots.sheet.text import number, percent
from sim.report.compact import dumps

HERE = Path(__file__).resolve().parent
PAGE, UPLOT = HERE / "page", HERE / "vendor" / "uplot"
SCRIPTS = ("read", "trajectories", "map", "trust", "ledger", "start")
"""The parts of the page's script, in order; together they are one."""


def render(content: Mapping[str, Any]) -> str:
    """The page as text."""
    style, scripts = _style(), (_uplot(), _script())
    return template().render(
        **{key: value for key, value in content.items() if key != "data"},
        json=Markup(dumps(content["data"])),
        policy=policy([style], scripts),
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
    )


def policy(styles: list[str], scripts: tuple[str, ...]) -> str:
    """The content security policy of a page with these inline styles and scripts."""
    allowed = {"style-src": styles, "script-src": scripts}
    rules = [f"{kind} {' '.join(digest_of(text) for text in texts)}" for kind, texts in allowed.items()]
    return "; ".join(["default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"])


def digest_of(text: str) -> str:
    """The sha256 of a style or script, as a content security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def template() -> Any:
    """The page's template, compiled."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters["percent"] = percent
    found.filters["number"] = number
    return found.get_template("report.html")


@cache
def _style() -> str:
    return _text(UPLOT / "uPlot.min.css") + "\n" + _text(PAGE / "style.css")


@cache
def _uplot() -> str:
    return _text(UPLOT / "uPlot.iife.min.js")


@cache
def _script() -> str:
    parts = "\n".join(_text(PAGE / f"{name}.js") for name in SCRIPTS)
    return f'(function () {{\n"use strict";\n{parts}}})();\n'


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
