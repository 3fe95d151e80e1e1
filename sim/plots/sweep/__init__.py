"""Pictures of a sweep, drawn from its folder and those of its runs."""
