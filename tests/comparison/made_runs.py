"""Runs of options with numbers made up at random."""

import dataclasses

import numpy as np

import made_up
from caresim.results.manifest import Manifest, now, system, versions
from caresim.results.option import OptionResults
from caresim.results.results import Results, hash_results


def made_run(*outputs, **changes):
    """Make results of outputs, as a run would."""
    options = tuple(OptionResults.from_output(output) for output in outputs)
    manifest = Manifest(
        scenario={"caresim": 1, "title": "Made up", "options": {}},
        scenario_hash="0" * 64,
        scenario_path="made_up.yaml",
        inputs=(),
        options=tuple(option.name for option in options),
        engine=options[0].engine,
        members=options[0].members,
        seed=1,
        method="heun",
        steps_per_day=4,
        threads=None,
        command=(),
        started=now(),
        elapsed_seconds=0.5,
        versions=versions(),
        system=system(),
        results_hash=hash_results(options),
    )
    return Results(options, dataclasses.replace(manifest, **changes))


def made_option(name="do_nothing", *, members=50, seed=0, engine="event", inputs=0, days=730.0):
    """Make output of an option with numbers at random."""
    model = made_up.model(option=name, inputs=inputs, days=days)
    given = made_up.output(model, members=members, seed=seed, engine=engine)
    return dataclasses.replace(given, draws=np.random.default_rng(9).random((members, inputs)))
