"""Which stems of one issuer are one series: equal ones always; alike ones where no year has a paper of both.

An activity is renamed from one year to the next, but never stands under both names in the same year: that parts
look-alikes (科技节 and 艺术节) better than any wording does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def clusters(
    years: Mapping[str, frozenset[int]], alike: Iterable[tuple[float, str, str]]
) -> dict[str, str]:  # fmt: skip
    """Each stem with the one that stands for its series. `alike`: pairs with how alike they are; the most alike are
    joined first, so the outcome does not depend on the order of arrival."""
    chief = {stem: stem for stem in years}
    held = dict(years)
    for _, one, other in sorted(alike, key=lambda pair: (-pair[0], pair[1], pair[2])):
        left, right = _top(chief, one), _top(chief, other)
        if left == right or held[left] & held[right]:
            continue
        first, second = sorted((left, right), key=lambda stem: (min(held[stem], default=9999), stem))
        chief[second] = first
        held[first] = held[first] | held[second]
    return {stem: _top(chief, stem) for stem in years}


def _top(chief: dict[str, str], stem: str) -> str:
    while chief[stem] != stem:
        stem = chief[stem]
    return stem
