"""Landscape theory: which two-sided alignments of some actors are stable."""
