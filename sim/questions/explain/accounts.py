"""What the accounts of the trust equation are called; every other account is an event that moves trust itself."""

from __future__ import annotations

NAMES = {
    "cooperation": "The other cooperated",
    "confrontation": "The other confronted",
    "crisis": "Crises",
    "balance": "Friends and foes of third states",
    "institutions": "Shared forums, programmes",
    "exercise": "Joint exercises",
    "reversion": "Pull of the anchor",
    "chance": "Chance",
    "limit": "Cut off at the bound",
}
"""Headings, for a picture or a page."""

MEANING = {
    "cooperation": "the other cooperated",
    "confrontation": "the other confronted",
    "crisis": "chance ones and imposed ones",
    "balance": "what third states think",
    "institutions": "forums, programmes",
    "exercise": "joint exercises",
    "reversion": "pull of the anchor",
    "chance": "unexplained noise",
    "limit": "cut off at the bound",
}
"""What each says of one state's trust in another, for a line of text."""
