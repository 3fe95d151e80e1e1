"""What the fuzzing ever found stays mended, and a few hundred new mutants find nothing.

The long run is a command of its own: ``python -m tests.fuzz --seconds 1800``; its figures are in docs/reliability.md.
"""

import random

import pytest

from tests.fuzz.__main__ import CORPUS
from tests.fuzz.targets import Answer, Stored, Target, make_results, prepare, targets
from tests.fuzz.trial import FINDINGS, Verdict, keep, kept, smaller, try_one

MUTANTS = {"scenario": 160, "world": 120, "override": 20, "manifest": 60, "plan": 40}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The seeds, in a folder that mutants are written into."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENTENTE_FUZZ_SECRET", "")  # put back afterwards
        path = tmp_path_factory.mktemp("fuzz")
        prepare(path)
        make_results(path)
        yield path


@pytest.fixture(scope="module")
def kinds(folder):
    """What is spoilt, by name."""
    return {target.name: target for target in targets(Stored.of(folder))}


@pytest.mark.parametrize(
    "path",
    sorted(path for name in MUTANTS for path in (CORPUS / name).glob("*.json")),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_what_was_found_is_mended(folder, kinds, path):
    verdict = try_one(kinds[path.parent.name], folder, kept(path))
    assert verdict.kind not in FINDINGS, verdict.detail


@pytest.mark.parametrize("name", MUTANTS)
def test_new_mutants_find_nothing(folder, kinds, name):
    found = []
    for number in range(MUTANTS[name]):
        files = kinds[name].make(random.Random(f"tests/{name}/{number}"))
        verdict = try_one(kinds[name], folder, files)
        if verdict.kind in FINDINGS:
            found.append((number, verdict))
    assert not found


def test_the_same_seed_makes_the_same_mutants(kinds):
    for target in kinds.values():
        one, other = (target.make(random.Random("1/x/7")) for _ in range(2))
        assert one == other


def reader(read, placed=lambda said, files: True):
    return Target("scenario", 1, lambda luck: {"mine.yaml": b"a: 1\n"}, read, placed)


def broken(folder, files):
    if b"bad" in files["mine.yaml"]:
        raise ZeroDivisionError
    return Answer(True)


def endless(folder, files):
    while True:
        pass


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (reader(broken), "traceback"),
        (reader(endless), "hang"),
        (reader(lambda folder, files: Answer(False, "it is wrong"), lambda said, files: False), "no position"),
        (reader(lambda folder, files: Answer(False, "")), "no position"),
        (reader(lambda folder, files: Answer(True, "a hunter2-in-the-environment b")), "leak"),
        (reader(lambda folder, files: Answer(False, "a.yaml:1:1: \x1b[2J")), "raw control"),
        (reader(lambda folder, files: Answer(False, "command line: 'x' cannot be used here (KeyError: 1)")), "unexplained"),
        (reader(lambda folder, files: Answer(False, "a.yaml:1:1: no")), "refused"),
        (reader(lambda folder, files: Answer(True)), "accepted"),
    ],
)
def test_findings_are_found(folder, tmp_path, target, kind):
    """The harness itself: each kind of fault is seen, made small, kept and read again."""
    files = {"mine.yaml": b"".join(b"line %d\n" % k for k in range(8)) + b"bad\n"}
    verdict = try_one(target, folder, files, seconds=0.2)
    assert verdict.kind == kind
    assert not (folder / "mine.yaml").exists()
    if kind == "traceback":
        files = smaller(target, folder, files, verdict)
        assert files == {"mine.yaml": b"bad\n"}
    path = keep(tmp_path, "scenario", files, verdict)
    assert kept(path) == files
    assert keep(tmp_path, "scenario", files, Verdict(verdict.kind, verdict.detail)) == path
