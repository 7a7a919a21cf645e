"""The stock-and-flow network: everything the flow kernel needs, and nothing about care.

A network is a list of *rows* (stocks of people, or tallies of events) and the rules that move
people between them. It is the same for all members; what differs between members is a table of
*lanes*, one number per member, that multiply the network's figures.

One Euler step of length ``step_days`` takes the state ``X`` to ``Y``:

1. *Sources and moves* are computed from ``X``. Row ``i`` loses ``X[i] * step_days * rate`` to each
   of its moves. Where the moves of a row would together take more than everybody in it, they are
   scaled down alike: outflows are limited, stocks are never clamped.
2. *Gates* (settings with a capacity) are visited in ``gate_order`` and work on ``Y``. The free
   places of a gate are its capacity less the places held in ``Y``. Whoever has left by a move in
   this step, or has been admitted elsewhere by a gate visited earlier, holds none, so nobody
   waits a step when there is room, and a full gate admits exactly what is freed. Classes are
   served in order, in proportion within a class; who is not admitted stays in the queue row.
3. *Room*: people in the waiting rows of a gate beyond its room go to an overflow row.
4. *Swaps*: people left blocked who wait for each other's places change places.

A row that holds a place in a gate says so by being one of its ``occupants``: people who are
blocked in an upstream setting sit in a queue row that is an occupant of the upstream gate, and
people in transfer sit in a row that is an occupant of both. No other book-keeping is needed.

Times are days, rates per day, stocks people. ``-1`` in an index field means "none".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

Method = Literal["euler", "heun", "rk3"]

NONE: Final = -1

# Where in a step each stage of a method is evaluated, as a share of the step. Heun and the third
# order method are the strong-stability-preserving schemes of Shu and Osher,
# doi:10.1016/0021-9991(88)90177-5: convex combinations of Euler steps, so whatever Euler preserves
# (people, non-negative stocks, capacity) they preserve too.
STAGE_OFFSETS: Final[dict[Method, tuple[float, ...]]] = {
    "euler": (0.0,),
    "heun": (0.0, 1.0),
    "rk3": (0.0, 1.0, 0.5),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A number that may differ between members: ``base * lanes[lane]``, or ``base`` alone."""

    base: float
    lane: int = NONE


@dataclass(frozen=True, slots=True)
class Target:
    """Where a share of a move or of an admission goes. Shares of one move sum to 1."""

    row: int
    share: Value = field(default_factory=lambda: Value(1.0))


@dataclass(frozen=True, slots=True)
class Source:
    """People entering ``row`` from outside the network, ``rate`` people a day.

    The rate is multiplied by column ``profile`` of ``Network.profiles`` and by
    ``exp(lanes[growth] * t)``, ``t`` in days from the start (so that lane is a rate per day).
    """

    row: int
    rate: Value
    profile: int = NONE
    growth: int = NONE


