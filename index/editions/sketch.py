"""Sketches: papers whose texts are alike find each other without being compared with all others (MinHash, banded).

A text is the set of its runs of four characters. The share of equal numbers in two sketches estimates how much the
sets share; papers that agree in one band of four numbers are looked at. A copy with 2 % wrong characters keeps 85 %
of the runs and is missed once in 200,000 times, one with 5 % wrong characters keeps 69 % and is missed once in 60."""

from __future__ import annotations

from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.uint32]]

RUN = 4
SIZE = 64
ROWS = 4
_CHUNK = 8192
_SEEDS = np.random.Generator(np.random.PCG64(20240501)).integers(1, 2**63, size=(2, SIZE), dtype=np.uint64)
_FACTORS, _SHIFTS = _SEEDS[0] | np.uint64(1), _SEEDS[1]


def sketch(text: str) -> Numbers:
    """Of text without blanks and punctuation; of one shorter than a run nothing is known (all ones)."""
    lowest = np.full(SIZE, 0xFFFFFFFF, dtype=np.uint32)
    runs = _runs(text)
    for at in range(0, len(runs), _CHUNK):
        mixed = runs[at : at + _CHUNK, None] * _FACTORS[None, :] + _SHIFTS[None, :]
        lowest = np.minimum(lowest, (mixed >> np.uint64(32)).astype(np.uint32).min(axis=0))
    return lowest


def resemblance(one: Numbers, other: Numbers) -> float:
    """The share of runs that two texts have in common, as the sketches tell it (give or take 0.06)."""
    return float((one == other).mean())


def bands(numbers: Numbers) -> list[int]:
    """What is looked up: equal numbers in the same places, as integers that SQLite can hold."""
    found = []
    for at in range(0, SIZE, ROWS):
        value = at
        for number in numbers[at : at + ROWS]:
            value = (value * 0x9E3779B97F4A7C15 + int(number) + 1) & 0xFFFFFFFFFFFFFFFF
        found.append(value - (1 << 63))
    return found


def _runs(text: str) -> np.ndarray[Any, np.dtype[np.uint64]]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < RUN:
        return np.empty(0, dtype=np.uint64)
    run = np.zeros(len(codes) - RUN + 1, dtype=np.uint64)
    for at in range(RUN):
        run = run * np.uint64(0x100000001B3) + codes[at : at + len(run)]
    run ^= run >> np.uint64(31)
    run *= np.uint64(0xBF58476D1CE4E5B9)
    run ^= run >> np.uint64(29)
    found: np.ndarray[Any, np.dtype[np.uint64]] = np.unique(run)
    return found
