"""How changes of one number combine, whoever makes them (scenario specification, 17 and 18)."""

from __future__ import annotations

from typing import Any

from caresim.engines.coupling import where
from caresim.engines.coupling.plan import BY_MIXTURE, BY_STRENGTH, Coupling, compiled

_ROUNDING = 1e-12
"""How far beyond its range, as a share of it, a number may be before the run says so."""


@compiled
def change(c: Coupling, params: Any, state: Any, term: int, m: int) -> Any:
    """Return by how much a term changes its number now."""
    owner = c.ints[c.at[where.TERMS_OWNER] + term]
    amount = params[c.at[where.PARAMS_AMOUNT] + term, m]
    if c.ints[c.at[where.TERMS_FOLLOWS] + term] == BY_STRENGTH:
        return state[c.at[where.STATE_STRENGTH] + owner, m] * amount
    if c.ints[c.at[where.TERMS_FOLLOWS] + term] == BY_MIXTURE:
        return state[c.at[where.STATE_MIXTURE] + owner, m]
    return answered(
        amount,
        state[c.at[where.STATE_ANSWER] + owner, m],
        c.floats[c.at[where.TERMS_PER] + term],
        c.floats[c.at[where.TERMS_MOST] + term],
    )


@compiled
def answered(amount: float, answer: float, per: float, most: float) -> float:
    """Return the change that an answer to a signal brings: in proportion, up to the most."""
    return min(most, max(-most, amount * answer / per))


@compiled
def combine(c: Coupling, params: Any, state: Any) -> None:
    """Combine the changes of each number into a factor and what is added after.

    Relative changes multiply: those reached by two interventions have both effects, and reach is
    independent between them. What delays have done differs between people who came different
    ways; the mean of that is a sum over the ways, which counts as one change.
    """
    for n in range(c.at[where.N_NUMBERS]):
        factor, extra = c.at[where.STATE_FACTOR] + n, c.at[where.STATE_EXTRA] + n
        for m in range(state.shape[1]):
            state[factor, m] = 1.0
            state[extra, m] = 0.0
        for t in range(
            c.ints[c.at[where.TERMS_FIRST] + n], c.ints[c.at[where.TERMS_FIRST] + n + 1]
        ):
            if (
                c.ints[c.at[where.TERMS_FOLLOWS] + t] == BY_MIXTURE
                and c.ints[c.at[where.TERMS_RELATIVE] + t]
            ):
                for m in range(state.shape[1]):
                    state[factor, m] += change(c, params, state, t, m)
        for t in range(
            c.ints[c.at[where.TERMS_FIRST] + n], c.ints[c.at[where.TERMS_FIRST] + n + 1]
        ):
            if (
                c.ints[c.at[where.TERMS_FOLLOWS] + t] == BY_MIXTURE
                and c.ints[c.at[where.TERMS_RELATIVE] + t]
            ):
                continue
            for m in range(state.shape[1]):
                amount = change(c, params, state, t, m)
                if c.ints[c.at[where.TERMS_RELATIVE] + t]:
                    state[factor, m] *= max(0.0, 1.0 + amount)
                else:
                    state[extra, m] += amount


@compiled
def changed(c: Coupling, state: Any, number: int, base: float, m: int) -> Any:
    """Return a number whose value is ``base`` where nothing changes it, kept within its range."""
    wanted = (
        base * state[c.at[where.STATE_FACTOR] + number, m]
        + state[c.at[where.STATE_EXTRA] + number, m]
    )
    value = min(
        c.floats[c.at[where.NUMBERS_HIGH] + number],
        max(c.floats[c.at[where.NUMBERS_LOW] + number], wanted),
    )
    if abs(wanted - value) > _ROUNDING * max(1.0, abs(value)):
        state[c.at[where.STATE_HELD] + number, m] = 1.0
    return value


@compiled
def set_arrivals(c: Coupling, params: Any, state: Any, levers: Any) -> None:
    """Set the factors on arrivals, and send those kept away where they are cared for instead."""
    width = levers.shape[1]
    for a in range(c.at[where.N_ARRIVALS]):
        if c.ints[c.at[where.CHANGES] + c.at[where.LEVERS_ARRIVAL] + a]:
            for m in range(width):
                levers[c.at[where.LEVERS_ARRIVAL] + a, m] = params[
                    c.at[where.PARAMS_LEVER] + c.at[where.LEVERS_ARRIVAL] + a, m
                ]
    for n in range(c.at[where.N_NUMBERS]):
        if c.ints[c.at[where.NUMBERS_ARRIVAL] + n] >= 0:
            for m in range(width):
                _set_arrival(c, params, state, levers, n, m)
    for a in range(c.at[where.N_FOLLOWING]):
        cohort = c.ints[c.at[where.PEOPLE_OF_ARRIVAL] + a]
        if cohort >= 0:
            for m in range(width):
                stated = (
                    c.floats[c.at[where.PEOPLE_RATE_POPULATION] + a]
                    * params[c.at[where.PARAMS_PEOPLE] + cohort, m]
                )
                grown = (
                    state[c.at[where.STATE_PEOPLE] + cohort, m] / stated if stated > 0.0 else 1.0
                )
                levers[c.at[where.LEVERS_ARRIVAL] + a, m] *= grown


