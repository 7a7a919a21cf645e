"""Whether all that is said about money goes together: who pays whom, in which year's prices."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from caresim.indicators import INDICATORS, is_indicator
from caresim.model.money import SUPPLIERS
from caresim.scenario.price_years import UnknownYearError, factor
from caresim.scenario.reasons import BUILT_IN
from caresim.scenario.resolve.context import Context
from caresim.scenario.resolve.interventions import check_setting_name
from caresim.scenario.resolve.money import blocks, organisation_names, sole
from caresim.scenario.schema.money import Costs, Payment, Pool
from caresim.scenario.schema.setting import Divert, Setting
from caresim.scenario.schema.start import Initial
from caresim.scenario.values import Dated, Path, Quantity, leaves

TOLERANCE = 1e-9
"""Relative difference between what is contributed and what is set aside that is rounding."""


def check_money(context: Context, faulty: frozenset[tuple[str, str]]) -> None:
    """Report what cannot be about money; entries that are faulty already are left out."""
    _check_names(context)
    found = [one for one in blocks(context.file) if tuple(map(str, one[0][:2])) not in faulty]
    _check_years(context, found)
    for path, block in found:
        if path[0] == "payments":
            _check_payment(context, path, block)
        elif path[0] == "pools":
            _check_pool(context, path, block)
        else:
            _check_cost(context, path, block)
    _check_price_effects(context)
    if context.file.appraisal is not None:
        for indicator in context.file.appraisal.outcomes:
            _check_indicator(context, ("appraisal", "outcomes", indicator), indicator, key=True)


def _check_names(context: Context) -> None:
    names = organisation_names(context)
    for part, taken in (("organisations", (SUPPLIERS,)), ("pools", (SUPPLIERS, *names))):
        for name in getattr(context.file, part):
            if name in taken:
                message = f"`{name}` is the name of another account"
                context.report("C445", (part, name), message, key=True)


def _check_years(context: Context, found: list[tuple[Path, Any]]) -> None:
    file = context.file
    if file.price_year is None:
        if "price_year" not in context.merged.tree.data:  # else it is faulty, and that is said
            path = found[0][0] if found else ("organisations",)
            message = "the file does not say which year's prices its results are in"
            context.report("C345", path, message, key=True)
        return
    own = {year: rise.value for year, rise in file.deflator.items()}
    for path, block in found:
        try:
            factor(block.price_year or file.price_year, file.price_year, own)
        except UnknownYearError as error:
            message = (
                f"prices of {block.price_year} cannot be moved to {file.price_year}: how far they "
                f"rose in {error.year} is not known"
            )
            hint = f"state it: `deflator: {{{error.year}: 3%}}`"
            context.report("C346", (*path, "price_year"), message, hint=hint)


def _check_account(
    context: Context, path: Path, name: str, *, key: bool = False, pools: bool = False
) -> None:
    known = organisation_names(context)
    if pools:
        known = (*known, *context.file.pools)
    if name not in known:
        context.unknown("C440", path, "organisation", name, known, key=key)


def _check_payers(context: Context, path: Path, payers: Any, *, pools: bool = False) -> None:
    shares = payers if isinstance(payers, dict) else {}
    for name in shares:
        here = (*path, name)  # where there is one payer its name stands at `path` itself
        _check_account(context, here, name, key=len(shares) > 1, pools=pools)


def _check_cost(context: Context, path: Path, block: Any) -> None:
    """Check who pays for a setting, an opening, a staff group or an intervention."""
    key = {"costs": "provider", "pay": "employer"}.get(str(path[-1]), "paid_by")
    who = getattr(block, key)
    if who is None and sole(context) is None:
        message = f"there are several organisations, and `{key}` does not say which pays"
        context.report("C440", path, message, hint=f"add `{key}`", key=True)
    elif isinstance(who, str):
        _check_account(context, (*path, key), who)
    else:
        _check_payers(context, (*path, key), who)
    if getattr(block, "paid_to", None) is not None:
        _check_account(context, (*path, "paid_to"), block.paid_to)
        if who == {block.paid_to: Quantity(1.0)}:
            context.report("C442", (*path, "paid_to"), f"`{block.paid_to}` pays itself")
    if isinstance(block, Costs) and block.fixed is not None:
        _check_places(context, path, context.file.settings[str(path[1])])


def _check_places(context: Context, path: Path, setting: Setting) -> None:
    capacity: Any = setting.capacity
    for _, value in leaves(capacity):
        dated = value.values if isinstance(value, Dated) else (("", value),)
        if any(math.isinf(count.value) for _, count in dated):
            message = "places here are unlimited"
            context.report("C347", (*path, "fixed"), message)
            return


def _check_payment(context: Context, path: Path, spec: Payment) -> None:
    pools = [name for name, pool in context.file.pools.items() if path[1] in pool.pays]
    _check_payers(context, (*path, "from"), spec.from_, pools=True)
    _check_account(context, (*path, "to"), spec.to, pools=True)
    if spec.to in context.file.pools:
        message = f"`{spec.to}` is a pool, which is paid by contributions alone"
        if spec.to in pools or spec.to in (spec.from_ or ()):
            message = f"the pool `{spec.to}` would pay itself"
        context.report("C442", (*path, "to"), message)
    elif spec.to in (spec.from_ or ()):
        context.report("C442", (*path, "to"), f"`{spec.to}` would pay itself")
    _check_payer(context, path, spec, pools)
    entered = set(_entered(context))
    for place, name in enumerate(spec.for_):
        here = (*path, "for", place)
        check_setting_name(context, here, name)
        if name in context.file.settings and name not in entered and spec.kind != "block":
            context.report("C444", here, f"nobody ever enters `{name}`")
    for place, name in enumerate(spec.cohorts or ()):
        if name not in context.cohort_names:
            known = context.cohort_names
            context.unknown("C402", (*path, "cohorts", place), "cohort", name, known, key=False)
    if spec.kind == "capitation":
        for name in spec.cohorts or context.cohort_names:
            if name in context.cohorts and context.cohorts[name].population is None:
                message = f"cohort `{name}` has no `population` to pay for"
                context.report("C343", path, message, hint="add it, or name other `cohorts`")
    if spec.indicator is not None:
        _check_indicator(context, (*path, "indicator"), spec.indicator)


def _check_payer(context: Context, path: Path, spec: Payment, pools: list[str]) -> None:
    if spec.from_ is None and not pools and sole(context) is None:
        message = "it does not say `from` whom, and no pool pays it"
        context.report("C443", path, message, key=True)
    elif spec.from_ is None and not pools:
        message = f"there is one organisation, `{sole(context)}`, which would pay itself"
        context.report("C442", path, message, key=True)
    if len(pools) > 1:
        said = " and ".join(f"`{name}`" for name in sorted(pools))
        context.report("C443", path, f"{said} both pay it", hint="list it in one of them", key=True)
    named = [name for name in spec.from_ or () if name in context.file.pools]
    for name in named:
        if name not in pools:
            message = f"the pool `{name}` does not list it under `pays`"
            context.report("C443", (*path, "from"), message, hint="list it there")
    if spec.from_ is not None and pools and not named:
        message = f"the pool `{pools[0]}` pays it, and `from` says others"
        context.report("C443", (*path, "from"), message, hint="leave `from` out, or name the pool")


def _check_pool(context: Context, path: Path, spec: Pool) -> None:
    for name in spec.contributions:
        _check_account(context, (*path, "contributions", name), name, key=True)
    listed = None not in spec.pays.values()
    for place, name in enumerate(spec.pays):
        if name not in context.file.payments and not _is_written(context, name):
            here = (*path, "pays", name if listed else place)
            context.unknown("C441", here, "payment", name, context.file.payments, key=listed)
    _check_payers(context, (*path, "risk", "overspend"), spec.risk.overspend)
    _check_payers(context, (*path, "risk", "underspend"), spec.risk.underspend)
    if spec.lead is not None:
        _check_account(context, (*path, "lead"), spec.lead)
    if spec.pots == "separate":
        held = sum(value.value for value in spec.contributions.values())
        aside = sum(value.value for value in spec.pays.values() if value is not None)
        if abs(held - aside) > TOLERANCE * max(held, aside):
            message = (
                f"{365 * aside:,.0f} GBP a year is set aside, and {365 * held:,.0f} contributed"
            )
            context.report("C344", (*path, "pays"), message)


def _check_price_effects(context: Context) -> None:
    """Report changes of prices that the ledger cannot follow."""
    for part in ("interventions", "feedbacks"):
        for name, spec in getattr(context.file, part).items():
            for place, effect in enumerate(spec.effects):
                if not effect.on or effect.on[0].field != "price":
                    continue
                path: Path = (part, name, "effects", place)
                if part == "feedbacks":
                    message = "prices follow no signal: only interventions change them"
                    context.report("C323", (*path, "on"), message)
                elif effect.change is None:
                    message = "a price is changed by a share"
                    context.report("C324", path, message, hint="write `change: -10%`")


def _is_written(context: Context, payment: str) -> bool:
    """Whether a payment is in the file though it could not be read."""
    block = context.merged.tree.data.get("payments")
    return isinstance(block, dict) and payment in block


def _check_indicator(context: Context, path: Path, written: str, *, key: bool = False) -> None:
    settings = (*context.setting_names, *(copy.name for copy in context.copies))
    reasons = (*BUILT_IN, *context.file.reasons)
    if not is_indicator(written, settings=settings, reasons=reasons):
        context.unknown("C417", path, "indicator", written, INDICATORS, key=key)


def _entered(context: Context) -> Iterator[str]:
    """Give the name of every setting that some way leads into, some more than once."""
    file = context.file
    for arrival in file.arrivals.values():
        yield from (to for _, to in leaves(arrival.to))
    for setting in file.settings.values():
        for name, route in setting.then.items():
            yield from (to for _, to in leaves(name if route.to is None else route.to))
        for full in (setting.when_full, setting.queue.overflow):
            yield from (one.divert for _, one in leaves(full) if isinstance(one, Divert))
        yield from (rule.to for rule in setting.queue.max_wait)
        if setting.planned_moves is not None:
            yield setting.planned_moves.to
    for intervention in file.interventions.values():
        for effect in intervention.effects:
            if effect.displaced is not None:
                yield from (to for _, to in leaves(effect.displaced.to))
    if isinstance(file.initial, Initial):
        yield from file.initial.census
        yield from file.initial.queue
