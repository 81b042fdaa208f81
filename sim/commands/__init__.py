"""The commands, one file each; a command imports what it needs when it is called."""

from sim.commands import check, compare, new, run, schema
from sim.commands.command import Command

__all__ = ["COMMANDS"]

COMMANDS: tuple[Command, ...] = (compare, run, check, new, schema)
"""All commands, in the order in which ``--help`` lists them."""
