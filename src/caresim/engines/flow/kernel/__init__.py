"""The compiled kernel: a network becomes row instructions, run for blocks of members."""

from caresim.engines.flow.kernel.advance import FlowAudit, FlowRun, Summary, advance

__all__ = ["FlowAudit", "FlowRun", "Summary", "advance"]
