"""The exact cases as models, and the figures of a run that are compared with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from event_models import Network
from numpy.typing import NDArray

from caresim.engines.event.run import EventOutput, run
from caresim.model import Cycle, Model, RunSettings
from caresim.stays import Stay, fixed, from_mean_and_cv

FloatArray = NDArray[np.float64]
Figures = Mapping[str, FloatArray]


@dataclass(frozen=True)
class Case:
    """A model whose long-run means are known.

    Attributes
    ----------
    build
        Makes the model of some members, seed and days.
    expected
        The exact figures, by name.
    figures
        Takes the figures, one for each member, from a run.
    days, warm_up
        Length of a member's run, and how much of it is left out.
    """

    build: Callable[[RunSettings, float], Model]
    expected: Mapping[str, float]
    figures: Callable[[EventOutput, slice], Figures]
    days: float
    warm_up: float


def periods_after(output: EventOutput, warm_up: float) -> slice:
    """Return the periods that begin at or after ``warm_up``."""
    return slice(int(np.searchsorted(output.times, warm_up)), None)


def average(output: EventOutput, name: str, kept: slice, *place: int) -> FloatArray:
    """Return a variable's mean over periods, for each member, of equal periods."""
    return output.series[name][(slice(None), kept, *place)].mean(axis=1)


def single(
    rate: float, capacity: float, stay: float | Stay, **more: object
) -> Callable[[RunSettings, float], Model]:
    """Return what builds one setting with one arrival."""

    def build(settings: RunSettings, days: float) -> Model:
        return Network(
            {"ward": {"capacity": capacity, "stay": stay, **more}},
            {"calls": {"to": "ward", "rate": rate}},
            days=days,
            run=settings,
        ).model()

    return build


def two_stage(
    rate: float,
    beds: float,
    stay: float,
    places: float,
    stay_2: float,
    share: float,
    **more: object,
) -> Callable[[RunSettings, float], Model]:
    """Return what builds acute beds with a step-down place, blocking after service."""

    def build(settings: RunSettings, days: float) -> Model:
        acute = {
            "capacity": beds,
            "stay": stay,
            "then": {"unit": share, "home": 1.0 - share},
            **more,
        }
        return Network(
            {"acute": acute, "unit": {"capacity": places, "stay": stay_2}},
            {"calls": {"to": "acute", "rate": rate}},
            days=days,
            run=settings,
        ).model()

    return build


def queue_figures(output: EventOutput, kept: slice) -> Figures:
    """Waiting, in the ward, and the mean wait and share lost or leaving of a single setting."""
    waiting, inside = (
        average(output, "waiting", kept, 0, 0),
        average(output, "occupied", kept, 0, 0),
    )
    days = np.diff(output.times)[kept].mean()
    arrivals = average(output, "arrivals", kept, 0, 0)
    return {
        "Lq": waiting,
        "occupied": inside,
        "L": waiting + inside,
        "Wq": waiting / arrivals * days,
        "P_loss": average(output, "lost", kept, 0, 0) / arrivals,
        "P_abandon": average(output, "left_waiting", kept, 0, 0) / arrivals,
    }


def two_stage_figures(output: EventOutput, kept: slice) -> Figures:
    """Figures of acute beds with a step-down place, named as in the exact cases."""
    days = np.diff(output.times)[kept].mean()
    delayed = average(output, "delayed", kept, 0, 0)
    inside = average(output, "occupied", kept, 0, 0)
    return {
        "mean_delayed": delayed,
        "mean_acute_occupied": inside,
        "mean_in_treatment": inside - delayed,
        "mean_intermediate": average(output, "occupied", kept, 1, 0),
        "mean_waiting": average(output, "waiting", kept, 0, 0),
        "acute_completions_per_day": average(output, "stays_ended", kept, 0, 0) / days,
        "P_lost_on_arrival": average(output, "lost", kept, 0, 0)
        / average(output, "arrivals", kept, 0, 0),
        "leaves_waiting_per_day": average(output, "left_waiting", kept, 0, 0) / days,
        "leaves_delayed_per_day": average(output, "left_delayed", kept, 0, 0) / days,
    }


LOGNORMAL_15 = from_mean_and_cv("lognormal", 1.0, 1.5)

