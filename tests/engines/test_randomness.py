import numpy as np
import pytest

from caresim.engines.randomness import blocks, philox, to_uniform, uniforms, word_of


def test_agrees_with_numpy_philox():
    rng = np.random.default_rng(3)
    for _ in range(50):
        counter = rng.integers(0, 2**64, 4, dtype=np.uint64)
        counter[0] %= np.uint64(2**63)
        key = rng.integers(0, 2**64, 2, dtype=np.uint64)
        # NumPy steps its counter before the first block.
        expected = np.random.Philox(counter=counter, key=key).random_raw(4)
        np.testing.assert_array_equal(
            philox(counter + np.array([1, 0, 0, 0], np.uint64), key), expected
        )


def test_published_vectors():
    """Known answers of the Random123 library (kat_vectors, philox4x64 10)."""
    zero = philox(np.zeros(4, np.uint64), np.zeros(2, np.uint64))
    assert [f"{int(w):016x}" for w in zero] == [
        "16554d9eca36314c",
        "db20fe9d672d0fdc",
        "d7e772cee186176b",
        "7e68b68aec7ba23b",
    ]


def test_a_member_is_the_same_whatever_the_chunk():
    whole = uniforms(7, "settings.acute.capacity", np.arange(100))
    part = uniforms(7, "settings.acute.capacity", np.arange(40, 60))
    np.testing.assert_array_equal(whole[40:60], part)


@pytest.mark.parametrize("other", [(8, "a"), (7, "b")])
def test_another_seed_or_purpose_is_independent(other):
    members = np.arange(20_000)
    first, second = uniforms(7, "a", members), uniforms(*other, members)
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(len(members))


def test_uniforms_are_uniform_and_never_0_or_1():
    values = np.sort(uniforms(1, "x", np.arange(100_000)))
    grid = (np.arange(values.size) + 0.5) / values.size
    assert np.max(np.abs(values - grid)) < 1.95 / np.sqrt(values.size)
    extremes = to_uniform(np.array([0, 2**64 - 1], dtype=np.uint64))
    assert 0.0 < extremes[0] < 1e-15
    assert 1.0 - 1e-15 < extremes[1] < 1.0


def test_word_of_a_name_never_changes():
    assert word_of("settings.acute.stay.mean") == 14623855187266451100
    assert word_of("a") != word_of("b")


def test_counter_words_are_all_used():
    members = np.zeros(1, dtype=np.int64)
    seen = {tuple(blocks(1, members, *c)[0]) for c in [(1,), (0, 1), (0, 0, 1), (0, 0, 0, 1)]}
    assert len(seen) == 4
