"""How much common random numbers lower the variance of a difference between two options.

    python benchmarks/pairing/run.py [--members 40] [--years 1]

The same people meet every option, since every random number belongs to a person and a purpose.
Two changes are made to the Bristol scenario: a tenth more acute beds, and a tenth more places of
support at home where these are limited. Each is run with the same seed as what it is compared with
(paired) and with another (unpaired); with uncertain inputs at their means, so that people alone
are paired, and as the scenario is, where the draws of the inputs are paired too. Prints, for each
figure, the variance over members of the difference both ways, and their ratio. Exits with 5 if
pairing does not halve the variance of the people delayed and in acute beds, the scenario as it is.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import caresim as cs
from caresim.engines.event.run import run
from caresim.model import Model

Overrides = tuple[tuple[str, str], ...]
BRISTOL = Path(__file__).parents[2] / "scenarios" / "bristol" / "bristol.yaml"
MORE_BEDS = ("settings.acute.capacity", "2026")
CASES = {
    "acute beds, 1,842 and 10% more": (("do_nothing", ()), ("do_nothing", (MORE_BEDS,))),
    "support at home, 430 places and 10% more": (
        ("limited_home_support", ()),
        ("more_limited_home_support", ()),
    ),
}
"""Options and overrides of each pair."""

LEAST = 2.0
"""Variance unpaired by paired that is asked for."""


def model_of(
    option: str, overrides: Overrides, members: int, days: float, seed: int, *, uncertain: bool
) -> Model:
    """Return an option of the Bristol scenario."""
    model = cs.load(BRISTOL, [("run.seed", str(seed)), *overrides]).model(option)
    settled = dataclasses.replace(model.run, engine="event", members=members)
    inputs = model.inputs if uncertain else ()
    return dataclasses.replace(model, days=days, inputs=inputs, published=(), run=settled)


def figures(model: Model) -> dict[str, NDArray[np.float64]]:
    """Return figures of each member over the whole run."""
    totals = run(model, series=0).totals
    delayed = totals["delayed"][:, 0].sum(axis=(1, 2))
    acute = [s.name for s in model.settings].index("acute")
    return {
        "people delayed": delayed,
        "people in acute beds": totals["occupied"][:, 0, acute].sum(axis=1),
        "admissions to acute beds": totals["admissions"][:, 0, acute].sum(axis=1),
    }


def measure(
    case: str, members: int, days: float, *, uncertain: bool
) -> dict[str, tuple[float, float, float]]:
    """Return, for each figure, its mean difference and the variance of it, paired and unpaired."""
    base, changed = CASES[case]
    before = figures(model_of(*base, members, days, 1, uncertain=uncertain))
    paired = figures(model_of(*changed, members, days, 1, uncertain=uncertain))
    unpaired = figures(model_of(*changed, members, days, 2, uncertain=uncertain))
    return {
        name: (
            float(np.mean(paired[name] - before[name])),
            float(np.var(paired[name] - before[name], ddof=1)),
            float(np.var(unpaired[name] - before[name], ddof=1)),
        )
        for name in before
    }


def main(arguments: Sequence[str]) -> int:
    """Measure, print tables, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=40)
    parser.add_argument("--years", type=float, default=1.0)
    given = parser.parse_args(arguments)
    halved = True
    for case in CASES:
        for uncertain in (False, True):
            found = measure(case, given.members, 365.0 * given.years, uncertain=uncertain)
            print(f"\n{case}; inputs {'uncertain' if uncertain else 'at their means'}")
            print(f"{'':26s}{'difference':>12s}{'paired':>12s}{'unpaired':>12s}{'ratio':>8s}")
            for name, (change, paired, unpaired) in found.items():
                ratio = unpaired / paired
                print(f"{name:26s}{change:12.2f}{paired:12.1f}{unpaired:12.1f}{ratio:8.1f}")
            if uncertain:
                halved &= all(
                    found[name][2] >= LEAST * found[name][1]
                    for name in ("people delayed", "people in acute beds")
                )
    return 0 if halved else 5


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
