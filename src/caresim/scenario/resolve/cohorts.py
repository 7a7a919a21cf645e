"""Cohorts written out, one for each locality, and what of an amount is each locality's."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from caresim.scenario import explicit
from caresim.scenario.resolve.context import Context, Group, UnsettledError, pick
from caresim.scenario.resolve.routes import TOLERANCE
from caresim.scenario.schema import kinds
from caresim.scenario.schema.faults import real_path
from caresim.scenario.values import Dated, Path, Quantity

Rate = Quantity | Dated[Quantity]
"""A rate or a population, which may change by date."""


def resolved_cohort(context: Context, group: Group) -> dict[str, Any]:
    """Write a cohort, of one locality if there are any, in the explicit form."""
    spec = context.cohorts[group.base]
    label = spec.label or group.base
    if group.locality is not None:
        label += f" ({context.file.localities[group.locality].label or group.locality})"
    written: dict[str, Any] = {"label": label}
    if spec.ages is not None:
        written["ages"] = spec.ages
    if spec.need is not None:
        written["need"] = spec.need
    if spec.population is not None:
        path: Path = ("cohorts", group.base, "population")
        people: Rate
        people, here = pick(spec.population.people, group.base, group.locality, path)
        if "by_locality" not in here[len(path) :]:
            people = scaled(people, locality_share(context, group))
        real = real_path(here, context.merged.tree.data)
        population = explicit.dated(people, kinds.POPULATION, real)
        growth, here = pick(spec.population.growth, group.base, group.locality, (*path, "growth"))
        if isinstance(people, Quantity):
            if not isinstance(population, dict):
                population = {"value": population}
            real = real_path(here, context.merged.tree.data)
            population["growth"] = explicit.leaf(growth, kinds.GROWTH, real)
        written["population"] = population
    return written


def check_localities(context: Context) -> None:
    """Report shares of localities that do not sum to one."""
    if len(context.file.localities) < len(context.localities):
        return
    for cohort in context.cohorts:
        try:
            shares = [
                pick(locality.share, cohort, None)[0].value
                for locality in context.file.localities.values()
            ]
        except UnsettledError:
            continue
        total = math.fsum(shares)
        if shares and abs(total - 1) > TOLERANCE:
            of = f" of `{cohort}`" if len(context.cohorts) > 1 else ""
            message = f"the shares{of} of the localities sum to {total:.10g}, not to 1"
            hint = "correct the shares"
            context.report("C312", ("localities",), message, key=True, hint=hint)
            return


def locality_share(context: Context, group: Group) -> float:
    """Return the share of a cohort's people who live in its locality; 1 without localities."""
    if group.locality is None:
        return 1.0
    share = context.file.localities[group.locality].share
    return pick(share, group.base, None)[0].value


def scaled(value: Rate, factor: float) -> Rate:
    """Return a rate or population times a factor; what is uncertain of nothing is certain."""
    if factor == 1:
        return value
    if isinstance(value, Dated):
        return replace(value, values=tuple((d, _times(q, factor)) for d, q in value.values))
    return _times(value, factor)


def _times(quantity: Quantity, factor: float) -> Quantity:
    return quantity.scaled(factor) if factor > 0 else replace(quantity, value=0.0, interval=None)
