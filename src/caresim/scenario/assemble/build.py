"""One option of an explicit scenario as a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caresim.model import Model, PublishedFigure, Reason, RunSettings
from caresim.scenario.assemble.arrivals import arrivals_of
from caresim.scenario.assemble.book import Book
from caresim.scenario.assemble.routes import routes_of
from caresim.scenario.assemble.settings import settings_of
from caresim.scenario.assemble.start import with_start
from caresim.scenario.options import DO_NOTHING
from caresim.scenario.resolve.money import has_money
from caresim.scenario.resolve.whole import has_slow
from caresim.scenario.schema.run import Run
from caresim.scenario.schema.top import ScenarioFile
from caresim.scenario.values import Quantity


def build(explicit: Mapping[str, Any], option: str = DO_NOTHING) -> Model:
    """Build the model of an option.

    Parameters
    ----------
    explicit
        The explicit form of a scenario.
    option
        The option's name.

    Returns
    -------
    Model
        Cohorts, settings, arrivals and reasons are in the order of their names, so that the
        order of entries in the file changes no result.

    Raises
    ------
    KeyError
        If there is no such option.
    """
    spec = explicit["options"][option]
    file = ScenarioFile.model_validate(_with_values(explicit, spec.get("set", {})))
    book = Book(file)
    routes = routes_of(book)
    settings = settings_of(book)
    arrivals = arrivals_of(book)
    slow: dict[str, Any] = {"arrivals": arrivals}
    if has_slow(file) or any(one.openings or one.closings for one in file.settings.values()):
        from caresim.scenario.assemble.slow import slow_of  # few scenarios need it

        names = list(spec.get("interventions", ()))
        slow = vars(slow_of(book, names, settings, routes, arrivals))
    money = None
    if has_money(file):
        from caresim.scenario.assemble.money import MoneyBook

        done = slow.get("interventions", ())
        money = MoneyBook(
            book,
            [one.name for one in done],
            {one.name: one.ramp for one in done},
            slow["arrivals"],
            slow.get("population"),
        )
    inputs = book.inputs()
    assert file.duration is not None
    steady = file.initial == "steady_state"
    model = Model(
        title=file.title or "",
        option=option,
        option_label=spec.get("label", option),
        start_date=book.start,
        days=file.duration.value,
        cohorts=book.cohorts,
        settings=settings,
        **slow,
        arrival_names=book.arrivals,
        routes=routes,
        stays=tuple(book.stays),
        reasons=tuple(_reason(book, name) for name in book.reasons),
        route_drawn_at_start=tuple(
            any(route.stay is not None for route in file.settings[name].then.values())
            for name in book.settings
        ),
        inputs=inputs,
        published=tuple(_figure(book, name) for name in sorted(file.published)),
        run=_run(file.run, steady=steady),
        money=None if money is None else money.finished(inputs),
    )
    return with_start(book, model)


def _with_values(explicit: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = dict(explicit)
    for path, value in values.items():
        node = data
        *parents, last = path.split(".")
        for step in parents:
            node[step] = dict(node[step])  # what options share stays as it is
            node = node[step]
        node[last] = value
    return data


def _reason(book: Book, name: str) -> Reason:
    reason = book.file.reasons[name]
    return Reason(name, reason.label or name, reason.responsible, reason.group)


def _figure(book: Book, name: str) -> PublishedFigure:
    figure = book.file.published[name]
    return PublishedFigure(
        name=name,
        indicator=figure.indicator,
        value=figure.value.value,
        source=figure.source or "",
        first_day=float(book.day(figure.from_)),
        last_day=float(book.day(figure.to)),
    )


def _run(run: Run, *, steady: bool) -> RunSettings:
    steps = round(1 / run.step.value) if isinstance(run.step, Quantity) else 0
    return RunSettings(
        engine=run.engine,  # type: ignore[arg-type]
        members=run.members or 1,
        seed=run.seed,
        method=run.method,  # type: ignore[arg-type]
        deadlock=run.deadlock,  # type: ignore[arg-type]
        steps_per_day=steps,
        save_days=round(run.save_every.value),
        warm_up_days=run.warm_up.value if steady else 0.0,
        coupling_days=run.coupling.value,
        optimism=run.optimism,
    )
