"""The text of a scenario that begins with a world and nothing else: its months, its mechanisms and two sides."""

from __future__ import annotations

import json

from sim import scenario
from sim.calendar import format_month
from sim.scenario.problems import fail
from sim.scenario.rules import FIRST, LATEST
from sim.scenario.worlds import StartingWorld, more
from sim.worlds.description import allies
from sim.worlds.files import HERE

MONTHS = 60
WEST = "USA"
"""Stands second, as in the built-in scenarios, so that a state has the same colour in the pictures of both."""


def sides(world: StartingWorld) -> tuple[str, str]:
    """The two most powerful states that are not allied with each other; without such, the two most powerful.

    Raises:
        ScenarioError: the world has fewer than two states.
    """
    states = sorted(world.tables.states, key=lambda row: (-row["capability"], row["code"]))
    if len(states) < 2:
        raise fail(HERE, f"{world.name} has {len(states)} states; a scenario needs two or more")
    first = states[0]["code"]
    near = allies(world).get(first, [])
    other = next((row["code"] for row in states[1:] if row["code"] not in near), states[1]["code"])
    return (other, first) if first == WEST else (first, other)


def text(name: str, world: StartingWorld, words: list[str], run: str) -> str:
    """The scenario, commented; `words` select states and may be empty, `run` is how the program is called."""
    schedule = [one for one in scenario.read("baseline").schedule if one != "insurgency" or world.tables.actors]
    one, other = sides(world)
    states = f"\nstates: [{', '.join(words)}]" if words else ""
    first, last = (format_month(month) for month in (world.date, world.date + MONTHS - 1))
    later = format_month(world.date + MONTHS // 2)
    told = f'\nrules: "{LATEST}"  # of the model; without this line, those of {FIRST}' if more(world, "grounds", []) else ""
    title = name.replace("_", " ").replace("-", " ").capitalize()
    return f"""# {name}: from the world {world.name} as it stands; nothing happens yet.
#
#   {run} check ./{name}.yaml              every mistake, with line and column
#   {run} run scenario=./{name}.yaml       simulate it
#   {run} world show {world.name}                 what the world holds
#
# Lines that begin with #| are examples: take the two characters and the space away and they hold.

title: {json.dumps(title, ensure_ascii=False)}
question: "Where do trust, cooperation and the two sides go if nothing happens?"  # every output shows it

world: {world.name}{states}{told}
start: "{first}"  # the month of the world
end: "{last}"  # the last month simulated

# One month of the model, in this order.
schedule: [{", ".join(schedule)}]

# The states that fix the two sides, by what you call them. Chosen here: the two most powerful that are not allied.
cores: {{first: [{one}], second: [{other}]}}

watch: [{one}-{other}]  # pairs that pictures and summaries show by themselves

#| events:  # what there is: {run} list events
#|   my_agreement:
#|     type: agreement
#|     title: An agreement of mine
#|     on: "{later}"
#|     parties: [{one}, {other}]
#|     depth: 0.3
#|     source: my_source
#|     basis: A  # P published, D estimated from data, R read from a dataset, A assumed, M from memory
#| sources:
#|   my_source: "Author, title, place, date. https://example.org/page"
"""
