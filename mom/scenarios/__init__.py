"""The registry of scenarios: how a kind of document wants to be read. A user adds one with a YAML file in a folder of theirs."""

from mom.scenarios.detection import detect_scenario
from mom.scenarios.registry import load_scenario, registry_version, scenario_names
from mom.scenarios.scenario import BadScenario, Facet, Scenario, UnknownScenario

__all__ = [
    "BadScenario",
    "Facet",
    "Scenario",
    "UnknownScenario",
    "detect_scenario",
    "load_scenario",
    "registry_version",
    "scenario_names",
]
