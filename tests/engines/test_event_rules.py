"""Each rule by a tiny example without chance, whose outcome is worked out by hand."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest
from event_models import WEEKDAYS_8_TO_17, Network

from caresim.engines.event.log import OUTCOMES
from caresim.engines.event.run import EventOutput, run
from caresim.model import Census, Exit, Model, PlacesPerPerson, Queued, RunSettings, Timeline
from caresim.stays import fixed

ONE = RunSettings(engine="event", members=1, save_days=1)


def network(settings, arrivals=None, *, days=30.0, deadlock="swap", **more) -> Network:
    return Network(settings, arrivals or {}, days=days, run=replace(ONE, deadlock=deadlock), **more)


def began(net: Network, census=(), queued=()) -> EventOutput:
    """Run from a census of (setting, people, elapsed) and queues of (to, source, people)."""
    return run(started(net, census, queued), log=True, threads=1)


def started(net: Network, census=(), queued=()) -> Model:
    model = net.model()
    return replace(
        model,
        census=tuple(
            Census(net.to(name), 0, people, tuple(np.atleast_1d(elapsed).tolist()))
            for name, people, elapsed in census
        ),
        queued=tuple(
            Queued(net.to(to), 0, net.source(source), people) for to, source, people in queued
        ),
    )


def rows(output: EventOutput, setting: int) -> list[tuple[float, float, float, float, int, str]]:
    """Requested, started, ready, left, next and outcome of the rows of a setting, by start."""
    log = output.log
    assert log is not None
    mine = np.flatnonzero(log.setting == setting)
    found = [
        (
            log.requested[i],
            log.started[i],
            log.ready[i],
            log.left[i],
            int(log.next_setting[i]),
            OUTCOMES[log.outcome[i]],
        )
        for i in mine
    ]
    return sorted(found, key=lambda row: (row[1], row[0], row[3]))


def passed(output: EventOutput) -> bool:
    return all(check.passed for check in output.checks)


def total(output: EventOutput, name: str, *place: int) -> float:
    return float(output.totals[name][(0, 0, *place)])


def test_blocking_after_service_passes_back_through_three_settings():
    net = network(
        {
            "a": {"capacity": 1, "stay": fixed(2.0), "then": {"b": 1.0}},
            "b": {"capacity": 1, "stay": fixed(3.0), "then": {"c": 1.0}},
            "c": {"capacity": 1, "stay": fixed(10.0)},
        },
        {"calls": {"to": "a", "rate": 0.0}},
    )
    output = began(net, [("a", 1, 0), ("b", 1, 0), ("c", 1, 0)], [("a", "calls", 1)])
    # c is free on day 10: all move up at once, and the one outside enters a.
    assert rows(output, 0)[0][2:5] == (2.0, 10.0, 1)
    assert rows(output, 1)[0][2:5] == (3.0, 10.0, 2)
    assert rows(output, 2)[0][3] == 10.0
    assert rows(output, 0)[1][:4] == (0.0, 10.0, 12.0, 20.0)
    # From 12 to 20 a waits for b again; b waits for c from 3, 13 and 23 for 7 days each.
    assert total(output, "delayed", 0, 0) == pytest.approx((8 + 8) / 30)
    assert total(output, "delayed", 1, 0) == pytest.approx(3 * 7 / 30)
    assert total(output, "delayed_by_reason", 0, 2) == pytest.approx(16 / 30)
    assert total(output, "moves", 0, 1) == 2
    assert passed(output)


def test_arrangement_then_capacity_then_transfer():
    route = {"share": 1.0, "steps": [(fixed(1.0), 1.0), (fixed(2.0), 1.0)], "transfer": fixed(0.5)}
    net = network(
        {
            "a": {"capacity": 5, "stay": fixed(4.0), "then": {"b": route}},
            "b": {"capacity": 1, "stay": fixed(9.0)},
        }
    )
    output = began(net, [("a", 1, 0), ("b", 1, 0)])
    # Ready on day 4, asks on day 7, is given the place on day 9, enters at 9.5.
    assert rows(output, 0)[0][2:4] == (4.0, 9.5)
    assert rows(output, 1)[1][:4] == (7.0, 9.5, 18.5, 18.5)
    by_reason = output.totals["delayed_by_reason"][0, 0, 0] * 30
    assert by_reason == pytest.approx([3.0, 0.0, 2.0, 0.5])
    # Both places are held in the transfer.
    assert total(output, "places_used", 1) * 30 == pytest.approx(9 + 0.5 + 9)
    assert total(output, "occupied", 1, 0) * 30 == pytest.approx(18)
    assert passed(output)


def test_a_step_is_taken_by_its_share():
    route = {"share": 1.0, "steps": [(fixed(1.0), 0.0), (fixed(2.0), 1.0)]}
    net = network({"a": {"stay": fixed(4.0), "then": {"home": route}}})
    assert rows(began(net, [("a", 1, 0)]), 0)[0][2:4] == (4.0, 6.0)


def test_wait_at_home_frees_the_place_and_waits_outside():
    route = {"share": 1.0, "wait_at_home": True, "steps": [(fixed(1.0), 1.0)], "pathway": 1}
    net = network(
        {
            "a": {"capacity": 1, "stay": fixed(2.0), "then": {"b": route}},
            "b": {"capacity": 1, "stay": fixed(6.0)},
        }
    )
    output = began(net, [("a", 1, 0), ("b", 1, 0)])
    assert rows(output, 0)[0][2:5] == (2.0, 2.0, 1)
    assert rows(output, 1)[1][:2] == (3.0, 6.0)
    assert total(output, "waiting", 1, 0) * 30 == pytest.approx(4.0)
    assert total(output, "delayed", 0, 0) == 0.0
    assert total(output, "moves", 0, 1) == 1
    assert total(output, "pathway_discharges", 0, 1) == 1
    assert passed(output)


def test_without_room_at_home_people_stay_delayed_until_there_is():
    route = {"share": 1.0, "wait_at_home": True}
    net = network(
        {
            "a": {"capacity": 3, "stay": fixed(2.0), "then": {"b": route}},
            "b": {"capacity": 1, "stay": fixed(6.0), "room": 1},
        }
    )
    output = began(net, [("a", 3, [2.0 - 2.0, 1.0, 1.5]), ("b", 1, 0)])
    left = sorted(row[3] for row in rows(output, 0))
    ready = sorted(row[2] for row in rows(output, 0))
    # The first to be ready goes home; the next ones when b and then its list move on.
    assert left[0] == ready[0]
    assert left[1:] == [6.0, 12.0]
    assert passed(output)


def test_places_fall_with_the_share_of_the_stay():
    places = PlacesPerPerson("share_of_stay", (0.0, 0.5), (2.0, 1.0))
    net = network(
        {"a": {"capacity": 3, "stay": fixed(8.0), "places": places}},
        {"calls": {"to": "a", "rate": 0.0}},
    )
    output = began(net, [], [("a", "calls", 3)])
    # One takes 2 of 3 places; on day 4 one falls free, and the next takes 2; and so on.
    assert [row[1] for row in rows(output, 0)] == [0.0, 4.0, 8.0]
    assert total(output, "places_used", 0) * 30 == pytest.approx(3 * (8 + 4))
    assert passed(output)


def test_places_fall_with_time_and_the_last_is_kept_while_delayed():
    places = PlacesPerPerson("elapsed", (0.0, 1.0, 3.0), (4.0, 2.0, 1.0))
    net = network(
        {
            "a": {"capacity": 4, "stay": fixed(5.0), "places": places, "then": {"b": 1.0}},
            "b": {"capacity": 1, "stay": fixed(7.0)},
        }
    )
    output = began(net, [("a", 1, 0), ("b", 1, 0)])
    assert total(output, "places_used", 0) * 30 == pytest.approx(4 + 2 * 2 + 2 + 2)
    assert passed(output)


def test_someone_who_needs_more_places_than_are_free_holds_up_all_behind():
    places = PlacesPerPerson("constant", (0.0,), (2.0,))
    net = network(
        {"a": {"capacity": 3, "stay": fixed(5.0), "places": places}},
        {"calls": {"to": "a", "rate": 0.0}},
    )
    output = began(net, [], [("a", "calls", 2)])
    assert [row[1] for row in rows(output, 0)] == [0.0, 5.0]


def test_priority_then_first_come_first_served():
    net = network(
        {
            "a": {"capacity": 1, "stay": fixed(4.0), "priority": [["second"]]},
        },
        {"first": {"to": "a", "rate": 0.0}, "second": {"to": "a", "rate": 0.0}},
    )
    output = began(net, [("a", 1, 0)], [("a", "first", 2), ("a", "second", 2)])
    log = output.log
    order = np.argsort(log.started[log.setting == 0])
    # Streams: 0 and 1 are the arrivals, 2 the census, 3 and 4 the queues as written.
    streams = (log.person[log.setting == 0] >> 41)[order]
    assert streams.tolist() == [2, 4, 4, 3, 3]


def queue_of(setting, queue, days=30.0, census=1, **more):
    """One place used by someone for 10 days, and a queue of calls for it."""
    net = network(
        {"a": {"capacity": 1, "stay": fixed(10.0), **setting}, "b": {"stay": fixed(3.0)}},
        {"calls": {"to": "a", "rate": 0.0}},
        days=days,
        **more,
    )
    return began(net, [("a", census, 0)], [("a", "calls", queue)])


def test_maximum_wait_sends_people_elsewhere():
    output = queue_of({"max_waits": [{"days": 4.0, "to": "b"}]}, 2)
    assert [row[:4] for row in rows(output, 1)] == [(4.0, 4.0, 7.0, 7.0)] * 2
    assert total(output, "rerouted", 0, 0) == 2
    assert passed(output)


def test_maximum_wait_of_the_same_day():
    output = queue_of({"max_waits": [{"same_day": True, "to": "b"}]}, 2)
    assert [row[1] for row in rows(output, 1)] == [1.0, 1.0]


def test_maximum_wait_only_for_its_sources():
    output = queue_of({"max_waits": [{"days": 4.0, "to": "b", "for": ["b"]}]}, 1)
    assert rows(output, 1) == []


def test_maximum_wait_of_people_delayed_elsewhere():
    net = network(
        {
            "a": {"stay": fixed(1.0), "then": {"b": 1.0}},
            "b": {
                "capacity": 1,
                "stay": fixed(20.0),
                "max_waits": [{"days": 4.0, "to": "interim", "for": ["a"]}],
            },
            "interim": {"stay": fixed(2.0)},
        }
    )
    output = began(net, [("a", 1, 0), ("b", 1, 0)])
    assert rows(output, 0)[0][2:5] == (1.0, 5.0, 2)
    assert total(output, "rerouted", 1, 0) == 1
    assert total(output, "moves", 0, 2) == 1


def test_capacity_that_falls_evicts_nobody():
    capacity = Timeline(np.array([0.0, 5.0, 12.0]), np.array([3.0, 1.0, 2.0]))
    net = network(
        {"a": {"capacity": capacity, "stay": fixed(10.0)}}, {"calls": {"to": "a", "rate": 0.0}}
    )
    output = began(net, [("a", 3, 0)], [("a", "calls", 2)])
    # Three are there until day 10; then one place, then on day 12 a second.
    assert [row[1] for row in rows(output, 0)] == [0.0, 0.0, 0.0, 10.0, 12.0]
    assert total(output, "capacity", 0) == pytest.approx((5 * 3 + 7 * 1 + 18 * 2) / 30)
    assert passed(output)


def test_calendar_admits_only_in_its_hours():
    # 2024-01-05 is a Friday: places fall free on Friday 18:00 and are given on Monday 08:00.
    net = network(
        {"a": {"capacity": 1, "stay": fixed(0.75), "calendar": WEEKDAYS_8_TO_17}},
        {"calls": {"to": "a", "rate": 0.0}},
        start_date=datetime.date(2024, 1, 5),
        days=10.0,
    )
    output = began(net, [("a", 1, 0)], [("a", "calls", 2)])
    starts = [row[1] for row in rows(output, 0)]
    assert starts == pytest.approx([0.0, 3 + 8 / 24, 4 + 8 / 24])


def test_closed_days_admit_nobody():
    calendar = replace(WEEKDAYS_8_TO_17, closed_days=frozenset({3}))
    net = network(
        {"a": {"stay": fixed(0.75), "calendar": calendar}},
        {"calls": {"to": "a", "rate": 0.0}},
        start_date=datetime.date(2024, 1, 5),
        days=10.0,
    )
    output = began(net, [], [("a", "calls", 1)])
    assert rows(output, 0)[0][1] == pytest.approx(8 / 24)
    weekend = replace(net, start_date=datetime.date(2024, 1, 6))
    weekend = Network(
        **{
            k: getattr(weekend, k)
            for k in ("settings", "arrivals", "cohorts", "days", "start_date", "run", "more")
        }
    )
    calendar_two = rows(began(weekend, [], [("a", "calls", 1)]), 0)[0][1]
    assert calendar_two == pytest.approx(2 + 8 / 24)


def test_ring_fenced_places_are_only_for_their_sources():
    rule = [{"rule": "ring_fenced", "for": ["ours"], "places": 2}]
    net = network(
        {"a": {"capacity": 3, "stay": fixed(5.0), "reserved": rule}},
        {"theirs": {"to": "a", "rate": 0.0}, "ours": {"to": "a", "rate": 0.0}},
    )
    output = began(net, [], [("a", "theirs", 3), ("a", "ours", 1)])
    # One of the others may enter; the fenced place that ours leaves unused stays empty.
    assert [row[1] for row in rows(output, 0)] == [0.0, 0.0, 5.0, 10.0]
    both = began(net, [], [("a", "theirs", 1), ("a", "ours", 3)])
    assert [row[1] for row in rows(both, 0)] == [0.0, 0.0, 0.0, 5.0]
    assert passed(output)
    assert passed(both)


def test_two_ring_fences_leave_the_common_places_to_all():
    rules = [
        {"rule": "ring_fenced", "for": ["x"], "places": 1},
        {"rule": "ring_fenced", "for": ["y"], "places": 1},
    ]
    net = network(
        {"a": {"capacity": 3, "stay": fixed(5.0), "reserved": rules}},
        {name: {"to": "a", "rate": 0.0} for name in ("z", "x", "y")},
    )
    output = began(net, [], [("a", "z", 3), ("a", "x", 1), ("a", "y", 1)])
    assert [row[1] for row in rows(output, 0)] == [0.0, 0.0, 0.0, 5.0, 10.0]


@pytest.mark.parametrize(
    ("x", "y", "z", "expected"),
    [
        # One place for x, two for x or y, two for all.
        (9, 0, 0, (5, 0, 0)),
        (0, 9, 0, (0, 4, 0)),
        (0, 0, 9, (0, 0, 2)),
        (3, 1, 9, (3, 1, 1)),
        (2, 9, 9, (2, 3, 0)),
        (1, 9, 9, (1, 4, 0)),
        (1, 2, 9, (1, 2, 2)),
    ],
)
def test_a_source_of_two_ring_fences_may_use_the_places_of_both(x, y, z, expected):
    rules = [
        {"rule": "ring_fenced", "for": ["x", "y"], "places": 2},
        {"rule": "ring_fenced", "for": ["x"], "places": 1},
    ]
    names = ("x", "y", "z")
    net = network(
        {"a": {"capacity": 5, "stay": fixed(50.0), "reserved": rules}},
        {name: {"to": "a", "rate": 0.0} for name in names},
        cohorts=names,
    )
    waiting = tuple(Queued(0, c, c, people) for c, people in enumerate((x, y, z)) if people)
    output = run(replace(net.model(), queued=waiting), threads=1)
    assert output.totals["admissions"][0, 0, 0].tolist() == list(expected)
    assert passed(output)


def test_the_last_free_places_are_kept_for_some():
    rule = [{"rule": "keep_free", "for": ["ours"], "places": 1}]
    net = network(
        {"a": {"capacity": 2, "stay": fixed(5.0), "reserved": rule}},
        {"theirs": {"to": "a", "rate": 0.0}, "ours": {"to": "a", "rate": 0.0}},
    )
    output = began(net, [], [("a", "theirs", 2), ("a", "ours", 2)])
    # One each at once; on day 5 both places fall free, first one of ours, then nobody else may.
    streams = output.log.person >> 41
    by_start = sorted(zip(output.log.started, streams, strict=True))
    assert [int(s) for _, s in by_start] == [2, 3, 3, 2]
    assert passed(output)


def test_planned_moves_take_those_longest_there():
    net = network(
        {
            "a": {"stay": fixed(100.0), "planned_moves": [(3.0, 2, "b")]},
            "b": {"capacity": 1, "stay": fixed(4.0)},
        }
    )
    output = began(net, [("a", 3, [1.0, 2.0, 3.0, 4.0])])
    a = rows(output, 0)
    # The two who began first are ready on day 3; b has one place, then another on day 7.
    assert [row[2] for row in a[:2]] == [3.0, 3.0]
    assert [row[3] for row in a[:2]] == [3.0, 7.0]
    assert a[2][5] == "censored"


def test_a_planned_move_at_the_start_takes_people_who_have_been_there_for_no_time():
    net = network(
        {"a": {"stay": fixed(100.0), "planned_moves": [(0.0, 2, "b")]}, "b": {"stay": fixed(4.0)}}
    )
    assert total(began(net, [("a", 3, 0.0)]), "moves", 0, 1) == 2


def test_a_planned_move_to_where_people_are_takes_nobody_twice():
    net = network({"a": {"stay": fixed(100.0), "planned_moves": [(0.0, 5, "a")]}})
    assert total(began(net, [("a", 3, 0.0)]), "stays_ended", 0, 0) == 3


def test_circular_blocking_is_undone_by_a_swap():
    net = network(
        {
            "a": {"capacity": 1, "stay": fixed(2.0), "then": {"b": 1.0}},
            "b": {"capacity": 1, "stay": fixed(3.0), "then": {"a": 1.0}},
        },
        days=9.0,
    )
    output = began(net, [("a", 1, 0), ("b", 1, 0)])
    # a is ready on day 2, b on day 3: they change places; and again on day 6 and 9.
    assert [row[1] for row in rows(output, 0)] == [0.0, 3.0, 6.0]
    assert [row[1] for row in rows(output, 1)] == [0.0, 3.0, 6.0]
    assert total(output, "swaps") == 2
    assert passed(output)


def test_a_circle_of_three():
    net = network(
        {
            "a": {"capacity": 1, "stay": fixed(1.0), "then": {"b": 1.0}},
            "b": {"capacity": 1, "stay": fixed(2.0), "then": {"c": 1.0}},
            "c": {"capacity": 1, "stay": fixed(3.0), "then": {"a": 1.0}},
        },
        days=5.0,
    )
    output = began(net, [("a", 1, 0), ("b", 1, 0), ("c", 1, 0)])
    assert [rows(output, s)[1][1] for s in range(3)] == [3.0, 3.0, 3.0]
    assert total(output, "swaps") == 1


def test_deadlock_may_stop_the_run():
    net = network(
        {
            "a": {"capacity": 1, "stay": fixed(2.0), "then": {"b": 1.0}},
            "b": {"capacity": 1, "stay": fixed(3.0), "then": {"a": 1.0}},
        },
        deadlock="stop",
    )
    output = began(net, [("a", 1, 0), ("b", 1, 0)])
    assert output.deadlock_days.tolist() == [3.0]
    assert "day 3.00" in output.notes[0]
    assert total(output, "delayed", 0, 0) == pytest.approx(28 / 30)


def test_a_route_to_ones_own_setting_is_a_new_stay():
    net = network(
        {"a": {"capacity": 1, "stay": fixed(4.0), "then": {"again": {"to": "a", "share": 1.0}}}}
    )
    output = began(net, [("a", 1, 0)])
    assert [row[1] for row in rows(output, 0)] == [0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0]
    # Nobody has changed places with anybody.
    assert total(output, "moves", 0, 0) == 7
    assert total(output, "swaps") == 0


@pytest.mark.parametrize("capacity", [1, 2])
def test_the_way_to_ones_own_place_takes_no_time(capacity):
    again = {"to": "a", "share": 1.0, "transfer": fixed(0.5)}
    net = network({"a": {"capacity": capacity, "stay": fixed(4.0), "then": {"again": again}}})
    output = began(net, [("a", 1, 0)])
    assert [row[1] for row in rows(output, 0)] == [0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0]


@pytest.mark.parametrize(("transfer", "left"), [(None, 4.0), (fixed(0.5), 4.5)])
def test_who_needs_the_first_place_again_goes_there_as_first_meant(transfer, left):
    delayed = {"c": 50.0, "b": 50.0}
    net = network(
        {
            "a": {
                "stay": fixed(1.0),
                "then": {"b": {"share": 1.0, "transfer": transfer, "while_delayed": delayed}},
            },
            "b": {"capacity": Timeline(np.array([0.0, 4.0]), np.array([0.0, 40.0]))},
            "c": {"capacity": 0, "stay": 1.0},
        },
        days=6.0,
    )
    output = began(net, [("a", 20, 0)])
    moved = [row[3] for row in rows(output, 0) if row[5] == "moved"]
    # Half are waiting for the one and half for the other when the one opens.
    assert len(moved) == 20
    assert np.mean(np.array(moved) == left) > 0.2
    # Nobody comes on foot who should be taken.
    assert min(moved) == left


def test_leaving_an_arrangement_for_where_it_leads():
    arranged = {"share": 1.0, "steps": [(fixed(20.0), 1.0)], "while_delayed": {"home": 50.0}}
    net = network({"a": {"stay": fixed(1.0), "then": {"home": arranged}}})
    output = began(net, [("a", 20, 0)])
    assert total(output, "left_delayed", 0, 0) == total(output, "home", 0, 0) == 20
    assert max(row[3] for row in rows(output, 0)) < 2.0


def test_overflow_loses_or_diverts():
    capacity = {"capacity": 1, "stay": fixed(1000.0), "room": 0.0}
    for overflow, name in (("lost", "lost"), ("b", "diverted")):
        net = network(
            {"a": {**capacity, "overflow": overflow}, "b": {"stay": fixed(1.0)}},
            {"calls": {"to": "a", "rate": 3.0}},
        )
        output = began(net, [("a", 1, 0)])
        turned = total(output, name, 0, 0)
        assert turned == total(output, "arrivals", 0, 0) > 50
        assert total(output, "arrivals", 1, 0) == (turned if overflow == "b" else 0)
        assert passed(output)


def test_settings_that_divert_to_each_other_turn_people_away():
    full = {"capacity": 0, "stay": fixed(1.0), "room": 0.0}
    net = network(
        {"a": {**full, "overflow": "b"}, "b": {**full, "overflow": "a"}},
        {"calls": {"to": "a", "rate": 3.0}},
    )
    output = began(net)
    assert output.totals["lost"][0, 0].sum() == total(output, "arrivals", 0, 0) / 2 > 20
    assert passed(output)


def test_leaving_a_delay_for_home_another_setting_and_the_same():
    delayed = {"share": 1.0, "while_delayed": {"home": 50.0}}
    base = {"b": {"capacity": 0, "stay": 1.0}, "c": {"stay": fixed(2.0)}}
    net = network({"a": {"stay": fixed(1.0), "then": {"b": delayed}}, **base})
    output = began(net, [("a", 20, 0)])
    assert total(output, "left_delayed", 0, 0) == total(output, "home", 0, 0) == 20
    other = {"share": 1.0, "while_delayed": {"c": 50.0}}
    output = began(
        network({"a": {"stay": fixed(1.0), "then": {"b": other}}, **base}), [("a", 20, 0)]
    )
    assert total(output, "moves", 0, 2) == 20
    same = {"share": 1.0, "while_delayed": {"a": 50.0}}
    output = began(
        network({"a": {"stay": fixed(1.0), "then": {"b": same}}, **base}, days=3.0), [("a", 20, 0)]
    )
    assert total(output, "left_delayed", 0, 0) >= 20
    assert {row[5] for row in rows(output, 0)} == {"began_again", "censored"}
    assert total(output, "occupied", 0, 0) == pytest.approx(20)
    assert passed(output)


def test_leaving_a_wait_for_home_and_another_setting():
    output = queue_of({"leaving": {"home": 30.0, "b": 30.0}}, 200, census=1)
    to_home, to_b = total(output, "home", 0, 0), total(output, "admissions", 1, 0)
    assert total(output, "left_waiting", 0, 0) == 200 == to_home - 1 + to_b
    assert 60 < to_b < 140
    assert passed(output)


def test_census_above_capacity_closes_places_as_they_empty():
    net = network({"a": {"capacity": 1, "stay": fixed(10.0)}}, {"calls": {"to": "a", "rate": 0.0}})
    output = began(net, [("a", 3, [2.0, 4.0, 6.0])], [("a", "calls", 1)])
    ends = sorted(row[3] for row in rows(output, 0) if row[1] < 0)
    entered = [row[1] for row in rows(output, 0) if row[0] == 0.0]
    assert entered == [ends[-1]]


def test_people_delayed_at_the_start_keep_their_place_in_the_queue():
    net = network(
        {
            "a": {"capacity": 4, "stay": fixed(1.0), "then": {"b": 1.0}},
            "b": {"capacity": 1, "stay": fixed(5.0)},
        }
    )
    output = began(net, [("a", 3, 0), ("b", 1, 0)], [("b", "a", 2)])
    # Two are delayed already; the third is ready on day 1 and goes last.
    assert [row[:2] for row in rows(output, 1)][1:4] == [(0.0, 5.0), (0.0, 10.0), (1.0, 15.0)]
    assert total(output, "occupied", 0, 0) * 30 == pytest.approx(5 + 10 + 15)


def test_transfer_of_arrivals_holds_only_the_place_arrived_at():
    net = network(
        {"a": {"capacity": 1, "stay": fixed(2.0)}},
        {"calls": {"to": "a", "rate": 0.02, "transfer": fixed(1.0)}},
        days=400.0,
    )
    output = began(net)
    admitted = total(output, "admissions", 0, 0)
    assert admitted > 3
    first = rows(output, 0)[0]
    assert first[1] == pytest.approx(first[0] + 1.0)
    used = total(output, "places_used", 0) * 400
    assert used == pytest.approx(3.0 * admitted, abs=3.0)
    assert passed(output)


def test_exits_are_counted_and_named():
    net = network({"a": {"stay": fixed(2.0), "then": {"died": 0.5, "elsewhere": 0.5}}})
    output = began(net, [("a", 100, 0)])
    died, away = total(output, "died", 0, 0), total(output, "elsewhere", 0, 0)
    assert died + away == 100
    assert 25 < died < 75
    assert {row[4] for row in rows(output, 0)} == {Exit.DIED, Exit.ELSEWHERE}
