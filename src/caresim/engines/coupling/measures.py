"""What has to be measured of the fast side for each feedback."""

from __future__ import annotations

import numpy as np

from caresim.engines.coupling.plan import NONE, SIGNALS, Feedbacks, Measure, Mixtures
from caresim.engines.coupling.terms import Found
from caresim.model import Feedback, Model


class MeasureBook:
    """Collects measures, each once."""

    def __init__(self) -> None:
        self.measures: dict[Measure, int] = {}

    def row(self, measure: Measure) -> int:
        """Return the row of a measure in the table."""
        return self.measures.setdefault(measure, len(self.measures))


def lay_out_feedbacks(model: Model, book: MeasureBook) -> Feedbacks:
    """Return what each feedback observes."""
    rows, bounds = [], []
    entries: list[tuple[int, float]] = []
    for feedback in model.feedbacks:
        rows.append(_observed(feedback, book))
        first = len(entries)
        entries += _entries(model, feedback, book)
        bounds.append((first, len(entries)))
    signals = [feedback.signal for feedback in model.feedbacks]
    per_day = [
        model.budgets[signal.i].per_day if signal.of == "underspend" else 0.0 for signal in signals
    ]
    return Feedbacks(
        of=np.array([SIGNALS.index(signal.of) for signal in signals], dtype=np.int64),
        at=np.array([signal.i for signal in signals], dtype=np.int64),
        above=np.array([signal.above for signal in signals], dtype=np.float64),
        smoothing_days=np.array([signal.delay_days for signal in signals], dtype=np.float64),
        measures=np.array(rows, dtype=np.int64).reshape(-1, 3),
        first=np.array([first for first, _ in bounds], dtype=np.int64),
        last=np.array([last for _, last in bounds], dtype=np.int64),
        entry_measures=np.array([row for row, _ in entries], dtype=np.int64),
        entry_weights=np.array([weight for _, weight in entries], dtype=np.float64),
        per_day=np.array(per_day, dtype=np.float64),
    )


def _observed(feedback: Feedback, book: MeasureBook) -> list[int]:
    """Return the rows that a signal of one setting is worked out from."""
    i = feedback.signal.i
    kinds = {
        "occupancy": ("used",),
        "delayed": ("delayed",),
        "waiting": ("waiting",),
        "unmet": ("waiting", "delayed_for", "occupied"),
        "delay_days": ("delayed", "left"),
    }.get(feedback.signal.of, ())
    rows = [book.row(Measure(kind, i)) for kind in kinds]
    return rows + [NONE] * (3 - len(rows))


def _entries(model: Model, feedback: Feedback, book: MeasureBook) -> list[tuple[int, float]]:
    """Return the measures whose weighted sum a workload or what is spent is."""
    if feedback.signal.of == "underspend":
        pays = model.budgets[feedback.signal.i].pays
        return [(book.row(Measure("occupied", setting)), price) for setting, price in pays]
    if feedback.signal.of != "workload":
        return []
    found = []
    for setting, needed in model.staff[feedback.signal.i].runs:
        places = model.settings[setting].places_per_person.places[0]
        found.append((book.row(Measure("used", setting)), needed))
        found.append((book.row(Measure("waiting", setting)), needed * places))
        found.append((book.row(Measure("delayed_for", setting)), needed * places))
    return found


def lay_out_mixtures(
    model: Model, found: Found, first_amount: int, book: MeasureBook, *, mean_field: bool
) -> Mixtures:
    """Return the feedbacks on each person's own delay, with what their means need."""
    rows, measures = [], []
    for k, (origin, of, _) in enumerate(found.delays):
        route = of.i if of.field == "route_share" else NONE
        setting = model.routes[of.i].setting if route >= 0 else of.i
        cohort = model.routes[of.i].cohort if route >= 0 else of.j
        rows.append((origin, setting, cohort, route, first_amount + k))
        needed = (
            Measure("delayed_to", origin, cohort, setting),
            Measure("moves", origin, cohort, setting),
            Measure("delayed", origin, cohort),
            Measure("left_delayed", origin, cohort),
            Measure("admissions", setting, cohort),
            Measure("in_care", setting, cohort),
        )
        measures.append([book.row(m) if mean_field else NONE for m in needed])
    changes = [source.change for _, _, source in found.delays]
    signals = [model.feedbacks[source.owner].signal for _, _, source in found.delays]
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return Mixtures(
        origin=table[:, 0].copy(),
        setting=table[:, 1].copy(),
        cohort=table[:, 2].copy(),
        route=table[:, 3].copy(),
        relative=np.array([change.kind == "relative" for change in changes], dtype=np.bool_),
        amount=table[:, 4].copy(),
        above=np.array([signal.above for signal in signals], dtype=np.float64),
        per=np.array([change.per for change in changes], dtype=np.float64),
        most=np.array([change.most for change in changes], dtype=np.float64),
        measures=np.array(measures, dtype=np.int64).reshape(-1, 6),
    )
