"""The flow kernel on small networks whose answers are known."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from caresim.engines.flow.kernel import advance
from caresim.engines.flow.network import (
    NONE,
    Entry,
    Fence,
    Gate,
    Move,
    Network,
    Output,
    Pace,
    PriorityClass,
    Removal,
    Room,
    Source,
    Swap,
    Target,
    Value,
    stage_times,
)

METHODS = ("euler", "heun", "rk3")
ONE_MEMBER = np.zeros((0, 1))


def network(start, *, days=10.0, step_days=0.25, save_every=1, outputs=None, **parts):
    """Return a network that saves all rows, unless told otherwise."""
    n_steps = round(days / step_days)
    saves = np.arange(0, n_steps + 1, save_every)
    if saves[-1] != n_steps:
        saves = np.append(saves, n_steps)
    everything = tuple(Output(((row, 1.0),)) for row in range(len(start)))
    parts.setdefault("start_lane", np.full(len(start), NONE))
    parts.setdefault("gate_order", tuple(range(len(parts.get("gates", ())))))
    return Network(
        start=np.array(start, dtype=float),
        step_days=step_days,
        n_steps=n_steps,
        save_steps=saves,
        outputs=everything if outputs is None else outputs,
        **parts,
    )


def to(row, share=1.0, lane=NONE):
    return Target(row, Value(share, lane))


def move(row, rate, *targets, lane=NONE, **parts):
    return Move(row, Value(rate, lane), tuple(targets), **parts)


def gate(capacity, occupants, *classes, keep_free=0.0, **parts):
    """Return a gate whose occupants use one place; a class is a tuple of (queue, into)."""
    groups = tuple(
        PriorityClass(tuple(Entry(queue, (to(into),)) for queue, into in entries), Value(keep_free))
        for entries in classes
    )
    return Gate(Value(capacity), tuple((row, 1.0) for row in occupants), groups, **parts)


def run(net, members=ONE_MEMBER, **options):
    return advance(net, members, **options)


def path(net, members=ONE_MEMBER):
    """Return all outputs of the first member, shape (n_outputs, n_saves)."""
    return run(net, members).series[:, :, 0]


# Known answers


def test_euler_decay_is_exactly_its_closed_form():
    net = network([100.0, 0.0], moves=(move(0, 0.3, to(1)),))
    people = path(net)[0]
    expected = [100.0]
    for _ in range(net.n_steps):
        expected.append((1.0 - 0.25 * 0.3) * expected[-1])
    np.testing.assert_array_equal(people, expected)
    assert people[-1] == pytest.approx(100 * (1 - 0.075) ** 40, rel=1e-13)


def test_unlimited_setting_fills_as_m_m_infinity():
    net = network(
        [0.0, 0.0],
        days=20,
        step_days=0.05,
        method="rk3",
        sources=(Source(0, Value(150.0)),),
        moves=(move(0, 1 / 5.5, to(1)),),
    )
    times = net.save_steps * net.step_days
    np.testing.assert_allclose(path(net)[0], 825 * (1 - np.exp(-times / 5.5)), rtol=1e-6)


def saturated_pair(method, step_days=0.25):
    """Acute 10 beds, stay 5 d, 12% to intermediate care: 4 places, stay 20 d; endless demand."""
    outside, acute, delayed, care, home, moved = range(6)
    return network(
        [1e6, 10.0, 0.0, 4.0, 0.0, 0.0],
        days=900,
        step_days=step_days,
        save_every=round(900 / step_days),
        method=method,
        moves=(move(acute, 1 / 5, to(delayed, 0.12), to(home, 0.88)), move(care, 1 / 20, to(home))),
        gates=(
            gate(4.0, [care], ((delayed, care),)),
            Gate(
                Value(10.0),
                ((acute, 1.0), (delayed, 1.0)),
                (PriorityClass((Entry(outside, (to(acute),), tally=moved),)),),
            ),
        ),
        tally_rows=(moved,),
        windows=np.array([[round(899 / step_days), round(900 / step_days)]]),
    )


@pytest.mark.parametrize("method", METHODS)
def test_saturated_pair_reaches_its_fluid_limit(method):
    found = run(saturated_pair(method))
    assert found.series[2, -1, 0] == pytest.approx(5 / 3, abs=1e-6)
    assert found.totals[5, 0, 0] == pytest.approx(5 / 3, abs=1e-6)
    assert found.series[1, -1, 0] + found.series[2, -1, 0] == pytest.approx(10.0, abs=1e-9)


@pytest.mark.parametrize(
    ("places", "in_use", "blocked", "used_after"),
    [(700.0, 700.0, 15.0, 700.0), (600.0, 600.0, 65.0, 600.0), (288.0, 0.0, 0.0, 287.2)],
)
def test_delayed_discharge_after_a_year(places, in_use, blocked, used_after):
    """20 referrals a day stay 5 d, 5% need a package of 730 d and keep their bed until then."""
    active, delayed, package, home = range(4)
    net = network(
        [100.0, 0.0, in_use, 0.0],
        days=365,
        save_every=1460,
        method="heun",
        sources=(Source(active, Value(20.0)),),
        moves=(
            move(active, 1 / 5, to(delayed, 0.05), to(home, 0.95)),
            move(package, 1 / 730, to(home)),
        ),
        gates=(gate(places, [package], ((delayed, package),)),),
    )
    end = path(net)[:, -1]
    assert end[active] == pytest.approx(100.0, abs=1e-9)
    assert end[delayed] == pytest.approx(blocked, abs=1e-6)
    assert end[package] == pytest.approx(used_after, abs=0.05)


def test_growth_stays_exact_over_many_steps():
    net = network(
        [0.0],
        days=2000,
        save_every=8000,
        sources=(Source(0, Value(1.0), growth=0),),
        n_lanes=1,
    )
    rates = np.array([[0.0005, -0.0003, 0.0]])
    found = run(net, rates).series[0, -1]
    times = np.arange(8000) * 0.25
    expected = (0.25 * np.exp(rates[0][:, None] * times)).sum(axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_paced_gate_follows_its_equation():
    waiting, inside, gone = range(3)
    pace = Pace(queue_days=0.5, free_days=2.0)
    net = network(
        [30.0, 3.0, 0.0],
        days=30,
        sources=(Source(waiting, Value(4.0)),),
        moves=(move(inside, 1 / 6, to(gone)), move(waiting, 0.02, to(gone))),
        gates=(gate(20.0, [inside], ((waiting, inside),), pace=pace),),
    )
    x = np.array([30.0, 3.0, 0.0])
    for step, found in enumerate(path(net).T):
        np.testing.assert_allclose(found, x, rtol=1e-12, err_msg=f"step {step}")
        admitted = min(x[waiting] / 0.5, max(0.0, 20.0 - x[inside]) / 2.0)
        out, away = x[inside] / 6, 0.02 * x[waiting]
        x = x + 0.25 * np.array([4.0 - admitted - away, admitted - out, out + away])


# Order of convergence


def seasonal_network(method, step_days):
    """Two stocks in a row, with a sine arrival profile and a rate that grows."""
    n_steps = round(8.0 / step_days)
    profile = 1 + 0.6 * np.sin(stage_times(method, step_days, n_steps))
    return network(
        [5.0, 1.0, 0.0],
        days=8.0,
        step_days=step_days,
        save_every=n_steps,
        method=method,
        sources=(Source(0, Value(3.0), profile=0),),
        moves=(move(0, 0.7, to(1, 0.8), to(2, 0.2), growth=0), move(1, 0.4, to(2))),
        profiles=profile[:, :, None],
        n_lanes=1,
        outputs=(Output(((0, 1.0),)), Output(((1, 1.0),)), Output(((1, 1.0),), "integral")),
    )


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("heun", 2), ("rk3", 3)])
def test_order_of_convergence(method, order):
    def change(t, x):
        out = 0.7 * math.exp(0.05 * t) * x[0]
        return [3 * (1 + 0.6 * math.sin(t)) - out, 0.8 * out - 0.4 * x[1], x[1]]

    exact = solve_ivp(change, (0, 8), [5.0, 1.0, 0.0], rtol=1e-12, atol=1e-12).y[:, -1]
    errors = [
        np.abs(path(seasonal_network(method, step), np.array([[0.05]]))[:, -1] - exact)
        for step in (0.05, 0.025)
    ]
    observed = np.log2(errors[0] / errors[1])
    np.testing.assert_allclose(observed, order, atol=0.1)


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("heun", 2), ("rk3", 3)])
def test_order_of_convergence_when_full(method, order):
    """Full throughout: the people delayed follow a smooth path, set by two places' leavers."""

    def delayed(step):
        net = saturated_pair(method, step)
        net = dataclasses.replace(
            net,
            start=[1e6, 6.0, 4.0, 4.0, 0.0, 0.0],
            windows=np.zeros((0, 2)),
            n_steps=round(10 / step),
            save_steps=[round(10 / step)],
        )
        return path(net)[2, -1]

    # d(delayed)/dt = 0.12 (10 - delayed) / 5 - 4 / 20
    exact = 5 / 3 + (4 - 5 / 3) * math.exp(-0.024 * 10)
    errors = [abs(delayed(step) - exact) for step in (1.0, 0.5)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)


