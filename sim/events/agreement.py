"""Agreement: a dated programme, such as a road map."""

from sim.events.event_type import MONTH_UNTIL, PARTIES_FIELD, EventType, Field

TYPE = EventType(
    meaning="a dated programme, such as a road map, deepens what its parties share",
    fields={
        "parties": PARTIES_FIELD,
        "depth": Field("number", "0 to 1", low=0, high=1, about="0 nothing to 1 as deep as can be"),
        "until": MONTH_UNTIL,
    },
    sentence="An agreement of depth {depth} {who} comes into force",
    amount="depth",
    holds="agreement",
    rank=4,
)
