"""The picture of stocks and flows: settings in layers, people moving from left to right.

Layers and orders follow K. Sugiyama, S. Tagawa and M. Toda, Methods for visual understanding of
hierarchical system structures, IEEE Transactions on Systems, Man, and Cybernetics 11 (1981),
doi:10.1109/TSMC.1981.4308636: a flow that passes a layer takes a place in it, so that no flow runs
through a box. Flows back to an earlier layer run below all boxes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from caresim.explain.loops.links import is_limited
from caresim.explain.loops.svg import CHARACTER, LINE, arrow, box, words, wrapped
from caresim.model import Model
from caresim.traffic import arrivals_per_day

_COLUMN = 295.0
_BOX = 205.0
_GAP = 22.0
_CHARACTERS = 28
_PASSES = 8


@dataclass
class _Item:
    """A box, or the place where a flow passes a layer (no lines)."""

    layer: int
    lines: list[str] = field(default_factory=list)
    kind: str = "box"
    y: float = 0.0

    @property
    def height(self) -> float:
        return LINE * len(self.lines) + 14.0 if self.lines else 10.0


def draw(model: Model, left: float, top: float) -> tuple[str, float, float]:
    """Return the map with its upper left corner at (left, top), and its width and height."""
    flows = _flows(model)
    depth = _depths(len(model.settings), flows)
    items = [_setting(model, s, depth[s] + 1) for s in range(len(model.settings))]
    chains: list[tuple[list[int], str, bool]] = []
    for (from_, to), share in sorted(flows.items()):
        label = f"{100 * share:.3g}%"
        if depth[to] > depth[from_]:
            chains.append((_chain(items, from_, to), label, is_limited(model, to)))
    for name, to, rate in _arrivals(model):
        items.append(_Item(0, [*wrapped(name, _CHARACTERS), rate], "node"))
        chains.append((_chain(items, len(items) - 1, to), "", is_limited(model, to)))
    height = _place(items, [chain for chain, _, _ in chains], top)
    parts = [_drawn(item, left) for item in items]
    parts += [_flow(items, chain, label, limited, left) for chain, label, limited in chains]
    back = [(a, b) for a, b in sorted(flows) if depth[b] <= depth[a]]
    for lane, (from_, to) in enumerate(back):
        share = flows[from_, to]
        parts.append(_below(items[from_], items[to], share, left, top + height + 16 + 18 * lane))
    width = _COLUMN * (max(item.layer for item in items) + 1)
    return "".join(parts), width, height + 30 + 18 * len(back)


def _flows(model: Model) -> dict[tuple[int, int], float]:
    """Return the share of each setting's people who go on to each other one, of the most."""
    found: dict[tuple[int, int], float] = {}
    by_cohort: dict[tuple[int, int, int], float] = {}
    for route in model.routes:
        if route.to >= 0 and route.share > 0:
            key = (route.setting, route.to, route.cohort)
            by_cohort[key] = by_cohort.get(key, 0.0) + route.share
    for (from_, to, _), share in by_cohort.items():
        found[from_, to] = max(found.get((from_, to), 0.0), share)
    return found


def _depths(n: int, flows: dict[tuple[int, int], float]) -> list[int]:
    """Return the layer of each setting: one after those that lead to it, circles cut."""
    onward: dict[int, list[int]] = {s: [] for s in range(n)}
    for from_, to in flows:
        onward[from_].append(to)
    order: list[int] = []
    state = [0] * n
    ahead: set[tuple[int, int]] = set()

    def visit(s: int) -> None:
        state[s] = 1
        for to in onward[s]:
            if state[to] != 1:
                ahead.add((s, to))
                if state[to] == 0:
                    visit(to)
        state[s] = 2
        order.append(s)

    led_to = {to for _, to in flows}
    for s in sorted(range(n), key=lambda s: (s in led_to, s)):
        if state[s] == 0:
            visit(s)
    depth = [0] * n
    for s in reversed(order):
        for to in onward[s]:
            if (s, to) in ahead:
                depth[to] = max(depth[to], depth[s] + 1)
    return depth


def _setting(model: Model, s: int, layer: int) -> _Item:
    setting = model.settings[s]
    capacity = float(setting.capacity.at(0.0))
    places = f"{capacity:,.4g} places" if np.isfinite(capacity) else "no limit on places"
    stays = [model.stays[r.stay].mean() for r in model.routes if r.setting == s]
    low, high = min(stays), max(stays)
    length = f"{low:.3g} days" if high - low < 1e-9 else f"{low:.3g} to {high:.3g} days"
    out: dict[int, float] = {}
    for route in model.routes:
        if route.setting == s and route.to < 0 and route.share > 0:
            out[route.to] = max(out.get(route.to, 0.0), route.share)
    ways = [f"{model.destination_name(to)} {100 * x:.3g}%" for to, x in sorted(out.items())]
    lines = [
        *wrapped(setting.label, _CHARACTERS),
        *wrapped(f"{places}, stay {length}", _CHARACTERS),
    ]
    if ways:
        lines += wrapped(f"then {', '.join(ways)}", _CHARACTERS)
    return _Item(layer, lines, "box limited" if np.isfinite(capacity) else "box")


