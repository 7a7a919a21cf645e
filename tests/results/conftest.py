import dataclasses

import pytest

import made_up
from caresim.results.manifest import InputFile, Manifest, now, system, versions
from caresim.results.option import OptionResults
from caresim.results.results import Results, hash_results


@pytest.fixture
def make_run():
    """Make results of the outputs given, as a run would."""

    def make(*outputs, **changes):
        options = tuple(OptionResults.from_output(output) for output in outputs)
        manifest = Manifest(
            scenario={"caresim": 1, "title": "Made up"},
            scenario_hash="0" * 64,
            scenario_path="made up/it's.yaml",
            inputs=(InputFile("made up/it's.yaml", "1" * 64),),
            options=tuple(option.name for option in options),
            engine=options[0].engine,
            members=options[0].members,
            seed=1,
            method="euler",
            steps_per_day=4,
            threads=None,
            command=("caresim", "run", "made up/it's.yaml"),
            started=now(),
            elapsed_seconds=0.5,
            versions=versions(),
            system=system(),
            results_hash=hash_results(options),
        )
        return Results(options, dataclasses.replace(manifest, **changes))

    return make


@pytest.fixture
def a_run(make_run):
    return make_run(made_up.output(made_up.model(inputs=1)))


@pytest.fixture
def two_options(make_run):
    """A run whose second option has a setting more, and one whose places are limited."""
    more = (*made_up.SETTINGS, made_up.setting("step_up", "intermediate", 5.0))
    return make_run(
        made_up.output(),
        made_up.output(made_up.model(option="step_up_unit", settings=more), seed=1),
    )
