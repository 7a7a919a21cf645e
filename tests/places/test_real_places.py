"""The two real places: every figure has a source, and agrees with the published tables."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import caresim as cs
from caresim.scenario.merge import merged
from caresim.traffic import equilibrium

ROOT = Path(__file__).parents[2]
TABLES = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Place:
    """A scenario and where it stands in the published tables.

    Attributes
    ----------
    code, ons_code, trusts, councils
        Of the board, its acute trusts, and its lower-tier councils.
    delayed, occupied
        People delayed and beds occupied worked out by hand before any engine (Little's law,
        nobody waiting for a place, no growth, no seasons).
    """

    name: str
    code: str
    ons_code: str
    trusts: tuple[str, ...]
    councils: tuple[str, ...]
    delayed: float
    occupied: float

    @property
    def path(self) -> Path:
        return ROOT / "scenarios" / self.name / f"{self.name}.yaml"


BRISTOL = Place(
    "bristol",
    "QUY",
    "E54000039",
    ("RA7", "RVJ"),
    ("E06000023", "E06000024", "E06000025"),
    305.4,
    1659.4,
)
OXFORD = Place(
    "oxford",
    "QU9",
    "E54000044",
    ("RTH", "RXQ", "RHW"),
    (
        *("E06000060", "E06000038", "E06000037", "E06000041"),
        *("E07000177", "E07000178", "E07000179", "E07000180", "E07000181"),
    ),
    269.9,
    1808.8,
)

ROUTES = ("home", "home_support", "community_beds", "residential")
REASON_NUMBERS = {
    "restart_of_care": (1,),
    "package_arrangement": (25, 28, 29),
    "capacity_home": (5, 9, 10),
    "bedded_arrangement": (22,),
    "capacity_intermediate": (2, 8),
    "care_home_arrangement": (32,),
    "capacity_residential": (11,),
    "care_transfer_hub": (12, 13, 14, 19),
    "supported_discharge_review": (15, 20),
    "other_support": (3, 4, 6, 7, 23, 24, 26, 27, 30, 31, 33),
    "wellbeing": (34, 35, 36, 37),
    "hospital_process": (16, 17, 18, 21),
}
"""Which of the 37 published reasons, in alphabetical order, each reason here stands for."""

DAYS_OF_TEN_MONTHS = 304
"""June 2024 to March 2025, of which reasons and destinations are published."""


@pytest.fixture(params=[BRISTOL, OXFORD], ids=lambda place: place.name, scope="module")
def place(request):
    return request.param


@pytest.fixture(scope="module")
def written(place):
    """The file with its imports, as plain data."""
    return merged(place.path).tree.data


@pytest.fixture(scope="module")
def loaded(place):
    return cs.load(place.path)


@pytest.fixture(scope="module")
def tables():
    if not TABLES.is_dir():
        pytest.skip("the published tables (a folder `shared` beside the checkout) are absent")
    folder = TABLES / "nhs_england"
    read = {file.stem: pd.read_csv(file) for file in folder.glob("*.csv")}
    read["people"] = pd.read_csv(TABLES / "population" / "ltla_mid2020_single_year_of_age.csv")
    return read


def number(value):
    """The number in a value as written, such as 5.77 in `{mean: 5.77 days, low: …}`."""
    if isinstance(value, dict):
        value = value.get("mean", value.get("value"))
    return float(re.match(r"[-\d.,]+", str(value))[0].replace(",", ""))


def share(written, route):
    return number(written["settings"]["acute"]["then"][route]["share"]) / 100


def published(written):
    return {name: entry["value"] for name, entry in written["published"].items()}


# what the files say of themselves


def unsourced(node, path=(), covered=False):
    """Paths of numbers for which no `source` is given beside them or above them."""
    if isinstance(node, dict):
        covered = covered or "source" in node
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    else:
        told = covered or not re.match(r"-?\d", str(node)) or str(node) == "100%"
        return [] if told or path[-1] in ("pathway", "ages", "note") else [path]
    return [found for key, inner in items for found in unsourced(inner, (*path, key), covered)]


def test_every_number_has_a_source(written):
    for part in ("cohorts", "settings", "arrivals", "published"):
        assert unsourced(written[part]) == []


def test_a_number_without_source_is_found():
    assert unsourced({"acute": {"stay": {"mean": "5 days"}}}) == [("acute", "stay", "mean")]


def sources_named(node):
    if isinstance(node, list):
        return {name for inner in node for name in sources_named(inner)}
    if not isinstance(node, dict):
        return set()
    own = {node["source"]} if isinstance(node.get("source"), str) else set()
    return own | {name for inner in node.values() for name in sources_named(inner)}


def test_sources_named_exist_and_say_how_far_they_are_verified(written):
    assert sources_named(written) == set(written["sources"])
    for entry in written["sources"].values():
        assert entry["title"]
        assert entry["status"] in ("read", "derived", "unverified")


def test_options_begin_with_doing_nothing_and_have_labels(written):
    options = written["options"]
    assert next(iter(options)) == "do_nothing"
    assert 4 <= len(options) <= 6
    assert all(option["label"] for option in options.values())


# loading


def test_loads_and_warns_only_of_what_the_file_explains(loaded):
    # P102: acute beds, and support at home where it is limited, nearly full after five years of
    # growth; P801: unverified sources
    assert {problem.code for problem in loaded.warnings} == {"P102", "P801"}


def test_delayed_people_and_beds_are_those_worked_out_by_hand(place, loaded):
    model = loaded.model("do_nothing")
    acute = [setting.name for setting in model.settings].index("acute")
    found = equilibrium(model)
    delayed = found.delayed[acute].sum()
    assert delayed == pytest.approx(place.delayed, abs=0.5)
    assert found.people[acute].sum() + delayed == pytest.approx(place.occupied, abs=1.5)


def test_the_boards_own_delays_give_its_published_number_delayed(written, loaded):
    model = loaded.model("local_reasons")
    acute = [setting.name for setting in model.settings].index("acute")
    own = equilibrium(model).delayed[acute].sum()
    assert own == pytest.approx(published(written)["ready_at_end_of_day"], abs=1.0)


def test_assessment_a_day_faster_is_a_day_for_each_discharge_with_support(loaded):
    slow, fast = (loaded.model(name) for name in ("do_nothing", "faster_assessment"))
    settings = [setting.name for setting in slow.settings]
    acute = settings.index("acute")
    saved = equilibrium(slow).delayed[acute].sum() - equilibrium(fast).delayed[acute].sum()
    supported = sum(
        route.share
        for route in slow.routes
        if route.setting == acute and route.pathway in (1, 2, 3)
    )
    admissions = equilibrium(slow).stays_per_day[acute].sum()
    assert saved == pytest.approx(supported * admissions, rel=1e-6)


# agreement with the published tables


def by_month(frame, column):
    """The months of 2024-25 of a monthly table, whose dates are such as `April 2024`."""
    dates = pd.to_datetime(frame["date"], format="%B %Y")
    year = (dates >= "2024-04-01") & (dates < "2025-04-01")
    return frame[year].groupby(dates[year])[column].sum()


def mean_over_days(months):
    """Mean of monthly means over the days of the year."""
    days = pd.DatetimeIndex(months.index).days_in_month.to_numpy()
    assert days.sum() == 365
    return float(np.average(months.to_numpy(), weights=days))


def test_admissions_are_discharges_alive_and_deaths(place, written, tables):
    daily = tables["england_icb_discharged_patients"]
    daily = daily[daily["icb22_code"] == place.ons_code]
    daily = daily[(daily["date"] >= "2024-04-01") & (daily["date"] < "2025-04-01")]
    assert len(daily) == 365
    discharges = daily["discharged_total"].mean()
    assert published(written)["discharges"] == pytest.approx(discharges, abs=0.005)
    died = share(written, "died")
    assert died == pytest.approx((7276 + 986 + 154761 + 51922) / (1535267 + 3105249), abs=5e-5)
    rate = number(written["arrivals"]["admissions"]["rate"])
    assert rate == pytest.approx(discharges / (1 - died), abs=0.05)


def test_people_with_no_criteria_to_reside(place, written, tables):
    monthly = tables["nctr_monthly_2024-25_england_icb"]
    monthly = monthly[monthly["code"] == place.code]
    monthly = monthly.set_index(pd.to_datetime(monthly["month"]))
    remaining = mean_over_days(monthly["remaining_daily_avg"])
    before = mean_over_days(monthly["nctr_daily_avg"])
    told = published(written)
    assert told["ready_at_end_of_day"] == pytest.approx(remaining, abs=0.05)
    assert told["ready_before_discharges"] == pytest.approx(before, abs=0.05)
    # the definition of the indicator: all of the day's discharges are in the larger count
    assert before - remaining == pytest.approx(told["discharges"], abs=0.3)


def test_beds_and_stay_until_ready(place, written, tables):
    beds = tables["trust_general_acute_beds_monthly"]
    beds = beds[beds["nhs_trust22_code"].isin(place.trusts)]
    available = by_month(beds, "adult_general_acute_beds_available")
    occupied = by_month(beds, "adult_general_acute_beds_occupied")
    acute, told = written["settings"]["acute"], published(written)
    assert number(acute["capacity"]) == available.max()
    assert told["acute_occupied"] == pytest.approx(mean_over_days(occupied), abs=0.05)
    assert told["acute_occupancy"] == pytest.approx(
        mean_over_days(occupied) / available.max(), abs=5e-5
    )
    rate = number(written["arrivals"]["admissions"]["rate"])
    stay = (mean_over_days(occupied) - told["ready_at_end_of_day"]) / rate
    assert number(acute["stay"]["mean"]) == pytest.approx(stay, abs=0.005)

    remaining = tables["nctr_monthly_2024-25_england_icb"].query("code == @place.code")
    active = occupied.to_numpy() - remaining.sort_values("month")["remaining_daily_avg"].to_numpy()
    middle = mean_over_days(pd.Series(active, occupied.index))
    for end, centile in (("low", 10), ("high", 90)):
        expected = stay * np.percentile(active, centile) / middle
        assert number(acute["stay"]["mean"][end]) == pytest.approx(expected, abs=0.011)


def test_pathways(place, written, tables):
    counts = destinations(tables, place.code)
    told = published(written)
    for pathway, route in enumerate(ROUTES):
        expected = counts[pathway] / counts.sum()
        assert told[f"pathway_{pathway}"] == pytest.approx(expected, abs=5.1e-6)
        if pathway:
            assert share(written, route) == pytest.approx(expected, abs=5.1e-6)


def destinations(tables, code):
    """Discharges of June 2024 to March 2025 by pathway, 0 to 3."""
    frame = tables["pathway_destinations_2024-06_2025-03_england_icb"]
    frame = frame[frame["code"] == code]
    pathway = frame["destination"].str.extract(r"^Pathway (\d)", expand=False).astype(int)
    return frame.groupby(pathway)["count"].sum().to_numpy()


def people_by_reason(tables, code):
    """Mean number of people with each reason of these files."""

    def letters(text):
        return re.sub(r"\W", "", text.lower())

    lookup = tables["delay_reason_lookup"]
    ids = dict(zip(lookup["delay_reason"].map(letters), lookup["reason_id"], strict=True))
    frame = tables["delay_reasons_2024-06_2025-03_england_icb"]
    frame = frame[frame["code"] == code]
    people = dict(
        zip(frame["reason"].map(letters).map(ids), frame["mean_monthly_average"], strict=True)
    )
    assert sorted(people) == sorted(n for ns in REASON_NUMBERS.values() for n in ns)
    return {name: sum(people[n] for n in ns) for name, ns in REASON_NUMBERS.items()}


def test_published_reasons(place, written, tables):
    told = {
        entry["indicator"].removeprefix("delayed_by_reason."): entry["value"]
        for entry in written["published"].values()
        if entry["indicator"].startswith("delayed_by_reason.")
    }
    own = people_by_reason(tables, place.code)
    rest = published(written)["ready_at_end_of_day"] - sum(own.values())
    assert told == pytest.approx(own | {"no_reason_recorded": rest}, abs=0.06)


def needing(step, end="mean"):
    """Share of people who need a step, or an end of its interval."""
    share = step.get("share", "100%")
    if isinstance(share, dict) and "mean" not in share and end == "mean":
        return (number(share["low"]) + number(share["high"])) / 200
    return number(share[end] if isinstance(share, dict) else share) / 100


def days_by_reason(written, option=None):
    """Mean days of each step on each route, as written."""
    routes = written["settings"]["acute"]["then"]
    changed = written["options"][option]["set"] if option else {}
    days = {}
    for route in ROUTES:
        steps = changed.get(f"settings.acute.then.{route}.arrangement")
        for step in steps or routes[route]["arrangement"]:
            days[route, step["reason"]] = number(step["time"]) * needing(step)
    return days


@pytest.mark.parametrize("option", [None, "local_reasons"])
def test_days_of_delay_are_people_with_the_reason_over_discharges(place, written, tables, option):
    code = place.code if option else "ENGLAND"
    people = people_by_reason(tables, code)
    counts = destinations(tables, code)
    discharges = counts.sum() / DAYS_OF_TEN_MONTHS
    if option:  # the file's own volumes are those of the year
        discharges = published(written)["discharges"]
        remaining = published(written)["ready_at_end_of_day"]
    else:
        monthly = tables["nctr_monthly_2024-25_england_icb"]
        months = (monthly["code"] == code) & (monthly["month"] >= "2024-06")
        remaining = monthly[months]["remaining_daily_avg"].mean()
    people["no_reason_recorded"] = remaining - sum(people.values())
    per_day = dict(zip(ROUTES, counts / counts.sum() * discharges, strict=True))
    on = {
        "restart_of_care": ROUTES[:1],
        "hospital_process": ROUTES,
        "no_reason_recorded": ROUTES,
        "package_arrangement": ROUTES[1:2],
        "capacity_home": ROUTES[1:2],
        "bedded_arrangement": ROUTES[2:3],
        "capacity_intermediate": ROUTES[2:3],
        "care_home_arrangement": ROUTES[3:],
        "capacity_residential": ROUTES[3:],
    }
    expected = {}
    for reason, count in people.items():
        routes = on.get(reason, ROUTES[1:])
        for route in routes:
            expected[route, reason] = count / sum(per_day[r] for r in routes)
    told = days_by_reason(written, option)
    assert set(told) <= set(expected)
    for key, days in expected.items():
        assert told.get(key, 0.0) == pytest.approx(days, abs=0.004), key


def test_bed_days_after_the_discharge_ready_date(place, written, tables):
    frame = tables["discharge_ready_date_monthly_2024-25"]
    frame = frame[frame["code"] == place.code]
    assert len(frame) == 12
    a_day = frame["bed_days_after_drd"].sum() / 365
    assert published(written)["after_discharge_ready_date"] == pytest.approx(a_day, abs=0.06)


def test_community_beds(place, written, tables):
    audit = tables["community_bed_audit_2026-03-04_icb"].set_index("code").loc[place.code]
    beds = written["settings"]["community_beds"]
    assert number(beds["capacity"]) == audit["beds"]
    assert number(beds["stay"]["mean"]) == audit["los_overall"]
    more = written["options"]["more_community_beds"]["set"]["settings.community_beds.capacity"]
    assert more == pytest.approx(1.1 * audit["beds"], abs=0.6)


def test_people_and_care_homes(place, written, tables):
    people = tables["people"].set_index("ltla21_code").loc[list(place.councils)]

    def aged(youngest):
        ages = [str(age) for age in range(youngest, 90)]
        return int(people[[*ages, "90+"]].to_numpy().sum())

    assert number(written["cohorts"]["adults"]["population"]) == aged(18)
    homes = written["settings"]["residential"]
    places = 0.088 * aged(75)
    assert number(homes["capacity"]) == pytest.approx(places, abs=0.6)
    from_hospital = share(written, "residential") * published(written)["discharges"]
    leave = 0.864 * places / number(homes["stay"]["mean"])
    rate = number(written["arrivals"]["care_home_admissions"]["rate"])
    assert rate == pytest.approx(leave - from_hospital, abs=0.011)


def test_intervals_of_delays_hold_80_percent_of_the_boards(written, tables):
    reasons = tables["delay_reasons_2024-06_2025-03_england_icb"]
    boards = sorted(set(reasons["code"]) - {"ENGLAND"})
    assert len(boards) == 28
    services = {
        "home_support": ("package_arrangement", "capacity_home"),
        "community_beds": ("bedded_arrangement", "capacity_intermediate"),
        "residential": ("care_home_arrangement", "capacity_residential"),
    }
    for pathway, (route, pair) in enumerate(services.items(), start=1):
        hub = spread(written, route, ("care_transfer_hub",))
        days = [days_per_discharge(tables, b, ("care_transfer_hub",), (1, 2, 3)) for b in boards]
        assert hub == pytest.approx(tuple(np.percentile(days, [10, 90])), abs=0.001)
        days = [days_per_discharge(tables, board, pair, (pathway,)) for board in boards]
        ends = tuple(np.percentile(days, [10, 90]))
        assert spread(written, route, pair) == pytest.approx(ends, abs=0.005)


def days_per_discharge(tables, code, reasons, pathways):
    people = people_by_reason(tables, code)
    counts = destinations(tables, code)
    per_day = sum(counts[pathway] for pathway in pathways) / DAYS_OF_TEN_MONTHS
    return sum(people[reason] for reason in reasons) / per_day


def spread(written, route, reasons):
    """Both ends of the intervals of steps, added up."""
    steps = written["settings"]["acute"]["then"][route]["arrangement"]
    chosen = [step for step in steps if step["reason"] in reasons]
    return tuple(
        sum(number(step["time"]) * needing(step, end) for step in chosen) for end in ("low", "high")
    )