@compiled
def _set_arrival(c: Coupling, params: Any, state: Any, levers: Any, n: int, m: int) -> None:
    """Set one factor, and add those kept away to the arrivals they come as.

    Those whom several changes keep away together are shared out between these in proportion to
    what each alone would keep away, so the order of changes is of no account.
    """
    arrival = c.ints[c.at[where.NUMBERS_ARRIVAL] + n]
    per_day = params[c.at[where.PARAMS_ARRIVALS_PER_DAY] + arrival, m]
    # An absolute change is of people a day at the start, and grows with the rate.
    unit = 1.0 / per_day if per_day > 0.0 else 0.0
    more, fewer, kept_away = 1.0, 1.0, 0.0
    added, taken = 0.0, 0.0
    for t in range(c.ints[c.at[where.TERMS_FIRST] + n], c.ints[c.at[where.TERMS_FIRST] + n + 1]):
        amount = change(c, params, state, t, m)
        if c.ints[c.at[where.TERMS_RELATIVE] + t]:
            more *= max(1.0, 1.0 + amount)
            fewer *= min(1.0, max(0.0, 1.0 + amount))
            kept_away += min(1.0, max(0.0, -amount))
        else:
            added += max(0.0, amount * unit)
            taken += max(0.0, -amount * unit)
    left = more * fewer + added
    if taken > left * (1.0 + _ROUNDING):
        state[c.at[where.STATE_HELD] + n, m] = 1.0
    levers[c.at[where.LEVERS_ARRIVAL] + arrival, m] = max(0.0, left - taken)
    for t in range(c.ints[c.at[where.TERMS_FIRST] + n], c.ints[c.at[where.TERMS_FIRST] + n + 1]):
        to = c.ints[c.at[where.TERMS_DISPLACED_TO] + t]
        amount = change(c, params, state, t, m)
        if to < 0 or not amount < 0.0:
            continue
        if c.ints[c.at[where.TERMS_RELATIVE] + t]:
            away = more * (1.0 - fewer) * min(1.0, -amount) / kept_away
        else:
            away = -amount * unit / taken * min(taken, left) if taken > 0.0 else 0.0
        levers[c.at[where.LEVERS_ARRIVAL] + to, m] += (
            c.floats[c.at[where.TERMS_DISPLACED_SHARE] + t] * away
        )


@compiled
def set_routes(c: Coupling, params: Any, state: Any, levers: Any) -> None:
    """Set the shares of routes: those changed, and the others in proportion in what is left."""
    for g in range(c.at[where.N_GROUP_BOUNDS] - 1):
        for m in range(levers.shape[1]):
            _set_group(
                c,
                params,
                state,
                levers,
                c.ints[c.at[where.GROUPS] + g],
                c.ints[c.at[where.GROUPS] + g + 1],
                m,
            )


@compiled
def _set_group(
    c: Coupling, params: Any, state: Any, levers: Any, first: int, last: int, m: int
) -> None:
    taken, others = 0.0, 0.0
    for i in range(first, last):
        route = c.ints[c.at[where.GROUP_ROUTES] + i]
        lever = c.at[where.LEVERS_ROUTE_SHARE] + route
        share = params[c.at[where.PARAMS_LEVER] + lever, m]
        if c.ints[c.at[where.ROUTE_NUMBER] + route] >= 0:
            share = changed(c, state, c.ints[c.at[where.ROUTE_NUMBER] + route], share, m)
            taken += share
        else:
            others += share
        levers[lever, m] = share
    for i in range(first, last):
        route = c.ints[c.at[where.GROUP_ROUTES] + i]
        lever = c.at[where.LEVERS_ROUTE_SHARE] + route
        if c.ints[c.at[where.ROUTE_NUMBER] + route] >= 0:
            # With nobody on the other routes, or more than everybody on these, all of them share.
            if taken > 1.0 or (others <= 0.0 and taken > 0.0):
                levers[lever, m] /= taken
            elif taken <= 0.0 and others <= 0.0:
                levers[lever, m] = params[c.at[where.PARAMS_LEVER] + lever, m]
        else:
            levers[lever, m] *= max(0.0, 1.0 - taken) / others if others > 0.0 else 0.0


@compiled
def set_rest(c: Coupling, params: Any, state: Any, levers: Any) -> None:
    """Set paces, steps of arrangement and hazards."""
    for n in range(c.at[where.N_NUMBERS]):
        lever = c.ints[c.at[where.NUMBERS_LEVER] + n]
        if lever < c.at[where.LEVERS_PACE] or lever >= c.at[where.LEVERS_CAPACITY]:
            continue
        if c.at[where.LEVERS_ROUTE_SHARE] <= lever < c.at[where.LEVERS_STEP_TIME]:
            continue
        for m in range(levers.shape[1]):
            base = params[c.at[where.PARAMS_LEVER] + lever, m]
            value = changed(c, state, n, base, m)
            # A stay k times as long is a clock that runs at one k-th of its speed.
            levers[lever, m] = 1.0 / value if lever < c.at[where.LEVERS_ROUTE_SHARE] else value


@compiled
def set_rates(c: Coupling, params: Any, state: Any) -> None:
    """Set the slow side's own numbers, posts by date left to who knows the day."""
    for n in range(c.at[where.N_NUMBERS]):
        rate = c.ints[c.at[where.NUMBERS_RATE] + n]
        if rate >= 0:
            for m in range(state.shape[1]):
                row = c.at[where.STATE_RATE] + rate
                state[row, m] = changed(c, state, n, state[row, m], m)
