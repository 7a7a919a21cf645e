"""The model as one member has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from caresim.engines.draws import MemberNumbers
from caresim.model import Leaving, Model


def members_model(model: Model, numbers: MemberNumbers, row: int) -> Model:
    """Return the model with the numbers of one member, but for the factors of its stays."""
    waiting = iter(numbers.waiting_hazard[row].tolist())
    delayed = iter(numbers.delayed_hazard[row].tolist())
    shares = iter(numbers.step_share[row].tolist())

    def with_rates(rules: tuple[Leaving, ...], rates: Iterator[float]) -> tuple[Leaving, ...]:
        return tuple(replace(rule, rate=next(rates)) for rule in rules)

    return replace(
        model,
        settings=tuple(
            replace(
                setting,
                leaving=tuple(with_rates(rules, waiting) for rules in setting.leaving),
                capacity=replace(setting.capacity, values=setting.capacity.values * factor),
            )
            for setting, factor in zip(model.settings, numbers.capacity_factor[row], strict=True)
        ),
        routes=tuple(
            replace(
                route,
                share=float(numbers.route_share[row, r]),
                steps=tuple(replace(step, share=next(shares)) for step in route.steps),
                leaving=with_rates(route.leaving, delayed),
            )
            for r, route in enumerate(model.routes)
        ),
        arrivals=tuple(
            replace(
                arrivals,
                rate=float(numbers.arrival_rate[row, i] * numbers.population_factor[row, i]),
                growth=float(numbers.arrival_growth[row, i]),
                population_growth=float(numbers.population_growth[row, i]),
            )
            for i, arrivals in enumerate(model.arrivals)
        ),
    )