# Rules


def test_nobody_waits_a_step_when_there_is_room():
    queue, inside = range(2)
    net = network(
        [0.0, 0.0],
        sources=(Source(queue, Value(2.0)),),
        days=5,
        gates=(gate(10.0, [inside], ((queue, inside),)),),
    )
    people = path(net)
    assert people[queue].max() == 0.0
    net = dataclasses.replace(net, n_steps=40, save_steps=np.arange(41))
    people = path(net)
    np.testing.assert_allclose(people[inside], np.minimum(0.5 * np.arange(41), 10.0))
    np.testing.assert_allclose(people[queue], np.maximum(0.5 * np.arange(41) - 10.0, 0.0))


def test_capacity_that_falls_evicts_nobody_and_admits_nobody():
    queue, inside, gone = range(3)
    table = np.where(np.arange(40) < 8, 20.0, 5.0)[:, None]
    net = network(
        [100.0, 20.0, 0.0],
        moves=(move(inside, 0.1, to(gone)),),
        gates=(gate(1.0, [inside], ((queue, inside),), capacity_table=0),),
        capacity_tables=table,
    )
    found = run(net)
    held = found.series[inside, :, 0]
    np.testing.assert_allclose(held[:9], 20.0)
    emptying = 20.0 * (1 - 0.025) ** np.arange(33)
    np.testing.assert_allclose(held[8:], np.maximum(emptying, 5.0))
    assert found.audit.capacity_excess[0] <= 1e-9


