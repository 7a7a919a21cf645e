"""Costs, payments, pooled budgets and terms of appraisal, as written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from caresim.scenario.schema import kinds
from caresim.scenario.schema.accounts import (
    AnyPayers,
    AnyPays,
    ByYear,
    Fixed,
    PayersOrUnpaid,
    PerStay,
    Sum,
    Tariff,
    Use,
)
from caresim.scenario.schema.dated import PriceYear
from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import Flag, Name, OneOf, OneOrMore, Text, Whole
from caresim.scenario.schema.intervention import NO_TIME, PlainTime
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.measures import PlainShare
from caresim.scenario.schema.part import Part
from caresim.scenario.values import Quantity

ALL = Quantity(1.0)

PAYMENT_KINDS = ("tariff", "block", "capitation", "blended", "outcome")
"""Rules of payment."""

NEEDS: dict[str, tuple[str, ...]] = {
    "tariff": ("for", "price"),
    "block": ("amount",),
    "capitation": ("price",),
    "blended": ("for", "amount", "baseline", "price"),
    "outcome": ("indicator", "target", "price"),
}
"""Keys that each rule needs."""

TAKES: dict[str, tuple[str, ...]] = {
    "tariff": ("cohorts",),
    "block": ("for",),
    "capitation": ("cohorts", "for"),
    "blended": ("above", "below", "cohorts"),
    "outcome": ("better", "at_most", "both_ways"),
}
"""Keys that each rule may have besides."""

_RULE_KEYS = frozenset(key for keys in (*NEEDS.values(), *TAKES.values()) for key in keys)

_PER_HEAD = Annotated[Quantity, Leaf(kinds.RATE, by=())]


class Costs(Part):
    """What a setting costs its provider."""

    provider: Text | None = None
    """The organisation that runs it; the only one, if there is only one."""
    fixed: Fixed | None = None
    """Cost of each open place by time, used or not."""
    variable: Use | None = None
    """Cost by time of each person there, or (`per place per day`) of each place in use."""
    delayed: Use | None = None
    """Cost by time of each person delayed there; `variable` if left out."""
    per_stay: PerStay | None = None
    """Cost of each admission."""
    cash_lag: PlainTime = NO_TIME
    """How long the cost of a place goes on after it has closed."""
    price_year: PriceYear | None = None
    """Year of these prices; that of the file if left out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that there is a cost, and that people delayed have one where others do."""
        found: list[Fault] = []
        if all(v is None for v in (self.fixed, self.variable, self.per_stay)):
            hint = "write `fixed`, `variable` or `per_stay`"
            found.append(((), fault("C202", "there is no cost here", hint=hint)))
        if self.delayed is not None and (self.variable is None or self.delayed.mark == "place"):
            message = "the cost of people delayed stands beside a `variable` cost of each person"
            found.append((("delayed",), fault("C343", message)))
        if self.delayed is not None and getattr(self.variable, "mark", "") == "place":
            message = "`variable` is of places in use, and people delayed use places too"
            found.append((("delayed",), fault("C343", message)))
        return found


class ProgrammeCost(Part):
    """What an intervention costs."""

    setup: Sum | None = None
    """A sum, paid between the decision and the beginning of the work."""
    capital: Sum | None = None
    """Capital, paid in the same way."""
    per_year: ByYear | None = None
    """Running cost, from the beginning of the work to its end."""
    per_person_reached: Sum | None = None
    """Cost of each person reached, who begins a stay in a setting concerned."""
    paid_by: AnyPayers = None
    """Who pays; the only organisation, if there is only one."""
    paid_to: Text | None = None
    """The organisation that is paid; staff and suppliers, if left out."""
    strength: Annotated[int | None, Whole(1, 6)] = None
    """Grade of these figures, 1 (strongest) to 6: costs are raised by the correction it sets."""
    price_year: PriceYear | None = None
    """Year of these prices; that of the file if left out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""


class Spending(Part):
    """What it costs to open places."""

    capital: Sum | None = None
    """For all phases, paid evenly from the decision to each of them."""
    transition: Sum | None = None
    """Moving, training and setting up, for all phases, paid on the day of each."""
    paid_by: AnyPayers = None
    """Who pays; the only organisation, if there is only one."""
    price_year: PriceYear | None = None
    """Year of these prices; that of the file if left out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""


class Pay(Part):
    """What a staff group costs."""

    cost: ByYear
    """Of each full-time equivalent in post or in training."""
    agency: ByYear | None = None
    """Of each vacancy that is covered; vacancies cost nothing if left out."""
    employer: Text | None = None
    """The organisation that pays; the only one, if there is only one."""
    price_year: PriceYear | None = None
    """Year of these prices; that of the file if left out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""


