"""Results in which everything is constant, so that ledgers can be worked out by hand."""

import dataclasses
import functools

import numpy as np

from caresim.engines.output import SLOW_VARIABLES, VARIABLES
from caresim.model.money import (
    AppraisalTerms,
    Drawn,
    Money,
    Organisation,
    SettingCost,
)
from caresim.results.option import OptionResults
from made_up import model, output

ORGANISATIONS = (
    Organisation("hospital", "Hospital trust", "trust"),
    Organisation("council", "Council", "council"),
    Organisation("board", "Board", "board"),
    Organisation("people", "Self-funders", "person"),
)


def money(**parts):
    """Return money with nothing in it but the organisations and what is given."""
    empty = dict.fromkeys(
        ("moved", "costs", "staff", "buildings", "programmes", "price_changes", "payments", "pools",
         "residents"),
        (),
    )  # fmt: skip
    terms = AppraisalTerms(0.035, None)
    return Money(
        **{"price_year": "2023-24", "organisations": ORGANISATIONS, **empty, "terms": terms} | parts
    )


def cost(setting, kind, gbp, per=None, provider="hospital", **more):
    usual = {"fixed": "open place", "variable": "person", "delayed": "delayed day"}
    per = per or usual.get(kind, "admission")
    return SettingCost(setting, provider, kind, Drawn(gbp), per, **more)


def results(made=None, *, days=730.0, members=1, option="do_nothing", draws=None, **values):
    """Return results that are constant in time.

    Parameters
    ----------
    made
        The money.
    days, members, option
        Of the run.
    draws
        Shape (members, inputs).
    values
        For each variable a mapping of settings (acute, home_care, care_home) to a number, a list
        of numbers by member, or the whole; of a count, a number a day. Others are 0.
    """
    made_up = _template(days, members, option, 0 if draws is None else len(draws[0]))
    names = made_up.labels.setting_names
    spans = np.array([w.last_day - w.first_day for w in made_up.labels.windows])
    periods = np.diff(made_up.times)
    totals = {k: np.zeros_like(v) for k, v in made_up.totals.items()}
    totals["capacity"] = made_up.totals["capacity"]
    mean = {k: v if k.startswith("capacity") else np.zeros_like(v) for k, v in made_up.mean.items()}
    for variable, of in values.items():
        known = VARIABLES.get(variable) or SLOW_VARIABLES[variable]
        by_setting = known.dims[0] == "setting"
        if variable not in totals:
            size = (len(names) if by_setting else max(of) + 1,)
            totals[variable] = np.zeros((members, len(spans), *size))
            mean[variable] = np.zeros((len(periods), *size))
        counted = known.kind == "count"
        for where, number in of.items():
            place = names.index(where) if by_setting else where
            each = np.broadcast_to(np.asarray(number, dtype=float), (members,))
            cell = (slice(None), slice(None), place)
            over = (slice(None), place)
            if totals[variable].ndim == 4:
                cell, over = (*cell, 0), (*over, 0)
            totals[variable][cell] = each[:, None] * (spans if counted else 1.0)
            mean[variable][over] = each.mean() * (periods if counted else 1.0)
    drawn = made_up.draws if draws is None else np.asarray(draws, dtype=float)
    labels = dataclasses.replace(made_up.labels, money=made)
    return dataclasses.replace(made_up, labels=labels, totals=totals, mean=mean, draws=drawn)


@functools.cache
def _template(days, members, option, inputs):
    """Return results of the right shape; what is in them is replaced."""
    made = model(days=days, option=option, inputs=inputs)
    return OptionResults.from_output(output(made, members=members))


def in_pounds(pence):
    """Return the pounds of the first member by year."""
    return (pence[0] / 100).tolist()
