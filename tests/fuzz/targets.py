"""What is fed with spoilt texts: the real readers, in this process, up to where a simulation would begin."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from tests.fuzz.jsons import spoil_json
from tests.fuzz.mutate import SECRET, copy_of, nasty_yaml, spoil_bytes, spoil_tree, tree_of, yaml_of
from tests.fuzz.overrides import spoilt
from tests.fuzz.tables import spoil_csv

HERE = Path(__file__).parent
SEEDS = HERE / "seeds"
BUILT_IN = HERE.parents[1] / "scenarios"
HUNTED = "hunter2-in-the-environment"
TABLES = ("states", "dyads", "trust", "organisations", "memberships", "actors", "reach")

Files = dict[str, bytes]
"""A mutant: what is written into the folder before the reader is called; words are lines of `words.json`."""


@dataclass(frozen=True)
class Answer:
    """What a reader said: whether it took the mutant, and every line of its refusal."""

    accepted: bool
    said: str = ""


@dataclass(frozen=True)
class Target:
    """One kind of text: how its mutants are made, and the reader."""

    name: str
    share: int
    make: Callable[[random.Random], Files]
    read: Callable[[Path, Files], Answer]
    placed: Callable[[str, Files], bool]


# -- scenarios and worlds -------------------------------------------------------------------------------------------------

_TREES = {path.name: tree_of(path.read_text("utf-8")) for path in sorted([*SEEDS.glob("*.yaml"), *BUILT_IN.glob("*.yaml")])}
_HEADS = {"small.yaml": tree_of((SEEDS / "worlds" / "small.yaml").read_text("utf-8"))}
_CSV = {name: (SEEDS / "worlds" / "small" / f"{name}.csv").read_bytes() for name in TABLES}
_PLACE = re.compile(r"[^\n:]*:[1-9][0-9]*:[1-9][0-9]*: |command line: |scenario(_dir)?: |\.\.\. and [0-9]+ more\Z")


def _scenario(luck: random.Random) -> Files:
    name = "small.yaml" if luck.random() < 0.7 else luck.choice(list(_TREES))
    return {"mine.yaml": _spoilt_yaml(_TREES[name], luck)}


def _spoilt_yaml(tree: Any, luck: random.Random) -> bytes:
    others = list(_TREES.values())
    tree = copy_of(tree)
    for _ in range(luck.choice([0, 1, 1, 1, 2, 3, 8])):
        spoil_tree(tree, luck, others, nasty_yaml)
    data = yaml_of(tree).encode("utf-8", "surrogatepass")
    if luck.random() < 0.25 or not tree:
        data = spoil_bytes(data, luck, yaml_of(luck.choice(others)).encode("utf-8", "surrogatepass"))
    return data


def _world(luck: random.Random) -> Files:
    if luck.random() < 0.15:
        return {"worlds/small.yaml": _spoilt_yaml(_HEADS["small.yaml"], luck)}
    names = luck.sample(TABLES, luck.choice([1, 1, 1, 2]))
    return {f"worlds/small/{name}.csv": spoil_csv(_CSV[name], luck, _CSV[luck.choice(TABLES)]) for name in names}


def _read_story(folder: Path, files: Files) -> Answer:
    """`check` of the story, and where it is fine what else reads it: `show`, `sources` and `new`."""
    from sim.cli import check, new, show, sources
    from sim.scenario import ScenarioError

    name = "./mine.yaml" if "mine.yaml" in files else "./small.yaml"
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            check.main([name])
        except ScenarioError as error:
            return Answer(False, str(error))
        if crc32(b"".join(files.values())) % 4:
            return Answer(True, out.getvalue())  # what else reads it takes longer than reading it
        show.main([name])
        sources.main([name])
        show.main([name, "--json"])
        (folder / "copy.yaml").unlink(missing_ok=True)
        new.main(["copy", "--from", name])
        check.main(["./copy.yaml"])
    return Answer(True, out.getvalue())


def _has_place(said: str, files: Files) -> bool:
    return all(_PLACE.match(line) for line in said.splitlines())


# -- command lines --------------------------------------------------------------------------------------------------------


def _words(luck: random.Random) -> Files:
    return {"words.json": json.dumps(spoilt(luck)).encode()}


def _compose(folder: Path, files: Files) -> Answer:
    from sim.cli import hydra
    from sim.results import ResultsError

    words = json.loads(files["words.json"])
    out, err = io.StringIO(), io.StringIO()
    more = [] if any("scenario_dir" in word for word in words) else ["scenario_dir=."]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = hydra.compose([*words, *more], lambda request: 0, sweep=_some_points)
        except ResultsError as error:  # of a sweep: said by the verb
            return Answer(False, str(error))
    return Answer(status == 0, err.getvalue() if status else "")


def _some_points(request: Any) -> int:
    for _ in itertools.islice(request.points(), 3):
        pass
    return 0


def _has_word(said: str, files: Files) -> bool:
    """Whether every line names a place in a file, or a word of the command line or its key."""
    words = json.loads(files["words.json"])
    keys = {word.lstrip("+~").partition("=")[0] for word in words} | {"command"}
    parts = {key for key in keys if key} | {repr(word)[1:-1][:30] for word in words if word}
    parts |= {key.rpartition(".")[2] for key in keys if "." in key} | {"''"}
    return all(
        (_PLACE.match(line) and not line.startswith(("command line: ", "scenario"))) or any(part in line for part in parts)
        for line in said.splitlines()
        if line.strip()
    )


# -- what lies in folders of results ----------------------------------------------------------------------------------------

RESULTS = Path("results")


def make_results(folder: Path) -> None:
    """Two small runs, their comparison and a sweep of two, in ``folder/results``."""
    from sim.cli.main import main

    small = ["scenario=./small.yaml", "replicates=2", "end=2016-08", "workers=1", "plots=false", "report=false"]
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main(["run", *small])
        main(["run", *small, "parameters.trust.gain=0.008"])
        runs = sorted(str(path.parent) for path in RESULTS.glob("small/*/manifest.json"))
        main(["compare", *runs, "plots=false", "report=false"])
        main(["run", "-m", *small, "parameters.trust.gain=0.006,0.009", "outcomes=[cooperation:SCO]"])


@cache
def kept_results(folder: Path) -> dict[str, Path]:
    """The folders in ``folder/results``: a run, a comparison and a sweep. Their names are digests, so that mutants call them
    ``@run``, ``@compare`` and ``@sweep``."""
    root = folder / RESULTS
    found = {"run": root / "small", "compare": root / "compare", "sweep": root / "sweeps"}
    return {
        kind: sorted(path for path in place.iterdir() if (path / "manifest.json").is_file())[0]
        for kind, place in found.items()
    }


def place_of(folder: Path, name: str) -> Path:
    """Where a file of a mutant is written."""
    kind, _, rest = name.partition("/")
    return kept_results(folder)[kind[1:]] / rest if kind.startswith("@") else folder / name


@dataclass(frozen=True)
class Stored:
    """The texts of the folders of results that mutants are made from."""

    texts: dict[str, bytes]

    @classmethod
    def of(cls, folder: Path) -> Stored:
        """From what :func:`make_results` made."""
        texts = {}
        for kind, place in kept_results(folder).items():
            for path in [place / "manifest.json", place / "plan.json", place / "jobs.jsonl", *place.glob("stories/*.json")]:
                if path.is_file():
                    texts[f"@{kind}/{path.relative_to(place).as_posix()}"] = path.read_bytes()
        return cls(texts)

    def manifest(self, luck: random.Random) -> Files:
        """One manifest spoilt."""
        names = [name for name in self.texts if name.endswith("manifest.json")]
        return self._spoilt(luck.choice(names), names, luck)

    def plan(self, luck: random.Random) -> Files:
        """One file of a plan spoilt."""
        names = [name for name in self.texts if not name.endswith("manifest.json")]
        name = luck.choice([*names, *(n for n in names if n.endswith(("plan.json", "jobs.jsonl")))])
        return self._spoilt(name, names, luck)

    def _spoilt(self, name: str, names: list[str], luck: random.Random) -> Files:
        other = self.texts[luck.choice(names)]
        if not name.endswith(".jsonl"):
            return {name: spoil_json(self.texts[name], luck, other)}
        lines = self.texts[name].splitlines(keepends=True)
        at = luck.randrange(len(lines))
        what = luck.randrange(6)
        if what == 0:
            del lines[at]
        elif what == 1:
            lines.insert(at, lines[at])
        elif what == 2:
            lines.reverse()
        else:
            spoilt_line = spoil_json(lines[at], luck, other)
            one = what == 3 and _is_json(spoilt_line)
            lines[at] = (json.dumps(json.loads(spoilt_line)).encode() if one else spoilt_line) + b"\n"
        return {name: b"".join(lines)}


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def seal(path: Path) -> None:
    """Give a spoilt manifest the checksum that fits it, where manifests carry one, so that what is behind the check is
    reached too."""
    import hashlib

    from sim.results import manifest

    mark: bytes | None = getattr(manifest, "_SEAL", None)
    data = path.read_bytes()
    if mark is None or mark not in data:
        return
    head, mark, _ = data.rpartition(mark)
    path.write_bytes(head + mark + f'{hashlib.sha256(head + mark).hexdigest()}"\n}}\n'.encode())


def _read_manifest(folder: Path, files: Files) -> Answer:
    """List everything, then open the folder, as it is and with a checksum that fits."""
    from sim.cli import listing
    from sim.questions.compare.writing import is_comparison, open_comparison
    from sim.results import ResultsError, find, open_run
    from sim.sweep.folder import open_sweep

    (name,) = files
    kind = name[1:].partition("/")[0]
    place = kept_results(folder)[kind].relative_to(folder)
    out, refused = io.StringIO(), []
    for sealed in (False, True):
        if sealed:
            seal(place_of(folder, name))
        with contextlib.redirect_stdout(out):
            listing.main(["runs"])
            listing.main(["sweeps"])
        try:
            if kind == "sweep":
                sweep = open_sweep(place)
                sweep.columns(), sweep.outcomes(), sweep.axes
            elif kind == "compare":
                is_comparison(place)
                open_comparison(place)
            else:
                find("small")
                run = open_run(place)
                repr(run), run.name, run.measures(), run.summary_rows()
        except ResultsError as error:
            refused.append(str(error))
    return Answer(not refused, "\n".join(refused))


def _read_plan(folder: Path, files: Files) -> Answer:
    """Open the plan and every job's scenario; the table and the list of sweeps are read too."""
    from sim.cli import listing
    from sim.results import ResultsError
    from sim.sweep.plan import Plan

    place = kept_results(folder)["sweep"].relative_to(folder)
    with contextlib.redirect_stdout(io.StringIO()):
        listing.main(["sweeps"])
    try:
        plan = Plan.open(place)
        for job in plan.jobs():
            plan.scenario(job)
    except ResultsError as error:
        return Answer(False, str(error))
    return Answer(True)