@pytest.mark.parametrize("method", ["heun", "rk3"])
def test_places_that_open_are_filled_at_once_by_every_method(method):
    queue, inside = range(2)
    table = np.where(np.arange(40) < 8, 5.0, 20.0)[:, None]
    net = network(
        [100.0, 5.0],
        method=method,
        capacity_tables=table,
        gates=(gate(1.0, [inside], ((queue, inside),), capacity_table=0),),
    )
    held = path(net)[inside]
    np.testing.assert_allclose(held[:9], 5.0)
    np.testing.assert_allclose(held[9:], 20.0)


def test_classes_are_served_in_order_and_entries_in_proportion():
    first, second, third, inside = range(4)
    entries = ((first, inside),), ((second, inside), (third, inside))
    net = network([6.0, 10.0, 30.0, 0.0], days=0.25, gates=(gate(10.0, [inside], *entries),))
    np.testing.assert_allclose(path(net)[:, -1], [0.0, 9.0, 27.0, 10.0])


def test_places_needed_and_split_admissions():
    queue, heavy, light, count = range(4)
    targets = (to(heavy, 0.25), to(light, 1.0, lane=0))
    entry = Entry(queue, targets, places=2.0, tally=count)
    net = network(
        [30.0, 0.0, 0.0, 0.0],
        days=0.25,
        gates=(Gate(Value(20.0), ((heavy, 2.0), (light, 2.0)), (PriorityClass((entry,)),)),),
        tally_rows=(count,),
        n_lanes=1,
    )
    np.testing.assert_allclose(path(net, np.array([[0.75]]))[:, -1], [20.0, 2.5, 7.5, 10.0])


