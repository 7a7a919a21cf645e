"""The options that are compared: gathered from one run or several, and whether they were run alike.

Options are compared member by member, so each number of one must belong to the same member of
another: the same seed, the same draws of uncertain inputs, the same people.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from caresim.api import ChoiceError
from caresim.results.manifest import Manifest
from caresim.results.option import OptionResults
from caresim.results.results import Results, hash_results

DO_NOTHING = "do_nothing"
"""The option that all others are set beside."""

WITHOUT_MEMBERS = ("mean", "pooled_spells")
"""Groups of arrays without a dimension of members."""


class ComparisonError(ChoiceError):
    """Options that cannot be compared, or something that cannot be asked of them."""


@dataclass(frozen=True, eq=False)
class Entry:
    """An option that is compared.

    Attributes
    ----------
    name
        Of the option; with the name of its run before it where two runs have one of that name.
    label
        Text for people.
    results, manifest
        What was found, and how.
    """

    name: str
    label: str
    results: OptionResults
    manifest: Manifest


def gather(runs: Sequence[Results]) -> tuple[Entry, ...]:
    """Return the options of some runs, do_nothing of the first that has it first.

    An option that is in two runs with the same bits is taken once.

    Raises
    ------
    ComparisonError
        If no run has do_nothing, or there is nothing to set beside it.
    """
    found: list[Entry] = []
    for number, run in enumerate(runs):
        for results in run:
            namesakes = [entry for entry in found if entry.results.name == results.name]
            if any(_same(entry.results, results) for entry in namesakes):
                continue
            name, label = results.name, results.labels.option_label or results.name
            if namesakes:
                name = f"{_run_name(run, number)}/{name}"
                label = f"{label} ({_run_name(run, number)})"
            while any(entry.name == name for entry in found):
                name += "_"  # folders of the same name in different places
            found.append(Entry(name, label, results, run.manifest))
    base = next((entry for entry in found if entry.name == DO_NOTHING), None)
    if base is None:
        raise ComparisonError(
            f"none of these runs has the option {DO_NOTHING}, which all others are set beside; run "
            "the scenario without --option, or name it too"
        )
    others = [entry for entry in found if entry is not base]
    if not others:
        raise ComparisonError(
            f"there is nothing to compare: {DO_NOTHING} is the only option; add `options` to the "
            "scenario, name another run, or vary an input with --sweep"
        )
    fewest = min(entry.results.members for entry in found)
    return tuple(
        dataclasses.replace(entry, results=first_members(entry.results, fewest))
        for entry in (base, *others)
    )


def _same(one: OptionResults, other: OptionResults) -> bool:
    """Whether two results are the same, to the bit."""
    return hash_results((one,)) == hash_results((other,))


def _run_name(run: Results, number: int) -> str:
    return run.folder.name if run.folder is not None else f"run_{number + 1}"


def first_members(results: OptionResults, members: int) -> OptionResults:
    """Return the results of the first members only; member j is the same however many were run."""
    if results.members == members:
        return results
    arrays = {
        name: array if name == "times" or name.split("/")[0] in WITHOUT_MEMBERS else array[:members]
        for name, array in results.arrays().items()
    }
    return OptionResults.assemble(
        labels=results.labels,
        engine=results.engine,
        arrays=arrays,
        checks=results.audit,
        notes=results.notes,
    )


def not_alike(entries: Sequence[Entry], members_run: Sequence[int]) -> tuple[str, ...]:
    """Say in sentences how options were not run alike; nothing if they were.

    Parameters
    ----------
    entries
        Base option first.
    members_run
        Members of each run, before all were cut to the fewest.
    """
    base, *others = entries
    found: list[str] = []
    if len(set(members_run)) > 1:
        fewest = base.results.members
        counts = ", ".join(f"{n:,}" for n in sorted(set(members_run)))
        found.append(
            f"The runs have different numbers of members ({counts}): only the first {fewest:,} of "
            "each are compared."
        )
    for entry in others:
        found += _differs(base, entry)
    # The same of several options is said once, with all their names.
    said: dict[str, list[str]] = {}
    for text in found:
        name, tab, rest = text.partition("\t")
        said.setdefault(rest if tab else text, []).append(name if tab else "")
    return tuple(f"{_names(names)}: {rest}" if names[0] else rest for rest, names in said.items())


def _names(names: list[str]) -> str:
    return ", ".join(names)


_ALIKE: tuple[tuple[str, Callable[[Entry], object], str], ...] = (
    (
        "seed",
        lambda entry: entry.manifest.seed,
        "the members are not the same people and draws, so differences are less certain than need "
        "be",
    ),
    ("engine", lambda entry: entry.results.engine, "engines differ in more than the option does"),
    (
        "place",
        lambda entry: (
            (entry.manifest.scenario.get("place") or {}).get("name", "")
            or entry.results.labels.title
        ),
        "what differs may be the place and not the option",
    ),
    (
        "start",
        lambda entry: entry.results.labels.start_date.isoformat(),
        "the same day of the run is another date",
    ),
    (
        "length in days",
        lambda entry: f"{entry.results.labels.days:g}",
        "means over the whole run are over different times",
    ),
    (
        "step or method",
        lambda entry: (entry.manifest.method, entry.manifest.steps_per_day),
        "a small part of the difference may be the step",
    ),
)


def _differs(base: Entry, entry: Entry) -> Iterator[str]:
    """Say how an option was not run like the base, the name before a tab."""
    if entry.manifest is not base.manifest:
        for what, of, why in _ALIKE:
            one, other = of(base), of(entry)
            if one != other:
                yield f"{entry.name}\tanother {what} ({other} in place of {one}): {why}."
    shared = _shared_draws(base.results, entry.results)
    if entry.manifest.seed == base.manifest.seed and shared:
        name = ", ".join(f"`{one}`" for one in shared[:3])
        more = f" and {len(shared) - 3} more" if len(shared) > 3 else ""
        yield (
            f"{entry.name}\tthe draws of {name}{more} are not those of {base.name}: the "
            "uncertainty of these inputs is part of the difference."
        )


def _shared_draws(base: OptionResults, other: OptionResults) -> list[str]:
    """Name the uncertain inputs of both whose draws are not the same."""
    known = {name: n for n, name in enumerate(base.labels.inputs)}
    return [
        name
        for n, name in enumerate(other.labels.inputs)
        if name in known and not np.array_equal(base.draws[:, known[name]], other.draws[:, n])
    ]
