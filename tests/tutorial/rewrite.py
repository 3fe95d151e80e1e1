"""python -m tests.tutorial.rewrite: put what its blocks print today into docs/tutorial.md."""

from __future__ import annotations

import contextlib
import tempfile

from tests.tutorial.page import PAGE, carried_out


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        done = list(carried_out(text))
    for block, printed in reversed(done):
        shown = f"\n```text\n{printed}```\n" if printed else ""
        text = f"{text[: block.start()]}```python\n{block['code']}```\n{shown}{text[block.end() :]}"
    PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE}: {len(done)} blocks")


if __name__ == "__main__":
    main()