def test_keep_free_holds_back_a_class():
    urgent, planned, inside = range(3)
    kept = Gate(
        Value(10.0),
        ((inside, 1.0),),
        (
            PriorityClass((Entry(urgent, (to(inside),)),)),
            PriorityClass((Entry(planned, (to(inside),)),), keep_free=Value(3.0)),
        ),
    )
    net = network([5.0, 20.0, 0.0], days=0.25, gates=(kept,))
    np.testing.assert_allclose(path(net)[:, -1], [0.0, 18.0, 7.0])
    net = network([9.0, 20.0, 0.0], days=0.25, gates=(kept,))
    np.testing.assert_allclose(path(net)[:, -1], [0.0, 20.0, 9.0])


def test_fence_limits_outsiders_together():
    own, other, owners, outsiders = range(4)
    fenced = Gate(
        Value(10.0),
        ((owners, 1.0), (outsiders, 1.0)),
        (
            PriorityClass(
                (Entry(other, (to(outsiders),)),),
                fences=(Fence(((outsiders, 1.0),), Value(4.0)),),
            ),
            PriorityClass((Entry(own, (to(owners),)),)),
        ),
    )
    net = network([20.0, 20.0, 0.0, 0.0], days=0.25, gates=(fenced,))
    np.testing.assert_allclose(path(net)[:, -1], [16.0, 14.0, 4.0, 6.0])


def test_room_overflows_to_each_rows_own_exit():
    near, far, inside, lost, diverted, count = range(6)
    entries = ((near, inside), (far, inside))
    room = Room((near, far), Value(4.0), overflow=(lost, diverted), tally=(NONE, count))
    net = network(
        [12.0, 4.0, 0.0, 0.0, 0.0, 0.0],
        days=0.25,
        tally_rows=(count,),
        gates=(gate(8.0, [inside], entries, rooms=(room,)),),
    )
    np.testing.assert_allclose(path(net)[:, -1], [3.0, 1.0, 8.0, 3.0, 1.0, 1.0])


def test_no_room_means_everybody_not_admitted_is_lost():
    queue, inside, lost = range(3)
    room = Room((queue,), Value(0.0), overflow=(lost,))
    net = network(
        [0.0, 0.0, 0.0],
        days=100,
        sources=(Source(queue, Value(5.0)),),
        moves=(move(inside, 0.2, to(lost)),),
        gates=(gate(10.0, [inside], ((queue, inside),), rooms=(room,)),),
    )
    people = path(net)
    assert people[queue].max() == 0.0
    assert people[inside, -1] == pytest.approx(10.0)


def test_overflow_reaches_the_next_gate_in_the_same_step():
    first, second, inside, other = range(4)
    room = Room((first,), Value(0.0), overflow=(second,))
    gates = (
        gate(6.0, [inside], ((first, inside),), rooms=(room,)),
        gate(100.0, [other], ((second, other),)),
    )
    net = network([10.0, 0.0, 0.0, 0.0], days=0.25, gates=gates)
    np.testing.assert_allclose(path(net)[:, -1], [0.0, 0.0, 6.0, 4.0])


def test_closed_gate_admits_nobody_and_keeps_its_capacity():
    queue, inside, gone = range(3)
    is_open = (np.arange(40) % 4 == 0)[:, None]
    net = network(
        [50.0, 8.0, 0.0],
        moves=(move(inside, 0.2, to(gone)),),
        gates=(gate(10.0, [inside], ((queue, inside),), open_table=0),),
        open_tables=is_open,
    )
    queues = path(net)[queue]
    admitted = -np.diff(queues)
    assert (admitted[is_open[:, 0]] > 0).all()
    np.testing.assert_array_equal(admitted[~is_open[:, 0]], 0.0)


