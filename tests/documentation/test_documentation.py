"""The pages made from the declarations are as the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from places import ROOT
from sim.documentation import PAGES, main
from sim.mechanisms.mechanism import Mechanism
from sim.mechanisms.month import EVERY_MECHANISM
from sim.scenario.catalogue import GROUPS


@pytest.mark.parametrize("name", sorted(PAGES))
def test_pages_are_current(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), (
        "stale: run `python -m sim.documentation docs`"
    )


def test_every_parameter_is_on_the_page(tmp_path: Path) -> None:
    main(str(tmp_path))
    page = (tmp_path / "parameters.md").read_text(encoding="utf-8")
    for group in GROUPS:
        for parameter in group.parameters:
            assert f"| `{parameter.name}` |" in page


def test_files_named_in_the_description_exist() -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"`((?:sim/)?[\w/]+\.py)`", text)):
        path = ROOT / name if name.startswith("sim/") else ROOT / "sim" / "mechanisms" / name
        assert path.exists(), name


@pytest.mark.parametrize(
    "page", sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]), ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(
        r"\]\(([\w./-]+\.\w+)(?:#[\w-]*)?\)", page.read_text(encoding="utf-8")
    ):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_sources_can_be_followed() -> None:
    """A source is a published figure, a work that can be found, or words; never a paper of ours."""
    for group in GROUPS:
        for parameter in group.parameters:
            here = f"{group.name}.{parameter.name}: {parameter.source!r}"
            assert len(parameter.source) > 3, here
            assert not re.search(r"\b(notes?|DESIGN|EVIDENCE)\b", parameter.source), here


@pytest.mark.parametrize("mechanism", EVERY_MECHANISM, ids=lambda one: one.name)
def test_a_mechanisms_page_has_every_rule_and_kernel_of_its_file(mechanism: Mechanism) -> None:
    """Also those that have no name outside: engagement's push, the strength of teaching, the two-way split."""
    page = PAGES[f"mechanisms/{mechanism.name}.md"]()
    source = (ROOT / f"{mechanism.kernel.__module__.replace('.', '/')}.py").read_text("utf-8")
    names = re.findall(r"^@(?:rule|inlined_rule|kernel)\ndef (\w+)\(", source, re.MULTILINE)
    assert names
    for name in names:
        assert f"### `{name}(" in page


def test_the_equations_of_teaching_are_on_its_page() -> None:
    page = PAGES["mechanisms/learning.md"]()
    for equation in (
        "strength = p.learning.rate * held * attention * part * ability * damping",
        "strength = p.learning.mentor_rate * held * state.dyad[columns.QUALITY, row]",
        "halves = p.learning.focus if two_way else 2 * p.learning.focus",
    ):
        assert equation in page
    assert "### `engagement_push(" in PAGES["mechanisms/engagement.md"]()
