"""Which files are opened: ordinary ones in their own folder; and what is said of the others."""

import os

import pytest

from sim.scenario import ScenarioError, names, read
from sim.scenario.files import MAX_BYTES

SECRET = "top: [secret\n"


def refusal(name, **more):
    with pytest.raises(ScenarioError) as error:
        read(name, **more)
    return str(error.value)


@pytest.fixture
def elsewhere(tmp_path_factory):
    """A file that is none of a scenario folder's business."""
    path = tmp_path_factory.mktemp("elsewhere") / "private.yaml"
    path.write_text(SECRET)
    return path


def test_a_link_out_of_the_folder_is_not_read(write, tmp_path, elsewhere):
    (tmp_path / "mine.yaml").symlink_to(elsewhere)
    (tmp_path / "parent.yaml").symlink_to(elsewhere)
    child = write("", name="child.yaml", head="defaults: [parent, _self_]\ntitle: T\n")
    for said in (refusal("./mine.yaml"), refusal("mine", scenario_dir=tmp_path), refusal(child)):
        assert "is a link to a file outside its folder, which is not read" in said
        assert ".yaml:1:1: " in said
        assert "secret" not in said


def test_neither_are_a_world_and_its_tables(small, elsewhere):
    (small / "worlds" / "small.yaml").unlink()
    (small / "worlds" / "small.yaml").symlink_to(elsewhere)
    assert "small.yaml:1:1: is a link to a file outside" in refusal("./small.yaml")


def test_a_linked_table_or_folder_of_tables(small, elsewhere):
    table = small / "worlds" / "small" / "states.csv"
    table.unlink()
    table.symlink_to(elsewhere)
    said = refusal("./small.yaml")
    assert "states.csv:1:1: is a link to a file outside" in said
    assert "secret" not in said


def test_a_link_within_the_folder_is_read(small):
    (small / "same.yaml").symlink_to(small / "small.yaml")
    assert read("./same.yaml").title == "A small story"


@pytest.mark.parametrize("name", ["mine.yaml", "worlds/small.yaml", "worlds/small/states.csv"])
def test_pipes_devices_and_folders(small, name):
    for make in (lambda path: os.mkfifo(path), lambda path: path.symlink_to("/dev/zero"), lambda path: path.mkdir()):
        path = small / name
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
        make(path)
        said = refusal("./mine.yaml" if name == "mine.yaml" else "./small.yaml")
        assert any(what in said for what in ("not an ordinary file", "is a folder", "a link to a file outside", "no world"))


def test_names_and_paths_of_300_letters(small, tmp_path):
    long = "a" * 300
    assert "there is no scenario" in refusal(long)
    assert "there is no such file" in refusal(f"./{long}.yaml")
    assert "there is no folder" in refusal("baseline", scenario_dir=long)
    (small / "small.yaml").write_text((small / "small.yaml").read_text().replace("world: small", f"world: {long}"))
    assert "small.yaml:4:8: world: there is no world" in refusal("./small.yaml")
    for name in ("a\0b", "./a\0b.yaml"):
        assert "there is no" in refusal(name)


def test_a_home_that_is_not_there():
    assert "begins with the home of a user that is not here" in refusal("~nosuchuser/x.yaml")
    assert "begins with the home of a user that is not here" in refusal("baseline", scenario_dir="~nosuchuser")


def test_a_table_has_a_size_and_is_utf8(small):
    states = small / "worlds" / "small" / "states.csv"
    text = states.read_bytes()
    states.write_bytes(text + b"x" * MAX_BYTES)
    assert "states.csv:1:1: is larger than 1,000,000 bytes" in refusal("./small.yaml")
    states.write_bytes(text.replace(b"China", b"Ch\xefna"))
    assert "states.csv:2:7: is not UTF-8" in refusal("./small.yaml")
    rows = "".join(f"A{k:04d},x,0.1,book,0,book,0,A\n" for k in range(400))
    states.write_bytes(text + rows.encode())
    assert "states.csv:302:1: states: has more than 300 rows" in refusal("./small.yaml")


def test_files_with_other_names_are_not_listed(small):
    (small / "${oc.env:HOME}.yaml").write_text("title: x\n")
    (small / "a\x1b[31m.yaml").write_text("title: x\n")
    assert [name for name in names(small) if "$" in name or "\x1b" in name] == []


def test_very_many_mistakes_end(small):
    """Reading stops after some hundreds, and their places are told."""
    (small / "mine.yaml").write_text("defaults: [small]\nevents:\n" + "".join(f"  e{k}: {{typo: x}}\n" for k in range(3000)))
    with pytest.raises(ScenarioError) as error:
        read("./mine.yaml")
    assert 500 <= len(error.value.problems) < 600
