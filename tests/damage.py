"""Every file of a run, a comparison and a sweep truncated, emptied, removed, with one bit flipped, and every verb that
reads it: each ends with the output of the undamaged folder or with an error, never with other numbers or a traceback.

    python -m tests.damage --all            every combination
    python -m tests.damage --count 50       so many, chosen by --seed
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.cli.command import call

SHORT = ("replicates=3", "end=2015-12", "workers=1", "save=dyads", "plots=false", "report=false")
STORY = """defaults: [sco_expansion, _self_]
title: Less gain
question: What if trust grew more slowly?
parameters: {trust: {gain: .004}}
"""
RUN = ("run", "scenario=sco_expansion", *SHORT)
SWEEP = ("run", "-m", "scenario=sco_expansion", *SHORT, "parameters.trust.gain=.005,.007")
FLIPS = 3
"""Positions of a flipped bit in each file."""
PLANNED = ("plan.json", "jobs.jsonl", "stories/")
"""Files of a sweep's plan."""


@dataclass(frozen=True)
class Case:
    """A file of a folder, what is done to it, and the verb that reads afterwards."""

    kind: str
    file: str
    damage: str
    verb: str

    def __str__(self) -> str:
        """In one line."""
        return f"{self.kind} {self.file} {self.damage}: {self.verb}"


