"""Manifests: no bit of one can change unseen, and whatever one says, it is answered in one sentence with the key."""

from __future__ import annotations

import hashlib
import json
import random
import shutil

import pytest

from sim import results
from sim.results import ResultsError, fields
from sim.results.manifest import EarlierVersion, read_manifest
from tests.manifests import rewrite, without_checksum


@pytest.fixture
def copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "results" / "made_up" / folder.name)


def sealed(text: str) -> bytes:
    """A text with a right checksum at its end, whatever it says."""
    head = text.encode() + b'"sha256": "'
    return head + hashlib.sha256(head).hexdigest().encode() + b'"\n}\n'


def test_no_bit_can_change_unseen(copy):
    path = copy / "manifest.json"
    whole = path.read_bytes()
    places = random.Random(5).sample(range(8 * len(whole)), 400)
    places += range(8 * (len(whole) - 90), 8 * len(whole))  # the checksum and its key
    for place in places:
        data = bytearray(whole)
        data[place // 8] ^= 1 << place % 8
        path.write_bytes(data)
        with pytest.raises(ResultsError, match="damaged"):
            read_manifest(copy)


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_a_manifest_cut_short_is_damaged(copy, size):
    path = copy / "manifest.json"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ResultsError, match=r"manifest\.json is damaged"):
        results.open_run(copy)


def test_brackets_without_end_are_no_traceback(copy):
    for data in (b"[" * 200_000, b'{"a":' * 200_000, sealed('{"a": ' + "[" * 90 + "]" * 90 + ", ")):
        (copy / "manifest.json").write_bytes(data)
        with pytest.raises(ResultsError, match="nested deeper than 64 levels"):
            results.open_run(copy)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"finished": 5}, "finished: must be text, not 5"),
        ({"replicates": "many"}, "replicates: must be a whole number from 1, not 'many'"),
        ({"replicates": 0}, "replicates: must be a whole number from 1, not 0"),
        ({"seed": True}, "seed: must be a whole number, not True"),
        ({"start": "yesterday"}, "start: must be a month such as 2015-01"),
        ({"states": [{"code": "CHN"}]}, r"states\[0\].name: is missing"),
        ({"watch": [["CHN", 3]]}, r"watch\[0\]\[1\]: must be text, not 3"),
        ({"digest": "abc"}, "digest: must be 64 hexadecimal digits"),
        ({"timings": {"simulate": "long"}}, "timings.simulate: must be a number"),
        ({"files": 3}, "files: must be a mapping"),
        ({"files": {"summary.csv": {"sha256": "0" * 64, "bytes": "few"}}}, r"files: summary\.csv\.bytes: must be a whole"),
        ({"files": {"summary.csv": {"bytes": 1}}}, r"files: summary\.csv\.sha256: is missing"),
        ({"title": ...}, "title: is missing"),
    ],
)
def test_what_is_wrong_is_said_with_the_key(copy, changes, said):
    rewrite(copy, **changes)
    with pytest.raises(ResultsError, match=rf"manifest\.json: {said}"):
        read_manifest(copy)


@pytest.mark.parametrize(
    "name",
    [
        "../../secret",
        "/etc/passwd",
        "a/../../b",
        "a//b",
        "./a",
        "..",
        "",
        "a\\b",
        "C:a",
        "a\0b",
        "a\x1b[31mb",
        "a/",
        "x" * 300,
    ],
)
def test_files_lie_inside_the_folder(copy, name):
    files = json.loads((copy / "manifest.json").read_text())["files"]
    rewrite(copy, files=files | {name: {"sha256": "0" * 64, "bytes": 1}})
    with pytest.raises(ResultsError, match="no plain name of a file inside the folder") as error:
        results.open_run(copy)
    assert "\x1b" not in str(error.value) and "\0" not in str(error.value)


def test_a_symbolic_link_is_no_file_of_ours(copy, tmp_path):
    for name in ("summary.csv", "config"):
        elsewhere = tmp_path / f"{name}-elsewhere"
        (copy / name).rename(elsewhere)
        (copy / name).symlink_to(elsewhere)
        with pytest.raises(ResultsError, match="is missing"):
            results.open_run(copy)
        (copy / name).unlink()
        elsewhere.rename(copy / name)
    results.open_run(copy).verify()


def test_one_bad_manifest_hides_no_other_run(copy):
    root = copy.parents[1]
    bad = {"000000000001": None, "000000000002": b"[" * 200_000, "000000000003": b"\xff\xfe", "000000000004": b""}
    for name, data in bad.items():
        one = shutil.copytree(copy, copy.with_name(name))
        if data is None:
            rewrite(one, finished=5)
        else:
            (one / "manifest.json").write_bytes(data)
    (copy.with_name("000000000005") / "manifest.json").mkdir(parents=True)
    found = {info.run: info.problem for info in results.runs(root)}
    assert found == {copy.name: ""} | dict.fromkeys([*bad, "000000000005"], "damaged")
    assert results.find("made_up", root) == copy


def test_an_earlier_version_has_its_own_sentence(copy):
    without_checksum(copy)
    with pytest.raises(EarlierVersion, match=r"earlier version wrote it.*run it again with force=true"):
        results.open_run(copy)
    assert [info.problem for info in results.runs(copy.parents[1])] == ["of an earlier version"]


def test_another_kind_is_named(copy):
    rewrite(copy, kind="comparison")
    with pytest.raises(ResultsError, match="it holds a comparison, not a run"):
        results.open_run(copy)


def test_forms():
    form = {"a": [{"b": (int, None)}], "c": {str: float}, "d": fields.one_of("x", "y")}
    good = {"a": [{"b": None}, {"b": 3, "more": 1}], "c": {"one": 1, "two": 2.5}, "d": "x"}
    assert fields.problem(good, form) is None
    for change, said in [
        ({"a": [{"b": 1}, {"b": 1.5}]}, "a[1].b: must be a whole number, not 1.5"),
        ({"a": {}}, "a: must be a list, not {}"),
        ({"c": {"one": True}}, "c.one: must be a number, not True"),
        ({"c": {"one": float("inf")}}, "c.one: must be a number, not inf"),
        ({"d": "z"}, "d: must be x or y, not 'z'"),
        ({"d": {}}, "d: must be x or y, not {}"),
    ]:
        assert fields.problem(good | change, form) == said
