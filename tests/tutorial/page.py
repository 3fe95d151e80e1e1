"""docs/tutorial.md as a program: Python blocks run one after the other, text blocks are what they print."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<printed>.*?)```\n)?", re.S)


def carried_out(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each Python block with what it prints. Run it where it may write `results/`."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for block in BLOCK.finditer(text):
        line = text[: block.start("code")].count("\n")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile("\n" * line + block["code"], PAGE.name, "exec"), space)
        yield block, out.getvalue()
