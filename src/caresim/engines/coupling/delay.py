"""What delay does to people: deconditioning (signals ``delay_days``).

Each person's own days of delay change the stay that follows, and the routes after it. Engines of
people ask :func:`after_delay` and :func:`shifted_share` for each of them. In the flow engine people
are stocks: :func:`mix` keeps the mean of the change over the people now in the setting, which
follows those who come in, d(mean)/dt = (mean of those admitted - mean) admissions / people in care,
and the law is taken at their mean delay (by Little's law, people delayed on the way / people who
leave that delay a day). In a steady state that is exact for a law that is in proportion to days.
"""

from __future__ import annotations

import math
from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.numbers import answered
from caresim.engines.coupling.plan import Coupling
from caresim.model import LEAST_STAY


@compiled
def law(c: Coupling, params: Any, mixture: int, days: float, m: int) -> float:
    """Return the change that some days of delay bring."""
    amount = params[c.at[where.PARAMS_AMOUNT] + c.ints[c.at[where.MIXTURES_AMOUNT] + mixture], m]
    excess = max(0.0, days - c.floats[c.at[where.MIXTURES_ABOVE] + mixture])
    return answered(
        amount,
        excess,
        c.floats[c.at[where.MIXTURES_PER] + mixture],
        c.floats[c.at[where.MIXTURES_MOST] + mixture],
    )


@compiled
def after_delay(
    c: Coupling, params: Any, m: int, origin: int, setting: int, cohort: int, days: float
) -> float:
    """Return the factor on the stay of someone who comes to a setting after a delay.

    Parameters
    ----------
    c, params
        The slow side.
    m
        Column of the member.
    origin
        The setting in which they were delayed.
    setting, cohort
        Where they go, and who they are.
    days
        How long they were delayed.
    """
    factor = 1.0
    for k in range(c.at[where.N_MIXTURES]):
        same = (
            c.ints[c.at[where.MIXTURES_SETTING] + k] == setting
            and c.ints[c.at[where.MIXTURES_COHORT] + k] == cohort
            and c.ints[c.at[where.MIXTURES_ORIGIN] + k] == origin
        )
        if same and c.ints[c.at[where.MIXTURES_ROUTE] + k] < 0:
            factor *= max(0.0, 1.0 + law(c, params, k, days, m))
    return max(LEAST_STAY, factor)


@compiled
def shifts(c: Coupling, origin: int, setting: int, cohort: int) -> bool:
    """Return whether a delay in one setting changes the routes after a stay in another."""
    for k in range(c.at[where.N_MIXTURES]):
        same = (
            c.ints[c.at[where.MIXTURES_SETTING] + k] == setting
            and c.ints[c.at[where.MIXTURES_COHORT] + k] == cohort
            and c.ints[c.at[where.MIXTURES_ORIGIN] + k] == origin
        )
        if same and c.ints[c.at[where.MIXTURES_ROUTE] + k] >= 0:
            return True
    return False


@compiled
def shifted_share(
    c: Coupling,
    params: Any,
    m: int,
    routes: Any,
    shares: Any,
    origin: int,
    days: float,
    position: int,
) -> float:
    """Return the share of one of the routes of a setting and cohort, for someone after a delay.

    Parameters
    ----------
    c, params, m
        The slow side, and the column of the member.
    routes, shares
        Positions of all the routes of the setting and cohort, and their shares now.
    origin, days
        Where and how long they were delayed before.
    position
        Of the route within ``routes``.
    """
    taken, others, mine, is_changed = 0.0, 0.0, 0.0, False
    for i in range(len(routes)):
        share, hit = _after(c, params, m, routes[i], shares[i], origin, days)
        if hit:
            taken += share
        else:
            others += share
        if i == position:
            mine, is_changed = share, hit
    if is_changed:
        return mine / taken if taken > 1.0 or (others <= 0.0 and taken > 0.0) else mine
    return mine * max(0.0, 1.0 - taken) / others if others > 0.0 else mine


@compiled
def _after(
    c: Coupling, params: Any, m: int, route: int, share: float, origin: int, days: float
) -> tuple[float, bool]:
    """Return a route's share after a delay, and whether the delay changes it."""
    factor, extra, hit = 1.0, 0.0, False
    for k in range(c.at[where.N_MIXTURES]):
        if (
            c.ints[c.at[where.MIXTURES_ROUTE] + k] == route
            and c.ints[c.at[where.MIXTURES_ORIGIN] + k] == origin
        ):
            hit = True
            amount = law(c, params, k, days, m)
            if c.ints[c.at[where.MIXTURES_RELATIVE] + k]:
                factor *= max(0.0, 1.0 + amount)
            else:
                extra += amount
    return min(1.0, max(0.0, share * factor + extra)), hit


@compiled
def mix(c: Coupling, params: Any, state: Any, measures: Any, passed: float) -> None:
    """Bring the means of what delays have done up to date."""
    at, ints, floats = c.at, c.ints, c.floats
    for k in range(at[where.N_MIXTURES]):
        rows = at[where.MIXTURES_MEASURES] + 6 * k
        on_the_way, moves, delayed = ints[rows], ints[rows + 1], ints[rows + 2]
        gave_up, admitted, in_care = ints[rows + 3], ints[rows + 4], ints[rows + 5]
        if on_the_way < 0:
            continue
        mixture = at[where.STATE_MIXTURE] + k
        amount = at[where.PARAMS_AMOUNT] + ints[at[where.MIXTURES_AMOUNT] + k]
        above, per = floats[at[where.MIXTURES_ABOVE] + k], floats[at[where.MIXTURES_PER] + k]
        most = floats[at[where.MIXTURES_MOST] + k]
        for m in range(state.shape[1]):
            came, moved = measures[admitted, m], measures[moves, m]
            if not came > 0.0:
                continue
            waiting, everyone = measures[on_the_way, m], measures[delayed, m]
            # Those who leave a delay for another reason are shared out as the delayed are.
            over = moved
            if everyone > 0.0:
                over += measures[gave_up, m] * waiting / everyone
            days = waiting * passed / over if over > 0.0 else 0.0
            done = answered(params[amount, m], max(0.0, days - above), per, most)
            brought = min(1.0, moved / came) * done
            there = measures[in_care, m]
            fresh = 1.0 - math.exp(-came / there) if there > 0.0 else 1.0
            state[mixture, m] += fresh * (brought - state[mixture, m])
