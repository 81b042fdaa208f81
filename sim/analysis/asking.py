"""Every question that can be asked of a sweep, by the name of its verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.analysis.choosing import best, pareto
from sim.analysis.comparing import compare_variants
from sim.analysis.describing import describe
from sim.analysis.discovering import discover
from sim.analysis.regretting import map_best, regret
from sim.analysis.results import Finding, Results
from sim.analysis.seeking import optimum
from sim.analysis.sensitivity import sensitivity
from sim.errors import InputError
from sim.scenario.messages import described, hint, named

__all__ = ["VERBS", "Verb", "ask"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One analysis.

    Attributes
    ----------
    meaning
        The question that it answers.
    call
        ``call(results, **options)``.
    options
        Names of what it takes besides the results.
    """

    meaning: str
    call: Callable[..., Finding]
    options: tuple[str, ...]


VERBS: Mapping[str, Verb] = {
    "describe": Verb("what was simulated, and how exactly it is known", describe, ("outcomes",)),
    "compare": Verb("what each variant changes, in pairs", compare_variants, ("outcomes", "against")),
    "best": Verb("which alternative is best, and how surely", best, ("outcome",)),
    "pareto": Verb("where the trade-offs lie", pareto, ("objectives",)),
    "optimise": Verb("what the search found, on firms that it never saw", optimum, ()),
    "map": Verb("which variant is best where, over two factors", map_best, ("outcome", "x", "y")),
    "regret": Verb("which alternative is robust over the conditions", regret, ("outcome",)),
    "discover": Verb(
        "under which conditions a policy fails", discover, ("outcome", "variant", "threshold", "method")
    ),
    "sensitivity": Verb(
        "which factors matter, and how much is chance", sensitivity, ("outcome", "variant", "of", "block")
    ),
}  # fmt: skip


def ask(results: Results, verb: str, **options: Any) -> Finding:
    """Answer one question.

    Parameters
    ----------
    verb
        One of :data:`VERBS`.
    **options
        What the verb takes; what is None is left out.

    Raises
    ------
    InputError
        For an unknown verb or option, and where the sweep cannot answer.
    """
    if verb not in VERBS:
        raise InputError(f"{described(verb)} is no analysis", remedy=hint(verb, VERBS))
    chosen = VERBS[verb]
    given = {name: value for name, value in options.items() if value is not None}
    for name in given:
        if name not in chosen.options:
            takes = hint(name, chosen.options) if chosen.options else "it takes none"
            raise InputError(f"{verb} takes no option {named(name)}", remedy=takes)
    if not len(results.runs):
        raise InputError("no run is finished yet", remedy="mentorsim resume", file=results.path)
    return chosen.call(results, **given)
