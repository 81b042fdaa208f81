"""Pilots: declared, run inside simulated firms, and their reading diagnosed before anybody begins."""
