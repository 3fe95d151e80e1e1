"""The engine as a Mesa model, its agents the states and the non-state actors; the only folder that imports mesa.

One model carries all replicates of a chunk at once; an agent is a thin view of its row of the arrays, so
``model.state("IND").trust["PAK"]`` is an array over replicates.
"""

from sim.lazy import on_first_use

_HOME = {"ActorAgent": "agent", "StateAgent": "agent", "WorldModel": "world_model", "monthly_means": "world_model"}

__all__ = list(_HOME)

__getattr__ = on_first_use(__name__, _HOME)  # behaviours are looked up without Mesa
