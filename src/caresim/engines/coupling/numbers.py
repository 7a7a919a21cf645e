"""How changes of one number combine, whoever makes them (scenario specification, 17 and 18)."""

from __future__ import annotations

from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.plan import (
    BY_ANSWER,
    BY_MIXTURE,
    BY_STRENGTH,
    NONE,
    Coupling,
)

_ROUNDING = 1e-12
"""How far beyond its range, as a share of it, a number may be before the run says so."""


@compiled
def set_changes(c: Coupling, params: Any, state: Any) -> None:
    """Set what each term changes its number by now."""
    at, ints, floats = c.at, c.ints, c.floats
    width = state.shape[1]
    for t in range(at[where.N_TERMS]):
        out, amount = at[where.STATE_CHANGE] + t, at[where.PARAMS_AMOUNT] + t
        owner = ints[at[where.TERMS_OWNER] + t]
        follows = ints[at[where.TERMS_FOLLOWS] + t]
        if follows == BY_ANSWER:
            answer = at[where.STATE_ANSWER] + owner
            per, most = floats[at[where.TERMS_PER] + t], floats[at[where.TERMS_MOST] + t]
            for m in range(width):
                state[out, m] = answered(params[amount, m], state[answer, m], per, most)
        elif follows == BY_MIXTURE:
            mixture = at[where.STATE_MIXTURE] + owner
            for m in range(width):
                state[out, m] = state[mixture, m]
        else:
            strength = at[where.STATE_STRENGTH] + owner
            for m in range(width):
                state[out, m] = state[strength, m] * params[amount, m]


@compiled
def answered(amount: float, answer: float, per: float, most: float) -> float:
    """Return the change that an answer to a signal brings: in proportion, up to the most."""
    return min(most, max(-most, amount * answer / per))


@compiled
def combine(c: Coupling, params: Any, state: Any) -> None:
    """Combine the changes of each number into a factor and what is added after.

    Relative changes multiply: those reached by two interventions have both effects, and reach is
    independent between them. The effects of one intervention on a number are for different
    people, so these add up and count as one change. What delays have done differs between people
    who came different ways; the mean of that is a sum over the ways, which counts as one, too.
    """
    set_changes(c, params, state)
    at, ints = c.at, c.ints
    width = state.shape[1]
    value = at[where.STATE_VALUE]
    for n in range(at[where.N_NUMBERS]):
        factor, extra = at[where.STATE_FACTOR] + n, at[where.STATE_EXTRA] + n
        first, last = ints[at[where.TERMS_FIRST] + n], ints[at[where.TERMS_FIRST] + n + 1]
        for m in range(width):
            state[factor, m] = 1.0
            state[extra, m] = 0.0
        for t in range(first, last):
            change = at[where.STATE_CHANGE] + t
            if (
                ints[at[where.TERMS_FOLLOWS] + t] == BY_MIXTURE
                and ints[at[where.TERMS_RELATIVE] + t]
            ):
                for m in range(width):
                    state[factor, m] += state[change, m]
        for t in range(first, last):
            change = at[where.STATE_CHANGE] + t
            if not ints[at[where.TERMS_RELATIVE] + t]:
                for m in range(width):
                    state[extra, m] += state[change, m]
            elif ints[at[where.TERMS_FOLLOWS] + t] != BY_MIXTURE and leads(c, t, first):
                for m in range(width):
                    state[value, m] = 1.0 + state[change, m]
                for other in range(t + 1, last):
                    if together(c, t, other):
                        more = at[where.STATE_CHANGE] + other
                        for m in range(width):
                            state[value, m] += state[more, m]
                for m in range(width):
                    state[factor, m] *= max(0.0, state[value, m])


@compiled
def together(c: Coupling, one: int, other: int) -> bool:
    """Whether two terms of a number are relative effects of the same intervention."""
    at, ints = c.at, c.ints
    follows, owner = at[where.TERMS_FOLLOWS], at[where.TERMS_OWNER]
    relative = at[where.TERMS_RELATIVE]
    return bool(
        ints[follows + one] == BY_STRENGTH
        and ints[follows + other] == BY_STRENGTH
        and ints[owner + one] == ints[owner + other]
        and ints[relative + one] != 0
        and ints[relative + other] != 0
    )


@compiled
def leads(c: Coupling, term: int, first: int) -> bool:
    """Whether a term is the first of those of its number that count as one change."""
    before = 0
    for other in range(first, term):
        before += together(c, other, term)
    return before == 0


