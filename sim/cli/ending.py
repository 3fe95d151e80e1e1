"""How a command ends: for whatever went wrong one message on stderr and an exit status.

0 done; 1 a check found a difference; 2 a mistake in the command or in a file; 3 some runs of a sweep failed; 70 a fault of
ours; 71 the machine has too little memory or too few processes; 74 a file or the output cannot be read or written; 129,
130, 143 stopped by a signal. `docs/reliability.md` has the table.
"""

from __future__ import annotations

import errno
import os
import re
import sys

from sim.cli import stopping, streams

MISTAKE, FAULT, MACHINE, FILES = 2, 70, 71, 74
DEBUG = "SIM_DEBUG"
LESS = "use fewer replicates, fewer processes (workers=1), or save=measures"
ADVICE = {
    errno.EACCES: "change its rights, or choose another place",
    errno.EPERM: "change its rights, or choose another place",
    errno.EROFS: "choose another place",
    errno.ENOSPC: "make room, then give the same command again",
    errno.EDQUOT: "make room, then give the same command again",
    errno.EMFILE: "allow more of them: ulimit -n 4096",
}


def end(error: BaseException) -> int:
    """Say what ended a command; gives the exit status."""
    if (stopped := stopping.status()) is not None or isinstance(error, KeyboardInterrupt):
        say("\nstopped; nothing half-written was left behind")
        return stopped or 130
    if isinstance(error, BrokenPipeError):  # the reader went away (`| head`): that is its right
        streams.give_up()
        return 0
    if isinstance(error, SystemExit):
        if isinstance(error.code, str):
            say(error.code)
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    if isinstance(error, _expected()):
        from sim.visible import visible

        say(visible(error, keep="\n"))
        return MISTAKE
    if os.environ.get("HYDRA_FULL_ERROR") == "1":
        raise error
    if os.environ.get(DEBUG) == "1":
        import traceback

        traceback.print_exception(error)
    sentence, status = _sentence(error)
    say(f"sim: {sentence}")
    return status


def say(text: str) -> None:
    """A message on stderr."""
    print(text, file=sys.stderr, flush=True)


def not_text(words: list[str]) -> str | None:
    """What is wrong with words of a command line that are not text in this terminal's character set."""
    for number, word in enumerate(words, 1):
        if _lone_bytes(word):
            return f"argument {number}, {_shown(word)}, is not text in the character set {_charset()}"
    return None


def no_folder() -> str | None:
    """Why there is no working folder."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return "the working folder is gone: it was deleted or moved; change to one that is there (cd), then try again"
    except OSError as error:
        return f"the working folder cannot be read: {error.strerror}; change to another one (cd), then try again"
    return None


def _expected() -> tuple[type[BaseException], ...]:
    """Errors whose message is meant for the user; only modules that are loaded can have raised one."""
    homes = (
        ("sim.cli.arguments", "Refusal"),
        ("sim.scenario.problems", "ScenarioError"),
        ("sim.results.manifest", "ResultsError"),
        ("sim.plots", "PictureError"),
        ("sim.questions.compare.pairing", "CannotPair"),
        ("sim.agents.behaviours", "BehaviourError"),
    )
    found = (getattr(sys.modules.get(module), name, None) for module, name in homes)
    return tuple(error for error in found if error is not None)


def _sentence(error: BaseException) -> tuple[str, int]:
    """An error that nobody expected, in a sentence, and the exit status."""
    if isinstance(error, MemoryError):
        return f"there is not enough memory{_after(error)}; {LESS}", MACHINE
    if type(error).__name__ == "WorkerDied":
        return f"a worker process was killed, most likely because memory ran out; {LESS}", MACHINE
    if isinstance(error, RecursionError):
        return f"something here is nested too deeply to be read; make it flatter ({DEBUG}=1 shows where)", MISTAKE
    if isinstance(error, UnicodeEncodeError) and _lone_bytes(error.object):
        name = re.search(r'[^"\n]*\Z', error.object[: error.start])[0] + re.match(r'[^"\n]*', error.object[error.start :])[0]
        return f"{_shown(name)} cannot be written as text: it is not in the character set {_charset()}", MISTAKE
    if isinstance(error, OSError):
        return _of_system(error)
    return (f"internal error: {type(error).__name__}{_after(error)}; {DEBUG}=1 shows where, please report it"), FAULT


def _of_system(error: OSError) -> tuple[str, int]:
    if isinstance(error, streams.CannotPrint):
        streams.give_up()
        return f"cannot write to standard output: {error.strerror}", FILES
    if error.errno in (errno.EAGAIN, errno.ENOMEM):
        return f"the system has no memory or process left ({error.strerror}); {LESS}", MACHINE
    what = error.strerror or _one_line(str(error)) or type(error).__name__
    where = f"{_one_line(_shown(error.filename))}: " if error.filename is not None else ""
    advice = f"; {ADVICE[error.errno]}" if error.errno in ADVICE else f"; {DEBUG}=1 shows where"
    return where + what + advice, FILES


def _after(error: BaseException) -> str:
    text = _one_line(str(error))
    return f": {text}" if text else ""


def _one_line(text: str) -> str:
    from sim.cli.terminal import clean

    text = clean(text)
    return text if len(text) <= 300 else f"{text[:300]}..."


def _lone_bytes(text: str) -> bool:
    """Whether there are bytes in a text that are no characters."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _shown(name: object) -> str:
    """A name with the bytes that are no characters as \\x..."""
    if isinstance(name, str) and _lone_bytes(name):
        name = name.encode("utf-8", "surrogateescape")
    return name.decode("ascii", "backslashreplace") if isinstance(name, bytes) else str(name)


def _charset() -> str:
    name = sys.getfilesystemencoding()
    if name.lower().replace("-", "") == "utf8":
        return "UTF-8; use another name"
    return f"{name}; set one that has it, such as LC_ALL=C.UTF-8"
