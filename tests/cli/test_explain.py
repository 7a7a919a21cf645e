import pytest

from caresim.explain.forms import found, is_written, leaves, written_out
from caresim.explain.words import all_codes
from caresim.indicators import INDICATORS

MORE = """\
caresim: 1
duration: 1 year
sources:
  audit: {title: Bed audit, publisher: The board, year: 2025, status: unverified}
cohorts: {older: {}, younger: {}}
settings:
  ward:
    capacity: {value: 20, source: audit, note: without day beds}
    stay: {by_cohort: {older: {mean: 10 days, sd: 8 days}, younger: 5 days}}
    stay_limit: 20 days
arrivals:
  all: {to: ward, rate: 1 per day, cohort: {older: 50%, younger: 50%}}
"""


@pytest.fixture
def ward(place):
    path = place.with_name("ward.yaml")
    path.write_text(MORE, encoding="utf-8")
    return path


def test_every_code_and_indicator_is_explained(caresim):
    for name in (*all_codes(), *INDICATORS):
        said = caresim("explain", name)
        assert (said.code, said.err) == (0, "")
        assert len(said.out.splitlines()) > 1
    assert "warning" in caresim("explain", "p101").out


def test_lists(caresim):
    codes = caresim("explain", "codes").out.splitlines()
    assert [line.split()[0] for line in codes] == sorted(all_codes())
    indicators = caresim("explain", "indicators").out
    assert all(name in indicators for name in INDICATORS)


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("C999", "no code C999"),
        ("ocupancy", "did you mean 'occupancy'?"),
        ("settings.SETTING.capcity", "did you mean 'capacity'?"),
        ("settings.acute.queue.rooom", "did you mean 'room'?"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest(caresim, target, text):
    said = caresim("explain", target)
    assert (said.code, said.out) == (2, "")
    assert text in said.err


@pytest.mark.parametrize(
    "path", ["settings.SETTING.queue.room", "run.seed", "arrivals.a.rate", "settings.x.then.home"]
)
def test_a_path_of_the_language_is_explained_without_a_file(caresim, path):
    said = caresim("explain", path)
    assert said.code == 0, said.err
    assert said.out.startswith(path + "\n  ")


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("settings.SETTING.stay", "days"), ("arrivals.a.rate", "people per day"),
        ("arrivals.a.growth", "share per year"), ("settings.s.queue.room", "places"),
        ("settings.s.then.home.share", "share"), ("settings.s.while_delayed.died", "per person"),
    ],
)  # fmt: skip
def test_the_unit_of_a_path_of_the_language(caresim, path, unit):
    assert f"  unit     {unit}" in caresim("explain", path).out


def test_an_input_with_its_value_place_and_source(caresim, ward):
    said = caresim("explain", ward.name, "settings.ward.capacity")
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert "  value    20" in lines
    assert "  unit     places" in lines
    assert "  written  ward.yaml:8:15" in lines
    assert "  source   audit: Bed audit, The board, 2025 (unverified)" in lines
    assert "  note     without day beds" in lines


def test_an_input_left_to_its_default(caresim, ward):
    said = caresim("explain", ward.name, "run.seed")
    assert "  value    1" in said.out
    assert "default  yes" in said.out


def test_the_mean_stay_is_the_one_after_the_limit(caresim, ward):
    said = caresim("explain", ward.name, "settings.ward.stay")
    # An exponential stay of mean 5 days cut at 20: 5 (1 - exp(-4)).
    assert "4.90842 days after any limit (younger)" in said.out
    older = float(said.out.split(" days after any limit (older)")[0].split()[-1])
    assert 8 < older < 10


def test_all_inputs_of_a_file(caresim, ward):
    lines = caresim("explain", ward.name).out.splitlines()
    rows = {line.split()[0]: line for line in lines}
    assert rows["settings.ward.capacity"].endswith("  20")
    assert rows["run.engine"].endswith("flow  (default)")
    assert not any(name.startswith("sources") for name in rows)


def test_an_input_that_does_not_exist(caresim, ward):
    said = caresim("explain", ward.name, "settings.ward.capcity")
    assert said.code == 2
    assert "did you mean settings.ward.capacity?" in said.err
    assert caresim("explain", "absent.yaml").code == 3
    assert caresim("explain", "run.seed", "--resolved").code == 2


def test_the_explicit_form_is_a_scenario_that_explains_itself_the_same(caresim, ward):
    said = caresim("explain", ward.name, "--resolved")
    assert said.code == 0, said.err
    again = ward.with_name("again.yaml")
    again.write_text(said.out, encoding="utf-8")
    assert caresim("explain", again.name, "--resolved").out == said.out


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"low": "1 day", "high": "2 days", "shape": "uniform"}, "1 day to 2 days, uniform"),
        ({"value": "unlimited", "source": "x"}, "unlimited"),
        ({"by_cohort": {"a": 1, "b": {"value": 2}}}, "by_cohort a 1, b 2"),
        ([1, 2, 3], "1, 2, 3"),
        (list(range(9)), "0, 1, 2, 3, 4, 5, ... (9 in all)"),
        ([], "none"),
        (True, "true"),
    ],
)
def test_values_in_a_line(value, text):
    assert written_out(value) == text


def test_finding_ones_way():
    data = {"a": {"b": [{"c": 1}, {"c": 2}]}}
    assert found(data, "a.b[1].c") == 2
    assert [path for path, _ in leaves("a", data["a"])] == ["a.b[0].c", "a.b[1].c"]
    for path in ("a.b[2]", "a.x", "a.b.c"):
        with pytest.raises(KeyError):
            found(data, path)


def test_a_short_form_counts_as_written():
    data = {"settings": {"ward": {"stay": "5 days", "queue": {}}}}
    assert is_written(data, "settings.ward.stay.mean")
    assert is_written(data, "settings.ward@north.stay")
    assert not is_written(data, "settings.ward.queue.room")
    assert not is_written(data, "run.seed")
