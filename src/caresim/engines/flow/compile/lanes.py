"""Numbers that may differ between members, and the table of lanes that holds the differences.

The network is the same for all members; a :class:`Number` is a base times the product of some
keyed factors, of which a factor that is certain is folded into the base. What is left becomes a
lane of the members' table (see :class:`caresim.engines.flow.network.Value`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import Parts
from caresim.engines.draws import (
    MemberNumbers,
    delayed_starts,
    quantile,
    step_starts,
    waiting_starts,
)
from caresim.engines.flow.compile.bounds import LEAST_FACTOR, TAIL, ChangeBounds
from caresim.engines.flow.network import NONE, Value
from caresim.model import DAYS_PER_YEAR, Changed, Model, Target
from caresim.stays import Stay

FloatArray = NDArray[np.float64]


class Key(NamedTuple):
    """What a factor is.

    Attributes
    ----------
    kind
        ``arrival`` (a rate), ``growth`` (per day), ``pace`` (one over the factor on a stay's
        times), ``group`` (the share of some routes together), ``within`` (the share of a route
        among those of its group), ``step``, ``no_step`` (the shares who need a step of
        arrangement, and who do not), ``capacity``, ``waiting``, ``delayed`` (hazards); and those
        that only the slow side sets: ``coming`` (on an arrival), ``clock`` (of the stays in a
        setting), ``step_clock`` (of a step of arrangement), ``places`` (usable).
    at
        Positions: of the arrival; the stay; the routes; the route, then those of its group; the
        route and step; the setting; the setting, cohort and hazard; the route and hazard; the
        arrival; the setting and cohort; the route and step; the setting.
    """

    kind: str
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A base times uncertain factors."""

    base: float
    factors: tuple[Key, ...] = ()

    def __mul__(self, other: Number | float) -> Number:
        if isinstance(other, Number):
            return Number(self.base * other.base, tuple(sorted(self.factors + other.factors)))
        return Number(self.base * other, self.factors)


