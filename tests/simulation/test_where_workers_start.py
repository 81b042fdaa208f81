"""Worker processes are refused in one sentence where they cannot work; what is added is known by its source."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.registry import ADDED, digests, sources

pytestmark = pytest.mark.long

FIRM = (
    "import sim\n"
    "firm = sim.Scenario(months=14, replicates=2, organisation={'employees': 12},\n"
    "                    variants=[{'name': 'N', 'programme.policy': 'none'}, {'name': 'R'}])\n"
)
ASK = "print(sim.compare(firm, workers=2, executor='processes').replicates, 'firms')\n"
COUNT = (
    "def count(state, p, month): return 1.0\n"
    "sim.register_reporter('ones', count)\n"
)  # fmt: skip


def python(*words: str, standard_input: str = "", folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(one for one in sys.path if one)
    return subprocess.run(
        [sys.executable, *words],
        input=standard_input, cwd=folder, env={**os.environ, "PYTHONPATH": path},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_a_script_on_standard_input_is_told_so(tmp_path: Path) -> None:
    result = python("-", standard_input=FIRM + ASK, folder=tmp_path)
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert "worker processes cannot be started by a script on standard input" in last
    assert 'Save it as a file, or use threads (executor="threads")' in last
    assert result.stderr.count("Traceback") == 1


def test_what_was_added_at_a_prompt_is_named(tmp_path: Path) -> None:
    result = python("-c", FIRM + COUNT + ASK, folder=tmp_path)
    last = result.stderr.splitlines()[-1]
    assert "worker processes cannot see what was added here: measure ones" in last
    assert "sim.load_extension" in last
    assert result.stderr.count("Traceback") == 1


def test_a_script_without_a_guard_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(FIRM + ASK)
    result = python("script.py", folder=tmp_path)
    assert result.returncode == 1
    assert result.stderr.count("Traceback") == 1
    assert "An attempt has been made to start a new process" not in result.stderr
    assert "WorkersLostError" in result.stderr.splitlines()[-1]
    assert 'if __name__ == "__main__"' in result.stderr.splitlines()[-1]


@pytest.mark.full
def test_a_plain_import_reaches_the_workers(tmp_path: Path) -> None:
    (tmp_path / "counting.py").write_text("import sim\n" + COUNT)
    (tmp_path / "script.py").write_text(
        "if __name__ == '__main__':\n    import counting\n"
        + "".join(f"    {line}\n" for line in (FIRM + ASK).splitlines())
    )
    result = python("script.py", folder=tmp_path)
    assert (result.returncode, result.stdout) == (0, "2 firms\n"), result.stderr


def test_the_manifest_knows_plain_imports_and_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "counting_ones.py").write_text("import sim\n" + COUNT)
    monkeypatch.syspath_prepend(tmp_path)
    before = dict(ADDED.measures)
    try:
        import counting_ones  # type: ignore[import-not-found]  # noqa: F401

        cell: dict[str, object] = {"__name__": "__main__"}
        exec("def twos(state, p, month): return 2.0", cell)  # as a cell of a notebook does
        sim.register_reporter("twos", cell["twos"])  # type: ignore[arg-type]
        found = digests()
        assert {"counting_ones.py", "measure twos"} <= set(found)
        assert len({found["counting_ones.py"], found["measure twos"]}) == 2
        assert "counting_ones" in sources()
        assert "__main__" not in sources()
    finally:
        for name in ("ones", "twos"):
            ADDED.reporters.pop(name, None)
            del sim.columns.M[name]
        ADDED.measures.clear()
        ADDED.measures.update(before)
