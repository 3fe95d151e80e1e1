"""Arguments of the verbs that are not `run`: argparse with examples, and with errors as every other error."""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from pathlib import Path
from typing import Any, NoReturn

from sim.cli.main import program


class Refusal(Exception):
    """A command that cannot be carried out; the message says why and what to do. Exit status 2."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, with the way to help."""
        raise Refusal(f"{self.prog}: {message}. See {self.prog} --help")


def parser(verb: str, about: str, examples: dict[str, str]) -> argparse.ArgumentParser:
    """A parser for one verb.

    Args:
        verb: the word on the command line.
        about: what it does, one or two sentences.
        examples: arguments -> what that does.
    """
    lines = [(f"{program()} {verb} {words}".rstrip(), meaning) for words, meaning in examples.items()]
    width = max(len(line) for line, _ in lines) + 2
    if width + max(len(meaning) for _, meaning in lines) > 76:
        epilog = "\n".join(f"  {line}\n      {meaning}" for line, meaning in lines)
    else:
        epilog = "\n".join(f"  {line:<{width}}{meaning}" for line, meaning in lines)
    return _Parser(
        prog=f"{program()} {verb}",
        description=textwrap.fill(about, 78),
        epilog=f"examples:\n{epilog}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_json(to: argparse.ArgumentParser) -> None:
    """The option `--json`."""
    to.add_argument("--json", action="store_true", help="one JSON object on stdout, for programs")


def add_scenario_dir(to: argparse.ArgumentParser) -> None:
    """The option `--scenario-dir`."""
    to.add_argument("--scenario-dir", metavar="DIR", help="a folder with scenarios of your own, beside the built-in ones")


def add_allow_code(to: argparse.ArgumentParser) -> None:
    """The option `--allow-code`."""
    to.add_argument(
        "--allow-code", action="store_true", help="let a behaviour run that the folder names, if its file is unchanged"
    )


def add_selection(to: argparse.ArgumentParser) -> None:
    """The option `--states`, read by :func:`words_of`: which states of a world."""
    to.add_argument(
        "--states",
        action="append",
        default=[],
        metavar="WORDS",
        help="FIN, all, majors, region:nordic, members:NATO, neighbours:RUS, -TJK, added and taken away in order",
    )


def words_of(*given: str) -> list[str]:
    """The words of a selection, from texts that may hold several with commas."""
    return [word.strip() for text in given for word in text.split(",") if word.strip()]


NO_SERIES = (
    "no data folder: give --data DIR or set SIM_DATA to a folder with mid/, icews/, unga/, atop/, nmc/ and so on "
    "(public data that do not ship with the program)"
)
"""What a verb that reads all public series says where it is told of none."""


def within(option: str, value: int, ends: tuple[int, int]) -> None:
    """Refuse a number that is outside its ends.

    Raises:
        Refusal: it is; the message says which are allowed.
    """
    if not ends[0] <= value <= ends[1]:
        raise Refusal(f"{option} {value}: from {ends[0]} to {ends[1]} are allowed")


def file_to_write(option: str, named: str | None) -> None:
    """Refuse a file for which there is no folder, before anything is worked out.

    Raises:
        Refusal: there is none.
    """
    if named and not Path(named).absolute().parent.is_dir():
        raise Refusal(f"{option} {named}: there is no folder {Path(named).parent}; make it first")


def data_folder(named: str | None, missing: str) -> Path:
    """The folder of public data that `--data` names, else `SIM_DATA`.

    Args:
        named: what the user wrote.
        missing: what to say where neither names one.

    Raises:
        Refusal: neither does, or there is no such folder.
    """
    named = named or os.environ.get("SIM_DATA")
    if not named:
        raise Refusal(missing)
    data = Path(named).expanduser()
    if not data.is_dir():
        said = "--data names a folder of public data, with atop/, unga/, nmc/ and so on"
        raise Refusal(f"there is no folder {named}; {said}: {program()} data DIR")
    return data


def add_workers(to: argparse.ArgumentParser) -> None:
    """The option `--workers`; :func:`parse` checks it."""
    to.add_argument("--workers", type=int, metavar="N", help="processes; default: all cores")


def parse(to: argparse.ArgumentParser, argv: list[str]) -> argparse.Namespace | None:
    """The arguments, or None when help was asked for and given."""
    try:
        args = to.parse_args(argv)
    except SystemExit:  # argparse leaves this way after --help
        return None
    workers = getattr(args, "workers", None)
    if workers is not None and workers < 1:
        raise Refusal(f"--workers {workers} is not allowed; give 1 or more")
    return args


def print_json(value: Any) -> None:
    """One JSON object on stdout; in ASCII where the stream has no other characters."""
    from sim.visible import visible_json

    text = visible_json(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False))
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=1, allow_nan=False)
    sys.stdout.write(f"{text}\n")
