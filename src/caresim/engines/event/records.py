"""Layout of the state that the compiled kernel reads and changes.

One record for each person, setting, lane and so on, so that what is used together lies together
in memory. Positions are of the same kinds as in :mod:`caresim.model`; -1 means none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# What a person is doing (``state``).
NOBODY, STREAM, IN_CARE, ARRANGING, WAITING, MOVING = range(6)

# What a person's event means (``event``).
STAY_ENDS, PLACES_CHANGE, STEP_ENDS, LEAVES, GIVES_UP, ARRIVES = range(6)

# Stocks and counts of a (setting, cohort), in the order they lie in the tallies.
OCCUPIED, DELAYED, WAITS = range(3)
N_CELL_STOCKS = 3
(
    ARRIVALS,
    ADMISSIONS,
    STAYS_ENDED,
    HOME,
    DIED,
    ELSEWHERE,
    LOST,
    DIVERTED,
    LEFT_WAITING,
    LEFT_DELAYED,
    REROUTED,
) = range(11)
N_CELL_COUNTS = 11

# What happens at a time known beforehand (``Machine.agenda``), in the order at the same time.
END_SEGMENT, EXCHANGE, SET_CAPACITY, CLOSE, OPEN, PLANNED_MOVES = range(6)

# Why :func:`caresim.engines.event.kernel.advance` returned.
FINISHED, NEEDS_PEOPLE, NEEDS_LOG, NEEDS_EXCHANGE = range(4)

# What the slow side does to the people of a cell (``CELL.touched``): sets the speed of the clock of
# their stays, lengthens stays after a delay, shifts routes after a delay.
PACED, LENGTHENED, SHIFTED = 1, 2, 4

# What most events read and change lies in the first 64 bytes, a line of the processor's cache.
PERSON = np.dtype(
    [
        ("time", "f8"),  # of the event awaited
        ("started", "f8"),  # the stay
        ("key", "u8"),  # of their random numbers
        ("visit", "u8"),  # place of the draws of the present or last stay
        ("next", "i4"),  # in the list of a bucket of events, or of free records
        ("prev", "i4"),
        ("route", "i4"),
        ("setting", "i2"),  # whose place they hold
        ("to", "i2"),  # which they need
        ("cohort", "i2"),
        ("source", "i2"),
        ("transfer", "i2"),  # stay that is the time of moving
        ("rule", "i2"),  # source of a ring fence as which the place is held
        ("step", "i1"),  # of the change of places used
        ("state", "i1"),
        ("event", "i1"),
        ("scheduled", "i1"),
        ("delayed", "i1"),  # counted as delayed
        ("counted", "i1"),  # counted as waiting outside
        ("listed", "i1"),  # takes room in the list outside
        ("no_room", "i1"),  # in the list of people who wait for room to wait
        # The second line.
        ("leave", "f8"),  # leaves the delay or wait of their own accord; NaN if not drawn yet
        ("due", "f8"),  # the step of the arrangement ends, or the person gives up the queue
        ("visits", "u8"),  # stays had in each setting, four bits for each position by 16
        ("number", "i8"),  # within the stream
        ("lane", "i4"),
        ("stays", "i4"),
        ("turn", "i4"),
        ("origin", "i2"),  # the setting left to wait at home
        ("stream", "i2"),
        ("cause", "i2"),  # the last reason of a delay other than the transfer
        ("reason", "i2"),  # of the delay
        ("rule_to", "i2"),  # source of a ring fence as which the place moved to is held
        ("arranged", "i2"),  # steps of the arrangement dealt with
        ("at", "i2"),  # setting in which a way out is counted
        ("diverted", "i2"),  # times sent on
        ("spare", "i4"),
        # The third line, which those who neither wait nor are logged never touch.
        ("requested", "f8"),  # the place they need; for the log, like the next two
        ("asked", "f8"),  # for the place they hold
        ("ready", "f8"),  # the stay ended; kept without a log of those delayed only
        ("since", "f8"),  # counted as waiting outside, or delayed for the present reason
        ("stay", "f8"),  # its length, where the places used change
        ("order", "i8"),  # of the request, for first come first served
        ("lane_next", "i4"),
        ("lane_prev", "i4"),
        ("room_next", "i4"),  # in the list of people who wait for room to wait
        ("room_prev", "i4"),
    ],
    align=True,
)

# Tables whose records the world points to, by the names of their addresses.
TABLES = (
    "people",
    "buckets",
    "settings",
    "lanes",
    "askers",
    "pairs",
    "rules",
    "guests",
    "arrivals",
    "days",
    "cycles",
    "routes",
    "steps",
    "hazards",
    "stays",
    "numbers",
    "cells",
    "places",
    "max_waits",
    "stocks",
    "counts",
    "spells",
    "carried",
    "agenda",
    "log",
    "clocks",
    "marks",
    "courses",
    "areas",
    "befores",
    # Plain arrays of a model with a slow side.
    "shares",  # of routes, now
    "route_order",
    "slow_at",  # :class:`caresim.engines.coupling.Coupling`, and the member's parameters
    "slow_ints",
    "slow_floats",
    "slow_params",
)

WORLD = np.dtype(
    [
        *((name, "i8") for name in TABLES),  # addresses
        ("begin", "f8"),  # first day simulated
        ("end", "f8"),
        ("now", "f8"),
        ("mark", "f8"),  # when the present segment of the tallies began
        ("record_from", "f8"),
        ("spells_from", "f8"),  # when the present counts of lengths began
        ("per_day", "f8"),  # buckets of events to a day
        ("stopped", "f8"),  # when circular blocking ended the run
        ("excess", "f8"),  # largest excess of places used over capacity at an admission
        ("exchanged", "f8"),  # time of the last exchange with the slow side
        ("next_exchange", "f8"),
        ("bucket", "i8"),  # the present one, not wrapped
        ("cursor", "i8"),  # next entry of the agenda
        ("moved", "i8"),  # planned moves already made at that entry
        ("order", "i8"),
        ("events", "i8"),
        ("entered", "i8"),
        ("gone", "i8"),
        ("logged", "i8"),
        ("member", "i8"),
        ("n_people", "i8"),
        ("n_log", "i8"),
        ("n_agenda", "i8"),
        ("n_days", "i8"),
        ("n_routes", "i8"),
        ("n_slow_at", "i8"),  # sizes of the arrays of the slow side
        ("n_slow_ints", "i8"),
        ("n_slow_floats", "i8"),
        ("n_slow_params", "i8"),
        ("n_settings", "i4"),
        ("n_sources", "i4"),
        ("n_arrivals", "i4"),
        ("free", "i4"),
        ("n_free", "i4"),
        ("alive", "i4"),
        ("n_dirty", "i4"),
        ("n_granted", "i4"),
        ("n_cohorts", "i4"),
        ("n_reasons", "i4"),
        ("reasons_at", "i4"),  # first stock of (setting, reason)
        ("used_at", "i4"),  # first stock of places used
        ("wanted_at", "i4"),  # first stock of people delayed for want of a place in a setting
        ("moves_at", "i4"),  # first count of (setting, to)
        ("pathways_at", "i4"),  # first count of (setting, pathway)
        ("swaps_at", "i4"),  # count of swaps
        ("displaced_at", "i4"),  # first count of displaced people of (setting, cohort)
        ("transfer_reason", "i4"),
        ("recheck", "i4"),  # settings in which to look for circular blocking: from here
        ("recheck_end", "i4"),  # to before here
        ("check", "i4"),  # person who has begun to wait: look for circular blocking
        ("logging", "i1"),
        ("stop_at_deadlock", "i1"),
        ("frozen", "i1"),
        ("coupled", "i1"),  # has a slow side
        ("remembers", "i1"),  # keeps what each person was delayed before
        ("met", "i1"),  # the exchange at the present entry of the agenda has been made
    ],
    align=True,
)

SETTING = np.dtype(
    [
        ("need", "f8"),  # places taken on admission
        ("capacity", "f8"),
        ("factor", "f8"),  # the member's, on every capacity
        ("used", "f8"),
        ("room", "f8"),
        ("word", "u8"),
        ("waiting", "i4"),  # people in its lanes
        ("outside", "i4"),  # people who take room
        ("blocked", "i4"),  # people delayed in it who are in lanes of other settings, or its own
        ("lane_start", "i4"),
        ("lane_end", "i4"),
        ("rule_start", "i4"),
        ("rule_end", "i4"),
        ("places_start", "i4"),
        ("places_end", "i4"),
        ("room_head", "i4"),
        ("room_tail", "i4"),
        # Stacks of the kernel, whose k-th entry lies in the record of setting k.
        ("noted", "i4"),  # settings that may have a place for someone
        ("granted", "i4"),  # people who change places in a circle
        ("came_from", "i4"),  # search for a circle: from which setting this was reached
        ("to_look_at", "i4"),
        ("overflow", "i2"),
        ("reason", "i2"),
        ("source", "i2"),
        ("pathway", "i2"),
        ("open", "i1"),
        ("dirty", "i1"),
        ("by_share", "i1"),  # places fall by share of the stay, not by days
        ("drawn_at_start", "i1"),
    ],
    align=True,
)

BUCKET = np.dtype([("head", "i4")])

# What holds for people of a source who ask for a setting; by setting, then source.
ASKER = np.dtype([("lane", "i4"), ("max_wait", "i4"), ("fenced", "i4")])

# The lane for a setting of people delayed in another, and whether, directly or not, people
# delayed in the first may wait for the second; by first setting, then second.
PAIR = np.dtype([("lane", "i4"), ("may_block", "i4")])

# Whether places reserved by a rule are for a source; by rule, then source.
GUEST = np.dtype([("welcome", "i1")])

PLACE = np.dtype([("at", "f8"), ("places", "f8")])

NUMBER = np.dtype([("value", "f8")])

DAY = np.dtype([("start", "f8"), ("end", "f8")])

CYCLE = np.dtype([("period", "f8"), ("amplitude", "f8"), ("peak", "f8")])

STOCK = np.dtype([("level", "f8"), ("moment", "f8")])

COUNT = np.dtype([("n", "f8")])

# Lengths in a bin; by row (caresim.engines.spells.rows_of), then bin.
SPELL = np.dtype([("n", "f8"), ("days", "f8")])

# Days before the record began in lengths counted, less days of those still under way; by row.
CARRIED = np.dtype([("days", "f8")])

LANE = np.dtype(
    [
        ("head", "i4"),
        ("tail", "i4"),
        ("rank", "i2"),  # priority class
        ("source", "i2"),
        ("holding", "i2"),  # the setting its people are delayed in, or -1 outside
    ],
    align=True,
)

RULE = np.dtype(
    [("places", "f8"), ("used", "f8"), ("ring_fenced", "i1"), ("whole", "i1")],
    align=True,
)

ROUTE = np.dtype(
    [
        ("below", "f8"),  # taken if the uniform number is below this
        ("to", "i2"),
        ("stay", "i2"),
        ("transfer", "i2"),
        ("pathway", "i2"),
        ("step_start", "i4"),
        ("step_end", "i4"),
        ("hazard_start", "i4"),
        ("hazard_end", "i4"),
        ("at_home", "i1"),
    ],
    align=True,
)

STEP = np.dtype([("share", "f8"), ("factor", "f8"), ("stay", "i2"), ("reason", "i2")], align=True)

# ``before`` is the rate before the last exchange with the slow side.
HAZARD = np.dtype([("rate", "f8"), ("before", "f8"), ("to", "i2")], align=True)

STAY = np.dtype(
    [
        ("a", "f8"),
        ("b", "f8"),
        ("factor", "f8"),
        ("limit", "f8"),
        ("start", "i4"),
        ("n", "i4"),
        ("family", "i1"),
    ],
    align=True,
)

CELL = np.dtype(
    [
        ("inside", "f8"),  # time spent by those who have left
        ("waited", "f8"),
        ("stay", "i4"),  # where routes are drawn when it ends
        ("route_start", "i4"),
        ("route_end", "i4"),
        ("hazard_start", "i4"),  # of leaving the wait outside
        ("hazard_end", "i4"),
        ("home_pathway", "i2"),
        ("touched", "i1"),
    ],
    align=True,
)

# The clock of the stays of a cell, with a calendar of marks.
CLOCK = np.dtype(
    [
        ("reached", "f8"),  # what it showed at the last exchange
        ("speed", "f8"),  # until the next
        ("per_day", "f8"),  # buckets to a day that it shows
        ("bucket", "i8"),  # not wrapped; there is no mark in an earlier one
        ("buckets", "i8"),  # where its own begin in the table of marks
    ],
    align=True,
)

# What segments that have ended add up to of a stock or a count, for the slow side.
SUM = np.dtype([("sum", "f8")])

# What a model with a slow side keeps of a person besides.
COURSE = np.dtype(
    [
        ("mark", "f8"),  # what the clock of stays shows as the stay ends, or its places fall next
        ("due", "f8"),  # when that is, if before the next exchange, where places fall
        ("ends", "f8"),  # as it ends, where places fall
        ("next", "i4"),  # in the list of a bucket of marks
        ("prev", "i4"),
        ("delay", "f8"),  # in the setting they came from; 0 if none
        ("held_in", "i2"),  # that setting, if they were delayed
        ("listed", "i1"),  # the mark is in the calendar of the clock
    ],
    align=True,
)

ARRIVAL = np.dtype(
    [
        ("rate", "f8"),
        ("growth", "f8"),  # of the logarithm, per day
        ("time", "f8"),  # of the last who might have come
        ("largest", "f8"),  # rate of those who might come on the day
        ("sure", "f8"),  # below this rate who might come does come
        ("never", "f8"),  # from this rate on they do not
        ("lower", "f8"),  # of those who might come, this share of the rate comes elsewhere
        ("upper", "f8"),  # and from this share on not at all
        ("total", "f8"),  # the largest such share of an arrival and those displaced from it
        ("until", "f8"),  # the rate is known until then
        ("key", "u8"),
        ("day", "i8"),
        ("j", "i8"),
        ("cycle_start", "i4"),
        ("cycle_end", "i4"),
        ("cohort", "i2"),
        ("to", "i2"),
        ("source", "i2"),
        ("transfer", "i2"),
        ("origin", "i2"),  # the arrival that it is displaced from; itself if it is not
        ("changes", "i1"),
    ],
    align=True,
)

ENTRY = np.dtype(
    [
        ("time", "f8"),
        ("value", "f8"),
        ("kind", "i2"),
        ("setting", "i2"),
        ("to", "i2"),
        ("period", "i4"),  # that the segment ending here belongs to; -1 is forgotten
        ("save", "i4"),  # saved time that this is, or -1
    ],
    align=True,
)

MAX_WAIT = np.dtype([("days", "f8"), ("to", "i2"), ("same_day", "i1")], align=True)

STARTER = np.dtype(
    [
        ("elapsed", "f8"),
        ("stay", "f8"),
        ("key", "u8"),
        ("number", "i8"),
        ("setting", "i2"),
        ("cohort", "i2"),
        ("to", "i2"),  # waits for this setting, or -1
        ("source", "i2"),
        ("route", "i4"),
        ("stream", "i2"),
    ],
    align=True,
)

LOG_ROW = np.dtype(
    [
        ("person", "i8"),  # stream and number, as purposes says
        ("requested", "f8"),
        ("started", "f8"),
        ("ready", "f8"),
        ("left", "f8"),
        ("member", "i4"),
        ("cohort", "i2"),
        ("setting", "i2"),
        ("next_setting", "i2"),
        ("reason", "i2"),
        ("outcome", "i1"),
    ],
    align=True,
)

# ``LOG_ROW.next`` where nobody knows yet: the codes of ways out are -1 to -4.
NOWHERE = -5

# Outcomes of a stay, or of a wait that came to no stay (``LOG_ROW.outcome``).
WENT, MOVED, AGAIN, STOPPED_WAITING, TURNED_AWAY, SENT_ON, GAVE_UP, STILL_THERE = range(8)


class Books(NamedTuple):
    """What is kept of a run: integrals of stocks, and counts.

    Attributes
    ----------
    period_stocks, period_counts
        Shape (n_periods, n).
    window_stocks, window_counts
        Shape (n_windows, n).
    saved
        Shape (n_saves, n_stocks): levels at saved times.
    window_spells
        Shape (n_windows, n_rows, N_BINS, 2): lengths in bins (:mod:`caresim.engines.spells`).
    windows
        Shape (n_windows, 2): first and last day.
    """

    period_stocks: NDArray[np.float64]
    period_counts: NDArray[np.float64]
    window_stocks: NDArray[np.float64]
    window_counts: NDArray[np.float64]
    saved: NDArray[np.float64]
    window_spells: NDArray[np.float64]
    windows: NDArray[np.float64]


Record = Any
"""A record of one of these types; numba knows which, Python's type checker cannot."""
