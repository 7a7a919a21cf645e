"""Units of time, and what is said when a unit is missing, misspelt or of another kind.

A year is 365 days, a month 365/12 and a week 7: rates and stays need lengths that do not
depend on the date, and 365 keeps a rate per year equal to 365 times the rate per day.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from caresim.problems import nearest
from caresim.scenario.numerals import Number, QuantityError, cut, split

DAYS_IN: Mapping[str, tuple[int, int]] = {
    "minute": (1, 1440),
    "hour": (1, 24),
    "day": (1, 1),
    "week": (7, 1),
    "month": (365, 12),
    "year": (365, 1),
}
"""Length of each unit of time in days, as a fraction."""

UNITS_OF_TIME = "minutes, hours, days, weeks, months or years"

TIME: Mapping[str, str] = (
    {unit: unit for unit in DAYS_IN}
    | {unit + "s": unit for unit in DAYS_IN}
    | {"min": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour"}
    | {"d": "day", "wk": "week", "wks": "week", "yr": "year", "yrs": "year"}
)
"""Every word for a unit of time, and the unit."""

PEOPLE = frozenset(("person", "people", "persons", "population", "residents", "patients"))
"""Words that may follow a number of people."""

_NOT_TIME = frozenset(
    (
        *PEOPLE,
        *("%", "£", "gbp", "pound", "pounds", "bed", "beds", "place", "places", "package"),
        *("packages", "visit", "visits", "appointment", "appointments", "staff", "share", "per"),
    )
)


@dataclass(frozen=True, slots=True)
class Written:
    """A quantity as written, split into number and unit, with what it ought to be.

    Parameters
    ----------
    text
        As written, shortened for messages.
    kind, example
        What is wanted: ``"a duration"``, ``"5.5 days"``.
    number, rest
        The number and what follows it (see `caresim.scenario.numerals.split`).
    """

    text: str
    kind: str
    example: str
    number: Number
    rest: str

    @classmethod
    def read(cls, written: object, kind: str, example: str) -> "Written":
        """Split a quantity, or say why it is none.

        Raises
        ------
        QuantityError
            If it does not start with a finite number.
        """
        number, rest = split(written, kind, example)
        return cls(cut(str(written)), kind, example, number, rest)

    @property
    def is_bare_zero(self) -> bool:
        """Whether it is 0 without a unit: zero is zero in every unit."""
        return not self.rest and self.number.value() == 0

    def parts(self) -> list[str]:
        """Split the unit at each ``per``; what stands before the first comes first."""
        return [part.strip() for part in f" {self.rest} ".split(" per ")]

    def not_negative(self, power: int = 0) -> float:
        """Give the number times a power of ten, refusing one below 0."""
        value = self.number.value(power)
        if value < 0:
            raise QuantityError("C305", f"must be 0 or more, got `{self.text}`")
        return abs(value)  # -0 is 0

    def finite(self, value: float) -> float:
        """Give a value calculated from it, refusing one that became infinite."""
        if not math.isfinite(value):
            raise QuantityError("C306", f"`{self.text}` is too large")
        return value

    def days(self, value: float, unit: str) -> float:
        """Turn a number of units of time into days."""
        times, parts = DAYS_IN[self.unit_of_time(unit)]
        return self.finite(value * times / parts)

    def per_day(self, value: float, per: str) -> float:
        """Turn a number per ``week``, or per ``1.2 days``, into one per day."""
        each = 1.0
        if per[:1].isdigit() or per[:1] == ".":
            time, per = split(per, self.kind, self.example)
            each = time.value()
        times, parts = DAYS_IN[self.unit_of_time(per)]
        if each * times <= 0:
            raise QuantityError("C305", f"`{self.text}` is a rate per no time at all")
        return self.finite(value * parts / (each * times))

    def unit_of_time(self, unit: str) -> str:
        """Give the unit of time that a word stands for, or say what is wrong with it."""
        if unit in TIME:
            return TIME[unit]
        if not unit:
            self.refuse_bare(f"write it as `{self.example}`; units are {UNITS_OF_TIME}")
        if is_known(unit):
            hint = f"write it as `{self.example}`; units are {UNITS_OF_TIME}"
            raise QuantityError("C304", f"`{self.text}` is not {self.kind}", hint)
        meant = nearest(unit, TIME)
        hint = f"did you mean `{meant}`? " if meant else ""
        message = f"`{self.text}` is not {self.kind}: `{cut(unit)}` is no unit of time"
        hint += f"write it as `{self.example}`; units are {UNITS_OF_TIME}"
        raise QuantityError("C303", message, hint)

    def refuse_bare(self, hint: str) -> NoReturn:
        """Say that the unit is missing."""
        message = f"`{self.text}` is not {self.kind}: its unit is missing"
        raise QuantityError("C302", message, hint)

    def refuse_unit(self, hint: str) -> NoReturn:
        """Say that this kind of quantity cannot have the unit it has."""
        code = "C304" if is_known(self.rest) else "C303"
        raise QuantityError(code, f"`{self.text}` is not {self.kind}", hint)


def is_known(unit: str) -> bool:
    """Tell whether a unit is a real one, of whatever kind."""
    return unit in TIME or unit.partition(" ")[0] in _NOT_TIME
