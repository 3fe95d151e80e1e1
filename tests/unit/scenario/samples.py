"""Random scenarios on the small world of four states: sound ones, and those in which one thing is wrong, by its kind."""

from __future__ import annotations

import copy
import random

from sim.mechanisms import all_parameters, names

STATES, MEMBERS = ("CHN", "IND", "RUS", "USA"), ("CHN", "RUS")
MEASURES = (
    "polarisation",
    "cooperation:SCO",
    "trust:CHN>IND",
    "bloc_size:none",
    "strength:ISK",
    "threat:USA",
    "alignment:RUS",
)
SENTENCES = ("It is small.", "Assumed: nobody knows.", "Émigrés, 50 % of them", "a: b, c")
MODES = {f"{m}.{i.name}" for m, infos in all_parameters().items() for i in infos if i.choices or isinstance(i.default, bool)}


def month(rng, first=2015, last=2016):
    text = f"{rng.randint(first, last)}-{rng.randint(1, 12):02d}"
    return text + (f"-{rng.randint(1, 28):02d}" if rng.random() < 0.4 else "")


def number(rng, low, high, *, certain=False, uncertain=False):
    """A number strictly within bounds, in one of the ways to write it."""
    a, b, c = sorted(round(rng.uniform(low, high), 6) for _ in range(3))
    if certain or rng.random() < 0.6 or not a < b < c:
        return b
    forms = [{"value": b, "source": "own", "basis": "A"}, {"value": b}, {"uniform": [a, c]}, {"triangular": [a, b, c]}]
    return rng.choice([*forms, {"choice": [a, c]}, {"uniform": [a, c], "source": "own"}, {"value": {"uniform": [a, c]}}])


def some(rng, least=1, of=STATES):
    return rng.sample(of, rng.randint(least, len(of)))


def sides(rng):
    mixed = rng.sample(STATES, len(STATES))
    cut = rng.randint(1, 3)
    return mixed[:cut], mixed[cut : rng.randint(cut + 1, 4)]


def condition(rng, depth=0):
    if depth < 3 and rng.random() < 0.3:
        found = {rng.choice(["all", "any"]): [condition(rng, depth + 1) for _ in range(rng.randint(2, 3))]}
    else:
        found = {"measure": rng.choice(MEASURES), rng.choice(["below", "above"]): number(rng, -1, 1, certain=True)}
    if not depth and rng.random() < 0.5:
        found["months"] = rng.randint(1, 12)
    if rng.random() < 0.3:
        found["after"] = f"2015-{rng.randint(1, 12):02d}"
    if rng.random() < 0.3:
        found["until"] = f"2016-{rng.randint(1, 12):02d}"
    return found


def time(rng, dated=False):
    kind = "on" if dated else rng.choice(["on", "on", "on", "when", "hazard"])
    if kind == "when":
        return {"when": condition(rng)}
    return {"on": month(rng)} if kind == "on" else {"hazard": number(rng, 0.01, 1)}


def until(rng):
    return {"until": "2017-02"} if rng.random() < 0.5 else {}


def whom(rng, *ways):
    way = rng.choice(ways)
    if way == "parties":
        return {"parties": some(rng, 2)}
    if way == "between":
        return {"between": list(sides(rng))}
    if way == "from":
        return dict(zip(("from", "to"), sides(rng)))
    return {"states": {"states": some(rng)}, "actor": {"actor": "ISK"}, "organisation": {"organisation": "SCO"}}[way]


DIRECTED, DYADS = ("parties", "between", "from"), ("parties", "between")


