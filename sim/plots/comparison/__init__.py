"""Pictures of a comparison: found by name like those of a run, see `sim.plots`."""