@compiled
def change_row(c: Coupling, state: Any, number: int, table: Any, base: int, out: int) -> None:
    """Put a number in a row, from a row of what it is where nothing changes it.

    Parameters
    ----------
    c, state
        The slow side.
    number
        The number.
    table, base
        Where it stands unchanged: a table and its row.
    out
        Row of the state for the changed number, kept within its range; may be ``base``.
    """
    at, floats = c.at, c.floats
    low, high = floats[at[where.NUMBERS_LOW] + number], floats[at[where.NUMBERS_HIGH] + number]
    factor, extra = at[where.STATE_FACTOR] + number, at[where.STATE_EXTRA] + number
    held = at[where.STATE_HELD] + number
    beyond = 0  # a count, which compiles to whole vectors as marking whom it is true of does not
    for m in range(state.shape[1]):
        wanted = table[base, m] * state[factor, m] + state[extra, m]
        beyond += wanted < low or wanted > high
    if beyond:
        for m in range(state.shape[1]):
            wanted = table[base, m] * state[factor, m] + state[extra, m]
            value = min(high, max(low, wanted))
            if abs(wanted - value) > _ROUNDING * max(1.0, abs(value)):
                state[held, m] = 1.0
    for m in range(state.shape[1]):
        wanted = table[base, m] * state[factor, m] + state[extra, m]
        state[out, m] = min(high, max(low, wanted))


@compiled
def set_levers(c: Coupling, params: Any, state: Any, levers: Any) -> None:
    """Set paces, routes, steps of arrangement and hazards."""
    at, ints = c.at, c.ints
    value = at[where.STATE_VALUE]
    for n in range(at[where.N_NUMBERS]):
        lever = ints[at[where.NUMBERS_LEVER] + n]
        if lever < at[where.LEVERS_PACE] or lever >= at[where.LEVERS_CAPACITY]:
            continue
        change_row(c, state, n, params, at[where.PARAMS_LEVER] + lever, value)
        # A stay k times as long is a clock that runs at one k-th of its speed.
        if lever < at[where.LEVERS_ROUTE_SHARE]:
            for m in range(levers.shape[1]):
                levers[lever, m] = 1.0 / state[value, m]
        else:
            for m in range(levers.shape[1]):
                levers[lever, m] = state[value, m]
    for g in range(at[where.N_GROUP_BOUNDS] - 1):
        _share_out(c, params, state, levers, g)


@compiled
def _share_out(c: Coupling, params: Any, state: Any, levers: Any, g: int) -> None:
    """Let the unchanged routes of a group have what the changed ones leave, in proportion.

    With nobody on the other routes, or more than everybody on these, all of these share.
    """
    at, ints = c.at, c.ints
    first = at[where.GROUP_ROUTES] + ints[at[where.GROUPS] + g]
    last = at[where.GROUP_ROUTES] + ints[at[where.GROUPS] + g + 1]
    shares, numbers = at[where.LEVERS_ROUTE_SHARE], at[where.ROUTE_NUMBER]
    # What the changed routes take; the lever of the first unchanged one holds what is stated for
    # all of those, and then what is left for them as a share of it.
    stated, taken, rest = at[where.PARAMS_LEVER], at[where.STATE_VALUE], NONE
    width = levers.shape[1]
    for m in range(width):
        state[taken, m] = 0.0
    for i in range(first, last):
        lever = shares + ints[i]
        if ints[numbers + ints[i]] >= 0:
            for m in range(width):
                state[taken, m] += levers[lever, m]
        elif rest < 0:
            rest = lever
            for m in range(width):
                levers[rest, m] = params[stated + rest, m]
        else:
            for m in range(width):
                levers[rest, m] += params[stated + lever, m]
    for i in range(first, last):
        lever = shares + ints[i]
        if ints[numbers + ints[i]] < 0:
            continue
        if rest < 0:
            for m in range(width):
                all_, mine = state[taken, m], levers[lever, m]
                levers[lever, m] = mine / all_ if all_ > 0.0 else params[stated + lever, m]
        else:
            for m in range(width):
                all_, others, mine = state[taken, m], levers[rest, m], levers[lever, m]
                nobody = others <= 0.0
                if nobody and all_ <= 0.0:
                    mine = params[stated + lever, m]
                levers[lever, m] = mine / all_ if all_ > 1.0 or (nobody and all_ > 0.0) else mine
    if rest < 0:
        return
    for m in range(width):
        others = levers[rest, m]
        left = max(0.0, 1.0 - state[taken, m])
        levers[rest, m] = left / others if others > 0.0 else 0.0
    for i in range(first, last):
        lever = shares + ints[i]
        if ints[numbers + ints[i]] < 0 and lever != rest:
            for m in range(width):
                levers[lever, m] = params[stated + lever, m] * levers[rest, m]
    for m in range(width):
        levers[rest, m] *= params[stated + rest, m]


@compiled
def set_rates(c: Coupling, state: Any) -> None:
    """Set those of the slow side's own numbers that something changes."""
    at, ints = c.at, c.ints
    for n in range(at[where.N_NUMBERS]):
        rate = ints[at[where.NUMBERS_RATE] + n]
        if rate >= 0:
            row = at[where.STATE_RATE] + rate
            change_row(c, state, n, state, row, row)
