"""How the numbers were made, and how to make them again."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.page.sure import sets_in_words
from sim.report.page.view import View

__all__ = ["Reproduce", "reproduce"]


@dataclass(frozen=True, slots=True)
class Reproduce:
    """The section: a command, facts as pairs of words, and those for the appendix."""

    command: str
    facts: tuple[tuple[str, str], ...]
    details: tuple[tuple[str, str], ...]


def reproduce(view: View, command: str | None) -> Reproduce:
    """What the manifest says, in words.

    Parameters
    ----------
    command
        The command that made the results, where it is known.
    """
    told = view.manifest
    done, asked = told["replicates"], told["replicates_asked"]
    ensemble = ", ensemble=True" if view.parameter_sets else ""
    made = command or told.get("command") or f"sim.compare(scenario, replicates={asked}{ensemble})"
    facts = (
        ("Seed", str(told["seed"])),
        ("Simulated firms", f"{done:,} of {asked:,} asked for" if done != asked else f"{done:,}"),
        *([("Parameter sets", sets_in_words(view))] if view.parameter_sets else []),
        ("Version", f"mentorsim {told['versions']['mentorsim']}"),
    )
    details = (
        ("Scenario’s digest (SHA-256)", str(told["digest"])),
        ("Code’s digest", str(told["code"])),
        ("Versions", ", ".join(f"{name} {number}" for name, number in told["versions"].items())),
        ("Platform", str(told["platform"])),
        ("Started", str(told["started"])),
        ("Duration", f"{float(told['duration_seconds']):,.1f} seconds"),
    )
    return Reproduce(str(made), facts, details)
