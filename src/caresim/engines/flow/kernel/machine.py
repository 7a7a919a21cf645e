"""The instruction set of the flow kernel and the loop that executes it.

A network is turned into a short program that takes one whole step (see `program`). Every
instruction works on rows of one table, the *bank*, each a number per member of the block. The
program is data, so one compiled function serves every network, and because each instruction does
the work of a block of members the cost of reading it is small.

Columns of ``code``: the instruction, then row numbers as the comments below name them. Columns of
``factors``: up to four numbers.
"""

from __future__ import annotations

from typing import Any, Final

from caresim.engines.compiled import compiled
from caresim.engines.flow.kernel.vector import (
    WIDTH,
    greater,
    lesser,
    load,
    spread,
    store,
    where_at_most,
)

OPERANDS: Final = 9
"""Row numbers in an instruction after its code."""

FACTORS: Final = 4

# Sums of 1 to 4 terms, y = sum f_i z_i or y += sum f_i z_i: the instruction for n terms is the one
# named plus n - 1. Code: y, z1..z4, and for LANE sums the rows of the factors, c1..c4.
SET_SCALAR: Final = 0
ADD_SCALAR: Final = 4
SET_LANE: Final = 8
ADD_LANE: Final = 12
# y += c z d. Code: y, z, d, -, -, c.
ADD_PRODUCT: Final = 16
# y = profiles[step, stage, profile] (times z). Code: y, stage, profile, z.
PROFILE: Final = 17
PROFILE_TIMES: Final = 18
# y = 1 where z <= 1 and 1 / z elsewhere. Code: y, z.
LIMIT: Final = 19
# Skip the next instructions unless open_tables[step, table]. Code: number to skip, table.
SKIP_IF_CLOSED: Final = 20
# y = c capacity_tables[step, table] - z; table -1 for no table. Code: y, c, z, table.
FREE: Final = 21
# One queue: a = min(q, max(0, room) / places). Code: a, q, free, room, t. q -= a,
# free -= places a, t += share a. Factors: places, 1 / places, share.
ADMIT_ONE: Final = 22
# Several queues: the part of need that there is room for. Code: y, need, free, room.
# y = min(1, max(0, room) / need), free -= what is used.
RATIO: Final = 23
# a = q r; q -= a; t += share a. Code: a, q, r, t. Factors: share.
TAKE_SHARE: Final = 24
# a = min(x f1, max(0, free) f2, q); q -= a; t += share a, where x is the queue at the start of the
# step, q what is left of it, and free as in FREE. Code: a, q, z, x, t, c, table. Factors: f1, f2,
# share.
ADMIT_PACED: Final = 25
# y = the part of z beyond c, as a share of z. Code: y, z, c.
EXCESS_SHARE: Final = 26
# y = min(y, z). Code: y, z.
LESSER: Final = 27


