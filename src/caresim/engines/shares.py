"""Shares of routes when some of them are drawn (scenario specification, 7)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from caresim.model import Exit, Model

FloatArray = NDArray[np.float64]


def route_shares(model: Model, as_drawn: Mapping[int, FloatArray], shares: FloatArray) -> None:
    """Put the final shares of routes, given those drawn, in the place of the stated ones.

    Shares of survivors become shares of everyone with the drawn share of deaths. A route of the
    rest takes what is left; without one, and wherever the others exceed the whole, they are
    divided by their sum.

    Parameters
    ----------
    model
        The model.
    as_drawn
        For each route with an uncertain share, its draws as written, shape (members,).
    shares
        Shape (members, n_routes): the stated shares of everyone; changed in place, and only for
        a (setting, cohort) of which some share is drawn.
    """
    for by_cohort in model.routes_of:
        for group in by_cohort:
            if any(position in as_drawn for position in group):
                shares[:, list(group)] = _group_shares(model, group, as_drawn, shares)


def _group_shares(
    model: Model, group: tuple[int, ...], as_drawn: Mapping[int, FloatArray], stated: FloatArray
) -> FloatArray:
    """Return the final shares of the routes of one (setting, cohort), shape (members, routes)."""
    routes = [model.routes[position] for position in group]
    dying = np.array([route.to == Exit.DIED for route in routes])
    of_survivors = np.array([route.of_survivors for route in routes])
    is_rest = np.array([route.is_rest for route in routes])
    shares = stated[:, list(group)]
    survive_as_stated = 1.0 - shares[:, dying].sum(axis=1)
    for column, position in enumerate(group):
        if position in as_drawn:
            shares[:, column] = as_drawn[position]
        elif of_survivors[column]:
            # Where everyone dies as stated, nothing says how survivors would be divided.
            shares[:, column] /= np.where(survive_as_stated > 0.0, survive_as_stated, 1.0)
    survive = np.clip(1.0 - shares[:, dying & ~is_rest].sum(axis=1), 0.0, 1.0)
    shares[:, of_survivors] *= survive[:, None]
    if is_rest.any():
        others = shares[:, ~is_rest].sum(axis=1)
        shares[:, is_rest] = np.maximum(0.0, 1.0 - others)[:, None]
    total = shares.sum(axis=1, keepdims=True)
    # Draws that are all 0 leave nothing to divide; then the stated shares hold.
    return np.where(total > 0.0, shares / np.where(total > 0.0, total, 1.0), stated[:, list(group)])