def test_unlimited_gate_lets_everyone_through_and_counts_them():
    queue, inside, count = range(3)
    entry = Entry(queue, (to(inside),), tally=count)
    free = Gate(Value(math.inf), (), (PriorityClass((entry,)),))
    net = network([7.0, 0.0, 0.0], days=1, gates=(free,), tally_rows=(count,))
    np.testing.assert_array_equal(path(net)[:, -1], [0.0, 7.0, 7.0])


def test_a_table_may_lift_a_limit():
    queue, inside = range(2)
    table = np.where(np.arange(40) < 8, 5.0, math.inf)[:, None]
    limited = gate(1.0, [inside], ((queue, inside),), capacity_table=0)
    net = network([100.0, 0.0], gates=(limited,), capacity_tables=table)
    found = run(net)
    np.testing.assert_allclose(found.series[inside, [1, 8, 9], 0], [5.0, 5.0, 100.0])
    assert found.audit.capacity_excess[0] <= 0.0
    closed = dataclasses.replace(limited, capacity=Value(0.0))
    refused("nothing times infinity", dataclasses.replace(net, gates=(closed,)))


def test_people_who_wait_for_each_others_places_swap():
    a, wants_b, b, wants_a, swapped = range(5)
    gates = (
        gate(10.0, [a, wants_b], ((wants_a, a),)),
        gate(10.0, [b, wants_a], ((wants_b, b),)),
    )
    net = network(
        [6.0, 4.0, 7.0, 3.0, 0.0],
        days=0.25,
        gates=gates,
        gate_order=(0, 1, 0, 1),
        swaps=(Swap((wants_b, wants_a), swapped),),
        tally_rows=(swapped,),
    )
    np.testing.assert_allclose(path(net)[:, -1], [9.0, 1.0, 10.0, 0.0, 3.0])
    roomy = (gate(11.0, [a, wants_b], ((wants_a, a),)), gates[1])
    # Where one place is free, whoever is left after two visits could also have moved by more.
    end = path(dataclasses.replace(net, gates=roomy))[:, -1]
    visited = dataclasses.replace(net, gates=roomy, swaps=(), gate_order=(0, 1) * 4)
    np.testing.assert_allclose(end[:swapped], path(visited)[:swapped, -1])
    assert end[swapped] == pytest.approx(1.0)


def test_removals_take_in_proportion_up_to_their_number():
    first, second, queue, other = range(4)
    removals = (
        Removal(4, (first, second), Value(10.0), (queue, other)),
        Removal(9, (first, second), Value(1000.0), (queue, other)),
    )
    for method in METHODS:
        net = network([30.0, 10.0, 0.0, 0.0], removals=removals, method=method)
        people = path(net)
        np.testing.assert_allclose(people[:, 4], [30.0, 10.0, 0.0, 0.0])
        np.testing.assert_allclose(people[:, 5], [22.5, 7.5, 7.5, 2.5])
        np.testing.assert_allclose(people[:, 10], [0.0, 0.0, 30.0, 10.0], atol=1e-12)


@pytest.mark.parametrize("growth", [NONE, 1])
@pytest.mark.parametrize("lane", [NONE, 0])
def test_outflows_are_limited_to_everybody_there(lane, growth):
    net = network(
        [12.0, 0.0, 0.0],
        days=1,
        moves=(
            move(0, 12.0, to(1), lane=lane, growth=growth),
            move(0, 4.0, to(2), lane=lane, growth=growth),
        ),
        n_lanes=2,
    )
    found = run(net, np.array([[1.0], [0.0]]))
    np.testing.assert_allclose(found.series[:, 1, 0], [0.0, 9.0, 3.0])
    assert found.audit.largest_fraction[0] == pytest.approx(4.0)
    assert found.audit.smallest_stock[0] >= 0.0


