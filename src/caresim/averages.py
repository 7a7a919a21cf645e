"""What real queues add to averages: a sentence that sets the two engines side by side."""

from __future__ import annotations

import dataclasses

from caresim.engines.flow.run import run_flow
from caresim.engines.output import Output
from caresim.model import Model

AVERAGED_MEMBERS = 64
"""Members run in the flow engine for the comparison: a block, the least that costs no more."""


def beside_averages(model: Model, output: Output) -> str:
    """Return what the flow engine gives for the people delayed and waiting in the same model.

    Parameters
    ----------
    model
        The model that was run in the event engine.
    output
        What that run gave.

    Returns
    -------
    str
        One sentence, of people delayed and waiting outside, on average over the whole run. The
        flow engine runs the same draws of the uncertain inputs, of the first members.
    """
    few = min(output.members, AVERAGED_MEMBERS)
    settings = dataclasses.replace(model.run, engine="flow", members=few)
    averages = run_flow(dataclasses.replace(model, run=settings), threads=1, series=1)
    delayed = (_people(output, "delayed", few), _people(averages, "delayed", few))
    waiting = (_people(output, "waiting", few), _people(averages, "waiting", few))
    return (
        f"Real queues: {delayed[0]:,.1f} people delayed and {waiting[0]:,.1f} waiting outside; "
        f"the flow engine, which follows averages, has {delayed[1]:,.1f} and {waiting[1]:,.1f}"
        + (f" (means of {few} members)." if few > 1 else ".")
    )


def _people(output: Output, variable: str, members: int) -> float:
    """Return the people of all settings and cohorts over the whole run, the first window."""
    return float(output.totals[variable][:members, 0].sum(axis=(1, 2)).mean())
