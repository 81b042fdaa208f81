"""Sweeps: many points × variants × replicates, kept so that no finished run can be lost."""
