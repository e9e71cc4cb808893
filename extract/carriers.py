"""Mails and archives: what carries papers and is seldom one itself."""

from __future__ import annotations

from gongwen.document import Document
from gongwen.record import Issue, Record, record_id

_ARCHIVES = frozenset({
    "application/zip", "application/x-tar", "application/gzip", "application/x-bzip2", "application/x-xz",
    "application/x-7z-compressed",
})  # fmt: skip
_MAILS = frozenset({"message/rfc822", "application/vnd.ms-outlook"})
_HEADER = ("issuers", "letterhead", "addressees", "issue_date", "signatory", "copied_to", "doc_type")
"""What only a paper has: who signs a covering letter does not issue it."""


def is_archive(document: Document) -> bool:
    return document.media_type in _ARCHIVES


def is_mail(document: Document) -> bool:
    return document.media_type in _MAILS


def is_cover_letter(record: Record) -> bool:
    """A mail whose text has neither number nor title: 请查收附件 and a signature."""
    return record["document_number"] is None and record["title"] is None


def bare_record(document: Document) -> Record:
    """A record that only says that the file is here: an archive's list of names is nobody's paper."""
    record = Record()
    record.values["id"] = record_id(document.sha256, 1)
    record.values["part"] = {"number": 1, "start": 0, "end": len(document.text)}
    for reason in document.reasons:
        record.issues.append(Issue("incomplete", "", f"原文没有读全（{reason}）"))
    return record


def drop_header(record: Record) -> None:
    """Take back what was read as a paper's header, with its evidence and doubts."""
    for name in _HEADER:
        record.values[name] = [] if isinstance(record.values[name], list) else None
        record.candidates.pop(name, None)
    record.evidence = {path: found for path, found in record.evidence.items() if path.split("/")[0] not in _HEADER}
    record.issues = [one for one in record.issues if one.field.split("/")[0] not in _HEADER]
    named = {quote.quote for found in record.evidence.values() for quote in found}
    record.values["units"] = {
        name: known for name, known in record.values["units"].items() if any(name in quote for quote in named)
    }
