"""The page "For Mesa users" is run, on whichever Mesa there is; what a version lacks is asked for on the page.

``tests/packaging/test_versions.py`` runs this file on each generation of Mesa that the page names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from places import ROOT
from sim import MentoringModel

PAGE = ROOT / "docs" / "mesa.md"


def run_blocks(kinds: str, only: str = "") -> dict[str, Any]:
    """Run the blocks of the page whose fence is as given; what they define."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(rf"^```(?:{kinds})\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    space: dict[str, Any] = {"__name__": "mesa_page"}
    for block in (one for one in blocks if only in one or one == blocks[0]):
        line = text[: text.index(block)].count("\n")
        exec(compile("\n" * line + block, str(PAGE), "exec"), space)
    return space


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_all_code_of_the_page_runs() -> None:
    space = run_blocks("python")
    assert {"Visitor", "collector", "Firm", "means", "Watched"} <= set(space)


@pytest.mark.filterwarnings("ignore")
def test_the_page_that_watches_a_firm_steps_and_starts_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solara = pytest.importorskip("solara", reason="Mesa's viz extra is not installed")
    lived: list[int] = []
    step = MentoringModel.step

    def counted(model: MentoringModel) -> None:
        step(model)
        lived.append(model.month)

    monkeypatch.setattr(MentoringModel, "step", counted)
    space = run_blocks("python(?: solara)?", only="Watched")
    lived.clear()
    page = solara.AppLayout(children=[space["page"]])
    box, _ = solara.render(page, handle_error=False)
    for name in ("Step", "Step", "Reset", "Step"):
        (button,) = (one for one in widgets_in(box) if list(getattr(one, "children", [])) == [name])
        button.click()
    assert lived == [1, 2, 1]


def widgets_in(widget: Any) -> Iterator[Any]:
    """A widget and all that it holds."""
    yield widget
    for held in (*getattr(widget, "children", ()), *getattr(widget, "v_slots", ())):
        inside = held["children"] if isinstance(held, dict) else held
        for one in inside if isinstance(inside, list | tuple) else [inside]:
            if hasattr(one, "comm"):
                yield from widgets_in(one)
