"""The event log: one row for each stay, and for each wait that came to none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.records import LOG_ROW

OUTCOMES = (
    "left",
    "moved",
    "began_again",
    "stopped_waiting",
    "turned_away",
    "sent_on",
    "gave_up",
    "censored",
)
"""Names of the codes in :attr:`EventLog.outcome`: left the model; moved to the next setting, or
home to wait for it; began a new stay in the same place; left a wait outside of their own accord;
found no place and no room; the same, and was sent on; gave up the queue after the maximum wait;
was still there, or still waiting, when the run ended."""


@dataclass(frozen=True, eq=False)
class EventLog:
    """Rows of all members, in order of member and, within a member, of the time a row ended.

    Attributes
    ----------
    rows
        Records of type ``LOG_ROW``; the properties below are their columns.
    """

    rows: NDArray[np.void]

    def __len__(self) -> int:
        return int(self.rows.size)

    @property
    def member(self) -> NDArray[np.int32]:
        """The member."""
        return self.rows["member"]

    @property
    def person(self) -> NDArray[np.int64]:
        """The person, who has the same number in every option.

        It is made of their arrival, day, and place among those who might have come on that day.
        """
        return self.rows["person"]

    @property
    def cohort(self) -> NDArray[np.int16]:
        """Position of the person's cohort."""
        return self.rows["cohort"]

    @property
    def setting(self) -> NDArray[np.int16]:
        """Position of the setting; of a wait that came to no stay, the one waited for."""
        return self.rows["setting"]

    @property
    def requested(self) -> NDArray[np.float64]:
        """When the person asked for the place, in days from the start."""
        return self.rows["requested"]

    @property
    def started(self) -> NDArray[np.float64]:
        """When the stay began; NaN if it did not."""
        return self.rows["started"]

    @property
    def ready(self) -> NDArray[np.float64]:
        """When the stay ended and the person was ready to leave; NaN if it did not."""
        return self.rows["ready"]

    @property
    def left(self) -> NDArray[np.float64]:
        """When the person left the place, or the wait; NaN if they did not."""
        return self.rows["left"]

    @property
    def next_setting(self) -> NDArray[np.int16]:
        """Setting gone to, or the code of a way out (:class:`caresim.model.Exit`); -5 if none."""
        return self.rows["next_setting"]

    @property
    def reason(self) -> NDArray[np.int16]:
        """Last reason for which the person was delayed, transfer apart; -1 if they were not."""
        return self.rows["reason"]

    @property
    def outcome(self) -> NDArray[np.int8]:
        """Position in :data:`OUTCOMES`."""
        return self.rows["outcome"]

    @property
    def censored(self) -> NDArray[np.bool_]:
        """Rows that the end of the run cut short."""
        return np.asarray(self.outcome == OUTCOMES.index("censored"))


def build_log(rows: list[NDArray[np.void]]) -> EventLog:
    """Return the log of all members, given the kernel's rows of each chunk."""
    # Without their fields, records are copied many times faster.
    plain = [part.view(f"V{LOG_ROW.itemsize}") for part in rows]
    return EventLog(
        plain[0].view(LOG_ROW) if len(rows) == 1 else np.concatenate(plain).view(LOG_ROW)
    )
