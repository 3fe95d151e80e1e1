"""Clamp: a quantity is held at a value, whatever the mechanisms make of it."""

from sim.events.event_type import MONTH_UNTIL, EventType, Field, Quantity
from sim.events.target import DIRECTED, DYADS
from sim.world import COOPERATE, TIE_LEVELS

TYPE = EventType(
    meaning="a quantity is held at a value",
    fields={"variable": Field("variable", "what"), "value": Field("amount", "at what"), "until": MONTH_UNTIL},
    variables={
        "trust": Quantity(-0.99, 0.99, DIRECTED),
        "conflict": Quantity(0, 1, DYADS),
        "tie": Quantity(0, 2, DYADS, words=TIE_LEVELS),
        "affinity": Quantity(-5, 5, ("states",)),
        "strength": Quantity(0, 1e6, ("actor",)),
        "action": Quantity(-1, 1, DIRECTED, words={"cooperate": COOPERATE, "neutral": 0, "confront": -COOPERATE}),
    },
    sentence="{Variable} {who} is held at {value}",
    imposed=True,
    amount="value",
    rank=9,
)
