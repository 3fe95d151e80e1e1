"""Events: what a scenario says will happen, on a date, on a condition or by chance."""
