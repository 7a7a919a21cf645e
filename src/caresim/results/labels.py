"""The names that make an option's arrays readable, kept apart from the model they came from.

Saved results hold these in place of the model, so that they can be read without building it
again, also by a version of caresim whose model has changed.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.engines.output import PATHWAYS, Window, local_groups
from caresim.model import DAYS_PER_YEAR, Model, PublishedFigure, Reason
from caresim.model.money import Money
from caresim.model.plain import from_plain, to_plain


@dataclass(frozen=True)
class SettingLabel:
    """A setting's name, and what results need to know of it.

    Attributes
    ----------
    name, label, kind, pathway, locality
        As in :class:`caresim.model.Setting`.
    """

    name: str
    label: str
    kind: str
    pathway: int | None
    locality: str | None


@dataclass(frozen=True)
class Labels:
    """Names along the dimensions of one option's arrays.

    Attributes
    ----------
    title, option, option_label
        What was modelled, and which option this is.
    start_date, days
        Calendar date of day 0, and length of the run.
    cohorts, settings, reasons, inputs
        Along the dimensions of the same name; ``inputs`` are the paths of uncertain inputs.
    windows
        What totals are over.
    published
        Figures to print beside the simulated ones.
    money
        Who pays whom for what; None where nothing is said of it.
    staff, interventions, feedbacks
        Along the dimensions of what changes the numbers while the model runs.
    """

    title: str
    option: str
    option_label: str
    start_date: datetime.date
    days: float
    cohorts: tuple[str, ...]
    settings: tuple[SettingLabel, ...]
    reasons: tuple[Reason, ...]
    inputs: tuple[str, ...]
    windows: tuple[Window, ...]
    published: tuple[PublishedFigure, ...]
    money: Money | None = None
    staff: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    feedbacks: tuple[str, ...] = ()

    @classmethod
    def of(cls, model: Model, windows: tuple[Window, ...]) -> Labels:
        """Take the names from a model."""
        return cls(
            title=model.title,
            option=model.option,
            option_label=model.option_label,
            start_date=model.start_date,
            days=model.days,
            cohorts=model.cohorts,
            settings=tuple(
                SettingLabel(s.name, s.label, s.kind, s.pathway, s.locality) for s in model.settings
            ),
            reasons=model.reasons,
            inputs=tuple(given.path for given in model.inputs),
            windows=windows,
            published=model.published,
            money=model.money,
            staff=tuple(group.name for group in model.staff),
            interventions=tuple(given.name for given in model.interventions),
            feedbacks=tuple(loop.name for loop in model.feedbacks),
        )

    @property
    def setting_names(self) -> tuple[str, ...]:
        """Names of the settings."""
        return tuple(setting.name for setting in self.settings)

    @property
    def reason_names(self) -> tuple[str, ...]:
        """Names of the reasons for delay."""
        return tuple(reason.name for reason in self.reasons)

    @property
    def years(self) -> tuple[Window, ...]:
        """The windows that are years of the run; the last may be shorter."""
        return self.windows[1 : 1 + math.ceil(self.days / DAYS_PER_YEAR)]

    @property
    def local_groups(self) -> dict[str, tuple[int, ...]]:
        """Positions of the settings that are one local setting: from ``home_care``."""
        return local_groups(self.settings)

    def along(self, dim: str) -> tuple[str, ...]:
        """Return the names along a dimension of a variable of an engine's output."""
        names = {
            "setting": self.setting_names,
            "to": self.setting_names,
            "cohort": self.cohorts,
            "reason": self.reason_names,
            "pathway": PATHWAYS,
            "staff": self.staff,
            "intervention": self.interventions,
            "feedback": self.feedbacks,
        }
        return names[dim]

    def dates(self, days: NDArray[np.float64]) -> NDArray[np.datetime64]:
        """Return the calendar times of days from the start, to the second."""
        seconds = np.rint(np.asarray(days) * 86_400).astype("timedelta64[s]")
        return np.datetime64(self.start_date, "s") + seconds

    def date(self, day: float) -> datetime.date:
        """Return the calendar date of a day from the start."""
        return self.start_date + datetime.timedelta(days=day)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that JSON can hold."""
        return {
            "title": self.title,
            "option": self.option,
            "option_label": self.option_label,
            "start_date": self.start_date.isoformat(),
            "days": self.days,
            "cohorts": list(self.cohorts),
            "settings": [vars(setting) for setting in self.settings],
            "reasons": [vars(reason) for reason in self.reasons],
            "inputs": list(self.inputs),
            "windows": [vars(window) for window in self.windows],
            "published": [vars(figure) for figure in self.published],
            **({} if self.money is None else {"money": to_plain(self.money)}),
            "staff": list(self.staff),
            "interventions": list(self.interventions),
            "feedbacks": list(self.feedbacks),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Labels:
        """Undo :meth:`to_dict`."""
        return cls(
            title=data["title"],
            option=data["option"],
            option_label=data["option_label"],
            start_date=datetime.date.fromisoformat(data["start_date"]),
            days=data["days"],
            cohorts=tuple(data["cohorts"]),
            settings=tuple(SettingLabel(**setting) for setting in data["settings"]),
            reasons=tuple(Reason(**reason) for reason in data["reasons"]),
            inputs=tuple(data["inputs"]),
            windows=tuple(Window(**window) for window in data["windows"]),
            published=tuple(PublishedFigure(**figure) for figure in data["published"]),
            money=from_plain(Money, data["money"]) if "money" in data else None,
            staff=tuple(data.get("staff", ())),
            interventions=tuple(data.get("interventions", ())),
            feedbacks=tuple(data.get("feedbacks", ())),
        )
