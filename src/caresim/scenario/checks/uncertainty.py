"""Checks of uncertain inputs and of how often they are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist

from caresim.model import UncertainInput
from caresim.problems import dotted
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import number, percent
from caresim.scenario.read import Path

HEAVY = 0.05
"""Share of draws set to the end of the admissible range from which it is told."""


@check(
    "P701",
    "an interval that reaches beyond what is possible",
    why="draws beyond the range are set to its end, which moves the mean",
    hint="narrow the interval, or use `shape: lognormal` for values that cannot be negative",
    explanation=(
        "An uncertain value is drawn from a normal distribution through its interval, or from two "
        "halves of normals. More than one draw in twenty falls outside what the value can be, "
        "such as a share below 0, and is set to the end of the range. The mean of the draws is "
        "then no longer the one stated. For a value near zero `shape: lognormal` suits better."
    ),
)
def _clipped(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for one in model.inputs:
            below, above = _outside(one)
            if below + above > HEAVY:
                end, share = (one.least, below) if below >= above else (one.most, above)
                side = "below" if below >= above else "above"
                yield Finding(
                    _path(subject, one.path),
                    f"{percent(share)} of the draws fall {side} {number(end)} and are set to it",
                )


def _outside(one: UncertainInput) -> tuple[float, float]:
    """Return the probabilities of a draw below and above the admissible range."""
    if one.shape == "two_normals":
        normal = NormalDist()
        below = normal.cdf((one.least - one.centre) / one.spread_low) if one.spread_low else 0.0
        above = normal.cdf((one.centre - one.most) / one.spread_high) if one.spread_high else 0.0
        return below, above
    if one.shape == "uniform":
        width = one.high - one.low
        return max(0.0, one.least - one.low) / width, max(0.0, one.high - one.most) / width
    return 0.0, 0.0


def _path(subject: Subject, text: str) -> Path:
    """Return the path as written of the dotted path of an uncertain input."""
    for path in subject.tree.positions:
        if dotted(path) == text:
            return path
    steps: Path = ()
    for step in text.replace("@", ".@").split("."):
        if (*steps, step) in subject.tree.positions:
            steps = (*steps, step)
    return steps


@check(
    "P702",
    "uncertain inputs, and one member",
    why="one member uses the means alone, so the intervals have no effect",
    hint="write `members: 200`, or delete the intervals",
    explanation=(
        "The scenario states intervals, but asks for one member, which uses the mean of each. To "
        "see how the uncertainty of the inputs shows in the results, run at least 100 members."
    ),
)
def _one_member(subject: Subject) -> Iterator[Finding]:
    model = subject.base
    if model.run.members == 1 and model.inputs:
        n = len(model.inputs)
        yield Finding(
            ("run", "members"),
            f"{n} uncertain input{'' if n == 1 else 's'}, and a run of one member",
        )
