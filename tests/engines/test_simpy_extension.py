"""The page on extending the SimPy engine holds what it says, and an extension is still audited."""

import re
from pathlib import Path

import numpy as np
import pytest
from event_models import Network

from caresim.engines.simpy.person import Person
from caresim.engines.simpy.run import run
from caresim.engines.simpy.world import World

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "extend-the-simpy-engine.md"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """What the Python of the page leaves behind."""
    text, folder = PAGE.read_text(encoding="utf-8"), tmp_path_factory.mktemp("page")
    (scenario,) = re.findall(r"```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (folder / "town.yaml").write_text(scenario, encoding="utf-8")
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for code in re.findall(r"```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            exec(compile(code, str(PAGE), "exec"), names)
    return names


def test_the_same_people_come_and_more_of_them_are_delayed(page):
    plain, workers, ward = page["as_written"], page["with_workers"], page["ward"]
    assert np.array_equal(plain.totals["arrivals"], workers.totals["arrivals"])
    more = workers.totals["delayed"] - plain.totals["delayed"]
    assert (more[:, 0, ward, 0] > 0.1).all()
    assert all(check.passed for check in workers.checks)


def test_two_workers_see_the_people_of_the_page_one_after_another(page):
    """Each assessment takes as long as without workers, and begins as one of the two is free."""
    model, ward = page["model"], page["ward"]
    plain, town = (page["run"](model, log=True, world_type=t) for t in (World, page["Town"]))
    took = {
        (row["member"], row["person"]): row["left"] - row["ready"]
        for row in plain.log.rows
        if row["setting"] == ward and row["next_setting"] >= 0
    }
    for member in range(model.run.members):
        rows = town.log.rows
        rows = rows[(rows["member"] == member) & (rows["setting"] == ward)]
        free = [0.0, 0.0]
        for row in np.sort(rows[rows["next_setting"] >= 0], order="ready"):
            begins = max(row["ready"], min(free))
            free[free.index(min(free))] = row["left"]
            assessment = took.get((member, row["person"]))
            if assessment is not None:
                assert row["left"] - begins == pytest.approx(assessment, abs=1e-9)
        assert rows.size > 100


class Longer(Person):
    def length_of_stay(self):
        return 2.0 * super().length_of_stay()

    def choose_route(self):
        return self.routes()[-1]


class LongerStays(World):
    person_type = Longer


def test_stays_and_routes_can_be_otherwise():
    model = Network(
        {"ward": {"stay": 3.0, "then": {"beds": 0.9, "home": 0.1}}, "beds": {"stay": 1.0}},
        {"door": {"to": "ward", "rate": 2.0}},
        days=50.0,
    ).model()
    plain, longer = run(model, log=True).log.rows, run(model, log=True, world_type=LongerStays)
    rows = longer.log.rows
    assert not (rows["setting"] == 1).any()
    ours = rows[~np.isnan(rows["left"])]
    before = {row["person"]: row for row in plain[plain["setting"] == 0]}
    for row in ours:
        stay = before[row["person"]]["ready"] - before[row["person"]]["started"]
        assert row["ready"] - row["started"] == pytest.approx(2.0 * stay)
    assert all(check.passed for check in longer.checks)
