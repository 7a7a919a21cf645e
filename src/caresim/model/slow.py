"""Slow stocks: staff, buildings, population and budgets, which advance beside the fast ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from caresim.model.time import Timeline


@dataclass(frozen=True)
class Staff:
    """A staff group (scenario specification, 19). People are full-time equivalents.

    Stocks: in training T and in post N. dT/dt = recruitment - T / training;
    dN/dt = T / training (or recruitment, without training) - leavers N.
    At work are N (1 - sickness), less those taken by interventions.

    Attributes
    ----------
    name, label
        Key and text.
    posts
        Posts by day.
    in_post
        People at the start.
    leavers
        Per person per day.
    recruitment
        People a day; ``fills`` is the share of vacancies filled a day in place of it. Nobody is
        recruited beyond the posts, those in training counted.
    training_days
        Mean time from recruitment to work.
    sickness
        Share of time lost.
    runs
        (setting, people needed for one place) of the settings whose capacity they limit.
    deployment
        ``shared``: in proportion to what each setting's places need; ``priority``: settings in
        the order of ``runs``; ``fixed``: by ``shares``.
    shares
        For ``fixed``: of each entry of ``runs``.
    """

    name: str
    label: str
    posts: Timeline
    in_post: float
    leavers: float
    recruitment: float
    fills: float
    training_days: float
    sickness: float
    runs: tuple[tuple[int, float], ...]
    deployment: Literal["shared", "priority", "fixed"] = "shared"
    shares: tuple[float, ...] = ()


@dataclass(frozen=True)
class Opening:
    """Places that open (or close) in phases (scenario specification, 20).

    Attributes
    ----------
    setting
        Where.
    places
        In all phases together; negative for closing.
    day
        Days from the start of the run to the first phase: the decision plus the lead time.
    slippage
        Days by which it is late; the number that differs between members.
    phases, every
        How many equal phases, and days between them.
    replaces, replaced_places, after
        Setting whose places close as these open, how many in all, and how many days after each
        phase (double running); -1, 0 and 0 for none.
    """

    setting: int
    places: float
    day: float
    slippage: float = 0.0
    phases: int = 1
    every: float = 0.0
    replaces: int = -1
    replaced_places: float = 0.0
    after: float = 0.0


@dataclass(frozen=True)
class Transition:
    """People who change cohort while at home.

    Attributes
    ----------
    from_, to
        Cohorts.
    rate
        Per person per day.
    because
        ``ageing`` or ``need``.
    """

    from_: int
    to: int
    rate: float
    because: Literal["ageing", "need"] = "need"


@dataclass(frozen=True)
class Population:
    """The population as stocks (scenario specification, 21).

    A cohort's people are those at home and those in (or waiting for) settings. Transitions,
    deaths at home and leaving act on those at home; people in care keep their cohort until they
    are home again.

    Attributes
    ----------
    kind
        ``closed``: nobody joins or leaves but by birth and death; ``open``.
    start
        People of each cohort, those in care included.
    home_deaths, leaves
        Per person at home per day, by cohort.
    joins
        People a day, by cohort: births (or reaching the youngest age) and people who move in.
    transitions
        Ageing and changes of need.
    projection
        By cohort, people by day as projected, or None: what the flows leave out is then made up
        by people who join or leave (counted as migration), so that the stock follows the table.
    """

    kind: Literal["closed", "open"]
    start: tuple[float, ...]
    home_deaths: tuple[float, ...]
    leaves: tuple[float, ...]
    joins: tuple[float, ...]
    transitions: tuple[Transition, ...] = ()
    projection: tuple[Timeline | None, ...] = ()


@dataclass(frozen=True)
class Budget:
    """Money whose underspend a feedback may reinvest (scenario specification, 22).

    Attributes
    ----------
    name, label
        Key and text.
    per_day
        GBP a day.
    pays
        (setting, GBP per person and day in it).
    """

    name: str
    label: str
    per_day: float
    pays: tuple[tuple[int, float], ...]
