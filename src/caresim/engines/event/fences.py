"""Ring fences of a setting that have sources in common.

People of several ring fences may use the places of each. Whoever fits in no fence needs a place
that is common to all, so what counts is how many people do not fit, however they are spread: for
fences that have sources in common, the most, over all unions of the sets of fences that a source
may use, of the places used by people of no other fence beyond the places of the union (P. Hall,
On representatives of subsets, Journal of the London Mathematical Society 10 (1935),
doi:10.1112/jlms/s1-10.37.26). A fence that shares no source is a group and a union by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from caresim.model import Reserved


@dataclass(frozen=True, slots=True)
class Union:
    """Places of ring fences taken together.

    Attributes
    ----------
    sources
        Of people who may use places of these fences and of no other.
    places
        Of all these fences.
    whole
        Whether these are all the fences of a group, of which it then is the last union.
    """

    sources: frozenset[int]
    places: float
    whole: bool


def unions(fences: Sequence[Reserved]) -> list[Union]:
    """Return the unions of the fences of a setting, group by group, the whole of each last."""
    found: list[Union] = []
    for group in _groups(fences):
        used_by = {
            source: frozenset(i for i in group if source in fences[i].sources)
            for i in sorted(group)
            for source in fences[i].sources
        }
        sets = {group}
        for may_use in used_by.values():
            sets |= {may_use} | {may_use | other for other in sets}
        for some in sorted(sets, key=lambda one: (len(one), sorted(one))):
            sources = frozenset(source for source, may_use in used_by.items() if may_use <= some)
            places = sum(fences[i].places for i in some)
            found.append(Union(sources, places, whole=some == group))
    return found


def _groups(fences: Sequence[Reserved]) -> Iterator[frozenset[int]]:
    """Yield the positions of fences that have sources in common, directly or through others."""
    left = dict(enumerate(fences))
    while left:
        first = min(left)
        group = {first}
        sources = set(left.pop(first).sources)
        while joining := [i for i, fence in left.items() if not sources.isdisjoint(fence.sources)]:
            group.update(joining)
            for i in joining:
                sources |= set(left.pop(i).sources)
        yield frozenset(group)
