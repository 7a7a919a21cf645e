"""Readers of the official files that planners receive, and of a plain CSV of one's own.

:func:`read` finds out what a file is by its sheets and columns, and gives every kind in one
shape, a :class:`Reading`: a tidy table, where it came from, and what was dropped or changed.

Examples
--------
>>> from caresim.places import readers
>>> [kind.id for kind in readers.kinds()][:2]
['delayed_transfers', 'acute_discharge']
"""

from __future__ import annotations

from caresim.places.readers.layouts import Kind
from caresim.places.readers.problems import DataError
from caresim.places.readers.read import Examined, examine, kinds, read
from caresim.places.readers.reading import Break, Change, Reading, Source

__all__ = [
    "Break",
    "Change",
    "DataError",
    "Examined",
    "Kind",
    "Reading",
    "Source",
    "examine",
    "kinds",
    "read",
]
