"""The order in which a step visits settings, and the circles it looks for."""

import doctest
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from caresim.engines.flow.compile import order

NODES = range(6)
edges = st.dictionaries(st.sampled_from(NODES), st.sets(st.sampled_from(NODES)))


def test_examples():
    found = doctest.testmod(order)
    assert found.attempted >= 4
    assert found.failed == 0


@given(edges)
def test_parts_come_after_all_they_lead_to_and_hold_each_other(graph):
    parts = order.components(list(NODES), graph)
    assert sorted(node for part in parts for node in part) == list(NODES)
    place = {node: i for i, part in enumerate(parts) for node in part}
    assert all(place[b] <= place[a] for a in graph for b in graph[a])

    def reached(start):
        seen, todo = {start}, [start]
        while todo:
            fresh = set(graph.get(todo.pop(), ())) - seen
            seen |= fresh
            todo += fresh
        return seen

    for a in NODES:
        for b in NODES:
            together = b in reached(a) and a in reached(b)
            assert (place[a] == place[b]) == together


@given(edges)
def test_circles_are_all_found_once(graph):
    found = list(order.circles(graph, longest=4))
    by_hand = {
        nodes
        for length in (2, 3, 4)
        for nodes in permutations(NODES, length)
        if nodes[0] == min(nodes)
        and all(b in graph.get(a, ()) for a, b in zip(nodes, (*nodes[1:], nodes[0]), strict=True))
    }
    assert len(found) == len(set(found))
    assert set(found) == by_hand
