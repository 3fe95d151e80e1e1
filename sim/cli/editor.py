"""What tells an editor the language: a schema beside a scenario's file, and the line in the file that names it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sim.cli.arguments import Refusal
from sim.results.atomic import write_file

_LINE = re.compile(r"^# yaml-language-server: \$schema=.*$", re.MULTILINE)
_COMMENT = "written by: python -m sim schema"


def line(schema: str) -> str:
    """The line that names a schema beside the file, for editors that speak to yaml-language-server."""
    return f"# yaml-language-server: $schema=./{schema}"


def write_schema(folder: Path, parent: str | None, file: Path | None, scenario_dir: str | Path | None) -> str | None:
    """Write the schema of files that inherit from a scenario, or of a file that inherits from none, into a folder.

    Returns:
        its name; None where a file of that name is there that is none of ours.
    """
    from sim.scenario.schema import schema, words_of_scenario

    name = f"{parent or (file or Path('scenario')).stem}.schema.json"
    target = folder / name
    if target.exists() and _COMMENT not in target.read_text(encoding="utf-8", errors="replace")[:200]:
        return None
    own = folder / f"{parent}.yaml"
    asked: Any = file if parent is None else own if own.is_file() else parent
    words = words_of_scenario(asked, scenario_dir, heirs=parent is not None)
    write_file(target, text(schema(words), f" {asked}"))
    return name


def text(schema: dict[str, Any], asked: str = "") -> str:
    """A schema as it is written."""
    return json.dumps({"$comment": _COMMENT + asked, **schema}, indent=1, ensure_ascii=False) + "\n"


def upgrade(story: Any, scenario_dir: str | Path | None) -> tuple[Path, list[str]]:
    """Write a scenario's file in the language of today; its name, and what was done to it.

    What was written for version 0.1 is still the language: only the line for editors is new.

    Raises:
        Refusal: the file is one of the package, or cannot be written.
    """
    from sim import resources
    from sim.scenario.files import read_text

    file = story.file
    if file.resolve().parent == resources.scenarios().resolve():
        raise Refusal(f"{story.name} comes with the package and is left as it is; --upgrade takes a file of your own")
    old = read_text(file, file.parent)
    try:
        schema = write_schema(file.parent, story.parents[-1] if story.parents else None, file, scenario_dir)
        if schema is None or _LINE.search(old):
            return file, []
        write_file(file, f"{line(schema)}\n{old}")
    except OSError as error:
        raise Refusal(f"cannot write {file}: {error.strerror}") from None
    return file, [f"new first line: an editor completes keys, states and types of events from {schema}"]
