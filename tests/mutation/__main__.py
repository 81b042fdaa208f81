"""``python -m mutation [ROOM ...] [--number N] [--seed N] [--only TEXT]``, with ``tests`` on the path.

Tries the tests: one line of a room is changed at a time (a sign, a limit, a column, a constant, a condition), and
the tests that run it are run. A change that no test sees has survived: it is listed, and either changes nothing
that could be seen or deserves a test. Rules and kernels are tried in a second round, uncompiled. What is made
when a file is loaded, and what happens in processes that tests start, is out of reach. Wants fork (POSIX).
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys

from mutation.changes import Change, changes_of, is_python
from mutation.trying import (
    AT_MOST,
    TESTS,
    function_at,
    is_compiled,
    is_seen,
    is_uncompiled,
    load,
    tests_for,
    watch,
)
from places import ROOT


def main() -> None:
    """Try as many changes as are asked for, tell each that survives, and how many are seen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("rooms", nargs="*", default=[*TESTS], metavar="ROOM", choices=[*TESTS])
    parser.add_argument("--number", type=int, default=20, help="changes in each room")
    parser.add_argument("--seed", type=int, default=1, help="of the choice")
    parser.add_argument("--only", default="", help="files whose path has this in it")
    parser.add_argument("--line", type=int, default=0, help="only changes of this line")
    parser.add_argument("--leave-out", default="", help="tests not asked, as pytest's -k has it")
    options = parser.parse_args()
    seen = tried = 0
    for room in options.rooms:
        picked = [one for one in chosen(room, options) if is_python(one)]
        mine = [one for one in picked if is_compiled(one.file) == is_uncompiled()]
        for names in dict.fromkeys(tests_for(one.file) for one in mine):
            these = [one for one in mine if tests_for(one.file) == names]
            seen += sum(tell(these, options, names))
            tried += len(these)
    print(f"{seen} of {tried} changes were seen ({100 * seen / max(1, tried):.0f} %)", flush=True)
    if "NUMBA_DISABLE_JIT" not in os.environ:
        words = [sys.executable, "-m", "mutation", *sys.argv[1:]]
        subprocess.run(words, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, check=True)


def chosen(room: str, options: argparse.Namespace) -> list[Change]:
    """The changes that are drawn in a room: the same for the same seed, whatever the other rooms."""
    files = sorted((ROOT / "sim" / room).rglob("*.py"))
    every = [one for file in files if options.only in file.as_posix() for one in changes_of(file)]
    every = [one for one in every if options.line in (0, one.line)]
    return random.Random(options.seed).sample(every, min(options.number, len(every)))


def tell(changes: list[Change], options: argparse.Namespace, names: tuple[str, ...]) -> list[bool]:
    """Try changes, and say of each whether it was seen."""
    load(names)
    watched = watch(names, options.leave_out)
    if watched.failed:
        print(f"without any change, {len(watched.failed)} fail: {watched.failed[:3]}", flush=True)
    found = []
    for change in changes:
        asked = watched.tests_of(function_at(change), AT_MOST)
        seconds = sum(watched.seconds[name] for name in asked)
        found.append(bool(asked) and is_seen(change, asked, seconds))
        where = f"{change.file.relative_to(ROOT)}, line {change.line}"
        print(
            f"{'seen' if found[-1] else 'SURVIVED'} {where} ({len(asked)} tests, {seconds:.0f} s):\n"
            f"  - {change.before.strip()}\n  + {change.after.strip()}",
            flush=True,
        )
    return found


if __name__ == "__main__":
    main()
