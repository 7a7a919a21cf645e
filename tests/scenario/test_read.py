import json
import os
import socket

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from caresim.problems import Location, ScenarioError, Severity
from caresim.scenario import build, codes, files
from caresim.scenario.read import read, read_text

SMALL = """\
# a comment
start: 2024-04-01
settings:
  acute:
    capacity: {2024-04-01: 900, 2025-10-01: 880}
    priority:
    - ambulance
    - {from: "clinic"}
"""


def problems_in(text):
    with pytest.raises(ScenarioError) as caught:
        read_text(text, "a.yaml")
    return caught.value.problems


def faults(text):
    """Give code, line and column of each problem in a text."""
    return [(p.code, p.location.line, p.location.column) for p in problems_in(text)]


def fault_of_file(path):
    with pytest.raises(ScenarioError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert problem.location.file == str(path)
    return problem


# --- what is read ------------------------------------------------------------------------


def test_data_and_places():
    tree = read_text(SMALL, "a.yaml")
    assert tree.data == {
        "start": "2024-04-01",
        "settings": {
            "acute": {
                "capacity": {"2024-04-01": 900, "2025-10-01": 880},
                "priority": ["ambulance", {"from": "clinic"}],
            }
        },
    }
    acute = ("settings", "acute")
    assert tree.positions[()] == Location("a.yaml", 2, 1)
    assert tree.positions["start",] == Location("a.yaml", 2, 8)
    assert tree.positions[*acute, "capacity", "2025-10-01"] == Location("a.yaml", 5, 45)
    assert tree.key_positions[*acute, "capacity", "2025-10-01"] == Location("a.yaml", 5, 33)
    assert tree.positions[*acute, "priority", 1, "from"] == Location("a.yaml", 8, 14)
    assert tree.lines("a.yaml")[4].endswith("2025-10-01: 880}")
    assert tree.lines("other.yaml") == ()
    assert tree.problems == ()
    assert tree.left_out == frozenset()


def test_every_value_and_key_has_a_place():
    tree = read_text(SMALL)
    paths = {()}

    def walk(value, path):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            paths.add((*path, step))
            if isinstance(inner, dict | list):
                walk(inner, (*path, step))

    walk(tree.data, ())
    assert set(tree.positions) == paths
    assert set(tree.key_positions) == {path for path in paths if path and path[-1] not in (0, 1)}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("900", 900),
        ("-3", -3),
        ("+7", 7),
        ("5.5", 5.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.e-2", 0.01),
        ("true", True),
        ("False", False),
        # YAML 1.1 would make these booleans, a number in base 60, octal, a date
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("12:30", "12:30"),
        ("0800", "0800"),
        ("2024-04-01", "2024-04-01"),
        ("08:00-17:00", "08:00-17:00"),
        ("1_000", "1_000"),
        ("10,000 per year", "10,000 per year"),
        ("12%", "12%"),
        ("inf", "inf"),
        ('"900"', "900"),
        ("'true'", "true"),
        ('""', ""),
        ('"St Mary\'s"', "St Mary's"),
        ("{}", {}),
        ("[]", []),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        ("one text\n  over two lines", "one text over two lines"),
        ("[a, 1, [b]]", ["a", 1, ["b"]]),
        ("\N{POUND SIGN}346 per day", "\N{POUND SIGN}346 per day"),
    ],
)
def test_values(written, value):
    read_value = read_text(f"key: {written}\n").data["key"]
    assert read_value == value
    assert type(read_value) is type(value)


@pytest.mark.parametrize("key", ["2025-10-01", "900", "1.50", "no", "E54000008", "'true'", "ü"])
def test_keys_stay_text(key):
    assert read_text(f"{key}: 1\n").data == {key.strip("'"): 1}


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_breaks_of_all_systems(line_break):
    tree = read_text(line_break.join(["a: 1", "b:", "  c: x", ""]))
    assert tree.data == {"a": 1, "b": {"c": "x"}}
    assert tree.positions["b", "c"].line == 3


