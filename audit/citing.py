"""From a value of a record to the place in the paper that bears it out: paper, part, page, quote, hash of the file."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import regex

from audit.answers import Evidence
from gongwen.document import Document
from gongwen.labels import Labels
from gongwen.record import Evidence as Found
from gongwen.record import Reading, Record
from gongwen.store import Store
from index.entries import paper_date

QUOTE = 300
"""Characters of a quote: a task row with thirty units has more."""

_KEPT = 64
_ANNEX = regex.compile(
    r"(?m)^[ \t　]*附[ \t　]*件[ \t　]*(?P<count>\d{1,2}|[一二三四五六七八九十]{1,3})?[ \t　]*[:：]?[ \t　]*$"
)


@dataclass(frozen=True, slots=True)
class _File:
    reading: Reading
    records: Mapping[str, Record]
    text: Document | None


class Citer:
    """Reads records with people's words in place, as the catalogue does, so paths are the same. Keeps the files it
    read last; not for several threads at once."""

    def __init__(self, store: Store, labels: Labels) -> None:
        self._store = store
        self._labels = labels
        self._kept: OrderedDict[str, _File] = OrderedDict()

    def record(self, record_id: str) -> Record | None:
        file = self._file(record_id)
        return file.records.get(record_id) if file else None

    def evidence(self, record_id: str, path: str = "", *, derived: str = "") -> Evidence:
        """Of a value or a whole row (`tasks/3`); of '' the title. What has no place in the text (people wrote it) is
        cited without page and quote."""
        file = self._file(record_id)
        record = file.records.get(record_id) if file else None
        if file is None or record is None:
            return Evidence(record_id, path, "", "", (), "", "", "")
        found = list(_places(record, path or "title"))
        first = found[0] if found else None
        return Evidence(
            record_id, path, file.reading.sha256, file.reading.source, tuple(_texts(record["issuers"])),
            str(record["title"] or ""), str(record["document_number"] or ""), paper_date(record),
            self._part(file, record, path, first), next((one.page for one in found if one.page is not None), None),
            next((one.cell for one in found if one.cell), "") or "", _quote(found), derived,
        )  # fmt: skip

    def sentence(self, record_id: str, words: Iterable[str]) -> str:
        """The first sentence of a paper that holds one of the words; '' when none does."""
        file = self._file(record_id)
        record = file.records.get(record_id) if file else None
        if file is None or file.text is None or record is None:
            return ""
        start, end = _bounds(record, file)
        held = file.text.text[start:end]
        at = min((place for word in words if (place := held.find(word)) >= 0), default=-1)
        if at < 0:
            return ""
        first = max(held.rfind(mark, 0, at) for mark in "。；\n") + 1
        last = min((place for mark in "。；\n" if (place := held.find(mark, at)) >= 0), default=len(held))
        return "".join(held[first : last + 1].split())[:QUOTE]

    def _file(self, record_id: str) -> _File | None:
        head = record_id.rpartition("-")[0]
        if head in self._kept:
            self._kept.move_to_end(head)
            return self._kept[head]
        found = self._store.find(record_id)
        if found is None:
            return None
        reading = found[0]
        records = {one.id: one for one, _ in self._store.effective(reading.sha256)}
        file = _File(reading, records, self._store.text(reading.sha256))
        self._kept[head] = file
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return file

    def _part(self, file: _File, record: Record, path: str, found: Found | None) -> str:
        parts = []
        of_file = record["part"]
        if len(file.records) > 1 and isinstance(of_file, Mapping):
            parts.append(f"文件中第{of_file.get('number')}件")
        if found is not None:
            start, _ = _bounds(record, file)
            if file.text is not None and (annex := _annex(file.text.text, start, found.start)):
                parts.append(annex)
            if titles := list(_sections(record["sections"], found.start)):
                parts.append("“" + "”之“".join(titles) + "”")
        if path:
            row = path.partition("/")[2]
            parts.append(self._labels.path(path) + (f"第{int(row) + 1}项" if row.isdecimal() else ""))
        return "，".join(parts)


def _places(record: Record, path: str) -> Iterator[Found]:
    """The evidence of a path; of a row that of all its values, in the order of the text."""
    if own := record.evidence.get(path):
        yield from own
        return
    inner = f"{path}/"
    held = {key: many for key, many in record.evidence.items() if key.startswith(inner)}
    if len(held) > 1:
        held.pop(f"{inner}group", None)  # the heading above it, which may stand pages away
    found = {(one.start, one.end): one for many in held.values() for one in many}
    yield from (found[key] for key in sorted(found))


def _quote(found: list[Found]) -> str:
    """Printed once what lies within something else that is quoted."""
    out: list[str] = []
    end = -1
    for one in sorted(found, key=lambda place: (place.start, -place.end)):
        if one.end > end:
            out.append("".join(one.quote.split()))
            end = one.end
    told = "…".join(out)
    return told if len(told) <= QUOTE else told[: QUOTE - 1] + "…"


def _bounds(record: Record, file: _File) -> tuple[int, int]:
    """From where to where the paper stands in its file, as far as its evidence tells."""
    end = len(file.text.text) if file.text else 0
    if len(file.records) == 1:
        return 0, end
    found = [one for many in record.evidence.values() for one in many]
    if not found:
        return 0, end
    later = [min(starts) for other in file.records.values() if other.id != record.id
             if (starts := [one.start for many in other.evidence.values() for one in many])]  # fmt: skip
    first = min(one.start for one in found)
    return first, min((start for start in later if start > first), default=end)


def _annex(text: str, start: int, at: int) -> str:
    last = None
    for match in _ANNEX.finditer(text, start, max(start, at)):
        last = match
    return f"附件{last['count'] or ''}" if last else ""


def _sections(found: Any, at: int) -> Iterator[str]:
    for one in found or ():
        span = one.get("span") or [0, 0]
        if span[0] <= at < span[1]:
            yield str(one.get("title") or "")
            yield from _sections(one.get("sections"), at)
            return


def _texts(found: Any) -> list[str]:
    return [str(one) for one in found if one] if isinstance(found, list) else []
