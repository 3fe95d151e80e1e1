"""How objects show themselves in a notebook: a heading, sentences, a small table. Plain HTML, every text escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

MOST = 20
"""Rows shown; the object's own table has them all."""


def card(title: str, sentences: Sequence[str] = (), head: Sequence[str] = (), rows: Sequence[Sequence[Any]] = ()) -> str:
    """HTML of an object, for `_repr_html_`.

    Args:
        title: one line, in bold.
        sentences: a paragraph each.
        head: names of the columns.
        rows: cells; numbers are shown to three decimals and to the right.
    """
    parts = [f"<p><b>{escape(title)}</b></p>", *(f"<p>{escape(sentence)}</p>" for sentence in sentences)]
    if rows:
        line = "".join(f"<th>{escape(str(name))}</th>" for name in head)
        body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows[:MOST])
        parts.append(f"<table><thead><tr>{line}</tr></thead><tbody>{body}</tbody></table>")
    if len(rows) > MOST:
        parts.append(f"<p>and {len(rows) - MOST} more</p>")
    return f"<div>{''.join(parts)}</div>"


def _cell(value: Any) -> str:
    if isinstance(value, float):
        text = "" if math.isnan(value) else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3f}"
        return f'<td style="text-align: right">{text}</td>'
    return f'<td style="text-align: left">{escape(str(value))}</td>'