CASES: Mapping[str, Case] = {
    "mm1": Case(
        single(0.8, 1, 1.0), {"L": 4.0, "Lq": 3.2, "Wq": 4.0}, queue_figures, 4000.0, 200.0
    ),
    "erlang_c": Case(
        single(8.0, 10, 1.0),
        {"Lq": 1.6367206031857742, "Wq": 0.20459007539822177, "occupied": 8.0},
        queue_figures,
        1000.0,
        50.0,
    ),
    "erlang_b_exponential": Case(
        single(18.0, 20, 1.0, room=0.0),
        {"P_loss": 0.10921284587252249, "occupied": 16.034168774294596},
        queue_figures,
        300.0,
        20.0,
    ),
    "erlang_b_lognormal": Case(
        single(18.0, 20, LOGNORMAL_15, room=0.0),
        {"P_loss": 0.10921284587252249, "occupied": 16.034168774294596},
        queue_figures,
        300.0,
        40.0,
    ),
    "erlang_b_fixed": Case(
        single(18.0, 20, fixed(1.0), room=0.0),
        {"P_loss": 0.10921284587252249, "occupied": 16.034168774294596},
        queue_figures,
        300.0,
        20.0,
    ),
    "pollaczek_khinchine": Case(
        single(0.8, 1, LOGNORMAL_15), {"Lq": 5.2, "L": 6.0}, queue_figures, 6000.0, 400.0
    ),
    "erlang_a": Case(
        single(10.0, 9, 1.0, leaving={"home": 0.5}),
        {
            "Lq": 3.153747458766955,
            "P_abandon": 0.15768737293834775,
            "occupied": 8.423126270616528,
        },
        queue_figures,
        400.0,
        20.0,
    ),
    "blocking_loss_h1": Case(
        two_stage(3.0, 5, 1.0, 3, 2.0, 0.4, room=0.0),
        {
            "P_lost_on_arrival": 0.16616590068428705,
            "mean_in_treatment": 2.5015022979471393,
            "mean_delayed": 0.45837025051153957,
            "mean_intermediate": 2.0012018383577113,
        },
        two_stage_figures,
        1500.0,
        60.0,
    ),
    "blocking_room_h2": Case(
        two_stage(3.0, 5, 1.0, 3, 2.0, 0.4, room=20.0),
        {
            "P_lost_on_arrival": 0.014146976708233536,
            "mean_delayed": 1.0046970057319955,
            "mean_waiting": 3.710435672828103,
            "mean_intermediate": 2.3660472559002383,
        },
        two_stage_figures,
        3000.0,
        200.0,
    ),
    "deaths_h4": Case(
        two_stage(
            3.0,
            5,
            1.0,
            3,
            2.0,
            0.4,
            leaving={"died": 0.25},
            while_delayed={"died": 0.1},
        ),
        {
            "mean_in_treatment": 2.8348044503617182,
            "mean_delayed": 0.5951717612196482,
            "mean_intermediate": 2.1488092080454444,
            "mean_waiting": 0.6607821985531136,
            "leaves_waiting_per_day": 0.1651955496382784,
            "leaves_delayed_per_day": 0.059517176121964825,
        },
        two_stage_figures,
        1500.0,
        60.0,
    ),
    "step_down_t1": Case(
        two_stage(2.0, 5, 2.0, 3, 2.5, 0.5, room=0.0),
        {
            "P_lost_on_arrival": 0.241695830,
            "mean_in_treatment": 3.033216680,
            "mean_delayed": 0.348693392,
            "mean_intermediate": 1.895760425,
        },
        two_stage_figures,
        1500.0,
        60.0,
    ),
    "saturated_pair": Case(
        two_stage(20.0, 10, 5.0, 4, 20.0, 0.12, room=40.0),
        {
            "acute_completions_per_day": 1.5402422234517623,
            "mean_delayed": 2.298788882741189,
            "mean_intermediate": 3.69658133628423,
        },
        two_stage_figures,
        6000.0,
        400.0,
    ),
}


def measure(case: Case, members: int, seed: int = 1, days: float | None = None) -> EventOutput:
    """Run a case, keeping every member's course over time."""
    settings = RunSettings(engine="event", members=members, seed=seed, save_days=10)
    return run(case.build(settings, days or case.days), series=members)


def weekly_census(amplitude: float, stay: float | Stay) -> Network:
    """Return a setting without limit whose arrivals rise and fall each week, 150 a day."""
    return Network(
        {"ward": {"stay": stay}},
        {
            "calls": {
                "to": "ward",
                "rate": 150.0,
                "cycles": (Cycle(period=7.0, amplitude=amplitude, peak=1.75),),
            }
        },
    )
