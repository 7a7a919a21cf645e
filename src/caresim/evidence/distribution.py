"""From what studies report to the effect that is used."""

from __future__ import annotations

import math

from caresim.evidence.combine import combine, standard_error
from caresim.evidence.effect import Effect
from caresim.evidence.errors import EvidenceError
from caresim.evidence.findings import finding
from caresim.evidence.measures import change
from caresim.evidence.schema import Entry, Reported
from caresim.evidence.spread import with_mean, with_median
from caresim.evidence.vocabulary import INTERVALS, OUTCOMES, Finding, Status

PREDICTION_LEVEL = 0.8
"""Level of the interval used of combined studies. Their tails are not known well enough for a
higher one: with three studies the 95% point of Student's t is 4.3, and rests on them alone."""


def effect_of(entry: Entry, outcome: str) -> Effect:
    """Return the effect of an entry on an outcome; see :meth:`Entry.effect`."""
    if outcome not in entry.outcomes:
        raise EvidenceError(_none(entry, outcome))
    chosen = entry.chosen(outcome)
    return _combined(entry, chosen) if isinstance(chosen, tuple) else _single(entry, chosen)


def _single(entry: Entry, reported: Reported) -> Effect:
    study = entry.studies[reported.study]
    told = change(reported)
    if told.shape == "logitnormal":  # experts state a mean, studies an estimate
        spread = with_mean(
            told.shape, told.low, told.central, told.high, reported.level, reported.most / 100
        )
    else:
        spread = with_median(told.shape, told.low, told.central, told.high, reported.level)
    warnings = told.warnings
    if reported.interval != "confidence":
        warnings += (INTERVALS[reported.interval],)
    if reported.note:
        warnings += (reported.note,)
    return Effect(
        entry=entry.id,
        outcome=reported.outcome,
        kind=told.kind,
        unit=reported.unit if told.kind == "difference" else "",
        spread=spread,
        level=reported.level,
        strength=study.grade,
        finding=finding(entry, reported),
        source=study.cited,
        status=reported.status or study.status,
        population=study.population,
        warnings=warnings,
    )


def _combined(entry: Entry, several: tuple[Reported, ...]) -> Effect:
    """Combine on the logarithm of the ratio; what is used is the prediction for a new place."""
    changes = [change(reported) for reported in several]
    found = combine(
        [math.log1p(c.central) for c in changes],
        [
            standard_error(math.log1p(c.low), math.log1p(c.high), r.level)
            for c, r in zip(changes, several, strict=True)
        ],
    )
    low, high = (math.expm1(end) for end in found.prediction(PREDICTION_LEVEL))
    middle = math.expm1(found.mean)
    studies = [entry.studies[name] for name in dict.fromkeys(r.study for r in several)]
    statuses = {r.status or entry.studies[r.study].status for r in several}
    status: Status = "unverified" if "unverified" in statuses else "derived"
    ends = found.interval(0.95)
    note = (
        f"{found.count} results combined by random effects (restricted maximum likelihood): mean "
        f"{middle:+.0%}, 95% interval {math.expm1(ends[0]):+.0%} to {math.expm1(ends[1]):+.0%}, "
        f"tau {found.tau:.2f}, I² {found.share_of_differences:.0%}; used is the "
        f"{PREDICTION_LEVEL:.0%} prediction interval for a new place"
    )
    return Effect(
        entry=entry.id,
        outcome=several[0].outcome,
        kind="relative",
        unit="",
        spread=with_median("lognormal", low, middle, high, PREDICTION_LEVEL),
        level=PREDICTION_LEVEL,
        strength=max(study.grade for study in studies),
        finding=_of_interval(several[0].outcome, ends),
        source="; ".join(study.cited for study in studies),
        status=status,
        population="; ".join(study.population for study in studies),
        warnings=(note,),
    )


def _of_interval(outcome: str, ends: tuple[float, float]) -> Finding:
    from caresim.evidence.findings import of_interval

    return of_interval(OUTCOMES[outcome].better, *ends)


def _none(entry: Entry, outcome: str) -> str:
    if entry.kind == "not_supported":
        return f"{entry.id} is not for use: {entry.why_not}"
    if not entry.outcomes:
        return f"{entry.id} has no figure that could be used: {entry.unknown}"
    listed = ", ".join(entry.outcomes)
    known = any(r.outcome == outcome for r in entry.effects)
    if known:
        return f"{entry.id} has {outcome} only in words, or with no interval; it has {listed}"
    return f"{entry.id} has no effect on {outcome}; it has {listed}"
