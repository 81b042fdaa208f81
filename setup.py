"""The one step of the build that ``pyproject.toml`` has no word for.

The scenarios that come along have one home, ``scenarios/``. A built package gets a copy of them; in an
editable installation and in a plain clone they are found where they are (``sim/scenario/library.py``).
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HOME = Path("scenarios")


class BuildWithScenarios(build_py):
    """Copies the scenarios, with their rosters and what is said about them, into the package."""

    def run(self) -> None:
        """Build as usual, then copy."""
        super().run()
        if self.editable_mode:
            return
        library = Path(self.build_lib, "sim", "library")
        shutil.rmtree(library, ignore_errors=True)
        for source in sorted(HOME.rglob("*")):
            if source.suffix in (".toml", ".csv", ".md"):
                copy = library / source.relative_to(HOME)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy)


setup(cmdclass={"build_py": BuildWithScenarios})
