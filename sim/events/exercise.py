"""Exercise: joint exercises of the members of an organisation, or of some states."""

from sim.events.event_type import PARTIES, EventType, Field, states

TYPE = EventType(
    meaning="joint exercises raise trust among their participants",
    fields={
        "size": Field(
            "number", "0 or more; 1 is a large one", low=0, high=10, above=True, about="1 is a large yearly exercise"
        ),
        "organisation": Field("organisation", "its members of that month", optional=True),
        "parties": states(f"in place of organisation: {PARTIES}", least=2, optional=True),
    },
    exactly_one=("organisation", "parties"),
    sentence={
        "organisation": "A joint exercise of size {size} is held by the members of {organisation}",
        "parties": "A joint exercise of size {size} is held {who}",
    },
    imposed=True,
    amount="size",
    holds="exercise",
    months=1,
    account="exercise",
    rank=11,
)
