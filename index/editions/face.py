"""What is known of a paper before its text is laid beside another's: number, title, dates, issuers, a sketch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import regex

from gongwen.document import Document, grid
from gongwen.record import Reading, Record
from gongwen.text import fold_tight
from index.editions.body import Body, body_of
from index.editions.sketch import Numbers, sketch

_UNSAID = regex.compile(r"[^\p{Han}A-Za-z0-9]+")
_ABOUT = regex.compile(r"^[^《关]{2,60}?(?=关于)")
"""The issuer before 关于, which a web page prints and a red head leaves to the letterhead."""
_QUOTED = regex.compile(r"[《〈]([^《》〈〉]{4,100})[》〉]")
_YEAR = regex.compile(r"(?:19|20)\d\d(?=年|[-—~至]|$)")
_ANY_YEAR = regex.compile(r"(?:19|20)\d\d(?=年)")
_SERIAL = regex.compile(r"(?:19|20)\d\d年|[第号]")
"""What stands about the serial number."""
_DATES = ("issue_date", "print_date", "publish_date")
_EMPTY = 0.6
"""Share of a table's cells below its heads, or of labels, that stand empty in a blank form."""
_LABEL = regex.compile(r"\p{Han}[\p{Han}（）/]{1,15}：(?P<value>[^：]*?)(?=\s*\p{Han}[\p{Han}（）/]{1,15}：|$)")
LEAST = 40
"""Characters below which a text says too little to be known by."""


@dataclass(frozen=True, slots=True)
class Face:
    """`title` and `enclosed` are keys (`title_key`); `doubtful` names the values that a scan read doubtfully."""

    id: str
    sha256: str
    number: str
    title: str
    years: tuple[str, ...]
    dates: Mapping[str, str]
    issuers: tuple[str, ...]
    enclosed: tuple[str, ...]
    doubtful: tuple[str, ...]
    length: int
    is_whole: bool
    is_plain: bool
    is_ocr: bool
    is_annex: bool
    is_form: bool

    @property
    def is_numbered(self) -> bool:
        """Whether its number can be relied on."""
        return bool(self.number) and "document_number" not in self.doubtful

    @property
    def is_sure(self) -> bool:
        """Whether no paper of another number can be this one: a scan may misread its own and not know it."""
        return self.is_numbered and not self.is_ocr

    @property
    def occasion(self) -> str:
        """Title and signing date: what a paper without a number is known by ('' without either)."""
        date = self.dates.get("issue_date", "")
        return f"{self.title}|{date}" if self.title and date else ""

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, int, str]:
        """The highest of several copies is the one to read first: read to its end, written and not scanned, with its
        number, as it was laid out (no web page or bare text), the longest."""
        return self.is_whole, not self.is_ocr, self.is_numbered, not self.is_plain, self.length, self.id

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Face:
        lists = {name: tuple(data[name]) for name in ("years", "issuers", "enclosed", "doubtful")}
        return cls(**{**data, **lists})


def face_of(reading: Reading, record: Record, document: Document) -> tuple[Face, Body, Numbers]:
    body = body_of(record, document)
    title = str(record["title"] or "")
    face = Face(
        id=record.id, sha256=reading.sha256, number=_number(record), title=title_key(title),
        years=tuple(dict.fromkeys(_YEAR.findall(fold_tight(title).text))),
        dates={name: str(record[name]) for name in _DATES if record[name]},
        issuers=_issuers(record), enclosed=_enclosed(record, title),
        doubtful=tuple(sorted({one.field.split("/")[0] for one in record.issues if one.code == "ocr_doubtful"})),
        length=len(body.key), is_whole=reading.complete,
        is_plain=reading.media_type.startswith("text/"), is_ocr="ocr_text" in document.warnings,
        is_annex=bool(body.keys) and body.keys[0].startswith("附件"), is_form=is_blank_form(record, document),
    )  # fmt: skip
    return face, body, sketch(body.key if len(body.key) >= LEAST else "")


def title_key(title: str) -> str:
    """A title without blanks, punctuation and the issuer in front of 关于."""
    tight = fold_tight(title).text
    return _UNSAID.sub("", _ABOUT.sub("", tight, count=1))


def _number(record: Record) -> str:
    """Known by its agency code, else (第2号, 2020年第1号) only together with issuer and year."""
    parts = record["number_parts"]
    if parts:
        return f"{parts['agency']}|{parts['year']}|{parts['serial']}"
    printed = fold_tight(str(record["document_number"] or "")).text
    date = next((str(record[name]) for name in _DATES if record[name]), "")
    year = _ANY_YEAR.search(printed)
    issuers = _issuers(record)
    if not printed or not issuers or not (year or date):
        return ""
    return f"{issuers[0]}|{year.group() if year else date[:4]}|{_SERIAL.sub('', printed)}"


def _issuers(record: Record) -> tuple[str, ...]:
    """By their one name where the register knows it."""
    known = record["units"] or {}
    return tuple(dict.fromkeys(str(known.get(name) or fold_tight(name).text) for name in record["issuers"]))


def _enclosed(record: Record, title: str) -> tuple[str, ...]:
    """Titles of what lies in it or is issued with it."""
    named: Iterable[str] = (
        *record["enclosures"], *record["annexes"], *record["forms"], *_QUOTED.findall(fold_tight(title).text)
    )  # fmt: skip
    return tuple(dict.fromkeys(key for key in map(title_key, map(str, named)) if key))


def is_blank_form(record: Record, document: Document) -> bool:
    """A paper of its own that is a form to fill in: neither number nor date, and nothing in its cells."""
    if record["document_number"] or record["issue_date"]:
        return False
    part = record.get("part") or {}
    start, end = int(part.get("start", 0)), int(part.get("end", len(document.text)))
    filled = empty = 0
    for block in document.flow():
        if not start <= block.span.start < end:
            continue
        if block.kind == "table":
            cells = {id(cell): cell for row in grid(block)[1:] for cell in row[1:] if cell is not None}
            found = [bool(cell.span.of(document.text).strip()) for cell in cells.values()]
        else:
            found = [bool(one["value"].strip(" _")) for one in _LABEL.finditer(block.span.of(document.text))]
        filled += sum(found)
        empty += len(found) - sum(found)
    return empty >= 2 and empty >= _EMPTY * (filled + empty)
