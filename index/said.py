"""Words that people put in place of what was read: a paper is found by them although they are not printed in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gongwen.record import Reading
from gongwen.resolving import Resolution
from gongwen.row_names import text_of
from index.engine import Entry

_NO_WORDS = frozenset({"issue_date", "publish_date", "print_date", "effective_date"})
"""Kept in another form than anyone types; dates are asked for as dates."""


def in_force(reading: Reading, found: list[Resolution]) -> Reading:
    """The file with people's words in place of what extraction said."""
    records = [one.record for one in found]
    return replace(reading, documents=records)


def with_words(entry: Entry, found: Resolution) -> Entry:
    """The entry with the words that people said and the text does not hold behind it."""
    words = [word for word in dict.fromkeys(_said(found)) if word not in entry.text and word != entry.title]
    return replace(entry, text="\n".join([entry.text, *words])) if words else entry


def _said(found: Resolution) -> Iterator[str]:
    for slot in found.slots():
        if slot.state == "corrected" and slot.value is not None and slot.path.split("/")[0] not in _NO_WORDS:
            word = text_of(slot.value)
            if word and not word.replace("-", "").isdigit():
                yield word
