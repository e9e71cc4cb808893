"""Acts of review as they stand on the disk: one act of one person about one value (design.md §4). Acts are only ever
added; one that is taken back stays, with the act that takes it back behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["extracted", "confirmed", "corrected", "stale"]

ISSUES = "issues"
"""The field of an act about a doubt itself: `saw` is its message, said again: looked at, nothing to change."""


@dataclass(frozen=True, slots=True)
class Review:
    """One act of one person. `document` is the number or title of the official document, `field` a key of the record
    or, in tables, a path whose list steps are the names of rows, not positions (`contacts/何立/phones`, see
    gongwen.row_names). `saw` is what stood there (None: nothing), `say` what is right (equal to saw: confirmed; None:
    not in the text), `by` and `at` who and when (ISO 8601 with offset).

    The rest is left out of the file where it is empty, and readers of an older version pass it over: `part`, the
    place of the document in its file, tells documents of one name apart; `batch` names acts that were done in one
    go; `takes_back` is the `mark` of an earlier act that no longer counts.
    """

    document: str
    field: str
    saw: Any
    say: Any
    by: str
    at: str
    part: int = 0
    batch: str = ""
    takes_back: str = ""

    @property
    def mark(self) -> str:
        """What a later act calls this one: made of what it says, so the file needs no numbers."""
        said = json.dumps([self.document, self.field, self.saw, self.say, self.by, self.at, self.takes_back],
                          ensure_ascii=True, sort_keys=True)  # fmt: skip
        return hashlib.sha256(said.encode("ascii")).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        out = {"document": self.document, "field": self.field, "saw": self.saw, "say": self.say, "by": self.by,
               "at": self.at}  # fmt: skip
        more = {"part": self.part, "batch": self.batch, "takes_back": self.takes_back}
        return out | {key: value for key, value in more.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Review:
        return cls(
            data["document"], data["field"], data["saw"], data["say"], data["by"], data["at"],
            int(data.get("part") or 0), str(data.get("batch") or ""), str(data.get("takes_back") or ""),
        )  # fmt: skip


def standing(reviews: Iterable[Review]) -> list[Review]:
    """The acts that count, oldest first: without those taken back and those that take back. Taking back an act that
    took back brings the first one in again."""
    found = list(reviews)
    gone: set[str] = set()
    kept: list[Review] = []
    for review in reversed(found):
        if review.mark in gone:
            gone.discard(review.mark)
            continue
        if review.takes_back:
            gone.add(review.takes_back)
        else:
            kept.append(review)
    return kept[::-1]
