"""Puts the parts of a slow side end to end, for compiled code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import where
from caresim.engines.coupling.plan import Coupling, Parts

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def sizes(parts: Parts) -> Mapping[str, int]:
    """Return the sizes that compiled code needs, by their names in :mod:`.where`."""
    return {
        "N_ARRIVALS": parts.n_arrivals,
        "N_DOUBLE": parts.phases.double_places.size,
        "N_FEEDBACKS": parts.feedbacks.of.size,
        "N_FOLLOWING": parts.people.of_arrival.size,
        "N_GROUP_BOUNDS": parts.groups.size,
        "N_INTERVENTIONS": parts.interventions.shape.size,
        "N_MIXTURES": parts.mixtures.setting.size,
        "N_NUMBERS": parts.numbers.lever.size,
        "N_PEOPLE": parts.people.joins.size,
        "N_PHASES": parts.phases.places.size,
        "N_PLACES_TAKEN": parts.interventions.places_taken.size,
        "N_SETTINGS": parts.n_settings,
        "N_STAFF": parts.n_staff,
        "N_STAFF_TAKEN": parts.interventions.full_time.size,
        "N_STOCKS": parts.stocks.size,
        "N_TALLIES": parts.tallies.size,
        "N_TERMS": parts.terms.owner.size,
        "N_TRANSITIONS": parts.people.from_.size,
    }


def pack(parts: Parts) -> Coupling:
    """Return a slow side as compiled code reads it."""
    given: dict[str, Any] = {**sizes(parts)}
    part: Any
    for name, part in parts._asdict().items():
        if isinstance(part, tuple):
            for field in type(part)._fields:  # type: ignore[attr-defined]
                given[f"{name}_{field.rstrip('_')}".upper()] = getattr(part, field)
        elif name.upper() not in given:
            given[name.upper()] = np.array([part]) if isinstance(part, float) else part
    at = np.zeros(len(where.NAMES), dtype=np.int64)
    ints: list[IntArray] = [np.zeros(1, dtype=np.int64)]
    floats: list[FloatArray] = [np.zeros(1)]
    n_ints = n_floats = 1
    for position, name in enumerate(where.NAMES):
        value = given[name]
        if isinstance(value, int):
            at[position] = value
        elif value.dtype.kind == "f":
            at[position] = n_floats
            floats.append(value.ravel())
            n_floats += value.size
        else:
            at[position] = n_ints
            ints.append(value.ravel().astype(np.int64))
            n_ints += value.size
    return Coupling(at, np.concatenate(ints), np.concatenate(floats))
