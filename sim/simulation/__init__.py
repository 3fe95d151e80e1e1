"""Scenario to trajectory: the loop over months that records, the replicates in chunks, as many as are needed."""
