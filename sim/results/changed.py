"""What of a run was changed against its scenario's file, as its manifest tells: words, behaviours, a fork."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sim.visible import visible

STORY = re.compile(r"[~+]*(?:scenario\.|parameters\.)")
OF_THE_RUN = re.compile(r"[~+]*(?:start=|end=|uncertainty=)")


def story_changes(manifest: Mapping[str, Any]) -> list[str]:
    """The words that changed the story (events, parameters, who acts by another rule), as a command line has them."""
    given = manifest.get("overrides") or ()
    words = [word for word in given if isinstance(word, str) and STORY.match(word)]
    behaviours = manifest.get("behaviours") or {}
    return words + [f"behaviour.{code}={about['file']}:{about['class']}" for code, about in behaviours.items()]


def changes_of(manifest: Mapping[str, Any]) -> list[str]:
    """All that makes a run another than its scenario's file describes: its story, its months, what it was forked from."""
    months = [word for word in manifest.get("overrides") or () if isinstance(word, str) and OF_THE_RUN.match(word)]
    forked = manifest.get("forked") or {}
    branch = [f"forked from {forked.get('scenario')} in {forked.get('at')}"] if forked else []
    return [*story_changes(manifest), *months, *branch]


def short(word: str) -> str:
    """A word without what goes without saying: `trust.gain=.003`, `events.us_withdrawal.on=2020-01`."""
    return visible(re.sub(r"^([~+]*)(?:scenario|parameters)\.", r"\1", word))
