"""The reference network for speed: 12 stocks, 21 flows, four of them limited by free capacity.

One description of its figures serves caresim, C and PySD.
"""

from __future__ import annotations

import numpy as np

from caresim.engines.flow.network import (
    NONE,
    Entry,
    FloatArray,
    Gate,
    Move,
    Network,
    Output,
    Pace,
    PriorityClass,
    Source,
    Target,
    Value,
)

STEP_DAYS = 0.25
DAYS = 1820
SAVE_DAYS = 7
N_STEPS = round(DAYS / STEP_DAYS)
SAVE_STEPS = round(SAVE_DAYS / STEP_DAYS)
N_SAVES = N_STEPS // SAVE_STEPS + 1
YEARS = DAYS / 365

START = {
    "well": 95000.0,
    "waiting": 20.0,
    "acute": 330.0,
    "dly_hc": 15.0,
    "dly_ic": 10.0,
    "dly_res": 12.0,
    "inter": 80.0,
    "homecare": 1100.0,
    "reable": 60.0,
    "resid": 1700.0,
    "recent": 1500.0,
    "dead": 0.0,
}
STOCKS = tuple(START)

# The eight inputs that vary between members, with their base figures, in the order of the table
# that all three programs read.
VARIED = {
    "adm_rate": 4.5e-4,
    "growth": 0.02,
    "los_ac": 6.0,
    "f_hc": 0.16,
    "k_hc": 1250.0,
    "k_ic": 90.0,
    "los_ic": 25.0,
    "readmit": 0.004,
}
VARIATION = 0.15
FIXED = {
    "pop_in": 6.0,
    "rc_leave": 1 / 30,
    "tau_q": 0.5,
    "tau_cap": 1.0,
    "w_leave": 0.02,
    "k_ac": 420.0,
    "f_ic": 0.10,
    "f_res": 0.04,
    "f_die": 0.03,
    "los_hc": 120.0,
    "f_ic_rb": 0.35,
    "los_rb": 42.0,
    "k_res": 1800.0,
    "los_res": 700.0,
    "f_hc_die": 0.25,
    "f_rb_res": 0.05,
}


def draw_members(n_members: int, seed: int = 1) -> FloatArray:
    """Draw inputs, shape (8, n_members), uniform within 15% of the base; member 0 is the base."""
    rng = np.random.default_rng(seed)
    factors = rng.uniform(1 - VARIATION, 1 + VARIATION, (n_members, len(VARIED))).T
    factors[:, 0] = 1.0
    return np.ascontiguousarray(np.array(list(VARIED.values()))[:, None] * factors)


def lanes_of(inputs: FloatArray) -> FloatArray:
    """Return the members' table of the network: inputs as rates a day and shares."""
    given = dict(zip(VARIED, inputs, strict=True))
    others = FIXED["f_ic"] + FIXED["f_res"] + FIXED["f_die"]
    return np.stack(
        [
            given["adm_rate"],
            given["growth"] / 365,
            1 / given["los_ac"],
            given["f_hc"],
            1 - given["f_hc"] - others,
            given["k_hc"],
            given["k_ic"],
            1 / given["los_ic"],
            given["readmit"],
        ]
    )


ADM_RATE, GROWTH, LEAVE_AC, F_HC, F_RC, K_HC, K_IC, LEAVE_IC, READMIT = range(9)


def build_network() -> Network:
    """Return the reference network."""
    row = {name: i for i, name in enumerate(STOCKS)}

    def to(name: str, share: float = 1.0, lane: int = NONE) -> Target:
        return Target(row[name], Value(share, lane))

    def move(
        source: str, rate: float, *targets: Target, lane: int = NONE, growth: int = NONE
    ) -> Move:
        return Move(row[source], Value(rate, lane), targets, growth=growth)

    fixed = FIXED
    moves = (
        move("well", 1.0, to("waiting"), lane=ADM_RATE, growth=GROWTH),
        move("waiting", fixed["w_leave"], to("recent")),
        move(
            "acute",
            1.0,
            to("dly_hc", 1.0, F_HC),
            to("dly_ic", fixed["f_ic"]),
            to("dly_res", fixed["f_res"]),
            to("dead", fixed["f_die"]),
            to("recent", 1.0, F_RC),
            lane=LEAVE_AC,
        ),
        move(
            "inter",
            1.0,
            to("reable", fixed["f_ic_rb"]),
            to("recent", 1 - fixed["f_ic_rb"]),
            lane=LEAVE_IC,
        ),
        move(
            "homecare",
            1 / fixed["los_hc"],
            to("dead", fixed["f_hc_die"]),
            to("recent", 1 - fixed["f_hc_die"]),
        ),
        move(
            "reable",
            1 / fixed["los_rb"],
            to("resid", fixed["f_rb_res"]),
            to("recent", 1 - fixed["f_rb_res"]),
        ),
        move("resid", 1 / fixed["los_res"], to("dead")),
        move("recent", fixed["rc_leave"], to("well")),
        move("recent", 1.0, to("waiting"), lane=READMIT),
    )

    def gate(
        capacity: Value, holders: tuple[str, ...], queue: str, into: str, free_days: float
    ) -> Gate:
        entry = Entry(row[queue], (to(into),))
        return Gate(
            capacity,
            occupants=tuple((row[name], 1.0) for name in holders),
            classes=(PriorityClass((entry,)),),
            pace=Pace(fixed["tau_q"], free_days),
        )

    gates = (
        gate(
            Value(fixed["k_ac"]),
            ("acute", "dly_hc", "dly_ic", "dly_res"),
            "waiting",
            "acute",
            fixed["tau_q"],
        ),
        gate(Value(1.0, K_HC), ("homecare",), "dly_hc", "homecare", fixed["tau_cap"]),
        gate(Value(1.0, K_IC), ("inter",), "dly_ic", "inter", fixed["tau_cap"]),
        gate(Value(fixed["k_res"]), ("resid",), "dly_res", "resid", fixed["tau_cap"]),
    )
    return Network(
        start=np.array(list(START.values())),
        start_lane=np.full(len(START), NONE),
        step_days=STEP_DAYS,
        n_steps=N_STEPS,
        save_steps=np.arange(0, N_STEPS + 1, SAVE_STEPS),
        outputs=tuple(Output(((i, 1.0),)) for i in range(len(START))),
        sources=(Source(row["well"], Value(fixed["pop_in"]), growth=GROWTH),),
        moves=moves,
        gates=gates,
        gate_order=(0, 1, 2, 3),
        n_lanes=9,
    )
