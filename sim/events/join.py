"""Join: states become members of an organisation."""

from sim.events.event_type import ORGANISATION, EventType, states

TYPE = EventType(
    meaning="states become members of an organisation",
    fields={"organisation": ORGANISATION, "states": states("list of states")},
    sentence="{states} {states:joins|join} {organisation}",
    momentary=True,
    puts="membership",
    level=1.0,
    rank=0,
)
