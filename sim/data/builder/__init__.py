"""Any world from the public data: every state that there was, at the start of any month from 1950 to January 2025.

``build_world(data, "1985-01", ["majors", "neighbours:RUS"], "cold_war")`` gives the files of a world that the reader of
scenarios takes (:mod:`sim.scenario.worlds`); the same data give the same bytes. Nothing that is dated after the first day
of the start enters; what the data do not have for a state is carried forward with its year, or imputed and marked.
"""

from sim.data.builder.world import FIRST, LAST, build_world

__all__ = ["FIRST", "LAST", "build_world"]
