"""Models of any kind with a slow side of any kind, drawn by hypothesis."""

from __future__ import annotations

import dataclasses

from any_models import DAYS, models
from hypothesis import strategies as st

from caresim.model import (
    Budget,
    Change,
    Changed,
    Feedback,
    Intervention,
    Opening,
    Population,
    Ramp,
    Signal,
    Staff,
    Target,
    Timeline,
    Transition,
    UncertainInput,
)

SHAPES = ("step", "linear", "front_loaded", "back_loaded", "s_curve")
SIGNALS = ("occupancy", "delayed", "waiting", "unmet", "vacancies", "workload", "underspend")
ABOVE = {"occupancy": 0.5, "unmet": 0.1, "vacancies": 0.0, "workload": 0.5}
PER = {"occupancy": 0.1, "unmet": 0.2, "vacancies": 0.1, "workload": 0.5, "underspend": 100.0}

shares = st.sampled_from((0.1, 0.5, 1.0))
relatives = st.sampled_from((-1.0, -0.5, -0.2, 0.3, 1.5))
bounds = st.sampled_from((0.2, 0.9))
slacks = st.sampled_from((0.2, 0.9, float("inf")))


@st.composite
def staff_groups(draw, model):
    groups = []
    for k in range(draw(st.integers(0, 2))):
        runs = draw(
            st.lists(st.integers(0, len(model.settings) - 1), min_size=1, max_size=2, unique=True)
        )
        deployment = draw(st.sampled_from(("shared", "priority", "fixed")))
        posts = float(draw(st.integers(1, 12)))
        fills = draw(st.sampled_from((0.0, 0.05)))
        groups.append(
            Staff(
                name=f"group{k}",
                label=f"Group {k}",
                posts=Timeline(days=[0.0, 15.0], values=[posts, posts + 2.0]),
                in_post=posts * draw(st.sampled_from((0.5, 0.9, 1.0))),
                leavers=draw(st.sampled_from((0.001, 0.02))),
                recruitment=0.0 if fills else draw(st.sampled_from((0.0, 0.1))),
                fills=fills,
                training_days=draw(st.sampled_from((0.0, 10.0))),
                sickness=draw(st.sampled_from((0.0, 0.1))),
                runs=tuple((s, draw(st.sampled_from((0.5, 1.0)))) for s in runs),
                deployment=deployment,
                shares=(1.0 / len(runs),) * len(runs) if deployment == "fixed" else (),
            )
        )
    return tuple(groups)


@st.composite
def numbers(draw, model, *, slow):
    """A number of the model that something changes, and how: relative or in its own unit."""
    n_settings, n_cohorts = len(model.settings), len(model.cohorts)
    known = [
        *((Changed("arrival_rate", i), 0.5) for i in range(len(model.arrivals))),
        *((Changed("stay", s, c), None) for s in range(n_settings) for c in range(n_cohorts)),
        *((Changed("route_share", r), 0.2) for r in range(len(model.routes))),
        *((Changed("capacity", s), 2.0) for s in range(n_settings)),
    ]
    for r, route in enumerate(model.routes):
        for j in range(len(route.steps)):
            known += [(Changed("step_time", r, j), None), (Changed("step_share", r, j), 0.3)]
        known += [(Changed("delayed_hazard", r, j), 0.2) for j in range(len(route.leaving))]
    for s, setting in enumerate(model.settings):
        for c, rules in enumerate(setting.leaving):
            known += [(Changed("waiting_hazard", s, c, k), 0.2) for k in range(len(rules))]
    if slow:
        for g in range(len(model.staff)):
            known += [(Changed("leavers", g), 0.01), (Changed("sickness", g), 0.2)]
        if model.population is not None:
            known += [(Changed("home_deaths", c), 0.001) for c in range(n_cohorts)]
    of, unit = draw(st.sampled_from(known))
    if unit is not None and draw(st.booleans()):
        return of, "absolute", unit * draw(st.sampled_from((-1.0, -0.5, 0.5, 1.0)))
    return of, "relative", draw(relatives)


@st.composite
def interventions(draw, model):
    """Interventions, and arrivals with those of displaced people."""
    arrivals, found, n_ordinary = list(model.arrivals), [], len(model.arrivals)
    known = {}
    for k in range(draw(st.integers(0, 2))):
        changes = []
        for _ in range(draw(st.integers(1, 3))):
            of, kind, amount = draw(numbers(model, slow=True))
            to, share = -1, 0.0
            if of.field == "arrival_rate" and amount < 0.0 and draw(st.booleans()):
                setting = draw(st.integers(0, len(model.settings) - 1))
                key = (of.i, setting)
                if key not in known:
                    known[key] = len(arrivals)
                    arrivals.append(
                        dataclasses.replace(
                            arrivals[of.i], to=setting, transfer=None, displaced_from=of.i
                        )
                    )
                to, share = known[key], draw(shares)
            reach = draw(shares)
            changes.append(
                Change(of, kind, amount, reach=reach, displaced_to=to, displaced_share=share)
            )
        shape = draw(st.sampled_from(SHAPES))
        ramp = Ramp(
            start=float(draw(st.integers(0, 20))),
            shape=shape,
            over=0.0 if shape == "step" else 8.0,
            end=draw(st.sampled_from((30.0, float("inf")))),
        )
        staff = tuple((g, 1.0) for g in range(len(model.staff)) if draw(st.booleans()))
        uses = ((0, 1.0),) if draw(st.booleans()) else ()
        found.append(Intervention(f"i{k}", f"i{k}", ramp, tuple(changes), staff, uses))
    assert all(arrival.displaced_from < 0 for arrival in arrivals[:n_ordinary])
    if arrivals and draw(st.integers(0, 3)) == 0:
        arrivals[0] = dataclasses.replace(arrivals[0], only_added=True)
    return tuple(found), tuple(arrivals)


