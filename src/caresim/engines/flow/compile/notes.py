"""What is said of every run about the rules that averages can only follow approximately."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caresim.engines.flow.compile.outside import SHORTEST_PATIENCE
from caresim.model import Model, Setting


def _any(test: Callable[[Setting], bool]) -> Callable[[Model], bool]:
    return lambda model: any(test(setting) for setting in model.settings)


def _sent_to_limited_room(model: Model) -> bool:
    return any(
        route.wait_at_home and route.to >= 0 and np.isfinite(model.settings[route.to].room)
        for route in model.routes
    )


def _changes_arrangement(model: Model) -> bool:
    changes = [change for item in model.interventions for change in item.changes]
    changes += [change for item in model.feedbacks for change in item.changes]
    return any(change.of.field == "step_time" for change in changes)


def _follows_delay(model: Model) -> bool:
    return any(feedback.signal.of == "delay_days" for feedback in model.feedbacks)


_APPROXIMATIONS: tuple[tuple[Callable[[Model], bool], str], ...] = (
    (
        _any(lambda s: bool(s.max_waits)),
        "A maximum wait is a constant chance of giving up, with waits of that mean length.",
    ),
    (
        _any(
            lambda s: any(
                not rule.same_day and rule.days < SHORTEST_PATIENCE for rule in s.max_waits
            )
        ),
        "A maximum wait of less than an hour counts as an hour.",
    ),
    (
        _any(lambda s: s.places_per_person.by != "constant"),
        "People whose use of places falls are counted with their mean use over the stay.",
    ),
    (
        _any(lambda s: bool(s.planned_moves)),
        "Planned moves take people in proportion to those there, not the longest there first.",
    ),
    (
        _any(lambda s: bool(np.isfinite(s.room)) and s.room > 0),
        "Queue room overflows only once the mean queue is full.",
    ),
    (
        _sent_to_limited_room,
        "People sent home to wait find room on the list even if there is none left.",
    ),
    (
        _follows_delay,
        "What a delay does to each person is followed in the mean: by mean delays, spread over all "
        "who are in the setting.",
    ),
    (
        _changes_arrangement,
        "A change of the time of an arrangement also acts on those who are arranging already.",
    ),
    (
        _any(lambda s: bool(np.isfinite(s.capacity.values).any())),
        "Averages hide queues: people wait for a place only where mean demand exceeds capacity.",
    ),
)


def notes(model: Model, circles_left_out: int) -> tuple[str, ...]:
    """Return sentences on the rules of a model that are approximated.

    Parameters
    ----------
    model
        The model.
    circles_left_out
        Possible circles of blocking that are not followed.
    """
    found = [sentence for applies, sentence in _APPROXIMATIONS if applies(model)]
    if circles_left_out:
        found.append(
            f"{circles_left_out} possible circles of blocking are not resolved: they are too "
            "many, or need more places than those in them hold."
        )
    return tuple(found)
