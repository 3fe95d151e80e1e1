"""Spoilt texts: bytes turned, and trees of keys and values changed where it hurts."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

import yaml

SECRET = "ENTENTE_FUZZ_SECRET"
"""An environment variable that no text of a file may ever bring to light."""

NUMBERS = [
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "1e-9",
    "1e308",
    "1e999",
    "-1e308",
    "1e-400",
    ".inf",
    "-.inf",
    ".nan",
    "nan",
    "inf",
    "99999999999999999999",
    "1" + "0" * 400,
    "9" * 5000,
    "0x1F",
    "0o17",
    "010",
    "1_000",
    "1,5",
    "50%",
    "²",
    "１２",
    "٣",
    "٠.٥",
    "1.5.2",
    "+",
    "-",
    ".",
    "1e",
    "1e+",
    "0.1",
    ".5",
    "5.",
]
DATES = [
    "2015-01",
    "2015-13",
    "2015-00",
    "2015-02-30",
    "0000-01",
    "9999-12",
    "²⁰¹⁵-⁰¹",
    "２０１５-01",
    "2015",
    "2015-1",
    "2015-01-01T00:00",
    "15-01-2015",
    "1900-01",
]
NUMBER_FORMS = [
    "{uniform: [0, 1]}",
    "{uniform: [-1.7e308, 1.7e308]}",
    "{uniform: [1, 0]}",
    "{lognormal: [1, 1000]}",
    "{lognormal: [1e-300, 200]}",
    "{normal: [0, 1e308]}",
    "{normal: [0.01, 0.001]}",
    "{beta: [1e-300, 1e300]}",
    "{beta: [2, 3, -1e308, 1e308]}",
    "{triangular: [-1e300, 0, 1e300]}",
    "{triangular: [0, 0.5, 1]}",
    "{choice: []}",
    "{choice: [1, x]}",
    "{choice: [1, [2]]}",
    "{uniform: x}",
    "{uniform: {a: 1}}",
    "{value: 1, source: book}",
    "{value: {value: 1}}",
    "{value: {uniform: [0, 1]}, basis: A}",
    "{value: null}",
    "{gamma: [1, 2]}",
    "{uniform: [0, 1], normal: [0, 1]}",
]
WORDS = [
    "CHN",
    "IND",
    "RUS",
    "USA",
    "SCO",
    "ISK",
    "NO",
    "chn",
    "China",
    "world",
    "East",
    "none",
    "null",
    "~",
    "true",
    "yes",
    "???",
    f"${{oc.env:{SECRET}}}",
    f"${{oc.env:{SECRET},x}}",
    "$HOME",
    "${title}",
    "../../etc/passwd",
    "/dev/zero",
    ".",
    "..",
    "~root/x",
    "~nobody-here/x",
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-x",
    "a" * 300,
    "b" * 5000,
    "\u202egnp",
    "a\u200bb",
    "\ufeffx",
    "é",
    "中国",
    "🦊",
    "big",
    "book",
    "assumed",
    "own",
    "trust",
    "trust.gain",
    "cooperation:SCO",
    "trust:CHN>RUS",
    "strength",
    "tie",
    "action",
    "cooperate",
    "defence",
    "join",
    "leave",
    "crisis",
    "clamp",
    "set",
    "baseline",
    "small",
    "_self_",
    "hydra",
    "_target_",
    "behaviour",
    "<<",
    "a b",
    "a: b",
    "#",
    "",
    " ",
]
YAML_ONLY = [
    "[]",
    "{}",
    "[[[]]]",
    "[[CHN], [USA]]",
    "[CHN, CHN]",
    "[CHN, IND, RUS, USA]",
    "{a: {b: {c: {d: 1}}}}",
    "&a [*a]",
    "&x 1",
    "*x",
    "*nowhere",
    "!!python/object/apply:os.system [true]",
    "!!str 1",
    "!local x",
    "!!binary aGk=",
    '"\\e[31mred"',
    '"\\u202e"',
    '"\\0"',
    '"\\ud800"',
    '"\\L"',
    "'it''s'",
    "|\n text",
    ">\n text",
    "- a",
    "? a",
    "%x",
    "@x",
    "`x`",
    "'open",
    "[open",
    "{open",
    "} ",
    "a: b",
    "- - -",
    "!!set {a}",
    "!<tag:x> y",
    "--- x",
    "...",
]
KEYS = [
    "title",
    "question",
    "events",
    "states",
    "actors",
    "organisations",
    "parameters",
    "world",
    "start",
    "end",
    "schedule",
    "cores",
    "sets",
    "watch",
    "limits",
    "baseline",
    "sources",
    "estimates",
    "type",
    "on",
    "when",
    "hazard",
    "until",
    "parties",
    "between",
    "from",
    "to",
    "depth",
    "size",
    "severity",
    "months",
    "variable",
    "add",
    "value",
    "parameter",
    "measure",
    "below",
    "above",
    "lasting",
    "effort",
    "actor",
    "organisation",
    "uniform",
    "lognormal",
    "source",
    "basis",
    "name",
    "capability",
    "bias",
    "reach",
    "strength",
    "defaults",
    "east",
    "west",
    "description",
]


BYTES = [
    b"\0",
    b"\xff\xfe",
    b"\xc0\x80",
    b"\x1b[2J",
    b"\xe2\x80\xae",
    b"\r",
    b"\t",
    b"\xef\xbb\xbf",
    b"\n",
    b"'",
    b'"',
    b"${x}",
    b"\xed\xa0\x80",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
]
WHOLE = [b"", b"\0" * 50, b"\n" * 9, b"[" * 30_000, b"{" * 30_000, b"a: " * 3000, b"- " * 3000, b"x" * 1_000_001, b'"' * 999]
VALUES = [
    None,
    True,
    5,
    -1,
    0,
    1.5,
    1e308,
    float("nan"),
    float("inf"),
    10**400,
    "",
    [],
    {},
    "../../x",
    "/etc/passwd",
    "a" * 300,
    "\0",
    "\x1b[2J",
    "x" * 12,
    "0" * 64,
    [[[[1]]]],
]


class Raw(str):
    """A scalar that is written as it stands."""


class Pairs(list):
    """A mapping as pairs, so that a key may be there twice."""


def tree_of(text: str) -> Any:
    """A YAML text as pairs, lists and strings."""
    return _pairs(yaml.load(text, yaml.BaseLoader))


def _pairs(value: Any) -> Any:
    if isinstance(value, dict):
        return Pairs((key, _pairs(part)) for key, part in value.items())
    return [_pairs(part) for part in value] if isinstance(value, list) else value


def yaml_of(value: Any, *, flow: bool = False) -> str:
    """The text of a tree; the upper levels in lines, the rest in brackets."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Pairs):
        if flow:
            return "{" + ", ".join(f"{_scalar(key)}: {yaml_of(part, flow=True)}" for key, part in value) + "}"
        return "".join(f"{_scalar(key)}: {yaml_of(part, flow=True)}\n" for key, part in value)
    if isinstance(value, list):
        return "[" + ", ".join(yaml_of(part, flow=True) for part in value) + "]"
    return _scalar(value)


