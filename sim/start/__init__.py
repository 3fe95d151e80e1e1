"""A scenario's world at its start: its arrays, its expectation, and the rules that carry it forward."""
