"""One file read by a worker: its text, its records and, of a mail or an archive, the files that lie in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.record import Reading
from gongwen.store import pack
from ingest.kinship import Kin
from ingest.sandbox import Extracted
from ingest.secrecy import has_secret_mark
from ingest.spool import Member, Spool, discard
from ingest.writing import Read

TREE_FILES = 5_000
TREE_BYTES = 1 << 30
"""What may come out of one file handed in, through all levels."""


def stamp(document: Document, fingerprint: str) -> str:
    """The fingerprint of a record: reader and revision, then the rules."""
    return f"{document.reader} {fingerprint}"


class Extract(Protocol):
    """The part of a pipeline that reads a file."""

    def __call__(self, path: Path, *, name: str, spool: Spool | None = None) -> Extracted: ...


def read_object(
    extract: Extract, path: Path, *, sha256: str, name: str, spool: Spool | None, at: Callable[[str], None]
) -> Read:
    """Runs in a thread of the crew: touches no journal, and of the disk only the spool's folder. Without a spool what
    lies in the file stays there."""
    try:
        found = extract(path, name=name, spool=spool)
        document = found.document
        at("extract:read")
        if document.sha256 != sha256:
            raise SourceError("damaged", f"object {sha256} reads as {document.sha256}")
        if has_secret_mark(document):
            raise SourceError("secret_mark")
        return _packed(found, name, is_opened=spool is not None)
    except BaseException:
        if spool is not None:
            spool.discard()
        raise


def within(read: Read, files: int, size: int) -> Read:
    """With no more members than so many files and bytes; the rest is listed as left out."""
    kept: list[Member] = []
    for one in read.members:
        if one.path is not None:
            files, size = files - 1, size - one.size
        if one.path is not None and min(files, size) < 0:
            discard((one,))
            one = Member(one.name, one.size, "zip_entries")
        kept.append(one)
    if tuple(kept) == read.members:
        return read
    reasons = tuple(dict.fromkeys((*read.document.reasons, "zip_entries")))
    document = replace(read.document, complete=False, reasons=reasons)
    reading = replace(read.reading, complete=False, reasons=list(reasons))
    return Read(reading, document, pack(document, reading), tuple(kept), read.is_opened)


def kin_of(read: Read) -> tuple[Kin, ...]:
    """The members as the journal keeps them."""
    parent = read.reading.sha256
    return tuple(Kin(parent, one.name, one.size, one.sha256 or None, one.reason or None) for one in read.members)


def _packed(found: Extracted, name: str, *, is_opened: bool) -> Read:
    document = found.document
    reading = Reading(
        name, document.sha256, document.media_type, document.complete, list(document.reasons), found.records,
        stamp(document, found.fingerprint),
    )  # fmt: skip
    return Read(reading, document, pack(document, reading), found.members, is_opened)
