"""Inputs that interventions and feedbacks change, by their paths: `settings.acute.stay`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from caresim.scenario.schema import amounts
from caresim.scenario.schema.kinds import Kind

_NAME = r"([a-z][a-z0-9_]*(?:@[a-z][a-z0-9_]*)?)"


@dataclass(frozen=True)
class Form:
    """A kind of input that may be changed.

    Attributes
    ----------
    field
        Its name in `caresim.model.Changed`.
    pattern
        Its path, with capitals where names stand.
    by, to
        What a difference of it, and a value of it, is measured in.
    hoped
        The direction that is a benefit unless the file says otherwise: -1, 1, or 0 for neither.
    """

    field: str
    pattern: str
    by: Kind
    to: Kind
    hoped: int = 0

    def match(self, path: str) -> tuple[str, ...] | None:
        """Return the names in a path of this form; None if it is of another."""
        pattern = re.sub(r"\b[A-Z]+\b", "#", self.pattern)
        found = re.fullmatch(re.escape(pattern).replace(r"\#", _NAME), path)
        return None if found is None else found.groups()


PRICES = ("fixed", "variable", "delayed", "per_stay")
"""Prices of a setting."""

FORMS = (
    Form("arrival_rate", "arrivals.ARRIVAL.rate", amounts.MORE_RATE, amounts.ANY_RATE, -1),
    Form("stay", "settings.SETTING.stay", amounts.MORE_TIME, amounts.TIME, -1),
    Form("capacity", "settings.SETTING.capacity", amounts.MORE_COUNT, amounts.COUNT, 1),
    Form("route_share", "settings.SETTING.then.ROUTE.share", amounts.MORE_SHARE, amounts.SHARE),
    Form(
        "step_time",
        "settings.SETTING.then.ROUTE.arrangement",
        amounts.MORE_TIME,
        amounts.TIME,
        -1,
    ),
    Form(
        "step_time",
        "settings.SETTING.then.ROUTE.arrangement.REASON",
        amounts.MORE_TIME,
        amounts.TIME,
        -1,
    ),
    Form(
        "step_share",
        "settings.SETTING.then.ROUTE.arrangement.REASON.share",
        amounts.MORE_SHARE,
        amounts.SHARE,
        -1,
    ),
    Form(
        "delayed_hazard",
        "settings.SETTING.while_delayed.DESTINATION",
        amounts.MORE_HAZARD,
        amounts.HAZARD,
    ),
    Form(
        "waiting_hazard",
        "settings.SETTING.queue.leaving.DESTINATION",
        amounts.MORE_HAZARD,
        amounts.HAZARD,
    ),
    Form("leavers", "workforce.GROUP.leavers", amounts.MORE_HAZARD, amounts.HAZARD, -1),
    Form(
        "recruitment",
        "workforce.GROUP.recruitment",
        amounts.MORE_RECRUITS,
        amounts.RECRUITS,
        1,
    ),
    Form("sickness", "workforce.GROUP.sickness", amounts.MORE_SHARE, amounts.SHARE, -1),
    Form("posts", "workforce.GROUP.posts", amounts.MORE_COUNT, amounts.COUNT, 1),
    Form("home_deaths", "population.deaths", amounts.MORE_HAZARD, amounts.HAZARD, -1),
    Form("transition", "population.moves.MOVE", amounts.MORE_HAZARD, amounts.HAZARD),
    *(
        Form("price", f"settings.SETTING.costs.{key}", amounts.MONEY, amounts.MONEY, -1)
        for key in PRICES
    ),
    Form("price", "payments.PAYMENT.price", amounts.MONEY, amounts.MONEY, -1),
)
"""Every kind of input that may be changed while the model runs."""

OF_COHORTS = frozenset(
    {
        "arrival_rate",
        "stay",
        "route_share",
        "step_time",
        "step_share",
        "delayed_hazard",
        "waiting_hazard",
        "home_deaths",
    }
)
"""Fields whose numbers are of one cohort each."""


@dataclass(frozen=True)
class Input:
    """An input to be changed.

    Attributes
    ----------
    path
        As written, with dots.
    form
        What kind it is.
    names
        The names in its path, in order.
    """

    path: str
    form: Form
    names: tuple[str, ...]

    @property
    def field(self) -> str:
        """Its name in `caresim.model.Changed`."""
        return self.form.field

    @property
    def hoped(self) -> int:
        """The direction that is a benefit unless the file says otherwise."""
        to_death = self.field.endswith("_hazard") and self.names[1] == "died"
        return -1 if to_death else self.form.hoped

    def named(self, names: Mapping[int, str]) -> str:
        """Return the path with other names at some positions."""
        parts = list(self.names)
        for place, name in names.items():
            parts[place] = name
        found = iter(parts)
        return re.sub(r"\b[A-Z]+\b", lambda _: next(found), self.form.pattern)


def parsed(path: object) -> Input | None:
    """Read the path of an input; None if nothing at it may be changed."""
    if not isinstance(path, str):
        return None
    for form in FORMS:
        names = form.match(path)
        if names is not None:
            return Input(path, form, names)
    return None
