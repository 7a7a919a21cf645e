"""A board beside its peers, and the places its demand needs."""

import pytest

from caresim.places.boards import board, boards
from caresim.places.boards.needs import IN_USE, needs
from caresim.places.boards.peers import MEASURES, nearest_peers, standings


def test_ranks_go_from_the_highest_down():
    everyone = list(boards().values())
    ranks = sorted(
        (standings(b, everyone)["occupancy"].rank, b["occupancy"]) for b in boards().values()
    )
    assert ranks[0][0] == 1
    values = [value for _, value in ranks]
    assert values == sorted(values, reverse=True)


def test_quarters_hold_as_many_boards_each():
    everyone = list(boards().values())
    quarters = [standings(b, everyone)["acute_beds"].quartile for b in everyone]
    assert sorted(quarters.count(q) for q in (1, 2, 3, 4)) == [10, 10, 11, 11]
    highest = max(everyone, key=MEASURES["acute_beds"].of)
    assert standings(highest, everyone)["acute_beds"].quartile == 4


def test_a_board_without_the_figure_has_no_rank():
    standing = standings(board("QE1"), list(boards().values()))["delayed"]
    assert standing.value is None
    assert standing.rank is None
    assert standing.quartile is None
    assert standing.compared == 28
    assert standing.low_quarter < standing.median < standing.high_quarter


def test_the_nearest_peers_are_near_and_the_board_is_first():
    peers = nearest_peers(board("QT6"), 5)
    assert len(peers) == 6
    assert peers[0].code == "QT6"
    share = [p.aged_75_plus / p["adults"] for p in peers]
    assert min(share) > 0.09  # an old place is compared with old places
    assert max(p["adults"] for p in peers) < 1e6


@pytest.fixture(scope="module")
def bristol():
    return {need.setting: need for need in needs(board("QUY"))}


def test_what_is_needed_follows_from_the_load(bristol):
    acute = bristol["acute"]
    assert acute.load == pytest.approx(board("QUY")["beds_occupied"], rel=0.003)
    assert acute.for_use == pytest.approx(acute.load / IN_USE, abs=1)
    assert acute.load < acute.for_wait < acute.for_use  # many places need little slack
    assert acute.load_at_end / acute.load == pytest.approx(1.008**5, rel=0.01)


def test_small_services_need_more_slack(bristol):
    beds, acute = bristol["community_beds"], bristol["acute"]
    assert beds.for_wait / beds.load > acute.for_wait / acute.load
    assert bristol["home_support"].places is None
