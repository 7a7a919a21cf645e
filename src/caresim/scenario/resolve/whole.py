"""The whole scenario in the explicit form."""

from __future__ import annotations

import datetime
from typing import Any

from caresim.scenario import explicit
from caresim.scenario.options import DO_NOTHING
from caresim.scenario.reasons import BUILT_IN, TRANSFER
from caresim.scenario.resolve.arrivals import check_arrival, resolved_arrival
from caresim.scenario.resolve.cohorts import check_localities, resolved_cohort
from caresim.scenario.resolve.context import Context
from caresim.scenario.resolve.money import has_money, resolved_money
from caresim.scenario.resolve.settings import check_setting, resolved_setting
from caresim.scenario.resolve.start import check_initial, resolved_initial
from caresim.scenario.schema import kinds
from caresim.scenario.schema.run import Run
from caresim.scenario.schema.top import Reason, ScenarioFile
from caresim.scenario.sizes import MOST_CELLS
from caresim.scenario.values import Quantity

LONGEST_RUN_DAYS = 200 * 365
MANY_MEMBERS = 200
"""Members of a run with uncertain inputs, or of single people, where the file says none."""


def resolved(context: Context) -> dict[str, Any]:
    """Write a scenario without faults in the explicit form, but for its options."""
    file = context.file
    start, days = context.period
    written: dict[str, Any] = {"caresim": 1, "title": file.title or context.title}
    if file.description is not None:
        written["description"] = file.description
    if file.place is not None:
        written["place"] = file.place.model_dump(exclude_none=True)
    written["start_date"] = start.isoformat()
    written["duration"] = kinds.DURATION.write(days)
    written["sources"] = {
        name: source.model_dump(exclude_none=True) for name, source in file.sources.items()
    }
    settings = {copy.name: resolved_setting(context, copy) for copy in context.copies}
    written["reasons"] = _reasons(context, settings)
    written["cohorts"] = {g.name: resolved_cohort(context, g) for g in context.groups}
    written["settings"] = settings
    written["arrivals"] = {name: resolved_arrival(context, name) for name in file.arrivals}
    written["initial"] = resolved_initial(context)
    if has_slow(file):
        from caresim.scenario.resolve.slow import resolved_slow  # few files need it

        written.update(resolved_slow(context))
    if has_money(file):
        written.update(resolved_money(context))
    elif file.price_year is not None:
        written["price_year"] = file.price_year
    written["run"] = _run(file.run)
    written["published"] = {
        name: {
            "indicator": figure.indicator,
            "value": kinds.plain(figure.value.value),
            "from": figure.from_,
            "to": figure.to,
            **explicit.about(
                figure.source or figure.value.source, figure.note or figure.value.note
            ),
        }
        for name, figure in file.published.items()
    }
    return written


def check(context: Context) -> None:
    """Report what cannot be, apart from names that nothing has.

    Entries that could not be read in full are left out, since what is missing from them would be
    reported a second time.
    """
    faulty = context.faulty
    cells = len(context.groups) * max(1, len(context.copies))
    if cells > MOST_CELLS:
        message = f"{len(context.groups):,} cohorts in {len(context.copies):,} settings"
        context.report("C415", ("cohorts",), message, key=True)
        return
    _check_period(context)
    check_localities(context)
    for copy in context.copies:
        if copy.path not in faulty:
            check_setting(context, copy)
    for name in context.file.arrivals:
        if ("arrivals", name) not in faulty:
            check_arrival(context, name)
    if not any(part == "initial" for part, _ in faulty):
        check_initial(context)
    if has_slow(context.file):
        from caresim.scenario.resolve.slow import check_slow

        check_slow(context)
    if has_money(context.file):
        from caresim.scenario.resolve.accounts import check_money

        check_money(context, faulty)


def has_slow(file: ScenarioFile) -> bool:
    """Whether there is anything that changes numbers while the model runs, but openings."""
    blocks = (file.interventions, file.feedbacks, file.workforce, file.population, file.budgets)
    return any(blocks)


