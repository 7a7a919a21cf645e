"""Who pays whom for what: costs, payment rules, pooled budgets and the terms of appraisal.

No engine reads this: :mod:`caresim.money` works it out from results. Accounts (organisations and
pools), settings, cohorts and interventions are named, not numbered, because saved results hold
this beside their own labels. All money is in pounds of one price year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from caresim.model.change import Ramp

SUPPLIERS = "suppliers"
"""The account outside the system that costs are paid to: staff, and those who sell goods."""

Shares = tuple[tuple[str, float], ...]
"""Accounts, each with its share; the shares sum to one."""

Per = Literal[
    "open place", "place", "person", "delayed day", "admission", "stay", "arrival", "resident"
]
"""What a price is for: a day of a place that is open, of a place in use, of a person there, of a
person delayed there; one person who begins a stay, ends one, or asks from outside; a day of a
person of the population."""


@dataclass(frozen=True)
class Drawn:
    """A number that may differ between members.

    Attributes
    ----------
    value
        What it is in a run without draws.
    draw
        Position in :attr:`Money.columns`; -1 if it is certain.
    scale, offset
        The number is ``offset + scale * draw``.
    """

    value: float
    draw: int = -1
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class Organisation:
    """Someone who pays or is paid.

    Attributes
    ----------
    name, label
        Key and text.
    kind
        ``trust``, ``provider``, ``board``, ``council``, ``person`` (self-funders) or ``other``;
        all but people are public bodies, or paid by them.
    """

    name: str
    label: str
    kind: Literal["trust", "provider", "board", "council", "person", "other"]


@dataclass(frozen=True)
class SettingCost:
    """A cost of running a setting, paid by its provider.

    Attributes
    ----------
    setting, provider
        Where, and who bears it.
    kind
        ``fixed`` follows open places, ``variable`` follows use, ``delayed`` is the variable cost
        of people who are delayed there, ``per_stay`` of each admission.
    price, per
        Pounds, and for what.
    cash_lag
        Days for which the cost of a place goes on after it has closed.
    source
        Where the figure is from; empty if not said.
    """

    setting: str
    provider: str
    kind: Literal["fixed", "variable", "delayed", "per_stay"]
    price: Drawn
    per: Per
    cash_lag: float = 0.0
    source: str = ""


@dataclass(frozen=True)
class StaffCost:
    """What a staff group costs.

    Attributes
    ----------
    group, label, employer
        Which, and who pays.
    place
        Position in :attr:`Model.staff`.
    kind
        ``staff``: of each full-time equivalent in post or in training; ``agency``: of each
        vacancy.
    price
        Pounds a day.
    source
        Where the figure is from.
    """

    group: str
    label: str
    employer: str
    place: int
    kind: Literal["staff", "agency"]
    price: Drawn
    source: str = ""


@dataclass(frozen=True)
class BuildingCost:
    """Money for an opening.

    Attributes
    ----------
    setting
        Which opens.
    kind
        ``capital``, paid evenly from the decision to each phase; ``transition``, paid on the day
        of each phase. Phases have equal parts.
    price
        Pounds for all phases.
    payers
        Who pays.
    decided
        Day of the decision.
    phases
        Planned day of each phase, without slippage.
    slippage
        Days by which all are late.
    source
        Where the figure is from.
    """

    setting: str
    kind: Literal["capital", "transition"]
    price: Drawn
    payers: Shares
    decided: float
    phases: tuple[float, ...]
    slippage: Drawn
    source: str = ""


@dataclass(frozen=True)
class Reached:
    """People whom an intervention reaches: a share of those who begin a stay.

    Attributes
    ----------
    setting, cohort
        Where, and who.
    share
        At full strength.
    """

    setting: str
    cohort: str
    share: Drawn


@dataclass(frozen=True)
class ProgrammeCost:
    """What an intervention costs.

    Attributes
    ----------
    intervention, label
        Which.
    kind
        ``setup`` and ``capital`` are sums, paid evenly from the decision to the beginning of the
        work (on that day if they are one); ``running`` is pounds a day from then to the end;
        ``per_person`` is for each person reached.
    price
        Pounds.
    payers, payee
        Who pays, and whom.
    decided
        Day of the decision.
    ramp, lead
        When it works; ``lead`` is added to ``decided`` in place of the start of the ramp.
    reached
        For ``per_person``.
    allowance
        Share by which the cost is raised for the weakness of the figure.
    source
        Where it is from.
    """

    intervention: str
    label: str
    kind: Literal["setup", "capital", "running", "per_person"]
    price: Drawn
    payers: Shares
    payee: str
    decided: float
    ramp: Ramp
    lead: Drawn
    reached: tuple[Reached, ...] = ()
    allowance: float = 0.0
    source: str = ""


@dataclass(frozen=True)
class PriceChange:
    """An effect of an intervention on a price.

    Attributes
    ----------
    intervention
        Which.
    of
        The price: ``settings.acute.costs.variable`` or ``payments.tariff.price``.
    amount
        Relative change at full strength for those reached.
    reach
        Share of people reached.
    discount
        Share of a fall in price that is left out for weak evidence.
    decided, ramp, lead
        As in :class:`ProgrammeCost`.
    """

    intervention: str
    of: str
    amount: Drawn
    reach: Drawn
    discount: float
    decided: float
    ramp: Ramp
    lead: Drawn


@dataclass(frozen=True)
class Payment:
    """A rule by which some accounts pay another.

    Attributes
    ----------
    name, label
        Key and text.
    kind
        ``tariff``: price times activity; ``block``: the amount, whatever happens; ``capitation``:
        price times the population; ``blended``: the amount, and a share of the price for activity
        above or below a baseline; ``outcome``: price times how much better than its target an
        indicator is.
    payers, payee
        Accounts.
    settings, cohorts
        Whose activity counts; all cohorts if empty. Of a block, what it is for.
    price, per
        Pounds, and for what.
    amount
        Pounds a day.
    baseline, above, below
        Activity a day, and the shares of the price paid above and withheld below it.
    indicator, better, target
        Of the run's years; ``better`` is ``lower`` or ``higher``.
    at_most
        Pounds a day; infinite for no limit.
    both_ways
        Whether a result worse than the target is paid back.
    source
        Where the figures are from.
    """

    name: str
    label: str
    kind: Literal["tariff", "block", "capitation", "blended", "outcome"]
    payers: Shares
    payee: str
    settings: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    price: Drawn = Drawn(0.0)
    per: Per = "person"
    amount: Drawn = Drawn(0.0)
    baseline: float = 0.0
    above: float = 1.0
    below: float = 1.0
    indicator: str = ""
    better: Literal["lower", "higher"] = "lower"
    target: float = 0.0
    at_most: float = float("inf")
    both_ways: bool = False
    source: str = ""


@dataclass(frozen=True)
class Pool:
    """A pooled budget.

    Attributes
    ----------
    name, label
        Key and text.
    contributions
        Accounts, and pounds a day.
    pays
        Payments made from it, with the pounds a day set aside for each; in a single pot these
        are 0 where nothing is set aside.
    pots
        ``single``: what one payment leaves pays for others; ``separate``: it does not.
    order
        Who goes short where a single pot pays no more than it holds: ``priority`` (the last in
        ``pays`` first) or ``need`` (all, in proportion).
    overspend, underspend
        Who makes up a shortfall and who is given back what is left. An empty ``overspend`` means
        that the pool pays no more than it holds, and those it pays go short.
    """

    name: str
    label: str
    contributions: tuple[tuple[str, Drawn], ...]
    pays: tuple[tuple[str, float], ...]
    pots: Literal["single", "separate"]
    order: Literal["priority", "need"]
    overspend: Shares
    underspend: Shares


@dataclass(frozen=True)
class OutcomeValue:
    """What a unit of an indicator, over a year, is worth to people.

    Attributes
    ----------
    indicator
        Its id.
    value
        Pounds for each unit by which it is lower (``better`` is ``lower``) or higher.
    better
        Which direction is a gain.
    """

    indicator: str
    value: Drawn
    better: Literal["lower", "higher"]


@dataclass(frozen=True)
class Correction:
    """What is left out of a hoped-for effect because its evidence is weak.

    Attributes
    ----------
    intervention, of
        Which, and the path of the input it changes.
    grade
        Strength of the evidence, 1 (strongest) to 6.
    share
        Left out of every benefit; 0 where the run corrects nothing.
    """

    intervention: str
    of: str
    grade: int
    share: float


@dataclass(frozen=True)
class AppraisalTerms:
    """How options are appraised.

    Attributes
    ----------
    discount
        Share per year.
    years
        Years of the run that count; None for all.
    outcomes
        Values of outcomes.
    corrections
        Of the effects of the option's interventions.
    """

    discount: float
    years: int | None
    outcomes: tuple[OutcomeValue, ...] = ()
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Residents:
    """People of a cohort over time, for payments per head.

    Attributes
    ----------
    cohort
        Who.
    days, people
        Counts by day, joined by straight lines and constant outside.
    growth
        Share per year, compounded from the start.
    """

    cohort: str
    days: tuple[float, ...]
    people: tuple[float, ...]
    growth: float = 0.0


@dataclass(frozen=True)
class Money:
    """All of an option's money (scenario specification, 24 to 27).

    Attributes
    ----------
    price_year
        Of all prices here, such as ``2024-25``.
    moved
        (price year as stated, factor) of the figures that were stated in other years' prices.
    organisations, costs, staff, buildings, programmes, price_changes, payments, pools, residents
        See each class.
    terms
        Of appraisal.
    columns
        For each position of :attr:`Drawn.draw`, the position in :attr:`Model.inputs`.
    """

    price_year: str
    moved: tuple[tuple[str, float], ...]
    organisations: tuple[Organisation, ...]
    costs: tuple[SettingCost, ...]
    staff: tuple[StaffCost, ...]
    buildings: tuple[BuildingCost, ...]
    programmes: tuple[ProgrammeCost, ...]
    price_changes: tuple[PriceChange, ...]
    payments: tuple[Payment, ...]
    pools: tuple[Pool, ...]
    residents: tuple[Residents, ...]
    terms: AppraisalTerms
    columns: tuple[int, ...] = ()
