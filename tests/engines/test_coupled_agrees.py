"""The SimPy engine and the compiled kernel give the same event log of models with a slow side."""

import pytest
from coupled_models import coupled_models
from hypothesis import HealthCheck, given, settings
from test_simpy_agrees import Seen, both, differences

from caresim.engines.output import SLOW_VARIABLES


def agree_on_any_coupled_model(examples):
    seen = Seen()

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(coupled_models())
    def agree(model):
        kernel, simpy = both(model)
        assert not differences(kernel, simpy)
        assert not [check for check in kernel.checks if not check.passed]
        assert kernel.notes == simpy.notes
        seen.take(simpy)

    agree()
    return seen


def test_any_coupled_model_has_the_same_log():
    seen = agree_on_any_coupled_model(25)
    assert seen.counts >= {"displaced", "strength", "answer", "population", "places_built"}


@pytest.mark.slow
def test_many_coupled_models_have_the_same_log():
    seen = agree_on_any_coupled_model(1000)
    assert seen.counts >= set(SLOW_VARIABLES) - {"migrated"}
    assert seen.deadlocks