def fill_members(written: dict[str, Any], others: list[dict[str, Any]]) -> None:
    """Decide how many members a run has where the file does not say, in place."""
    run = written["run"]
    if "members" not in run:
        plain = run["engine"] == "flow" and not any(map(_is_uncertain, (written, *others)))
        # Where it stands in the block does not matter, but it reads better near the engine.
        engine = run.pop("engine")
        rest = dict(run)
        run.clear()
        run.update({"engine": engine, "members": 1 if plain else MANY_MEMBERS, **rest})


def label_of(context: Context, option: str) -> str:
    """Return the label of an option."""
    spec = context.file.options.get(option)
    if spec is not None and spec.label is not None:
        return spec.label
    return "Do nothing" if option == DO_NOTHING else option


def done_in(context: Context, option: str) -> dict[str, Any]:
    """Write the interventions and the plan of an option; nothing of what it has not."""
    spec = context.file.options.get(option)
    names = sorted(set(spec.interventions)) if spec is not None else []
    found: dict[str, Any] = {"interventions": names} if names else {}
    if spec is not None and spec.plan:
        found["plan"] = {
            indicator: {month: kinds.plain(change.value) for month, change in by_month.items()}
            for indicator, by_month in spec.plan.items()
        }
    return found


def _is_uncertain(written: object) -> bool:
    if isinstance(written, dict):
        return "draw" in written or any(map(_is_uncertain, written.values()))
    return isinstance(written, list) and any(map(_is_uncertain, written))


def _check_period(context: Context) -> None:
    file = context.file
    written = context.merged.tree.data
    if file.duration is None and file.end_date is None and {"duration", "end_date"} & set(written):
        return  # given, and the fault in it is reported
    if (file.duration is None) == (file.end_date is None):
        said = "neither is given" if file.duration is None else "both are given"
        message = f"`duration` or `end_date` says how long the run is: {said}"
        path = () if file.duration is None else ("end_date",)
        context.report("C507", path, message)
        return
    start, days = context.period
    last = datetime.date.max - start
    if file.end_date is not None and days <= 0:
        context.report("C506", ("end_date",), f"{file.end_date} is not after {start}")
    elif not 0 < days <= min(LONGEST_RUN_DAYS, last.days):
        message = f"a run lasts more than 0 and at most {LONGEST_RUN_DAYS:,} days, not {days:g}"
        context.report("C507", ("duration",), message)


def _run(run: Run) -> dict[str, Any]:
    written: dict[str, Any] = {"engine": run.engine}
    if run.members is not None:
        written["members"] = run.members
    written["seed"] = run.seed
    written["step"] = (
        kinds.DURATION.write(run.step.value) if isinstance(run.step, Quantity) else run.step
    )
    written["method"] = run.method
    written["save_every"] = kinds.DURATION.write(run.save_every.value)
    written["warm_up"] = kinds.DURATION.write(run.warm_up.value)
    written["deadlock"] = run.deadlock
    written["coupling"] = kinds.DURATION.write(run.coupling.value)
    written["optimism"] = run.optimism
    return written


def _reasons(context: Context, settings: dict[str, Any]) -> dict[str, Any]:
    """Write the reasons that may be recorded: those used, and the scenario's own."""
    used = [TRANSFER, *context.file.reasons]
    for setting in settings.values():
        used.append(setting["delay_reason"])
        for route in setting["then"].values():
            used += [step["reason"] for step in route.get("arrangement", ())]
    written: dict[str, Any] = {}
    for name in sorted(set(used)):
        own = context.file.reasons.get(name)
        known = BUILT_IN.get(name)
        reason = own or Reason(
            label=known.label if known else None,
            responsible=known.responsible if known else "both",
            group=known.group if known else "interface_process",
        )
        label = reason.label or (known.label if known else name)
        written[name] = {
            "label": label,
            "responsible": reason.responsible,
            "group": reason.group,
        }
    return written
