"""The slow side of a model's members, as the kernel takes it, and what it says after a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import CouplingLayout, prepare
from caresim.engines.draws import MemberNumbers
from caresim.engines.flow.compile import Compiled
from caresim.engines.flow.compile.lanes import Key, Lanes
from caresim.engines.flow.kernel import FlowRun
from caresim.model import Model

if TYPE_CHECKING:
    from caresim.engines.flow.kernel.exchange import Factor, SlowSide

FloatArray = NDArray[np.float64]


def slow_side(
    model: Model, compiled: Compiled, numbers: MemberNumbers, draws: FloatArray
) -> SlowSide | None:
    """Return the slow side of a run's members as they begin; None in a model without one."""
    if compiled.slow is None:
        return None
    from caresim.engines.flow.kernel.exchange import SlowSide

    parts, lanes = compiled.slow.parts, compiled.lanes
    fixed = [lanes.unchanging(lane, numbers) for lane in lanes.changing]
    members = draws.shape[0]
    return SlowSide(
        coupling=compiled.slow.coupling,
        params=prepare(model, compiled.slow, numbers, draws),
        n_state=parts.state.n_rows,
        n_levers=parts.levers.n_rows,
        first_day=-float(compiled.warm_up_days),
        lanes={
            lane: tuple(_factor(lanes, parts.levers.route_share, key) for key in keys)
            for lane, keys in lanes.changing.items()
        },
        fixed=np.array(fixed).reshape(len(fixed), members),
    )


def _factor(lanes: Lanes, first_share: int, key: Key) -> Factor:
    """Return what the factor of a lane is made of."""
    from caresim.engines.flow.kernel.exchange import LEVER, REST, SUM, WITHIN, Factor

    if key.kind in ("group", "within"):
        kind = SUM if key.kind == "group" else WITHIN
        return Factor(kind, tuple(first_share + route for route in key.at))
    return Factor(REST if key.kind == "no_step" else LEVER, (lanes.lever(key),))


def held_notes(layout: CouplingLayout | None, found: FlowRun) -> tuple[str, ...]:
    """Return sentences on numbers that changes would have taken beyond their range."""
    if layout is None:
        return ()
    first, names = layout.parts.state.held, layout.number_names
    held = found.slow_state[first : first + len(names)].sum(axis=1).astype(int)
    return tuple(
        f"Changes would take {name} beyond its range; it was held at the end of it in {count} "
        f"{'member' if count == 1 else 'members'}."
        for name, count in zip(names, held.tolist(), strict=True)
        if count
    )
