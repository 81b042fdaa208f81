"""The scenarios that come along: listed, and copied with the rosters that they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import complaint, sim_here
from places import SCENARIOS
from sim.errors import InputError
from sim.experiments.sweeps.reading import load_study
from sim.scenario import library, load_scenario
from sim.scenario.library import copy_scenario, library_folder, library_scenarios


def test_the_library_is_the_folder_of_scenarios() -> None:
    assert library_folder() == SCENARIOS
    assert {one.file for one in library_scenarios()} == set(SCENARIOS.rglob("*.toml"))


def test_an_installed_library_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "sim"
    monkeypatch.setattr(library, "_PACKAGE", package)
    with pytest.raises(InputError, match="missing from this installation"):
        library_folder()
    for folder in (tmp_path / "scenarios", package / "library"):
        folder.mkdir(parents=True)
        (folder / "pairing_policies.toml").write_text("")
        assert library_folder() == folder


def test_the_library_is_listed() -> None:
    found = library_scenarios()
    assert found[0].name == "ai_matching" and found[0].command == "compare"
    assert found[-1].name.startswith("sweeps/") and found[-1].command == "sweep"
    for one in found:
        if one.command == "compare":
            assert one.title == load_scenario(one.file).title


@pytest.mark.long
@pytest.mark.parametrize("one", library_scenarios(), ids=lambda one: one.name)
def test_a_copy_says_the_same(one: library.LibraryScenario, tmp_path: Path) -> None:
    """Whatever files it names have come along."""
    written = copy_scenario(one.name, tmp_path / "mine.toml")
    assert all(path.is_relative_to(tmp_path) and ".." not in path.parts for path in written)
    if one.command == "sweep":
        copied, original = load_study(written[0]), load_study(one.file)
        assert copied.title == original.title and len(written) > 1
        assert copied.factors == original.factors and copied.keys == original.keys
        return
    copied, original = load_scenario(written[0]), load_scenario(one.file)
    if original.roster is None:
        assert copied == original and len(written) == 1
    else:
        assert copied.title == original.title and copied.roster is not None
        assert copied.roster.employee_id == original.roster.employee_id and len(written) > 1


def test_a_sweep_is_not_written_over_its_scenario(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="choose another name|Choose another name"):
        copy_scenario("sweeps/mentor_shortage", tmp_path / "pairing_policies.toml")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced_unless_asked(tmp_path: Path) -> None:
    folder = tmp_path
    assert sim_here("new", "--from", "law_firm", folder=folder).returncode == 0
    assert sim_here("new", "--from", "law_firm.toml", folder=folder).returncode == 0  # the same
    roster = folder / "rosters" / "lazega_law_firm.csv"
    roster.write_text("mine")
    message = complaint(sim_here("new", "--from", "law_firm", "other.toml", folder=folder))
    assert "lazega_law_firm.csv" in message and "exists already" in message
    assert not (folder / "other.toml").exists() and roster.read_text() == "mine"
    words = ("new", "--from", "law_firm", "other.toml", "--force")
    assert "rosters" in sim_here(*words, folder=folder).stdout
    assert roster.read_text() != "mine"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--from", "law_frim"), 'Did you mean "law_firm"?'),
        (("--from", "../setup"), "there is no scenario"),
        (("--from", "law_firm", "no/where.toml"), "cannot be written"),
        (("--from", "law_firm", "."), "exists already"),
    ],
)
def test_wrong_words_are_one_message(words: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    assert expected.casefold() in complaint(sim_here("new", *words, folder=tmp_path)).casefold()
    assert list(tmp_path.iterdir()) == []
