"""How to get the same numbers again: the command, the digest, and what it was made with."""

from __future__ import annotations

from typing import Any

from sim.results import Run

LEFT_OUT = ("results=", "plots=", "report=", "force=", "workers=", "pool=")
"""Words of a command line that change no number."""


def recipe(run: Run) -> dict[str, Any]:
    """Command, digests, versions and machine of one run."""
    about = run.manifest
    words = [word for word in about.get("overrides") or () if not word.startswith(LEFT_OUT)]
    if not any(word.startswith("scenario=") for word in words):
        words.insert(0, f"scenario={about['scenario']}")
    given = {word.partition("=")[0] for word in words}
    words += [f"{key}={about[key]}" for key in ("seed", "replicates") if key not in given and not about.get("stopped")]
    packages = ", ".join(f"{name} {version}" for name, version in (about.get("packages") or {}).items())
    machine = about.get("machine") or {}
    return {
        "command": "python -m sim run " + " ".join(_quoted(word) for word in words),
        "rows": [
            ("Scenario", about["scenario"]),
            ("Digest of the run", about["digest"]),
            ("Digest of the code", about.get("code", "")),
            ("Entente", about.get("entente", "")),
            ("Python", about.get("python", "")),
            ("Packages", packages),
            ("Machine", " ".join(filter(None, (machine.get("system"), machine.get("processor"))))),
            ("Seed, replicates, numbers", f"{about['seed']}, {about['replicates']:,}, {about.get('dtype', 'float64')}"),
            ("Finished", about["finished"]),
        ],
    }


def _quoted(word: str) -> str:
    plain = all(c.isalnum() or c in "=._-/:,+" for c in word)
    return word if plain else "'" + word.replace("'", "'\\''") + "'"