# Outputs


@pytest.mark.parametrize("method", METHODS)
def test_integrals_changes_and_windows_agree(method):
    stay = ((0, 1.0), (1, 0.5))
    net = network(
        [40.0, 8.0, 3.0],
        save_every=7,
        method=method,
        moves=(move(0, 0.3, to(1)), move(1, 0.1, to(2))),
        outputs=(Output(((2, 1.0),)), Output(((2, 1.0),), "change"), Output(stay, "integral")),
        windows=np.array([[0, 40], [0, 7], [3, 11], [5, 5]]),
    )
    found = run(net)
    value, change, integral = found.series[:, :, 0]
    np.testing.assert_allclose(np.diff(value), change[1:], rtol=1e-9)
    assert change[0] == 0.0
    assert integral[0] == 0.0
    np.testing.assert_allclose(found.totals[:, 0, 0], [change.sum(), change.sum(), integral.sum()])
    np.testing.assert_allclose(found.totals[2, 1, 0], integral[1])
    np.testing.assert_array_equal(found.totals[:, 3, 0], 0.0)
    if method == "euler":
        every = path(network([40.0, 8.0, 3.0], moves=net.moves))
        held = every[0] + 0.5 * every[1]
        assert found.totals[2, 2, 0] == pytest.approx(0.25 * held[3:11].sum(), rel=1e-12)


def mixed_network(method="euler"):
    """A network that uses every kind of instruction, with five lanes that differ."""
    outside, a, blocked, b, home, lost, count = range(7)
    n_steps = 60
    profile = 1 + 0.5 * np.sin(stage_times(method, 0.25, n_steps))
    entries = (Entry(outside, (to(a, 1.0, lane=3), to(blocked, 1.0, lane=4)), tally=count),)
    return network(
        [4.0, 6.0, 0.0, 3.0, 0.0, 0.0, 0.0],
        days=15,
        save_every=6,
        method=method,
        start_lane=[NONE, 0, NONE, NONE, NONE, NONE, NONE],
        sources=(Source(outside, Value(2.0), profile=0, growth=1), Source(a, Value(0.5, 0))),
        moves=(
            move(a, 0.2, to(blocked, 0.3), to(home, 0.7), lane=2, tallies=(count,)),
            move(b, 0.1, to(home)),
            move(blocked, 0.02, to(lost), lane=2),
            move(blocked, 0.01, to(home), growth=1),
        ),
        gates=(
            gate(4.0, [b], ((blocked, b),)),
            Gate(
                Value(10.0, 0),
                ((a, 1.0), (blocked, 1.0)),
                (PriorityClass(entries),),
                rooms=(Room((outside,), Value(6.0), (lost,)),),
            ),
        ),
        profiles=profile[:, :, None],
        tally_rows=(count,),
        n_lanes=5,
        windows=np.array([[3, 60]]),
        outputs=(*(Output(((row, 1.0),)) for row in range(7)), Output(((a, 1.0),), "integral")),
    )


def mixed_members(n_members):
    rng = np.random.default_rng(7)
    share = rng.uniform(0.2, 0.9, n_members)
    return np.stack(
        [
            rng.uniform(0.5, 1.5, n_members),
            rng.uniform(-0.01, 0.01, n_members),
            rng.uniform(0.5, 2.0, n_members),
            share,
            1 - share,
        ]
    )


def assert_same_bits(found, expected):
    np.testing.assert_array_equal(found.series, expected.series)
    np.testing.assert_array_equal(found.totals, expected.totals)
    for part in ("summary", "audit"):
        for field in dataclasses.fields(getattr(expected, part)):
            given, wanted = getattr(found, part), getattr(expected, part)
            np.testing.assert_array_equal(
                getattr(given, field.name), getattr(wanted, field.name), err_msg=field.name
            )


