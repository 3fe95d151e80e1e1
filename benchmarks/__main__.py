"""``python -m benchmarks``: time the engine and its peers, print the tables, and keep them under benchmarks/results/."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import machine, turns
from benchmarks.worlds import Size

RESULTS = Path(__file__).resolve().parent / "results"
SIZES = ("21x200x132", "21x5000x132", "60x200x132", "190x200x240")
QUICK = ("21x200x24", "60x20x12")


def engine(asked: argparse.Namespace) -> list[str]:
    """The engine by float type and workers."""
    from benchmarks.contestants import ENGINE

    lines = [f"Medians of {asked.turns} turns (least to largest); memory is the peak of all processes together.", ""]
    lines += ["| size | what | ns per dyad-step | seconds | peak MB |", "| --- | --- | ---: | ---: | ---: |"]
    for size in asked.sizes:
        timings = turns.in_turns(dict.fromkeys(ENGINE, size), asked.turns)
        for name, took in timings.items():
            seconds = f"{took.median * size.dyad_steps / 1e9:.2f}"
            cells = (size, ENGINE[name].title, turns.spread(took.nanoseconds), seconds, f"{took.megabytes:.0f}")
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def shares(asked: argparse.Namespace) -> list[str]:
    """The share of each mechanism in the engine's time."""
    from benchmarks.shares import table

    lines = []
    for size in asked.sizes:
        lines += [*table(size, asked.dtype), ""]
    return lines[:-1]


PARTS: dict[str, Callable[[argparse.Namespace], list[str]]] = {"engine": engine, "shares": shares}


def main(argv: list[str] | None = None) -> int:
    """Run the parts asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = ", ".join(f"{name} ({part.__doc__.rstrip('.').lower()})" for name, part in PARTS.items())
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which, all by default: {known}")
    parser.add_argument("--sizes", help=f"states x replicates x months, with commas between; default {','.join(SIZES)}")
    parser.add_argument("--turns", type=int, default=5, help="how often each is timed (default 5)")
    parser.add_argument("--dtype", choices=("float64", "float32"), default="float64", help="of the shares")
    parser.add_argument("--quick", action="store_true", help=f"small sizes ({','.join(QUICK)}), one turn, nothing written")
    asked = parser.parse_args(argv)
    unknown = sorted(set(asked.parts) - set(PARTS))
    if unknown:
        parser.error(f"no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    try:
        sizes = asked.sizes.split(",") if asked.sizes else (QUICK if asked.quick else SIZES)
        asked.sizes = [Size.parse(text) for text in sizes]
    except ValueError as error:
        parser.error(str(error))
    asked.turns = 1 if asked.quick else asked.turns
    for name in asked.parts or PARTS:
        part = PARTS[name]
        text = "\n".join([f"# {part.__doc__.rstrip('.')}", "", *machine.lines(), "", *part(asked), ""])
        print(text, flush=True)
        if not asked.quick:
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
            print(f"written to {RESULTS / name}.md", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
