"""Lengths of stay: whether they can be, and how they are written out for each cohort."""

from __future__ import annotations

from typing import Any

from caresim.scenario import explicit
from caresim.scenario.lengths import is_nothing, length_of_stay
from caresim.scenario.resolve.context import Context, UnsettledError, pick
from caresim.scenario.schema.faults import real_path
from caresim.scenario.schema.stay import Stay, StayValue
from caresim.scenario.series import SeriesError
from caresim.scenario.values import By, Path, Quantity, leaves


def stay_for(
    context: Context, value: StayValue, cohort: str, locality: str | None, path: Path
) -> Any:
    """Write the stay of one cohort in the explicit form."""
    spec, here = pick(value, cohort, locality, path)
    params = _params(context, spec, cohort, locality, here)
    return explicit.stay(spec, params, times_of(context, spec, here))


def check_stay(
    context: Context, value: StayValue | None, path: Path, *, none_allowed: bool = False
) -> None:
    """Report stays that cannot be, for any cohort.

    Parameters
    ----------
    context, value, path
        The stay, and where it is written.
    none_allowed
        Whether it may take no time at all, as an arrangement or transfer may.
    """
    if value is None:
        return
    for inner, spec in leaves(value):
        seen: set[str] = set()
        for group in context.groups:
            try:
                params = _params(context, spec, group.base, group.locality, (*path, *inner))
                values = times_of(context, spec, (*path, *inner))
            except UnsettledError:
                continue
            numbers = {key: quantity.value for key, (quantity, _) in params.items()}
            if none_allowed and is_nothing(spec, numbers):
                continue
            try:
                length_of_stay(spec, numbers, values)
            except ValueError as error:
                if str(error) not in seen:
                    context.report("C315", (*path, *inner), str(error))
                seen.add(str(error))


def _params(
    context: Context, spec: Stay, cohort: str, locality: str | None, path: Path
) -> dict[str, tuple[Quantity, Path]]:
    found: dict[str, tuple[Quantity, Path]] = {}
    for key in explicit.STAY_NUMBERS:
        value = getattr(spec, key)
        if value is not None:
            quantity, here = pick(value, cohort, locality, (*path, key))
            found[key] = quantity, real_path(here, context.merged.tree.data)
    return found


def times_of(context: Context, spec: Stay, path: Path) -> list[float] | None:
    """Return the observed times of an empirical stay, in days; None for any other.

    Raises
    ------
    UnsettledError
        If their file cannot be read, which is reported.
    """
    if spec.values is not None:
        return [quantity.value for quantity in spec.values]
    if spec.csv is None or spec.column is None:
        return None
    return sample(context, spec.csv, spec.column, path)


def sample(context: Context, csv: str, column: str, path: Path) -> list[float]:
    """Read observed times in days from a CSV file.

    Raises
    ------
    UnsettledError
        If it cannot be read, which is reported.
    """
    try:
        return context.tables.sample(
            context.merged, csv, column, real_path(path, context.merged.tree.data)
        )
    except SeriesError as error:
        context.problems += error.problems
        raise UnsettledError from None


def check_limit(context: Context, value: Quantity | By[Quantity] | None, path: Path) -> None:
    """Report a longest stay of no time at all."""
    for inner, quantity in leaves(value):
        if quantity.value <= 0:
            message = "the longest stay must be more than 0 days"
            context.report("C305", (*path, *inner), message)
