"""What a study file may say, and what is said where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from places import SCENARIOS
from sim.errors import InputError
from sim.experiments.sweeps.cells import Cells
from sim.experiments.sweeps.factors import Factor
from sim.experiments.sweeps.model import FirmModel
from sim.experiments.sweeps.reading import load_study
from sim.experiments.sweeps.study import Study
from sim.scenario import Scenario, load_scenario
from sim.scenario.schema import sections

HEAD = """\
title = "Places"
scenario = "firm.toml"
replicates = 2
"""
FIRM = """\
months = 18
[organisation]
employees = 40
[[variant]]
name = "No programme"
programme.policy = "none"
[[variant]]
name = "Reverse"
programme.policy = "reverse"
programme.mentor_capacity = 2
"""


def study(folder: Path, text: str) -> Study:
    (folder / "firm.toml").write_text(FIRM, encoding="utf-8")
    (folder / "empty.csv").write_text("programme.places\n", encoding="utf-8")
    (folder / "nothing.csv").write_text("", encoding="utf-8")
    (folder / "latin.csv").write_bytes(b"programme.places,gr\xf6\xdfe\n0.1,2\n")
    (folder / "broken.parquet").write_bytes(b"PAR1 and no more")
    (folder / "study.toml").write_text(HEAD + text, encoding="utf-8")
    return load_study(folder / "study.toml")


def test_a_whole_study(tmp_path: Path) -> None:
    made = study(
        tmp_path,
        """
