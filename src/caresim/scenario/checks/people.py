"""Checks of cohorts, populations and rates of arrival."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from caresim.model import DAYS_PER_YEAR
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import number, walk
from caresim.scenario.read import Path

TOO_OFTEN = 10.0
"""Arrivals per person and year above which the rate is probably in the wrong unit."""

_AGES = re.compile(r"(\d+)\s*(?:(\+)|\s+and over|\s*(?:-|to)\s*(\d+))")

Ages = tuple[float, float]


@check(
    "P301",
    "a cohort nobody belongs to",
    why="no arrival and no census holds anyone of it",
    hint="name it in an arrival or in the census, or delete it",
    explanation=(
        "A cohort is listed, but no arrival brings people of it and the census at the start holds "
        "none, in any option. An arrival that names one cohort leaves the others out; `cohort: "
        "{older: 60%, younger: 40%}` divides it."
    ),
)
def _empty_cohort(subject: Subject) -> Iterator[Finding]:
    used: set[str] = set()
    for model in subject.models.values():
        cohorts = {a.cohort for a in model.arrivals} | {c.cohort for c in model.census}
        cohorts |= {q.cohort for q in model.queued}
        used |= {model.cohorts[cohort].split("@")[0] for cohort in cohorts}
    if not used:
        return  # nobody at all: the settings say so
    for name in subject.tree.data.get("cohorts", {}):
        if name.split("@")[0] not in used:
            yield Finding(("cohorts", name), f"nobody is ever of the cohort {name}")


@check(
    "P302",
    "people arrive too often",
    why="the rate is of the population of its cohort, and one person would arrive over and over",
    hint="check the unit: `245 per 1000 per year` is 0.245 a person and year",
    explanation=(
        "At this rate each person of the population would arrive more than ten times a year on "
        "average. The rate may be per 1,000 where it was written per person, or a month's where "
        "a year's was meant. In England emergency admissions are about 117 per 1,000 people a year."
    ),
)
def _rate_too_high(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for arrivals in model.arrivals:
            yearly = arrivals.rate * DAYS_PER_YEAR
            if arrivals.population is not None and yearly > TOO_OFTEN:
                yield Finding(
                    ("arrivals", arrivals.name, "rate"),
                    f"each person of {model.cohorts[arrivals.cohort]} would arrive "
                    f"{number(yearly)} times a year",
                )


@check(
    "P303",
    "a value of other people than it is used for",
    why="a share or rate of one age group is seldom that of another",
    hint="find a figure for the same people, or say in a note why it may be used",
    explanation=(
        "The source of this value says whom it is about (`population`), and the cohorts it is used "
        "for have other `ages`. Shares of all adults and of people over 65 differ several times "
        "over: nine in a hundred adults, and four or five in ten people over 65 under the "
        "policy of 2021-22, leave hospital with home care. A value used for several cohorts "
        "together is compared with all of them together."
    ),
)
def _other_people(subject: Subject) -> Iterator[Finding]:
    data = subject.tree.data
    cohorts = {n: ages_of(c.get("ages")) for n, c in data.get("cohorts", {}).items()}
    for path, value in walk(data):
        if not (isinstance(value, dict) and isinstance(value.get("source"), str)):
            continue
        about = data.get("sources", {}).get(value["source"], {})
        population = ages_of(about.get("population"))
        names = _cohorts_of(path, list(cohorts), subject)
        if population is None or not names or not _is_share_or_rate(path):
            continue
        spans = [cohorts[n] for n in names if n in cohorts]
        if len(spans) < len(names) or any(span is None for span in spans):
            continue
        together = (min(s[0] for s in spans if s), max(s[1] for s in spans if s))
        if together != population:
            who = " and ".join(names)
            yield Finding(
                path,
                f"`{value['source']}` is of {about['population']}, and the value is used for "
                f"{who}, aged {_written(together)}",
            )


def ages_of(text: object) -> Ages | None:
    """Read `65+`, `18-64` or a text such as `adults 18+` as first and last age.

    Examples
    --------
    >>> ages_of("65+"), ages_of("people aged 18 to 64"), ages_of("all")
    ((65.0, inf), (18.0, 64.0), None)
    """
    found = _AGES.search(str(text or ""))
    if not found:
        return None
    return float(found[1]), float(found[3]) if found[3] else math.inf


def _written(ages: Ages) -> str:
    first, last = ages
    return f"{first:.0f}+" if math.isinf(last) else f"{first:.0f}-{last:.0f}"


def _is_share_or_rate(path: Path) -> bool:
    steps = set(path)
    return path[:1] == ("arrivals",) or (path[:1] == ("settings",) and "share" in steps)


def _cohorts_of(path: Path, every: list[str], subject: Subject) -> list[str]:
    """Return the cohorts that a value at a path is for."""
    if "by_cohort" in path:
        name = str(path[path.index("by_cohort") + 1])
        if name != "others":
            return [name]
        at: object = subject.tree.data
        for step in path[: path.index("by_cohort") + 1]:
            at = at[step] if isinstance(at, dict) else {}
        return [c for c in every if isinstance(at, dict) and c not in at]
    if path[0] == "arrivals":
        cohort = subject.tree.data["arrivals"][path[1]].get("cohort", every)
        return [cohort] if isinstance(cohort, str) else list(cohort)
    return every