class Lanes:
    """Decides which factors are uncertain, and collects the lanes that a network needs."""

    def __init__(self, model: Model, slow: Parts | None = None) -> None:
        self._model = model
        self._slow = slow
        self._bounds = ChangeBounds(model)
        self._uncertain = {target: item for item in model.inputs for target in item.targets}
        # Shares are drawn together: if one route's is uncertain, so are those beside it.
        self._shared_out = {
            (model.routes[t.i].setting, model.routes[t.i].cohort)
            for t in self._uncertain
            if t.field == "route_share"
        }
        if slow is not None:
            self._shared_out |= {
                (model.routes[r].setting, model.routes[r].cohort) for r in slow.group_routes
            }
        self._lanes: dict[tuple[Key, ...], int] = {}
        self._least_factors: dict[int, float] = {}
        self._paces_at_most: dict[int, float] = {}

    def arrival_rate(self, arrival: int) -> Number:
        """Return the rate of an arrival, its population's uncertainty included."""
        rate = Number(self._model.arrivals[arrival].rate)
        if self._any(("arrival_rate", "population"), arrival):
            rate = Number(1.0, (Key("arrival", (arrival,)),))
        if self._changes(Key("coming", (arrival,))):
            return rate * Number(1.0, (Key("coming", (arrival,)),))
        # Nobody is kept away from anywhere, so nobody comes instead; nor is anyone added.
        given = self._model.arrivals[arrival]
        return rate * 0.0 if given.displaced_from >= 0 or given.only_added else rate

    def growth(self, arrival: int) -> int:
        """Return the lane of an arrival's growth per day, or NONE where there is none."""
        given = self._model.arrivals[arrival]
        certain = not self._any(("arrival_growth", "population_growth"), arrival)
        if certain and given.growth == 0 and given.population_growth == 0:
            return NONE
        return self._lane((Key("growth", (arrival,)),))

    def pace(self, stay: int) -> Number:
        """Return the factor on the rates of a stay."""
        return Number(1.0, (Key("pace", (stay,)),) if self._any(("stay",), stay) else ())

    def clock(self, setting: int, cohort: int) -> Number:
        """Return the speed at which the stays of a cohort in a setting go by."""
        key = Key("clock", (setting, cohort))
        return Number(1.0, (key,) if self._changes(key) else ())

    def step_clock(self, route: int, step: int) -> Number:
        """Return the speed at which a step of arrangement goes by."""
        key = Key("step_clock", (route, step))
        return Number(1.0, (key,) if self._changes(key) else ())

    def places_change(self, setting: int) -> bool:
        """Return whether the slow side works out the usable places of a setting."""
        return self._changes(Key("places", (setting,)))

    def least_factor(self, stay: int) -> float:
        """Return the smallest factor on a stay that members may well draw; 1 if it is certain.

        The step is chosen to follow it. Draws below are as rare as one in a thousand, or below a
        tenth of what is stated; where the step cannot follow those, they are raised (see
        :meth:`limit_pace`).
        """
        if stay not in self._least_factors:
            item = self._uncertain.get(Target("stay", stay))
            rare = float(quantile(item, np.array([TAIL]))[0]) / item.nominal if item else 1.0
            self._least_factors[stay] = max(LEAST_FACTOR, rare)
        return self._least_factors[stay]

    def highest(self, number: Number) -> float:
        """Return what a rate is at most over the run, but for rare draws and for feedbacks."""
        bound = number.base
        for key in number.factors:
            kind, i = key.kind, key.at[0]
            if kind == "pace":
                bound *= float(_pace(self._model.stays[i], np.array([self.least_factor(i)]))[0])
            elif kind == "clock":
                bound /= self._bounds.shortest(Changed("stay", *key.at))
            elif kind == "step_clock":
                bound /= self._bounds.shortest(Changed("step_time", *key.at))
            elif kind in ("waiting", "delayed"):
                field: Literal["waiting_hazard", "delayed_hazard"] = (
                    "waiting_hazard" if kind == "waiting" else "delayed_hazard"
                )
                uncertain = self._uncertain.get(Target(field, *key.at))
                if uncertain is None:  # only the slow side changes it
                    hazard = self._stated_hazard(key)
                else:
                    hazard = float(quantile(uncertain, np.array([1.0 - TAIL]))[0])
                bound *= self._bounds.highest(Changed(field, *key.at), hazard)
        return bound

    def group_share(self, routes: tuple[int, ...]) -> Number:
        """Return the share of some routes of one setting and cohort together."""
        first = self._model.routes[routes[0]]
        if len(routes) == len(self._model.routes_of[first.setting][first.cohort]):
            return Number(1.0)
        if self._certain_shares(routes[0]):
            return Number(math.fsum(self._model.routes[r].share for r in routes))
        return Number(1.0, (Key("group", routes),))

    def share_within(self, route: int, routes: tuple[int, ...]) -> Number:
        """Return the share of a route among some of its setting and cohort."""
        if self._certain_shares(route):
            whole = math.fsum(self._model.routes[r].share for r in routes)
            share = self._model.routes[route].share
            return Number(share / whole if whole > 0 else float(route == routes[0]))
        return Number(1.0, (Key("within", (route, *routes)),))

    def step_share(self, route: int, step: int) -> tuple[Number, Number]:
        """Return the shares of people who need, and who skip, a step of arrangement."""
        key = Key("step", (route, step))
        if Target("step_share", route, step) in self._uncertain or self._changes(key):
            return Number(1.0, (Key("step", (route, step)),)), Number(
                1.0, (Key("no_step", (route, step)),)
            )
        share = self._model.routes[route].steps[step].share
        return Number(share), Number(1.0 - share)

    def capacity_factor(self, setting: int) -> Number:
        """Return the factor on a setting's capacity; all of it where the slow side sets it."""
        if self.places_change(setting):
            return Number(1.0, (Key("places", (setting,)),))
        return Number(
            1.0, (Key("capacity", (setting,)),) if self._any(("capacity",), setting) else ()
        )

    def waiting_hazard(self, setting: int, cohort: int, item: int) -> Number:
        """Return a hazard of people waiting outside, per day."""
        key = Key("waiting", (setting, cohort, item))
        if Target("waiting_hazard", setting, cohort, item) in self._uncertain or self._changes(key):
            return Number(1.0, (key,))
        return Number(self._model.settings[setting].leaving[cohort][item].rate)

    def delayed_hazard(self, route: int, item: int) -> Number:
        """Return a hazard of people delayed on a route, per day."""
        key = Key("delayed", (route, item))
        if Target("delayed_hazard", route, item) in self._uncertain or self._changes(key):
            return Number(1.0, (key,))
        return Number(self._model.routes[route].leaving[item].rate)

    def value(self, number: Number) -> Value:
        """Return the network's form of a number."""
        return Value(number.base, self._lane(number.factors) if number.factors else NONE)

    @property
    def count(self) -> int:
        """Number of lanes."""
        return len(self._lanes)

    def table(self, numbers: MemberNumbers) -> FloatArray:
        """Return the members' table, shape (n_lanes, n_members)."""
        members = numbers.arrival_rate.shape[0]
        table = np.ones((self.count, members))
        for keys, lane in self._lanes.items():
            for key in keys:
                table[lane] *= self._factor(key, numbers)
        return table

    def limit_pace(self, stay: int, pace: float) -> None:
        """Give no member a stay whose rates are more than ``pace`` times those stated."""
        self._paces_at_most[stay] = pace

    def stays_raised(self, numbers: MemberNumbers) -> int:
        """Return how many members drew a stay too short to follow, and were given a longer one."""
        raised = np.zeros(numbers.arrival_rate.shape[0], dtype=np.bool_)
        for keys in self._lanes:
            for key in keys:
                if key.kind == "pace":
                    (stay,) = key.at
                    raised |= self._pace(stay, numbers) > self._paces_at_most[stay]
        return int(np.count_nonzero(raised))

    @property
    def changing(self) -> dict[int, tuple[Key, ...]]:
        """The lanes that the slow side sets anew at each exchange, and which of their factors."""
        found = {
            lane: tuple(key for key in keys if self._changes(key))
            for keys, lane in self._lanes.items()
        }
        return {lane: keys for lane, keys in found.items() if keys}

    def unchanging(self, lane: int, numbers: MemberNumbers) -> FloatArray:
        """Return the product of the factors of a lane that the slow side leaves alone."""
        keys = next(keys for keys, position in self._lanes.items() if position == lane)
        product = np.ones(numbers.arrival_rate.shape[0])
        for key in keys:
            if not self._changes(key):
                product *= self._factor(key, numbers)
        return product

    def lever(self, key: Key) -> int:
        """Return the first lever that a factor is worked out from."""
        assert self._slow is not None
        levers, at = self._slow.levers, key.at
        if key.kind == "coming":
            return levers.arrival + at[0]
        if key.kind == "clock":
            return levers.pace + at[0] * len(self._model.cohorts) + at[1]
        if key.kind in ("group", "within"):
            return levers.route_share + at[0]
        if key.kind == "step_clock":
            return levers.step_time + int(step_starts(self._model)[at[0]]) + at[1]
        if key.kind in ("step", "no_step"):
            return levers.step_share + int(step_starts(self._model)[at[0]]) + at[1]
        if key.kind == "waiting":
            group = at[0] * len(self._model.cohorts) + at[1]
            return levers.waiting_hazard + int(waiting_starts(self._model)[group]) + at[2]
        if key.kind == "delayed":
            return levers.delayed_hazard + int(delayed_starts(self._model)[at[0]]) + at[1]
        return levers.capacity + at[0]

    def _changes(self, key: Key) -> bool:
        fixed = ("arrival", "growth", "pace", "capacity")
        if self._slow is None or key.kind in fixed:
            return False
        return bool(self._slow.changes[self.lever(key)])

    def _stated_hazard(self, key: Key) -> float:
        if key.kind == "waiting":
            setting, cohort, item = key.at
            return self._model.settings[setting].leaving[cohort][item].rate
        route, item = key.at
        return self._model.routes[route].leaving[item].rate

    def _any(self, fields: tuple[str, ...], position: int) -> bool:
        return any(t.field in fields and t.i == position for t in self._uncertain)

    def _certain_shares(self, route: int) -> bool:
        of = self._model.routes[route]
        return (of.setting, of.cohort) not in self._shared_out

    def _lane(self, keys: tuple[Key, ...]) -> int:
        return self._lanes.setdefault(keys, len(self._lanes))

    def _pace(self, stay: int, numbers: MemberNumbers) -> FloatArray:
        # A draw of no time at all has no rate: the least a member can be given is far above.
        factor = np.maximum(numbers.stay_factor[:, stay], 1e-6)
        return _pace(self._model.stays[stay], factor)

    def _factor(self, key: Key, numbers: MemberNumbers) -> FloatArray:
        """Return one factor for each member."""
        kind, i, rest = key.kind, key.at[0], list(key.at[1:])
        model = self._model
        if kind == "arrival":
            return np.asarray(numbers.arrival_rate[:, i] * numbers.population_factor[:, i])
        if kind == "growth":
            growth = (1 + numbers.arrival_growth[:, i]) * (1 + numbers.population_growth[:, i])
            # A loss of everybody within a year has no logarithm: all but one in 10^12 will do.
            return np.asarray(np.log(np.maximum(growth, 1e-12)) / DAYS_PER_YEAR)
        if kind == "pace":
            return np.minimum(self._pace(i, numbers), self._paces_at_most[i])
        if kind == "group":
            return np.asarray(numbers.route_share[:, [i, *rest]].sum(axis=1))
        if kind == "within":
            whole = numbers.route_share[:, rest].sum(axis=1)
            lone = float(i == rest[0])
            share = numbers.route_share[:, i] / np.where(whole > 0, whole, 1.0)
            return np.asarray(np.where(whole > 0, share, lone))
        if kind in ("step", "no_step"):
            share = numbers.step_share[:, step_starts(model)[i] + rest[0]]
            return np.asarray(share if kind == "step" else 1.0 - share)
        if kind == "capacity":
            return numbers.capacity_factor[:, i]
        if kind in ("coming", "clock", "step_clock"):
            return np.ones(numbers.capacity_factor.shape[0])
        if kind == "places":
            return np.asarray(numbers.capacity_factor[:, i] * model.settings[i].capacity.at(0.0))
        if kind == "waiting":
            group = i * len(model.cohorts) + rest[0]
            return numbers.waiting_hazard[:, waiting_starts(model)[group] + rest[1]]
        if kind == "delayed":
            return numbers.delayed_hazard[:, delayed_starts(model)[i] + rest[0]]
        raise ValueError(f"no factor is called {kind}")


def _pace(stay: Stay, factor: FloatArray) -> FloatArray:
    """Return the factor on the rates of a stay whose times are scaled, but not its limit.

    The mean after the limit, E[min(f S, L)] = f E[min(S, L / f)], is met exactly.
    """
    if np.isinf(stay.limit):
        return np.asarray(1.0 / factor)
    whole = replace(stay, limit=np.inf)
    scaled = factor * whole.integrated_survival(stay.limit / factor)
    return np.asarray(stay.mean() / scaled)
