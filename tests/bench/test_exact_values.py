"""The exact values in the lists, worked out again: a wrong one would pass a wrong engine."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import lognorm, poisson

from caresim.bench.cases import read_suite, repository

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "cases" / "exact.json"


@pytest.fixture(scope="module")
def values():
    """Exact values by case and what is measured."""
    root = repository()
    return {
        (case.case, figure.label): figure.exact
        for suite in ("exact", "published")
        for case in read_suite(suite, root)
        for figure in case.figures
    }


def erlang_b(places, load):
    lost = 1.0
    for k in range(1, places + 1):
        lost = load * lost / (k + load * lost)
    return lost


def erlang_c(places, load):
    lost = erlang_b(places, load)
    return lost / (1.0 - load / places * (1.0 - lost))


def stationary(rates):
    """Return the stationary law of a Markov chain, given its rates from state to state."""
    states = list(dict.fromkeys(state for pair in rates for state in pair))
    place = {state: n for n, state in enumerate(states)}
    generator = np.zeros((len(states), len(states)))
    for (one, other), rate in rates.items():
        generator[place[one], place[other]] += rate
    generator -= np.diag(generator.sum(axis=1))
    equations = np.vstack([generator.T, np.ones(len(states))])
    law = np.linalg.lstsq(equations, np.append(np.zeros(len(states)), 1.0), rcond=None)[0]
    return dict(zip(states, law, strict=True))


def blocking(c1, c2, mean1, mean2, share, arrivals=None, room=0):
    """Return the law of (in treatment, delayed, further on, waiting) of two settings in a row.

    Without ``arrivals`` somebody always waits. People keep their place while they wait for the
    second, so each place that falls free there is taken by one who is delayed.
    """
    rates, seen, todo = {}, set(), [(0 if arrivals else c1, 0, 0, 0)]
    while todo:
        state = todo.pop()
        if state in seen:
            continue
        seen.add(state)
        n, b, m, w = state
        events = []
        if arrivals and n + b < c1:
            events.append((arrivals, (n + 1, b, m, w)))
        elif arrivals and w < room:
            events.append((arrivals, (n, b, m, w + 1)))
        if n:
            events.append((n / mean1 * (1 - share), freed(n - 1, b, m, w, arrivals)))
            moved = freed(n - 1, b, m + 1, w, arrivals) if m < c2 else (n - 1, b + 1, m, w)
            events.append((n / mean1 * share, moved))
        if m:
            after = freed(n, b - 1, m, w, arrivals) if b else (n, b, m - 1, w)
            events.append((m / mean2, after))
        for rate, other in events:
            if other != state:
                rates[state, other] = rates.get((state, other), 0.0) + rate
            todo.append(other)
    return stationary(rates)


def freed(n, b, m, w, arrivals):
    """Give a place that falls free in the first setting to the next who waits."""
    if not arrivals:
        return (n + 1, b, m, w)
    return (n + 1, b, m, w - 1) if w else (n, b, m, w)


def mean(law, value):
    return sum(p * value(*state) for state, p in law.items())


def test_blocking_cases_are_the_answers_of_markov_chains(values):
    law = blocking(5, 3, 1.0, 2.0, 0.4, arrivals=3.0)
    got = {figure: exact for (case, figure), exact in values.items() if case == "h1_loss"}
    assert got["in treatment acute"] == pytest.approx(mean(law, lambda n, b, m, w: n))
    assert got["delayed acute"] == pytest.approx(mean(law, lambda n, b, m, w: b))
    assert got["share lost acute"] == pytest.approx(mean(law, lambda n, b, m, w: n + b == 5))
    assert got["time any delayed acute"] == pytest.approx(mean(law, lambda n, b, m, w: b > 0))
    needs = "acute needing intermediate"
    full = mean(law, lambda n, b, m, w: n * (m == 3)) / mean(law, lambda n, b, m, w: n)
    assert got[f"share delayed {needs}"] == pytest.approx(full)

    law = blocking(5, 3, 1.0, 2.0, 0.4, arrivals=3.0, room=20)
    got = {figure: exact for (case, figure), exact in values.items() if case == "h2_queue_20"}
    waiting = mean(law, lambda n, b, m, w: w)
    assert got["waiting acute"] == pytest.approx(waiting)
    assert got["wait acute"] == pytest.approx(waiting / mean(law, lambda n, b, m, w: n))
    assert got["time full acute 5"] == pytest.approx(mean(law, lambda n, b, m, w: n + b == 5))
    assert got["places in use intermediate"] == pytest.approx(mean(law, lambda n, b, m, w: m))

    law = blocking(5, 3, 2.0, 2.5, 0.5, arrivals=2.0)
    assert values["c1_t1", "delayed acute"] == pytest.approx(mean(law, lambda n, b, m, w: b))
    law = blocking(20, 10, 14.0, 35.0, 0.25, arrivals=1.0)
    assert values["c1_t2", "delayed acute"] == pytest.approx(mean(law, lambda n, b, m, w: b))


def test_saturated_pairs_approach_the_fluid_limit(values):
    scales = {1: ("saturated_pair", "delayed acute")}
    scales |= {n: ("fluid_limit_event", f"delayed acute (scale_{n})") for n in (4, 10)}
    for scale, key in scales.items():
        law = blocking(10 * scale, 4 * scale, 5.0, 20.0, 0.12)
        delayed = mean(law, lambda n, b, m, w: b) / scale
        assert values[key] == pytest.approx(delayed, rel=1e-7)
    assert values["fluid_limit_flow", "delayed acute"] == pytest.approx(10 - 4 / 20 / 0.12 * 5)


def test_queues_are_erlang_s(values):
    assert values["mmc_small", "share waiting"] == pytest.approx(erlang_c(10, 8.0))
    assert values["mmc_hospital", "share waiting"] == pytest.approx(erlang_c(900, 825.0))
    assert values["erlang_b_hospital", "share lost"] == pytest.approx(erlang_b(840, 825.0))
    for places, load in ((10, 8.0), (20, 16.0), (50, 45.0), (100, 95.0)):
        got = values["c0_erlang_b", f"share lost ward_{places}"]
        assert got == pytest.approx(erlang_b(places, load), abs=5e-9)
    small, large = ("c0_erlang_c_small_wards", 20, 16.0), ("c0_erlang_c_100", 100, 95.0)
    for case, places, load in (small, large):
        wait = erlang_c(places, load) / (places - load)
        assert values[case, f"wait ward_{places}"] == pytest.approx(wait, abs=5e-9)


def test_the_cheapest_number_of_places_is_between_its_neighbours(values):
    for name, places, load in (("small", 14, 10.0), ("large", 111, 100.0)):
        costs = []
        for option, more in ((" (fewer)", -1), ("", 0), (" (more)", 1)):
            waiting = values[f"c11_{name}", f"waiting {name}{option}"]
            c = places + more
            assert waiting == pytest.approx(erlang_c(c, load) * load / (c - load))
            costs.append(150 * c + 346 * waiting)
        assert costs[1] == min(costs)


def test_the_census_from_empty_is_that_of_the_formula(values):
    sigma = math.sqrt(math.log(1 + 1.2**2))
    stay = lognorm(s=sigma, scale=5.5 * math.exp(-(sigma**2) / 2))
    for day in (1, 5, 10, 30, 90):
        times = np.linspace(0.0, day, 200_001)
        area = np.trapezoid(stay.sf(times), times)
        got = values["mginf_from_empty", f"people on day {day}"]
        assert got == pytest.approx(150 * area, rel=1e-8)
    for n in (777, 778, 872, 873):
        key = ("mginf_stationary", f"share of days at most {n}")
        assert values[key] == pytest.approx(poisson.cdf(n, 825))


def test_times_to_deadlock_solve_their_equations(values):
    """One who sees the clinician leaves or goes back to the list; a full list locks."""
    generator, places = np.zeros((5, 5)), 4
    for n in range(places + 1):
        if n < places:
            generator[n, n + 1] += 6.0
            generator[n, n] -= 6.0
        if n:
            # Seen again: back to the list, unless it is full, which ends the run.
            generator[n, n - 1] += 2.5
            generator[n, n] -= 2.5 + (2.5 if n == places else 0.0)
    times = np.linalg.solve(generator, -np.ones(5))
    names = ["", " (from_1)", " (from_2)", " (from_3)", " (from_4)"]
    got = [values["h7_time_to_deadlock", f"deadlock day{name}"] for name in names]
    assert got == pytest.approx(list(times))


def numbers(outputs):
    """Return all numbers of a case's answers."""
    for value in outputs.values():
        yield from value if isinstance(value, list) else [value]


# Said by other figures: the least is 0 by rounding; the limits are in the cases of the flow engine.
ELSEWHERE = {"poisson_p05_p95_stationary", "variance_equals_mean", "stationary_mean"}


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared folder of cases is not here")
def test_every_listed_number_is_held_by_some_figure(values):
    held = np.array(sorted(set(values.values())))
    for case in json.loads(SHARED.read_text(encoding="utf-8")):
        outputs = {k: v for k, v in case["outputs"].items() if k not in ELSEWHERE}
        for number in numbers(outputs):
            nearest = held[np.abs(held - number).argmin()]
            assert nearest == pytest.approx(number, rel=1e-9, abs=1e-12), (case["name"], number)
