"""Made-up papers for the edge cases of domain.md §12: a frame around the lines a case is about."""

from __future__ import annotations

from collections.abc import Iterable

from extract_kit import read_record

from extract.pipeline import extract
from gongwen.record import Record
from gongwen.rulebook import load_rulebook
from ingest.readers import choose
from ingest.source import Source

TITLE = "关于开展2024年科普活动的通知"


def notice(
    body: str,
    *,
    title: str = TITLE,
    number: str = "云科协字〔2024〕12号",
    head: str = "云州市科学技术协会文件",
    addressees: str = "各县（区）科协：",
    signed: str = "云州市科学技术协会\n2024年3月5日",
    after: str = "",
) -> str:
    """A notice whose parts are as usual, but for the one a case is about; '' leaves a part out."""
    parts = (head, number, title, f"{addressees}\n{body}", signed, after)
    return "\n\n".join(part for part in parts if part) + "\n"


def read_body(body: str) -> Record:
    return read_record(notice(body))


def read_bytes(content: bytes, media_type: str, name: str = "样例") -> list[Record]:
    source = Source.of(name, content, media_type)
    return extract(choose(source).read(source), load_rulebook())


def column(record: Record, rows: str, key: str) -> list[object]:
    """One key of all rows of a field, in order of print."""
    return [row[key] for row in record[rows]]


def codes(record: Record) -> set[str]:
    return {issue.code for issue in record.issues}


def headings(sections: Iterable[dict[str, object]]) -> list[object]:
    """Titles of a section tree, children in a list after their parent."""
    out: list[object] = []
    for section in sections:
        out.append(section["title"])
        below = headings(section["sections"])  # type: ignore[arg-type]
        out += [below] if below else []
    return out
