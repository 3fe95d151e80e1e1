"""`sim world VERB ...`: the starting worlds; a sub-verb is a file of this folder whose first line says what it does."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path

from sim.cli.main import program


@cache
def verbs() -> dict[str, str]:
    """The sub-verbs with what each does, from the first lines of their files."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if not path.stem.startswith("_"):
            with path.open(encoding="utf-8") as file:
                found[path.stem] = file.readline().strip().strip('"').partition("`: ")[2].rstrip(".")
    return found


def main(argv: list[str]) -> int:
    """Pick the sub-verb and import only it."""
    known = verbs()
    if not argv or argv[0] in ("-h", "--help", "help"):
        lines = "\n".join(f"  {name:<8}{about}" for name, about in known.items())
        print(
            f"usage: {program()} world VERB [...]\n\nStarting worlds: the states, ties and numbers a scenario begins with.\n"
        )
        print(
            f"{lines}\n\nexamples:\n  {program()} world show atlas_2025 --states region:nordic,RUS\n"
            f"  {program()} world new north --from atlas_2025 --states region:nordic,RUS\n"
        )
        print(f"Each explains itself: {program()} world VERB --help")
        return 0 if argv else 2
    verb, *rest = argv
    if verb not in known:
        from difflib import get_close_matches

        near = get_close_matches(verb, known, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        print(f"there is no verb {verb!r} of world; {hint}The verbs are {', '.join(known)}", file=sys.stderr)
        return 2
    return import_module(f"sim.cli.world.{verb}").main(rest) or 0
