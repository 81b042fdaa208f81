"""Print the JSON Schema of scenario files, for editors that complete and check.

Save it (mentorsim schema > scenario.schema.json) and name it in the first line of a scenario:
#:schema scenario.schema.json
"""

from __future__ import annotations

import argparse

NAME = "schema"
MEANING = "print the JSON Schema of scenario files, for editors"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes: nothing."""


def call(options: argparse.Namespace) -> int:
    """Print the schema."""
    import json

    from sim.scenario import json_schema

    print(json.dumps(json_schema(), indent=2))
    return 0