question = "How many places?"
outcomes = ["quits"]
[settings]
programme.start_month = 3
[levers]
programme.places = { low = 0.1, high = 0.3 }
"Reverse: programme.mentor_capacity" = [1, 2, 4]
[uncertainties]
"volunteering.mentor_share" = {}
[[design]]
kind = "grid"
levels = 2
factors = "levers"
[[design]]
kind = "sobol"
points = 8
""",
    )
    assert made.keys == (
        "programme.places", "Reverse: programme.mentor_capacity", "volunteering.mentor_share",
    )  # fmt: skip
    assert [factor.role for factor in made.factors] == ["lever", "lever", "uncertainty"]
    declared = sections()["volunteering"]["mentor_share"]
    assert (made.factors[2].low, made.factors[2].high) == declared.prior
    rows = made.rows()
    assert len(rows) == 2 * 3 + 8
    # What a block does not vary has the scenario's own value.
    assert {row[2] for row in rows[:6]} == {declared.default}
    assert [row[:2] for row in rows[:6]] == [
        (0.1, 1),
        (0.1, 2),
        (0.1, 4),
        (0.3, 1),
        (0.3, 2),
        (0.3, 4),
    ]
    assert made.outcomes == ("quits",)
    assert isinstance(made.model, FirmModel)
    assert made.model.against == "No programme"
    plan = made.model.plan(1, rows[5])
    assert plan.settings["programme"]["places"] == 0.3
    assert plan.settings["programme"]["mentor_capacity"] == 4
    assert plan.window_start == 3


MISTAKES = [
    ('[levers]\nprogramme.mentor_capacity = [1, 2]\ndesign = "grid"', ['line 5: levers.programme.mentor_capacity: it is set by "Reverse"', '"Reverse: programme.mentor_capacity"']),
    ("[levers]\nprogramme.plases = [1]", ["line 5", "unknown key", 'Did you mean "programme.places"?']),
    ("[levers]\nprogram.places = [1]", ['unknown section "program"']),
    ("[levers]\nprogramme.places = { low = 0.3, high = 0.1 }", ["low (0.3) is above high (0.1)"]),
    ("[levers]\nprogramme.places = { low = 0.3 }", ["high is missing"]),
    ("[levers]\nprogramme.places = { low = 0.1, high = 7.0 }", ["7 is out of range"]),
    ("[levers]\nprogramme.places = 3", ["3 is neither a range nor values"]),
    ("[levers]\nprogramme.places = []", ["there are no values"]),
    ("[levers]\nprogramme.places = [0.1, 0.1]", ["0.1 is there twice"]),
    ('[levers]\nprogramme.places = ["many"]', ["is not a number"]),
    ("[levers]\nprogramme.places = { low = 0.0, high = 0.5, scale = \"logarithmic\" }", ["cannot begin at 0"]),
    ("[levers]\nprogramme.places = { lo = 0.0 }", ["unknown key", 'Did you mean "low"?']),
    ('[levers]\n"Revers: programme.places" = [0.1]', ['there is no variant "Revers"', 'Did you mean "Reverse"?']),
    ('[levers]\n"Reverse: organisation.employees" = [10, 20]', ["all variants share the same people"]),
    ("[levers]\nseed = [1, 2]", ["seed cannot vary"]),
    ("[levers]\nprogramme.places = [0.1]\n[uncertainties]\nprogramme.places = [0.2]", ["both a lever and an uncertainty"]),
    ("[levers]\nprogramme.places = [0.1]", ["there is no design"]),
    ('design = "gird"\n[levers]\nprogramme.places = [0.1]', ['Did you mean "grid"?']),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"latin_hypercube\"", ["points is missing"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"sobol\"\npoints = 100", ["line 8", "100 is not a power of two", "Use 64 or 128"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"grid\"\nsize = 3", ["unknown option of grid"]),
    ("[levers]\nprogramme.places = [0.1]\nprogramme.meetings_per_month = [1, 2]\n[[design]]\nkind = \"zip\"", ["the lists differ in length"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"table\"\nfile = \"no.csv\"", ['the file "no.csv" does not exist']),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"list\"\npoints = [{ programme.places = 0.2 }]", ["point 1: 0.2 is not among the values"]),
    ("replicate = 3", ["line 4: replicate: unknown key", 'Did you mean "replicates"?']),
    ('variants = ["Revers"]', ['Did you mean "Reverse"?']),
    ('against = "Nothing"', ["against: there is no variant"]),
    ('outcomes = ["quit"]', ['Did you mean "quits"?']),
    ('series = ["retention_12_months"]', ["series: there is no outcome"]),
    ("[stopping]\nrule = \"precision\"\noutcome = \"quits\"", ["half_width is missing"]),
    ("[stopping]\nrule = \"precise\"", ['Did you mean "precision"?']),
    ("[stopping]\nrule = \"precision\"\noutcome = \"quits\"\nhalf_width = -1", ["-1 is out of range"]),
    ("[execution]\nengine = \"ray\"", ["is no engine"]),
    ("[execution]\nworkers = 0", ["0 is out of range"]),
    ('uncertainties = "no.csv"', ["the ensemble cannot be read"]),
    ("[settings]\nprogramme.plases = 1", ["unknown key"]),
    ("[levers]\nprogramme.mentee_from_level = [1, 5]\nprogramme.mentee_to_level = [2, 5]\n[[design]]\nkind = \"grid\"", ["point 2", "mentee_from_level = 5", "no level"]),
    ("[[design]]\nkind = \"optimise\"\nobjectives = { quit = \"min\" }\nconstraints = { quits = 3 }", ['Did you mean "quits"?', "3 is no limit", "nothing to search over"]),
    ("settings = 3", ["line 4: settings: 3 is no section", "write [settings]"]),
    ("question = 3", ["line 4: question: 3 is not text", "put it in quotation marks"]),
    ("variants = \"Reverse\"", ["names no variants", "give a list of names"]),
    ("levers = 3", ["3 is no section", "write [levers]"]),
    ("uncertainties = 3", ["3 is no section"]),
    ("uncertainties = []", ["is no section"]),
    ("design = 3\n[levers]\nprogramme.places = [0.1]", ["3 is no design", "write [[design]]"]),
    ("outcomes = 3", ["3 is no list of outcomes"]),
    ("execution = 3", ["3 is no section", "write [execution]"]),
    ("stopping = 3", ["3 stands where a section belongs", "write [stopping]"]),
    ("[execution]\ntimeout_seconds = 0", ["0 is out of range", "write seconds above 0"]),
    ("[execution]\nworker = 2", ["unknown key", 'Did you mean "workers"?']),
    ("[levers]\nprogramme.places = { low = 0.1, high = 0.2, values = [0.1] }", ["both a range and values are given"]),
    ('[levers]\n"Reverse: months" = [10, 20]', ["variants cannot differ in months", "write months alone"]),
    ("[levers]\norganisation.roster = [\"a.csv\", \"b.csv\"]", ["text cannot vary"]),
    ("[levers]\nprogramme.places = { low = 0.1, high = 0.2, scale = \"square\" }", ["is no scale", '"logarithmic"']),
    ("[levers]\nprogramme.start_month = {}", ["no plausible range is declared for it", "give low and high"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nlevels = 2", ["the design has no kind", "grid, one_at_a_time"]),
    ("design = \"grid\"", ["there is no factor to vary"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"grid\"\nlevels = 0", ["0 is out of range", "whole number"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"grid\"\nfactors = 3", ["3 names no factors"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"grid\"\nfactors = [\"programme.plases\"]", ["is no factor of this study", 'Did you mean "programme.places"?']),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\nvolunteering.mentor_share = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"grid\"\nlevels = 100000", ["100000 × 100000 = 10000000000 points", "use fewer levels"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"zip\"", ["has a range, and zip goes along lists"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"list\"\npoints = 3", ["3 is no list of points"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"list\"\npoints = [3]", ["point 1 is 3"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"list\"\npoints = [{ programme.plases = 0.1 }]", ["point 1", '"programme.plases" is no factor']),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"table\"\nfile = \"firm.toml\"", ['the column "months = 18" is no factor']),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"table\"\nfile = \"empty.csv\"", ["the table has no rows"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"table\"\nfile = \"nothing.csv\"", ["the table cannot be read"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"table\"\nfile = \"broken.parquet\"", ["the table cannot be read"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"morris\"\nlevels = 5", ["5 levels are not an even number"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"crossed\"\nlever = 3", ["unknown option of crossed", 'Did you mean "levers"?']),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"crossed\"\nlevers = { kind = \"grid\" }", ["uncertainties is missing"]),
    ("[levers]\nprogramme.places = [0.1]\n[uncertainties]\nengagement.reversion = {}\n[[design]]\nkind = \"crossed\"\nlevers = { kind = \"grid\" }\nuncertainties = { kind = \"morris\" }", ["morris cannot be crossed"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[uncertainties]\nengagement.reversion = {}\n[[design]]\nkind = \"crossed\"\nlevers = { kind = \"grid\", levels = 100000 }\nuncertainties = { kind = \"grid\", levels = 100000 }", ["there are 10000000000 points", "use at most"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"optimise\"\nobjectives = { quits = \"min\" }\n[[design]]\nkind = \"optimise\"\nobjectives = { quits = \"min\" }", ["there are two searches"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"optimise\"\nobjectives = { quits = \"min\" }\n[[design]]\nkind = \"grid\"", ["a search stands before other designs", "put it last"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"optimise\"\nobjectives = []", ["are no objectives"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"optimise\"\nobjectives = { quits = \"less\" }\nconstraints = 3\nvariant = \"Revers\"\nmethod = \"genetic\"", ['"less" is no goal', "3 are no constraints", 'Did you mean "Reverse"?', "is no method"]),
    ("[levers]\nprogramme.places = {low = 0.1, high = 0.2}\n[[design]]\nkind = \"optimise\"\nobjectives = { quits = \"min\" }\nconstraints = { quit = { most = 3 } }", ['there is no outcome "quit"']),
    ("[stopping]\nrule = \"precision\"\noutcome = \"quit\"\nhalf_width = 1\nmost = 0\nvariant = \"Revers\"", ['Did you mean "quits"?', "0 is out of range", 'Did you mean "Reverse"?']),
    ("[stopping]\nrule = \"selection\"\noutcome = \"quits\"\nindifference = 0\nbudget = 3\namong = \"points\"", ["0 is out of range", "unknown option of selection", '"points" is not known']),
    ("[stopping]\nrule = \"allocation\"\noutcome = \"quits\"\nbudget = 1.5", ["1.5 is out of range", "whole number"]),
    ("replicates = 2", ["line 4"]),
    ('variants = ["Reverse", "Reverse"]', ['line 4: variants: "Reverse" is there twice']),
    ("[levers]\nprogramme.places = [0.1, 0.2]\n\"*: programme.places\" = [0.2, 0.3]\n[[design]]\nkind = \"grid\"", ['line 5: levers.programme.places: "*: programme.places" sets it in every variant, where this does nothing']),
    ("[levers]\n\"Reverse: programme.places\" = [0.1]\n\"*: programme.places\" = [0.2]\ndesign = \"grid\"", ["line 5", "sets it in every variant"]),
    ("[levers]\n\"Reverse: programme.places\" = [0.1]\n\"Reverse:programme.places\" = [0.2]\n[[design]]\nkind = \"grid\"", ["line 6", "it is given twice"]),
    ("[levers]\n\"programme.places\" = [0.1]\nprogramme.places = [0.2]\n[[design]]\nkind = \"grid\"", ["it is given twice"]),
    ("[levers]\nprogramme.places = [0.1]\n\"Reverse: programme.places\" = [0.2]\n\"No programme: programme.places\" = [0.3]\n[[design]]\nkind = \"grid\"", ["line 5", "every variant has it as a factor of its own"]),
    ("[levers]\nprogramme.places = [0.1, 0.2]\n[[design]]\nkind = \"list\"\npoints = [{ \"programme.places\" = 0.1, programme.places = 0.2 }]", ['point 1: "programme.places" is given twice']),
    ("[levers]\nengagement.reversion = {}\n[[design]]\nkind = \"latin_hypercube\"\npoints = 2000000", ["line 8: design[1].points: there would be 2000000 points", "at most 1000000"]),
    ("[levers]\nengagement.reversion = {}\n[[design]]\nkind = \"sobol\"\npoints = 9999999999999", ["there would be 9999999999999 points"]),
    ("[levers]\nengagement.reversion = {}\n[[design]]\nkind = \"saltelli\"\npoints = 524288", ["there would be 1572864 points"]),
    ("[levers]\nengagement.reversion = {}\n[[design]]\nkind = \"morris\"\ntrajectories = 1000000", ["design[1].trajectories: there would be 2000000 points"]),
    ("[levers]\nengagement.reversion = {}\n[[design]]\nkind = \"grid\"\nlevels = 60000000", ["design[1].levels: there would be 60000000 points"]),
    ("against = 3", ["there is no variant 3"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"table\"\nfile = \".\"", ["is a folder", "name a CSV or Parquet file"]),
    ("[levers]\nprogramme.places = [0.1]\n[[design]]\nkind = \"table\"\nfile = \"latin.csv\"", ["the table is not UTF-8 text"]),
    ("[levers\nprogramme.places = [0.1]", ["line 4"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_mistakes_are_told(tmp_path: Path, text: str, told: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        study(tmp_path, text)
    for words in told:
        assert words.lower() in str(caught.value).lower()
    assert "study.toml" in str(caught.value) or "no.csv" in str(caught.value)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        study(
            tmp_path,
            """against = "Nothing"
