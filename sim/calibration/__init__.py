"""Calibration: published figures as code, and the parameter sets that agree with them."""
