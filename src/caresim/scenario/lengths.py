"""From a length of stay as written to the distribution the engines use."""

from __future__ import annotations

import math
from collections.abc import Mapping

from caresim import stays
from caresim.scenario.numerals import QuantityError
from caresim.scenario.quantities import share
from caresim.scenario.schema.stay import Stay as Spec
from caresim.stays import Stay


def is_nothing(spec: Spec, numbers: Mapping[str, float]) -> bool:
    """Whether it takes no time at all, so that an arrangement or transfer is left out."""
    return spec.family in ("exponential", "fixed", "erlang") and 0.0 in (
        numbers.get("mean"),
        numbers.get("value"),
    )


def length_of_stay(
    spec: Spec, numbers: Mapping[str, float], values: list[float] | None, limit: float = math.inf
) -> Stay:
    """Build the distribution.

    Parameters
    ----------
    spec
        As written.
    numbers
        The numbers that settle it, for one cohort, in days (means of the uncertain ones).
    values
        The observed stays of an empirical one, in days.
    limit
        The longest stay, in days.

    Raises
    ------
    ValueError
        If there is no such stay; the message says cause and cure.
    """
    stay = _whole(spec, numbers, values)
    return stay if math.isinf(limit) else stay.limited(limit)


def _whole(spec: Spec, n: Mapping[str, float], values: list[float] | None) -> Stay:
    family = spec.family
    if "cv" in n:
        return stays.from_mean_and_cv(family, n["mean"], n["cv"])
    if "sd" in n:
        return stays.from_mean_and_sd(family, n["mean"], n["sd"])
    if "median" in n:
        return stays.from_median_and_mean(n["median"], n["mean"])
    if "mu" in n:
        return stays.lognormal(n["mu"], n["sigma"])
    if spec.quantiles is not None:
        return stays.from_quantiles(_quantiles(spec)).stay
    if spec.branches is not None:
        shares = [branch.share.value for branch in spec.branches]
        return stays.hyperexponential(shares, [branch.mean.value for branch in spec.branches])
    if spec.initial is not None and spec.rates is not None:
        rates = [[rate.value for rate in row] for row in spec.rates]
        return stays.phase_type([phase.value for phase in spec.initial], rates)
    if family == "empirical":
        return stays.empirical(values or [])
    if family == "fixed":
        return stays.fixed(n["value"])
    if family == "erlang":
        return stays.erlang(n["mean"], spec.stages or 1)
    return stays.exponential(n["mean"])


def _quantiles(spec: Spec) -> dict[float, float]:
    found: dict[float, float] = {}
    for key, days in (spec.quantiles or {}).items():
        try:
            place = share(key)
        except QuantityError as error:
            raise ValueError(f"{error.message}: quantiles are written `50%: 4 days`") from None
        if place in found:
            raise ValueError(f"the quantile at `{key}` is given twice")
        found[place] = days.value
    return found
