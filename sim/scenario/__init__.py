"""Scenario files: what they say, whether it is right, and how to show it."""

from sim.scenario.loading import load_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.schema import json_schema
from sim.scenario.show import show
from sim.scenario.templates import new_scenario
from sim.scenario.variants import Variant

__all__ = ["Scenario", "Variant", "json_schema", "load_scenario", "new_scenario", "show"]