def event(rng, kind):
    """An event of a type without what all of them have."""
    if kind == "join":
        return {"organisation": "SCO", "states": ["USA"]}
    if kind == "leave":
        return {"organisation": "SCO", "states": ["RUS"]}
    if kind == "intervention":
        effort = {"USA": number(rng, 0, 2), "RUS": 0.1} if rng.random() < 0.4 else number(rng, 0, 9)
        return {"actor": "ISK", "effort": effort, **until(rng)}
    if kind == "shock":
        variable, bound, ways = rng.choice(
            [("trust", 2, DIRECTED), ("conflict", 1, DYADS), ("affinity", 10, ("states",)), ("strength", 1e6, ("actor",))]
        )
        more = {"lasting": number(rng, 0, 1)} if variable == "trust" and rng.random() < 0.5 else {}
        return {"variable": variable, "add": number(rng, -bound, bound), **whom(rng, *ways), **more}
    if kind == "agreement":
        return {"parties": some(rng, 2), "depth": number(rng, 0, 1), **until(rng)}
    if kind == "rivalry":
        return {"parties": ["IND", "USA"], "change": "begin"}
    if kind == "tie":
        return {**whom(rng, *DYADS), "level": rng.choice(["none", "consultation", "defence"])}
    if kind == "war":
        one, other = sides(rng)
        severity = [number(rng, 0.1, 10) for _ in range(rng.randint(1, 4))] if rng.random() < 0.5 else number(rng, 0.1, 10)
        return {"attacker": one, "defender": other, "severity": severity, **until(rng)}
    if kind == "crisis":
        more = {"months": rng.randint(1, 120)} if rng.random() < 0.5 else {}
        return {"parties": some(rng, 2), "severity": number(rng, 0.1, 10), **more}
    if kind == "exercise":
        return {**whom(rng, "parties", "organisation"), "size": number(rng, 0.1, 10)}
    if kind == "clamp":
        variable, value, ways = rng.choice(
            [
                ("trust", number(rng, -0.9, 0.9), DIRECTED),
                ("tie", rng.choice(["none", "defence"]), DYADS),
                ("action", rng.choice(["cooperate", "neutral", "confront"]), DIRECTED),
                ("strength", number(rng, 0, 1e6), ("actor",)),
            ]
        )
        return {"variable": variable, "value": value, **whom(rng, *ways), **until(rng)}
    if rng.random() < 0.4:
        name, value = rng.choice(
            [("trust.loss", number(rng, 0.01, 0.05)), ("ties.mode", "off"), ("insurgency.growth", number(rng, 0, 0.5))]
        )
        return {"parameter": name, "value": value, **until(rng)}
    variable, low, high, ways = rng.choice(
        [("capability", 0.01, 1, ("states",)), ("depth", 0, 1, ("organisation",)), ("effort", 0, 10, ("actor",)),
         ("conflict", 0, 1, DYADS), ("anchor", -1, 1, DIRECTED)]
    )  # fmt: skip
    return {"variable": variable, "value": number(rng, low, high), **whom(rng, *ways)}


KINDS = (
    "join",
    "leave",
    "intervention",
    "shock",
    "agreement",
    "rivalry",
    "tie",
    "war",
    "crisis",
    "exercise",
    "clamp",
    "set",
)


