"""`sim landscape`: what is printed, what is written, and one clear error for input that cannot be used."""

from __future__ import annotations

import csv
import json

import pytest

from tests.cli.command import ROOT, call, sim

UNIX = ROOT / "examples" / "landscape" / "unix"
WORDS = ("--sizes", str(UNIX / "firms.csv"), "--propensities", str(UNIX / "propensities.csv"))
SIZES = "actor,size\na,1\nb,2\nc,3\n"
MATRIX = ",a,b,c\na,0,1,-1\nb,1,0,-1\nc,-1,-1,0\n"


@pytest.fixture
def files(tmp_path):
    def write(sizes=SIZES, matrix=MATRIX):
        for name, text in (("sizes.csv", sizes), ("matrix.csv", matrix)):
            if text is not None:
                data = text if isinstance(text, bytes) else text.encode()
                (tmp_path / name).write_bytes(data)
        return ("landscape", "--sizes", "sizes.csv", "--propensities", "matrix.csv")

    return write


def test_the_unix_case_in_words(tmp_path):
    done = sim("landscape", *WORDS, "--actual", str(UNIX / "firms.csv"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "9 actors, 256 configurations, 2 local minima"
    assert "  1  energy -3828.9   128 of 256 lead here (50.0 %)" in lines
    assert "     side 1 (50.3 % of size): AT&T, Sun, Prime, IBM" in lines
    assert "     96.9 % of size as it came; wrong: IBM" in lines
    assert all(len(line) <= 80 for line in lines if str(UNIX) not in line)  # a path stays whole
    assert lines[-1].split() == ["--plot", "landscape.png"]
    assert not list(tmp_path.iterdir())


def test_json(tmp_path, files):
    words = files()
    done = call(*words, "--json", "--configurations", "all.csv", cwd=tmp_path)
    assert done.returncode == 0
    got = json.loads(done.stdout)
    assert got["configuration_count"] == 4
    assert got["minima_found"] == 1
    assert got["actors"] == {"a": 1, "b": 2, "c": 3}
    (minimum,) = got["minima"]
    assert minimum["energy"] == -18
    assert minimum["basin"] == 4
    assert minimum["basin_share"] == 1
    assert minimum["sides"] == {"a": 1, "b": 1, "c": 2}
    assert minimum["frustration"] == {"a": -3, "b": -3, "c": -3}
    assert got["configurations"] == str(tmp_path / "all.csv")


def test_configurations(tmp_path, files):
    done = call(*files(), "--configurations", "all.csv", cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "all.csv"
    assert (tmp_path / "all.csv").read_text() == "a,b,c,energy\n1,1,1,0\n1,1,2,-18\n1,2,1,-8\n1,2,2,-2\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.csv", "matrix.csv", "sizes.csv"]


def test_configurations_of_more_than_one_block(tmp_path, files):
    names = [f"n{k}" for k in range(15)]
    sizes = "actor,size\n" + "".join(f"{name},{k + 1}\n" for k, name in enumerate(names))
    rows = [[((i * j) % 5 - 2) if i != j else 0 for j in range(15)] for i in range(15)]
    matrix = "," + ",".join(names) + "\n" + "".join(f"{n},{','.join(map(str, r))}\n" for n, r in zip(names, rows))
    assert call(*files(sizes, matrix), "--configurations", "all.csv", cwd=tmp_path).returncode == 0
    with (tmp_path / "all.csv").open(newline="") as file:
        head, *lines = csv.reader(file)
    assert head == [*names, "energy"]
    assert len(lines) == 2**14
    assert lines == sorted(lines, key=lambda line: line[:-1])
    for line in lines[:: 2**14 // 7]:
        pairs = [(i, j) for i in range(15) for j in range(15) if line[i] != line[j]]
        assert float(line[-1]) == sum((i + 1) * (j + 1) * rows[i][j] for i, j in pairs)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_picture_is_the_same_every_time(tmp_path, kind):
    for name in ("one", "two"):
        done = call("landscape", *WORDS, "--plot", f"{name}.{kind}", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == f"{name}.{kind}"
    one, two = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("one", "two"))
    assert one == two
    assert one.startswith(b"\x89PNG" if kind == "png" else b"<?xml")


def test_pictures_of_little_and_of_too_much(tmp_path, files):
    two = files("actor,size\na,1\nb,1\n", ",a,b\na,0,0\nb,0,0\n")
    assert call(*two, "--plot", "two.svg", cwd=tmp_path).returncode == 0
    names = [f"An actor with an unreasonably long name, number {k}" for k in range(12)]
    sizes = "actor,size\n" + "".join(f'"{name}",0\n' for name in names)
    quoted = [f'"{name}"' for name in names]
    matrix = "," + ",".join(quoted) + "\n" + "".join(f"{name}{',0' * 12}\n" for name in quoted)
    flat = call(*files(sizes, matrix), "--plot", "flat.svg", cwd=tmp_path)
    assert flat.returncode == 0
    assert "2,048 local minima" in flat.stdout
    assert "some actor could change sides here at no cost" in flat.stdout
    assert all(len(line) <= 80 for line in flat.stdout.splitlines() if "--sizes" not in line)
    large = files(SIZES.replace("2", "2e20"), MATRIX)
    assert call(*large, "--plot", "large.svg", cwd=tmp_path).returncode == 0


def test_order_spaces_and_encodings_of_the_files_do_not_matter(tmp_path, files):
    words = files("\ufeffsize, Actor ,note\r\n1,a,x\r\n\r\n2, b ,\r\n3,c,z\r\n", ",c,b,a\na,-1,1,\nb,-1,,1\nc,,-1,-1\n")
    done = call(*words, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["minima"][0]["sides"] == {"a": 1, "b": 1, "c": 2}


THIRTY = "actor,size\n" + "".join(f"s{k},1\n" for k in range(30))
BAD = {
    "asymmetric": ({"matrix": MATRIX.replace("b,1,0", "b,2,0")}, "matrix.csv:3: not symmetric: a to b is 1, but"),
    "nan": ({"matrix": MATRIX.replace("b,1,0", "b,nan,0")}, "matrix.csv:3: the propensity of b to a is 'nan'"),
    "infinite": ({"matrix": MATRIX.replace("b,1,0", "b,inf,0")}, "matrix.csv:3: the propensity of b to a is 'inf'"),
    "empty cell": ({"matrix": MATRIX.replace("b,1,0", "b,,0")}, "matrix.csv:3: the propensity of b to a is missing"),
    "a word": ({"sizes": SIZES.replace("2", "big")}, "sizes.csv:3: the size of b is 'big'; it must be a number"),
    "decimal comma": ({"sizes": SIZES.replace("2", '"2,5"')}, "write decimals with a point"),
    "missing column": ({"matrix": ",a,b\na,0,1\nb,1,0\nc,1,1\n"}, "matrix.csv: no column for c of sizes.csv"),
    "missing row": ({"matrix": ",a,b,c\na,0,1,-1\nb,1,0,-1\n"}, "matrix.csv: no row for c of sizes.csv"),
    "other names": ({"matrix": MATRIX.replace("c", "sea")}, ":1: the column 'sea' is not an actor of sizes.csv"),
    "twice in sizes": ({"sizes": SIZES + "a,4\n"}, "sizes.csv:5: 'a' stands in line 2 already"),
    "twice in the matrix": ({"matrix": MATRIX.replace(",a,b,c", ",a,b,b")}, ":1: the column 'b' stands there twice"),
    "row twice": ({"matrix": MATRIX + "a,0,1,-1\n"}, "matrix.csv:5: the row 'a' stands there twice"),
    "negative": ({"sizes": SIZES.replace("2", "-2")}, "sizes.csv:3: the size of b is -2, below 0"),
    "thirty": ({"sizes": THIRTY}, "sizes.csv: 30 actors have 2^29 configurations; at most 24"),
    "one": ({"sizes": "actor,size\na,1\n"}, "sizes.csv: a landscape needs at least 2 actors"),
    "head only": ({"sizes": "actor,size\n"}, "sizes.csv: a landscape needs at least 2 actors"),
    "empty sizes": ({"sizes": ""}, "sizes.csv:1: the file is empty"),
    "empty matrix": ({"matrix": "\n \n"}, "matrix.csv:1: the file is empty"),
    "wrong head": ({"sizes": "name,power\na,1\n"}, "sizes.csv:1: there is no column 'actor'"),
    "two columns": ({"sizes": "actor,size,size\na,1,2\n"}, "sizes.csv:1: 'size' heads more than one column"),
    "semicolons": ({"sizes": SIZES.replace(",", ";")}, "sizes.csv:1: no commas between the cells"),
    "ragged": ({"matrix": MATRIX.replace("c,-1,-1,0", "c,-1,-1")}, "matrix.csv:4: 3 cells, but the first row has 4"),
    "ragged sizes": ({"sizes": SIZES.replace("b,2", "b,c,2")}, "sizes.csv:3: 3 cells, but the first row has 2"),
    "no name": ({"sizes": SIZES.replace("b,", ",")}, "sizes.csv:3: the name of the actor is missing"),
    "picture": ({"sizes": b"\x89PNG\r\n\x1a\n\x00\x00"}, "sizes.csv:1: not a CSV file, or not in UTF-8"),
    "zeros": ({"sizes": b"\x00" * 100}, "sizes.csv:1: not a CSV file: there are control characters"),
    "open quote": ({"sizes": SIZES + '"d,4\n'}, "not a CSV file"),
    "json": ({"sizes": '{"a": 1}\n'}, "sizes.csv:1: there is no column 'actor'"),
    "too long": ({"sizes": SIZES + "\n" * 1_000_001}, "sizes.csv: larger than 1 MB"),
    "too large to add": ({"sizes": SIZES.replace("2", "1e308")}, "too large to add up"),
    "absent": ({"sizes": None}, "sizes.csv: cannot be read: No such file"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_clear_error(tmp_path, files, case):
    change, said = BAD[case]
    words = files(**change)
    before = sorted(path.name for path in tmp_path.iterdir())
    done = call(*words, "--configurations", "all.csv", "--plot", "l.png", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--plot", "l.pdf"), "must end in .png or .svg"),
        (("--plot", "nowhere/l.png"), "there is no folder nowhere"),
        (("--configurations", "sizes.csv"), "this file is used already"),
        (("--configurations", "."), "not a file that can be written"),
        (("--configurations", "x.png", "--plot", "x.png"), "this file is used already"),
        (("--actual", "sizes.csv"), "sizes.csv:1: there is no column 'actual'"),
    ],
)
def test_bad_output_is_refused_before_any_work(tmp_path, files, words, said):
    done = call(*files(), *words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert (tmp_path / "sizes.csv").read_text() == SIZES
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_needed_is_said(tmp_path):
    done = call("landscape", cwd=tmp_path)
    assert done.returncode == 2
    assert "--sizes, --propensities" in done.stderr
