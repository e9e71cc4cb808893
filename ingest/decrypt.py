"""Opening a file with its password, inside a child process only: the same file without one, for the readers to read.

PDF by PDFium, DOCX, XLSX, PPTX, DOC, XLS and PPT by msoffcrypto, ZIP and 7z by our own readers (packed anew as a plain
ZIP). The same file opened twice gives the same bytes, so that nothing is there twice."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import signature
from pathlib import PurePath
from types import SimpleNamespace
from typing import Any

import regex

from gongwen.errors import SourceError
from ingest import sevenzip
from ingest.basket import CHUNK
from ingest.names import member_label
from ingest.safety import MAX_RATIO, RATIO_FROM, is_memory
from ingest.zipcrypt import decrypt_entry
from ingest.zipdir import overlapping, unpack_entry, walk_zip

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_BYTES = 300 << 20
_MOST_FILES = 2_000
_OFFICE_PARTS = frozenset({"mimetype", "OFD.xml", "Encryptions.xml"})
"""Packages that encrypt what stands in their members, each in its own way."""
_NO_ID = b"0" * 32
_PDF_ID = regex.compile(rb"(?<=/ID\s?\[\s?<)[0-9A-Fa-f]{32}(?=>\s?<[0-9A-Fa-f]{32}>)|"
                        rb"(?<=/ID\s?\[\s?<[0-9A-Fa-f]{32}>\s?<)[0-9A-Fa-f]{32}(?=>)")  # fmt: skip


def work(request: dict[str, Any], data: bytes, send: Callable[[bytes, bytes], None]) -> None:
    """The opened copy leaves as the one member of the answer. Nothing that is said of an error repeats the password."""
    try:
        name, content = decrypt(data, request["name"], request["password"])
    except SourceError:
        raise
    except Exception as error:
        if is_memory(error):
            raise
        raise SourceError("parse_error", type(error).__name__) from None
    told = {"name": name, "size": len(content), "reason": ""}
    send(b"C", json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
    for start in range(0, len(content), CHUNK):
        send(b"F", content[start : start + CHUNK])
    send(b"R", b"{}")


def decrypt(data: bytes, name: str, password: str) -> tuple[str, bytes]:
    """Name and bytes of the opened copy. SourceError `wrong_password`, `not_locked`, `no_unlock`, or why it cannot be
    read."""
    if b"%PDF-" in data[:1024]:
        return name, _pdf(data, password)
    if data.startswith(_OLE):
        return name, _office(data, password)
    if data[:4] in (b"PK\3\4", b"PK\5\6"):
        return name, _packed(_zip_members(data, password))
    if data.startswith(b"7z\xbc\xaf\x27\x1c"):
        return str(PurePath(name).with_suffix(".zip")), _packed(_seven_members(data, password))
    raise SourceError("no_unlock", "of a format whose encryption is not known")


def _pdf(data: bytes, password: str) -> bytes:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise SourceError("wrong_password", "of a PDF") from error
        code = "no_unlock" if "security" in str(error).lower() else "parse_error"
        raise SourceError(code, type(error).__name__) from error
    if pdfium.FPDF_GetSecurityHandlerRevision(document.raw) < 0:
        raise SourceError("not_locked", "a PDF without encryption")
    out = io.BytesIO()
    document.save(out, flags=pdfium.FPDF_REMOVE_SECURITY)
    saved = out.getvalue()
    end = max(0, len(saved) - 4096)
    return saved[:end] + _PDF_ID.sub(_NO_ID, saved[end:])  # PDFium draws a new one each time


def _office(data: bytes, password: str) -> bytes:
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    out = io.BytesIO()
    try:
        with _in_memory():
            office = msoffcrypto.OfficeFile(io.BytesIO(data))
            if not office.is_encrypted():
                raise SourceError("not_locked", "an office file without encryption")
            _load_key(office, password)
            office.decrypt(out)
    except InvalidKeyError as error:
        raise SourceError("wrong_password", "of an office file") from error
    except (DecryptionError, FileFormatError, ParseError) as error:
        raise SourceError("no_unlock", type(error).__name__) from error
    return out.getvalue()


def _load_key(office: Any, password: str) -> None:
    """OOXML checks a password when it is asked to, the older formats always do."""
    if "verify_password" in signature(office.load_key).parameters:
        office.load_key(password=password, verify_password=True)
    else:
        office.load_key(password=password)


@contextmanager
def _in_memory() -> Iterator[None]:
    """msoffcrypto writes the older formats by way of a temporary file; the child may write none, and no opened text is
    to lie on a disk."""
    from msoffcrypto.format import doc97, ppt97, xls97

    modules = (doc97, ppt97, xls97)
    kept = [module.tempfile for module in modules]
    for module in modules:
        module.tempfile = SimpleNamespace(TemporaryFile=io.BytesIO)
    try:
        yield
    finally:
        for module, before in zip(modules, kept, strict=True):
            module.tempfile = before


def _zip_members(data: bytes, password: str) -> Iterator[tuple[str, bytes]]:
    """Those that have no password, and those that this one opens. SourceError `wrong_password` when it opens none."""
    entries = [one for one in walk_zip(data) if not one.is_folder and one.is_regular]
    hidden = overlapping(entries)
    if any(one.name in _OFFICE_PARTS for one in entries):
        raise SourceError("no_unlock", "an encrypted ODF or OFD")
    locked = [one for one in entries if one.is_encrypted]
    if not locked:
        raise SourceError("not_locked", "a zip without encryption")
    wrong = 0
    for at, entry in enumerate(entries):
        if at in hidden:
            continue
        if entry.size > RATIO_FROM and entry.size > MAX_RATIO * max(1, entry.packed):
            raise SourceError("zip_ratio", "an encrypted member")
        try:
            content = decrypt_entry(data, entry, password) if entry.is_encrypted else unpack_entry(data, entry)[0]
        except SourceError as error:
            if error.code == "wrong_password":
                wrong += 1
                continue
            if error.code in ("member_damaged", "needs_unpacker"):
                continue  # the archive's own record names it
            raise
        yield entry.name, content
    if wrong == len(locked):
        raise SourceError("wrong_password", "of all members")


def _seven_members(data: bytes, password: str) -> Iterator[tuple[str, bytes]]:
    """As of a zip; here one password is for all."""
    plain = _seven_directory(data)
    if plain is not None and not any(one.folder and one.folder.refusal == "password" for one in plain):
        raise SourceError("not_locked", "a 7z without encryption")
    taken = 0
    waiting: dict[int, Iterator[bytes]] = {}
    broken: set[int] = set()
    for entry in sevenzip.read_directory(data, password):
        folder = entry.folder
        if folder is None or entry.is_folder:
            continue
        key = id(folder)
        if key in broken or folder.refusal:
            continue
        if folder.size > RATIO_FROM and folder.size > MAX_RATIO * max(1, len(folder.packed)):
            raise SourceError("zip_ratio", "an encrypted folder")
        if key not in waiting:
            waiting[key] = sevenzip.unpack_folder(folder)
        try:
            content = next(waiting[key])
        except SourceError:
            broken.add(key)  # wrong for what it was encrypted with, or damaged: nothing tells which
            continue
        taken += 1
        if not entry.is_link:
            yield entry.name, content
    if not taken:
        raise SourceError("wrong_password", "of a 7z")


def _seven_directory(data: bytes) -> list[sevenzip.Entry] | None:
    """None when even the names are encrypted."""
    try:
        return sevenzip.read_directory(data)
    except SourceError as error:
        if error.code != "password":
            raise
        return None


def _packed(members: Iterator[tuple[str, bytes]]) -> bytes:
    """A plain zip of them, always the same: no times, no rights."""
    out = io.BytesIO()
    total = 0
    names: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            total += len(content)
            if total > _MOST_BYTES or len(names) >= _MOST_FILES:
                raise SourceError("zip_total", f"{total} bytes")
            archive.writestr(zipfile.ZipInfo(_unused(member_label(name), names)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _unused(label: str, names: set[str]) -> str:
    """Two members may have one name; an archive that readers trust may not."""
    found, number = label, 1
    while found in names:
        number += 1
        found = f"{number}-{label}"
    names.add(found)
    return found