@st.composite
def feedbacks(draw, model):
    found = []
    for k in range(draw(st.integers(0, 3))):
        of = draw(st.sampled_from((*SIGNALS, "delay_days", "delay_days")))
        if of in ("vacancies", "workload") and not model.staff:
            of = "occupancy"
        i = draw(st.integers(0, len(model.settings) - 1))
        if of in ("vacancies", "workload"):
            i = draw(st.integers(0, len(model.staff) - 1))
        if of == "underspend":
            i = 0
        smoothing = 0.0 if of == "delay_days" else draw(st.sampled_from((0.0, 3.0)))
        changes = []
        for _ in range(draw(st.integers(1, 2))):
            changed, kind, amount = draw(numbers(model, slow=of != "delay_days"))
            if of == "delay_days":
                where = draw(st.integers(0, len(model.settings) - 1))
                cohort = draw(st.integers(0, len(model.cohorts) - 1))
                changed, kind, amount = Changed("stay", where, cohort), "relative", draw(relatives)
                if draw(st.booleans()):
                    route = draw(st.integers(0, len(model.routes) - 1))
                    kind = draw(st.sampled_from(("relative", "absolute")))
                    changed = Changed("route_share", route)
            # Without a bound, more people would bring more people, without end.
            most = draw(slacks if amount < 0.0 else bounds)
            changes.append(Change(changed, kind, amount, per=PER.get(of, 1.0), most=most))
        signal = Signal(of, i, ABOVE.get(of, 0.0), smoothing)
        found.append(Feedback(f"f{k}", f"f{k}", signal, tuple(changes)))
    return tuple(found)


@st.composite
def openings(draw, model):
    found = []
    for _ in range(draw(st.integers(0, 2))):
        s = draw(st.integers(0, len(model.settings) - 1))
        replaces = draw(st.integers(-1, len(model.settings) - 1))
        found.append(
            Opening(
                setting=s,
                places=float(draw(st.sampled_from((-2, 3, 6)))),
                day=float(draw(st.integers(0, 20))),
                slippage=draw(st.sampled_from((0.0, 2.5))),
                phases=draw(st.integers(1, 3)),
                every=5.0,
                replaces=-1 if replaces == s else replaces,
                replaced_places=0.0 if replaces in (-1, s) else 2.0,
                after=0.0 if replaces in (-1, s) else 4.0,
            )
        )
    return tuple(found)


def populations(draw, model):
    n = len(model.cohorts)
    projected = draw(st.booleans())
    line = Timeline(days=[0.0, DAYS], values=[1000.0, 1300.0], kind="linear")
    return Population(
        kind="open",
        start=(1000.0,) * n,
        home_deaths=(0.001,) * n,
        leaves=(0.002,) * n,
        joins=(2.0,) * n,
        transitions=(Transition(0, 1, 0.01),) if n > 1 else (),
        projection=((line,) + (None,) * (n - 1)) if projected else (),
    )


@st.composite
def coupled_models(draw):
    """A model of any kind with something that changes its numbers as it runs."""
    model = draw(models())
    model = dataclasses.replace(
        model,
        budgets=(Budget("pool", "Pool", 1000.0, ((0, 300.0),)),),
        run=dataclasses.replace(
            model.run, coupling_days=draw(st.sampled_from((1.0, 1.0, 0.25, 5.0)))
        ),
    )
    model = dataclasses.replace(model, staff=draw(staff_groups(model)))
    if draw(st.integers(0, 2)) == 0:
        model = dataclasses.replace(
            model,
            population=populations(draw, model),
            arrivals=tuple(_of_a_stock(arrivals) for arrivals in model.arrivals),
            inputs=tuple(x for x in model.inputs if x.targets[0].field != "arrival_rate"),
        )
    given, arrivals = draw(interventions(model))
    model = dataclasses.replace(
        model,
        interventions=given,
        arrivals=arrivals,
        feedbacks=draw(feedbacks(model)),
        openings=draw(openings(model)),
    )
    targets = [Target("feedback_amount", 0, 0)] if model.feedbacks else []
    targets += [Target("intervention_start", 0)] if given else []
    targets += [Target("slippage", 0)] if model.openings else []
    targets += [Target("leavers", 0)] if model.staff else []
    inputs = tuple(_uncertain(f"slow input {k}", target) for k, target in enumerate(targets))
    return dataclasses.replace(model, inputs=(*model.inputs, *inputs))


def _of_a_stock(arrivals):
    """The same arrivals, at a rate of a population that is a stock and starts at 1000."""
    if arrivals.population is None:
        return arrivals
    return dataclasses.replace(
        arrivals,
        rate=arrivals.rate / 1000.0,
        population=Timeline.constant(1000.0),
        population_growth=0.0,
    )


def _uncertain(path, target):
    return UncertainInput(
        path=path,
        shape="uniform",
        nominal=0.2,
        low=0.0,
        high=0.4,
        level=1.0,
        centre=0.2,
        spread_low=0.0,
        spread_high=0.0,
        least=0.0,
        most=1.0,
        targets=(target,),
    )
