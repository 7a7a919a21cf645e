"""How much of a claimed benefit to leave out, by the strength of the evidence behind it.

Source of the shares: Greater Manchester Combined Authority, cost benefit analysis guidance, a
ladder of corrections by grade of confidence from 1 (best) to 6. They were written down from
memory and not checked against the guidance, so they are marked unverified wherever they show.
"""

from __future__ import annotations

CORRECTIONS: dict[int, float] = {1: 0.0, 2: 0.05, 3: 0.10, 4: 0.15, 5: 0.25, 6: 0.40}
"""Share of a benefit left out, by grade of strength."""

CORRECTIONS_SOURCE = "Greater Manchester Combined Authority cost benefit analysis guidance, 2014"
CORRECTIONS_STATUS = "unverified"


def correction(grade: int) -> float:
    """Return the share of a benefit to leave out.

    Only benefits are discounted: a weak study of a harm is no reason to expect less harm.

    Parameters
    ----------
    grade
        Strength of the evidence from 1 (very strong) to 6 (no study).

    Raises
    ------
    ValueError
        If there is no such grade.

    Examples
    --------
    >>> correction(3), correction(6)
    (0.1, 0.4)
    """
    if grade not in CORRECTIONS:
        raise ValueError(f"grades of strength go from 1 to 6, not {grade!r}")
    return CORRECTIONS[grade]
