"""Calibrating: from a scenario and observed figures to draws of its inputs, tested."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from caresim import api
from caresim.calibration.emulate import fit_event
from caresim.calibration.fit import Fit, fit
from caresim.calibration.forecast import Foretold, Score, foretell, score
from caresim.calibration.given import observed_from
from caresim.calibration.identify import Learnt, learnt, warnings
from caresim.calibration.series import Series, series_of, span_of
from caresim.calibration.simulate import Simulator
from caresim.calibration.target import Target
from caresim.calibration.unknowns import Unknowns
from caresim.calibration.work import Work
from caresim.problems import Problem, ScenarioError
from caresim.results.manifest import now, system, versions
from caresim.scenario.calibration import draws_of
from caresim.scenario.codes import problem
from caresim.scenario.load import Scenario

DRAWS = 500
"""Draws of the posterior that are saved."""

MEMBERS = 200
"""Members of each of the four turns of a fit with the event engine."""


class CalibrationError(api.ChoiceError):
    """There is nothing to fit, or nothing to fit it to."""


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A fit, and what it says.

    Attributes
    ----------
    scenario
        With the priors in place.
    unknowns
        What was fitted.
    fit
        The posterior.
    foretold
        What it says of every series.
    scores
        For each series with figures held out, how well these were foretold; None for the others.
    learnt, warnings
        What the figures told of each input, and what deserves a look.
    manifest
        How it came about.
    folder
        Where it is saved, or None.
    """

    scenario: Scenario
    unknowns: Unknowns
    fit: Fit
    foretold: tuple[Foretold, ...]
    scores: tuple[Score | None, ...]
    learnt: tuple[Learnt, ...]
    warnings: tuple[str, ...]
    manifest: dict[str, Any]
    folder: Path | None = None

    def summary(self) -> str:
        """Return the fit as text for people."""
        from caresim.calibration.text import summary

        return summary(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the fit as plain data that JSON can hold."""
        from caresim.calibration.store import to_dict

        return to_dict(self)


def calibrate(
    scenario: str | Path,
    observed: str | Path | None = None,
    *,
    engine: str | None = None,
    seed: int | None = None,
    draws: int = DRAWS,
    members: int = MEMBERS,
    folder: str | Path | None = None,
    resume: bool = False,
    overrides: Sequence[tuple[str, str]] = (),
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
    command: Sequence[str] = (),
) -> Calibrated:
    """Fit inputs of a scenario to observed figures.

    Parameters
    ----------
    scenario
        The file. Its ``calibration`` block says what is fitted to what; without one, all uncertain
        inputs are fitted to the columns of ``observed`` that are named like a measure.
    observed
        A CSV file in place of those that the scenario names.
    engine
        flow or event; what the scenario says if None.
    seed
        Of all random numbers; what the scenario says if None.
    draws
        Draws of the posterior.
    members
        Members of each turn of a fit with the event engine.
    folder
        Where to save it; must not exist, or hold a fit that was interrupted.
    resume
        Whether to go on with that.
    overrides, threads, progress, command
        As in :func:`caresim.load` and :func:`caresim.run`.

    Returns
    -------
    Calibrated

    Raises
    ------
    ScenarioError
        With every problem of the scenario and of the figures.
    CalibrationError
        If there is nothing to fit.
    """
    started, clock = now(), time.perf_counter()
    loaded = api.load(scenario, overrides, priors=True)
    model = loaded.model()
    wanted = engine or ("flow" if model.run.engine == "simpy" else model.run.engine)
    if wanted not in ("flow", "event"):
        raise api.ChoiceError(f"a fit is made with the engine flow or event, not {wanted!r}")
    if draws < 20 or members < 20:
        raise api.ChoiceError("a fit needs 20 draws and 20 members at least")
    chosen = model.run.seed if seed is None else seed
    block = dict(loaded.explicit.get("calibration", {}))
    given = observed_from(loaded, block, None if observed is None else Path(observed))
    series = _series(loaded, block, given.specs, given.lines)
    unknowns = Unknowns(model, _names(loaded, block))
    state = {
        "scenario": loaded.hash, "observed": given.hashes, "engine": wanted, "seed": chosen,
        "draws": draws, "members": members, "versions": versions(),
    }  # fmt: skip
    work = Work(None if folder is None else Path(folder), state, resume=resume)
    simulate = Simulator(unknowns, series, "flow", chosen, threads, work.path)
    if wanted == "event":
        people = Simulator(unknowns, series, "event", chosen, threads, work.path)
        found = fit_event(
            people, simulate, series, len(unknowns), members=members, draws=draws, seed=chosen,
            tell=progress,
        )  # fmt: skip
    else:
        found = fit(
            simulate, Target.of(series), len(unknowns), draws=draws, seed=chosen, tell=progress
        )
    foretold = tuple(foretell(found, chosen))
    known = tuple(learnt(found, unknowns.names))
    done = Calibrated(
        scenario=loaded,
        unknowns=unknowns,
        fit=found,
        foretold=foretold,
        scores=tuple(score(one) if one.series.held.any() else None for one in foretold),
        learnt=known,
        warnings=(
            *given.notes,
            *_left_out(series),
            *warnings(found, unknowns.names, list(known)),
            *_of_sampling(found),
        ),
        manifest={
            **state,
            "scenario": dict(loaded.explicit),
            "scenario_hash": loaded.hash,
            "scenario_path": str(loaded.path),
            "inputs": {**loaded.files, **given.hashes},
            "members_run": found.members,
            "command": list(command),
            "started": started,
            "elapsed_seconds": time.perf_counter() - clock,
            "system": system(),
        },
    )
    if folder is not None:
        from caresim.calibration.store import save

        save(done, Path(folder))
        work.done()
        done = replace(done, folder=Path(folder))
    return done


def _names(loaded: Scenario, block: dict[str, Any]) -> tuple[str, ...]:
    """Return the draws to be fitted: those named, or all."""
    known = sorted({one.path for one in loaded.model().inputs})
    inputs = block.get("inputs", {})
    if not known:
        raise CalibrationError(
            "the scenario has no uncertain input to fit: give intervals under `calibration: "
            "{inputs: ...}`, such as `settings.acute.stay.mean: {low: 5 days, high: 9 days}`"
        )
    return tuple(sorted({n for k, v in inputs.items() for n in draws_of(k, v, known)}) or known)


def _series(
    loaded: Scenario,
    block: dict[str, Any],
    specs: dict[str, dict[str, Any]],
    lines: Callable[[str], Sequence[str]],
) -> list[Series]:
    """Return the series laid beside the run; report those without a figure to fit."""
    model = loaded.model()
    span = span_of(block, model.start_date, model.days)
    found = []
    problems: list[Problem] = []
    for name, spec in specs.items():
        one = series_of(name, spec, model.start_date, model.days, span)
        if not one.fitted.any():
            dates = sorted(spec["values"])
            message = (
                f"no figure of `{name}` ({dates[0]} to {dates[-1]}) lies in the days that are "
                f"fitted, {_date(loaded, span.fit_from)} to {_date(loaded, span.fit_to)}"
            )
            hint = (
                "let the run start before the figures: "
                f"`--set start_date={dates[0]}`, or move `fit_from` and `fit_to`"
            )
            problems.append(
                problem("C608", f"calibration.observed.{name}", message, None, hint=hint)
            )
        found.append(one)
    if problems:
        raise ScenarioError(problems, lines)
    return found


def _date(loaded: Scenario, day: float) -> str:
    import datetime

    return str(loaded.model().start_date + datetime.timedelta(days=day))


def _left_out(series: Sequence[Series]) -> list[str]:
    return [
        f"Of {one.name} {one.left_out} "
        f"{'figure is' if one.left_out == 1 else 'figures are'} neither fitted nor held out: of "
        "days outside the run or outside the dates that `calibration` gives."
        for one in series
        if one.left_out
    ]


def _of_sampling(found: Fit) -> list[str]:
    from caresim.calibration.fit import RELIABLE

    if found.pareto < RELIABLE and found.effective >= 100.0:
        return []
    return [
        f"The draws are only roughly right: they count as {found.effective:.0f} independent ones "
        f"(Pareto shape {found.pareto:.2f}). Fit fewer inputs, or narrow their intervals."
    ]
