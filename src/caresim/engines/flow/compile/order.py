"""The order in which a step visits settings, and the circles in which people block each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

Edges = Mapping[int, Iterable[int]]
"""For each node, the nodes it leads to."""


def components(nodes: Sequence[int], edges: Edges) -> list[tuple[int, ...]]:
    """Return the strongly connected parts of a graph, each after all those it leads to.

    R. Tarjan, Depth-first search and linear graph algorithms, SIAM Journal on Computing 1 (1972),
    doi:10.1137/0201010. The order depends on the order of ``nodes`` alone.

    Examples
    --------
    >>> components([0, 1, 2], {0: [1], 1: [2], 2: [1]})
    [(1, 2), (0,)]
    """
    found: list[tuple[int, ...]] = []
    number: dict[int, int] = {}
    lowest: dict[int, int] = {}
    path: list[int] = []

    def visit(node: int) -> None:
        number[node] = lowest[node] = len(number)
        path.append(node)
        for after in sorted(edges.get(node, ())):
            if after not in number:
                visit(after)
                lowest[node] = min(lowest[node], lowest[after])
            elif after in path:
                lowest[node] = min(lowest[node], number[after])
        if lowest[node] == number[node]:
            first = path.index(node)
            found.append(tuple(sorted(path[first:])))
            del path[first:]

    for node in nodes:
        if node not in number:
            visit(node)
    return found


def circles(edges: Edges, longest: int) -> Iterator[tuple[int, ...]]:
    """Yield every circle of at least two and at most ``longest`` nodes once, least node first.

    Examples
    --------
    >>> list(circles({0: [1, 2], 1: [0, 2], 2: [0]}, longest=3))
    [(0, 1), (0, 1, 2), (0, 2)]
    """

    def extend(path: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for after in sorted(edges.get(path[-1], ())):
            if after == path[0] and len(path) > 1:
                yield path
            elif after > path[0] and after not in path and len(path) < longest:
                yield from extend((*path, after))

    for node in sorted(edges):
        yield from extend((node,))


def visiting_order(
    nodes: Sequence[int], needs: Iterable[tuple[int, int]], sends: Iterable[tuple[int, int]]
) -> list[int]:
    """Return the order in which settings admit people within a step.

    A place freed in a setting can be refilled in the same step if those who leave it are dealt
    with first: a setting comes after those that its people need, and after those that send people
    on to it. Settings that must each come after the other are visited twice.

    Parameters
    ----------
    nodes
        The settings.
    needs
        Pairs: people who hold a place in the first wait for the second.
    sends
        Pairs: the first sends people it has no room for on to the second.

    Examples
    --------
    >>> visiting_order([0, 1, 2], needs=[(0, 1)], sends=[(0, 2)])
    [1, 0, 2]
    >>> visiting_order([0, 1], needs=[(0, 1), (1, 0)], sends=[])
    [0, 1, 0, 1]
    """
    after: dict[int, set[int]] = {node: set() for node in nodes}
    for first, second in needs:
        after[first].add(second)
    sent_by: dict[int, set[int]] = {node: set() for node in nodes}
    for first, second in sends:
        after[second].add(first)
        sent_by[second].add(first)
    # In a circle too, whoever sends people on comes before those they are sent to.
    rank = {node: i for i, part in enumerate(components(nodes, sent_by)) for node in part}
    order: list[int] = []
    for part in components(nodes, after):
        members = sorted(part, key=lambda node: (rank[node], node)) if len(part) > 1 else part
        order += [*members] * (2 if len(part) > 1 else 1)
    return order
