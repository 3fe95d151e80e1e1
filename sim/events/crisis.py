"""Crisis: a militarised crisis happens."""

from sim.events.event_type import PARTIES_FIELD, EventType, Field

TYPE = EventType(
    meaning="a militarised crisis happens",
    fields={
        "parties": PARTIES_FIELD,
        "severity": Field(
            "number", "0 or more; 1 ordinary, 2 grave", low=0, high=10, above=True, about="1 a stand-off, 2 with many dead"
        ),
        "months": Field("number", "how many months it lasts (optional: 1)", True, low=1, high=120, whole=True),
    },
    sentence="A crisis of severity {severity} breaks out {who}[ for {months} months]",
    imposed=True,
    amount="severity",
    holds="imposed_crisis",
    gravest=True,
    months=1,
    account="crisis",
    rank=8,
)
