"""War: a crisis every month between two sides while it goes on, so that trust does not heal meanwhile.

Equations: ODD E63 (docs/odd.md).
"""

from sim.events.event_type import EventType, Field, states

TYPE = EventType(
    meaning="a war: a militarised crisis every month between its two sides, as long as it goes on",
    fields={
        "attacker": states("list of states"),
        "defender": states("list of states"),
        "severity": Field(
            "course",
            "0 or more; 1 ordinary, 2 grave; or a list by month of the war, [4, 3, 2], of which the last lasts",
            low=0,
            high=10,
            above=True,
            about="1 a stand-off, 2 with many dead",
        ),
        "until": Field("month", "first month without it (optional: to the end of the run)", optional=True),
    },
    opposed=("attacker", "defender"),
    sentence="A war of {attacker} against {defender} goes on, of severity {severity}",
    endless=" to the end of the run",
    imposed=True,
    amount="severity",
    holds="imposed_crisis",
    gravest=True,
    account="crisis",
    rank=6,
)