outcomes = ["quit"]
[levers]
programme.plases = [1]
programme.places = { low = 0.3, high = 0.1 }
[[design]]
kind = "gird"
""",
        )
    told = str(caught.value).splitlines()
    assert told[0].startswith("5 things are wrong with this study")
    assert [line.split(": ")[0].rpartition(" ")[2] for line in told[1:]] == [
        "4",
        "7",
        "8",
        "10",
        "5",
    ]


def test_factors_that_are_wrong_are_not_also_lacking(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        study(tmp_path, '[levers]\nprogramme.plases = [1]\n[[design]]\nkind = "grid"\nlevel = 3\n')
    told = str(caught.value)
    assert told.startswith("2 things are wrong") and "no factor to vary" not in told


def test_more_runs_than_can_be_held_are_refused_before_anything_is_made(tmp_path: Path) -> None:
    text = (
        '[levers]\nengagement.reversion = {}\n[[design]]\nkind = "halton"\npoints = 60\n'
        '[execution]\nengine = "here"\n'
    )
    study(tmp_path, text)
    whole = (tmp_path / "study.toml").read_text().replace("replicates = 2", "replicates = 1000000")
    (tmp_path / "study.toml").write_text(whole)
    with pytest.raises(
        InputError, match="60 points × 2 variants × 1000000 replicates are 120000000"
    ):
        load_study(tmp_path / "study.toml")


def test_a_variants_own_factor_holds_in_whatever_order_they_are_written(tmp_path: Path) -> None:
    made = study(
        tmp_path,
        '[levers]\n"Reverse: programme.places" = [0.1, 0.2]\nprogramme.places = [0.3, 0.4]\n'
        '[[design]]\nkind = "zip"\n',
    )
    assert isinstance(made.model, FirmModel)
    places = [
        [made.model.settings(variant, row)["programme"]["places"] for variant in (0, 1)]
        for row in made.rows()
    ]
    assert places == [[0.3, 0.1], [0.4, 0.2]]


def test_a_scenario_that_is_missing_or_wrong(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text('title = "x"\n')
    with pytest.raises(InputError, match="no scenario is named"):
        load_study(file)
    file.write_text('scenario = "study.toml"\n')
    with pytest.raises(InputError, match="the study names itself"):
        load_study(file)
    file.write_text('scenario = "firm.tom"\n')
    with pytest.raises(
        InputError, match='study.toml, line 1: scenario: the file "firm.tom" does not exist'
    ):
        load_study(file)
    (tmp_path / "firm.toml").write_text("months = 0\n")
    file.write_text('scenario = "firm.toml"\n')
    with pytest.raises(InputError, match="firm.toml, line 1: months: 0 is out of range"):
        load_study(file)


def test_a_table_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("programme.places,months\n0.2,12\n,24\n", encoding="utf-8")
    made = study(
        tmp_path,
        '[levers]\nprogramme.places = { low = 0.1, high = 0.3 }\nmonths = { low = 6, high = 36 }\n'
        '[[design]]\nkind = "table"\nfile = "points.csv"\n',
    )  # fmt: skip
    default = sections()["programme"]["places"].default
    assert made.rows() == [(0.2, 12), (default, 24)]
    (tmp_path / "points.csv").write_text("programme.places,cadence\n0.9,1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_study(tmp_path / "study.toml")
    assert '"cadence" is no factor' in str(caught.value) and "0.9 is outside the range" in str(
        caught.value
    )


def test_what_is_equal_is_simulated_once(tmp_path: Path) -> None:
    made = study(
        tmp_path,
        '[levers]\nprogramme.places = [0.1, 0.2]\n"Reverse: programme.meetings_per_month" = [1, 2]\n'
        '[uncertainties]\n"volunteering.mentor_share" = [0.5, 0.9]\n"engagement.pull" = {}\n'
        '[[design]]\nkind = "grid"\nlevels = 2\n'.replace('"engagement.pull" = {}\n', ""),
    )  # fmt: skip
    cells = Cells(made.model)
    cells.add(made.rows())
    # The firm without a programme is the same at all eight points.
    assert (cells.owner[0::2] == 0).all()
    assert len(set(cells.owner[1::2].tolist())) == 8


def test_a_firm_without_programme_feels_nothing_of_how_one_would_be() -> None:
    """What Cells takes for equal is equal: every setting about programmes, changed, changes nothing."""
    base = Scenario(
        months=18,
        organisation={"employees": 30},
        variants=[{"name": "None"}, {"name": "Some", "programme.policy": "traditional"}],
        programme={"start_month": 3},
    )
    own, told = FirmModel(base, ("None", "Some"), "None", ()), []
    for section in ("programme", "volunteering", "pairing", "support"):
        for parameter in sections()[section].parameters:
            value = _another(parameter)
            if value is None or parameter.name == "policy":
                continue
            key = f"{section}.{parameter.name}"
            factor = Factor(key, "lever", None, section, parameter.name, (value,))
            model = FirmModel(base, ("None", "Some"), "None", (factor,))
            if model.decides(0, (value,)) != ():
                told.append(parameter.name)
            elif repr(model.live(0, (value,), 1)) != repr(own.live(0, (), 1)):
                raise AssertionError(f"{section}.{parameter.name} changes a firm without programme")
    assert told == ["start_month"]


def _another(parameter: object) -> object:
    kind, default = parameter.kind, parameter.default  # type: ignore[attr-defined]
    if kind == "boolean":
        return not default
    if kind == "choice":
        words = [word for word in parameter.words if word not in (default, "flow")]  # type: ignore[attr-defined]
        return words[-1] if words else None
    if kind not in ("number", "integer"):
        return None
    ends = parameter.prior or (parameter.low, min(parameter.high, 2 * (default or 0) + 3))  # type: ignore[attr-defined]
    value = ends[1] if ends[1] != default else ends[0]
    return int(value) if kind == "integer" else float(value)


def test_a_cell_is_that_variant_of_the_scenario_at_that_point(tmp_path: Path) -> None:
    """The short way to a plan gives what the scenario itself would give."""
    from sim.experiments.compare import compare
    from sim.experiments.sweeps.checking import scenario_at

    made = study(
        tmp_path,
        '[levers]\nprogramme.places = [0.1, 0.25]\n"Reverse: programme.mentor_capacity" = [1, 3]\n'
        '[uncertainties]\norganisation.hierarchy_strength = [0.2, 0.8]\nmonths = [12, 18]\n'
        '[[design]]\nkind = "zip"\n',
    )  # fmt: skip
    model = made.model
    assert isinstance(model, FirmModel)
    for row in made.rows():
        comparison = compare(scenario_at(model, row), replicates=2, workers=1)
        told = comparison.outcomes.pivot(
            index=["variant", "replicate"], columns="outcome", values="value"
        )
        for variant, name in enumerate(model.variants):
            for replicate in range(2):
                values = model.live(variant, row, replicate).values
                expected = told.loc[(name, replicate)][list(model.outcomes)].tolist()
                assert repr(values) == repr(expected)


def test_the_ensemble_varies_what_the_scenario_leaves_open(tmp_path: Path) -> None:
    made = study(tmp_path, 'uncertainties = "ensemble"\n')
    model = made.model
    assert isinstance(model, FirmModel) and model.ensemble is not None
    from sim.experiments.compare import compare

    comparison = compare(
        load_scenario(tmp_path / "firm.toml"), replicates=4, ensemble=True, workers=1
    )
    told = comparison.outcomes.query("variant == 'Reverse'").pivot(
        index="replicate", columns="outcome", values="value"
    )
    for replicate in (0, 3):
        expected = told.loc[replicate][list(model.outcomes)].tolist()
        assert repr(model.live(1, made.rows()[0], replicate).values) == repr(expected)


@pytest.mark.long
@pytest.mark.parametrize(
    "path", sorted((SCENARIOS / "sweeps").glob("*.toml")), ids=lambda path: path.stem
)
def test_shipped_studies_are_right(path: Path) -> None:
    made = load_study(path)
    assert made.question and made.rows()