def sound(rng: random.Random) -> dict:
    """A scenario that the reader takes."""
    story = {
        "title": rng.choice(SENTENCES),
        "question": "Does the reader take it?",
        "world": "small",
        "start": "2015-01",
        "end": month(rng, 2017, 2018),
        "schedule": rng.sample(names(), rng.randint(1, len(names()))),
        "cores": rng.choice(
            [
                {"east": ["CHN", "RUS"], "west": ["USA"]},
                {"east": ["CHN"], "west": ["IND", "USA"]},
                {"allies": ["USA"], "axis": ["RUS", "CHN"]},
            ]
        ),
        "sources": {"own": "Reference, 2020", "other": "https://example.org/a"},
    }
    events = {}
    for kind in rng.sample(KINDS, rng.randint(1, 6)):
        new = {"type": kind, **event(rng, kind)}
        new |= time(rng, dated=new.get("parameter") in MODES)
        if rng.random() < 0.5:
            new |= {
                "title": rng.choice(SENTENCES),
                "source": rng.choice(["own", ["own", "other"]]),
                "basis": rng.choice("PDRAM"),
            }
        if rng.random() < 0.2:
            new["note"] = rng.choice(SENTENCES)
        events[rng.choice(["first", "The-second", "x_3"]) + f"_{kind}"] = new
    story["events"] = events
    extra = {
        "description": rng.choice(SENTENCES),
        "sets": {"big": some(rng, 2)},
        "watch": rng.sample(["CHN-RUS", "IND-CHN", "USA-RUS"], rng.randint(0, 3)),
        "limits": [rng.choice(SENTENCES)],
        "baseline": "baseline",
        "states": {"IND": {"capability": number(rng, 0.01, 1), "affinity": number(rng, -5, 5)}},
        "organisations": {
            "SCO": {"depth": number(rng, 0, 1), "commitment": rng.choice(["none", "consultation", "defence"])}
        },
        "actors": {"ISK": {"strength": number(rng, 0, 9000), "bias": {"RUS": number(rng, 0, 50)}, "reach": {"IND": 1}}},
        "estimates": [{"actor": "ISK", "date": month(rng), "low": 10, "high": 2000, "observer": "UN", "source": "book"}],
        "parameters": {
            "trust": {"gain": number(rng, 0.001, 0.01)},
            "ties": {"mode": rng.choice(["off", "hazard", "one_alter"]), "consent": rng.random() < 0.5},
        },
    }
    return story | {name: value for name, value in extra.items() if rng.random() < 0.35}


# -- one thing wrong --------------------------------------------------------------------------------------------------

NAMED = {(), ("events",), ("sources",), ("sets",)}
"""Mappings whose keys are names that the author chooses, and so cannot be misspelt."""


def places(value, path=()):
    """Every place of a story with its value, from the root down."""
    yield path, value
    if isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, key))


def inside(story, path):
    for key in path:
        story = story[key]
    return story


def _key(rng, story):
    found = [
        (path, key)
        for path, value in places(story)
        if isinstance(value, dict) and (path == () or path not in NAMED)
        for key in value
    ]
    path, key = rng.choice(found)
    where = inside(story, path)
    k = rng.randrange(len(key))
    slip = rng.choice(
        [key[:k] + key[k + 1 :], key[:k] + key[k] + key[k:], key[:k] + key[k:][1:2] + key[k : k + 1] + key[k + 2 :]]
    )
    if not slip or slip in where:
        return None
    where[slip] = where.pop(key)
    return story


def _type(rng, story):
    path, value = rng.choice([(p, v) for p, v in places(story) if p and p[0] != "sources"])
    other = [7, "word", True, ["word"], {"word": 1}, None]
    inside(story, path[:-1])[path[-1]] = rng.choice([o for o in other if type(o) is not type(value)])
    return story


def _bounds(rng, story):
    numbers = [p for p, v in places(story) if isinstance(v, (int, float)) and not isinstance(v, bool) and "when" not in p]
    if not numbers:
        return None
    path = rng.choice(numbers)
    inside(story, path[:-1])[path[-1]] = rng.choice([-1, 1]) * 10 ** rng.randint(8, 12)
    return story


def _state(rng, story):
    found = [p for p, v in places(story) if v in STATES and isinstance(v, str)]
    path = rng.choice(found)
    code = inside(story, path)
    inside(story, path[:-1])[path[-1]] = rng.choice(["NOR", "XYZ", code.lower(), code[:2], code + "X", "China", False])
    return story


def _date(rng, story):
    found = [p for p, v in places(story) if p and p[-1] in ("on", "until", "after", "start", "end", "date")]
    path = rng.choice(found)
    wrong = ["2015", 2016, "2015-13", "2015-00", "2016-02-30", "2015-02-29", "15-06", "June 2016", "2015/06", "2015-6", ""]
    inside(story, path[:-1])[path[-1]] = rng.choice(wrong)
    return story


def _missing(rng, story):
    path = rng.choice([(), *(("events", key) for key in story["events"])])
    where = inside(story, path)
    del where[rng.choice(list(where))]
    return story


