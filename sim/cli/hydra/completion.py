"""Completion with TAB for `sim run`: Hydra knows the words, but not that it stands behind a verb."""

from __future__ import annotations

import os
import re
import sys

_SCRIPT = """_sim_run_complete()
{
    local line="${COMP_LINE:0:$COMP_POINT}" word="${COMP_WORDS[$COMP_CWORD]}"
    [ "${COMP_WORDS[1]}" == "run" ] || return
    COMPREPLY=($( compgen -o nospace -W "$(COMP_LINE="$line" sim run -sc query=bash 2> /dev/null)" -- "$word" ))
}
COMP_WORDBREAKS=${COMP_WORDBREAKS//=}
complete -o nospace -o default -F _sim_run_complete sim"""
_VERB = re.compile(r"^\s*(?:\S*python[\d.]*\s+-m\s+)?\S+\s+run\b")


def wanted(argv: list[str]) -> bool:
    """Whether the command line asks about completion."""
    return "-sc" in argv or "--shell-completion" in argv


def answer(argv: list[str], prog: str) -> int | None:
    """Print the script to install or uninstall; None for a query, which Hydra answers."""
    if any(word.startswith("query=") for word in argv):
        # Hydra expects the program, then the words: leave the verb out.
        line = os.environ.get("COMP_LINE", "")
        os.environ["COMP_LINE"] = _VERB.sub("sim", line, count=1)
        return None
    if "install=bash" in argv:
        print(_SCRIPT)
    elif "install=zsh" in argv:
        print("autoload -Uz bashcompinit && bashcompinit")
        print(_SCRIPT)
    elif "uninstall=bash" in argv or "uninstall=zsh" in argv:
        print("complete -r sim; unset -f _sim_run_complete")
    else:
        print(f'write: eval "$({prog} -sc install=bash)"; there is bash and zsh', file=sys.stderr)
        return 2
    return 0
