"""Text to values: a small, strict part of YAML with a position for everything."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.files import MAX_BYTES
from sim.scenario.problems import ScenarioError
from sim.scenario.text import MAX_ALIASES, MAX_DEPTH, MAX_NODES, parse, read_file, scalar


def plain(text):
    problems = []
    node = parse(text, "t.yaml", problems)
    assert problems == []
    return node.plain()


def wrong(text):
    problems = []
    try:
        parse(text, "t.yaml", problems)
    except ScenarioError as error:
        return str(error).splitlines()
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12:30", "12:30"),
        ("2017-06", "2017-06"),
        ("0", 0),
        ("-7", -7),
        ("2017-06-09", "2017-06-09"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e-3", 1e-3),
        (".5", 0.5),
        ("5.", 5.0),
        ("+1.5E+3", 1500.0),
        ("-.25", -0.25),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("nan", "nan"),
        ("-", "-"),
        (".", "."),
        ("1.2.3", "1.2.3"),
        ("=", "="),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_plain_scalars(text, value):
    found = scalar(text)
    assert found == value
    assert type(found) is type(value)


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**17), 10**17)))
def test_numbers_come_back(number):
    """What Python writes as a number is read as that number, to the last bit."""
    found = scalar(repr(number))
    assert found == number
    assert math.copysign(1, found) == math.copysign(1, number) or number == 0


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60))
def test_quoted_text_comes_back(text):
    if "${" in text or text == "???":
        return
    quoted = text.replace("'", "''")
    if set(text) & set("\u2028\u2029\x85\ufeff\ufffe\uffff"):  # line breaks and what YAML does not allow
        return
    assert plain(f"key: '{quoted}'") == {"key": text}


def test_keys_are_text_and_keep_their_places():
    node = parse("a:\n  NO: 1\n  2017: [x, {y: 2}]\n", "t.yaml", [])
    assert node.plain() == {"a": {"NO": 1, "2017": ["x", {"y": 2}]}}
    inner = node.value["a"].value["2017"]
    assert str(inner.key_at) == "t.yaml:3:3"
    assert str(inner.at) == "t.yaml:3:9"
    assert str(inner.value[1].value["y"].at) == "t.yaml:3:17"


def test_an_empty_text_is_an_empty_mapping():
    assert plain("") == {}
    assert plain("# nothing yet\n") == {}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", "t.yaml:3:1: a:", "already at line 1"),
        ("a: ${oc.env:HOME}", "t.yaml:1:4: a:", "cannot refer to other values"),
        ("a: '${b}'", "t.yaml:1:4: a:", "`${` is not allowed"),
        ("${a}: 1", "t.yaml:1:1:", "`${` is not allowed"),
        ("a: ???", "t.yaml:1:4: a:", "is not a value"),
        ("_target_: os.system", "t.yaml:1:1: _target_:", "must not begin with `_`"),
        ("events: {x: {_args_: 1}}", "t.yaml:1:14: events.x._args_:", "must not begin with `_`"),
        ("hydra: {run: 1}", "t.yaml:1:1: hydra:", "cannot change how it is run"),
        ("hydra/launcher: x", "t.yaml:1:1:", "cannot change how it is run"),
        ("x@y: 1", "t.yaml:1:1:", "a key is one word"),
        ("<<: {a: 1}", "t.yaml:1:1:", "merge keys are not allowed"),
        ("a: !!python/object:os.system x", "t.yaml:1:4: a:", "the tag 'tag:yaml.org,2002:python/object:os.system'"),
        ("a: !!str 1", "t.yaml:1:4: a:", "is not allowed; write the plain value"),
        ("# @package _global_\na: 1", "t.yaml:1:1:", "the header '# @package _global_' is not allowed"),
        ("a: 1\n  #  @package hydra\n", "t.yaml:2:1:", "is not allowed in a scenario"),
        ("? [a, b]\n: 1", "t.yaml:1:3:", "a key must be one word"),
        ("a: *b", "t.yaml:1:4: a:", "has no anchor &b"),
        ("a: &x [*x]", "t.yaml:1:8: a[0]:", "contains itself"),
        ("- a\n- b", "t.yaml:1:1:", "a scenario is a mapping"),
        ("just words", "t.yaml:1:1:", "a scenario is a mapping"),
        ("a: 1\n---\nb: 2", "t.yaml:2:1:", "second document"),
        ("a:\n\tb: 1", "t.yaml:2:1:", "indent with spaces, not tabs"),
        ("title: a: b", "t.yaml:1:9:", "a text with a colon in it needs quotes"),
        ("a: [1, 2", "t.yaml:1:4:", "brackets"),
        ("a: \x00", "t.yaml:1:4:", "is not allowed in YAML"),
    ],
)
def test_refused(text, where, what):
    (line,) = wrong(text)
    assert line.startswith(where)
    assert what in line


def test_several_at_once():
    assert len(wrong("a: ${x}\n_b: 1\na: 2\n")) == 3


def test_budgets():
    deep = "a: " + "[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2)
    assert "nested more than" in wrong(deep)[0]
    assert "values" in wrong("a: [" + "1," * (MAX_NODES + 1) + "]")[0]
    assert "aliases" in wrong("a: &x 1\nb: [" + "*x," * (MAX_ALIASES + 1) + "]")[0]
    # Depth far beyond what any recursion could take must not bring the process down.
    assert "nested more than" in wrong("a: " + "[" * 100_000)[0]


def test_alias_is_the_same_value():
    assert plain("a: &x [1, 2]\nb: *x") == {"a": [1, 2], "b": [1, 2]}


def test_files(tmp_path):
    big, binary, bom = tmp_path / "big.yaml", tmp_path / "binary.yaml", tmp_path / "bom.yaml"
    big.write_text("a: " + "x" * MAX_BYTES)
    binary.write_bytes(b"a: 1\nb: \xff\xfe\n")
    bom.write_bytes(b"\xef\xbb\xbfa: 1\n")
    reasons = {big: "larger than 1,000,000 bytes", binary: ":2:4: is not UTF-8", tmp_path: "cannot be read"}
    for path, what in reasons.items():
        with pytest.raises(ScenarioError, match=what):
            read_file(path, [])
    assert read_file(bom, []).plain() == {"a": 1}