def _has_path(said: str, files: Files) -> bool:
    """Whether a refusal names the file and, in it, a key, a line or what is wrong with the whole."""
    (name,) = files
    short = Path(name).name
    whole = (
        "its id names",
        "changed since",
        "checksum",
        "damaged",
        "does not fit",
        "is not JSON",
        "too large",
        "unfinished",
    )
    return all(short in line or any(word in line for word in whole) for line in said.splitlines() if line.strip())


def targets(stored: Stored | None) -> list[Target]:
    """All kinds of text; without folders of results, those that need none."""
    found = [
        Target("scenario", 17, _scenario, _read_story, _has_place),
        Target("world", 10, _world, _read_story, _has_place),
        Target("override", 1, _words, _compose, _has_word),
    ]
    if stored is not None:
        found += [
            Target("manifest", 7, stored.manifest, _read_manifest, _has_path),
            Target("plan", 5, stored.plan, _read_plan, _has_path),
        ]
    return found


def prepare(folder: Path, results: Path | None = None) -> None:
    """A working folder with the seeds, and with the results that lie in another one."""
    shutil.copytree(SEEDS, folder, dirs_exist_ok=True)
    if results is not None:
        shutil.copytree(results / RESULTS, folder / RESULTS, dirs_exist_ok=True)
    os.environ[SECRET] = HUNTED
