"""A first model: all replicates of a scenario in one mesa.Model, in a few seconds.

Run it with: python examples/first_model.py
"""

from __future__ import annotations

import mesa
import numpy as np

import sim


def main() -> None:
    """Simulate until January 2018 and look at India, at the East, and at the SCO."""
    model = sim.WorldModel("sco_expansion", replicates=50)
    collector = mesa.DataCollector(
        model_reporters={"month": "date", "SCO": lambda m: float(np.median(m.measure("cooperation", "SCO")))}
    )
    while model.date < "2018-01":
        collector.collect(model)
        model.step()

    print(model.state("IND").trust["PAK"])  # an array over replicates
    print("median:", round(float(np.median(model.state("IND").trust["PAK"])), 2))

    # Mesa's AgentSet: the states that stand in the East in more than half of the replicates.
    east = model.agents.select(lambda a: isinstance(a, sim.StateAgent) and np.mean(a.bloc == 1) > 0.5)
    print(east.get("code"))

    # Mesa's DataCollector: a row a month.
    print(collector.get_model_vars_dataframe().tail())


if __name__ == "__main__":
    main()
