"""Tie: a bilateral commitment is made or dropped."""

from sim.events.event_type import EventType, Field
from sim.events.target import DYADS
from sim.world import TIE_LEVELS

TYPE = EventType(
    meaning="a tie is made or dropped",
    fields={"level": Field("word", "none, consultation or defence", words=TIE_LEVELS)},
    who=DYADS,
    sentence="The tie {who} {level}",
    said={"level": {"none": "ends", "consultation": "becomes a promise to consult", "defence": "becomes a defence pact"}},
    momentary=True,
    amount="level",
    puts="tie",
    rank=7,
)
