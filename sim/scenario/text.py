"""Scenario text to plain values with a position each: a small, strict part of YAML, safe on untrusted files.

What a text can hold: mappings, lists and scalars. A plain scalar is a number, ``true``, ``false``, ``null`` or text;
so ``NO`` (Norway), ``12:30`` and ``2017-06-09`` are text, ``1e-3`` is a number. Refused: interpolation (``${``), tags,
merge keys, package headers, keys that begin with ``_`` or ``hydra``, the same key twice, files that are too large, too
deep or grow through aliases. PyYAML only splits the text into events; nothing of it constructs objects.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.files import read_text
from sim.scenario.problems import MOST, Key, Position, Problem, ScenarioError, fail, quote, shown

MAX_NODES = 20_000
MAX_ALIASES = 100
MAX_DEPTH = 20
TOO_DEEP = f"is nested more than {MAX_DEPTH} deep; a scenario needs five levels"

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)?\.[0-9]+|(?:0|[1-9][0-9]*)\.?)(?:[eE][-+]?[0-9]{1,3})?\Z")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_PACKAGE = re.compile(r"^[ \t]*#[ \t]*@[ \t]*package\b.*", re.MULTILINE)


@dataclass(slots=True)
class Node:
    """A value with its place: ``value`` is a scalar, a dict of nodes or a list of nodes."""

    value: Any
    at: Position
    key_at: Position | None = None
    size: int = 1

    def plain(self) -> Any:
        """The value without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def scalar(text: str) -> Any:
    """What a plain (unquoted) scalar stands for: int, float, true, false, null, or else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "+-.0123456789":
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text) and math.isfinite(number := float(text)):
            return number
    return text


def reference(text: str) -> str | None:
    """Why a text of a file is not taken: it looks like a reference, which whoever composes options might follow."""
    if "${" in text:
        return "`${` is not allowed: a scenario cannot refer to other values; write the value out"
    return "`???` is not a value; write one, or remove the key" if text == "???" else None


def read_file(path: Path, problems: list[Problem], folder: Path | None = None) -> Node:
    """The root mapping of a scenario or world file; what is wrong but readable is added to ``problems``.

    ``folder`` is where the file has to lie; None: in its own.

    Raises:
        ScenarioError: the file cannot be read as a mapping at all.
    """
    return parse(read_text(path, folder or path.parent), shown(path), problems)


def parse(text: str, file: str, problems: list[Problem]) -> Node:
    """The root mapping of a text (empty for an empty text); what is wrong but readable is added to ``problems``.

    Raises:
        ScenarioError: the text cannot be read as a mapping at all; it has everything found so far.
    """
    builder = _Builder(file, problems)
    if header := _PACKAGE.search(text):
        line = text.count("\n", 0, header.start()) + 1
        builder.problem(Position(file, line, 1), f"the header {quote(header[0].strip())} is not allowed in a scenario")
    try:
        parser = _Parser(text)
        try:
            while parser.check_event():
                builder.take(parser.get_event())
        finally:
            parser.dispose()
    except yaml.MarkedYAMLError as error:
        raise ScenarioError([*problems, _syntax(error, text, file)]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        where = Position(file, line, error.position - text.rfind("\n", 0, error.position))
        character = error.character if isinstance(error.character, str) else chr(error.character)
        raise fail(where, f"the character {character!r} is not allowed in YAML; remove it") from None
    root = builder.root
    if root is None or root.value is None:
        return Node({}, Position(file, 1, 1))
    if not isinstance(root.value, dict):
        raise builder.stop(root.at, f"a scenario is a mapping of keys such as `title: ...`, not {_kind(root)}")
    return root


def _kind(node: Node) -> str:
    return "a list" if isinstance(node.value, list) else f"the text {quote(node.value)}"


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    lines = text.splitlines()
    mark = error.problem_mark or error.context_mark
    if error.context_mark and mark.line >= len(lines):
        mark = error.context_mark  # the end of the file tells nothing; what was left open does
    where = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1, 1)
    what = error.problem or "cannot be read"
    if "nesting depth" in what:  # newer parsers have a limit of their own, and read ahead of ours
        return Problem(where, (), TOO_DEEP)
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    hint = "check indentation, colons, quotes and brackets on this line and the one before"
    if "\t" in line[: len(line) - len(line.lstrip())] or ("cannot start any token" in what and "\t" in line):
        hint = "indent with spaces, not tabs"
    elif "mapping values are not allowed" in what:
        hint = "a text with a colon in it needs quotes, and a key needs a line of its own"
    return Problem(where, (), f"this is not YAML: {what}; {hint}")


class _Builder:
    """Takes YAML events and grows a tree of nodes without recursion."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.root: Node | None = None
        self.open: list[tuple[Node, list, Key]] = []  # containers begun, the key that waits for a value, their place
        self.anchors: dict[str, Node | None] = {}
        self.nodes = self.aliases = self.documents = 0

    def problem(self, where: Position, text: str) -> None:
        self.problems.append(Problem(where, self.here(), text))
        if len(self.problems) > MOST:
            raise ScenarioError(self.problems)

    def here(self) -> Key:
        if not self.open:
            return ()
        node, waiting, path = self.open[-1]
        if isinstance(node.value, list):
            return (*path, len(node.value))
        return (*path, waiting[0]) if waiting else path

    def stop(self, where: Position, text: str) -> ScenarioError:
        """The error after which reading cannot go on, to be raised."""
        return ScenarioError([*self.problems, Problem(where, self.here(), text)])

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        where = Position(self.file, mark.line + 1, mark.column + 1) if mark else Position(self.file, 1, 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self.stop(where, "a second document begins here; a scenario file has one, so remove the `---`")
        elif isinstance(event, yaml.AliasEvent):
            self.alias(event, where)
        elif isinstance(event, yaml.NodeEvent):
            self.node(event, where)
        elif isinstance(event, yaml.CollectionEndEvent):
            node, *_ = self.open.pop()
            children = node.value.values() if isinstance(node.value, dict) else node.value
            node.size += sum(child.size for child in children)

    def node(self, event: yaml.NodeEvent, where: Position) -> None:
        self.grow(1, where)
        if event.tag not in (None, "!") or (event.tag == "!" and not isinstance(event, yaml.ScalarEvent)):
            self.problem(where, f"the tag {quote(event.tag)} is not allowed; write the plain value, text in quotes")
        if isinstance(event, yaml.ScalarEvent):
            if refers := reference(event.value):
                self.problem(where, refers)
            plain = event.implicit[0]
            if self.open and self.waits_for_key():
                self.key(event.value, where)
                return
            node = Node(scalar(event.value) if plain else event.value, where)
            self.place(node)
        else:
            if self.open and self.waits_for_key():
                raise self.stop(where, "a key must be one word, not a mapping or a list")
            if len(self.open) >= MAX_DEPTH:
                raise self.stop(where, TOO_DEEP)
            node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], where)
            path = self.here()
            self.place(node)
            self.open.append((node, [], path))
        if event.anchor:
            self.anchors[event.anchor] = node

    def alias(self, event: yaml.AliasEvent, where: Position) -> None:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self.stop(where, f"has more than {MAX_ALIASES} aliases; write the values out")
        target = self.anchors.get(event.anchor)
        if target is None:
            raise self.stop(where, f"the alias *{event.anchor} has no anchor &{event.anchor} before it")
        if any(node is target for node, *_ in self.open):
            raise self.stop(where, f"the alias *{event.anchor} contains itself")
        if self.open and self.waits_for_key():
            raise self.stop(where, "a key must be one word, not an alias")
        self.grow(target.size, where)
        self.place(Node(target.value, where, size=target.size))

    def grow(self, by: int, where: Position) -> None:
        self.nodes += by
        if self.nodes > MAX_NODES:
            counted = "aliases counted each time"
            raise self.stop(where, f"has more than {MAX_NODES:,} values ({counted}); a scenario is a short text")

    def waits_for_key(self) -> bool:
        node, waiting, _ = self.open[-1]
        return isinstance(node.value, dict) and not waiting

    def key(self, key: str, where: Position) -> None:
        node, waiting, _ = self.open[-1]
        waiting += [key, where]
        if key in node.value:
            self.problem(where, f"this key is already at line {node.value[key].key_at.line}; keep one of them")
        elif key == "<<":
            self.problem(where, "merge keys are not allowed; inherit with `defaults: [other_scenario, _self_]`")
        elif key.startswith("_"):
            self.problem(where, "a key must not begin with `_`")
        elif key.casefold().split(".")[0].split("/")[0].split("@")[0] == "hydra":
            self.problem(where, "`hydra` is not a key of a scenario: a scenario cannot change how it is run")
        elif len(self.open) == 1 and key.casefold().split(".")[0] in ("behaviour", "behaviours", "behavior"):
            text = "a behaviour is code, and a scenario file never runs code; give it on the command line"
            self.problem(where, f"{text}: behaviour.IND=FILE.py:CLASS")
        elif not key or "@" in key or len(key) > 100:
            self.problem(where, "a key is one word of letters, digits, `_`, `-` and `.`")

    def place(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent, waiting, _ = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        else:
            key, node.key_at = waiting
            waiting.clear()
            parent.value.setdefault(key, node)