def _arrivals(model: Model) -> list[tuple[str, int, str]]:
    """Return name, destination and rate of each arrival, cohorts together."""
    found: dict[tuple[str, int], float] = {}
    for arrival in model.arrivals:
        if arrival.displaced_from < 0:
            key = (arrival.name, arrival.to)
            found[key] = found.get(key, 0.0) + arrivals_per_day(arrival)
    return [(name.replace("_", " "), to, f"{rate:.3g} a day") for (name, to), rate in found.items()]


def _chain(items: list[_Item], from_: int, to: int) -> list[int]:
    """Return the items a flow passes, with a new one in each layer between."""
    chain = [from_]
    for layer in range(items[from_].layer + 1, items[to].layer):
        items.append(_Item(layer))
        chain.append(len(items) - 1)
    return [*chain, to]


def _place(items: list[_Item], chains: list[list[int]], top: float) -> float:
    """Order the items of each layer by the middle of their neighbours; return the height."""
    neighbours: dict[int, list[int]] = {i: [] for i in range(len(items))}
    for chain in chains:
        for a, b in pairwise(chain):
            neighbours[a].append(b)
            neighbours[b].append(a)
    layers: dict[int, list[int]] = {}
    for i, item in enumerate(items):
        layers.setdefault(item.layer, []).append(i)
    tallest = max(sum(items[i].height + _GAP for i in layer) for layer in layers.values())
    for _ in range(_PASSES):
        for layer in layers.values():
            free = tallest - sum(items[i].height + _GAP for i in layer)
            y = top + free / 2
            for i in layer:
                items[i].y = y + items[i].height / 2
                y += items[i].height + _GAP
        for layer in layers.values():
            layer.sort(
                key=lambda i: (
                    sum(items[j].y for j in neighbours[i]) / len(neighbours[i])
                    if neighbours[i]
                    else items[i].y
                )
            )
    for layer in layers.values():
        free = tallest - sum(items[i].height + _GAP for i in layer)
        y = top + free / 2
        for i in layer:
            items[i].y = y + items[i].height / 2
            y += items[i].height + _GAP
    return tallest


def _drawn(item: _Item, left: float) -> str:
    if not item.lines:
        return ""
    x, y = left + item.layer * _COLUMN, item.y - item.height / 2
    return box(x, y, _BOX, item.height, item.kind) + words(x + _BOX / 2, y + 18, item.lines)


def _flow(items: list[_Item], chain: list[int], label: str, limited: bool, left: float) -> str:
    x, y = left + items[chain[0]].layer * _COLUMN + _BOX, items[chain[0]].y
    path = f"M{x:.1f} {y:.1f}"
    named = words(x + 8, y - 5, [label], anchor="start", kind="small halo") if label else ""
    for position, i in enumerate(chain[1:], 1):
        to_x, to_y = left + items[i].layer * _COLUMN, items[i].y
        bend = (_COLUMN - _BOX) / 2
        path += f"C{x + bend:.1f} {y:.1f} {to_x - bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
        if label and position == 1:
            named = words((x + to_x) / 2, (y + to_y) / 2 + 4, [label], kind="small halo")
        x, y = to_x, to_y
        if position < len(chain) - 1:
            x += _BOX
            path += f"L{x:.1f} {y:.1f}"
    return arrow(path, "flow delayed" if limited else "flow") + named


def _below(from_: _Item, to: _Item, share: float, left: float, y: float) -> str:
    """Return a flow back to an earlier layer, along a line below all boxes."""
    x1 = left + from_.layer * _COLUMN + _BOX * 0.7
    x2 = left + to.layer * _COLUMN + _BOX * 0.3
    path = (
        f"M{x1:.1f} {from_.y + from_.height / 2:.1f}L{x1:.1f} {y - 8:.1f}"
        f"Q{x1:.1f} {y:.1f} {x1 - 8:.1f} {y:.1f}L{x2 + 8:.1f} {y:.1f}"
        f"Q{x2:.1f} {y:.1f} {x2:.1f} {y - 8:.1f}L{x2:.1f} {to.y + to.height / 2 + 2:.1f}"
    )
    label = f"{100 * share:.3g}%"
    middle = (x1 + x2) / 2 - CHARACTER
    return arrow(path, "flow") + words(middle, y - 4, [label], kind="small halo")
