"""Lengths of stay: how they are stated, and the curves that engines and checks need from them."""

from caresim.stays.checks import FAMILIES
from caresim.stays.stated import (
    QuantileFit,
    empirical,
    erlang,
    exponential,
    fixed,
    from_mean_and_cv,
    from_mean_and_sd,
    from_median_and_mean,
    from_quantiles,
    gamma,
    hyperexponential,
    lognormal,
    phase_type,
)
from caresim.stays.stay import Stay

__all__ = [
    "FAMILIES",
    "QuantileFit",
    "Stay",
    "empirical",
    "erlang",
    "exponential",
    "fixed",
    "from_mean_and_cv",
    "from_mean_and_sd",
    "from_median_and_mean",
    "from_quantiles",
    "gamma",
    "hyperexponential",
    "lognormal",
    "phase_type",
]
