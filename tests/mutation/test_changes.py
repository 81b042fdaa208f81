"""The changes that the mutation check makes are changes, and still Python."""

from __future__ import annotations

import pytest

from mutation.changes import changes_of, is_python
from mutation.trying import TESTS
from places import ROOT


@pytest.mark.long
def test_changes_are_single_lines_and_still_python() -> None:
    for room in TESTS:
        files = sorted((ROOT / "sim" / room).rglob("*.py"))
        changes = [one for file in files for one in changes_of(file)]
        assert len(changes) > 50, room
        for change in changes[::100]:
            lines = change.file.read_text(encoding="utf-8").splitlines()
            assert lines[change.line - 1] == change.before != change.after
            assert is_python(change)
        for name in TESTS[room]:
            assert (ROOT / "tests" / name).exists()
