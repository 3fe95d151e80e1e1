"""Maps: geometry, the states that one shows, what is written on them."""
