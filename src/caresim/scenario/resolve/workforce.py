"""Staff groups, openings and budgets in the explicit form, and what cannot be about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from caresim.scenario import explicit
from caresim.scenario.resolve.context import Context, Copy, pick, varies
from caresim.scenario.resolve.interventions import by_copy, check_setting_name
from caresim.scenario.resolve.money import resolved_pay, resolved_spending
from caresim.scenario.resolve.routes import Writer
from caresim.scenario.schema import amounts, kinds
from caresim.scenario.schema.budget import Budget
from caresim.scenario.schema.opening import Closing, Opening
from caresim.scenario.schema.workforce import StaffGroup
from caresim.scenario.values import Path, Quantity


def resolved_staff(context: Context, name: str) -> dict[str, Any]:
    """Write a staff group in the explicit form."""
    spec: StaffGroup = context.file.workforce[name]
    writer, path = Writer(context, None), ("workforce", name)

    def leaf(quantity: Quantity, kind: kinds.Kind, key: str) -> Any:
        return explicit.leaf(quantity, kind, writer.real((*path, key)))

    in_post = spec.in_post or Quantity(posts_at(context, spec))
    written: dict[str, Any] = {
        "label": spec.label or name,
        "posts": explicit.dated(spec.posts, kinds.COUNT, writer.real((*path, "posts"))),
        "in_post": leaf(in_post, kinds.COUNT, "in_post"),
        "leavers": leaf(spec.leavers, kinds.HAZARD, "leavers"),
        "recruitment": leaf(spec.recruitment, amounts.RECRUITS, "recruitment"),
        "training": leaf(spec.training, amounts.TIME, "training"),
        "sickness": leaf(spec.sickness, kinds.SHARE, "sickness"),
        "runs": by_copy(context, spec.runs, kinds.COUNT),
    }
    deployment: Any = spec.deployment
    if isinstance(deployment, list):
        deployment = [copy for name in deployment for copy in _copies(context, name)]
    elif isinstance(deployment, dict):
        deployment = {
            copy: kinds.plain(share.value / len(_copies(context, name)))
            for name, share in deployment.items()
            for copy in _copies(context, name)
        }
    written["deployment"] = deployment
    if spec.pay is not None:
        written["pay"] = resolved_pay(context, spec.pay, (*path, "pay"))
    return {**written, **explicit.about(spec.source, spec.note)}


def posts_at(context: Context, spec: StaffGroup) -> float:
    """Return the posts of a group on the first day."""
    if isinstance(spec.posts, Quantity):
        return spec.posts.value
    first = [count for date, count in spec.posts.values if date <= context.file.start_date]
    return (first[-1] if first else spec.posts.values[0][1]).value


def _copies(context: Context, name: str) -> list[str]:
    """Name a setting, or each of a local one, in an order that the file does not change."""
    if not context.is_local(name):
        return [name]
    return [f"{name}@{where}" for where in sorted(context.localities)]


def check_staff(context: Context, name: str) -> None:
    """Report settings that a staff group cannot run."""
    spec: StaffGroup = context.file.workforce[name]
    for setting in spec.runs:
        check_setting_name(context, ("workforce", name, "runs", setting), setting, key=True)


def resolved_openings(context: Context, copy: Copy) -> dict[str, Any]:
    """Write the openings and closings of a setting in the explicit form."""
    written: dict[str, Any] = {}
    for key in ("openings", "closings"):
        found = getattr(copy.spec, key)
        if found:
            written[key] = [
                _opening(context, copy, one, (*copy.path, key, place))
                for place, one in enumerate(found)
            ]
    return written


def _opening(context: Context, copy: Copy, one: Closing, path: Path) -> dict[str, Any]:
    writer = Writer(context, copy)
    places, _ = pick(one.places, None, copy.locality)
    written: dict[str, Any] = {
        "places": explicit.leaf(places, kinds.COUNT, ()),
        "decided": one.decided,
        "lead_time": explicit.leaf(one.lead_time, amounts.TIME, ()),
        "slippage": explicit.leaf(one.slippage, amounts.TIME, writer.real((*path, "slippage"))),
        "phases": one.phases,
        "every": explicit.leaf(one.every, amounts.TIME, ()),
    }
    if isinstance(one, Opening) and one.replaces is not None:
        replaced, _ = pick(one.replaces.places, None, copy.locality)
        written["replaces"] = {
            "setting": writer.destination(one.replaces.setting, None),
            "places": explicit.leaf(replaced, kinds.COUNT, ()),
            "after": explicit.leaf(one.replaces.after, amounts.TIME, ()),
        }
    if isinstance(one, Opening) and one.spending is not None:
        written["spending"] = resolved_spending(context, one.spending, (*path, "spending"))
    return {**written, **explicit.about(one.source, one.note)}


def check_openings(context: Context, copy: Copy) -> None:
    """Report openings of a setting that cannot be."""
    for key in ("openings", "closings"):
        for place, one in enumerate(getattr(copy.spec, key)):
            _check_opening(context, copy, one, (*copy.path, key, place))


def _check_opening(context: Context, copy: Copy, one: Closing, path: Path) -> None:
    replaces = one.replaces if isinstance(one, Opening) else None
    start, _ = context.period
    first = (date.fromisoformat(one.decided) - start).days + one.lead_time.value
    if first < 0:
        what = "opens" if isinstance(one, Opening) else "closes"
        message = f"the first phase {what} {-first:g} days before the start, {start}"
        context.report("C509", path, message)
    values = {(*path, "places"): one.places}
    if replaces is not None:
        here = (*path, "replaces")
        values[*here, "places"] = replaces.places
        other = replaces.setting
        check_setting_name(context, (*here, "setting"), other)
        if other == copy.base:
            message = f"`{other}` would close places of its own as it opens them"
            context.report("C331", (*here, "setting"), message)
        if context.is_local(other) and copy.locality is None:
            message = f"`{other}` exists once for each locality, and this setting is shared"
            context.report("C410", (*here, "setting"), message)
    for where, value in values.items():
        if varies(value, "locality") and copy.locality is None and context.localities:
            hint = "give one value, or give the setting `local: true`"
            message = "this setting is shared by all localities"
            context.report("C410", where, message, hint=hint)


def resolved_budget(context: Context, name: str) -> dict[str, Any]:
    """Write a budget in the explicit form."""
    spec: Budget = context.file.budgets[name]
    return {
        "label": spec.label or name,
        "amount": explicit.leaf(spec.amount, amounts.MONEY, ()),
        "pays": by_copy(context, spec.pays, amounts.MONEY),
        **explicit.about(spec.source, spec.note),
    }


def check_budget(context: Context, name: str) -> None:
    """Report settings that a budget cannot pay."""
    spec: Budget = context.file.budgets[name]
    for setting in spec.pays:
        check_setting_name(context, ("budgets", name, "pays", setting), setting, key=True)
