import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.problems import (
    EXCERPT_WIDTH,
    Location,
    Problem,
    ScenarioError,
    Severity,
    dotted,
    in_file_order,
    nearest,
    printable,
    render,
)


def problem(line=1, column=1, *, file="a.yaml", severity=Severity.ERROR, **changes):
    given = {
        "code": "C305",
        "severity": severity,
        "path": "settings.acute.capacity",
        "message": "must be 0 or more, got -20",
        "why": "a setting cannot have fewer than no beds",
        "hint": "to close it for a time use `capacity: {2025-10-01: 0}`",
        "location": Location(file, line, column),
    }
    return Problem(**(given | changes))


def shown(source, column, **changes):
    """Give the excerpt and the caret line for a one-line source."""
    text = render([problem(1, column, **changes)], lambda _file: [source])
    return text.splitlines()[1:3]


def test_the_agreed_shape():
    lines = ["settings:", "  acute:", "    kind: acute", "", "    capacity: -20"]
    found = [
        problem(5, 15, file="scenario.yaml"),
        problem(6, 1, file="scenario.yaml", path="", why="", hint=""),
        problem(1, 1, file="z.yaml", severity=Severity.WARNING, code="P101", why="", hint=""),
    ]
    assert render(found, lambda file: lines if file == "scenario.yaml" else ()) == (
        "scenario.yaml:5:15 error C305 settings.acute.capacity: must be 0 or more, got -20\n"
        "    5 |     capacity: -20\n"
        "      |               ^\n"
        "  why:  a setting cannot have fewer than no beds\n"
        "  hint: to close it for a time use `capacity: {2025-10-01: 0}`\n"
        "scenario.yaml:6:1 error C305: must be 0 or more, got -20\n"
        "z.yaml:1:1 warning P101 settings.acute.capacity: must be 0 or more, got -20\n"
        "2 errors, 1 warning. Nothing was run. More: caresim explain C305"
    )


def test_only_warnings_do_not_say_that_nothing_was_run():
    text = render([problem(severity=Severity.WARNING, code="P101")])
    assert text.endswith("\n1 warning. More: caresim explain P101")


def test_no_problems_no_text():
    assert render([]) == ""


def test_sorted_by_file_line_and_column_as_numbers():
    places = [("b.yaml", 1, 1), ("a.yaml", 10, 1), ("a.yaml", 9, 20), ("a.yaml", 9, 3)]
    found = [problem(line, column, file=file) for file, line, column in places]
    found.append(problem(location=None))
    ordered = [p.location for p in in_file_order(found)]
    assert ordered == [Location(*place) for place in reversed(places)] + [None]


def test_problem_without_place_has_no_prefix():
    first = render([problem(location=None)]).splitlines()[0]
    assert first == "error C305 settings.acute.capacity: must be 0 or more, got -20"


def test_only_the_first_fifty_are_printed_and_all_are_counted():
    text = render([problem(line) for line in range(1, 88)])
    assert text.count("a.yaml:") == 50
    assert text.splitlines()[-2:] == [
        "and 37 more",
        "87 errors. Nothing was run. More: caresim explain C305",
    ]


def test_caret_below_its_character_after_a_tab():
    assert shown("\tkey: x", 7) == ["    1 |     key: x", "      |          ^"]


def test_caret_below_its_character_after_wide_and_combining_characters():
    line, caret = shown("日本e\u0301: x", 7)
    assert line == "    1 | 日本e\u0301: x"
    # two columns for each ideograph, none for the accent: 4 + 1 + 0 + ": "
    assert caret == "      | " + " " * 7 + "^"


def test_control_characters_are_escaped_everywhere():
    line, caret = shown("a\x1b[31m: x", 2, path="p\x07", message="m\u202e", file="f\r.yaml")
    assert line == "    1 | a\\x1b[31m: x"
    assert caret == "      |  ^"
    assert printable("\u2028 \ud800 \x07") == "\\u2028 \\ud800 \\x07"


def test_long_line_is_cut_around_the_caret():
    source = "x" * 500 + "!" + "y" * 500
    line, caret = shown(source, 501)
    assert len(line) < EXCERPT_WIDTH + 12
    assert line[caret.index("^")] == "!"
    assert line.startswith("    1 | …x")
    assert line.endswith("y…")


def test_caret_at_the_end_of_a_long_line():
    line, caret = shown("x" * 499 + "!", 500)
    assert line[caret.index("^")] == "!"
    assert line.endswith("!")


def test_column_beyond_the_line_points_just_behind_it():
    assert shown("abc", 99) == ["    1 | abc", "      |    ^"]


@given(st.text(max_size=300), st.integers(1, 400), st.text(max_size=20))
def test_any_text_gives_lines_safe_to_print(source, column, message):
    text = render([problem(1, column, message=message)], lambda _file: [source])
    assert text.encode("utf-8").decode("utf-8") == text
    assert all(line.replace("\N{NO-BREAK SPACE}", " ").strip() for line in text.split("\n"))
    assert len(text.split("\n")) == 6
    assert not set(text) & {chr(code) for code in [*range(10), *range(11, 32), 127]}


def test_to_dict_is_plain_json():
    as_dict = problem(5, 15).to_dict()
    assert json.loads(json.dumps(as_dict)) == as_dict
    assert as_dict["location"] == {"file": "a.yaml", "line": 5, "column": 15}
    assert as_dict["severity"] == "error"
    assert problem(location=None).to_dict()["location"] is None


def test_error_prints_its_problems_with_their_source():
    error = ScenarioError([problem(1, 1)], lambda _file: ["capacity: -20"])
    assert "    1 | capacity: -20" in str(error)
    assert error.problems == (problem(1, 1),)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("capcity", "capacity"), ("CAPACITY", "capacity"), ("zzz", None), ("c" * 10**6, None)],
)
def test_nearest(word, expected):
    assert nearest(word, ["capacity", "kind", "stay"]) == expected


def test_dotted():
    assert dotted(()) == ""
    assert dotted(("a", "b", 2, "c")) == "a.b[2].c"
    assert dotted((3, "c")) == "[3].c"
