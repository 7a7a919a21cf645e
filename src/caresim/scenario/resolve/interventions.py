"""Interventions and feedbacks in the explicit form, and what cannot be about them."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from caresim.scenario import explicit
from caresim.scenario.resolve.changes import ChangeWriter, check_inputs
from caresim.scenario.resolve.context import Context, Group, pick
from caresim.scenario.resolve.evidence import check_evidence, is_from_library, known
from caresim.scenario.resolve.money import resolved_programme
from caresim.scenario.resolve.routes import Writer
from caresim.scenario.schema import amounts, kinds
from caresim.scenario.schema.change import Effect
from caresim.scenario.schema.feedback import Answer, Feedback
from caresim.scenario.schema.intervention import Intervention
from caresim.scenario.values import Path, Quantity, leaves


def resolved_intervention(context: Context, name: str) -> dict[str, Any]:
    """Write an intervention in the explicit form."""
    spec: Intervention = context.file.interventions[name]
    path: Path = ("interventions", name)
    writer = Writer(context, None)
    written: dict[str, Any] = {"label": spec.label or name}
    if spec.evidence is not None:
        written["evidence"] = spec.evidence
    if spec.strength is not None:
        written["strength"] = spec.strength
    written["effects"] = [
        one
        for place, effect in enumerate(spec.effects)
        for one in _effects(context, spec, effect, (*path, "effects", place))
    ]
    written["start"] = spec.start or context.file.start_date
    here = writer.real((*path, "lead_time"))
    written["lead_time"] = explicit.leaf(spec.lead_time, amounts.TIME, here)
    if spec.end is not None:
        written["end"] = spec.end
    written["ramp"] = {"shape": spec.ramp.shape, "over": _time(spec.ramp.over)}
    if spec.fade is not None:
        written["fade"] = {
            "after": _time(spec.fade.after),
            "over": _time(spec.fade.over),
            "to": kinds.plain(spec.fade.to.value),
        }
    if spec.staff:
        written["staff"] = {
            group: explicit.leaf(people, kinds.COUNT, ()) for group, people in spec.staff.items()
        }
    if spec.uses:
        written["uses"] = by_copy(context, spec.uses, kinds.COUNT)
    if spec.cost is not None:
        written["cost"] = resolved_programme(context, spec.cost, (*path, "cost"))
    return {**written, **explicit.about(spec.source, spec.note)}


def by_copy(context: Context, values: dict[str, Any], kind: kinds.Kind) -> dict[str, Any]:
    """Write values by setting, for each of a local one."""
    found: dict[str, Any] = {}
    for copy in context.copies:
        if copy.base in values:
            quantity, _ = pick(values[copy.base], None, copy.locality)
            found[copy.name] = explicit.leaf(quantity, kind, ())
    return dict(sorted(found.items()))


def _time(quantity: Quantity) -> Any:
    return explicit.leaf(quantity, amounts.TIME, ())


def _effects(
    context: Context, spec: Intervention, effect: Effect, path: Path
) -> list[dict[str, Any]]:
    reach: tuple[Any, Path] = effect.reach, (*path, "reach")
    if effect.reach is None:
        reach = spec.reach, (*path[:2], "reach")
    more: dict[str, Any] = {}
    if effect.displaced is not None:
        to, share = effect.displaced.to, effect.displaced.share
        writer = Writer(context, None)

        def destination(group: Group) -> str:
            return writer.destination(pick(to, group.base, group.locality)[0], group)

        more["displaced"] = {
            "to": writer.each(destination),
            "share": explicit.leaf(share, kinds.SHARE, ()),
        }
    strength, amount = effect.strength, None
    if effect.outcome is not None:
        more["outcome"] = effect.outcome
        if is_from_library(effect):
            found = known(spec.evidence or "", effect.outcome)
            amount = found.key, found.quantity, found.kind
            if strength is None and spec.strength is None:
                strength = found.strength
    if strength is not None:
        more["strength"] = strength
    more.update(explicit.about(effect.source, effect.note))
    return [{**one, **more} for one in ChangeWriter(context, effect, path, reach, amount).written()]


def resolved_feedbacks(context: Context, name: str) -> dict[str, Any]:
    """Write a feedback in the explicit form.

    Where its signal is of a setting that exists once for each locality it is one loop for each,
    which answers in the same locality.
    """
    spec: Feedback = context.file.feedbacks[name]
    if not context.is_local(spec.signal.where):
        return {name: _feedback(context, name, None)}
    loops = {f"{name}@{where}": _feedback(context, name, where) for where in context.localities}
    # Where every answer is for other localities there is no loop.
    return {key: loop for key, loop in loops.items() if loop["effects"]}


def _feedback(context: Context, name: str, locality: str | None) -> dict[str, Any]:
    spec: Feedback = context.file.feedbacks[name]
    kind = LEVELS[spec.signal.of]
    label, where = spec.label or name, spec.signal.where
    if locality is not None:
        where = f"{where}@{locality}"
        label += f" ({context.file.localities[locality].label or locality})"
    effects: list[dict[str, Any]] = []
    for place, answer in enumerate(spec.effects):
        here: Path = ("feedbacks", name, "effects", place)
        if locality is not None:
            if answer.localities is not None and locality not in answer.localities:
                continue
            answer = answer.model_copy(update={"localities": [locality]})
        effects += _answers(context, answer, kind, here)
    return {
        "label": label,
        "signal": {
            spec.signal.of: where,
            "above": explicit.leaf(spec.signal.above, kind, ()),
            "delay": _time(spec.signal.delay),
        },
        "effects": effects,
        **explicit.about(spec.source, spec.note),
    }


LEVELS = {
    "occupancy": kinds.SHARE,
    "delayed": kinds.COUNT,
    "waiting": kinds.COUNT,
    "unmet": kinds.SHARE,
    "delay_days": amounts.TIME,
    "vacancies": kinds.SHARE,
    "workload": kinds.SHARE,
    "underspend": amounts.MONEY,
}
"""What each signal is written in."""


def _answers(
    context: Context, answer: Answer, kind: kinds.Kind, path: Path
) -> list[dict[str, Any]]:
    more: dict[str, Any] = {"per": explicit.leaf(answer.per, kind, ())}
    if answer.most is not None:
        assert isinstance(answer.most, Quantity)
        most = amounts.MOST if answer.change is not None else answer.on[0].form.to
        more["most"] = explicit.leaf(answer.most, most, ())
    more.update(explicit.about(answer.source, answer.note))
    return [{**one, **more} for one in ChangeWriter(context, answer, path).written()]


def check_intervention(context: Context, name: str) -> None:
    """Report what cannot be in an intervention."""
    spec: Intervention = context.file.interventions[name]
    path: Path = ("interventions", name)
    if spec.evidence is not None:
        _check_entry(context, spec.evidence, (*path, "evidence"))
    for place, effect in enumerate(spec.effects):
        here = (*path, "effects", place)
        check_inputs(context, effect, here)
        check_evidence(context, spec.evidence, effect, here)
        displaced = None if effect.displaced is None else effect.displaced.to
        for inner, to in leaves(displaced):
            check_setting_name(context, (*here, "displaced", "to", *inner), to)
    for group in spec.staff:
        if group not in context.staff_names:
            known_ = context.staff_names
            context.unknown("C420", (*path, "staff", group), "staff group", group, known_, key=True)
    for setting in spec.uses:
        check_setting_name(context, (*path, "uses", setting), setting, key=True)
    start, days = context.period
    if spec.start is None and spec.end is not None and spec.end <= context.file.start_date:
        message = f"{spec.end} is not after the first day, {context.file.start_date}"
        hint = "check the date, or give a `start` before it"
        context.report("C506", (*path, "end"), message, hint=hint)
    if spec.start is not None and (date.fromisoformat(spec.start) - start).days >= days:
        end = start + timedelta(days=math.ceil(days))
        message = f"it starts on {spec.start}, and the run ends before {end}"
        context.report("C508", (*path, "start"), message)


def check_setting_name(context: Context, path: Path, name: str, *, key: bool = False) -> None:
    """Report a setting that the scenario lacks."""
    if name not in context.setting_names:
        context.unknown("C401", path, "setting", name, context.setting_names, key=key)


def _check_entry(context: Context, entry: str, path: Path) -> None:
    from caresim import evidence

    try:
        evidence.entry(entry)
    except ValueError as error:
        context.report("C422", path, str(error))


def check_feedback(context: Context, name: str) -> None:
    """Report what cannot be in a feedback."""
    spec: Feedback = context.file.feedbacks[name]
    path: Path = ("feedbacks", name)
    of, where = spec.signal.of, spec.signal.where
    here = (*path, "signal", of)
    if of in ("vacancies", "workload"):
        if where not in context.staff_names:
            context.unknown("C420", here, "staff group", where, context.staff_names, key=False)
    elif of == "underspend":
        if where not in context.budget_names:
            context.unknown("C421", here, "budget", where, context.budget_names, key=False)
    else:
        check_setting_name(context, here, where)
    for place, answer in enumerate(spec.effects):
        here = (*path, "effects", place)
        check_inputs(context, answer, here)
        if of == "delay_days" and any(one.field not in AFTER_DELAY for one in answer.on):
            message = "days of delay are each person's own: only a stay or a share can answer"
            context.report("C325", (*here, "on"), message)


AFTER_DELAY = ("stay", "route_share")
"""What answers where the signal is each person's own days of delay."""