@pytest.mark.parametrize("method", METHODS)
def test_bits_do_not_depend_on_threads(method):
    members = mixed_members(300)
    expected = run(mixed_network(method), members)
    for threads in (2, 5):
        assert_same_bits(run(mixed_network(method), members, threads=threads), expected)


@pytest.mark.parametrize("method", METHODS)
def test_members_bits_do_not_depend_on_chunk_or_order(method):
    net, members = mixed_network(method), mixed_members(150)
    expected = run(net, members)
    order = np.random.default_rng(3).permutation(150)
    shuffled = run(net, members[:, order])
    np.testing.assert_array_equal(shuffled.series, expected.series[:, :, order])
    np.testing.assert_array_equal(shuffled.totals, expected.totals[:, :, order])
    for first, last in ((0, 1), (1, 64), (40, 130), (149, 150)):
        part = run(net, members[:, first:last])
        np.testing.assert_array_equal(part.series, expected.series[:, :, first:last])
        np.testing.assert_array_equal(part.audit.residual, expected.audit.residual[first:last])


def test_bits_do_not_depend_on_what_is_saved():
    net, members = mixed_network(), mixed_members(3)
    rare = dataclasses.replace(net, save_steps=[60], windows=np.zeros((0, 2)))
    np.testing.assert_array_equal(
        run(rare, members).series[:7, -1], run(net, members).series[:7, -1]
    )


