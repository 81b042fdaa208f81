"""Scenarios: what a file or code says becomes settings, complete and unchangeable."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT
from sim.errors import InputError
from sim.organisation.settings import DEFAULT_SKILLS
from sim.programme.settings import PROGRAMME
from sim.scenario import Scenario, Variant, load_scenario, new_scenario
from sim.scenario.addresses import address, split_key
from sim.scenario.schema import sections
from sim.scenario.top import SCENARIO
from sim.scenario.unusual import unusual

COMPARISON = """\
title = "Which pairing policy?"
months = 48
seed = 20261122

[organisation]
employees = 200              # or: roster = "roster.csv"
generations = { millennial = 3, gen_z = 1 }

[programme]
cohort_months = 9
participation = "voluntary"

[[variant]]
name = "Reverse"
programme.policy = "reverse"

[[variant]]
name = "No programme"
programme.policy = "none"

[[variant]]
name = "Reciprocal, trained mentors"
programme.policy = "reciprocal"
programme.training_hours = 4
"""
ROSTER = """\
employee_id,level,department,manager_id,site
a,3,Sales,,Paris
b,2,Sales,a,Paris
c,1,Sales,b,Lyon
d,1,Works,b,Paris
"""


def save(folder: Path, text: str, name: str = "scenario.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.fixture
def comparison(tmp_path: Path) -> Scenario:
    return load_scenario(save(tmp_path, COMPARISON))


@pytest.fixture
def with_roster(tmp_path: Path) -> Path:
    save(tmp_path, ROSTER, "staff.csv")
    save(tmp_path, "source,target\nc,a\nd,a\n", "ties.csv")
    return save(tmp_path, '[organisation]\nroster = "staff.csv"\nties = "ties.csv"\n')


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    scenario = load_scenario(save(tmp_path, ""))
    for name in ("months", "seed", "replicates", "title", "description"):
        assert getattr(scenario, name) == SCENARIO[name].default
    for section, group in sections().items():
        for parameter in group.parameters:
            if parameter.kind not in ("table", "list"):
                value = scenario.settings[section][parameter.name]
                if parameter.kind == "shares" and parameter.choices:
                    assert list(value) == list(parameter.choices)
                    value = {name: share for name, share in value.items() if share}
                assert value == parameter.default
    assert [skill["name"] for skill in scenario.settings["organisation"]["skills"]] == [
        skill["name"] for skill in DEFAULT_SKILLS
    ]
    assert set(scenario.origins.values()) == {"default"}
    assert [variant.name for variant in scenario.variants] == ["Base"]
    assert scenario.baseline == "Base"
    assert scenario.variant() is scenario.variants[0]


def test_what_is_written_replaces_defaults(comparison: Scenario) -> None:
    assert (comparison.title, comparison.months) == ("Which pairing policy?", 48)
    assert comparison.seed == 20261122
    assert comparison.settings["organisation"]["employees"] == 200
    assert comparison.origins["months"] == "line 2"
    assert comparison.origins["organisation.employees"] == "line 6"
    assert comparison.origins["programme.cohort_months"] == "line 10"
    assert comparison.origins["programme.policy"] == "default"
    assert comparison.file is not None and comparison.file.name == "scenario.toml"


def test_shares_sum_to_one_and_name_every_choice(comparison: Scenario) -> None:
    shares = comparison.settings["organisation"]["generations"]
    assert dict(shares) == {"boomer": 0.0, "gen_x": 0.0, "millennial": 0.75, "gen_z": 0.25}


def test_shares_that_sum_to_one_stay_as_they_are_written() -> None:
    def sites(first: float, second: float) -> list[float]:
        scenario = Scenario(organisation={"sites": {"A": first, "B": second}})
        return list(scenario.settings["organisation"]["sites"].values())

    assert sites(0.1, 0.9) == [0.1, 0.9]
    assert sites(6, 6) == [0.5, 0.5]
    assert sites(0, 0.99) == [0.0, 1.0]


def test_enormous_and_tiny_shares_are_scaled() -> None:
    sites = Scenario(organisation={"sites": {"A": 1e308, "B": 1e308, "C": 5e-324}})
    assert dict(sites.settings["organisation"]["sites"]) == {"A": 0.5, "B": 0.5, "C": 0.0}


def test_numbers_take_the_type_that_is_declared() -> None:
    scenario = Scenario(months=24.0, costs={"salary": 50_000})
    assert (scenario.months, type(scenario.settings["scenario"]["months"])) == (24, int)
    assert type(scenario.settings["costs"]["salary"]) is float


def test_variants_change_only_what_they_say(comparison: Scenario) -> None:
    reverse, nothing, trained = comparison.variants
    assert dict(reverse.overrides) == {"programme.policy": "reverse"}
    assert dict(reverse.origins) == {"programme.policy": "line 15"}
    assert reverse.settings["programme"]["training_hours"] == PROGRAMME["training_hours"].default
    assert trained.settings["programme"]["training_hours"] == 4.0
    assert trained.overrides["programme.training_hours"] == 4
    assert nothing.settings["organisation"] == comparison.settings["organisation"]
    assert comparison.settings["programme"]["policy"] == "none"


def test_lists_and_shocks_of_a_variant_replace_those_of_the_base(tmp_path: Path) -> None:
    text = """
        [[environment.shocks]]
        kind = "downturn"
        [[variant]]
        name = "A"
        [[variant]]
        name = "B"
        [[variant.environment.shocks]]
        kind = "hiring_freeze"
        month = 3
    """
    first, second = load_scenario(save(tmp_path, text)).variants
    assert [shock["kind"] for shock in first.settings["environment"]["shocks"]] == ["downturn"]
    (shock,) = second.settings["environment"]["shocks"]
    assert (shock["kind"], shock["month"], shock["size"]) == ("hiring_freeze", 3, None)


def test_the_baseline_is_the_first_without_a_programme(comparison: Scenario) -> None:
    assert comparison.baseline == "No programme"
    assert comparison.variant().name == "Reverse"
    assert comparison.with_settings(baseline="Reverse").variant().name == "No programme"
    policies = [{"name": name, "programme.policy": name} for name in ("reverse", "random")]
    assert Scenario(variants=policies).baseline == "reverse"


def test_variants_are_found_by_name_and_position(comparison: Scenario) -> None:
    assert comparison.variant("Reverse") is comparison.variant(0)
    with pytest.raises(InputError, match='"Revers".*[Dd]id you mean "Reverse"'):
        comparison.variant("Revers")
    for number in (-1, 3):
        with pytest.raises(InputError, match="0 to 2"):
            comparison.variant(number)


def test_code_and_file_say_the_same(comparison: Scenario) -> None:
    built = Scenario(
        title="Which pairing policy?",
        months=48,
        seed=20261122,
        organisation={"employees": 200, "generations": {"gen_z": 1, "millennial": 3}},
        programme={"cohort_months": 9},
        variants=[
            {"name": "Reverse", "programme": {"policy": "reverse"}},
            {"name": "No programme"},
            {
                "name": "Reciprocal, trained mentors",
                "programme.policy": "reciprocal",
                "programme.training_hours": 4,
            },
        ],
    )
    assert built == comparison
    assert hash(built) == hash(comparison)
    assert built.origins["organisation.employees"] == "given"
    assert Scenario(variants=built.variants).variants[2].overrides == built.variants[2].overrides


def test_with_settings_is_a_changed_copy(comparison: Scenario) -> None:
    changed = comparison.with_settings({"programme.start_month": 12, "months": 24}, seed=3)
    assert (changed.months, changed.seed) == (24, 3)
    assert all(variant.settings["programme"]["start_month"] == 12 for variant in changed.variants)
    assert changed.settings["organisation"] == comparison.settings["organisation"]
    assert changed.settings["programme"]["cohort_months"] == 9
    assert changed.origins["months"] == "changed"
    assert changed.origins["organisation.employees"] == "line 6"
    assert (comparison.months, comparison.seed) == (48, 20261122)
    assert comparison.with_settings() == comparison
    only = comparison.with_settings(variants=[{"name": "Alone", "programme.policy": "random"}])
    assert [variant.name for variant in only.variants] == ["Alone"]


def test_with_settings_checks_and_gives_no_line_of_the_file(comparison: Scenario) -> None:
    with pytest.raises(InputError) as caught:
        comparison.with_settings({"programme.places": 2})
    assert (caught.value.key, caught.value.line) == ("programme.places", None)
    with pytest.raises(InputError, match='variant "Reverse"') as caught:
        comparison.with_settings(months=5)
    found = caught.value
    assert (found.key, found.file, found.line) == ("programme.start_month", None, None)


PLACES = [
    {"name": "No programme", "programme.policy": "none"},
    {"name": "Reverse", "programme.policy": "reverse", "programme.places": 0.1},
    {"name": "Late: reverse", "programme.policy": "reverse", "programme.start_month": 18},
]


def places(scenario: Scenario) -> list[float]:
    return [variant.settings["programme"]["places"] for variant in scenario.variants]


def test_a_change_that_a_variant_would_not_take_over_is_refused() -> None:
    """It was lost without a word: the base changed, and "Reverse" kept its own."""
    scenario = Scenario(variants=PLACES)
    for changes in (
        {"programme.places": 0.3},
        {"programme": {"places": 0.3}},
        {"programme.places": 0.3, "Late: reverse: programme.places": 0.2},
    ):
        with pytest.raises(InputError, match='"Reverse" sets it') as caught:
            scenario.with_settings(changes)
        assert caught.value.key == "programme.places"
        assert '"Reverse: programme.places"' in str(caught.value)
        assert '"*: programme.places"' in str(caught.value)
    with pytest.raises(InputError, match='"No programme", "Reverse", "Late: reverse" set it'):
        scenario.with_settings({"programme.policy": "random"})
    changed = scenario.with_settings({"programme.places": 0.3, "Reverse: programme.places": 0.2})
    assert places(changed) == [0.3, 0.2, 0.3]
    assert changed.variant("Reverse").origins["programme.places"] == "changed"


def test_one_variant_or_every_one_can_be_addressed() -> None:
    scenario = Scenario(variants=PLACES)
    default = scenario.settings["programme"]["places"]
    for key in ("Reverse: programme.places", "Reverse:programme.places"):
        assert places(scenario.with_settings({key: 0.4})) == [default, 0.4, default]
    assert places(scenario.with_settings({"Reverse: programme": {"places": 0.4}}))[1] == 0.4
    assert places(scenario.with_settings({"Late: reverse: programme.places": 0.4}))[2] == 0.4
    assert places(scenario.with_settings({"*: programme.places": 0.4})) == [0.4] * 3
    assert places(Scenario().with_settings({"Base: programme.places": 0.4})) == [0.4]
    assert scenario.with_settings({"Reverse: programme.places": 0.1}) == scenario
    for changes, words in (
        ({"Revers: programme.places": 0.4}, 'Did you mean "Reverse"'),
        ({"Reverse: places": 0.4}, "Reverse: programme.places"),
        ({"Reverse: months": 24}, "no setting of a variant"),
        ({"Reverse: programme.place": 0.4}, 'variant "Reverse": programme.place: unknown key'),
        ({"Reverse: organisation.employees": 40}, "variants cannot differ in it"),
        ({"Reverse: programme.places": 2}, 'variant "Reverse": programme.places: 2 is out of'),
        ({"Reverse: programme.places": 0.3, "*: programme.places": 0.2}, "given twice"),
        ({"Reverse: programme.places": 0.3, "variants": PLACES}, "variants are replaced"),
    ):
        with pytest.raises(InputError) as caught:
            scenario.with_settings(changes)
        assert words in str(caught.value), caught.value


@pytest.mark.parametrize("variant", [None, "Reverse", "*", "Late: reverse"])
def test_an_address_is_read_as_it_is_written(variant: str | None) -> None:
    assert split_key(address(variant, "programme.places")) == (variant, "programme.places")


def test_settings_cannot_be_changed(comparison: Scenario) -> None:
    with pytest.raises(TypeError):
        comparison.settings["programme"]["policy"] = "random"  # type: ignore[index]
    with pytest.raises(AttributeError):
        comparison.months = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        comparison.variants[0].name = "Other"  # type: ignore[misc]


def test_only_content_counts_in_the_digest(comparison: Scenario, tmp_path: Path) -> None:
    reordered = "# a comment\nseed=20261122\n" + COMPARISON.replace("seed = 20261122\n", "")
    assert load_scenario(save(tmp_path, reordered, "other.toml")) == comparison
    digests = {comparison.digest()}
    for change in ({"seed": 2}, {"title": "x"}, {"costs.load": 1.25}, {"baseline": "Reverse"}):
        digests.add(comparison.with_settings(change).digest())
    assert len(digests) == 5
    assert comparison != "a scenario"


def test_scenarios_survive_pickling(with_roster: Path, comparison: Scenario) -> None:
    for scenario in (comparison, load_scenario(with_roster)):
        copy = pickle.loads(pickle.dumps(scenario))
        assert copy == scenario
        assert copy.variants == scenario.variants
        assert copy.origins == scenario.origins
        assert isinstance(copy.variants[0], Variant)


def test_a_roster_decides_the_organisation(with_roster: Path) -> None:
    scenario = load_scenario(with_roster)
    organisation = scenario.settings["organisation"]
    assert [organisation[key] for key in ("employees", "levels", "departments")] == [4, 3, 2]
    assert dict(organisation["sites"]) == {"Paris": 0.75, "Lyon": 0.25}
    assert scenario.origins["organisation.levels"] == "roster"
    assert scenario.roster is not None
    assert scenario.roster.ties.tolist() == [[2, 0], [3, 0]]


def test_a_roster_counts_by_content_and_is_read_once(with_roster: Path) -> None:
    scenario = load_scenario(with_roster)
    folder = with_roster.parent
    save(folder, ROSTER, "copy.csv")
    text = with_roster.read_text()
    renamed = save(folder, text.replace("staff.csv", "copy.csv"), "renamed.toml")
    assert load_scenario(renamed) == scenario
    save(folder, ROSTER.replace("d,1,Works", "d,2,Works"), "copy.csv")
    assert load_scenario(renamed) != scenario
    (folder / "staff.csv").unlink()
    assert scenario.with_settings(seed=9).roster is scenario.roster


@pytest.mark.parametrize("begin, ends", [("\ufeff", "\n"), ("", "\r\n"), ("\ufeff", "\r\n")])
def test_windows_files_are_read_with_the_same_lines(
    tmp_path: Path, comparison: Scenario, begin: str, ends: str
) -> None:
    windows = load_scenario(save(tmp_path, begin + COMPARISON.replace("\n", ends), "w.toml"))
    assert windows == comparison
    assert windows.origins == comparison.origins


def test_the_starter_is_the_usual_comparison_at_defaults(tmp_path: Path) -> None:
    scenario = load_scenario(save(tmp_path, new_scenario('Which "one"?')))
    policies = [variant.settings["programme"]["policy"] for variant in scenario.variants]
    assert policies == ["none", "random", "traditional", "reverse", "reciprocal"]
    assert scenario.baseline == "No programme"
    assert scenario.title == 'Which "one"?'
    assert scenario.settings["organisation"] == Scenario().settings["organisation"]
    one_size = {"participation": "asked_by_name", "places": 0.1}
    assert scenario.settings["programme"] == {**Scenario().settings["programme"], **one_size}
    with pytest.raises(InputError, match="control character"):
        new_scenario("two\nlines")


def test_importing_scenarios_is_light() -> None:
    heavy = "{'pandas', 'matplotlib', 'mesa', 'numba'}"
    code = f"import sim.scenario, sys; print(sorted({heavy} & set(sys.modules)))"
    command = [sys.executable, "-c", code]
    here = ROOT
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "other", ["Re\u200bverse", "Ｒeverse", "R\u0435verse", "REVERSE", "Reverse\u00ad"]
)
def test_two_variants_that_look_the_same_are_refused(other: str) -> None:
    """A zero-width space, a full-width letter, a Cyrillic one: nobody could tell the two apart in a table."""
    with pytest.raises(InputError) as caught:
        Scenario(variants=[{"name": "Reverse"}, {"name": other}])
    assert "looks the same" in str(caught.value) or "control" in str(caught.value).lower()


@pytest.mark.parametrize("name", ["None", "NA", "null", "n/a"])
def test_a_name_that_readers_of_tables_take_for_nothing_is_remarked_on(name: str) -> None:
    scenario = Scenario(variants=[{"name": name, "programme.policy": "none"}, {"name": "Random"}])
    (remark,) = [one for one in unusual(scenario) if "pandas.read_csv" in one]
    assert f'("{name}")' in remark
