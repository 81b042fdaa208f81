"""``python -m mutation [ROOM ...] [--number N] [--seed N] [--only TEXT]``, with ``tests`` on the path.

Tries the tests: one line of a room is changed at a time (a sign, a limit, a column, a constant, a condition), in
a copy of the repository, and the tests of that room are run on the copy. A change that no test sees has
survived: it is listed, and either changes nothing that could be seen or deserves a test. Rooms without rules
take seconds a change; where rules are compiled anew for each, ``NUMBA_DISABLE_JIT=1`` is often quicker.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutation.changes import Change, changes_of, is_python
from mutation.trying import TESTS, fails, is_seen
from places import ROOT


def main() -> None:
    """Try as many changes as are asked for, tell each that survives, and how many are seen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("rooms", nargs="*", default=[*TESTS], metavar="ROOM", choices=[*TESTS])
    parser.add_argument("--number", type=int, default=20, help="changes in each room")
    parser.add_argument("--seed", type=int, default=1, help="of the choice")
    parser.add_argument("--only", default="", help="files whose path has this in it")
    parser.add_argument("--processes", type=int, default=2, help="tried at a time")
    options = parser.parse_args()
    rng, chosen = random.Random(options.seed), list[tuple[str, Change]]()
    for room in options.rooms:
        files = [
            file
            for file in sorted((ROOT / "sim" / room).rglob("*.py"))
            if options.only in file.as_posix()
        ]
        changes = [one for file in files for one in changes_of(file)]
        picked = rng.sample(changes, min(options.number, len(changes)))
        chosen += [(room, change) for change in picked if is_python(change)]
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / f"copy{number}" for number in range(options.processes)]
        skipped = shutil.ignore_patterns(".git", ".venv", "compiled", "__pycache__", "results")
        for copy in copies:
            shutil.copytree(ROOT, copy, ignore=skipped)
        for room in dict.fromkeys(room for room, _ in chosen):
            if fails(copies[0], TESTS[room]):
                sys.exit(f"the tests of {room} fail without any change")
        free = list(copies)

        def tried(one: tuple[str, Change]) -> bool:
            room, change = one
            copy = free.pop()
            try:
                found = is_seen(change, copy, room)
            finally:
                free.append(copy)
            where = f"{change.file.relative_to(ROOT)}, line {change.line}"
            what = "seen" if found else "SURVIVED"
            print(
                f"{what} {where}:\n  - {change.before.strip()}\n  + {change.after.strip()}",
                flush=True,
            )
            return found

        with ThreadPoolExecutor(options.processes) as threads:
            seen = sum(threads.map(tried, chosen))
    tried_all = len(chosen)
    print(f"{seen} of {tried_all} changes were seen ({100 * seen / max(1, tried_all):.0f} %)")


if __name__ == "__main__":
    main()
