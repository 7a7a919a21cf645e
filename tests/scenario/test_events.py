"""The fast parser is only a short cut: what it reads is what the other reads."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caresim.scenario.build import Builder
from caresim.scenario.events import explaining_events, fast_events
from caresim.scenario.files import forbidden_characters, split_lines

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*ROOT.glob("scenarios/**/*.yaml"), *ROOT.glob("tests/conformance/**/*.yaml")])

PIECES = st.sampled_from(
    [
        *("a: 1", "b:", "  - x", "- ", "{c: 2, d: [1, 2]}", '"q: 1"', "'it''s'", "# note", "12:30"),
        *("é", "\t", "? e", "|", " text", ">-", "&n", "*n", "!!t", "%", "---", "...", "yes", "~"),
        *("@", ":", "\n", "\n", "\n", " ", "  ", ": ", ", "),
    ]
)


def built(text, events):
    builder = Builder("f.yaml", split_lines(text))
    data = builder.build(events)
    return data, builder.problems, builder.positions, builder.key_positions


def assert_fast_is_a_short_cut(text):
    if forbidden_characters(text, "f.yaml") or (events := fast_events(text)) is None:
        return
    fast = built(text, events)
    if not fast[1]:  # without a complaint, its word is taken
        assert fast == built(text, explaining_events(text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_both_parsers_read_a_file_alike(path):
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        pytest.skip("not UTF-8: refused before it is parsed")
    assert_fast_is_a_short_cut(text.removeprefix("\ufeff"))


@given(st.lists(PIECES, max_size=25).map("".join))
@example("a: [1,2]\nb: {c:d}\n")
@example("a: x #y\nb: 'z'\n")
def test_both_parsers_read_any_text_alike(text):
    assert_fast_is_a_short_cut(text)


def test_line_breaks_that_the_versions_treat_apart_go_to_the_other_parser():
    assert fast_events("a: x\u2028b: y") is None


def test_a_difference_would_show(monkeypatch):
    monkeypatch.setattr("test_events.explaining_events", lambda text: fast_events("a: 2"))
    with pytest.raises(AssertionError):
        assert_fast_is_a_short_cut("a: 1")
