"""Which pairs of characters prove that a needle stands somewhere."""

from __future__ import annotations

from collections.abc import Callable


def cover(needle: str, frequency: Callable[[str], int]) -> list[tuple[int, str, int]]:
    """Places, pairs and frequencies: every second pair, the last, and the rarest of the others when it is much rarer
    than these, because a phrase costs what its rarest pair costs. Two pairs are at most two places apart."""
    last = len(needle) - 2
    counted = [(at, needle[at : at + 2], frequency(needle[at : at + 2])) for at in range(last + 1)]
    needed = [one for one in counted if one[0] == last or one[0] % 2 == 0]
    rarest = min(counted, key=lambda one: one[2])
    if 2 * rarest[2] > min(count for _, _, count in needed):
        return needed
    return sorted({*needed, rarest})
