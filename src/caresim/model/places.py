"""Settings: their places, who may use them, and how people wait for them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

from caresim.model.time import Calendar, Timeline


class Exit(enum.IntEnum):
    """Ways out of the model, used as destinations in place of a setting's position."""

    HOME = -1
    DIED = -2
    ELSEWHERE = -3
    LOST = -4
    """Turned away: found the setting full, and no room to wait."""


EXIT_NAMES = {exit_: exit_.name.lower() for exit_ in Exit}


@dataclass(frozen=True)
class PlacesPerPerson:
    """Places one person uses as their stay goes on.

    Attributes
    ----------
    by
        ``constant``; ``share_of_stay``: ``at`` are shares of the person's own stay;
        ``elapsed``: ``at`` are days since the stay began.
    at
        Increasing, the first 0.
    places
        Places used from each of ``at`` on. The last holds while the person is delayed.
    """

    by: Literal["constant", "share_of_stay", "elapsed"] = "constant"
    at: tuple[float, ...] = (0.0,)
    places: tuple[float, ...] = (1.0,)


@dataclass(frozen=True)
class Leaving:
    """People who leave a wait or a delay of their own accord: a constant hazard.

    Attributes
    ----------
    to
        Destination.
    rate
        Per person per day.
    """

    to: int
    rate: float


@dataclass(frozen=True)
class MaxWait:
    """After how long people give up a queue, and where they go instead.

    Attributes
    ----------
    sources
        The sources whose people the rule is for.
    days
        The longest wait; 0 with ``same_day`` set means the end of the day they asked.
    same_day
        Whether the wait ends with the day on which they asked for a place.
    to
        Destination.
    """

    sources: tuple[int, ...]
    days: float
    same_day: bool
    to: int


@dataclass(frozen=True)
class Reserved:
    """Places kept for some sources.

    Attributes
    ----------
    sources
        Who may use them.
    places
        How many.
    rule
        ``ring_fenced``: people of other sources never hold more than the capacity less these.
        ``keep_free``: people of other sources are admitted only if more than these are free.
    """

    sources: tuple[int, ...]
    places: float
    rule: Literal["ring_fenced", "keep_free"]


@dataclass(frozen=True)
class PlannedMove:
    """People who on a day end their stay, longest there first, and need another setting.

    Attributes
    ----------
    day
        Days from the start.
    people
        At most this many.
    to
        A setting's position.
    """

    day: float
    people: float
    to: int


@dataclass(frozen=True)
class Setting:
    """Somewhere care happens (scenario specification, 5 and 8).

    Attributes
    ----------
    name, label, kind, locality
        ``name`` is ``home_care@north`` for a local setting; ``locality`` is then ``north``.
    pathway
        The discharge pathway (0 to 3) that a move into this setting counts as, or None.
    capacity
        Places by day, a step function; ``inf`` if unlimited.
    calendar
        Hours of admission, or None for always.
    places_per_person
        See :class:`PlacesPerPerson`.
    queue_class
        Shape (n_sources,): the class of each source; class 0 goes first.
    room
        People who may wait outside; ``inf`` for no limit.
    overflow
        Destination of an arrival that finds no place and no room.
    max_waits
        Rules that end a wait; no source is in two of them.
    leaving
        For each cohort, hazards of the people waiting outside.
    reserved
        Places kept for some sources.
    delay_reason
        Reason recorded for people delayed elsewhere for want of a place here.
    planned_moves
        In order of day.
    """

    name: str
    label: str
    kind: str
    pathway: int | None
    capacity: Timeline
    calendar: Calendar | None
    places_per_person: PlacesPerPerson
    queue_class: tuple[int, ...]
    room: float
    overflow: int
    max_waits: tuple[MaxWait, ...]
    leaving: tuple[tuple[Leaving, ...], ...]
    reserved: tuple[Reserved, ...]
    delay_reason: int
    planned_moves: tuple[PlannedMove, ...] = ()
    locality: str | None = None