def test_file_with_byte_order_mark_and_document_start(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeff---\nname: Ü\n...\n".encode())
    tree = read(path, "shown.yaml")
    assert tree.data == {"name": "Ü"}
    assert tree.positions["name",] == Location("shown.yaml", 2, 7)


# --- what is refused ---------------------------------------------------------------------

REFUSED = {
    # characters
    "a: x\x07": [("C102", 1, 5)],
    "a: x\0\0\0": [("C102", 1, 5)],
    "a: \u202ex\nb: \x7f": [("C102", 1, 4), ("C102", 2, 4)],
    "a: \ufeff1": [("C102", 1, 4)],
    "a: x\u2028b: 1": [("C102", 1, 5)],
    "a: \ud800": [("C102", 1, 4)],
    'a: "\\0"\nb: "\\ud800"\n"k\\e": 1': [("C102", 1, 4), ("C102", 2, 4), ("C102", 3, 1)],
    # the whole
    "": [("C103", 1, 1)],
    "# only\n\n# comments": [("C103", 1, 1)],
    "---\n": [("C103", 1, 1)],
    "- a\n- b": [("C104", 1, 1)],
    "hello": [("C104", 1, 1)],
    '""': [("C104", 1, 1)],
    "a: 1\n---\nb: 2": [("C105", 2, 1)],
    "a: 1\n...\nb: 2": [("C105", 3, 1)],
    # syntax
    "a:\n\tb: 1": [("C106", 2, 1)],
    "a:\n  \tb: 1": [("C106", 2, 3)],
    'a: "abc\nb: 2': [("C107", 1, 4)],
    "a: 'abc\nb: 'c'": [("C107", 1, 4)],
    "a: [1, 2\nb: 3": [("C108", 1, 4)],
    "a: {b: 1": [("C108", 1, 4)],
    "a: {b: 1 c: 2}": [("C108", 1, 11)],
    "a: [1, 2}": [("C108", 1, 9)],
    "a: [1]]": [("C108", 1, 7)],
    "a: [": [("C108", 1, 5)],
    "a:\n    b: 1\n   c: 2": [("C109", 3, 4)],
    "a: 1\n  b: 2": [("C109", 2, 4)],
    "a: 1\n- b": [("C109", 2, 1)],
    "a:\n - b\n c: 1": [("C109", 3, 2)],
    "a: 1\nb 2\nc: 3": [("C110", 2, 1)],
    "note: see: page 3": [("C111", 1, 10)],
    "a: @b": [("C112", 1, 4)],
    "a: %b": [("C112", 1, 4)],
    "a: - b": [("C112", 1, 4)],
    "a: |b\n  c": [("C112", 1, 5)],
    'a: "c:\\dir"': [("C113", 1, 8)],
    'a: "\\xZZ"': [("C113", 1, 7)],
    'a: 1\nb: "\\UFFFFFFFF"': [("C113", 2, 2)],
    'a: "b" c': [("C114", 1, 8)],
    "%YAML 1.1\n---\na: 1": [("C115", 1, 1)],
    "# x\n%TAG ! tag:evil,2000:\n---\na: !x 1": [("C115", 2, 1)],
    f"a: 1\n...\n%YAML {'9' * 5000}.1\n---\nb: 1": [("C114", 2, 1)],
    "a: [10,500]": [("C116", 1, 8)],
    "a: {b: 10,000 per year}": [("C116", 1, 11)],
    "a: " + "x" * 10_000: [("C117", 1, 10_001)],
    "a: !" + "x" * 2_000_000: [("C117", 1, 10_001)],
    # what YAML has and a scenario has not
    "a: &b 1\nc: *b": [("C120", 1, 4), ("C120", 2, 4)],
    "a: &b [x]\n&c d: 1\n*b : 2": [("C120", 1, 4), ("C120", 2, 1), ("C120", 3, 1)],
    "a: * b": [("C120", 1, 4)],
    "a: !!python/object/apply:os.system [rm]": [("C121", 1, 4)],
    "a: !x 1\n!y b: 1\nc: ! 2": [("C121", 1, 4), ("C121", 2, 1), ("C121", 3, 4)],
    "a: !e!x 1": [("C121", 1, 4)],
    "a: {<<: {b: 1}}": [("C122", 1, 5)],
    'a: 1\nb: {c: 1, c: 2}\n"a": 3': [("C123", 2, 11), ("C123", 3, 1)],
    "true: 1\n~: 2\nnull: 3\n: 4": [("C124", line, 1) for line in (1, 2, 3, 4)],
    "? [a]\n: b\n? {c: d}\n: e\n'': f": [("C124", 1, 3), ("C124", 3, 3), ("C124", 5, 1)],
    "? " + "k" * 201 + "\n: 1": [("C124", 1, 3)],
    "a:\nb: ~\nc: null\nd: [x, null]": [("C125", line, c) for line, c in
                                          ((1, 1), (2, 1), (3, 1), (4, 8))],
    "a: # gone": [("C125", 1, 1)],
    "a: {mean:0.8}": [("C125", 1, 5)],
    "a: .nan\nb: -.inf\nc: 1e999": [("C126", 1, 4), ("C126", 2, 4), ("C126", 3, 4)],
    "a: " + "9" * 61 + "\nb: 0." + "1" * 100: [("C127", 1, 4), ("C127", 2, 4)],
    "a: 0o14\nb: 0x1F": [("C128", 1, 4), ("C128", 2, 4)],
    # size
    "a: " + "[" * 60: [("C130", 1, 53)],
    "a: [" + "{b: " * 60: [("C130", 1, 197)],
    "\n".join(" " * n + "a:" for n in range(60)): [("C130", 51, 51)],
    "? " + "[" * 60: [("C124", 1, 3), ("C130", 1, 53)],
    "\n" * 100_001: [("C131", 100_001, 1)],
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30].encode("unicode_escape"))
def test_refused(text):
    assert faults(text) == REFUSED[text]


