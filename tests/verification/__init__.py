"""Verification of the engine: closed forms and classic models (docs/verification.md)."""
