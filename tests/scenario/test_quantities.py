import datetime
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caresim.scenario import codes, dates
from caresim.scenario import quantities as q
from caresim.scenario.money import Money, format_money, money
from caresim.scenario.quantities import QuantityError, Rate


def bill(written):
    return money(written, ("visit", "place"))


READERS = (
    *(q.number, q.count, q.places, q.duration, q.rate, q.hazard, q.share, q.growth, bill),
    *(dates.calendar_date, dates.time_of_day, dates.hours, dates.weekday, dates.month),
)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("5.5 days", 5.5),
        ("1 day", 1),
        ("5.5d", 5.5),
        ("4 hours", 4 / 24),
        ("90 min", 90 / 1440),
        ("6 weeks", 42),
        ("2 Months", 2 * 365 / 12),
        ("1 year", 365),
        ("5 years", 1825),
        ("1,000 days", 1000),
        ("1e2  days", 100),
        ("0", 0),
        (0, 0),
        ("-0 days", 0),
    ],
)
def test_duration(written, days):
    assert q.duration(written) == days


@pytest.mark.parametrize(
    ("written", "per_day", "per_person"),
    [
        ("150 per day", 150, False),
        ("150/day", 150, False),
        ("150 people per day", 150, False),
        ("9.4 per week", 9.4 / 7, False),
        ("10,000 per year", 10_000 / 365, False),
        ("12000 per month", 12_000 * 12 / 365, False),
        ("2 per hour", 48, False),
        ("1 per 4 hours", 6, False),
        ("1 per 1.2 days", 1 / 1.2, False),
        ("120 per 1000 per year", 120 / 365 / 1000, True),
        ("245 per 1,000 people per year", 245 / 365 / 1000, True),
        ("8.2 per 100,000 per day", 8.2 / 100_000, True),
        ("120/1000/year", 120 / 365 / 1000, True),
        ("0.3 per person per year", 0.3 / 365, True),
        (0, 0, False),
    ],
)
def test_rate(written, per_day, per_person):
    assert q.rate(written) == Rate(pytest.approx(per_day, rel=1e-15), per_person)


@pytest.mark.parametrize(
    ("written", "per_day"),
    [
        ("0.25 per day", 0.25),
        ("10% per day", 0.1),
        ("10 per cent per day", 0.1),
        ("5% per week", 0.05 / 7),
        ("150% per day", 1.5),
        ("1 per 10 days", 0.1),
        (0, 0),
    ],
)
def test_hazard(written, per_day):
    assert q.hazard(written) == pytest.approx(per_day, rel=1e-15)


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (q.share, "12%", 0.12),
        (q.share, "0.12", 0.12),
        (q.share, 1, 1),
        (q.share, "0.3 %", 0.003),
        (q.growth, "2% per year", 0.02),
        (q.growth, "-1.5%/yr", -0.015),
        (q.growth, "\N{MINUS SIGN}1.5% per year", -0.015),
        (q.growth, 0, 0),
        (q.count, 900, 900),
        (q.count, "812,000", 812_000),
        (q.count, "1_000.5", 1000.5),
        (q.places, "unlimited", math.inf),
        (q.places, "25", 25),
        (q.number, -0.5, -0.5),
        (q.number, "-1e-3", -0.001),
    ],
)
def test_plain_numbers_and_percentages(read, written, value):
    assert read(written) == value


@pytest.mark.parametrize(
    ("written", "gbp", "per"),
    [
        ("346 GBP per day", 346, ("day",)),
        ("£346 per day", 346, ("day",)),
        ("GBP 346/day", 346, ("day",)),
        ("23.50 pounds per hour", 23.5, ("hour",)),
        ("15 million GBP", 15e6, ()),
        ("£1.2m", 1.2e6, ()),
        ("£15k per year", 15_000, ("year",)),
        ("240,000 GBP", 240_000, ()),
        ("12 GBP per visit", 12, ("visit",)),
        ("3000 GBP per place per year", 3000, ("place", "year")),
        ("3000 GBP per year per place", 3000, ("place", "year")),
        (0, 0, ()),
    ],
)
def test_money(written, gbp, per):
    assert bill(written) == Money(gbp, per)


