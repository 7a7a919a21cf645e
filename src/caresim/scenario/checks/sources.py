"""Checks of where values come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from caresim.problems import nearest
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import some, walk
from caresim.scenario.read import Path

_LIKE_AN_ID = re.compile(r"[a-z][a-z0-9_]*")


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


@check(
    "P803",
    "a source that is not listed",
    why="it is taken as a sentence, and looks like the name of an entry of `sources`",
    hint="add it to `sources`, or write a sentence",
    explanation=(
        "`source` is the name of an entry of `sources`, or a sentence that says where the value "
        "comes from. This one is a single word in the form of a name, and no entry has that "
        "name. It is probably mistyped."
    ),
)
def _unlisted(subject: Subject) -> Iterator[Finding]:
    sources = subject.tree.data.get("sources", {})
    for path, name in uses(subject):
        if name not in sources and _LIKE_AN_ID.fullmatch(name):
            near = nearest(name, sources)
            yield Finding(
                path,
                f"there is no source `{name}`",
                hint=f"did you mean `{near}`?" if near else None,
            )