def _scalar(text: Any) -> str:
    text = str(text)
    if isinstance(text, Raw):
        return text
    plain = text and text.isascii() and text.isprintable() and not set(text) & set(":#{}[],&*!|>'\"%@`?-")
    return text if (plain and text == text.strip()) or text.replace(".", "").replace("-", "").isalnum() else json.dumps(text)


def copy_of(tree: Any) -> Any:
    """A tree that shares nothing with the other, so that a mutant spoils nothing of the next."""
    return type(tree)(copy_of(part) for part in tree) if isinstance(tree, (list, tuple)) else tree


def places(tree: Any) -> list[tuple[Any, int]]:
    """Every part of a tree: its container and its number there."""
    found, waiting = [], [tree]
    while waiting:
        here = waiting.pop()
        for number, part in enumerate(here):
            found.append((here, number))
            inside = part[1] if isinstance(here, Pairs) else part
            if isinstance(inside, (Pairs, list)):
                waiting.append(inside)
    return found


def spoil_tree(tree: Any, luck: random.Random, others: Sequence[Any], value: Callable[[random.Random], Any]) -> None:
    """Change one thing of a tree in place; pieces of other trees may come in."""
    spots = places(tree)
    if not spots:
        tree.append((luck.choice(KEYS), copy_of(value(luck))) if isinstance(tree, Pairs) else copy_of(value(luck)))
        return
    here, number = luck.choice(spots)
    mapping = isinstance(here, Pairs)
    key, old = here[number] if mapping else (None, here[number])
    what = luck.randrange(12)
    if what <= 3:
        here[number] = (key, copy_of(value(luck))) if mapping else copy_of(value(luck))
    elif what == 4:
        del here[number]
    elif what == 5:
        here.insert(luck.randrange(len(here) + 1), copy_of(here[number]))
    elif what == 6 and mapping:
        here[number] = (luck.choice([*KEYS, *WORDS]), old)
    elif what == 7:
        donor = luck.choice(places(luck.choice(others)))
        part = copy_of(donor[0][donor[1]])
        inside = part[1] if isinstance(donor[0], Pairs) else part
        if mapping:
            here.append(part if isinstance(donor[0], Pairs) and luck.random() < 0.5 else (key, inside))
        else:
            here.append(inside)
    elif what == 8:
        deep = Raw("[" * luck.choice([3, 19, 25, 2000]) + "x")
        here[number] = (key, deep) if mapping else deep
    elif what == 9:
        many = [copy_of(value(luck)) for _ in range(luck.choice([2, 40, 300]))]
        here[number] = (key, many) if mapping else many
    elif what == 10 and isinstance(old, str):
        new = spoil_text(old, luck)
        here[number] = (key, new) if mapping else new
    else:
        luck.shuffle(here)


