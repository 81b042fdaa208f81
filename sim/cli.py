"""The command line: reads the words, hands them to one command, and says what went wrong.

Exit codes: 0 done; 1 a fault of the program; 2 an input that cannot be used; 130 stopped with
Ctrl-C, 143 by a scheduler (SIGTERM), 129 because the terminal was closed; 141 the reader of the output went away.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from sim.commands import COMMANDS
from sim.commands.stopping import exit_code, last_word, leave_threads, settle, stopped_by_signals
from sim.commands.streams import drop_output, prepare_streams, say
from sim.errors import InputError

__all__ = ["main"]

DONE, FAULT, WRONG_INPUT, CLOSED_PIPE = 0, 1, 2, 141

_FAULT = (
    "this is a fault of mentorsim, not of your input: {kind}: {text}. Please report it, with the "
    "scenario if you may share it; the same command with --debug shows where it happened."
)
_NO_MEMORY = (
    "there is not enough memory for this. Use fewer employees, replicates or --workers, or leave "
    "out --people and --dyads."
)


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, with the nearest name that would have been right."""

    def error(self, message: str) -> NoReturn:
        wrong = re.search(r"invalid choice: '(.*?)' \(", message)
        names = [name for action in self._actions for name in action.choices or ()]
        hint = _did_you_mean(wrong.group(1), names) if wrong else ""
        say(f"{message}.{hint} See {self.prog} --help.")
        raise SystemExit(WRONG_INPUT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments
        The words after ``mentorsim``. By default those that the program was started with, which ends
        with the command.
    """
    try:
        with stopped_by_signals(for_good=arguments is None):
            code = _answered(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        # Before anything was begun, or while the first was about to be answered.
        code = _stopped()
    if arguments is None:
        leave_threads(code)
    return code


def _answered(words: list[str]) -> int:
    """Run a command, and say what went wrong."""
    prepare_streams()
    try:
        code = _run(words)
        settle()
        if sys.stdout is not None:
            sys.stdout.flush()
    except InputError as error:
        say(str(error))
        return WRONG_INPUT
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:
        drop_output()
        return CLOSED_PIPE
    except OSError as error:
        if error.errno not in _NO_ROOM:
            return _fault(error, words)
        drop_output()
        say(f"the output cannot be written ({error.strerror}).")
        return WRONG_INPUT
    except MemoryError:
        say(_NO_MEMORY)
        return WRONG_INPUT
    except Exception as error:
        return _fault(error, words)
    return code


def _stopped() -> int:
    """Say what is kept of a command that was stopped."""
    settle()
    say(last_word())
    return exit_code()


def _fault(error: Exception, words: Sequence[str]) -> int:
    """Own up to a fault of the program, or say which line of an extension fails; --debug shows it all."""
    from sim.registry import line_at_fault

    if "--debug" in words:
        raise error
    theirs = line_at_fault(error)
    if theirs is not None:
        file, line = theirs
        say(f"{file}, line {line}: this extension fails: {type(error).__name__}: {error}")
        return WRONG_INPUT
    say(_FAULT.format(kind=type(error).__name__, text=str(error).rstrip(".")))
    return FAULT


def _run(words: list[str]) -> int:
    parser = _parser()
    try:
        options, unknown = parser.parse_known_args(words)
    except SystemExit as end:  # after --help and --version, and after a complaint
        return int(end.code or 0)
    if unknown:
        command: argparse.ArgumentParser = options.parser
        names = [name for action in command._actions for name in action.option_strings]
        hint = _did_you_mean(unknown[0].partition("=")[0], names)
        say(f"unrecognized arguments: {' '.join(unknown)}.{hint} See {command.prog} --help.")
        return WRONG_INPUT
    _refuse_without_folder()
    return int(options.call(options))


def _refuse_without_folder() -> None:
    """Complain where the working folder was removed: relative paths lead nowhere, and not every library loads.

    Raises
    ------
    InputError
        If it is gone.
    """
    try:
        os.getcwd()
    except FileNotFoundError:
        remedy = "go to another one, and give the command again"
        raise InputError("the folder in which this was started is gone", remedy=remedy) from None


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mentorsim",
        description="Simulate mentoring programmes in an organisation before launching one.",
        epilog="Start with: mentorsim new my_firm.toml, then mentorsim compare my_firm.toml",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and end")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    for command in COMMANDS:
        added = commands.add_parser(
            command.NAME,
            help=command.MEANING,
            description=command.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.add_options(added)
        added.add_argument("--debug", action="store_true", help="show where a fault happened")
        added.set_defaults(call=command.call, parser=added)
    return parser


class _Version(argparse.Action):
    """Print the version; it is looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"mentorsim {version('mentorsim')}")
        parser.exit()


def _did_you_mean(wrong: str, names: Sequence[str]) -> str:
    from sim.scenario.messages import nearest, quoted

    near = nearest(wrong, names)
    return "" if near is None else f" Did you mean {quoted(near)}?"
