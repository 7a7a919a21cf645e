"""Who is there at the start, and what they wait for."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers
from caresim.engines.event.census import CareGroup, members_stay
from caresim.engines.event.purposes import START, census_stream, queue_stream
from caresim.engines.event.records import STARTER
from caresim.engines.event.residuals import equilibrium_age, stay_given_age
from caresim.engines.event.sequence import GOLDEN
from caresim.engines.randomness import philox, to_uniform
from caresim.model import Model, Queued

FloatArray = NDArray[np.float64]
WordArray = NDArray[np.uint64]


def stream_keys(seed: int, members: NDArray[np.int64], words: Sequence[int]) -> WordArray:
    """Return the key of each stream of people for some members, shape (members, n_streams)."""
    counter = np.zeros((1, len(words), 4), dtype=np.uint64)
    counter[0, :, 0] = np.array(words, dtype=np.uint64)
    key = np.full((len(members), 1, 2), seed, dtype=np.uint64)
    key[:, 0, 1] = members
    return np.array(philox(counter, key)[..., 0], dtype=np.uint64)


def words_at(keys: WordArray | np.uint64, places: WordArray) -> WordArray:
    """Return the words at places of sequences: :func:`caresim.engines.event.sequence.word`."""
    with np.errstate(over="ignore"):
        z = keys + places * GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.array(z ^ (z >> np.uint64(31)), dtype=np.uint64)


def starters(
    model: Model, census: Sequence[CareGroup], numbers: MemberNumbers, row: int, member: int
) -> NDArray[np.void]:
    """Return the people a member starts with, in the order in which they are placed.

    Parameters
    ----------
    model
        What is run.
    census
        People in care, in order of setting and cohort.
    numbers, row
        Numbers of members, and the row of this one.
    member
        Its position, which keys the draws.

    Returns
    -------
    numpy.ndarray
        Records of type ``STARTER``: those in care, then those delayed or waiting.
    """
    words = [
        census_stream(model.settings[group.setting].name, model.cohorts[group.cohort])
        for group in census
    ]
    words += [
        queue_stream(
            model.settings[queued.to].name,
            model.cohorts[queued.cohort],
            model.source_names[queued.source],
        )
        for queued in model.queued
    ]
    if not words:
        return np.zeros(0, dtype=STARTER)
    keys = stream_keys(model.run.seed, np.array([member]), words)[0]
    parts = [
        _in_care(model, group, numbers, row, key) for group, key in zip(census, keys, strict=False)
    ]
    parts += [
        _queued(model, queued, key)
        for queued, key in zip(model.queued, keys[len(census) :], strict=True)
    ]
    # Displaced people are of the stream they are displaced from: options have the same streams.
    first = sum(arrival.displaced_from < 0 for arrival in model.arrivals)
    for stream, part in enumerate(parts):
        part["stream"] = first + stream
    return np.concatenate(parts)


def _numbered(people: int, key: np.uint64) -> NDArray[np.void]:
    """Return records of people of a stream, with their numbers and keys."""
    part = np.zeros(people, dtype=STARTER)
    part["number"] = np.arange(people)
    part["key"] = words_at(key, np.arange(people, dtype=np.uint64))
    return part


def _draw(part: NDArray[np.void], k: int) -> FloatArray:
    """Return the k-th uniform number of being there at the start, for each person."""
    place = np.array([(START + (k << 16)) % 2**64], dtype=np.uint64)
    return to_uniform(words_at(part["key"], place))


def _in_care(
    model: Model, group: CareGroup, numbers: MemberNumbers, row: int, key: np.uint64
) -> NDArray[np.void]:
    part = _numbered(group.people, key)
    part["setting"], part["cohort"] = group.setting, group.cohort
    part["to"] = part["source"] = part["route"] = -1
    if not group.people:
        return part
    u_age, u_stay, u_route = (_draw(part, k) for k in range(3))
    sample = np.array(group.elapsed)
    age = sample[(u_age * sample.size).astype(np.int64)] if sample.size else None
    routes = model.routes_of[group.setting][group.cohort]
    drawn = model.route_drawn_at_start[group.setting]
    stays = [
        members_stay(model, numbers, row, model.routes[r].stay)
        for r in (routes if drawn else routes[:1])
    ]
    # People found inside took routes with long stays more often than those who come do.
    weights = np.stack(
        [
            numbers.route_share[row, r] * (stay.survival(age) if age is not None else stay.mean())
            + np.zeros(group.people)
            for r, stay in zip(routes, stays, strict=False)
        ]
    )
    reached = np.cumsum(weights, axis=0)
    chosen = np.minimum((u_route * reached[-1] >= reached).sum(axis=0), len(stays) - 1)
    if drawn:
        part["route"] = np.array(routes)[chosen]
    if group.remaining is not None:
        # What is left to stay is told, so they count as there from now on.
        left = members_stay(model, numbers, row, group.remaining)
        part["stay"] = left.quantile(u_stay)
        return part
    for k, stay in enumerate(stays):
        mine = chosen == k
        ages = equilibrium_age(stay, u_age[mine]) if age is None else age[mine]
        part["elapsed"][mine] = ages
        part["stay"][mine] = stay_given_age(stay, ages, u_stay[mine])
    return part


def _queued(model: Model, queued: Queued, key: np.uint64) -> NDArray[np.void]:
    part = _numbered(math.floor(queued.people + 0.5), key)
    held = queued.source - len(model.arrival_names)
    part["setting"] = max(held, -1)
    part["cohort"], part["to"], part["source"] = queued.cohort, queued.to, queued.source
    part["route"] = -1
    if held >= 0:
        for r in model.routes_of[held][queued.cohort]:
            if model.routes[r].to == queued.to:
                part["route"] = r
    return part
