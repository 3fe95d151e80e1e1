"""Whether a picture or a page is whole, by how it ends: a full disk or a kill may have left an empty or a cut one."""

from __future__ import annotations

import os
from pathlib import Path

ENDS = {".png": b"IEND\xaeB`\x82", ".svg": b"</svg>", ".html": b"</html>"}
"""The last bytes of a whole file, by its suffix."""


def is_whole(path: Path | str) -> bool:
    """Whether a PNG, SVG or HTML file is there, a file of its own and no link, and ends as such a file does."""
    path = Path(path)
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            file.seek(max(-64, -os.fstat(file.fileno()).st_size), os.SEEK_END)
            return file.read().rstrip(b"\r\n ").endswith(ENDS[path.suffix])
    except (OSError, KeyError):
        return False
