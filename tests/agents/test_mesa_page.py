"""The page "For Mesa users" is run, on whichever Mesa there is; what a version lacks is asked for on the page."""

from __future__ import annotations

import re

import pytest

from places import ROOT

PAGE = ROOT / "docs" / "mesa.md"


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_all_code_of_the_page_runs() -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 8
    space: dict[str, object] = {"__name__": "mesa_page"}
    for block in blocks:
        line = text[: text.index(block)].count("\n")
        exec(compile("\n" * line + block, str(PAGE), "exec"), space)
