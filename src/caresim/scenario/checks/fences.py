"""Plausibility checks of ring fences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from caresim.model import Reserved
from caresim.problems import Severity
from caresim.scenario.checks.registry import Finding, Subject, check

MOST_IN_COMMON = 8
"""Ring fences of a setting that may have sources in common: every set of them is looked at."""


@check(
    "P116",
    "too many ring fences with sources in common",
    why="who may have a free place would take too long to tell",
    hint=f"let at most {MOST_IN_COMMON} ring fences of a setting have sources in common",
    explanation=(
        "Whether a person fits into the ring-fenced places of a setting depends on every set of "
        "fences that have sources in common, directly or through others, and their number doubles "
        f"with each. At most {MOST_IN_COMMON} may have. Fences without common sources may be as "
        "many as you like, so name each source in one fence only where you can."
    ),
    severity=Severity.ERROR,
)
def _fences_in_common(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for setting in model.settings:
            fences = [rule for rule in setting.reserved if rule.rule == "ring_fenced"]
            most = _most_in_common(fences)
            if most > MOST_IN_COMMON:
                yield Finding(
                    subject.setting_path(setting.name, "ring_fenced"),
                    f"{most} ring fences have sources in common",
                )


def _most_in_common(fences: Sequence[Reserved]) -> int:
    """Return the most fences that have sources in common, directly or through others."""
    groups: list[tuple[set[int], int]] = []
    for fence in fences:
        sources, count = set(fence.sources), 1
        apart: list[tuple[set[int], int]] = []
        for others, many in groups:
            if sources.isdisjoint(others):
                apart.append((others, many))
            else:
                sources, count = sources | others, count + many
        groups = [*apart, (sources, count)]
    return max((count for _, count in groups), default=0)
