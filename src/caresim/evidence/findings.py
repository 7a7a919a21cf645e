"""What a figure shows: harm, nothing, benefit, or something that cannot be told."""

from __future__ import annotations

from caresim.evidence.measures import change
from caresim.evidence.schema import Entry, Reported
from caresim.evidence.vocabulary import FINDINGS, OUTCOMES, Better, Finding


def finding(entry: Entry, reported: Reported) -> Finding:
    """Return what a reported effect shows.

    Stated in the file where the source says more than the interval; otherwise by the interval:
    an effect is shown if the whole interval lies on one side of no change.
    """
    if entry.kind == "not_supported":
        return "not_supported"
    if reported.finding is not None:
        return reported.finding
    if entry.kind == "expert":
        return "opinion"
    if reported.interval in ("like", "reported_or_less"):
        return "unknown"
    if not reported.usable:
        return "unclear"
    told = change(reported)
    return of_interval(OUTCOMES[reported.outcome].better, told.low, told.high)


def of_interval(better: Better, low: float, high: float) -> Finding:
    """Return what an interval of a change shows, given which direction is a benefit."""
    if low <= 0 <= high:
        return "null"
    if better == "neither":
        return "unclear"
    return "benefit" if (high < 0) == (better == "lower") else "adverse"


def overall(entry: Entry) -> Finding:
    """Return the finding of an entry that a reader must not miss: the first of all of its own.

    The order is that of :data:`caresim.evidence.vocabulary.FINDINGS`, harms first.
    """
    order = list(FINDINGS)
    return min((finding(entry, reported) for reported in entry.effects), key=order.index)
