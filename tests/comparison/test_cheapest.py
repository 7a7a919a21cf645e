"""The cheapest number of delays is not zero: a sweep of places with a cost for places and delays.

A place costs 150 GBP a day, a day's delay 346 GBP. Arrivals to acute care without limit are
Poisson, and so are the people who leave it (Burke), so step-down care is M/M/c and the people
delayed are its queue.
"""

import math

import pytest

from caresim.comparison import compare

PLACE = """\
caresim: 1
title: Places beside delays
duration: {years} years
price_year: 2024-25
organisations: {{system: {{kind: board}}}}
settings:
  acute:
    kind: acute
    stay: 2 days
    then: {{step_down: 100%}}
    costs: {{variable: 0 GBP per day, delayed: 346 GBP per day}}
  step_down:
    kind: intermediate
    capacity: {most}
    stay: {stay} days
    costs: {{fixed: 150 GBP per place per day}}
arrivals:
  emergency: {{to: acute, rate: {rate} per day}}
initial: steady_state
run: {{engine: event, members: {members}, warm_up: {warm_up} days}}
"""


def queue(load, places):
    """Return the mean number waiting in M/M/c (Erlang C)."""
    blocked = 1.0
    for n in range(1, places + 1):
        blocked = load * blocked / (n + load * blocked)
    waits = places * blocked / (places - load * (1.0 - blocked))
    return waits * load / (places - load)


def swept(tmp_path, sweep, **numbers):
    path = tmp_path / "places.yaml"
    path.write_text(PLACE.format(**numbers), encoding="utf-8")
    return compare(path, sweep=f"settings.step_down.capacity={sweep}")


def mean(comparison, name, indicator):
    return comparison.values[name][indicator].mean()


def test_erlang_c_is_that_of_the_published_answer():
    def cost(load):
        return min(range(load + 1, 2 * load), key=lambda c: 150 * c + 346 * queue(load, c))

    assert (cost(10), cost(100)) == (14, 111)
    assert queue(10, 14) == pytest.approx(0.435, abs=5e-4)
    assert queue(100, 111) == pytest.approx(1.816, abs=5e-4)


def check(found, load, cheapest):
    options = [entry.name for entry in found.options]
    best = min(options, key=lambda name: mean(found, name, "cost_per_year"))
    assert best == f"step_down_capacity_{cheapest}"
    most = max(options, key=lambda name: int(name.rpartition("_")[2]))
    # Zero delay is what nobody should pay for: more places, fewer delays, a higher cost.
    assert mean(found, most, "delayed") < 0.7 * mean(found, best, "delayed")
    values = found.values[best]["delayed"]
    error = values.std(ddof=1) / math.sqrt(values.size)
    assert abs(values.mean() - queue(load, cheapest)) < 4.0 * error < 0.15 * values.mean()
    # The ledger is the prices times what happened.
    priced = 365 * (150 * cheapest + 346 * values.mean())
    assert mean(found, best, "cost_per_year") == pytest.approx(priced, rel=1e-3)


def test_the_cheapest_number_of_places_at_load_10(tmp_path):
    # Stays of 1 day in place of 20: the same queue, mixing twenty times as fast.
    found = swept(tmp_path, "12:16", years=3, most=18, stay=1, rate=10, members=24, warm_up=60)
    check(found, 10, 14)


@pytest.mark.slow
def test_the_cheapest_number_of_places_at_load_100(tmp_path):
    """111 places and 112 differ by 6 GBP a day in 17,280: no place is shown to be cheaper."""
    numbers = {"years": 3, "most": 111, "stay": 1, "rate": 100, "members": 40, "warm_up": 60}
    found = swept(tmp_path, "108,110,112,115", **numbers)
    cost = {name: of["cost_per_year"] for name, of in found.differences.items()}
    assert not [name for name, one in cost.items() if one.effect == "better"]
    assert cost["step_down_capacity_108"].effect == "worse"
    assert cost["step_down_capacity_115"].effect == "worse"
    values = found.values["do_nothing"]["delayed"]
    error = values.std(ddof=1) / math.sqrt(values.size)
    assert abs(values.mean() - 1.816) < 4.0 * error < 0.25 * values.mean()
    for name, one in cost.items():
        places = int(name.rpartition("_")[2])
        theory = 150 * (places - 111) + 346 * (queue(100, places) - queue(100, 111))
        half = (one.mean_high - one.mean_low) / 2.0
        assert abs(one.difference / 365 - theory) < 2.0 * half / 365
