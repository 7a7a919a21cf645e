"""Numbers as people write them: commas in thousands, percentages, a unit behind.

The decimal digits are kept until the very last step, so `12%` is exactly the number nearest
to 0.12 and a value written out by `format_number` is read back bit for bit.
"""

import math
import re
from dataclasses import dataclass

LONGEST = 100
"""Characters of the longest quantity read."""

_START = re.compile(r"[-+]?[0-9.,_]*[0-9.](?:[eE][-+]?[0-9]+)?")
_NUMBER = re.compile(
    r"(?P<digits>[-+]?(?:(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?:_[0-9]{3})+)"
    r"(?:\.[0-9]*)?|\.[0-9]+))(?:[eE](?P<exponent>[-+]?[0-9]+))?"
)
_NOT_FINITE = re.compile(r"[-+]?\.?(?:inf|infinity|nan)\b", re.IGNORECASE)


class QuantityError(Exception):
    """A value that cannot be read as the quantity wanted; the caller adds the place.

    Parameters
    ----------
    code
        A code of the catalogue.
    message
        What is wrong, with the value found.
    hint
        What to write; None for the catalogue's hint.
    """

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        self.code = code
        self.message = message
        self.hint = hint
        super().__init__(code, message, hint)

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: decimal digits and a power of ten."""

    digits: str
    exponent: int

    def value(self, power: int = 0) -> float:
        """Give the number times a power of ten, correctly rounded."""
        return float(f"{self.digits}e{self.exponent + power}")


def split(written: object, kind: str, example: str) -> tuple[Number, str]:
    """Split a quantity into its number and what follows.

    Parameters
    ----------
    written
        Text such as ``"10,000 per year"``, or a number.
    kind, example
        What is wanted, for the messages: ``"a rate"``, ``"150 per day"``.

    Returns
    -------
    Number, str
        The number, and the rest in lower case with single spaces and ``/`` as ``per``.

    Raises
    ------
    QuantityError
        If it does not start with a finite number written in one of the known ways.
    """
    text = as_text(written, kind, example)
    if _NOT_FINITE.match(text):
        raise QuantityError("C306", f"`{cut(text)}` is not finite", f"write it as `{example}`")
    start = _START.match(text)
    if start is None:
        raise QuantityError(
            "C301", f"`{cut(text)}` is not {kind}", f"start with a number, as in `{example}`"
        )
    number = _NUMBER.fullmatch(start[0])
    rest = text[start.end() :].strip()
    if number is None or rest[:1].isdigit():
        raise QuantityError("C307", f"the number in `{cut(text)}` can be read in two ways")
    if re.match(r"(?:-|to\b)\s*[0-9]", rest):
        raise QuantityError(
            "C301",
            f"`{cut(text)}` is a range, not {kind}",
            "write a range as `{low: …, high: …}` where the value may be uncertain",
        )
    digits = number["digits"].replace(",", "").replace("_", "")
    found = Number(digits, int(number["exponent"] or 0))
    if not math.isfinite(found.value()):
        raise QuantityError("C306", f"the number in `{cut(text)}` is too large")
    return found, _tidy(rest)


def as_text(written: object, kind: str, example: str) -> str:
    """Give a text or number as tidy text; refuse anything else.

    Raises
    ------
    QuantityError
        If it is neither text nor a number, or far too long.
    """
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        raise QuantityError("C301", f"{kind} is expected here", f"write it as `{example}`")
    if isinstance(written, int) and abs(written) >= 10**LONGEST:
        raise QuantityError("C306", "the number is too large")
    text = " ".join(str(written).replace("\N{MINUS SIGN}", "-").split())
    if not text or len(text) > LONGEST:
        said = "an empty text" if not text else f"`{cut(text)}`"
        raise QuantityError("C301", f"{said} is not {kind}", f"write it as `{example}`")
    return text


def format_number(value: float) -> str:
    """Write a number with the fewest digits that are read back as the same number.

    Examples
    --------
    >>> [format_number(x) for x in (5.0, 5.5, 0.1, float("inf"))]
    ['5', '5.5', '0.1', 'unlimited']
    """
    if value == math.inf:
        return "unlimited"
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be written in a scenario")
    return repr(float(value)).removesuffix(".0")


def cut(text: str) -> str:
    """Shorten a text for a message."""
    return text if len(text) <= 40 else text[:40] + "…"


def _tidy(text: str) -> str:
    text = re.sub(r"\bper ?cent\b", "%", text.lower())
    return " ".join(text.replace("/", " per ").replace("%", " % ").split())