def test_too_many_values(monkeypatch):
    monkeypatch.setattr(build, "MAX_NODES", 7)
    assert read_text("a: 1\nb: [2, 3]\n")  # two blocks, two keys and three numbers
    assert faults("a: 1\nb: [2, 3, 4]\n") == [("C131", 2, 12)]


def test_too_many_problems_stop_the_reading():
    found = faults("a:\n" * 1000)
    assert len(found) == build.MAX_PROBLEMS + 1
    assert found[-1] == ("C132", build.MAX_PROBLEMS, 1)


def test_every_code_of_reading_has_a_case():
    covered = {code for cases in REFUSED.values() for code, _, _ in cases} | {"C101", "C132"}
    assert covered == {code for code in codes.CODES if code.startswith("C1")}


def test_fifty_levels_are_enough():
    assert read_text("a: " + "[" * 49 + "]" * 49)
    assert faults("a: " + "[" * 50 + "]" * 50) == [("C130", 1, 53)]


def test_the_message_names_the_first_of_two_keys():
    (found,) = problems_in("capacity: 900\nkind: acute\ncapacity: 800\n")
    assert found.message == "`capacity` is given already on line 1, column 1"
    assert found.path == "capacity"
    assert found.severity is Severity.ERROR


def test_a_colon_without_a_space_is_spotted():
    (found,) = problems_in("reach: {mean:0.86, low: 0.75}")
    assert found.path == "reach.mean:0.86"
    assert "`mean: 0.86`" in found.hint


def test_the_error_shows_the_line():
    with pytest.raises(ScenarioError, match=r" 2 \|   capacity: .inf\n +\|             \^"):
        read_text("acute:\n  capacity: .inf\n")


# --- problems together with later checks -------------------------------------------------


def test_partial_reading_keeps_what_can_be_used():
    text = "a: 1\nb:\nc: [x, .nan, y]\na: 2\nd: &e {f: 1}\n"
    tree = read_text(text, "a.yaml", partial=True)
    assert tree.data == {"a": 1, "b": None, "c": ["x", None, "y"], "d": {"f": 1}}
    assert tree.left_out == {("b",), ("c", 1)}
    assert [p.code for p in tree.problems] == ["C125", "C126", "C123", "C120"]
    with pytest.raises(ScenarioError) as caught:
        read_text(text, "a.yaml")
    assert caught.value.problems == tree.problems


def test_partial_reading_still_refuses_what_cannot_be_read():
    with pytest.raises(ScenarioError) as caught:
        read_text("a:\nb: [1", "a.yaml", partial=True)
    assert [p.code for p in caught.value.problems] == ["C125", "C108"]


# --- files -------------------------------------------------------------------------------


def test_missing_file_suggests_a_similar_name(tmp_path):
    (tmp_path / "bristol.yaml").write_text("a: 1")
    found = fault_of_file(tmp_path / "bristle.yaml")
    assert found.code == "C001"
    assert found.hint == f"did you mean {tmp_path / 'bristol.yaml'}?"
    assert "no folder" in fault_of_file(tmp_path / "gone" / "a.yaml").hint


def test_folder_suggests_the_scenario_inside(tmp_path):
    (tmp_path / "scenario.yaml").write_text("a: 1")
    found = fault_of_file(tmp_path)
    assert (found.code, found.message) == ("C002", "is a folder, not a file")
    assert str(tmp_path / "scenario.yaml") in found.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_pipes_devices_and_sockets_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket"))
        for path in (tmp_path / "pipe", tmp_path / "socket", "/dev/zero"):
            assert fault_of_file(path).code == "C002"


@pytest.mark.parametrize("name", ["a\0.yaml", "a" * 5000])
def test_names_the_system_refuses(name):
    assert fault_of_file(name).code == "C003"


def test_a_large_file_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr(type(path), "open", None)
    found = fault_of_file(path)
    assert found.code == "C004"
    assert "100,000,000 bytes" in found.message