class Place:
    """A folder of results with a run, a comparison and a sweep in it, made once and put back before each case."""

    def __init__(self, folder: Path) -> None:
        """Make them in `folder`."""
        self.home, self.kept = folder / "home", folder / "kept"
        self.home.mkdir(parents=True)
        (self.home / "slower.yaml").write_text(STORY, encoding="utf-8")
        self.run = self._made(*RUN)
        self.other = self._made("run", "scenario=./slower.yaml", *SHORT)
        self.comparison = self._made("compare", self.run, self.other, "plots=false", "report=false")
        self.sweep = self._made(*SWEEP)
        self.ablation = self._made(*self._ablate())
        shutil.copytree(self.home, self.kept)
        self._expected: dict[tuple[str, str], tuple[int, dict[str, object]]] = {}

    def _made(self, *words: str) -> str:
        done = call(*words, cwd=self.home)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed:\n{done.stderr}")
        return done.stdout.split()[-1]

    def _ablate(self) -> tuple[str, ...]:
        return "ablate", "sco_expansion", "--measure", "cooperation:eight", "--no-plot", *SHORT[:3]

    def folders(self) -> dict[str, str]:
        """The folder of each kind."""
        return {"run": self.run, "comparison": self.comparison, "sweep": self.sweep, "ablation": self.ablation}

    def verbs(self, kind: str) -> dict[str, tuple[str, ...]]:
        """The verbs that read a folder of a kind, each with its words."""
        folder = self.folders()[kind]
        seen = {"check": ("check", folder), "list": ("list", "sweeps" if kind == "sweep" else "runs", "--json")}
        drawn = ("--out", "out")
        if kind == "run":
            return seen | {
                "run": RUN,
                "run --json": (*RUN, "--json"),
                "replay": ("replay", folder, "--workers", "1"),
                "compare": ("compare", folder, self.other, "plots=false", "report=false", "--json"),
                "explain": ("explain", folder, "--dyad", "RUS", "CHN", "--no-plot"),
                "fork": (
                    "fork",
                    folder,
                    "--at",
                    "2015-06",
                    "--with",
                    "no_expansion",
                    "--no-plot",
                    "--no-report",
                    "--workers",
                    "1",
                    "--json",
                ),
                "report": ("report", folder, "--out", "out.html"),
                "plot": ("plot", folder, "cooperation_fan", "dyads", *drawn),
                "plot --list": ("plot", folder, "--list"),
                "plot a comparison": ("plot", self.comparison, "trust_difference", *drawn),
            }
        if kind == "comparison":
            return seen | {
                "plot": ("plot", folder, "paired_difference", *drawn),
                "plot --list": ("plot", folder, "--list"),
                "report": ("report", folder, "--out", "out.html"),
                "compare": ("compare", self.run, self.other, "plots=false", "report=false"),
            }
        if kind == "ablation":
            return {"check": ("check", folder), "ablate": self._ablate(), "ablate --json": (*self._ablate(), "--json")}
        name = Path(folder).name
        return seen | {
            "run": SWEEP,
            "compare": ("compare", f"{name}#1", f"{name}#2", "plots=false", "report=false", "--json"),
            "plot": ("plot", folder, "small_multiples", *drawn),
            "plot --list": ("plot", folder, "--list"),
        }

    def cases(self, *, plans: bool) -> Iterator[Case]:
        """Every combination; `plans` adds the files of a sweep's plan."""
        for kind, folder in self.folders().items():
            for path in sorted(path for path in (self.kept / folder).rglob("*") if path.is_file()):
                name = path.relative_to(self.kept / folder).as_posix()
                if plans or kind != "sweep" or not name.startswith(PLANNED):
                    for damage in ("truncated", "emptied", "removed", *(f"flipped {k}" for k in range(FLIPS))):
                        yield from (Case(kind, name, damage, verb) for verb in self.verbs(kind))

    def outcome(self, words: Sequence[str], spoil: Callable[[], None] | None = None) -> tuple[int, dict[str, object]]:
        """Exit status and everything that a command gave, of whole folders but for what `spoil` does to them."""
        for path in self.home.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(self.kept, self.home, dirs_exist_ok=True)
        if spoil is not None:
            spoil()
        done = call(*words, cwd=self.home)
        if "Traceback" in done.stderr:
            raise RuntimeError(done.stderr)
        drawn = {path.name: path.read_bytes() for path in [*self.home.glob("out/*"), *self.home.glob("out.html")]}
        return done.returncode, {"stdout": _comparable(done.stdout), "stderr": done.stderr, **drawn}

    def spoil(self, case: Case) -> None:
        """Do to a file what the case says."""
        path = self.home / self.folders()[case.kind] / case.file
        data, how = path.read_bytes(), case.damage.split()[0]
        path.unlink()
        if how == "truncated":
            path.write_bytes(data[: len(data) // 2])
        elif how == "emptied":
            path.write_bytes(b"")
        elif how == "flipped" and data:
            place = random.Random(str(case)[: str(case).index(": ")]).randrange(8 * len(data))
            path.write_bytes(data[: place // 8] + bytes([data[place // 8] ^ 1 << place % 8]) + data[place // 8 + 1 :])

    def finding(self, case: Case) -> str:
        """What is wrong with how a case ends; empty where nothing is."""
        words = self.verbs(case.kind)[case.verb]
        if (case.kind, case.verb) not in self._expected:
            self._expected[case.kind, case.verb] = self.outcome(words)
        try:
            status, found = self.outcome(words, lambda: self.spoil(case))
        except Exception:
            return f"traceback: {traceback.format_exc().splitlines()[-1]}"
        right, expected = self._expected[case.kind, case.verb]
        keys = (expected.keys() | found.keys()) - {"stderr"}
        same = status == right and all(found.get(key) == expected.get(key) for key in keys)
        changed = not (case.file == "config/overrides.txt" and (self.kept / self.run / case.file).stat().st_size == 0)
        if case.verb == "check":
            return "" if status == 1 or not changed else f"check does not see it (status {status})"
        if same or status in (1, 2):
            return "" if status in (0, 2) or case.verb == "replay" else f"status {status}"
        if case.verb == "list" and status == 0:
            return _other_rows(expected["stdout"], found["stdout"])
        return f"other output, status {status}"


def _comparable(text: str) -> object:
    """Standard output without the size of folders, which damage may change, and without the time that a run took."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return _without(value)


def _without(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _without(one)
            for key, one in value.items()
            if key not in ("bytes", "finished", "timings", "reused", "months_simulated")
        }
    return [_without(one) for one in value] if isinstance(value, list) else value


def _other_rows(before: object, after: object) -> str:
    """Whether rows of a list differ in more than that one is said to be damaged."""
    kind = next(iter(before))
    rows = {row["folder"]: row for row in before[kind]}
    for row in after[kind]:
        if row != rows.pop(row["folder"], None) and not row["problem"]:
            return f"{row['folder']} is listed otherwise, without a word"
    return f"{', '.join(rows)} is not listed" if rows else ""


def main(argv: Sequence[str] | None = None) -> int:
    """Go through cases and say what was found; 1 if something was."""
    to = argparse.ArgumentParser(prog="python -m tests.damage", description=__doc__.split("\n\n")[0])
    to.add_argument("--all", action="store_true", help="every combination")
    to.add_argument("--count", type=int, default=60, help="else so many of them")
    to.add_argument("--seed", type=int, default=1, help="which of them")
    to.add_argument("--only", default="", help="only those with this word in them")
    args = to.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="entente-damage-") as folder:
        place = Place(Path(folder))
        cases = [case for case in place.cases(plans=True) if args.only in str(case)]
        if not args.all:
            cases = random.Random(args.seed).sample(cases, min(args.count, len(cases)))
        found = []
        for number, case in enumerate(cases, 1):
            said = place.finding(case)
            if said:
                found.append(case)
                print(f"FOUND {case}: {said}", flush=True)
            if number % 100 == 0:
                print(f"{number} of {len(cases)}, {len(found)} found", file=sys.stderr, flush=True)
    kinds = Counter(case.kind for case in cases)
    print(
        f"{len(cases)} combinations ({', '.join(f'{count} of a {kind}' for kind, count in kinds.items())}): {len(found)} "
        "findings"
    )
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
