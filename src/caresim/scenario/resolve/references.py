"""Whether every name in a scenario means something."""

from __future__ import annotations

import re

from pydantic import BaseModel

from caresim.indicators import INDICATORS, is_indicator
from caresim.scenario.options import DO_NOTHING
from caresim.scenario.reasons import BUILT_IN
from caresim.scenario.resolve.context import Context
from caresim.scenario.schema.arrival import Arrival
from caresim.scenario.schema.faults import real_path
from caresim.scenario.schema.part import EXITS
from caresim.scenario.schema.people import Population
from caresim.scenario.schema.route import Route
from caresim.scenario.schema.setting import Divert, Reserve, Setting
from caresim.scenario.schema.start import Initial
from caresim.scenario.schema.top import Option
from caresim.scenario.values import OTHERS, By, Dated, Path, Quantity, leaves

_ID = re.compile(r"[a-z][a-z0-9_]*")
_WAYS_OUT = (*EXITS, "lost")


def check_references(context: Context) -> None:
    """Report every name that nothing has, and names that cannot be used."""
    check_names(context)
    for name, setting in context.file.settings.items():
        _check_setting(context, name, setting)
    for name, arrival in context.file.arrivals.items():
        _check_arrival(context, name, arrival)
    if isinstance(context.file.initial, Initial):
        _check_initial(context, context.file.initial)
    for name, figure in context.file.published.items():
        path: Path = ("published", name, "indicator")
        _check_indicator(context, path, figure.indicator, key=False)
    for name, option in context.file.options.items():
        _check_option(context, ("options", name, "interventions"), option)
        for indicator in option.plan:
            _check_indicator(context, ("options", name, "plan", indicator), indicator, key=True)
    check_values(context, context.file, ())


def _check_indicator(context: Context, path: Path, written: str, *, key: bool) -> None:
    if not _is_indicator(context, written):
        known = [*INDICATORS, *_indicators_of_settings(context)]
        context.unknown("C417", path, "indicator", written, known, key=key)


def _check_option(context: Context, path: Path, option: Option) -> None:
    if path[1] == DO_NOTHING and option.interventions:
        message = f"`{DO_NOTHING}` is the scenario as it stands: nothing is done in it"
        hint = "give the option with interventions another name"
        context.report("C409", path, message, hint=hint)
    for place, name in enumerate(option.interventions):
        if name not in context.intervention_names:
            known = context.intervention_names
            context.unknown("C419", (*path, place), "intervention", name, known, key=False)
        elif name in option.interventions[:place]:
            message = f"`{name}` is listed already"
            why = "an option does an intervention once, however often it is named"
            hint = "list each intervention once"
            context.report("C316", (*path, place), message, why=why, hint=hint)


def _indicators_of_settings(context: Context) -> list[str]:
    """Give the ids of the indicators stated for each setting."""
    each = [name for name, indicator in INDICATORS.items() if indicator.per == "setting"]
    return [f"{name}.{setting}" for name in each for setting in context.setting_names]


def check_names(context: Context) -> None:
    """Report names that mean something else already."""
    for name in context.setting_names:
        if name in _WAYS_OUT:
            message = f"`{name}` is a way out of the model and cannot name a setting"
            context.report("C209", ("settings", name), message, key=True)
    for name in context.arrival_names:
        if name in context.setting_names:
            message = f"`{name}` is both an arrival and a setting"
            context.report("C209", ("arrivals", name), message, key=True)
    for part, names in (("cohorts", context.cohort_names), ("localities", context.localities)):
        if OTHERS in names:
            message = f"`{OTHERS}` stands for those not named"
            context.report("C209", (part, OTHERS), message, key=True)
    if not context.localities:
        return
    for part in ("cohorts", "settings", "arrivals"):
        block = context.merged.tree.data.get(part)
        for name in block if isinstance(block, dict) else ():
            if "@" in name:
                message = f"`{name}`: with `localities`, names have no @"
                context.report("C207", (part, name), message, key=True)