def test_money_per_day():
    assert bill("700 GBP per week").gbp_per_day == 100
    assert bill("12 GBP per visit").gbp_per_day is None
    assert bill("12 GBP").gbp_per_day is None


def test_dates_and_times():
    assert dates.calendar_date("2024-02-29") == datetime.date(2024, 2, 29)
    assert dates.time_of_day("08:30") == 8.5 / 24
    assert dates.time_of_day("24:00") == 1
    assert dates.hours("08:00-17:00") == (8 / 24, 17 / 24)
    assert dates.hours("22:00 \N{EN DASH} 06:00") == (22 / 24, 0.25)
    assert [dates.weekday(name) for name in ("mon", "Tuesday", "SUN")] == [0, 1, 6]
    assert [dates.month(name) for name in ("jan", "May", "december")] == [1, 5, 12]


@pytest.mark.parametrize(
    ("read", "written", "code", "said"),
    [
        (q.duration, "about 5 days", "C301", "not a duration"),
        (q.duration, "5-6 days", "C301", "low"),
        (q.duration, "", "C301", "empty"),
        (q.duration, "5 days" + "x" * 10**6, "C301", "…"),
        (q.duration, True, "C301", "5.5 days"),
        (q.duration, [5], "C301", "5.5 days"),
        (q.duration, 5.5, "C302", "write `5.5 days`"),
        (q.duration, "5 dys", "C303", "did you mean `days`"),
        (q.duration, "5 moths", "C303", "did you mean `months`"),
        (q.duration, "5 beds", "C304", "hours, days, weeks"),
        (q.duration, "5 per day", "C304", "not a duration"),
        (q.duration, "-5 days", "C305", "0 or more"),
        (q.duration, math.nan, "C306", "finite"),
        (q.duration, "inf days", "C306", "finite"),
        (q.duration, "1e999 days", "C306", "too large"),
        (q.duration, "1e308 years", "C306", "too large"),
        pytest.param(q.duration, 10**5000, "C306", "too large", id="5,001 digits"),
        pytest.param(q.duration, -(10**5000), "C306", "too large", id="minus 5,001 digits"),
        (q.duration, "1,5 days", "C307", "1,5 days"),
        (q.duration, "10 000 days", "C307", "10 000"),
        (q.duration, "1,00,000 days", "C307", "two ways"),
        (q.count, "007", "C307", "two ways"),
        (q.count, "900 beds", "C304", "alone"),
        (q.count, "900 bets", "C303", "alone"),
        (q.count, -1, "C305", "got `-1`"),
        (q.count, "unlimited", "C301", "not a number"),
        (q.rate, "150", "C302", "150 per day"),
        (q.rate, "120 per 1000", "C302", "per what time"),
        (q.rate, "150 per dya", "C303", "did you mean `day`"),
        (q.rate, "150 visitors per day", "C303", "visitors"),
        (q.rate, "5 days", "C304", "not a rate"),
        (q.rate, "10% per day", "C304", "150 per day"),
        (q.rate, "5 per day per week", "C304", "population"),
        (q.rate, "5 per 0 days", "C305", "no time"),
        (q.rate, "5 per 0 per day", "C305", "1 person"),
        (q.hazard, "5%", "C302", "10% per day"),
        (q.hazard, "5 beds per day", "C304", "10% per day"),
        (q.share, "12", "C305", "did you mean `12%`"),
        (q.share, "101%", "C305", "0% and 100%"),
        (q.share, "12 days", "C304", "12%"),
        (q.growth, "2%", "C302", "2% per year"),
        (q.growth, "2% per week", "C304", "2% per year"),
        (q.growth, "-100% per year", "C305", "-100%"),
        (bill, "346 per day", "C302", "346 GBP per day"),
        (bill, "12 GBP per vist", "C303", "did you mean `visit`"),
        (bill, "12 GBP per day per week", "C303", "more than one"),
        (bill, "$12", "C304", "pounds"),
        (bill, "12 beds", "C304", "not an amount"),
        (bill, "£-12", "C305", "0 or more"),
        (bill, "1e308 million GBP", "C306", "too large"),
        (dates.calendar_date, "01/04/2024", "C501", "2024-04-01"),
        (dates.calendar_date, "2023-02-29", "C501", "February 2023 has 28 days"),
        (dates.calendar_date, "2023-13-01", "C501", "no day"),
        (dates.calendar_date, 20240401, "C501", "not a date"),
        (dates.time_of_day, "24:01", "C502", "24:01"),
        (dates.time_of_day, "8am", "C502", "8am"),
        (dates.hours, "08:00", "C502", "08:00-17:00"),
        (dates.hours, "08:00-08:00", "C502", "no length"),
        (dates.weekday, "Mnday", "C503", "did you mean `monday`"),
        (dates.month, 4, "C503", "not a month"),
    ],
)
def test_what_is_wrong_and_what_to_write(read, written, code, said):
    with pytest.raises(QuantityError) as caught:
        read(written)
    error = caught.value
    assert error.code == code
    assert code in codes.CODES
    assert said in f"{error.message} {error.hint}"
    assert len(error.message) < 150


