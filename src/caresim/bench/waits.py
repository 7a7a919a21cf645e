"""Waits and delays of single people, and time at each number of people, from the event log.

Waits are counted by when they end, in the time that is recorded: in a steady state as many of
each length end as begin, and none is cut short.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.bench.cases import Figure, SuiteError
from caresim.bench.paths import count_per_member, levels, sum_per_member
from caresim.bench.select import cohort_of, setting_of
from caresim.engines.event.log import OUTCOMES, EventLog
from caresim.engines.event.run import EventOutput
from caresim.engines.output import Output

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

AT_ONCE = 1e-9
"""Days up to which somebody has not waited: the rounding of times."""

_WAITED_FOR_NOTHING = [OUTCOMES.index(name) for name in ("stopped_waiting", "gave_up")]


def _log(out: Output, fig: Figure) -> EventLog:
    if not isinstance(out, EventOutput) or out.log is None:
        raise SuiteError(f"{fig.label}: only the event engine keeps a log")
    return out.log


def _at_place(out: Output, log: EventLog, fig: Figure) -> BoolArray:
    chosen = log.setting == setting_of(out.model, fig.of)
    if fig.cohort:
        chosen &= log.cohort == cohort_of(out.model, fig.cohort)
    return np.asarray(chosen)


def _recorded(out: Output, times: FloatArray) -> BoolArray:
    # Comparisons with NaN, what has not happened, are false.
    return np.asarray((times >= 0.0) & (times < out.model.days))


def _sum_and_count(out: Output, log: EventLog, chosen: BoolArray, values: FloatArray) -> FloatArray:
    return np.stack(
        [
            sum_per_member(log, chosen, values, out.members),
            count_per_member(log, chosen, out.members),
        ],
        axis=1,
    )


def wait(out: Output, fig: Figure) -> FloatArray:
    """Return the time waited by those admitted, and how many they are."""
    log = _log(out, fig)
    chosen = _at_place(out, log, fig) & _recorded(out, log.started)
    return _sum_and_count(out, log, chosen, log.started - log.requested)


def time_there(out: Output, fig: Figure) -> FloatArray:
    """Return the time from request to leaving, and how many left."""
    log = _log(out, fig)
    chosen = _at_place(out, log, fig) & _recorded(out, log.left) & (log.started < np.inf)
    return _sum_and_count(out, log, chosen, log.left - log.requested)


def share_waiting(out: Output, fig: Figure) -> FloatArray:
    """Return those who waited more than ``over`` days, and all who asked and were not refused.

    Whoever gave up waiting has waited until then.
    """
    log = _log(out, fig)
    gave_up = np.isin(log.outcome, _WAITED_FOR_NOTHING) & np.isnan(log.started)
    until = np.where(gave_up, log.left, log.started)
    chosen = _at_place(out, log, fig) & _recorded(out, until)
    waited = until - log.requested > max(fig.over, AT_ONCE)
    return _sum_and_count(out, log, chosen, waited.astype(np.float64))


def _needing(out: Output, log: EventLog, fig: Figure) -> BoolArray:
    """Find the stays of people who needed ``needs``.

    They moved there, or died or left while they waited for it.
    """
    delayed = log.left > log.ready
    moved = log.next_setting == setting_of(out.model, fig.needs)
    chosen = _at_place(out, log, fig) & _recorded(out, log.left)
    return np.asarray(chosen & (moved | (delayed & (log.reason >= 0))))


def share_delayed(out: Output, fig: Figure) -> FloatArray:
    """Return those delayed among those who needed the setting ``needs``, and how many needed it."""
    log = _log(out, fig)
    delayed = log.left - log.ready > AT_ONCE
    return _sum_and_count(out, log, _needing(out, log, fig), delayed.astype(np.float64))


def delay_of_all(out: Output, fig: Figure) -> FloatArray:
    """Return the days of delay of those who needed ``needs``, and how many they are."""
    log = _log(out, fig)
    return _sum_and_count(out, log, _needing(out, log, fig), log.left - log.ready)


def delay_before_move(out: Output, fig: Figure) -> FloatArray:
    """Return the days of delay of those who moved to ``needs``, and how many they are."""
    log = _log(out, fig)
    moved = log.next_setting == setting_of(out.model, fig.needs)
    chosen = _at_place(out, log, fig) & _recorded(out, log.left) & moved
    return _sum_and_count(out, log, np.asarray(chosen), log.left - log.ready)


def time_any_delayed(out: Output, fig: Figure) -> FloatArray:
    """Return the share of time in which somebody is delayed."""
    log = _log(out, fig)
    # Those who leave as soon as they are ready would only be sorted in vain.
    chosen = _at_place(out, log, fig) & ~(log.left <= log.ready)
    shares = levels(log, chosen, log.ready, log.left, out.members, out.model.days)
    return np.array([[share[1:].sum()] for share in shares])


def time_full(out: Output, fig: Figure) -> FloatArray:
    """Return the share of time in which ``places`` or more are in use."""
    return np.array([[share[fig.places :].sum()] for share in _in_use(out, fig)])


def at_and_up_to(out: Output, fig: Figure) -> FloatArray:
    """Return the shares of time with ``places`` in use, and with that many or fewer."""
    n = fig.places
    shares = _in_use(out, fig)
    return np.array([[share[n : n + 1].sum(), share[: n + 1].sum()] for share in shares])


def moments_of_people(out: Output, fig: Figure) -> FloatArray:
    """Return the averages over time of the number of people, waiting or inside, and its square."""
    log = _log(out, fig)
    chosen = _at_place(out, log, fig)
    found = levels(log, chosen, log.requested, log.left, out.members, out.model.days)
    return np.array([_moments(share) for share in found])


def _moments(share: FloatArray) -> tuple[float, float]:
    people = np.arange(share.size, dtype=np.float64)
    return float(share @ people), float(share @ people**2)


def _in_use(out: Output, fig: Figure) -> list[FloatArray]:
    log = _log(out, fig)
    chosen = _at_place(out, log, fig)
    return list(levels(log, chosen, log.started, log.left, out.members, out.model.days))
