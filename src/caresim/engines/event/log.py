"""The event log: one row for each stay, and for each wait that came to none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.purposes import PERSON_BITS
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
    member, person
        Whose; a person has the same number in every option (arrival, day, and place among those
        who might have come on that day).
    cohort, setting
        Positions; of a wait that came to no stay, the setting waited for.
    requested, started, ready, left
        Days from the start: asked for the place, began the stay, ended it and was ready to
        leave, left the place. NaN for what has not happened.
    next_setting
        Setting gone to, or the code of a way out (:class:`caresim.model.Exit`); -5 if none.
    outcome
        Position in :data:`OUTCOMES`.
    reason
        Position of the last reason for which the person was delayed, transfer apart; -1 if they
        were not.
    """

    member: NDArray[np.int64]
    person: NDArray[np.int64]
    cohort: NDArray[np.int16]
    setting: NDArray[np.int16]
    requested: NDArray[np.float64]
    started: NDArray[np.float64]
    ready: NDArray[np.float64]
    left: NDArray[np.float64]
    next_setting: NDArray[np.int16]
    outcome: NDArray[np.int8]
    reason: NDArray[np.int16]

    def __len__(self) -> int:
        return int(self.member.size)

    @property
    def censored(self) -> NDArray[np.bool_]:
        """Rows that the end of the run cut short, shape (n,)."""
        return np.asarray(self.outcome == OUTCOMES.index("censored"))


def build_log(rows: list[NDArray[np.void]]) -> EventLog:
    """Return the log of members, given the kernel's rows of each."""
    whole = np.concatenate(rows) if rows else np.zeros(0, dtype=LOG_ROW)
    members = np.repeat(np.arange(len(rows)), [part.size for part in rows])
    return EventLog(
        member=members,
        person=(whole["stream"].astype(np.int64) << PERSON_BITS) + whole["person"],
        cohort=whole["cohort"].copy(),
        setting=whole["setting"].copy(),
        requested=whole["requested"].copy(),
        started=whole["started"].copy(),
        ready=whole["ready"].copy(),
        left=whole["left"].copy(),
        next_setting=whole["next"].copy(),
        outcome=whole["outcome"].copy(),
        reason=whole["reason"].copy(),
    )