def outcome(read, written):
    try:
        return read(written), None
    except QuantityError as error:
        return None, error


words = st.text(alphabet="0123456789.,_-+eE%£/: perdaysnithouwkmlGBP\t", max_size=30)


@pytest.mark.parametrize("read", READERS)
@given(written=words | st.text(max_size=120) | st.floats() | st.integers() | st.none())
@example(written="1e-9999999999999999999 days")
@example(written="٣ days")
@example(written="1 per 1e-400 days")
@example(written="1e300 per 1e-300 per day")
def test_any_text_gives_a_value_or_a_quantity_error(read, written):
    value, error = outcome(read, written)
    if error is not None:
        assert error.code in codes.CODES
        assert error.message
    if isinstance(value, float):
        assert math.isfinite(value) or written == "unlimited"
    if isinstance(value, Rate):
        assert 0 <= value.per_day < math.inf
    if isinstance(value, Money):
        assert 0 <= value.gbp < math.inf


sizes = st.floats(min_value=0, max_value=1e300)


@given(sizes)
def test_numbers_and_durations_written_out_are_read_back(x):
    assert q.number(q.format_number(x)) == x
    assert q.duration(q.format_duration(x)) == x
    assert q.hazard(q.format_hazard(x)) == x


@given(sizes, st.booleans())
@example(8.2 / 100_000, True)
@example(120 / 365 / 1000, True)
def test_rates_written_out_are_read_back(x, per_person):
    assert q.rate(q.format_rate(Rate(x, per_person))) == Rate(x, per_person)


@given(st.floats(min_value=-1, max_value=1e12, exclude_min=True))
def test_growth_written_out_is_read_back(x):
    assert q.growth(q.format_growth(x)) == x


@given(sizes, st.sampled_from([(), ("day",), ("visit",), ("place", "year")]))
def test_money_written_out_is_read_back(gbp, per):
    assert bill(format_money(Money(gbp, per))) == Money(gbp, per)


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_percentages_are_the_nearest_number_to_what_is_written(n, places):
    text = f"{n / 10**places:.{places}f}"
    if float(text) <= 100:
        # 12% and 0.12 must be one number, whatever the division by 100 would give
        assert q.share(f"{text}%") == float(f"{text}e-2")


def test_canonical_text_is_short():
    assert q.format_duration(5.5) == "5.5 days"
    assert q.format_duration(1) == "1 day"
    assert q.format_rate(Rate(150)) == "150 per day"
    assert q.format_rate(q.rate("120 per 1000 per year")) == "120 per 1000 per year"
    assert q.format_growth(0.02) == "2% per year"
    assert q.format_growth(0.0) == "0% per year"
    assert q.format_number(math.inf) == "unlimited"
    assert format_money(Money(346, ("day",))) == "346 GBP per day"


def test_nan_cannot_be_written():
    with pytest.raises(ValueError, match="nan"):
        q.format_number(math.nan)