@compiled
def run(  # noqa: D103 (the module says what it does)
    bank: Any,
    code: Any,
    factors: Any,
    first: int,
    last: int,
    step: int,
    profiles: Any,
    capacity_tables: Any,
    open_tables: Any,
) -> None:
    parts = bank.shape[1] // WIDTH
    zero = spread(0.0)
    one = spread(1.0)
    at = first
    while at < last:
        kind = code[at, 0]
        y = code[at, 1]
        z1 = code[at, 2]
        z2 = code[at, 3]
        z3 = code[at, 4]
        z4 = code[at, 5]
        if kind < SET_LANE:
            f1 = spread(factors[at, 0])
            f2 = spread(factors[at, 1])
            f3 = spread(factors[at, 2])
            f4 = spread(factors[at, 3])
            if kind == SET_SCALAR:
                for p in range(parts):
                    store(bank, y, p, f1 * load(bank, z1, p))
            elif kind == SET_SCALAR + 1:
                for p in range(parts):
                    s = f1 * load(bank, z1, p) + f2 * load(bank, z2, p)
                    store(bank, y, p, s)
            elif kind == SET_SCALAR + 2:
                for p in range(parts):
                    s = f1 * load(bank, z1, p) + f2 * load(bank, z2, p)
                    store(bank, y, p, s + f3 * load(bank, z3, p))
            elif kind == SET_SCALAR + 3:
                for p in range(parts):
                    s = f1 * load(bank, z1, p) + f2 * load(bank, z2, p)
                    store(bank, y, p, s + f3 * load(bank, z3, p) + f4 * load(bank, z4, p))
            elif kind == ADD_SCALAR:
                for p in range(parts):
                    store(bank, y, p, load(bank, y, p) + f1 * load(bank, z1, p))
            elif kind == ADD_SCALAR + 1:
                for p in range(parts):
                    s = f1 * load(bank, z1, p) + f2 * load(bank, z2, p)
                    store(bank, y, p, load(bank, y, p) + s)
            elif kind == ADD_SCALAR + 2:
                for p in range(parts):
                    s = f1 * load(bank, z1, p) + f2 * load(bank, z2, p)
                    store(bank, y, p, load(bank, y, p) + (s + f3 * load(bank, z3, p)))
            else:
                for p in range(parts):
                    s = f1 * load(bank, z1, p) + f2 * load(bank, z2, p)
                    s = s + f3 * load(bank, z3, p) + f4 * load(bank, z4, p)
                    store(bank, y, p, load(bank, y, p) + s)
        elif kind < ADD_PRODUCT:
            c1 = code[at, 6]
            c2 = code[at, 7]
            c3 = code[at, 8]
            c4 = code[at, 9]
            if kind == SET_LANE:
                for p in range(parts):
                    store(bank, y, p, load(bank, c1, p) * load(bank, z1, p))
            elif kind == SET_LANE + 1:
                for p in range(parts):
                    s = load(bank, c1, p) * load(bank, z1, p)
                    s = s + load(bank, c2, p) * load(bank, z2, p)
                    store(bank, y, p, s)
            elif kind == SET_LANE + 2:
                for p in range(parts):
                    s = load(bank, c1, p) * load(bank, z1, p)
                    s = s + load(bank, c2, p) * load(bank, z2, p)
                    store(bank, y, p, s + load(bank, c3, p) * load(bank, z3, p))
            elif kind == SET_LANE + 3:
                for p in range(parts):
                    s = load(bank, c1, p) * load(bank, z1, p)
                    s = s + load(bank, c2, p) * load(bank, z2, p)
                    s = s + load(bank, c3, p) * load(bank, z3, p)
                    store(bank, y, p, s + load(bank, c4, p) * load(bank, z4, p))
            elif kind == ADD_LANE:
                for p in range(parts):
                    s = load(bank, c1, p) * load(bank, z1, p)
                    store(bank, y, p, load(bank, y, p) + s)
            elif kind == ADD_LANE + 1:
                for p in range(parts):
                    s = load(bank, c1, p) * load(bank, z1, p)
                    s = s + load(bank, c2, p) * load(bank, z2, p)
                    store(bank, y, p, load(bank, y, p) + s)
            elif kind == ADD_LANE + 2:
                for p in range(parts):
                    s = load(bank, c1, p) * load(bank, z1, p)
                    s = s + load(bank, c2, p) * load(bank, z2, p)
                    s = s + load(bank, c3, p) * load(bank, z3, p)
                    store(bank, y, p, load(bank, y, p) + s)
            else:
                for p in range(parts):
                    s = load(bank, c1, p) * load(bank, z1, p)
                    s = s + load(bank, c2, p) * load(bank, z2, p)
                    s = s + load(bank, c3, p) * load(bank, z3, p)
                    s = s + load(bank, c4, p) * load(bank, z4, p)
                    store(bank, y, p, load(bank, y, p) + s)
        elif kind == ADD_PRODUCT:
            c = code[at, 6]
            for p in range(parts):
                s = load(bank, c, p) * load(bank, z1, p) * load(bank, z2, p)
                store(bank, y, p, load(bank, y, p) + s)
        elif kind == PROFILE:
            level = spread(profiles[step, z1, z2])
            for p in range(parts):
                store(bank, y, p, level)
        elif kind == PROFILE_TIMES:
            level = spread(profiles[step, z1, z2])
            for p in range(parts):
                store(bank, y, p, level * load(bank, z3, p))
        elif kind == LIMIT:
            for p in range(parts):
                z = load(bank, z1, p)
                store(bank, y, p, where_at_most(z, one, one, one / z))
        elif kind == SKIP_IF_CLOSED:
            if not open_tables[step, z1]:
                at += y
        elif kind == FREE:
            level = one
            if z3 >= 0:
                level = spread(capacity_tables[step, z3])
            for p in range(parts):
                store(bank, y, p, load(bank, z1, p) * level - load(bank, z2, p))
        elif kind == ADMIT_ONE:
            places = spread(factors[at, 0])
            per_place = spread(factors[at, 1])
            share = spread(factors[at, 2])
            for p in range(parts):
                free = load(bank, z2, p)
                queue = load(bank, z1, p)
                room = greater(zero, load(bank, z3, p)) * per_place
                admitted = lesser(queue, room)
                store(bank, y, p, admitted)
                store(bank, z1, p, queue - admitted)
                store(bank, z2, p, free - admitted * places)
                store(bank, z4, p, load(bank, z4, p) + share * admitted)
        elif kind == RATIO:
            for p in range(parts):
                need = load(bank, z1, p)
                free = load(bank, z2, p)
                room = greater(zero, load(bank, z3, p))
                store(bank, y, p, where_at_most(need, room, one, room / need))
                store(bank, z2, p, free - lesser(need, room))
        elif kind == TAKE_SHARE:
            share = spread(factors[at, 0])
            for p in range(parts):
                queue = load(bank, z1, p)
                admitted = queue * load(bank, z2, p)
                store(bank, y, p, admitted)
                store(bank, z1, p, queue - admitted)
                store(bank, z3, p, load(bank, z3, p) + share * admitted)
        elif kind == ADMIT_PACED:
            per_queue = spread(factors[at, 0])
            per_free = spread(factors[at, 1])
            share = spread(factors[at, 2])
            c = code[at, 6]
            table = code[at, 7]
            level = one
            if table >= 0:
                level = spread(capacity_tables[step, table])
            for p in range(parts):
                queue = load(bank, z1, p)
                free = load(bank, c, p) * level - load(bank, z2, p)
                by_room = greater(zero, free) * per_free
                admitted = lesser(lesser(load(bank, z3, p) * per_queue, by_room), queue)
                store(bank, y, p, admitted)
                store(bank, z1, p, queue - admitted)
                store(bank, z4, p, load(bank, z4, p) + share * admitted)
        elif kind == EXCESS_SHARE:
            for p in range(parts):
                people = load(bank, z1, p)
                limit = load(bank, z2, p)
                part = (people - limit) / people
                store(bank, y, p, where_at_most(people, limit, zero, part))
        else:
            for p in range(parts):
                store(bank, y, p, lesser(load(bank, y, p), load(bank, z1, p)))
        at += 1
