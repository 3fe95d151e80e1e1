"""The engine as a Mesa model, its agents the states and the non-state actors; the only folder that imports mesa.

One model carries all replicates of a chunk at once; an agent is a thin view of its row of the arrays, so
``model.state("IND").trust["PAK"]`` is an array over replicates.
"""

from sim.model.agents import ActorAgent, StateAgent
from sim.model.world_model import WorldModel, monthly_means

__all__ = ["ActorAgent", "StateAgent", "WorldModel", "monthly_means"]