@pytest.mark.parametrize("n_members", [1, 63, 64, 65, 200])
def test_summary_is_that_of_the_members_alone(n_members):
    found = run(mixed_network(), mixed_members(n_members))
    np.testing.assert_allclose(found.summary.mean, found.series.mean(axis=2), atol=1e-12)
    squares = found.series.var(axis=2) * n_members
    np.testing.assert_allclose(found.summary.squares, squares, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(found.summary.lowest, found.series.min(axis=2))
    np.testing.assert_array_equal(found.summary.highest, found.series.max(axis=2))


def test_series_are_kept_for_the_first_members_only():
    members = mixed_members(130)
    expected = run(mixed_network(), members)
    for n_series in (0, 5, 64, 100, 500):
        found = run(mixed_network(), members, n_series=n_series)
        np.testing.assert_array_equal(found.series, expected.series[:, :, :n_series])
        np.testing.assert_array_equal(found.summary.mean, expected.summary.mean)


def test_progress_is_told_after_every_block():
    told = []
    run(mixed_network(), mixed_members(130), progress=told.append)
    assert told == [64, 128, 130]


# The audit


def test_audit_accounts_for_everybody():
    found = run(mixed_network(), mixed_members(70))
    assert found.audit.residual.max() < 1e-12
    assert found.audit.smallest_stock.min() >= 0.0
    assert found.audit.capacity_excess.max() <= 1e-9
    assert (found.audit.inflow > 15).all()


def test_audit_notices_people_who_vanish():
    net = network([10.0, 0.0], moves=(move(0, 0.1, to(1)),), tally_rows=(1,))
    lost = 1 - (1 - 0.025) ** 40
    assert run(net).audit.residual[0] == pytest.approx(lost)


def test_audit_notices_a_breach_of_capacity():
    queue, inside = range(2)
    net = network(
        [0.0, 4.0],
        days=2,
        sources=(Source(inside, Value(3.0)),),
        save_every=8,
        gates=(gate(5.0, [inside], ((queue, inside),)),),
    )
    assert run(net).audit.capacity_excess[0] == pytest.approx(5.0)


# Any network


@st.composite
def networks(draw):
    """Draw a network of stocks, competing moves, gates, rooms and swaps, and its members."""
    n_rows = draw(st.integers(4, 9))
    n_lanes = 2
    row = st.integers(0, n_rows - 2)
    rate = st.floats(0.0, 6.0)
    lane = st.integers(NONE, 0)
    moves = []
    for _ in range(draw(st.integers(1, 8))):
        split = draw(st.floats(0.0, 1.0))
        source = draw(row)
        ends = [draw(row), n_rows - 1]
        targets = (to(ends[0], split), to(ends[1], 1.0 - split))
        growth = draw(st.sampled_from([NONE, 1]))
        moves.append(move(source, draw(rate), *targets, lane=draw(lane), growth=growth))
    queues = draw(st.lists(row, unique=True, max_size=3))
    gates = []
    for queue in queues:
        inside = draw(row.filter(lambda r, queue=queue: r != queue))
        others = draw(st.lists(row, unique=True, max_size=2))
        rooms = ()
        if draw(st.booleans()):
            rooms = (Room((queue,), Value(draw(st.floats(0, 5))), (n_rows - 1,)),)
        gates.append(
            gate(
                draw(st.floats(0.0, 30.0)),
                sorted({inside, *others}),
                ((queue, inside),),
                keep_free=draw(st.floats(0.0, 3.0)),
                rooms=rooms,
            )
        )
    order = tuple(range(len(gates))) * draw(st.integers(1, 2))
    net = network(
        draw(st.lists(st.floats(0.0, 50.0), min_size=n_rows, max_size=n_rows)),
        days=5,
        method=draw(st.sampled_from(METHODS)),
        sources=(Source(draw(row), Value(draw(rate), 0), growth=1),),
        moves=tuple(moves),
        gates=tuple(gates),
        gate_order=order,
        n_lanes=n_lanes,
    )
    member = st.tuples(st.floats(0.1, 3.0), st.floats(-0.05, 0.05))
    members = np.array(draw(st.lists(member, min_size=1, max_size=3))).T
    return net, members


@settings(max_examples=150, deadline=None)
@given(networks())
def test_nobody_is_lost_and_no_stock_is_negative(drawn):
    net, members = drawn
    audit = run(net, members).audit
    assert audit.residual.max() < 1e-9
    assert audit.smallest_stock.min() >= -1e-9


# Refusals


def refused(match, net, members=ONE_MEMBER):
    with pytest.raises(ValueError, match=match):
        run(net, members)


def test_contradictions_are_refused_by_name():
    refused("move 0 names row 5 of 2", network([1.0, 0.0], moves=(move(0, 0.1, to(5)),)))
    refused("move 0: shares are off 1", network([1.0, 0.0], moves=(move(0, 0.1, to(1, 0.9)),)))
    refused("move 0 has an impossible rate", network([1.0, 0.0], moves=(move(0, -1.0, to(1)),)))
    refused("row 0 has an impossible start", network([-1.0]))
    refused("members' table has shape", network([1.0], n_lanes=1))
    refused("lies outside the run", network([1.0], windows=np.array([[0, 99]])))
    refused("save_steps do not increase", dataclasses.replace(network([1.0]), save_steps=[3, 2]))
    profile = Source(0, Value(1.0), profile=0)
    refused("profiles has 0 columns", network([1.0], sources=(profile,)))
    wrong = np.ones((40, 2, 1))
    refused("2 stages but euler has 1", network([1.0], sources=(profile,), profiles=wrong))
    inside = gate(1.0, [1], ((0, 1),))
    refused("does not name each", network([1.0, 0.0], gates=(inside,), gate_order=()))
    refused("queue of more than one", network([1.0, 0.0], gates=(inside, inside)))
    refused("names rows that are not queues", network([1.0, 0.0], swaps=(Swap((0, 1)),)))
    removal = Removal(99, (0,), Value(1.0), (1,))
    refused("removal 0", network([1.0, 0.0], removals=(removal,)))


def test_a_swap_that_needs_more_places_than_it_frees_is_refused():
    a, wants_b, b, wants_a = range(4)
    needy = Gate(
        Value(10.0), ((b, 2.0), (wants_a, 1.0)), (PriorityClass((Entry(wants_b, (to(b),), 2.0),)),)
    )
    gates = (gate(10.0, [a, wants_b], ((wants_a, a),)), needy)
    net = network([1.0, 1.0, 1.0, 1.0], gates=gates, swaps=(Swap((wants_b, wants_a)),))
    refused("need 2.0 places", net)
