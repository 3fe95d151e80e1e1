"""Printed tables that rows are checked against; the numbers are facts.

Source: Axelrod and Bennett (1993), "A landscape theory of aggregation", British Journal of Political Science 23:211-233.
"""

from __future__ import annotations

UNIX = {
    # Table 2: size, type (G generalist, S specialist), alliance it joined
    "AT&T": (28.5, "G", "Unix International"),
    "Sun": (28.9, "S", "Unix International"),
    "Prime": (1.0, "S", "Unix International"),
    "IBM": (3.8, "G", "Open Software Foundation"),
    "DEC": (20.0, "G", "Open Software Foundation"),
    "HP": (11.5, "G", "Open Software Foundation"),
    "Apollo": (21.2, "S", "Open Software Foundation"),
    "Intergraph": (4.4, "S", "Open Software Foundation"),
    "SGI": (4.4, "S", "Open Software Foundation"),
}

NATIONS_1936 = {
    # Table 1: size in per cent of the world's (Correlates of War), side in configuration 1, side in the war
    "United Kingdom": (7.45, 1, "Allies"),
    "France": (5.32, 1, "Allies"),
    "Czechoslovakia": (1.15, 1, "Allies"),
    "Denmark": (0.20, 1, "Allies"),
    "Soviet Union": (15.01, 1, "Allies"),
    "Yugoslavia": (0.59, 1, "Allies"),
    "Greece": (0.35, 1, "Allies"),
    "Germany": (11.49, 2, "Axis"),
    "Italy": (4.03, 2, "Axis"),
    "Poland": (1.83, 2, "Allies"),
    "Romania": (0.78, 2, "Axis"),
    "Hungary": (0.45, 2, "Axis"),
    "Portugal": (0.27, 2, None),  # neutral, with a defence agreement with Britain
    "Finland": (0.19, 2, "Axis"),
    "Latvia": (0.13, 2, "Axis"),
    "Lithuania": (0.10, 2, "Axis"),
    "Estonia": (0.06, 2, "Axis"),
}
