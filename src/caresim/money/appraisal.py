"""What an option is worth beside another, for every member of a run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from caresim.evidence.optimism import CORRECTIONS_SOURCE, CORRECTIONS_STATUS
from caresim.model.money import Correction
from caresim.money.discounting import factors, payback_years, present
from caresim.money.entries import FloatArray

View = Literal["fiscal", "public"]
"""``fiscal``: money of public bodies only. ``public``: all costs, whoever pays, and the value of
outcomes, where one is stated."""

LOW, HIGH = 0.025, 0.975
"""Ends of the 95% interval over members."""


@dataclass(frozen=True)
class Range:
    """A figure over members: mean, median and 95% interval; infinite if it is so for most."""

    mean: float
    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: FloatArray) -> Range:
        """Summarise values of members; NaN, where it is undefined for all."""
        defined = values[~np.isnan(values)]
        if not defined.size:
            return cls(math.nan, math.nan, math.nan, math.nan)
        low, middle, high = np.quantile(defined, (LOW, 0.5, HIGH), method="inverted_cdf").tolist()
        return cls(float(defined.mean()), low, middle, high)

    def to_dict(self) -> dict[str, float | None]:
        """Return plain data; None where JSON has no number."""
        return {k: v if math.isfinite(v) else None for k, v in vars(self).items()}


@dataclass(frozen=True, eq=False)
class Item:
    """What one setting, staff group, intervention or payment costs more, or less.

    Attributes
    ----------
    subject
        Its name.
    all, public
        Pounds more than in the base option, shape (members, years): of everyone, and of public
        bodies. The money of payments between public bodies cancels out.
    """

    subject: str
    all: FloatArray
    public: FloatArray


@dataclass(frozen=True)
class CostPerUnit:
    """What it costs to avoid one of something.

    Attributes
    ----------
    avoided
        How many are avoided over the years that count, mean over members; negative if there are
        more.
    chance_avoided
        Share of members in which there are fewer.
    gbp
        Present cost divided by those avoided, means over members; None unless it costs more and
        avoids some.
    verdict
        In words.
    """

    avoided: float
    chance_avoided: float
    gbp: float | None
    verdict: str


@dataclass(frozen=True, eq=False)
class Appraisal:
    """An option beside a base option. Arrays are of shape (members, years) unless said otherwise.

    Attributes
    ----------
    base, option
        Their names.
    price_year, discount
        Of all pounds; share per year.
    days
        Shape (years,): length of each year of the run that counts.
    cost
        Pounds that the option costs more, whoever pays, in cash.
    not_cashable
        Pounds more spent on places that are not in use, or closed and not released: what the
        option frees and nobody can spend yet. ``cost - not_cashable`` is the difference in what
        care needs.
    by_payer
        Pounds more that each account pays, net.
    public_cost
        Pounds more that public bodies pay, net.
    items
        The same by subject.
    gains
        Units gained of each indicator that has a value, and of others asked for.
    values
        Pounds that these are worth; only indicators with a value.
    avoided
        People or days avoided over all years, shape (members,), by what they are.
    corrections
        What was left out of effects for the weakness of their evidence.
    """

    base: str
    option: str
    price_year: str
    discount: float
    days: FloatArray
    cost: FloatArray
    not_cashable: FloatArray
    by_payer: Mapping[str, FloatArray]
    public_cost: FloatArray
    items: tuple[Item, ...]
    gains: Mapping[str, FloatArray]
    values: Mapping[str, FloatArray]
    avoided: Mapping[str, FloatArray]
    corrections: tuple[Correction, ...]

    def present(self, flows: FloatArray) -> FloatArray:
        """Return present values of yearly flows, shape (members,)."""
        return present(flows, self.discount)

    @property
    def net_present_cost(self) -> FloatArray:
        """Present value of what it costs more, whoever pays: shape (members,)."""
        return self.present(self.cost)

    @property
    def outcome_value(self) -> FloatArray:
        """Present value of what outcomes are worth: shape (members,); 0 where none has a value."""
        return self.present(sum(self.values.values(), np.zeros_like(self.cost)))

    def net_present_value(self, view: View = "public") -> FloatArray:
        """Return present benefits less costs, shape (members,).

        Parameters
        ----------
        view
            ``fiscal`` or ``public``; see :data:`View`.
        """
        if view == "fiscal":
            return -self.present(self.public_cost)
        return self.outcome_value - self.net_present_cost

    @property
    def payback(self) -> FloatArray:
        """Years until it has paid for itself; see :func:`payback_years`."""
        return payback_years(self.cost, self.days)

    def parts(self, view: View = "public") -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """Divide the items into those that cost more, mean over members, and those that save."""

        def worth(item: Item) -> float:
            return float(self.present(item.public if view == "fiscal" else item.all).mean())

        dearer = tuple(item for item in self.items if worth(item) > 0.0)
        return dearer, tuple(item for item in self.items if worth(item) < 0.0)

    def costs_and_benefits(self, view: View = "public") -> tuple[FloatArray, FloatArray]:
        """Return present costs and benefits, each of shape (members,).

        Costs are what is spent more on the settings, staff, interventions and payments on which
        more is spent in the mean; benefits what is spent less on the others, and in the public
        view the value of outcomes. The same subjects count as costs in all members.
        """
        nothing = np.zeros(self.cost.shape[0])

        def total(items: tuple[Item, ...]) -> FloatArray:
            flows = (item.public if view == "fiscal" else item.all for item in items)
            return sum((self.present(flow) for flow in flows), nothing)

        dearer, cheaper = self.parts(view)
        benefits = -total(cheaper)
        return total(dearer), benefits + (self.outcome_value if view == "public" else 0.0)

    def benefit_cost(self, view: View = "public") -> float | None:
        """Return mean benefits divided by mean costs; None if nothing costs more."""
        costs, benefits = self.costs_and_benefits(view)
        return float(benefits.mean() / costs.mean()) if costs.mean() > 0.0 else None

    def switching_values(self) -> dict[str, float]:
        """Return by what share each item alone would have to differ for the mean cost to be 0.

        0.25 means that it breaks even if the item's difference were a quarter larger, -0.25 a
        quarter smaller; below -1 its sign would have to turn.
        """
        cost = float(self.net_present_cost.mean())
        found = {}
        for item in self.items:
            worth = float(self.present(item.all).mean())
            if worth:
                found[item.subject] = -cost / worth
        return found

    def switching_outcomes(self) -> dict[str, float | None]:
        """Return what a unit of each indicator would have to be worth alone for a mean value of 0.

        None where the option does not improve it.
        """
        cost = float(self.net_present_cost.mean())
        gained = {name: float(self.present(gain).mean()) for name, gain in self.gains.items()}
        return {name: cost / units if units > 0.0 else None for name, units in gained.items()}

    def cost_per(self, what: str) -> CostPerUnit:
        """Return what it costs to avoid one of something in `avoided`."""
        cost, units = self.net_present_cost, self.avoided[what]
        mean_cost, mean_units = float(cost.mean()), float(units.mean())
        words = what.replace("_", " ")
        if mean_units > 0.0:
            costs_more = mean_cost > 0.0
            verdict = f"fewer {words}, for more money" if costs_more else f"fewer {words}, for less"
        elif mean_units < 0.0:
            costs_more = False
            verdict = f"more {words}, for {'more' if mean_cost > 0.0 else 'less'} money"
        else:
            costs_more = False
            verdict = f"as many {words}"
        gbp = mean_cost / mean_units if costs_more else None
        return CostPerUnit(mean_units, float((units > 0.0).mean()), gbp, verdict)

    def to_dict(self) -> dict[str, Any]:
        """Return everything in plain words, for ``--json`` and reports; pounds are means."""
        payback = self.payback
        return {
            "base": self.base,
            "option": self.option,
            "price_year": self.price_year,
            "discount": self.discount,
            "discount_factors": factors(self.discount, self.days.size).tolist(),
            "net_present_cost": Range.of(self.net_present_cost).to_dict(),
            "net_present_value": {
                "fiscal": Range.of(self.net_present_value("fiscal")).to_dict(),
                "public": Range.of(self.net_present_value("public")).to_dict(),
            },
            "chance_saves_money": float((self.net_present_cost < 0.0).mean()),
            "chance_worth_it": float((self.net_present_value("public") > 0.0).mean()),
            "payback_years": Range.of(payback).to_dict(),
            "chance_pays_back": float(np.isfinite(payback).mean()),
            "benefit_cost": {
                "fiscal": self.benefit_cost("fiscal"),
                "public": self.benefit_cost("public"),
            },
            "cost_by_year": self.cost.mean(axis=0).tolist(),
            "not_cashable_by_year": self.not_cashable.mean(axis=0).tolist(),
            "cashable_saving": Range.of(-self.net_present_cost).to_dict(),
            "not_cashable": Range.of(self.present(self.not_cashable)).to_dict(),
            "by_payer": {
                name: {
                    "present": Range.of(self.present(flow)).to_dict(),
                    "by_year": flow.mean(axis=0).tolist(),
                }
                for name, flow in self.by_payer.items()
            },
            "items": {item.subject: float(self.present(item.all).mean()) for item in self.items},
            "outcome_value": Range.of(self.outcome_value).to_dict(),
            "switching_values": self.switching_values(),
            "switching_outcomes": self.switching_outcomes(),
            "cost_per": {name: vars(self.cost_per(name)) for name in self.avoided},
            "optimism": {
                "corrections": [vars(one) for one in self.corrections],
                "source": CORRECTIONS_SOURCE,
                "status": CORRECTIONS_STATUS,
            },
        }
