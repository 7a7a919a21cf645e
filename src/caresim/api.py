"""The Python interface: load a scenario, run it, run it again, read what was saved.

>>> import caresim as cs
>>> scenario = cs.load(example)
>>> results = cs.run(scenario)
>>> results["do_nothing"].passed
True
"""

from __future__ import annotations

import dataclasses
import importlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from caresim.results.manifest import InputFile, Manifest, now, system, versions

if TYPE_CHECKING:
    from caresim.engines.output import Output
    from caresim.model import GivenDraws, Model
    from caresim.results.results import Results
    from caresim.scenario.load import Scenario

Progress = Callable[[float], None]
"""Called now and then with the share of the work that is done, 0 to 1."""

ENGINES = {
    "flow": ("caresim.engines.flow.run", "run_flow"),
    "event": ("caresim.engines.event.run", "run"),
    "simpy": ("caresim.engines.simpy.run", "run"),
}
"""Where each engine is; imported only when used, since that takes seconds."""

SERIES = 200
"""Members whose whole course over time is kept; means and totals are of all members."""

MEMBERS = 200
"""Members of a run of the event engine if the scenario says one, for the flow engine."""


class RunError(Exception):
    """A run cannot be done, or failed, for a reason that is not a fault of the scenario file."""


class ChoiceError(RunError, ValueError):
    """An engine, option or number of members that cannot be."""


def load(
    path: str | Path, overrides: Sequence[tuple[str, str]] = (), *, priors: bool = False
) -> Scenario:
    """Read a scenario file, with what it imports, and check it.

    Parameters
    ----------
    path
        The YAML file.
    overrides
        Pairs of a path in the file and the text of a value to put there, such as
        ``("settings.acute.capacity", "880")``.
    priors
        Whether the intervals under ``calibration`` take the place of what the file says.

    Returns
    -------
    Scenario
        Resolved; ``warnings`` holds what deserves a look.

    Raises
    ------
    ScenarioError
        With every problem found.

    Examples
    --------
    >>> scenario = load(example, [("settings.acute.capacity", "30")])
    >>> scenario.options
    ('do_nothing', 'more')
    """
    from caresim.scenario.load import load as load_scenario

    return load_scenario(path, overrides, priors=priors)


def run(
    scenario: Scenario | str | Path,
    engine: str | None = None,
    members: int | None = None,
    seed: int | None = None,
    options: Iterable[str] = (),
    threads: int | None = None,
    *,
    log: bool = False,
    draws: str | Path | GivenDraws | None = None,
    progress: Progress | None = None,
    command: Sequence[str] = (),
) -> Results:
    """Run the options of a scenario.

    Parameters
    ----------
    scenario
        A scenario, or the path of one.
    engine, members, seed
        In place of what the scenario says. A scenario for one member of the flow engine runs
        with 200 members in the event engine, unless ``members`` is given.
    options
        Names of the options to run; all if empty.
    threads
        At most this many; all cores if None. It changes no result.
    log
        Whether to keep the event log of every option, a row for each stay of each member
        (:attr:`OptionResults.event_log`); event and simpy only. A row takes about 60 bytes: a
        place of 150 admissions a day has 110,000 rows for each year and member.
    draws
        The posterior of a fit, or its file or folder: member j has its row j, and all rows are run
        unless ``members`` says fewer. A scenario given as such is loaded with ``priors=True``.
    progress
        Called with the share done.
    command
        The command line, for the manifest.

    Returns
    -------
    Results
        Not saved; see :meth:`Results.save`. Look at ``passed`` and the audit.

    Raises
    ------
    ScenarioError
        If a path is given and the file has problems.
    ChoiceError
        If there is no such engine or option, or members or seed are out of range, or a log is
        asked of the flow engine.

    Examples
    --------
    >>> results = run(load(example), members=5, options=["do_nothing"])
    >>> results.members, results.passed
    (5, True)
    >>> delayed = results["do_nothing"].indicators()["delayed"]
    >>> delayed.unit
    'people'
    """
    from caresim.results.option import OptionResults
    from caresim.results.results import Results, hash_results

    if isinstance(scenario, (str, Path)):
        scenario = load(scenario, priors=draws is not None)
    chosen = _options(scenario, tuple(options))
    given = None if draws is None else _given(draws, scenario.model(chosen[0]), members)
    members = len(given.quantiles) if given is not None and members is None else members
    models = [_settled(scenario.model(name), engine, members, seed) for name in chosen]
    models = [dataclasses.replace(model, given=given) for model in models]
    settings = models[0].run
    if log and settings.engine == "flow":
        raise ChoiceError(
            "the flow engine follows mean numbers and has no people to log; use the event engine"
        )
    started, clock = now(), time.perf_counter()
    found = []
    for number, model in enumerate(models):
        part = _part_of(progress, number, len(models))
        done = OptionResults.from_output(_run_engine(model, threads, part, log=log))
        if model.money is not None:
            from caresim.money import audited

            done = audited(done)
        found.append(done)
    results = tuple(found)
    manifest = Manifest(
        scenario=dict(scenario.explicit),
        scenario_hash=scenario.hash,
        scenario_path=str(scenario.path),
        inputs=tuple(InputFile(str(path), sha256) for path, sha256 in scenario.files.items()),
        options=chosen,
        engine=settings.engine,
        members=settings.members,
        seed=settings.seed,
        method=settings.method,
        steps_per_day=settings.steps_per_day,
        threads=threads,
        command=tuple(command),
        started=started,
        elapsed_seconds=time.perf_counter() - clock,
        versions=versions(),
        system=system(),
        results_hash=hash_results(results),
        draws=None if given is None else _told(given, draws),
    )
    return Results(results, manifest)


