"""The slow side of a model's members, as the kernel takes it, and what it says after a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import CouplingLayout, prepare
from caresim.engines.draws import MemberNumbers
from caresim.engines.flow.audit import CONSERVED_WITHIN
from caresim.engines.flow.compile import Compiled
from caresim.engines.flow.compile.lanes import Key, Lanes
from caresim.engines.flow.kernel import FlowRun
from caresim.engines.flow.variables import Variables
from caresim.engines.output import Check
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
    from caresim.engines.flow.kernel.exchange import LEVER, REST, SPEED, SUM, WITHIN, Factor

    if key.kind in ("group", "within"):
        kind = SUM if key.kind == "group" else WITHIN
        return Factor(kind, tuple(first_share + route for route in key.at))
    kinds = {"no_step": REST, "step_clock": SPEED}
    return Factor(kinds.get(key.kind, LEVER), (lanes.lever(key),))


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


def population_check(
    model: Model, compiled: Compiled, slow: SlowSide | None, found: FlowRun, totals: Variables
) -> tuple[Check, ...]:
    """Return the check that the population has lost and gained nobody but as counted.

    The two sides are counted apart: who died in care, or left it for elsewhere, by the fast side.
    """
    if slow is None or compiled.slow is None or model.population is None:
        return ()
    parts, n_cohorts = compiled.slow.parts, len(model.cohorts)
    first = parts.params.people
    at_start = slow.params[first : first + n_cohorts].sum(axis=0)
    first = parts.state.people
    at_end = found.slow_state[first : first + n_cohorts].sum(axis=0)

    def counted(name: str) -> FloatArray:
        cells = totals[name][:, 0]
        return np.asarray(cells.reshape(cells.shape[0], -1).sum(axis=1))

    gained = counted("joined") + counted("migrated")
    lost = sum(counted(n) for n in ("died_at_home", "moved_away", "died", "elsewhere"))
    residual = np.abs(at_end - (at_start + gained - lost)) / np.maximum(at_start, 1.0)
    worst = float(residual.max())
    return (
        Check(
            "population_conserved",
            bool(worst <= CONSERVED_WITHIN),
            worst,
            CONSERVED_WITHIN,
            "Change of the population that births, moves and deaths, in care and out of it, do not "
            "explain, as a share of it.",
        ),
    )
