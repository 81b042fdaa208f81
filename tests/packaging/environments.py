"""Environments with chosen versions of what the package needs: the lowest that it states, the newest, each Mesa.

What is lowest is read off pyproject.toml, so that it is said once: a pin for every lower bound, for pip's
``--constraint``. ``python tests/packaging/environments.py`` prints them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Environment:
    """What is installed, under which Python, and which tests are run there.

    Attributes
    ----------
    pythons
        Versions of Python, the one that is liked best first.
    pins
        Lines for pip's ``--constraint``.
    options
        Further words for pip.
    tests
        Words for pytest.
    """

    pythons: tuple[str, ...]
    pins: tuple[str, ...]
    options: tuple[str, ...]
    tests: tuple[str, ...]


def requirements() -> Iterator[Requirement]:
    """Everything that pyproject.toml asks for, of the package and of each extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]:
        yield Requirement(line)


def lowest_versions() -> dict[str, str]:
    """The lowest version that is stated of each package that has one.

    Raises
    ------
    ValueError
        If two places state different ones.
    """
    found: dict[str, str] = {}
    for one in requirements():
        for bound in one.specifier:
            if (
                bound.operator == ">="
                and found.setdefault(one.name, bound.version) != bound.version
            ):
                raise ValueError(
                    f"two lower bounds of {one.name}: {found[one.name]}, {bound.version}"
                )
    return found


# Old versions are warned of by what they build on; that is not ours to mend.
_OLD = ("-W", "ignore::DeprecationWarning", "-W", "ignore::PendingDeprecationWarning")
_MESA = (*_OLD, "tests/agents")

ENVIRONMENTS = {
    "lowest": Environment(
        ("3.11",),
        tuple(f"{name}=={version}" for name, version in lowest_versions().items()),
        (),
        ("-m", "quick", *_OLD),
    ),
    "newest": Environment(
        ("3.14", "3.13", "3.12", "3.11"), (), ("--upgrade-strategy", "eager"), ("-m", "quick")
    ),
    "mesa-3.3": Environment(("3.11", "3.12"), ("mesa<3.4",), (), _MESA),
    "mesa-3.5": Environment(("3.12", "3.13"), ("mesa>=3.5,<3.6",), (), _MESA),
    "mesa-4": Environment(("3.12", "3.13"), ("mesa>=4.0.0a0,<5",), (), _MESA),
}


def interpreter(versions: tuple[str, ...]) -> str | None:
    """A Python of one of the versions, the first that there is; None without any."""
    for version in versions:
        if version == f"{sys.version_info.major}.{sys.version_info.minor}":
            return sys.executable
        home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        installed = sorted(home.glob(f"{version}.*/bin/python"))
        found = str(installed[-1]) if installed else shutil.which(f"python{version}")
        if found:
            return found
    return None


def build(environment: Environment, python: str, clone: Path, place: Path) -> str:
    """Make an environment in which a clone of the repository is installed; its Python."""
    subprocess.run([python, "-m", "venv", place], check=True)
    own = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    pins = place / "pins.txt"
    pins.write_text("\n".join(environment.pins), encoding="utf-8")
    words = ["-m", "pip", "install", "-q", *environment.options, "-c", pins, "-e", f"{clone}[test]"]
    subprocess.run([own, *words], check=True)
    return str(own)


if __name__ == "__main__":
    print(*(f"{name}=={version}" for name, version in lowest_versions().items()), sep="\n")
