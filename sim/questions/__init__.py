"""Questions to finished runs: what a change did, why, which events matter, what if, and whether it can be repeated."""
