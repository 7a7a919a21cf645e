"""The population as stocks in the explicit form, and what cannot be about it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from caresim.scenario import explicit
from caresim.scenario.resolve.cohorts import locality_share, scaled
from caresim.scenario.resolve.context import Context, pick
from caresim.scenario.resolve.routes import Writer
from caresim.scenario.schema import kinds
from caresim.scenario.schema.people import NO_GROWTH
from caresim.scenario.schema.population import PopulationStocks
from caresim.scenario.values import Path, Quantity, leaves

_PATH: Path = ("population",)


def resolved_population(context: Context) -> dict[str, Any]:
    """Write the population block in the explicit form."""
    spec: PopulationStocks = context.file.population
    writer = Writer(context, None)
    written: dict[str, Any] = {
        "kind": spec.kind,
        "deaths": writer.leaf(spec.deaths, kinds.HAZARD, (*_PATH, "deaths")),
        "joins": _by_group(context, spec.joins, kinds.RATE),
    }
    if spec.kind == "open":
        written["leaves"] = writer.leaf(spec.leaves, kinds.HAZARD, (*_PATH, "leaves"))
    written["moves"] = _moves(context, spec)
    written["ageing"] = spec.ageing
    if spec.projection:
        written["projection"] = _by_group(context, spec.projection, kinds.POPULATION)
    return {**written, **explicit.about(spec.source, spec.note)}


def _by_group(context: Context, values: dict[str, Any], kind: kinds.Kind) -> dict[str, Any]:
    """Write amounts of people by cohort, divided between localities unless given by them."""
    found: dict[str, Any] = {}
    for group in context.groups:
        if group.base in values:
            own, here = pick(values[group.base], None, group.locality)
            if "by_locality" not in here:
                own = scaled(own, locality_share(context, group))
            found[group.name] = explicit.dated(own, kind, ())
    return found


def _moves(context: Context, spec: PopulationStocks) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, move in spec.moves.items():
        for locality in context.localities or (None,):
            at = "" if locality is None else f"@{locality}"
            rate, _ = pick(move.rate, None, locality)
            found[f"{name}{at}"] = {
                "from": f"{move.from_}{at}",
                "to": f"{move.to}{at}",
                "rate": explicit.leaf(rate, kinds.HAZARD, ()),
                **explicit.about(move.source, move.note),
            }
    return found


def check_population(context: Context) -> None:
    """Report what cannot be in the population block."""
    spec: PopulationStocks = context.file.population
    named: dict[Path, str] = {(*_PATH, "joins", name): name for name in spec.joins}
    named |= {(*_PATH, "projection", name): name for name in spec.projection}
    for path, name in named.items():
        if name not in context.cohort_names:
            context.unknown("C402", path, "cohort", name, context.cohort_names, key=True)
    for move, one in spec.moves.items():
        for key, name in (("from", one.from_), ("to", one.to)):
            if name not in context.cohort_names:
                path = (*_PATH, "moves", move, key)
                context.unknown("C402", path, "cohort", name, context.cohort_names, key=False)
    _check_starts(context)
    if spec.ageing == "bands":
        _check_bands(context)


def _check_starts(context: Context) -> None:
    """Report cohorts whose people at the start are not one count."""
    for name, cohort in context.cohorts.items():
        path: Path = ("cohorts", name, "population")
        if cohort.population is None:
            message = f"`{name}` has no population, and people are stocks here"
            context.report("C329", path[:2], message, hint="write `population: 60000`", key=True)
            continue
        for inner, people in leaves(cohort.population.people):
            plain = isinstance(people, Quantity) and not people.uncertain
            if not plain or cohort.population.growth != NO_GROWTH:
                message = "a population that is a stock starts from one count"
                context.report("C329", (*path, *inner), message)


Band = tuple[int, int | None, str]
"""Lowest age, highest age or None, and cohort."""


def bands(cohorts: dict[str, Any]) -> dict[str, list[Band]]:
    """Return bands of age in order, for each need and locality."""
    found: dict[str, list[Band]] = {}
    for name, cohort in cohorts.items():
        if cohort.ages is None:
            continue
        low, _, high = cohort.ages.removesuffix("+").partition("-")
        key = f"{cohort.need or ''}@{name.partition('@')[2]}"
        found.setdefault(key, []).append((int(low), int(high) if high else None, name))
    return {key: sorted(each, key=lambda band: (band[0], band[2])) for key, each in found.items()}


def _check_bands(context: Context) -> None:
    for name, cohort in context.cohorts.items():
        if cohort.ages is None:
            message = f"`{name}` has no `ages`, and people age by bands"
            context.report("C330", ("cohorts", name), message, key=True)
    for each in bands(context.cohorts).values():
        for (_, high, one), (low, _, other) in pairwise(each):
            if high is None or low <= high:
                message = f"the ages of `{one}` and `{other}` overlap"
                why = "people of one age would be in two cohorts of the same need"
                hint = "correct the ages, or give the cohorts a `need` each"
                path: Path = ("cohorts", other, "ages")
                context.report("C330", path, message, why=why, hint=hint)
