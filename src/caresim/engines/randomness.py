"""Random numbers that can be asked for by name, in any order.

Every number is a pure function of a **key** (the seed and the member) and a **counter** (what
the number is for), so member j has the same numbers whatever the size of a chunk, the order or
the number of threads, and the same person meets every option. The function is Philox-4x64 with
10 rounds: J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, Parallel random numbers: as easy
as 1, 2, 3, SC11 (2011), doi:10.1145/2063384.2063405. It is the one behind
``numpy.random.Philox``, which the tests compare it with.

This module holds the form for whole arrays; the compiled form for one number at a time is in
:mod:`caresim.engines.event.sequence`, and gives the same bits.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
WordArray = NDArray[np.uint64]

MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
KEY_STEPS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
"""Constants of Philox-4x64 (Salmon et al. 2011, table 2 and section 3.3)."""

ROUNDS = 10

_LOW_HALF = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


def word_of(text: str) -> int:
    """Return the 64-bit word that stands for a name in a counter.

    It depends on the text alone, so it is the same in every option, process and version of
    Python: the first eight bytes of BLAKE2b, little-endian.
    """
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _product(words: WordArray, multiplier: int) -> tuple[WordArray, WordArray]:
    """Return the high and the low 64 bits of words times a constant."""
    high, low = np.uint64(multiplier >> 32), np.uint64(multiplier & 0xFFFFFFFF)
    word_high, word_low = words >> _HALF, words & _LOW_HALF
    # Schoolbook multiplication by halves: NumPy has no product of 128 bits.
    low_low = word_low * low
    middle = word_high * low + (low_low >> _HALF)
    other = word_low * high + (middle & _LOW_HALF)
    top = word_high * high + (middle >> _HALF) + (other >> _HALF)
    return top, words * np.uint64(multiplier)


def philox(counter: WordArray, key: WordArray) -> WordArray:
    """Return blocks of four random words.

    Parameters
    ----------
    counter
        Shape (..., 4), 64-bit words.
    key
        Shape (..., 2).

    Returns
    -------
    numpy.ndarray
        Shape (..., 4), 64-bit words, every bit of which is fair.
    """
    c0, c1, c2, c3 = (counter[..., i].astype(np.uint64) for i in range(4))
    k0, k1 = (key[..., i].astype(np.uint64) for i in range(2))
    # Arithmetic is modulo 2^64; NumPy would warn of it where a word is not in an array.
    with np.errstate(over="ignore"):
        for _ in range(ROUNDS):
            high0, low0 = _product(c0, MULTIPLIERS[0])
            high1, low1 = _product(c2, MULTIPLIERS[1])
            c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
            k0, k1 = k0 + np.uint64(KEY_STEPS[0]), k1 + np.uint64(KEY_STEPS[1])
    return np.stack(np.broadcast_arrays(c0, c1, c2, c3), axis=-1)


def to_uniform(words: WordArray) -> FloatArray:
    """Return words as numbers in the open interval (0, 1), a multiple of 2^-53 apart.

    The upper 52 bits and a half, so that neither 0 nor 1 can come and ``1 - u`` loses nothing.
    """
    return np.asarray(((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)


def blocks(seed: int, members: NDArray[np.int64], *counter: int | WordArray) -> WordArray:
    """Return one block of four words for each member.

    Parameters
    ----------
    seed
        0 or more, below 2^64.
    members
        Shape (m,).
    counter
        Up to four words, each one for all or of shape (m,); the rest are 0.

    Returns
    -------
    numpy.ndarray
        Shape (m, 4).
    """
    count = len(members)
    key = np.empty((count, 2), dtype=np.uint64)
    key[:, 0] = np.uint64(seed)
    key[:, 1] = members
    words = np.zeros((count, 4), dtype=np.uint64)
    for place, word in enumerate(counter):
        words[:, place] = np.uint64(word) if isinstance(word, int) else word
    return philox(words, key)


def uniforms(seed: int, key_text: str, members: NDArray[np.int64]) -> FloatArray:
    """Return one number in (0, 1) for each member, for a purpose named by a text.

    Parameters
    ----------
    seed
        0 or more, below 2^64.
    key_text
        What the number is for, such as the path of an uncertain input.
    members
        Shape (m,): positions of the members.

    Returns
    -------
    numpy.ndarray
        Shape (m,).
    """
    return to_uniform(blocks(seed, members, word_of(key_text))[:, 0])
