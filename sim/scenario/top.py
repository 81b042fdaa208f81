"""Settings at the top of a scenario file: what is simulated, for how long, how often."""

from __future__ import annotations

from sim.parameters import Parameter, ParameterGroup

__all__ = ["SCENARIO"]

SCENARIO = ParameterGroup(
    "scenario",
    "The simulation itself (top of the file, no section header)",
    (
        Parameter(
            "title",
            "Untitled scenario",
            "",
            "One line that says what the scenario asks.",
            kind="text",
        ),
        Parameter("description", "", "", "What to look at in the results.", kind="text"),
        Parameter(
            "months", 60, "months", "How long each replicate lasts.", 1, 1200, kind="integer"
        ),
        Parameter(
            "seed",
            1,
            "",
            "Master seed; the same scenario and seed give the same numbers.",
            0,
            2**63 - 1,
            source="any whole number",
            kind="integer",
        ),
        Parameter(
            "replicates",
            100,
            "replicates",
            "How many simulated firms each variant is tried on.",
            1,
            1_000_000,
            source="half-widths of the headline differences on the shipped scenario",
            kind="integer",
        ),
        Parameter(
            "baseline",
            None,
            "",
            "Name of the variant that the others are compared with; by default the first whose "
            "programme.policy is 'none', else the first.",
            kind="text",
        ),
    ),
)
