"""Spoilt JSON: manifests and plans."""

from __future__ import annotations

import json
import random
from typing import Any

from tests.fuzz.mutate import KEYS, nasty_json, spoil_bytes, spoil_text

WHOLE = [b"[" * 200_000, b'{"a":' * 50_000, b"9" * 5000, b"NaN", b"null", b"[]", b"{}", b'"x"', b"5", b""]


def spoil_json(text: bytes, luck: random.Random, other: bytes) -> bytes:
    """A JSON text (or a line of several) changed in its values, its keys or its bytes."""
    if luck.random() < 0.2:
        return spoil_bytes(text, luck, other)
    if luck.random() < 0.05:
        return luck.choice(WHOLE)
    value = json.loads(text)
    for _ in range(luck.choice([1, 1, 1, 2, 4])):
        value = _spoilt(value, luck)
    return json.dumps(value, indent=1, ensure_ascii=luck.random() < 0.5).encode("utf-8", "surrogatepass")


def _spoilt(tree: Any, luck: random.Random) -> Any:
    """A tree with one part changed."""
    spots = []
    waiting = [tree]
    while waiting:
        here = waiting.pop()
        if isinstance(here, (dict, list)):
            for key in list(here) if isinstance(here, dict) else range(len(here)):
                spots.append((here, key))
                waiting.append(here[key])
    if not spots:
        return nasty_json(luck)
    here, key = luck.choice(spots if luck.random() < 0.5 else spots[: max(1, len(tree))])
    what = luck.randrange(6)
    if what <= 2:
        here[key] = nasty_json(luck)
    elif what == 3:
        del here[key]
    elif what == 4 and isinstance(here, dict):
        here[luck.choice(KEYS) if luck.random() < 0.5 else spoil_text(str(key), luck)] = here.pop(key)
    elif isinstance(here[key], str):
        here[key] = spoil_text(here[key], luck)
    else:
        here[key] = [here[key], here[key]]
    return tree
