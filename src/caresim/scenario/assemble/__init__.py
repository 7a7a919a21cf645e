"""From the explicit form to the model that engines read."""

from caresim.scenario.assemble.build import build

__all__ = ["build"]
