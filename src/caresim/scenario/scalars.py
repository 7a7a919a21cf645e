"""What a plain word of the file is: a number, a boolean or text.

The core schema of YAML 1.2 (section 10.3.2) and no more: ``no``, ``on`` and ``yes`` stay text,
and so do ``12:30``, ``1_000``, ``10,000``, dates and digits after a leading zero, which the parts
of the language that expect them understand. What the core schema makes a null, an infinity
or a number in another base is refused.
"""

import math
import re

MAX_NUMBER_LENGTH = 60

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
BOOLEANS = dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(
    ("false", "False", "FALSE"), False
)

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")


class ScalarError(Exception):
    """A plain word that is refused: the code and message of the problem."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(code, message)


def value_of(text: str) -> str | int | float | bool:
    """Give the value of a plain (unquoted) word.

    Raises
    ------
    ScalarError
        If it is a null, an infinity, not a number, in another base, or too long a number.

    Examples
    --------
    >>> [value_of(word) for word in ("900", "5.5", "true", "no", "08:00", "0800")]
    [900, 5.5, True, 'no', '08:00', '0800']
    """
    if text in NULLS:
        raise ScalarError("C125", f"`{text}` is not a value")
    if text in BOOLEANS:
        return BOOLEANS[text]
    if _FLOAT.fullmatch(text):
        return _number(text)
    if _NOT_FINITE.fullmatch(text):
        raise ScalarError("C126", f"`{text}` is not a finite number")
    if _OTHER_BASE.fullmatch(text):
        raise ScalarError("C128", f"`{text[:20]}` is not a decimal number")
    return text


def _number(text: str) -> int | float:
    if len(text) > MAX_NUMBER_LENGTH:
        raise ScalarError(
            "C127", f"this number has {len(text):,} characters; at most {MAX_NUMBER_LENGTH}"
        )
    if _INTEGER.fullmatch(text):
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        raise ScalarError("C126", f"`{text}` is too large for a number")
    return value