class Payment(Part):
    """A rule by which some pay another."""

    label: Text | None = None
    """Text for people; its name if left out."""
    kind: Annotated[str, OneOf(PAYMENT_KINDS)]
    """The rule."""
    from_: Annotated[AnyPayers, Field(alias="from")] = None
    """Who pays: an organisation, or several with shares; left out where a pool `pays` it."""
    to: Text
    """Who is paid."""
    for_: Annotated[list[Text], OneOrMore, Field(alias="for")] = Field(default_factory=list)
    """The settings whose activity counts."""
    cohorts: Annotated[list[Text], OneOrMore] | None = None
    """Whose activity, or whose heads, count; all cohorts if left out."""
    price: Tariff | None = None
    """Price of a unit of activity, of a person of the population by time, or of an outcome."""
    amount: ByYear | None = None
    """Amount by time, whatever happens."""
    baseline: _PER_HEAD | None = None
    """Activity by time for which the amount is paid."""
    above: PlainShare = ALL
    """Share of the price paid for activity above the baseline."""
    below: PlainShare = ALL
    """Share of the price withheld for activity below it."""
    indicator: Text | None = None
    """Id of the indicator that is paid for."""
    target: Annotated[Quantity, Leaf(kinds.FIGURE, by=())] | None = None
    """Its target in each year of the run."""
    better: Annotated[str, OneOf(("lower", "higher"))] = "lower"
    """Which direction is paid for."""
    at_most: ByYear | None = None
    """Most that is paid by time."""
    both_ways: Flag = False
    """Whether a result worse than the target is paid back."""
    price_year: PriceYear | None = None
    """Year of these prices; that of the file if left out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that the keys go with the rule."""
        needs = NEEDS[self.kind]
        allowed = (*needs, *TAKES[self.kind])
        found: list[Fault] = []
        for key in needs:
            value = getattr(self, f"{key}_" if key == "for" else key)
            if value is None or value == []:
                message = f"a payment of kind {self.kind} needs `{key}`"
                found.append(((), fault("C343", message, hint=f"add `{key}`")))
        given = {type(self).model_fields[name].alias or name for name in self.model_fields_set}
        for key in sorted((given & _RULE_KEYS) - set(allowed)):
            message = f"a payment of kind {self.kind} has no `{key}`"
            found.append(((key,), fault("C343", message, hint="delete it, or change the kind")))
        return [*found, *self._units()]

    def _units(self) -> list[Fault]:
        if self.price is None:
            return []
        mark = self.price.mark
        wrong = {
            "tariff": mark == "",
            "blended": mark == "",
            "capitation": mark != "time",
            "outcome": mark != "",
        }.get(self.kind, False)
        if not wrong or self.price.value == 0:
            return []
        hint = {
            "capitation": "write the price of a person by time: `1500 GBP per year`",
            "outcome": "write the price of one unit of the indicator: `10000 GBP`",
        }.get(self.kind, "say what it is for: `3200 GBP per admission`, `400 GBP per day`")
        message = f"this price is not one that a payment of kind {self.kind} can have"
        return [(("price",), fault("C342", message, hint=hint))]


class Risk(Part):
    """Who bears what a pool spends beyond its contributions, and who is given what is left."""

    overspend: PayersOrUnpaid = None
    """Shares of those who make it up; or `unpaid`: those whom the pool pays go short."""
    underspend: AnyPayers = None
    """Shares of those who are given back what is left; those of `overspend` if left out."""


class Pool(Part):
    """A pooled budget."""

    label: Text | None = None
    """Text for people; its name if left out."""
    contributions: dict[Name, ByYear]
    """What each organisation puts in."""
    pays: AnyPays
    """Payments made from it, in order of priority; or each with what is set aside for it."""
    pots: Annotated[str, OneOf(("single", "separate"))] = "single"
    """Whether what one payment leaves pays for others."""
    risk: Risk = Risk()
    """Who bears over- and underspend."""
    lead: Text | None = None
    """Lead commissioner, who bears what `risk` does not say."""
    price_year: PriceYear | None = None
    """Year of these prices; that of the file if left out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that there is money and something to pay, and that separate pots are stated."""
        found: list[Fault] = []
        if not self.contributions:
            found.append((("contributions",), fault("C344", "nobody contributes to this pool")))
        if self.pots == "separate" and any(aside is None for aside in self.pays.values()):
            message = "it is not said how much each of the separate pots holds"
            hint = "write `pays: {PAYMENT: 12 million GBP per year}`"
            found.append((("pays",), fault("C344", message, hint=hint)))
        return found


class Appraisal(Part):
    """How options are appraised."""

    discount: Annotated[Quantity, Leaf(kinds.GROWTH, by=())] = Quantity(0.035)
    """Discount rate."""
    years: Annotated[int | None, Whole(1, 200)] = None
    """Years of the run that count; all if left out."""
    outcomes: dict[Text, Sum] = Field(default_factory=dict)
    """What one unit less (or more, where more is better) of an indicator is worth a year."""
