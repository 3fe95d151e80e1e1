"""Pictures of a run: found by name, see `sim.plots`."""
