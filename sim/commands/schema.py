"""Print the JSON Schema of scenario files, for editors that complete and check.

Save it (mentorsim schema > scenario.schema.json) and name it in the first line of a scenario:
#:schema scenario.schema.json
"""

from __future__ import annotations

import argparse

from sim.commands.command import add_extensions, load_extensions

NAME = "schema"
MEANING = "print the JSON Schema of scenario files, for editors"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_extensions(parser)


def call(options: argparse.Namespace) -> int:
    """Print the schema."""
    import json

    from sim.scenario import json_schema

    load_extensions(options)
    print(json.dumps(json_schema(), indent=2))
    return 0
