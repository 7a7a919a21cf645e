"""The prices of each member in each year: as drawn, and as interventions change them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caresim.engines.output import Window
from caresim.model import Ramp
from caresim.model.money import Drawn, Money
from caresim.money.entries import FloatArray
from caresim.money.timing import mean_strength


class Prices:
    """Numbers of an option's money for each of its members.

    Parameters
    ----------
    money
        Of the option.
    draws
        Shape (members, inputs): the uncertain inputs of its run.
    years
        Of the run.
    """

    def __init__(self, money: Money, draws: FloatArray, years: Sequence[Window]) -> None:
        self.money, self.draws, self.years = money, draws, years

    def number(self, drawn: Drawn) -> FloatArray:
        """Return a number for each member, shape (members,)."""
        if drawn.draw < 0:
            return np.full(self.draws.shape[0], drawn.value)
        column = self.money.columns[drawn.draw]
        found: FloatArray = drawn.offset + drawn.scale * self.draws[:, column]
        return found

    def price(self, of: str, drawn: Drawn) -> FloatArray:
        """Return a price with what interventions make of it, shape (members, years).

        Parameters
        ----------
        of
            Its path in the scenario, such as ``settings.acute.costs.variable``.
        drawn
            The price without interventions.

        Notes
        -----
        price x product over changes of (1 + strength x reach x change), where a fall is reduced
        by the share that its evidence is too weak for, as in the engines. Within a year the mean
        strength stands for the strength of each day.
        """
        found = np.repeat(self.number(drawn)[:, None], len(self.years), axis=1)
        for change in self.money.price_changes:
            if change.of == of:
                amount = self.number(change.amount)
                amount = amount - change.discount * np.minimum(amount, 0.0)
                reached = (self.number(change.reach) * amount)[:, None]
                start = self.begins(change.decided, change.lead)
                found = found * (1.0 + reached * self.strength(change.ramp, start))
        return found

    def begins(self, decided: float, lead: Drawn) -> FloatArray:
        """Return the day on which the work of an intervention begins, shape (members,)."""
        return decided + self.number(lead)

    def strength(self, ramp: Ramp, start: FloatArray) -> FloatArray:
        """Return how strongly an intervention works in each year, shape (members, years)."""
        return mean_strength(ramp, start, self.years)
