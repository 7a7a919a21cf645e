"""What the figures can and cannot tell of the inputs, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.calibration.fit import Fit

FloatArray = NDArray[np.float64]

NOTHING = 0.1
"""Narrowing of an input's spread below which the figures are said to tell nothing of it."""
NONE = 0.001
"""Change of a figure, by a standard deviation of an input, that counts as none."""
SAME = 0.01
"""Change from which on an input may be one of those that cannot be told apart."""
OPEN = 0.25
"""Share of its prior variance that a mixture of inputs keeps if the figures leave it open."""
TAKES_PART = 0.35
"""Weight from which on an input takes part in a mixture."""
OFF = 0.1
"""Mean residual of a series, as a share of its mean, above which the model is said to be off."""
FAR = 1.645
"""Standard deviations from the middle of its prior at which an input is said to be pulled away:
the ends of its 90% interval."""


@dataclass(frozen=True)
class Learnt:
    """What was learnt of one input.

    Attributes
    ----------
    name
        Of the draw.
    narrowed
        1 less the ratio of the posterior's standard deviation to the prior's, on the scale on which
        the prior is a standard normal: 0 if nothing was learnt, 1 if all.
    pulled
        Mean position of the posterior, in standard deviations of the prior.
    moves
        Largest change of any figure by one standard deviation of the prior, as a share of it.
    """

    name: str
    narrowed: float
    pulled: float
    moves: float


def learnt(fit: Fit, names: tuple[str, ...]) -> list[Learnt]:
    """Return what was learnt of each input."""
    spread = fit.z.std(axis=0)
    moves = np.max([np.abs(one).max(axis=0) for one in fit.sensitivity if one.size], axis=0)
    return [
        Learnt(name, float(1 - spread[i]), float(fit.z[:, i].mean()), float(moves[i]))
        for i, name in enumerate(names)
    ]


def warnings(fit: Fit, names: tuple[str, ...], known: list[Learnt]) -> list[str]:
    """Return sentences on what the figures cannot tell, and where they disagree with priors."""
    found = []
    for one in known:
        if one.narrowed < NOTHING and one.moves < NONE:
            found.append(
                f"The figures say nothing of {one.name}: no figure depends on it. Its posterior is "
                "its prior."
            )
        elif one.narrowed < NOTHING:
            found.append(f"The figures say next to nothing of {one.name}: its posterior is about "
                         "its prior.")  # fmt: skip
        if abs(one.pulled) > FAR:
            way = "above" if one.pulled > 0 else "below"
            found.append(
                f"The figures pull {one.name} {way} what was believed of it before "
                f"({one.pulled:+.1f} standard deviations): look at the interval, the figures, and "
                "whether they are of the same people."
            )
    found += _mixtures(fit, names, known)
    return found + _off(fit)


def _off(fit: Fit) -> list[str]:
    """Name series that no inputs within their intervals can meet."""
    found = []
    for s, figures in zip(fit.target.series, fit.simulated, strict=True):
        residual = s.values[s.fitted] - np.median(figures[:, s.fitted], axis=0)
        share = float(residual.mean() / s.scale)
        if abs(share) > OFF:
            way = "below" if share > 0 else "above"
            found.append(
                f"The model stays {way} the figures of {s.name}: it is off by {abs(share):.0%} on "
                "average with the best inputs. Look at the intervals, at what is not fitted, and "
                "whether the figures are of the same people."
            )
    return found


def _mixtures(fit: Fit, names: tuple[str, ...], known: list[Learnt]) -> list[str]:
    """Name mixtures of inputs that leave the figures as they are."""
    told = [i for i, one in enumerate(known) if one.moves >= SAME]
    if len(told) < 2:
        return []
    values, vectors = np.linalg.eigh(np.cov(fit.z[:, told].T))
    found = []
    for value, vector in zip(values[::-1], vectors.T[::-1], strict=True):
        part = [k for k in range(len(told)) if abs(vector[k]) >= TAKES_PART]
        shrunk = any(known[told[k]].narrowed >= NOTHING for k in part)
        if value < OPEN or len(part) < 2 or not shrunk:
            continue
        part.sort(key=lambda k: -abs(vector[k]))
        sign = np.sign(vector[part[0]])
        together = [names[told[k]] for k in part if np.sign(vector[k]) == sign]
        against = [names[told[k]] for k in part if np.sign(vector[k]) != sign]
        text = f"higher {_listed(together)}"
        text += f" with lower {_listed(against)}" if against else ""
        found.append(f"The figures do not tell these apart: {text} fits them about as well.")
    return found


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
