"""Comparing: from scenario files, run folders or results to a comparison."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from caresim import api
from caresim.comparison.comparison import Comparison
from caresim.comparison.directions import Better, is_known
from caresim.comparison.entries import DO_NOTHING, ComparisonError, gather, not_alike
from caresim.comparison.sweep import made_options, read_sweep
from caresim.comparison.waterfall import Alone, separated
from caresim.comparison.worth import worth
from caresim.results.results import Results, hash_results
from caresim.scenario.load import Scenario

Given = Results | Scenario | str | Path
"""What can be compared: results, a scenario, or the path of a scenario file or run folder."""


def compare(
    *given: Given | Iterable[Given],
    engine: str | None = None,
    members: int | None = None,
    seed: int | None = None,
    options: Iterable[str] = (),
    overrides: Sequence[tuple[str, str]] = (),
    sweep: str | Iterable[str] = (),
    waterfall: str | Iterable[str] = (),
    better: Mapping[str, Better] | None = None,
    threads: int | None = None,
    progress: api.Progress | None = None,
    command: Sequence[str] = (),
) -> Comparison:
    """Set options side by side, paired member by member.

    Parameters
    ----------
    given
        Results, scenarios, or paths of scenario files (which are run) and of run folders. Of
        several, all options are set beside do_nothing of the first.
    engine, members, seed, options, threads, progress, command
        Of runs that are done now, as in :func:`caresim.run`; do_nothing is always run.
    overrides
        Inputs replaced in all options of scenario files, as in :func:`caresim.load`.
    sweep
        Inputs to vary, such as ``settings.step_down.capacity=8:16``, each value as an option;
        the scenario's own options are then left out unless ``options`` names them.
    waterfall
        Options whose interventions are also run one by one.
    better
        Which way is better (``lower`` or ``higher``) of indicators where neither is by itself.

    Returns
    -------
    Comparison

    Raises
    ------
    ComparisonError
        If there is nothing to compare, or something is asked that cannot be.
    ScenarioError
        If a scenario file has problems.

    Examples
    --------
    >>> import caresim as cs
    >>> comparison = cs.compare(example, members=50)
    >>> comparison.difference("more", "delayed").finding
    'no difference shown'
    """
    things = [one for some in given for one in _each(some)]
    if not things:
        raise ComparisonError("give a scenario file, a run folder or results to compare")
    for name, way in (better or {}).items():
        if not is_known(name) or way not in ("lower", "higher"):
            raise ComparisonError(f"`{name}={way}` is no indicator and `lower` or `higher`")
    sweeps = _each(sweep)
    taken_apart = [str(name) for name in _each(waterfall)]
    runs: list[Results] = []
    parts: dict[str, tuple[Alone, ...]] = {}
    for number, one in enumerate(things):
        source = _source(one, overrides, [str(text) for text in sweeps])
        done = runs_of(
            source,
            engine=engine,
            members=members,
            seed=seed,
            options=_wanted(source, tuple(options), swept=bool(sweeps)),
            waterfall=[name for name in taken_apart if name in _names(source)],
            threads=threads,
            progress=_part(progress, number, len(things)),
            command=command,
        )
        runs.append(done[0])
        parts |= done[1]
    missing = [name for name in taken_apart if name not in parts]
    if missing:
        known = ", ".join(n for run in runs for n in run.names if n != DO_NOTHING)
        raise ComparisonError(f"no option {missing[0]!r} to take apart; there are {known}")
    return _compared(runs, parts, dict(better or {}))


def _each(given: object) -> list[object]:
    if isinstance(given, (str, Path, Results, Scenario)) or not isinstance(given, Iterable):
        return [given]
    return list(given)


def _part(progress: api.Progress | None, number: int, of: int) -> api.Progress | None:
    if progress is None:
        return None
    return lambda share: progress((number + share) / of)


def _source(
    one: object, overrides: Sequence[tuple[str, str]], sweeps: Sequence[str]
) -> Results | Scenario:
    """Return results that are there already, or a scenario to run."""
    if isinstance(one, (str, Path)):
        path = Path(one)
        if not is_saved(path):
            return _loaded(path, overrides, sweeps)
        from caresim.results.store import read_results

        one = read_results(path, whole=False)
    if not isinstance(one, (Results, Scenario)):
        raise ComparisonError(f"{type(one).__name__} is nothing that can be compared")
    if sweeps or overrides:
        raise ComparisonError(
            "inputs can be replaced and varied in a scenario file only; give its path"
        )
    return one


def is_saved(path: Path) -> bool:
    """Whether a path is of a saved run: its folder, or its manifest."""
    return path.is_dir() or path.name == "manifest.json"


def _loaded(path: Path, overrides: Sequence[tuple[str, str]], sweeps: Sequence[str]) -> Scenario:
    scenario = api.load(path, overrides)
    if not sweeps:
        return scenario
    from caresim.scenario.merge import merged

    made = made_options([read_sweep(text) for text in sweeps], scenario.options)
    if "options" in merged(path).tree.data:
        added = [(f"options.{name}", text) for name, text in made.items()]
    else:
        added = [("options", f"{{{', '.join(f'{name}: {what}' for name, what in made.items())}}}")]
    return api.load(path, [*overrides, *added])


def _names(source: Results | Scenario) -> tuple[str, ...]:
    return source.names if isinstance(source, Results) else source.options


def _wanted(
    source: Results | Scenario, options: tuple[str, ...], *, swept: bool
) -> tuple[str, ...]:
    """Name the options to run: those asked for and do_nothing, or of a sweep those it made."""
    if isinstance(source, Results):
        return options
    if swept:
        from caresim.scenario.merge import merged

        held = merged(source.path).tree.data.get("options")
        own = set(held) if isinstance(held, dict) else set()
        return tuple(n for n in source.options if n not in own or n in options or n == DO_NOTHING)
    return (DO_NOTHING, *options) if options and DO_NOTHING not in options else options


def runs_of(
    source: Results | Scenario,
    *,
    engine: str | None,
    members: int | None,
    seed: int | None,
    options: tuple[str, ...],
    waterfall: Sequence[str],
    threads: int | None,
    progress: api.Progress | None,
    command: Sequence[str],
) -> tuple[Results, dict[str, tuple[Alone, ...]]]:
    """Return results with those of the parts of the options to be taken apart.

    Saved results are run again only for such parts, as they were run.
    """
    if isinstance(source, Scenario):
        scenario, parts = _separated(source, waterfall)
        generated = _generated(parts)
        wanted = (*options, *generated) if options else ()
        run = api.run(
            scenario, engine, members, seed, wanted, threads, progress=progress, command=command
        )
        return run, parts
    kept = tuple(o for o in source if not options or o.name in (DO_NOTHING, *options))
    saved = dataclasses.replace(source, options=kept)
    if not waterfall:
        return saved, {}
    how = saved.manifest
    scenario, parts = _separated(api.scenario_of(how), waterfall)
    run = api.run(
        scenario,
        how.engine,
        how.members,
        how.seed,
        _generated(parts),
        threads,
        progress=progress,
        command=command,
    )
    return dataclasses.replace(saved, options=(*saved.options, *run.options)), parts


def _separated(
    scenario: Scenario, names: Sequence[str]
) -> tuple[Scenario, dict[str, tuple[Alone, ...]]]:
    parts: dict[str, tuple[Alone, ...]] = {}
    for name in names:
        scenario, parts[name] = separated(scenario, name)
    return scenario, parts


def _generated(parts: Mapping[str, tuple[Alone, ...]]) -> tuple[str, ...]:
    return tuple(alone.option for some in parts.values() for alone in some)


def _compared(
    runs: list[Results], parts: dict[str, tuple[Alone, ...]], better: dict[str, Better]
) -> Comparison:
    everything = gather(runs)
    alone = {one.option for some in parts.values() for one in some}
    compared = tuple(entry for entry in everything if entry.name not in alone)
    found, why_none = worth(everything)
    warnings = [*not_alike(compared, [run.members for run in runs])]
    if why_none:
        warnings.append(why_none)
    failed = [entry.name for entry in compared if not entry.results.passed]
    if failed:
        warnings.append(f"The audit of {', '.join(failed)} failed: do not use these results.")
    return Comparison(
        entries=compared,
        alone={entry.name: entry for entry in everything if entry.name in alone},
        parts=parts,
        worth=found,
        warnings=tuple(warnings),
        way=better,
        runs=tuple(_without(run, alone) for run in runs),
    )


def _without(run: Results, names: set[str]) -> Results:
    """Return a run without some options, as if they had not been run."""
    kept = tuple(option for option in run if option.name not in names)
    if len(kept) == len(run):
        return run
    own = tuple(option.name for option in kept)
    manifest = dataclasses.replace(run.manifest, options=own, results_hash=hash_results(kept))
    return dataclasses.replace(run, options=kept, manifest=manifest)
