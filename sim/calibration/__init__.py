"""The numbers of the model from data: estimates with intervals, and tables of draws (docs/calibration.md)."""
