"""Deciding: the best programme for the money, and what to believe after a programme has run for a while."""
