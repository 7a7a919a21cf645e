"""The compiled kernel: a network becomes row instructions, run for blocks of members."""

from caresim.engines.flow.kernel.advance import BLOCK, FlowAudit, FlowRun, Summary, advance

__all__ = ["BLOCK", "FlowAudit", "FlowRun", "Summary", "advance"]
