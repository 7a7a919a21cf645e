"""Codes, indicators and paths of the language, explained without a file."""

from __future__ import annotations

import re

from caresim.explain.text import indented, labelled, listed
from caresim.indicators import INDICATORS, split_id
from caresim.problems import nearest
from caresim.scenario.codes import CODES, Code

_CODE = re.compile(r"[CPR][0-9]{3}", re.IGNORECASE)


class UnknownError(Exception):
    """There is nothing of that name to explain."""


def word(target: str) -> str:
    """Explain a code, an indicator, a path of the language, or list ``codes`` or ``indicators``.

    Parameters
    ----------
    target
        Such as ``C301``, ``occupancy.acute`` or ``settings.SETTING.stay``.

    Raises
    ------
    UnknownError
        If it is none of these; the message names what was probably meant.

    Examples
    --------
    >>> print(word("waiting").splitlines()[0])
    waiting, waiting.SETTING: indicator, in people
    """
    if target == "codes":
        known = sorted(all_codes().values(), key=lambda code: code.id)
        return listed([(code.id, code.title) for code in known])
    if target == "indicators":
        return listed([(i.pattern, _first_sentence(i.meaning)) for i in INDICATORS.values()])
    if _CODE.fullmatch(target):
        return _code(target.upper())
    name, _ = split_id(target)
    if name in INDICATORS:
        return _indicator(name)
    from caresim.explain.language import language

    found = language(target)
    if found is not None:
        return found
    close = nearest(target, [*INDICATORS, "codes", "indicators"])
    raise UnknownError(
        f"there is no code, indicator or input {target!r}"
        + (f"; did you mean {close!r}?" if close else "")
    )


def all_codes() -> dict[str, Code]:
    """Return every code there is, those of plausibility checks included."""
    # Importing these modules adds their codes to the catalogue.
    import caresim.places.data_codes
    import caresim.scenario.checks
    import caresim.scenario.codes_scenario  # noqa: F401

    return CODES


def _code(code_id: str) -> str:
    code = all_codes().get(code_id)
    if code is None:
        close = nearest(code_id, CODES)
        raise UnknownError(
            f"there is no code {code_id}" + (f"; the nearest is {close}" if close else "")
        )
    lines = [
        f"{code.id}: {code.title} ({code.severity})",
        indented(code.explanation),
        labelled("why:", code.why, 7),
        labelled("hint:", code.hint, 7),
    ]
    return "\n".join(lines)


def _indicator(name: str) -> str:
    indicator = INDICATORS[name]
    return (
        f"{indicator.pattern}: indicator, in {indicator.unit}\n{indented(indicator.meaning)}\n"
        + indented(
            "Mean over the run or a part of it, with the 5th and 95th percentile over members."
        )
    )


def _first_sentence(text: str) -> str:
    return text.split(". ")[0].rstrip(".")