def test_a_file_that_is_larger_than_it_says_is_not_read_to_the_end(tmp_path, monkeypatch):
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n")
    monkeypatch.setattr(files, "MAX_BYTES", 3)
    status = os.stat_result([0o100644, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    monkeypatch.setattr(type(path), "stat", lambda _path: status)
    assert fault_of_file(path).code == "C004"


@pytest.mark.parametrize(
    ("data", "line", "column", "guess"),
    [
        (b"a: 1\nb: \xa3346 per day\n", 2, 4, "Windows-1252, where this byte is `\N{POUND SIGN}`"),
        ("a: £1\n".encode("utf-16"), 1, 1, "UTF-16"),
        (b"PK\x03\x04\xff\xff", 1, 5, "workbook"),
        (b"\xff\x00\x01", 1, 1, "not look like text"),
        (b"a: \x81", 1, 4, "not known"),
        ("ü: \N{EURO SIGN}".encode()[:-1], 1, 4, "UTF-8"),
    ],
)
def test_other_encodings(tmp_path, data, line, column, guess):
    path = tmp_path / "a.yaml"
    path.write_bytes(data)
    found = fault_of_file(path)
    assert found.code == "C101"
    assert (found.location.line, found.location.column) == (line, column)
    assert guess in found.hint


def test_utf_16_without_a_mark_is_told_from_text(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes("a: 1\n".encode("utf-16-le"))
    found = fault_of_file(path)
    assert found.code == "C102"
    assert "UTF-16" in found.hint


# --- any file at all ---------------------------------------------------------------------

PIECES = [*"abk1.,:;-?#&*!|>'\"%@`{}[]()<>=~\\/_ \t\n\r\0", "  ", "\n  ", "\n- ", ": ", "- ", "? "]
PIECES += ["<<", "...", "---\n", "%YAML 1.1\n", "!!map ", "&x ", "*x", "null", ".nan", "1e999"]
PIECES += [
    '"\\',
    "\\x",
    "\\U",
    "0x",
    "|+1\n",
    ">-\n",
    "\N{EURO SIGN}",
    "\ufeff",
    "\u2028",
    "\ud800",
]
yaml_like = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@st.composite
def damaged(draw):
    """Give a valid file with a few characters taken out or put in."""
    text = SMALL
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.integers(0, 3))
        text = text[:at] + draw(st.sampled_from(["", *PIECES])) + text[at + gone :]
    return text


def outcome(read_it, *args):
    try:
        return read_it(*args), None
    except ScenarioError as error:
        return None, error


def check(tree, error):
    if error is not None:
        assert error.problems
        str(error).encode("utf-8")
        for problem in error.problems:
            assert problem.code in codes.CODES
            assert problem.location.line >= 1
            assert problem.location.column >= 1
            assert len(problem.message) < 300
    else:
        lines = tree.lines("<text>")
        for place in (*tree.positions.values(), *tree.key_positions.values()):
            assert place.column <= len(lines[place.line - 1]) + 1


@settings(deadline=None, max_examples=300)
@given(yaml_like | damaged() | st.text(max_size=200))
@example("a: !<")
@example('a: "\\x')
@example("[" * 2000)
@example("a: {" * 40)
def test_any_text_gives_a_tree_or_a_scenario_error(text):
    check(*outcome(read_text, text))


@pytest.fixture(scope="module")
def any_file(tmp_path_factory):
    return tmp_path_factory.mktemp("read") / "any.yaml"


@settings(deadline=None)
@given(data=st.binary(max_size=100) | yaml_like.map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_a_tree_or_a_scenario_error(any_file, data):
    any_file.write_bytes(data)
    check(*outcome(read, any_file, "<text>"))


texts = st.text(st.characters(codec="utf-8").filter(lambda c: not files.FORBIDDEN.match(c)))
scalars = st.booleans() | st.integers(-(10**50), 10**50) | st.floats(allow_nan=False) | texts
keys = texts.filter(lambda key: key.strip() and "\n" not in key and len(key) < 100)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4)
)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(keys, values.filter(lambda v: "Infinity" not in json.dumps(v)), max_size=5))
def test_json_is_read_as_it_is(data):
    # JSON is YAML 1.2 (section 1.3), so that what `json` writes must come back
    text = json.dumps(data, ensure_ascii=False, indent=1)
    tree = read_text(text)
    assert tree.data == data
    lines = text.split("\n")
    for path, place in tree.positions.items():
        value = data
        for step in path:
            value = value[step]
        start = json.dumps(value, ensure_ascii=False)[:1]
        assert lines[place.line - 1][place.column - 1] == start


# --- the catalogue -----------------------------------------------------------------------


def test_every_code_is_explained():
    for code in codes.CODES.values():
        assert code.title
        assert code.why
        assert code.hint
        assert code.explanation.count(".") >= 2
        assert code.explanation.endswith(".")


def test_a_code_has_one_meaning():
    with pytest.raises(ValueError, match="C101 is already"):
        codes.add("C101", "other", why="x", hint="x", explanation="x")


def test_a_problem_takes_what_it_does_not_say_from_the_catalogue():
    place = Location("a.yaml", 1, 1)
    found = codes.problem("C126", ("settings", "acute", 0), "not finite", place, hint="mine")
    assert (found.path, found.hint) == ("settings.acute[0]", "mine")
    assert found.why == codes.CODES["C126"].why
