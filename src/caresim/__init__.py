"""caresim: how people flow between acute, intermediate, community and residential care.

The public names are imported when they are first used, so that ``import caresim`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caresim.api import ChoiceError, Repeated, RunError, load, rerun, run
    from caresim.calibration.run import Calibrated, calibrate
    from caresim.comparison.comparison import Comparison
    from caresim.comparison.run import compare
    from caresim.indicators import INDICATORS, Indicator
    from caresim.problems import Problem, ScenarioError
    from caresim.results.export import export
    from caresim.results.indicators import Estimate
    from caresim.results.manifest import Manifest
    from caresim.results.option import OptionResults
    from caresim.results.results import Results
    from caresim.results.store import read_results
    from caresim.scenario.load import Scenario

_HOMES = {
    "Calibrated": "caresim.calibration.run",
    "ChoiceError": "caresim.api",
    "Comparison": "caresim.comparison.comparison",
    "Estimate": "caresim.results.indicators",
    "INDICATORS": "caresim.indicators",
    "Indicator": "caresim.indicators",
    "Manifest": "caresim.results.manifest",
    "OptionResults": "caresim.results.option",
    "Problem": "caresim.problems",
    "Repeated": "caresim.api",
    "Results": "caresim.results.results",
    "RunError": "caresim.api",
    "Scenario": "caresim.scenario.load",
    "ScenarioError": "caresim.problems",
    "calibrate": "caresim.calibration.run",
    "compare": "caresim.comparison.run",
    "export": "caresim.results.export",
    "load": "caresim.api",
    "read_results": "caresim.results.store",
    "rerun": "caresim.api",
    "run": "caresim.api",
}

__all__ = [
    "INDICATORS",
    "Calibrated",
    "ChoiceError",
    "Comparison",
    "Estimate",
    "Indicator",
    "Manifest",
    "OptionResults",
    "Problem",
    "Repeated",
    "Results",
    "RunError",
    "Scenario",
    "ScenarioError",
    "calibrate",
    "compare",
    "export",
    "load",
    "read_results",
    "rerun",
    "run",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("caresim")
    if name not in _HOMES:
        raise AttributeError(f"module 'caresim' has no attribute {name!r}")
    found = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
