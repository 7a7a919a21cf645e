"""What random numbers are for: the places they are read at, in every engine of people.

A person has a **number** within the stream they belong to: those of an arrival and cohort, of
the census of a setting and cohort, or of a queue at the start. For arrivals the number is
``(day + DAY_ZERO) * 2^20 + j``, where j counts those who might have come on that day, so a change
of the rate on one day leaves the people of all other days as they were. Draws:

================== ==================== ============================================= ==========
purpose            base                 number read                                   visit
================== ==================== ============================================= ==========
arrival            :data:`ARRIVAL`      part 0: exponential, the gap since the one    0
                                        before (times the day's largest rate);
                                        part 1: uniform, kept if below rate / largest
stay in a setting  the setting's word   part 0: the length; part 1: uniform, route    visit
transfer into it   word + TRANSFER      part 0: the length                            turn
leaving a wait     word + WAITING       part 0: exponential; part 1: uniform, where   turn
outside it
leaving a delay    word + DELAYED       part 0: exponential; part 1: uniform, where   turn
in it
step k of an       word + STEP (k + 1)  part 0: the length; part 1: uniform, needed   visit
arrangement                             if below the step's share
being there at     :data:`START`        parts 0 to 2, uniform: how long they have     0
the start                               been there, how long they stay, route
================== ==================== ============================================= ==========

The word of a setting is that of its name (:func:`caresim.engines.randomness.word_of`). The
**visit** is how many stays the person has had in that setting before (in settings whose positions
leave the same remainder by 16; from the 15th on, 15 plus the stays they have had anywhere). The
**turn** counts the delays, waits and transfers that the person has begun.
"""

from __future__ import annotations

from caresim.engines.randomness import word_of

DAY_ZERO = 1 << 20
"""Added to the day in an arrival's number, so that days before the start are positive."""

DAY_BITS = 20
"""Bits of the count of those who might have come on a day, in an arrival's number."""

PERSON_BITS = 41
"""Bits of a number; a person is known in logs as ``stream * 2^41 + number``."""

ARRIVAL = word_of("arrival")
START = word_of("start")
TRANSFER = 1 << 48
WAITING = 2 << 48
DELAYED = 3 << 48
STEP = 1 << 40


def setting_word(name: str) -> int:
    """Return the base of the draws of a setting."""
    return word_of(f"setting {name}")


def arrival_stream(name: str, cohort: str) -> int:
    """Return the word of the people of a cohort who come by an arrival."""
    return word_of(f"arrival {name} {cohort}")


def census_stream(setting: str, cohort: str) -> int:
    """Return the word of the people who are in a setting at the start."""
    return word_of(f"census {setting} {cohort}")


def queue_stream(setting: str, cohort: str, source: str) -> int:
    """Return the word of the people who wait for a setting at the start."""
    return word_of(f"queue {setting} {cohort} {source}")