@dataclass(frozen=True, slots=True)
class Move:
    """People leaving ``row`` at ``rate`` per person per day, split over ``targets``.

    ``profile`` and ``growth`` multiply the rate as in `Source`. Several moves may leave one row:
    they compete. ``tallies`` are rows that count the people who make this move.
    """

    row: int
    rate: Value
    targets: tuple[Target, ...]
    profile: int = NONE
    growth: int = NONE
    tallies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A queue for a gate: people in row ``queue`` wait to be admitted into ``admit_to``.

    Each takes ``places`` places. ``tally`` is a row that counts admissions.
    """

    queue: int
    admit_to: tuple[Target, ...]
    places: float = 1.0
    tally: int = NONE


@dataclass(frozen=True, slots=True)
class Fence:
    """Places set aside for others: ``outsiders`` (row, places each) may not use ``places`` places.

    A class behind the fence is admitted only while the places that the outsiders hold are fewer
    than the gate's capacity less ``places``.
    """

    outsiders: tuple[tuple[int, float], ...]
    places: Value


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """Entries served alike, from the places beyond ``keep_free`` and outside all ``fences``.

    A queue may stand in several classes of one gate: each serves those whom the ones before left.
    """

    entries: tuple[Entry, ...]
    keep_free: Value = field(default_factory=lambda: Value(0.0))
    fences: tuple[Fence, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """At most ``people`` may wait in ``rows`` together; the others leave in the same step.

    They leave in proportion to what each row holds, to the row's own ``overflow`` row, counted in
    its own ``tally`` (-1 for none; empty for none at all). An overflow row may be an exit, or the
    queue row of another gate (handled in the same step if that gate comes later in the order).
    """

    rows: tuple[int, ...]
    people: Value
    overflow: tuple[int, ...]
    tally: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pace:
    """A gate that admits ``min(queue / queue_days, free places / free_days)`` per day.

    Queue and free places are those at the start of the step, and places freed in the step are not
    passed on: the usual formulation of system dynamics, kept for comparison with its models.
    """

    queue_days: float
    free_days: float


@dataclass(frozen=True, slots=True)
class Gate:
    """A setting with ``capacity`` places, of which ``occupants`` (row, places each) hold some.

    ``capacity`` is multiplied by column ``capacity_table`` of ``Network.capacity_tables``; it may
    be infinite. Column ``open_table`` of ``Network.open_tables`` says in which steps anybody is
    admitted. A paced gate has a single class.
    """

    capacity: Value
    occupants: tuple[tuple[int, float], ...]
    classes: tuple[PriorityClass, ...]
    capacity_table: int = NONE
    open_table: int = NONE
    rooms: tuple[Room, ...] = ()
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """A cycle of queue rows whose people wait for each other's places.

    The people of each queue wait for a gate in which the people of the next queue hold places
    (the last for that of the first). When every gate of the cycle is open, as many people as the
    smallest queue still holds after the gates were visited are admitted from every queue at once,
    and counted in ``tally``. They go where ``admit_to`` says for each queue, or if it is empty
    where any other admission from the queue goes: whoever takes the place of someone who leaves
    it now cannot be on the way for a time and hold on to their own. Nobody may need more places
    than the person who makes way for them held.
    """

    queues: tuple[int, ...]
    tally: int = NONE
    admit_to: tuple[tuple[Target, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """Up to ``people`` leave ``rows`` at the start of step ``step``, each row for its target.

    They are taken in proportion to what each row holds.
    """

    step: int
    rows: tuple[int, ...]
    people: Value
    targets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """A weighted sum of rows (row, weight each), recorded at every save and over every window.

    ``kind`` says what a save records: "value" the sum itself; "change" its change since the save
    before (for tallies and exits); "integral" its integral over time since the save before, in
    people times days, the stages of a step combined as the method combines them (for Euler, the
    sum over steps of the value at the step's start). The first save has no save before: its
    change and integral are counted from the start of the run.

    A window records, for every member, the change of a "value" or "change" output and the
    integral of an "integral" one between the window's first and last step.
    """

    terms: tuple[tuple[int, float], ...]
    kind: Literal["value", "change", "integral"] = "value"


@dataclass(frozen=True)
class Network:
    """A stock-and-flow network. Arrays are made read-only.

    Attributes
    ----------
    start
        People in each row at the start, shape (n_rows,); multiplied by ``lanes[start_lane]``.
    start_lane
        Shape (n_rows,), -1 where the start is the same for all members.
    tally_rows
        Rows that count events and hold no people; left out of the conservation check.
    step_days, n_steps, method
        The step, how many, and how each is taken.
    save_steps
        Strictly increasing step numbers, 0 to n_steps, shape (n_saves,): outputs are recorded
        when that many steps are done.
    n_lanes
        Rows of the members' table, which has shape (n_lanes, n_members).
    profiles
        Shape (n_steps, n_stages, n_profiles): the multiplier at each stage of each step, see
        `stage_times`. The value at the end of a step is the limit from inside that step.
    capacity_tables
        Shape (n_steps, n_tables). Holds for the whole of a step.
    open_tables
        Shape (n_steps, n_tables).
    gate_order
        Gate numbers as visited: usually downstream first. A gate listed twice lets a cycle of
        gates settle within the step; its rooms are enforced at its last visit.
    windows
        Shape (n_windows, 2): first and last step of each stretch over which totals are kept for
        every member. They may overlap and need not fall on saves.
    exchange_steps
        Steps, from 0 up, at which something outside the network reads ``measures`` and sets
        lanes anew (see :mod:`caresim.engines.flow.kernel.exchange`); empty for none.
    measures
        "change" and "integral" outputs: what has happened since the exchange before.
    outside_outputs
        For each output recorded after ``outputs`` that comes from outside the network, whether it
        is recorded as its change since the save before.
    """

    start: FloatArray
    start_lane: IntArray
    step_days: float
    n_steps: int
    save_steps: IntArray
    outputs: tuple[Output, ...]
    sources: tuple[Source, ...] = ()
    moves: tuple[Move, ...] = ()
    gates: tuple[Gate, ...] = ()
    gate_order: tuple[int, ...] = ()
    swaps: tuple[Swap, ...] = ()
    removals: tuple[Removal, ...] = ()
    tally_rows: tuple[int, ...] = ()
    n_lanes: int = 0
    method: Method = "euler"
    profiles: FloatArray = field(default_factory=lambda: np.zeros((0, 0, 0)))
    capacity_tables: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    open_tables: BoolArray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.bool_))
    windows: IntArray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    exchange_steps: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    measures: tuple[Output, ...] = ()
    outside_outputs: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        for name, dtype in (
            ("start", np.float64),
            ("start_lane", np.int64),
            ("save_steps", np.int64),
            ("profiles", np.float64),
            ("capacity_tables", np.float64),
            ("open_tables", np.bool_),
            ("windows", np.int64),
            ("exchange_steps", np.int64),
        ):
            array = np.array(getattr(self, name), dtype=dtype, order="C")
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.start.size)

    @property
    def n_outputs(self) -> int:
        """Number of outputs recorded, those from outside included."""
        return len(self.outputs) + len(self.outside_outputs)


def stage_times(method: Method, step_days: float, n_steps: int) -> FloatArray:
    """Return the times in days at which profiles are needed, shape (n_steps, n_stages).

    Examples
    --------
    >>> stage_times("heun", 0.5, 2)
    array([[0. , 0.5],
           [0.5, 1. ]])
    """
    starts = np.arange(n_steps, dtype=np.float64)
    times: FloatArray = np.add.outer(starts, np.array(STAGE_OFFSETS[method])) * step_days
    return times
