"""Compiled code is kept once for all installations, is thrown away when damaged, and is nobody else's."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import numba
import pytest

from places import ROOT
from sim.engine import cache_folder, compiled
from sim.engine.cache_folder import VARIABLE, choose_folder
from sim.engine.code_files import CodeFiles

VERSION = "0123456789abcdef-cpython-311-numba0.61.0"

needs_users = pytest.mark.skipif(
    not hasattr(os, "geteuid"), reason="this system does not number its users"
)
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away"
)


def twice(number: float) -> float:
    return 2 * number


def compile_twice(folder: Path) -> tuple[float, int]:
    """The result of a freshly made compiled function, and how many of its signatures were found."""
    function = numba.njit(twice)
    function._cache = CodeFiles(twice, lambda: folder)
    result: float = function(21.0)
    return result, sum(function.stats.cache_hits.values())


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def run(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )


# --- shared by installations --------------------------------------------------------------------


@pytest.mark.long
def test_another_installation_with_the_same_code_compiles_nothing(tmp_path: Path) -> None:
    """A copy of the package elsewhere finds what this one has compiled, and says nothing."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import sim.simulation.warming as w; w.warm_up();"
        "from sim.simulation.simulation import simulate;"
        "simulate(w._small_plan(), 1, 0);"
        "import gc; from numba.core.dispatcher import Dispatcher;"
        "stats = [one.stats for one in gc.get_objects() if isinstance(one, Dispatcher)];"
        "print(w.__file__, sum(bool(one.cache_hits) for one in stats) > 1,"
        "sum(bool(one.cache_misses) for one in stats))"
    )
    result = run(code, tmp_path, PYTHONPATH=str(tmp_path))
    assert result.stderr == ""
    assert result.stdout.split() == [str(tmp_path / "sim/simulation/warming.py"), "True", "0"]


@pytest.mark.parametrize("edited", ["rates.py", "helpers.py", "mine.py"])
def test_an_edited_function_from_elsewhere_is_compiled_anew(
    edited: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is that changed: a constant or a function of another file, or the function itself."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    texts = {
        "rates.py": "RATE = 2.0\n",
        "helpers.py": "import numba\n@numba.njit\ndef more(number):\n    return number + 2.0\n",
        "mine.py": "import rates\nfrom helpers import more\n"
        "def grown(number):\n    return more(number) * rates.RATE - 2.0\n",
    }

    def grown() -> tuple[float, int]:
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
            sys.modules.pop(name.removesuffix(".py"), None)
        importlib.invalidate_caches()
        plain = importlib.import_module("mine").grown
        function = numba.njit(plain)
        function._cache = CodeFiles(plain, lambda: kept)
        result: float = function(10.0)
        return result, sum(function.stats.cache_hits.values())

    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    assert [grown(), grown()] == [(22.0, 0), (22.0, 1)]
    texts[edited] = texts[edited].replace("2.0", "3.0")
    changed = {"rates.py": 34.0, "helpers.py": 24.0, "mine.py": 21.0}[edited]
    assert [grown(), grown()] == [(changed, 0), (changed, 1)]


@pytest.mark.long
def test_what_was_typed_in_is_compiled_and_kept(tmp_path: Path) -> None:
    """A rule without a file, as in a notebook, where numba's own cache refuses."""
    code = (
        "from sim.engine.compiled import rule; names = {'rule': rule, '__name__': 'typed'};"
        "exec('@rule\\ndef half(x): return x / 2', names); print(names['half'](3.0))"
    )
    assert (
        run(code, tmp_path, **{VARIABLE: str(tmp_path), "PYTHONPATH": str(ROOT)}).stdout == "1.5\n"
    )


def test_warm_up_asks_once() -> None:
    from sim.simulation import warming

    warming.warm_up()
    asked: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "is_cached", lambda *given: asked.append(given) or True)
        warming.warm_up()
    assert asked == []


# --- damage -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["empty", "cut", "garbage", "turned", "foreign"])
def test_a_damaged_file_is_made_anew(damage: str, tmp_path: Path) -> None:
    assert compile_twice(tmp_path) == (42.0, 0)
    assert compile_twice(tmp_path) == (42.0, 1)
    path = only_file(tmp_path)
    whole = path.read_bytes()
    middle = len(whole) // 2
    turned = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    foreign = b"cos\nno_such_name\n."
    path.write_bytes(
        {
            "empty": b"",
            "cut": whole[:middle],
            "garbage": os.urandom(len(whole)),
            "turned": turned,
            "foreign": hashlib.sha256(foreign).digest() + foreign,
        }[damage]
    )
    assert compile_twice(tmp_path) == (42.0, 0)
    assert compile_twice(tmp_path) == (42.0, 1)


def test_a_folder_that_goes_away_or_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    assert compile_twice(folder) == (42.0, 0)
    assert not folder.exists()
    assert compile_twice(tmp_path) == (42.0, 0)


def test_a_damaged_cache_is_announced_and_made_anew() -> None:
    """The message follows what is there: a month's damaged code is about to be compiled again."""
    from sim.mechanisms.month import live_months
    from sim.simulation import warming

    kept = compiled.cache_folder()
    assert kept is not None
    asked: list[bool] = []
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o700)
        for path in kept.glob("*live_months*"):
            Path(name, path.name).write_bytes(path.read_bytes()[:1000])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(live_months._cache, "_folder", lambda: Path(name))
            patch.setattr(live_months, "overloads", {})
            patch.setattr(warming, "_is_warm", False)
            patch.setattr(warming, "_compile_in_two", lambda _: asked.append(True))
            warming.warm_up()
        assert list(Path(name).iterdir()) == []
    assert asked == [True]


