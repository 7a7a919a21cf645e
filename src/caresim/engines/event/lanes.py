"""Which sources the people who wait for each setting can have, and who can block whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.records import LANE, PAIR
from caresim.model import Model


def possible_waits(model: Model) -> tuple[list[set[int]], list[set[int]]]:
    """Return, for each setting, who may wait for it.

    Returns
    -------
    outside : list of set
        For each setting, sources of the people who may wait outside it.
    delayed : list of set
        For each setting, settings that people who wait for it may be delayed in.
    """
    outside: list[set[int]] = [set() for _ in model.settings]
    delayed: list[set[int]] = [set() for _ in model.settings]
    for arrival in model.arrivals:
        outside[arrival.to].add(arrival.source)
    for route in model.routes:
        if route.to >= 0:
            delayed[route.to].add(route.setting)
            if route.wait_at_home:
                outside[route.to].add(model.source_of_setting(route.setting))
        for leaving in route.leaving:
            if leaving.to >= 0:
                delayed[leaving.to].add(route.setting)
    for s, setting in enumerate(model.settings):
        for move in setting.planned_moves:
            delayed[move.to].add(s)
    for queued in model.queued:
        if queued.source < len(model.arrival_names):
            outside[queued.to].add(queued.source)
        else:
            delayed[queued.to].add(queued.source - len(model.arrival_names))
    while _spread(model, outside, delayed):
        pass
    return outside, delayed


def _spread(model: Model, outside: list[set[int]], delayed: list[set[int]]) -> bool:
    """Follow those who turn from one queue to another; whether that added anyone."""
    before = sum(map(len, outside)) + sum(map(len, delayed))
    for s, setting in enumerate(model.settings):
        onward = {leaving.to for rules in setting.leaving for leaving in rules}
        onward.add(setting.overflow)
        onward |= {rule.to for rule in setting.max_waits}
        for to in onward:
            if to >= 0 and outside[s]:
                outside[to].add(model.source_of_setting(s))
        for rule in setting.max_waits:
            if rule.to >= 0:
                delayed[rule.to] |= delayed[s]
    return sum(map(len, outside)) + sum(map(len, delayed)) > before


def build_lanes(
    model: Model,
) -> tuple[NDArray[np.void], NDArray[np.int32], NDArray[np.void], list[tuple[int, int]]]:
    """Return the lanes of all settings, in order of setting and priority class.

    Returns
    -------
    lanes : numpy.ndarray
        Records of type ``LANE``, empty.
    outside_lanes : numpy.ndarray
        Shape (n_settings, n_sources): the lane of each source outside; -1 where nobody can be.
    pairs : numpy.ndarray
        Records of type ``PAIR``, shape (n_settings, n_settings).
    ranges : list of tuple
        For each setting, its first lane and the one after its last.
    """
    outside, delayed = possible_waits(model)
    n = len(model.settings)
    outside_lanes = np.full((n, model.n_sources), -1, dtype=np.int32)
    pairs = np.zeros((n, n), dtype=PAIR)
    pairs["lane"] = -1
    pairs["may_block"] = _may_block(delayed)
    rows: list[tuple[int, int, int]] = []
    ranges: list[tuple[int, int]] = []
    for s, setting in enumerate(model.settings):
        found = [(setting.queue_class[source], source, -1) for source in outside[s]]
        for held in delayed[s]:
            source = model.source_of_setting(held)
            found.append((setting.queue_class[source], source, held))
        first = len(rows)
        for rank, source, held in sorted(found):
            if held < 0:
                outside_lanes[s, source] = len(rows)
            else:
                pairs["lane"][held, s] = len(rows)
            rows.append((rank, source, held))
        ranges.append((first, len(rows)))
    lanes = np.zeros(len(rows), dtype=LANE)
    lanes["head"] = lanes["tail"] = -1
    for column, name in enumerate(("rank", "source", "holding")):
        lanes[name] = [row[column] for row in rows]
    return lanes, outside_lanes, pairs, ranges


def _may_block(delayed: list[set[int]]) -> NDArray[np.int32]:
    """Return which settings can hold up which, shape (n_settings, n_settings).

    Entry (a, b) is 1 if people delayed in a may wait for b, or for a setting whose people may
    wait for b, and so on; and where a is b, since a person may wait for the place they hold.
    """
    n = len(delayed)
    reach = np.eye(n, dtype=np.int32)
    for to, holders in enumerate(delayed):
        reach[list(holders), to] = 1
    for middle in range(n):
        reach |= reach[:, middle : middle + 1] & reach[middle : middle + 1, :]
    return reach