def _given(draws: str | Path | GivenDraws, model: Model, members: int | None) -> GivenDraws:
    """Return the draws for some members."""
    from caresim.model import GivenDraws
    from caresim.results.posterior import DrawsError, read_posterior

    try:
        given = draws if isinstance(draws, GivenDraws) else read_posterior(Path(draws), model)
    except DrawsError as error:
        raise ChoiceError(str(error)) from error
    if members is not None and members > len(given.quantiles):
        raise ChoiceError(
            f"{members} members are asked for, and there are {len(given.quantiles)} draws"
        )
    return given


def _told(given: GivenDraws, draws: str | Path | GivenDraws | None) -> dict[str, Any]:
    """Return draws as the manifest holds them."""
    file = str(draws) if isinstance(draws, (str, Path)) else ""
    return {"file": file, "names": list(given.names), "quantiles": given.quantiles.tolist()}


def _options(scenario: Scenario, wanted: tuple[str, ...]) -> tuple[str, ...]:
    from caresim.problems import nearest

    for name in wanted:
        if name not in scenario.options:
            close = nearest(name, scenario.options)
            raise ChoiceError(
                f"the scenario has no option {name!r}; "
                + (f"did you mean {close!r}?" if close else f"it has {', '.join(scenario.options)}")
            )
    return tuple(name for name in scenario.options if not wanted or name in wanted)


def _settled(model: Model, engine: str | None, members: int | None, seed: int | None) -> Model:
    """Return the model with what was asked for in place of what the scenario says."""
    settings = model.run
    wanted = settings.engine if engine is None else engine
    if wanted not in ENGINES:
        raise ChoiceError(f"no engine {wanted!r}; there are {', '.join(ENGINES)}")
    if members is not None and members < 1:
        raise ChoiceError(f"members must be 1 or more, got {members}")
    if seed is not None and not 0 <= seed < 2**63:
        raise ChoiceError(f"the seed must be 0 or more and below 2^63, got {seed}")
    if members is None:
        leaves_flow = settings.engine == "flow" and wanted != "flow"
        members = MEMBERS if leaves_flow and settings.members == 1 else settings.members
    changed = dataclasses.replace(
        settings,
        engine=cast('Literal["flow", "event", "simpy"]', wanted),
        members=members,
        seed=settings.seed if seed is None else seed,
    )
    return dataclasses.replace(model, run=changed)


def _part_of(progress: Progress | None, number: int, of: int) -> Progress | None:
    if progress is None:
        return None
    return lambda share: progress((number + share) / of)


def _run_engine(
    model: Model, threads: int | None, progress: Progress | None, *, log: bool
) -> Output:
    module, function = ENGINES[model.run.engine]
    run_model = getattr(importlib.import_module(module), function)
    kept = {"log": True} if log else {}
    output: Output = run_model(model, threads=threads, series=SERIES, progress=progress, **kept)
    if model.run.engine == "flow" or model.run.deadlock == "stop":
        return output
    from caresim.averages import beside_averages

    return dataclasses.replace(output, notes=(*output.notes, beside_averages(model, output)))


@dataclass(frozen=True)
class Repeated:
    """A run done again from its manifest.

    Attributes
    ----------
    results
        Of the run done now.
    identical
        Whether every bit is as it was.
    differences
        What of the versions and the machine is not as it was.
    """

    results: Results
    identical: bool
    differences: tuple[str, ...]


def rerun(
    manifest: str | Path,
    *,
    threads: int | None = None,
    log: bool = False,
    progress: Progress | None = None,
    command: Sequence[str] = (),
) -> Repeated:
    """Run again what a manifest describes, from the scenario it holds, and compare every bit.

    Parameters
    ----------
    manifest
        The manifest, or its run folder.
    threads, log, progress, command
        As in :func:`run`.

    Returns
    -------
    Repeated
        The results, and whether they are the same.

    Raises
    ------
    ManifestError
        If it is not a manifest, or not complete.

    Examples
    --------
    >>> folder = run(example, members=5).save(example + "-run").folder
    >>> rerun(folder).identical
    True
    """
    from caresim.results.manifest import differences, read_manifest

    before = read_manifest(manifest)
    results = run(
        scenario_of(before),
        engine=before.engine,
        members=before.members,
        seed=before.seed,
        options=before.options,
        threads=threads,
        log=log,
        draws=None if before.draws is None else _held(before.draws),
        progress=progress,
        command=command,
    )
    after = results.manifest
    return Repeated(
        results,
        identical=after.results_hash == before.results_hash,
        differences=tuple(
            differences(before.versions, after.versions) + differences(before.system, after.system)
        ),
    )


def _held(draws: dict[str, Any]) -> GivenDraws:
    """Return the draws that a manifest holds."""
    import numpy as np

    from caresim.model import GivenDraws

    return GivenDraws(tuple(draws["names"]), np.array(draws["quantiles"], dtype=np.float64))


def scenario_of(manifest: Manifest) -> Scenario:
    """Return the scenario that a manifest holds; nothing is read from any other file.

    Raises
    ------
    ManifestError
        If it is not the one that was run.
    """
    from caresim.results.manifest import ManifestError
    from caresim.scenario.assemble import build
    from caresim.scenario.load import Scenario

    scenario = Scenario(
        path=Path(manifest.scenario_path),
        explicit=manifest.scenario,
        options=manifest.options,
        warnings=(),
        files={file.path: file.sha256 for file in manifest.inputs},
        source_lines=lambda _file: (),
        models={},
    )
    if scenario.hash != manifest.scenario_hash:
        raise ManifestError("the scenario in the manifest is not the one that was run")
    models = {name: build(manifest.scenario, name) for name in manifest.options}
    return dataclasses.replace(scenario, models=models)
