"""The slow side of one member of the event engine, and what is recorded of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import CouplingLayout, scratch
from caresim.engines.event.kernel import advance
from caresim.engines.event.plan import Plan
from caresim.engines.event.records import Books

if TYPE_CHECKING:
    from caresim.engines.event.exchange import Slow

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SlowMember:
    """The slow side of a member, or that there is none.

    Attributes
    ----------
    slow
        For compiled code; None in a model without a slow side.
    first_held, n_held
        Where the state says whether numbers were held at the end of their range.
    """

    slow: Slow | None = None
    first_held: int = 0
    n_held: int = 0

    def start_measuring(self, world: NDArray[np.void]) -> None:
        """Let measures begin once everybody is there at the beginning."""
        if self.slow is not None:
            from caresim.engines.event.exchange import start_measuring

            start_measuring(world, self.slow)

    def advance(self, world: NDArray[np.void], books: Books) -> int:
        """Advance the member, as :func:`caresim.engines.event.kernel.advance`."""
        if self.slow is None:
            status: int = advance(world, books)
            return status
        from caresim.engines.event.exchange import advance_coupled

        found: int = advance_coupled(world, books, self.slow)
        return found

    @property
    def noted(self) -> FloatArray:
        """What was recorded, shape (n_edges, n)."""
        return np.zeros((0, 0)) if self.slow is None else self.slow.noted[:, :, 0]

    @property
    def held(self) -> NDArray[np.bool_]:
        """Whether each number that changes was held at the end of its range."""
        if self.slow is None:
            return np.zeros(0, dtype=np.bool_)
        return self.slow.state[self.first_held : self.first_held + self.n_held, 0] > 0.0


def begin_slow(plan: Plan, params: FloatArray | None, world: NDArray[np.void]) -> SlowMember:
    """Return the slow side of a member as it begins, and set everything for people as it says.

    It is compiled apart, so it is loaded only for models that have one.
    """
    if plan.slow is None or params is None:
        return SlowMember()
    from caresim.engines.event.exchange import Slow, begin_coupled

    given, parts = plan.slow, plan.slow.layout.parts
    n_measures = given.is_stock.size
    slow = Slow(
        coupling=given.layout.coupling,
        params=params,
        state=np.zeros((parts.state.n_rows, 1)),
        work=scratch(given.layout.coupling),
        measures=np.zeros((n_measures, 1)),
        levers=np.zeros((parts.levers.n_rows, 1)),
        before=np.zeros(n_measures),
        measure_first=given.measure_first,
        entries=given.entries,
        is_stock=given.is_stock,
        route_cells=given.route_cells,
        steps=given.steps,
        hazards=given.hazards,
        noted=np.zeros((given.edges.size, given.width, 1)),
    )
    world[0]["next_exchange"] = given.first_meeting(plan.begin, plan.model.days)
    begin_coupled(world, slow)
    return SlowMember(slow, parts.state.held, len(given.layout.number_names))


def people_apart(layout: CouplingLayout, noted: FloatArray, left: float) -> float | None:
    """Return how far the population at the end is from what the flows counted say.

    None where populations are no stocks.

    Parameters
    ----------
    layout
        The slow side.
    noted
        Shape (n_edges, n): what was recorded, from the start on.
    left
        People who died in, or left for elsewhere from, settings and waits since the start.
    """
    people = [k for k, (name, _) in enumerate(layout.stocks) if name == "population"]
    if not people:
        return None
    first = 2 * len(layout.stocks)
    signs = {"joined": 1.0, "migrated": 1.0, "died_at_home": -1.0, "moved_away": -1.0}
    change = -left
    for k, (name, _) in enumerate(layout.tallies):
        change += signs[name] * float(noted[-1, first + k] - noted[0, first + k])
    start, end = float(noted[0, people].sum()), float(noted[-1, people].sum())
    return abs(end - start - change) / max(1.0, start)
