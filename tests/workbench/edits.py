"""Random edits of a page, as a hand could make them."""

from __future__ import annotations

import random
from typing import Any

from sim.calendar import format_month, parse_month


def random_edits(data: dict[str, Any], seed: int) -> dict[str, Any]:
    """Some events off, moved and resized, some added, some parameters and numbers of the start changed."""
    luck = random.Random(seed)
    edits: dict[str, Any] = {"events": {}, "added": [], "parameters": {}, "start": {}, "both": True}
    first, stop = data["start"], data["start"] + data["steps"]
    events = data["stories"][0]["events"]
    for event in luck.sample(events, min(5, len(events))):
        if event["type"] in ("join", "leave", "rivalry"):
            continue  # others may hang on it
        edit: dict[str, Any] = {}
        if event["on"] and luck.random() < 0.7:
            on = luck.randrange(first, stop)
            edit["on"] = format_month(on)
            if event["until"]:
                edit["until"] = format_month(on + parse_month(event["until"]) - parse_month(event["on"]))
        if event["months"]:
            edit["months"] = luck.randint(1, 12)
        for number in event["numbers"]:
            low, high = number["low"], min(number["high"], 3 * abs(number["value"] or 1) + 0.1)
            edit[number["field"]] = luck.uniform(max(low, -high), high)
        edits["events"][event["key"]] = {"off": True} if luck.random() < 0.25 else edit
    for about in luck.sample(data["parameters"], 3):
        low, high, now = about["low"], about["high"], about["value"]
        value = luck.uniform(max(low, now / 2 if now > 0 else 2 * now), min(high, 2 * now if now > 0 else now / 2 + 0.1))
        edits["parameters"][about["key"]] = round(value) if about["whole"] else value
    for about in luck.sample(data["begin"]["numbers"], min(3, len(data["begin"]["numbers"]))):
        edits["start"][about["key"]] = luck.uniform(about["low"] + 1e-3, min(about["high"], 3 * abs(about["value"]) + 0.1))
    for slot in luck.sample(range(32), 3):
        edits["added"].append({"slot": slot, "raw": random_event(data, luck), "assumed": luck.random() < 0.3})
    return edits


def random_event(data: dict[str, Any], luck: random.Random) -> dict[str, Any]:
    """An event of any type but those that the story may contradict."""
    first, stop = data["start"], data["start"] + data["steps"]
    on = luck.randrange(first, stop - 2)
    kinds = [name for name in data["types"] if name not in ("join", "leave", "rivalry")]
    one, two, three, four = luck.sample(data["states"], 4)
    until = {"until": format_month(luck.randrange(on + 1, stop + 12))} if luck.random() < 0.5 else {}
    raw: dict[str, Any] = {"type": luck.choice(kinds), "title": 'A "title" <b>: #1', "on": format_month(on)}
    match raw["type"]:
        case "agreement":
            raw |= {"parties": [one, two, three], "depth": luck.random()} | until
        case "crisis":
            raw |= {"parties": [one, two], "severity": 2 * luck.random() + 0.01, "months": luck.randint(1, 6)}
        case "exercise":
            own = {"organisation": luck.choice(data["organisations"])} if data["organisations"] else {"parties": [one, two]}
            raw |= {"size": luck.random() + 0.1} | own
        case "intervention":
            if not data["actors"]:
                return random_event(data, luck)
            raw |= {"actor": luck.choice(data["actors"]), "effort": 2 * luck.random()} | until
        case "set":
            quantities = [("capability", "states", 1), ("affinity", "states", 5), ("anchor", "from", 1)]
            variable, way, high = luck.choice(quantities)
            raw |= {"variable": variable, "value": high * luck.uniform(0.01, 0.9)}
            raw |= {"states": [one]} if way == "states" else {"from": [one], "to": [two, three]}
        case "shock":
            raw |= luck.choice(
                [
                    {"variable": "trust", "between": [[one], [two, three]], "add": luck.uniform(-1, 1), "lasting": 0.5},
                    {"variable": "conflict", "parties": [one, two], "add": luck.uniform(-0.5, 0.5)},
                    {"variable": "affinity", "states": [one, two], "add": luck.uniform(-1, 1)},
                ]
            )
        case "tie":
            raw |= {"parties": [one, two], "level": luck.choice(["none", "consultation", "defence"])}
        case "clamp":
            raw |= luck.choice(
                [
                    {"variable": "trust", "from": [one], "to": [two], "value": luck.uniform(-0.9, 0.9)},
                    {"variable": "action", "parties": [one, two], "value": luck.choice(["cooperate", "neutral"])},
                ]
            )
            raw |= until
        case "war":
            severity = [2.0, 1.5, 1] if luck.random() < 0.5 else 1.5
            raw |= {"attacker": [one], "defender": [two], "supporters": [three], "severity": severity} | until
    if luck.random() < 0.25 and "until" not in raw:
        del raw["on"]
        raw |= luck.choice([{"hazard": 0.02}, {"when": {"measure": f"alignment:{four}", "above": -0.2, "months": 2}}])
    return raw