def _both(rng, story):
    key = rng.choice(list(story["events"]))
    where = story["events"][key]
    more = {"on": "2016-01", "hazard": 0.1, "when": {"measure": "polarisation", "above": 1}, "parties": ["CHN", "RUS"],
            "between": [["CHN"], ["RUS"]], "states": ["IND"], "organisation": "SCO", "actor": "ISK", "to": ["CHN"],
            "parameter": "trust.gain", "variable": "conflict", "below": 1}  # fmt: skip
    name = rng.choice([name for name in more if name not in where])
    if "when" in where and "measure" in where["when"] and rng.random() < 0.3:
        where["when"] |= {"below": 0.1, "above": 0.2}
    else:
        where[name] = more[name]
    return story


def _neither(rng, story):
    found = []
    for key, value in story["events"].items():
        found += [
            (("events", key), name)
            for name in ("on", "hazard", "when", "parties", "between", "from", "to", "states")
            if name in value
        ]
        if "when" in value:
            found += [(("events", key, "when"), name) for name in value["when"] if name != "months"]
    path, name = rng.choice(found)
    del inside(story, path)[name]
    return story


def _word(rng, story):
    named = (
        "type",
        "variable",
        "level",
        "change",
        "basis",
        "parameter",
        "mode",
        "organisation",
        "actor",
        "commitment",
        "measure",
        "world",
    )
    path = rng.choice([p for p, v in places(story) if p and (p[-1] in named or p[0] == "schedule") and isinstance(v, str)])
    word = inside(story, path)
    inside(story, path[:-1])[path[-1]] = rng.choice([word + "s", word[1:], word.upper() + "_", "something", ""])
    return story


def _twice(rng, story):
    lists = [
        p
        for p, v in places(story)
        if isinstance(v, list) and v and (set(v) <= set(STATES) if all(isinstance(x, str) for x in v) else False)
    ]
    path = rng.choice([*lists, ("schedule",)])
    where = inside(story, path)
    where.append(where[0])
    return story


def _text(rng, story):
    found = [
        p for p, v in places(story) if p and p[-1] in ("title", "note", "question", "description") and isinstance(v, str)
    ]
    path = rng.choice(found)
    inside(story, path[:-1])[path[-1]] = rng.choice(["", "  ", "a ${b}", "x" * 5001, 2016])
    return story


WRONG = {
    "a key is misspelt": _key,
    "another type of value": _type,
    "a number out of bounds": _bounds,
    "a state that is not there": _state,
    "no date": _date,
    "something is missing": _missing,
    "two of which one is right": _both,
    "none of which one is needed": _neither,
    "a word that is not known": _word,
    "one thing twice": _twice,
    "no proper text": _text,
}
"""What may be wrong, and what makes it so: it returns None where it cannot."""


def _source(rng, story):
    path = rng.choice([p for p, v in places(story) if p and p[-1] == "source" and isinstance(v, str)] or [None])
    if path:
        inside(story, path[:-1])[path[-1]] = "nobody"
    return story if path else None


def _order(rng, story):
    if rng.random() < 0.5:
        story["end"] = "2014-12"
        return story
    found = [key for key, value in story["events"].items() if "on" in value and "until" in value]
    if not found:
        return None
    story["events"][rng.choice(found)]["until"] = "2014-06"
    return story


def _story(rng, story):
    key = rng.choice(["join", "leave", "rivalry"])
    story["events"]["again"] = {
        "join": {"type": "join", "organisation": "SCO", "states": ["CHN"], "on": "2015-06"},
        "leave": {"type": "leave", "organisation": "SCO", "states": ["IND"], "on": "2015-06"},
        "rivalry": {"type": "rivalry", "parties": ["CHN", "IND"], "change": "begin", "on": "2015-06"},
    }[key]
    return story


BEYOND = {
    "a source that is not listed": _source,
    "an end before the beginning": _order,
    "a contradiction in the story": _story,
}
"""What only the reader can know."""


def wrong(rng: random.Random, kind: str) -> dict | None:
    """A sound scenario in which one thing of this kind is wrong; None where there was nothing to be spoilt."""
    return {**WRONG, **BEYOND}[kind](rng, copy.deepcopy(sound(rng)))