def check_values(context: Context, value: object, path: Path) -> None:
    """Walk through everything written: names of cohorts, localities and sources of figures."""
    if isinstance(value, By):
        _check_by(context, value, path)
        for name, inner in value.values.items():
            check_values(context, inner, (*path, f"by_{value.axis}", name))
    elif isinstance(value, Quantity | Dated):
        _check_source(context, value.source, path)
        if isinstance(value, Dated):
            for date, inner in value.values:
                check_values(context, inner, (*path, date))
    elif isinstance(value, Population):
        check_values(context, value.people, path)
        check_values(context, value.growth, (*path, "growth"))
    elif isinstance(value, BaseModel):
        _check_source(context, getattr(value, "source", None), path)
        for name, about in type(value).model_fields.items():
            check_values(context, getattr(value, name), (*path, about.alias or name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            if path[-1:] != ("set",):
                check_values(context, inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            check_values(context, inner, (*path, place))


def _check_source(context: Context, source: str | None, path: Path) -> None:
    if source and _ID.fullmatch(source) and source not in context.source_names:
        known = context.source_names
        context.unknown("C406", (*path, "source"), "source", source, known, key=False)


def _check_by(context: Context, value: By[object], path: Path) -> None:
    here = (*path, f"by_{value.axis}")
    if value.axis == "cohort":
        names, code = context.cohort_names, "C402"
    else:
        names, code = context.localities, "C403"
        if not names:
            message = "there are no localities"
            context.report("C410", here, message, hint="write one value", key=True)
            return
    for name in value.values:
        if name not in names and name != OTHERS:
            context.unknown(code, (*here, name), value.axis, name, names, key=True)
    missing = [name for name in names if name not in value.values]
    if missing and OTHERS not in value.values:
        said = ", ".join(f"`{name}`" for name in missing)
        context.report("C407", here, f"no value for {said}", key=True)


def _check_setting(context: Context, name: str, setting: Setting) -> None:
    path: Path = ("settings", name)
    if setting.local and not context.localities:
        hint = "list them under `localities`, or delete `local`"
        context.report("C410", (*path, "local"), "there are no localities", hint=hint)
    for route, spec in setting.then.items():
        _check_route(context, (*path, "then", route), route, spec)
    for part, hazards in (
        (("while_delayed",), setting.while_delayed),
        (("queue", "leaving"), setting.queue.leaving),
    ):
        for to in hazards:
            _check_destination(context, (*path, *part, to), to, key=True)
    _check_queue(context, path, setting)
    for place, reserve in enumerate(setting.ring_fenced):
        _check_reserve(context, (*path, "ring_fenced", place), reserve)
    if setting.keep_free:
        _check_reserve(context, (*path, "keep_free"), setting.keep_free)
    if setting.delay_reason:
        _check_reason(context, (*path, "delay_reason"), setting.delay_reason)
    if setting.planned_moves:
        to = setting.planned_moves.to
        _check_destination(context, (*path, "planned_moves", "to"), to, exits=())


def _check_queue(context: Context, path: Path, setting: Setting) -> None:
    for part, value in (
        (("when_full",), setting.when_full),
        (("queue", "overflow"), setting.queue.overflow),
    ):
        for inner, full in leaves(value):
            if isinstance(full, Divert):
                here = (*path, *part, *inner, "divert")
                _check_destination(context, here, full.divert, exits=())
    seen: dict[str, Path] = {}
    for place, sources in enumerate(setting.queue.priority):
        here = (*path, "queue", "priority", place)
        _check_sources(context, here, sources, seen)
    seen = {}
    everyone = [rule for rule in setting.queue.max_wait if rule.for_ is None]
    for place, rule in enumerate(setting.queue.max_wait):
        here = (*path, "queue", "max_wait", place)
        _check_destination(context, (*here, "to"), rule.to)
        _check_sources(context, (*here, "for"), rule.for_ or [], seen)
        if everyone and len(setting.queue.max_wait) > 1 and rule is not everyone[0]:
            context.report("C416", here, "another rule is for all sources already")


def _check_route(context: Context, path: Path, name: str, route: Route) -> None:
    if route.to is None:
        _check_destination(context, path, name, key=True)
    for inner, to in leaves(route.to):
        _check_destination(context, (*path, "to", *inner), to)
    for to in route.while_delayed or ():
        _check_destination(context, (*path, "while_delayed", to), to, key=True)
    for place, step in enumerate(route.arrangement):
        _check_reason(context, (*path, "arrangement", place, "reason"), step.reason)


def _check_arrival(context: Context, name: str, arrival: Arrival) -> None:
    path: Path = ("arrivals", name)
    for inner, to in leaves(arrival.to):
        _check_destination(context, (*path, "to", *inner), to, exits=())
    cohorts = arrival.cohort
    named = [cohorts] if isinstance(cohorts, str) else list(cohorts or ())
    for cohort in named:
        if cohort not in context.cohort_names:
            here = (*path, "cohort", cohort) if isinstance(cohorts, dict) else (*path, "cohort")
            known = context.cohort_names
            context.unknown("C402", here, "cohort", cohort, known, key=isinstance(cohorts, dict))


def _check_initial(context: Context, initial: Initial) -> None:
    for part, block in (("census", initial.census), ("queue", initial.queue)):
        for name in block:
            _check_destination(context, ("initial", part, name), name, exits=(), key=True)
    for name, counts in initial.queue.items():
        if isinstance(counts, dict):
            for source in counts:
                here: Path = ("initial", "queue", name, source)
                _check_sources(context, here, [source], {}, key=True)


def _check_destination(
    context: Context, path: Path, to: str, exits: tuple[str, ...] = EXITS, *, key: bool = False
) -> None:
    if to not in context.setting_names and to not in exits:
        known = (*context.setting_names, *exits)
        context.unknown("C401", path, "setting", to, known, key=key)


def _check_reserve(context: Context, path: Path, reserve: Reserve) -> None:
    written = (*path[:-1], *reserve.for_)  # the short form: {SOURCE: places}
    if len(reserve.for_) == 1 and real_path(written, context.merged.tree.data) == written:
        _check_sources(context, written, reserve.for_, {}, key=True)
    else:
        _check_sources(context, (*path, "for"), reserve.for_, {})


def _check_sources(
    context: Context,
    path: Path,
    sources: list[str],
    seen: dict[str, Path],
    *,
    key: bool = False,
) -> None:
    known = (*context.arrival_names, *context.setting_names)
    for place, source in enumerate(sources):
        here = path if key else (*path, place)
        if source not in known:
            context.unknown("C404", here, "arrival or setting", source, known, key=key)
        elif source in seen:
            context.report("C416", here, f"`{source}` stands in another one already")
        seen[source] = here


def _check_reason(context: Context, path: Path, reason: str) -> None:
    known = (*BUILT_IN, *context.file.reasons)
    if reason not in known:
        context.unknown("C405", path, "reason", reason, known, key=False)


def _is_indicator(context: Context, written: str) -> bool:
    settings = (*context.setting_names, *(copy.name for copy in context.copies))
    reasons = (*BUILT_IN, *context.file.reasons)
    return is_indicator(written, settings=settings, reasons=reasons)
