"""The time axis, and what stands on it: panels, fans, marks of events."""
