"""From a model of care to a stock-and-flow network: rows, moves, gates, tables and outputs."""

from caresim.engines.flow.compile.assemble import Compiled, compile_model

__all__ = ["Compiled", "compile_model"]
