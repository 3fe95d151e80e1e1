"""Manifests with other words in them and a checksum that is right: what a person could send who wants to do harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.results.files import listed
from sim.results.manifest import NAME, write_manifest


def rewrite(folder: Path, **changes: Any) -> None:
    """Change keys of a manifest; `...` takes a key away."""
    about = json.loads((folder / NAME).read_text(encoding="utf-8")) | changes
    about = {key: value for key, value in about.items() if key != "sha256" and value is not ...}
    write_manifest(folder, about.pop("kind", "run"), about, about.pop("files", {}))


def list_again(folder: Path) -> None:
    """Let the manifest list the files as they are now, after a test changed them."""
    about = json.loads((folder / NAME).read_text(encoding="utf-8"))
    kept = {name: found for name, found in listed(folder).items() if name in about["files"]}
    rewrite(folder, files=kept)


def without_checksum(folder: Path) -> None:
    """Let the manifest and the folder be as an earlier version wrote them."""
    about = json.loads((folder / NAME).read_text(encoding="utf-8"))
    for key in ("sha256", "kind"):
        about.pop(key, None)
    (folder / NAME).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    (folder / ".entente").unlink(missing_ok=True)
