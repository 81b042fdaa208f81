"""Pages made from the declarations: every parameter, outcome and decision, so that none can drift.

``python -m sim.documentation docs`` writes them; a test fails while they are stale.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

from sim.calibration.page import calibration_page
from sim.calibration.targets import TARGETS
from sim.engine import columns
from sim.engine.decisions import DECISIONS
from sim.experiments.compare import compare
from sim.experiments.knowing import KNOWING
from sim.experiments.manifest import ALWAYS, AS_CSV, AS_PARQUET
from sim.experiments.sweeps.study import Study
from sim.experiments.uncertainty import COLUMNS
from sim.experiments.value import MEANINGS, REPLACEMENT_SHARES
from sim.mechanisms.mechanism import Mechanism
from sim.mechanisms.month import EVERY_MECHANISM
from sim.outcomes.declared import OUTCOMES
from sim.parameters import Parameter
from sim.scenario import Scenario
from sim.scenario.catalogue import GROUPS
from sim.studies import STUDIES

__all__ = [
    "PAGES",
    "columns_page",
    "decisions_page",
    "description_of_study",
    "evidence_page",
    "main",
    "mechanism_page",
    "mechanisms_page",
    "outcomes_page",
    "parameters_page",
    "uncertainty_page",
    "value_page",
]

_MADE = "<!-- made by `python -m sim.documentation docs`; do not edit -->\n"


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _row(*cells: object) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _range(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(parameter.choices)
    if not parameter.is_numeric or parameter.kind == "boolean":
        return ""
    return f"{parameter.low:g} to {parameter.high:g}"


def parameters_page() -> str:
    """Every declared parameter: default, unit, range, prior, source, grade, neutral value."""
    lines = ["# Parameters", "", _MADE]
    for group in GROUPS:
        lines += [f"## `[{group.name}]` {group.title}", ""]
        lines += [
            _row("name", "default", "unit", "range", "plausible", "grade", "source", "meaning")
        ]
        lines += [_row(*["---"] * 8)]
        for one in group.parameters:
            default = "worked out" if one.default is None else one.default
            if one.kind in ("table", "shares"):
                default = "see `mentorsim check`"
            prior = "" if one.prior is None else f"{one.prior[0]:g} to {one.prior[1]:g}"
            neutral = "" if one.neutral is None else f" Neutral: {_plain(one.neutral)}."
            lines.append(
                _row(f"`{one.name}`", default, one.unit, _range(one), prior, one.grade, one.source,
                     one.meaning + neutral)
            )  # fmt: skip
        lines.append("")
    return "\n".join(lines)


def outcomes_page() -> str:
    """Every outcome: unit, formula, which way is better."""
    lines = ["# Outcomes", "", _MADE]
    lines += [_row("name", "title", "unit", "better", "meaning", "formula"), _row(*["---"] * 6)]
    better = {True: "higher", False: "lower", None: ""}
    for one in OUTCOMES:
        lines.append(
            _row(f"`{one.name}`", one.title, one.unit, better[one.higher_is_better], one.meaning,
                 one.formula)
        )  # fmt: skip
    return "\n".join([*lines, ""])


def decisions_page() -> str:
    """Every addressed decision, and what each mechanism reads, writes and draws."""
    lines = ["# Decisions and declarations", "", _MADE, "## Decisions", ""]
    lines += [_row("code", "decision", "who, other, when", "lanes"), _row(*["---"] * 4)]
    for decision in DECISIONS:
        lines.append(
            _row(decision.code, decision.name, decision.address, "; ".join(decision.lanes))
        )
    lines += ["", "## Mechanisms, in the order of a month", ""]
    lines += [_row("mechanism", "reads", "writes", "draws"), _row(*["---"] * 4)]
    for one in EVERY_MECHANISM:
        lines.append(
            _row(one.name, ", ".join(one.reads), ", ".join(one.writes), ", ".join(one.draws))
        )
    return "\n".join([*lines, ""])


def value_page() -> str:
    """Every quantity of the table of value."""
    shares = ", ".join(str(share) for share in REPLACEMENT_SHARES)
    lines = ["# Value", "", _MADE]
    lines += [
        "What `value.csv` and `Comparison.value` hold for every variant, against a baseline without a",
        f"programme, in the same firms. Names that end in `_` are followed by {shares} (% of salary).",
        "",
        _row("quantity", "meaning"),
        _row("---", "---"),
    ]
    return "\n".join([*lines, *(_row(f"`{name}`", text) for name, text in MEANINGS.items()), ""])


def uncertainty_page() -> str:
    """Every column of the table that tells chance and ignorance apart."""
    lines = ["# Uncertainty", "", _MADE]
    lines += [
        "What `uncertainty.csv` and `Comparison.uncertainty` hold with `compare --ensemble`, for every variant",
        "and outcome. Every two firms share a parameter set: how they differ is chance, how much more the sets",
        "differ is ignorance of the parameters. Intervals in all tables then rest on the means of the sets, so",
        "that they hold both.",
        "",
        "How far to trust it, tried with made-up effects whose truth is known, single firms differing twice as",
        "much as the sets do: where nine of ten sets truly have the direction, *holds* is said in 7 to 16 of",
        "100 runs, with 5 sets as with 100; where 99 of 100 have it, in 38 with 10 sets, 62 with 50 and 76 with",
        "100. A parameter that makes a third of the differences between the sets' means is named in 90 of 100",
        "runs with 50 sets (100 firms), in 33 with 25. Where no parameter matters, one is named in about 5.",
        "",
        _row("column", "meaning"),
        _row("---", "---"),
    ]
    lines += [_row(f"`{name}`", text) for name, text in COLUMNS.items()]
    lines += [
        "",
        "## The value of knowing",
        "",
        "`value_of_knowing.csv` and `Comparison.value_of_knowing` say what to find out before one chooses: for",
        "every goal and the ten parameters that seem to bring most, how much more one would reach on average if",
        "one knew the parameter and chose by it (the expected value of partial perfect information). Looked for",
        "from 20 sets.",
        "",
        "How far to trust it, tried on two programmes whose effects differ linearly in a normal parameter, where",
        "the value is known in closed form: with 50 to 300 sets the interval held it in 95 to 97 of 100",
        "repetitions, and of parameters without influence 3 to 8 of 100 had a p value of at most 0.05.",
        "",
        _row("column", "meaning"),
        _row("---", "---"),
        *(_row(f"`{name}`", text) for name, text in KNOWING.items()),
        "",
    ]
    return "\n".join(lines)


_COLUMNS = {
    "PERSON": "`state.person`: real numbers of people, shape (columns, slots)",
    "PERSON_WHOLE": "`state.whole`: whole numbers of people, shape (columns, slots)",
    "DYAD": "`state.dyad`: real numbers of pairs, shape (columns, pairs); declared as `dyad.NAME`",
    "DYAD_WHOLE": "`state.dyad_whole`: whole numbers of pairs; declared as `dyad.NAME`",
    "POST": "`state.post`: places in the organisation chart; declared as `post.NAME`",
    "DEPARTMENT": "`state.department`: real numbers of departments",
    "DEPARTMENT_WHOLE": "`state.department_whole`: whole numbers of departments",
    "SURROUNDINGS": "`state.surroundings`: factors of every month, shape (columns, months)",
    "COUNTS": "`state.counts`: single numbers",
    "MEASURES": "`state.monthly`: what is recorded, shape (months, measures); `sums[NAME]` in an outcome",
}
"""The tuples of :mod:`sim.engine.columns`, in the order in which they are shown."""

_ENTRY = re.compile(r'^    "(\w+)",(?:  # (.*))?$', re.MULTILINE)


def columns_page() -> str:
    """Every column, measure and column of a table that extensions, studies and models may use."""
    source = inspect.getsource(columns)
    lines = ["# Columns and measures", "", _MADE]
    lines += [
        "What extensions, studies and Mesa models may read. `from sim import columns`; a column's constant has",
        "its name in capitals (`state.person[columns.ENGAGEMENT]`), a measure's place is `columns.M[NAME]`.",
        "",
    ]
    for name, title in _COLUMNS.items():
        lines += [f"## {title}", "", _row("name", "meaning"), _row("---", "---")]
        meanings = dict(_ENTRY.findall(source.partition(f"\n{name} = (")[2].partition("\n)")[0]))
        for one in getattr(columns, name):
            lines.append(_row(f"`{one}`", meanings.get(one) or one.replace("_", " ")))
        lines.append("")
    lines += ["## Columns of the tables", ""]
    lines += [_row("table", "columns"), _row("---", "---")]
    lines += [
        _row(f"`{name}`", ", ".join(f"`{one}`" for one in names)) for name, names in _tables()
    ]
    return "\n".join([*lines, ""])


def _tables() -> Iterator[tuple[str, list[str]]]:
    """Every table of a comparison with its columns, as those of a tiny firm have them."""
    scenario = Scenario(
        months=14,
        organisation={"employees": 12},
        programme={"start_month": 2, "cohort_months": 3},
        variants=[
            {"name": "None", "programme.policy": "none"},
            {"name": "Random", "programme.policy": "random"},
            {"name": "Reverse", "programme.policy": "reverse"},
        ],
    )
    made = compare(
        scenario, replicates=4, workers=1, people=True, dyads=True, keep_monthly=True, ensemble=True
    )
    for name in dict.fromkeys((*ALWAYS, *AS_PARQUET, *AS_CSV)):
        yield name, list(getattr(made, name).columns)


_EVIDENCE = re.compile(r"\b[MWI]-[A-Z]+\b")
"""Identifiers of published figures in sources: mentoring, work, ideas."""


def evidence_page() -> str:
    """Every published figure that a declaration names: what cites it, and what is compared with it."""
    cited: dict[str, list[str]] = defaultdict(list)
    compared: dict[str, list[str]] = defaultdict(list)
    for group in GROUPS:
        for one in group.parameters:
            for name in dict.fromkeys(_EVIDENCE.findall(one.source)):
                cited[name].append(f"`{group.name}.{one.name}` ({one.grade})")
    for target in TARGETS:
        for name in dict.fromkeys(_EVIDENCE.findall(target.source)):
            compared[name].append(
                f"{target.title}: {target.value:g} {target.unit} [{target.low:g}, {target.high:g}], mark "
                f"{target.mark}, {'fitted' if target.fitted else 'checked'}"
            )
    for study in STUDIES.values():
        for name in dict.fromkeys(_EVIDENCE.findall(study.source)):
            compared[name].append(f"study `{study.name}` ({study.title})")
    lines = [
        "# Evidence",
        "",
        _MADE,
        "Published figures by identifier (M mentoring, W work and leaving, I ideas): the parameters whose",
        "default or form cites them, and the simulated figures that are held against them. *measured* and",
        "*derived* parameters rest on the figure itself; *assumed* ones take at most its direction. Marks: V",
        "read in the publication, S read in a text that attributes it, D derived, DATA computed from data.",
        "",
        _row("figure", "parameters that cite it", "compared with it"),
        _row("---", "---", "---"),
    ]
    for name in sorted({*cited, *compared}):
        lines.append(_row(name, ", ".join(cited[name]), "; ".join(compared[name])))
    return "\n".join([*lines, ""])


_WITH_EQUATIONS = ("_direct", "_mentor_grows", "_pair_learns")
"""Kernels that are shown with their code, because an equation stands in them and in no rule."""


def _functions_of(module: ModuleType, marks: tuple[str, ...]) -> Iterator[str]:
    """Every function of a module that carries one of these decorators: what it says of itself, and its code."""
    source = inspect.getsource(module)
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        if not {ast.unparse(one) for one in node.decorator_list} & set(marks):
            continue
        told = inspect.cleandoc(ast.get_docstring(node) or "")
        arguments = ", ".join(one.arg for one in node.args.args)
        yield f"### `{node.name}({arguments})`\n"
        first = node.body[0].lineno - 1
        if told:
            yield f"{told}\n"
            first = int(node.body[0].end_lineno or 0)
        if "kernel" in marks and node.name not in _WITH_EQUATIONS:
            continue
        body = textwrap.dedent("\n".join(lines[first : node.end_lineno]))
        yield f"```text\n{body}\n```\n"  # the formatter leaves it as it is in the code


def mechanism_page(mechanism: Mechanism) -> str:
    """One mechanism: its job, its equations, its parameters, what it touches, how to switch it off."""
    module = sys.modules[mechanism.kernel.__module__]
    lines = [f"# {mechanism.name.capitalize()}", "", _MADE, inspect.getdoc(module) or "", ""]
    lines += ["## Rules", "", "Scalar functions of plain numbers, as the code has them.", ""]
    lines += _functions_of(module, ("rule", "inlined_rule"))
    lines += [
        "## Kernels",
        "",
        "The loops that apply the rules to everybody, and the mechanism itself.",
        "",
    ]
    lines += _functions_of(module, ("kernel",))
    group = mechanism.parameters
    lines += ["## Parameters", ""]
    lines += [_row("name", "default", "unit", "plausible", "neutral", "grade", "source", "meaning")]
    lines += [_row(*["---"] * 8)]
    for one in group.parameters:
        prior = "" if one.prior is None else f"{one.prior[0]:g} to {one.prior[1]:g}"
        neutral = "" if one.neutral is None else _plain(one.neutral)
        lines.append(
            _row(f"`{one.name}`", one.default, one.unit, prior, neutral, one.grade, one.source,
                 one.meaning)
        )  # fmt: skip
    off = ", ".join(
        f"`{group.name}.{key} = {_plain(value)}`" for key, value in group.neutral().items()
    )
    lines += [
        "",
        f"Switched off by: {off or 'nothing; it only records.'}",
        "",
        f"Reads {', '.join(f'`{name}`' for name in mechanism.reads)}; writes "
        f"{', '.join(f'`{name}`' for name in mechanism.writes)}; draws "
        f"{', '.join(mechanism.draws) or 'nothing'}. Tests: `tests/mechanisms/test_rules.py`, "
        "`tests/mechanisms/test_neutral.py`, `tests/mechanisms/test_declarations.py`, `tests/oracle/test_oracle.py`.",
        "",
    ]
    return "\n".join(lines)


def mechanisms_page() -> str:
    """Every mechanism in the order in which it acts, with the first sentence about it."""
    lines = ["# Mechanisms", "", _MADE, "What happens in a month, in this order.", ""]
    for mechanism in EVERY_MECHANISM:
        about = inspect.getdoc(sys.modules[mechanism.kernel.__module__]) or ""
        first = about.partition("\n\n")[0].replace("\n", " ").partition(": ")[2]
        lines.append(f"- [{mechanism.name.capitalize()}]({mechanism.name}.md): {first}")
    return "\n".join([*lines, ""])


PAGES: dict[str, Callable[[], str]] = {
    "parameters.md": parameters_page,
    "outcomes.md": outcomes_page,
    "columns.md": columns_page,
    "decisions.md": decisions_page,
    "value.md": value_page,
    "uncertainty.md": uncertainty_page,
    "evidence.md": evidence_page,
    "mechanisms/README.md": mechanisms_page,
    "calibration.md": lambda: calibration_page(_MADE),
    **{
        f"mechanisms/{mechanism.name}.md": partial(mechanism_page, mechanism)
        for mechanism in EVERY_MECHANISM
    },
}


def description_of_study(study: Study) -> str:
    """An ODD of the model as it is, and what a study does with it: for those who publish a sweep.

    The model's own page stands first where the package still lies beside its documentation; submodels,
    parameters, outcomes and decisions are made from the declarations.
    """
    written = Path(__file__).resolve().parents[1] / "docs" / "model.md"
    page = written.read_text(encoding="utf-8") if written.is_file() else "# The model\n"
    told = [
        page,
        f"## This study: {study.title}",
        study.question,
        f"Variants: {', '.join(study.model.variants)}; compared with {study.model.against}. "
        f"{len(study.rows())} points, {study.replicates} replicates or more; "
        f"stopping rule: {study.stopping.rule}. Replicate r is the same firm with the same luck everywhere.",
        "| Factor | Role | Values | Unit |\n| --- | --- | --- | --- |",
    ]
    rows = "\n".join(
        _row(
            factor.key,
            factor.role,
            ", ".join(map(str, factor.values)) or f"{factor.low:g} to {factor.high:g}",
            factor.unit,
        )
        for factor in study.factors
    )
    told[-1] += f"\n{rows}"
    made = [parameters_page(), outcomes_page(), decisions_page()]
    made += [mechanism_page(mechanism) for mechanism in EVERY_MECHANISM]
    pages = (re.sub(r"^#", "##", text.replace(_MADE, ""), flags=re.M) for text in made)
    return "\n\n".join(part for part in (*told, *pages) if part) + "\n"


def main(folder: str) -> None:
    """Write every page into `folder`."""
    for name, page in PAGES.items():
        place = Path(folder) / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
