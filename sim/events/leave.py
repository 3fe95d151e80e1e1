"""Leave: states leave an organisation."""

from sim.events.event_type import ORGANISATION, EventType, states

TYPE = EventType(
    meaning="states leave an organisation",
    fields={"organisation": ORGANISATION, "states": states("list of states")},
    sentence="{states} {states:leaves|leave} {organisation}",
    momentary=True,
    puts="membership",
    level=0.0,
    rank=1,
)
