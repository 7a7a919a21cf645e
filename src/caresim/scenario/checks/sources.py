"""Checks of where values come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import some, walk
from caresim.scenario.read import Path


def uses(subject: Subject) -> list[tuple[Path, str]]:
    """Return every `source` of a value, with its path."""
    return [
        (path, value)
        for path, value in walk(subject.tree.data)
        if path[-1:] == ("source",) and isinstance(value, str)
    ]


@check(
    "P801",
    "values from unverified sources",
    why="nobody has yet read these figures at their source",
    hint="check them and change `status` to `read`, or report them as assumptions",
    explanation=(
        "Some values rest on sources with `status: unverified`: figures from memory, or "
        "assumptions. They are listed here once, so that they are not forgotten. After reading "
        "the figure at its source set `status: read`; a figure worked out from others is "
        "`derived`."
    ),
)
def _unverified(subject: Subject) -> Iterator[Finding]:
    sources = subject.tree.data.get("sources", {})
    counts = Counter(name for _, name in uses(subject))
    found = {
        name: counts[name]
        for name, about in sources.items()
        if about.get("status") == "unverified" and counts[name]
    }
    if found:
        total = sum(found.values())
        listed = some([f"{n} ({count})" for n, count in sorted(found.items())])
        be = "value comes" if total == 1 else "values come"
        yield Finding(("sources",), f"{total} {be} from unverified sources: {listed}")


@check(
    "P802",
    "a source nothing comes from",
    why="no value names it",
    hint="name it in the values that come from it, or delete it",
    explanation=(
        "An entry of `sources` is named by no value. Perhaps the values that come from it do not "
        "say so yet: write `{value: 900, source: kh03}`."
    ),
)
def _unused(subject: Subject) -> Iterator[Finding]:
    used = {name for _, name in uses(subject)}
    for name in subject.tree.data.get("sources", {}):
        if name not in used:
            yield Finding(("sources", name), f"no value comes from {name}")
