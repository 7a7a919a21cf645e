"""Codes and names of areas, which drift from file to file."""

import pytest

from caresim.places.readers.areas import ENGLAND, boards, councils, identify


def test_tables_are_whole():
    assert len({area.code for area in boards().values()}) == 42
    assert len(boards()) == 84
    now = [council for council in councils().values() if council.until is None]
    assert {code for c in councils().values() for code in c.became} - set(councils()) == {
        "E06000057",
        "E08000037",
    } - set(councils())
    assert len({council.code for council in now}) == len(now)
    for council in councils().values():
        assert bool(council.became) == (council.until is not None)


@pytest.mark.parametrize(
    ("code", "name", "hint", "found"),
    [
        ("QUY", "", "", ("E54000039", "board")),
        ("E54000039", "", "", ("E54000039", "board")),
        ("", "NHS BRISTOL, NORTH SOMERSET AND SOUTH GLOUCESTERSHIRE ICB", "board",
         ("E54000039", "board")),
        ("-", "England", "council", (ENGLAND, "country")),
        ("ENGLAND", "", "", (ENGLAND, "country")),
        ("TOTAL", "TOTAL", "provider", (ENGLAND, "country")),
        ("-", "ENGLAND (Type 1 Trusts)", "", (ENGLAND, "country")),
        ("", "Bristol UA", "council", ("E06000023", "council")),
        ("", "Bristol, City of", "council", ("E06000023", "council")),
        ("", "Kingston Upon Hull UA", "council", ("E06000010", "council")),
        ("", "Kingston upon Thames", "council", ("E09000021", "council")),
        ("", "Medway Towns UA", "council", ("E06000035", "council")),
        ("", "County Durham", "council", ("E06000047", "council")),
        ("", "City Of London", "council", ("E09000001", "council")),
        ("", "St. Helens", "council", ("E08000013", "council")),
        ("", "Telford & Wrekin UA", "council", ("E06000020", "council")),
        ("716", "Barking & Dagenham", "council", ("E09000002", "council")),
        ("00KB", "Bedford", "council", ("E06000055", "council")),
        ("9900", "Resident In Wales", "council", ("", "outside")),
        ("RA7", "UHBW", "", ("RA7", "trust")),
        ("NLX24", "A centre", "provider", ("NLX24", "provider")),
        ("Y58", "SOUTH WEST", "", ("Y58", "region")),
        ("-", "East of England", "", ("", "region")),
        ("E07000008", "Cambridge", "", ("E07000008", "district")),
        ("E38000222", "A part", "board", ("E38000222", "sub_board")),
    ],
)  # fmt: skip
def test_areas_are_found_by_whatever_a_file_gives(code, name, hint, found):
    area, _ = identify(code, name, hint)
    assert (area.code, area.kind) == found


def test_every_council_is_found_by_its_own_name():
    for council in councils().values():
        if council.until is None and council.code not in ("E08000038", "E08000039"):
            assert identify("", council.name, "council")[0].name == council.name
            assert identify("", f"{council.name} UA", "council")[0].name == council.name
