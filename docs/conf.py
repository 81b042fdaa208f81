"""The documentation site: ``python -m sphinx -W docs site``, offline; whatever leads nowhere fails it.

The navigation is read off the map (``README.md``) and the pages of the public names are made from their
docstrings, so that neither is written twice.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import sim

HERE = Path(__file__).parent
ROOM = "api"

project = "mentorsim"
author = "mentorsim contributors"
project_copyright = author

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "README"
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["**.py", "**.toml"]
html_theme = "furo"
html_title = "mentorsim"
html_show_sourcelink = False

myst_heading_anchors = 3
napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
default_role = "literal"

MODULES = ("sim.testing", "sim.programme.scores", "sim.engine.draws")
"""What extensions use beside the public names."""


def make_pages(app: Any) -> None:
    """Write a page for the public names and one for each module that extensions use."""
    folder = HERE / ROOM
    folder.mkdir(exist_ok=True)
    lines = ["sim", "===", "", "What ``import sim`` offers.", ""]
    for name in sorted(sim.__all__, key=str.casefold):
        value = getattr(sim, name)
        if inspect.isclass(value):
            lines += [f".. autoclass:: sim.{name}", "   :members:", ""]
        elif inspect.isroutine(value):
            lines += [f".. autofunction:: sim.{name}", ""]
    _write(folder / "sim.rst", lines)
    for module in MODULES:
        rows = [module, "=" * len(module), "", f".. automodule:: {module}", "   :members:"]
        _write(folder / f"{module}.rst", rows)


def _write(page: Path, lines: list[str]) -> None:
    """Write a page if it would change: what is older than the site need not be made again."""
    text = "\n".join([*lines, ""])
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")


def navigate(app: Any, name: str, source: list[str]) -> None:
    """Add the navigation to the map: its headings and, below each, the pages that it links to."""
    if name == "mechanisms/README":
        source[0] += _tree("", re.findall(r"\]\((\w+)\.md\)", source[0]))
    if name != root_doc:
        return
    trees = []
    for part in re.split(r"^## ", source[0], flags=re.MULTILINE)[1:]:
        pages = re.findall(r"\]\(((?:\w+/)*\w+)\.md\)", part)
        trees.append(_tree(part.splitlines()[0], pages))
    made = [f"{ROOM}/{page}" for page in ("sim", *MODULES)]
    source[0] += "".join(trees) + _tree("From Python", made)


def _tree(caption: str, pages: list[str]) -> str:
    rows = "\n".join([":hidden:", *([f":caption: {caption}"] if caption else []), "", *pages])
    return f"\n```{{toctree}}\n{rows}\n```\n"


def setup(app: Any) -> None:
    """Connect the two steps above."""
    app.connect("builder-inited", make_pages)
    app.connect("source-read", navigate)
