"""``python -m benchmarks``: time the kernel and its peers, print the tables, and keep them under benchmarks/results/."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import machine, turns
from benchmarks.contestants import CONTESTANTS, Contestant, missing
from benchmarks.worlds import Size

RESULTS = Path(__file__).resolve().parent / "results"
SIZES = ("21x200x132", "60x200x132", "21x5000x132", "190x200x240", "1000x2x12")
QUICK = ("21x200x24", "60x20x12")


def peers(asked: argparse.Namespace) -> list[str]:
    """Kernel, limit, numpy and Mesa, in turns."""
    left_out = missing()
    here = {name: one for name, one in CONTESTANTS.items() if name.partition("-")[0] not in left_out}
    if "kernel" in left_out:
        here = {name: one for name, one in here.items() if not name.startswith("limit")}
    lines, after = [*_method(asked), *(f"Left out: {name}, which needs {what}." for name, what in left_out.items()), ""], []
    lines += TIMES
    taken = {}
    for size in asked.sizes:
        able = {name: one for name, one in here.items() if one.states is None or size.states <= one.states}
        taken[size] = timings = turns.in_turns(able, size, asked.turns)
        lines += _times(size, here, timings)
        for one, other in [pair for pair in RATIOS if set(pair) <= set(able)]:
            ratio = turns.spread(turns.ratios(timings[one], timings[other]), "{:,.2f}")
            work = turns.spread(turns.ratios(timings[one], timings[other], "processor"), "{:,.2f}")
            cells = (size, here[one].title, here[other].title, ratio, work, turns.goal(one, other, size))
            after.append(f"| {' | '.join(map(str, cells))} |")
    head = ["| size | one | other | times as long per dyad-step | as much processor time | target |"]
    head += ["| --- | --- | --- | ---: | ---: | --- |"]
    return [*lines, *_growth(taken), "", "Ratios turn by turn, their median (least to largest):", "", *head, *after]


RATIOS = (
    ("kernel-1", "limit-1"),
    ("kernel-2", "limit-2"),
    ("kernel-1", "kernel-2"),
    ("numpy-1", "kernel-1"),
    ("numpy-2", "kernel-2"),
    ("mesa-arrays", "kernel-1"),
    ("mesa-book", "kernel-1"),
    ("mesa-book", "kernel-2"),
)
TIMES = (
    "| size | what | ns per dyad-step | processor ns | seconds for the whole size | peak MB |",
    "| --- | --- | ---: | ---: | ---: | ---: |",
)


def _method(asked: argparse.Namespace) -> list[str]:
    return [
        f"Medians of {asked.turns} turns (least to largest); in each turn every contestant runs once in a fresh process.",
        "A part of a size in brackets is what was timed; its seconds are scaled up. Memory is the peak of all processes",
        "together, pages that they share counted in each. Processor time is that of all threads and processes.",
        "",
    ]


def _times(size: Size, contestants: Mapping[str, Contestant], timings: Mapping[str, turns.Timings]) -> list[str]:
    lines = []
    for name, took in timings.items():
        part = "" if took.size == size else f" ({took.size})"
        seconds = f"{took.median * size.dyad_steps / 1e9:,.2f}"
        spreads = (turns.spread(took.nanoseconds), turns.spread(took.processor))
        cells = (f"{size}{part}", contestants[name].title, *spreads, seconds, f"{took.megabytes:,.0f}")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _growth(taken: Mapping[Size, Mapping[str, turns.Timings]]) -> list[str]:
    """How the cost of a month of a replicate grows from the smallest to the largest number of states."""
    few, many = min(taken, key=lambda size: size.states), max(taken, key=lambda size: size.states)
    if few.states == many.states:
        return []
    if "kernel-1" not in taken[few]:
        return []
    power = turns.growth(taken[few]["kernel-1"], taken[many]["kernel-1"])
    return ["", f"From {few} to {many} a month of a replicate costs the kernel (1 thread) N to the {power:.2f}."]


def agreement(asked: argparse.Namespace) -> list[str]:
    """Do the Mesa models simulate the same model?"""
    from benchmarks import agreement as check

    size, mesa = (Size(21, 20, 24), 5) if asked.quick else (Size(21, 200, 132), 60)
    lines: list[str] = []
    for title, replicates in zip(check.MESA, (mesa, size.replicates)):
        rows = check.with_mesa(title, size, replicates)
        worst = max(abs(row[-1]) for row in rows)
        against = f"{replicates} replicates with other luck, against the engine's {size.replicates}"
        lines += ["", f"{title}, {against}, at the end:", ""]
        lines += ["| reading | engine | Mesa | difference in standard errors |", "| --- | ---: | ---: | ---: |"]
        lines += [f"| {name} | {mine:.5g} | {other:.5g} | {z:+.2f} |" for name, mine, other, z in rows]
        verdict = "agrees" if worst < check.ALLOWED else "DOES NOT AGREE"
        lines += ["", f"{title} {verdict}: the largest of {len(rows)} is {worst:.2f}; {check.ALLOWED} is allowed."]
    return lines[1:]


def commands(asked: argparse.Namespace) -> list[str]:
    """The command line, from its start until the prompt is back."""
    from benchmarks import commands as timed

    seconds = timed.in_turns(asked.turns)
    lines = [f"Medians of {asked.turns} turns (least to largest), whole processes, seconds.", ""]
    lines += ["| what | seconds |", "| --- | ---: |"]
    lines += [f"| {title} | {turns.spread(seconds[name], '{:.3f}')} |" for name, title in timed.TITLES.items()]
    ratio = [a / b for a, b in zip(seconds["first run"], seconds["imports"])]
    return [*lines, "", f"First run over imports, turn by turn: {turns.spread(ratio, '{:.2f}')}."]


def memory(asked: argparse.Namespace) -> list[str]:
    """Memory of a whole run by its replicates."""
    from benchmarks.memory import LARGE, RUNS, measure, simulated

    lines = ["`python -m sim run scenario=baseline plots=false report=false`, once each; peak of its largest process.", ""]
    lines += ["| save | replicates | seconds | peak MB |", "| --- | ---: | ---: | ---: |"]
    for save, counts in RUNS.items():
        for replicates in counts[:1] if asked.quick else counts:
            seconds, megabytes = measure(replicates, save, "2015-03" if asked.quick else None)
            lines.append(f"| {save} | {replicates:,} | {seconds:.1f} | {megabytes:,.0f} |")
    size = QUICK[0] if asked.quick else LARGE
    seconds, megabytes = simulated(size)
    took = f"{seconds:.1f} s, {megabytes:,.0f} MB"
    lines += ["", f"{size} with `save=dyads`, simulated by two threads and not written: {took}"]
    return lines


PARTS: dict[str, Callable[[argparse.Namespace], list[str]]] = {
    "peers": peers,
    "agreement": agreement,
    "commands": commands,
    "memory": memory,
}


def main(argv: list[str] | None = None) -> int:
    """Run the parts asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = ", ".join(f"{name} ({part.__doc__.rstrip('.').lower()})" for name, part in PARTS.items())
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which, all by default: {known}")
    parser.add_argument("--sizes", help=f"states x replicates x months, with commas between; default {','.join(SIZES)}")
    parser.add_argument("--turns", type=int, default=5, help="how often each is timed (default 5)")
    parser.add_argument("--quick", action="store_true", help=f"small sizes ({','.join(QUICK)}), one turn, nothing written")
    asked = parser.parse_args(argv)
    unknown = sorted(set(asked.parts) - set(PARTS))
    if unknown:
        parser.error(f"no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    try:
        given = asked.sizes.split(",") if asked.sizes else QUICK if asked.quick else ()
        asked.sizes = [Size.parse(text) for text in given or SIZES]
    except ValueError as error:
        parser.error(str(error))
    asked.turns = 1 if asked.quick else asked.turns
    for name in asked.parts or PARTS:
        part = PARTS[name]
        try:
            lines = part(asked)
        except RuntimeError as error:
            print(f"{parser.prog}: {error}", file=sys.stderr)
            return 1
        text = "\n".join([f"# {part.__doc__.rstrip('.')}", "", *machine.lines(), "", *lines, ""])
        print(text, flush=True)
        if not asked.quick:
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
            print(f"written to {RESULTS / name}.md", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