# --- whose folder it is -----------------------------------------------------------------------------


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of its own, and a usual place that cannot be made."""
    (tmp_path / "file").write_text("")
    (tmp_path / "shared").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "shared"))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file" / "cache"))
    return tmp_path / "shared"


def test_the_usual_folder_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "deep" / "cache"))
    chosen = choose_folder(VERSION)
    assert chosen.path == tmp_path / "deep" / "cache" / VERSION
    assert (chosen.lasts, chosen.notes) == (True, ())
    if os.name == "posix":
        assert stat.S_IMODE(chosen.path.stat().st_mode) == 0o700
    assert choose_folder(VERSION) == chosen


def test_a_tilde_is_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv(VARIABLE, "~/kept")
    assert choose_folder(VERSION).path == tmp_path / "kept" / VERSION


@needs_users
def test_without_a_usable_home_the_temporary_folder_is_found_again(nowhere: Path) -> None:
    chosen = choose_folder(VERSION)
    assert chosen.path == nowhere / f"mentorsim-{os.geteuid()}" / VERSION
    assert chosen.lasts
    assert len(chosen.notes) == 1 and "cannot be used" in chosen.notes[0]
    assert choose_folder(VERSION).path == chosen.path


@needs_users
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_can_write_is_not_used(
    mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nowhere: Path
) -> None:
    usual = tmp_path / "usual"
    (usual / VERSION).mkdir(parents=True)
    (usual / VERSION).chmod(mode)
    monkeypatch.setenv(VARIABLE, str(usual))
    chosen = choose_folder(VERSION)
    assert chosen.path == nowhere / f"mentorsim-{os.geteuid()}" / VERSION
    assert chosen.notes == (
        f"{usual / VERSION} belongs to somebody else, or others can write to it",
    )


@needs_root
@pytest.mark.parametrize("depth", ["parent", "folder"])
def test_a_temporary_folder_of_somebody_else_is_never_read(depth: str, nowhere: Path) -> None:
    parent = nowhere / f"mentorsim-{os.geteuid()}"
    planted = parent / VERSION
    planted.mkdir(parents=True, mode=0o700)
    parent.chmod(0o700)
    os.chown(parent if depth == "parent" else planted, 12345, 12345)
    chosen = choose_folder(VERSION)
    assert chosen.path is not None
    assert parent not in chosen.path.parents
    assert not chosen.lasts
    assert chosen.path.is_relative_to(nowhere)
    assert os.environ[VARIABLE] == str(chosen.path.parent)  # worker processes go there too
    assert choose_folder(VERSION).path == chosen.path


@needs_users
def test_a_link_is_not_followed(nowhere: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (nowhere / f"mentorsim-{os.geteuid()}").symlink_to(tmp_path / "elsewhere")
    chosen = choose_folder(VERSION)
    assert not chosen.lasts
    assert list((tmp_path / "elsewhere").iterdir()) == []


@needs_root
def test_a_file_of_somebody_else_is_never_read(tmp_path: Path) -> None:
    compile_twice(tmp_path)
    os.chown(only_file(tmp_path), 12345, 12345)
    assert compile_twice(tmp_path) == (42.0, 0)
    os.chown(only_file(tmp_path), os.geteuid(), -1)
    assert compile_twice(tmp_path) == (42.0, 1)
    only_file(tmp_path).chmod(0o666)
    assert compile_twice(tmp_path) == (42.0, 0)


def test_only_old_versions_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that a user names may hold other things, which are none of our business."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    (tmp_path / "thesis").mkdir()
    os.utime(tmp_path / "thesis", (0, 0))
    for number in range(20):
        (tmp_path / f"{number:016x}-cpython-311-numba0.61.0").mkdir()
        os.utime(tmp_path / f"{number:016x}-cpython-311-numba0.61.0", (number, number))
    chosen = choose_folder(VERSION)
    left = {path.name for path in tmp_path.iterdir()}
    kept = {f"{number:016x}-cpython-311-numba0.61.0" for number in range(8, 20)}
    assert left == kept | {"thesis", chosen.path.name if chosen.path else ""}


# --- other systems ----------------------------------------------------------------------------------


def test_a_system_without_user_numbers(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows: no user is asked for; where the usual folder fails, a fresh one is made."""
    monkeypatch.delattr(os, "geteuid", raising=False)
    monkeypatch.delattr(os, "getuid", raising=False)
    chosen = choose_folder(VERSION)
    assert chosen.path is not None and chosen.path.is_relative_to(nowhere)
    assert not chosen.lasts


def test_a_user_whom_nobody_knows(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    """A container's user number without a name: no home to be found."""

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr(cache_folder.Path, "home", unknown)
    chosen = choose_folder(VERSION)
    assert chosen.path is not None and chosen.path.is_relative_to(nowhere)


def test_where_nothing_can_be_written_code_stays_in_memory(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: str) -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", refuse)
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    assert choose_folder(VERSION).path is None
    function = numba.njit(twice)
    function._cache = CodeFiles(twice, lambda: None)
    assert function(21.0) == 42.0
