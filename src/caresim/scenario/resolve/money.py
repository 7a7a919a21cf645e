"""Costs, payments, pools and terms of appraisal in the explicit form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from caresim.scenario import explicit
from caresim.scenario.resolve.context import Context
from caresim.scenario.schema import kinds, prices
from caresim.scenario.schema.faults import real_path
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.schema.top import ScenarioFile
from caresim.scenario.values import Path, Quantity

if TYPE_CHECKING:  # few files need these
    from caresim.scenario.schema.accounts import Payers
    from caresim.scenario.schema.money import Appraisal, Costs, Payment, Pool

THE_PLACE = "place"
"""The account of a scenario that lists no organisations."""


def blocks(file: ScenarioFile) -> Iterator[tuple[Path, Any]]:
    """Give every block of a file that holds prices, with its path."""
    for name, setting in file.settings.items():
        if setting.costs is not None:
            yield ("settings", name, "costs"), setting.costs
        for place, opening in enumerate(setting.openings):
            if opening.spending is not None:
                yield ("settings", name, "openings", place, "spending"), opening.spending
    for name, group in file.workforce.items():
        if group.pay is not None:
            yield ("workforce", name, "pay"), group.pay
    for name, intervention in file.interventions.items():
        if intervention.cost is not None:
            yield ("interventions", name, "cost"), intervention.cost
    for part in ("payments", "pools"):
        for name, block in getattr(file, part).items():
            yield (part, name), block


def has_money(file: ScenarioFile) -> bool:
    """Whether anything in a file is about money, budgets of feedbacks apart."""
    return bool(file.organisations or file.appraisal) or next(blocks(file), None) is not None


def organisation_names(context: Context) -> tuple[str, ...]:
    """Return the names of the organisations, that of the place as a whole if none is listed."""
    written = context.merged.tree.data.get("organisations")
    return tuple(written) if isinstance(written, dict) and written else (THE_PLACE,)


def sole(context: Context) -> str | None:
    """Return the only organisation; None if there are several."""
    names = organisation_names(context)
    return names[0] if len(names) == 1 else None


def resolved_money(context: Context) -> dict[str, Any]:
    """Write the blocks at the top of a scenario in the explicit form."""
    file = context.file
    assert file.price_year is not None
    written: dict[str, Any] = {"price_year": file.price_year}
    if file.deflator:
        written["deflator"] = {
            year: kinds.plain(rise.value) for year, rise in sorted(file.deflator.items())
        }
    written["organisations"] = {
        name: {"label": spec.label or name, "kind": spec.kind}
        for name, spec in file.organisations.items()
    } or {THE_PLACE: {"label": "The place", "kind": "other"}}
    if file.payments:
        written["payments"] = {name: _payment(context, name) for name in file.payments}
    if file.pools:
        written["pools"] = {name: _pool(context, name) for name in file.pools}
    written["appraisal"] = _appraisal(file)
    return written


def _appraisal(file: ScenarioFile) -> dict[str, Any]:
    from caresim.scenario.schema.money import Appraisal  # made only where there is money

    terms: Appraisal = file.appraisal or Appraisal()
    written: dict[str, Any] = {"discount": kinds.GROWTH.write(terms.discount.value)}
    if terms.years is not None:
        written["years"] = terms.years
    written["outcomes"] = {
        indicator: explicit.leaf(value, prices.SUM, ("appraisal", "outcomes", indicator))
        for indicator, value in sorted(terms.outcomes.items())
    }
    return written


def resolved_costs(context: Context, spec: Costs, path: Path) -> dict[str, Any]:
    """Write what a setting costs."""
    write = _Writer(context, path, spec)
    provider: dict[str, Any] = {"provider": spec.provider or sole(context)}
    return {
        **provider,
        **write.price("fixed", prices.FIXED),
        **write.price("variable", prices.VARIABLE),
        **write.price("delayed", prices.VARIABLE),
        **write.price("per_stay", prices.PER_STAY),
        "cash_lag": kinds.DURATION.write(spec.cash_lag.value),
        **write.about(),
    }


def resolved_spending(context: Context, spec: Any, path: Path) -> dict[str, Any]:
    """Write what an opening costs."""
    write = _Writer(context, path, spec)
    return {
        **write.price("capital", prices.SUM),
        **write.price("transition", prices.SUM),
        "paid_by": write.payers(spec.paid_by),
        **write.about(),
    }


def resolved_pay(context: Context, spec: Any, path: Path) -> dict[str, Any]:
    """Write what a staff group costs."""
    write = _Writer(context, path, spec)
    return {
        **write.price("cost", prices.BY_YEAR),
        **write.price("agency", prices.BY_YEAR),
        "employer": spec.employer or sole(context),
        **write.about(),
    }


def resolved_programme(context: Context, spec: Any, path: Path) -> dict[str, Any]:
    """Write what an intervention costs."""
    write = _Writer(context, path, spec)
    written = {
        **write.price("setup", prices.SUM),
        **write.price("capital", prices.SUM),
        **write.price("per_year", prices.BY_YEAR),
        **write.price("per_person_reached", prices.SUM),
        "paid_by": write.payers(spec.paid_by),
    }
    if spec.paid_to is not None:
        written["paid_to"] = spec.paid_to
    if spec.strength is not None:
        written["strength"] = spec.strength
    return {**written, **write.about()}


class _Writer:
    """Writes the fields that blocks about money have in common."""

    def __init__(self, context: Context, path: Path, spec: Any) -> None:
        self.context, self.path, self.spec = context, path, spec

    def price(self, key: str, kind: Kind) -> dict[str, Any]:
        """Write a price under its key; nothing if it is not given."""
        value: Quantity | None = getattr(self.spec, key)
        if value is None:
            return {}
        here = real_path((*self.path, key), self.context.merged.tree.data)
        return {key: explicit.leaf(value, kind, here)}

    def payers(self, payers: Payers | None) -> dict[str, Any]:
        """Write who pays, with shares."""
        if payers is None:
            return {sole(self.context) or "": 1}
        return {name: kinds.plain(share.value) for name, share in sorted(payers.items())}

    def about(self) -> dict[str, str]:
        """Write the price year, the source and the note."""
        year = self.spec.price_year or self.context.file.price_year
        return {"price_year": year or "", **explicit.about(self.spec.source, self.spec.note)}


def copies_of(context: Context, names: list[str]) -> list[str]:
    """Name settings, each of a local one, in an order that the file does not change."""
    bases = set(names)
    return sorted(copy.name for copy in context.copies if copy.base in bases)


def _payment(context: Context, name: str) -> dict[str, Any]:
    spec: Payment = context.file.payments[name]
    path: Path = ("payments", name)
    write = _Writer(context, path, spec)
    pool = pool_of(context, name)
    payers = {pool: 1} if spec.from_ is None and pool else write.payers(spec.from_)
    written: dict[str, Any] = {
        "label": spec.label or name,
        "kind": spec.kind,
        "from": payers,
        "to": spec.to,
    }
    if spec.for_:
        written["for"] = copies_of(context, spec.for_)
    if spec.cohorts is not None:
        written["cohorts"] = sorted(g.name for g in context.groups if g.base in spec.cohorts)
    written.update(write.price("amount", prices.BY_YEAR))
    if spec.baseline is not None:
        written["baseline"] = explicit.leaf(spec.baseline, kinds.RATE, ())
    written.update(write.price("price", prices.TARIFF))
    if spec.indicator is not None and spec.target is not None:
        written["indicator"] = spec.indicator
        written["target"] = kinds.plain(spec.target.value)
    defaults = {"blended": ("above", "below"), "outcome": ("better", "both_ways")}
    for key in defaults.get(spec.kind, ()):
        value = getattr(spec, key)
        written[key] = kinds.plain(value.value) if isinstance(value, Quantity) else value
    written.update(write.price("at_most", prices.BY_YEAR))
    return {**written, **write.about()}


def pool_of(context: Context, payment: str) -> str | None:
    """Return the first pool that lists a payment, by name."""
    pools: Mapping[str, Pool] = context.file.pools
    return next((name for name in sorted(pools) if payment in pools[name].pays), None)


def _pool(context: Context, name: str) -> dict[str, Any]:
    spec: Pool = context.file.pools[name]
    path: Path = ("pools", name)
    write = _Writer(context, path, spec)
    aside = {one: value for one, value in spec.pays.items() if value is not None}
    pays: Any = list(spec.pays)
    if aside:
        pays = {
            one: explicit.leaf(value, prices.BY_YEAR, ()) for one, value in sorted(aside.items())
        }
    written: dict[str, Any] = {
        "label": spec.label or name,
        "contributions": {
            one: explicit.leaf(value, prices.BY_YEAR, (*path, "contributions", one))
            for one, value in sorted(spec.contributions.items())
        },
        "pays": pays,
        "pots": spec.pots,
        "risk": _risk(write, spec),
    }
    if spec.lead is not None:
        written["lead"] = spec.lead
    return {**written, **write.about()}


def _risk(write: _Writer, spec: Pool) -> dict[str, Any]:
    """Write who bears what: as stated, else the lead, else all by what they contribute."""
    total = sum(value.value for value in spec.contributions.values())
    usual: dict[str, Any] = {
        name: kinds.plain(value.value / total if total else 1 / len(spec.contributions))
        for name, value in sorted(spec.contributions.items())
    }
    if spec.lead is not None:
        usual = {spec.lead: 1}
    over, under = spec.risk.overspend, spec.risk.underspend
    overspend: Any = usual
    if over is not None:
        overspend = over if over == "unpaid" else write.payers(over)
    underspend = usual if overspend == "unpaid" else overspend
    if under is not None:
        underspend = write.payers(under)
    # Apart, because the explicit form is written without aliases.
    return {"overspend": overspend, "underspend": dict(underspend)}