def spoil_text(text: str, luck: random.Random) -> str:
    """A word a little changed."""
    if not text:
        return luck.choice(WORDS)
    at = luck.randrange(len(text))
    more = text[:at] + luck.choice("²x-. \u202e$'\"0") + text[at:]
    return luck.choice([text[:at] + text[at + 1 :], more, text.upper(), text * 2])


def spoil_bytes(data: bytes, luck: random.Random, other: bytes) -> bytes:
    """Bytes turned, cut, doubled or mixed with another text."""
    data = bytearray(data)
    what = luck.randrange(7)
    at = luck.randrange(len(data) + 1)
    if what == 0 and data:
        for _ in range(luck.choice([1, 1, 3, 20])):
            data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    elif what == 1:
        del data[at:]
    elif what == 2:
        data[at:at] = luck.choice(BYTES)
    elif what == 3:
        end = min(len(data), at + luck.choice([1, 10, 200]))
        data[at:at] = data[at:end] * luck.choice([1, 2, 50])
    elif what == 4:
        cut = luck.randrange(len(other) + 1)
        data[at:] = other[cut:]
    elif what == 5:
        del data[at : at + luck.choice([1, 5, 50])]
    else:
        data = bytearray(luck.choice([*WHOLE, bytes(luck.randrange(256) for _ in range(60))]))
    return bytes(data)


def nasty_yaml(luck: random.Random) -> Raw:
    """A value that a scenario should not have, or should."""
    return Raw(luck.choice(luck.choice([NUMBERS, DATES, NUMBER_FORMS, WORDS, YAML_ONLY])) or '""')


def nasty_json(luck: random.Random) -> Any:
    """A value that a manifest or a plan should not have."""
    words = luck.choice(WORDS)
    return luck.choice([*VALUES, words, [words], {words: 1}])
