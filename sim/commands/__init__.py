"""The commands, one file each; a command imports what it needs when it is called."""

import sim.commands.analyse as analyse
import sim.commands.app as app
import sim.commands.best as best
import sim.commands.calibrate as calibrate
import sim.commands.check as check
import sim.commands.compare as compare
import sim.commands.export as export
import sim.commands.merge as merge
import sim.commands.new as new
import sim.commands.pair as pair
import sim.commands.pilot as pilot
import sim.commands.report as report
import sim.commands.resume as resume
import sim.commands.roster as roster
import sim.commands.run as run
import sim.commands.schema as schema
import sim.commands.status as status
import sim.commands.sweep as sweep
import sim.commands.update as update
import sim.commands.validate as validate
from sim.commands.command import Command

__all__ = ["COMMANDS"]

COMMANDS: tuple[Command, ...] = (
    *(compare, app, report, run, check, new, schema),
    *(roster, pair, pilot),
    *(sweep, status, resume, merge, analyse, export),
    *(best, update),
    *(calibrate, validate),
)
"""All commands, in the order in which ``--help`` lists them."""
