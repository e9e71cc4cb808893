"""Which segments are written anew together: few enough files to search fast, few enough copies to write fast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.columns import Ints
from index.entrystore import Segment

_GROUP = 8
_TIERS = (16, 256, 2048)
_BULK = 50  # entries: single updates must stay quick and leave the largest tier to bulk updates


def to_merge(segments: Sequence[Segment], live: Ints, added: int) -> list[Segment]:
    """Segments to fold into the next one. A tier is folded, with all smaller ones, when it holds eight segments;
    a segment whose documents are all dead always goes."""
    counts = {one.segid: int(np.isin(one.serials, live).sum()) for one in segments}
    tiers = _TIERS if added >= _BULK else _TIERS[:-1]
    limit = 0
    for lower, upper in zip((0, *tiers), tiers, strict=False):
        if sum(lower <= counts[one.segid] < upper for one in segments) >= _GROUP:
            limit = upper
    return [one for one in segments if counts[one.segid] < limit or not counts[one.segid]]
