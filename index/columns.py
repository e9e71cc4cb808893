"""Columns of the live entries as numpy arrays: loaded once, extended with each commit, never changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from index.analysis import fold
from index.dates import day_number
from index.engine import FACET_VALUES
from index.entrystore import Row
from index.numbers import NumberKey

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Values:
    """A many-valued column: pairs of (row, value). Values are shared between versions and only ever added; those of
    a `searched` column are folded too."""

    searched: bool = False
    names: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    tails: dict[str, list[int]] = field(default_factory=dict)
    """Of number keys only: codes by `year|serial`."""
    row_of: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    code_of: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def extended(self, pairs: Iterable[tuple[int, str]]) -> Values:
        rows: list[int] = []
        codes: list[int] = []
        for row, value in pairs:
            code = self.codes.get(value)
            if code is None:
                code = len(self.names)
                self.names.append(value)
                if self.searched:
                    self.folded.append(fold(value))
                self.codes[value] = code
                tail = value.partition("|")[2]
                if tail:
                    self.tails.setdefault(tail, []).append(code)
            rows.append(row)
            codes.append(code)
        return Values(
            self.searched,
            self.names, self.folded, self.codes, self.tails,
            np.concatenate([self.row_of, np.array(rows, np.int64)]),
            np.concatenate([self.code_of, np.array(codes, np.int64)]),
        )  # fmt: skip

    def with_codes(self, codes: Sequence[int], size: int) -> Mask:
        """Rows that have any of the codes."""
        wanted = np.zeros(len(self.names), np.bool_)
        wanted[list(codes)] = True
        mask = np.zeros(size, np.bool_)
        mask[self.row_of[wanted[self.code_of]]] = True
        return mask

    def containing(self, needles: Sequence[str], size: int) -> Mask:
        """Rows with a value in which any needle stands."""
        codes = [code for code, text in enumerate(self.folded) if any(needle in text for needle in needles)]
        return self.with_codes(codes, size)

    def given(self, size: int) -> Mask:
        mask = np.zeros(size, np.bool_)
        mask[self.row_of] = True
        return mask

    def counts(self, mask: Mask) -> tuple[tuple[str, int], ...]:
        """The most frequent values among the rows of the mask."""
        counted = np.bincount(self.code_of[mask[self.row_of]], minlength=len(self.names))
        codes = np.flatnonzero(counted)
        if len(codes) > FACET_VALUES:
            least = np.partition(counted[codes], -FACET_VALUES)[-FACET_VALUES]
            codes = codes[counted[codes] >= least]
        found = [(self.names[code], int(counted[code])) for code in codes.tolist()]
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:FACET_VALUES])


@dataclass(frozen=True, slots=True)
class Columns:
    """Row i of every column is one entry, in the order of serials. Dead rows stay until a new load."""

    serials: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    days: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    lengths: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    starts: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    sizes: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    ids: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    folded_titles: list[str] = field(default_factory=list)
    facets: dict[str, Values] = field(default_factory=dict)
    fields: dict[str, Values] = field(default_factory=dict)
    own: Values = field(default_factory=Values)
    cited: Values = field(default_factory=Values)

    def __len__(self) -> int:
        return len(self.ids)

    def extended(self, rows: Sequence[Row]) -> Columns:
        base = len(self)
        facts = [row.facts for row in rows]
        titles = [str(one["title"]) for one in facts]
        facets, fields = dict(self.facets), dict(self.fields)
        for columns, key in ((facets, "facets"), (fields, "fields")):
            for name in sorted({name for one in facts for name in one[key]}):
                columns[name] = columns.get(name, Values(searched=key == "fields")).extended(
                    _pairs(base, facts, key, name)
                )
        numbers = fields.get("number", Values(searched=True))
        fields["number"] = numbers.extended((base + at, str(one["number"])) for at, one in enumerate(facts))
        return Columns(
            _joined(self.serials, (row.serial for row in rows)),
            _joined(self.days, (day_number(str(one["date"])) for one in facts)),
            _joined(self.lengths, (row.length for row in rows)),
            _joined(self.starts, (row.start for row in rows)),
            _joined(self.sizes, (row.size for row in rows)),
            self.ids + [row.id for row in rows],
            self.titles + titles,
            self.folded_titles + [fold(title) for title in titles],
            facets,
            fields,
            self.own.extended((base + at, key) for at, one in enumerate(facts) for key in one["own"]),
            self.cited.extended((base + at, key) for at, one in enumerate(facts) for key in one["cited"]),
        )

    def numbered(self, number: NumberKey, *, own: bool) -> Mask:
        """Rows that carry the number (own) or name it in any way."""
        mask = np.zeros(len(self), np.bool_)
        for column in (self.own,) if own else (self.own, self.cited):
            codes = [code for code in column.tails.get(number.tail, ()) if number.fits(column.names[code])]
            mask |= column.with_codes(codes, len(self))
        return mask


def _pairs(base: int, facts: Sequence[Any], key: str, name: str) -> Iterable[tuple[int, str]]:
    for at, one in enumerate(facts):
        for value in dict.fromkeys(one[key].get(name, ())):
            if value:
                yield base + at, value


def _joined(before: Ints, more: Iterable[int]) -> Ints:
    return np.concatenate([before, np.fromiter(more, np.int64)])
