"""Read one file in a child process of its own, or say why not. The caller's process never loads a parser.

A nursery (ingest.nursery) is started at the first call and kept: each file is one fork of it, with its own limits,
session and clock, so nothing is left over from one file to the next. Safe to call from any thread; concurrent calls
have their children at the same time. With a `Derivation` the child also makes the records, so that this costs no
time of the caller's and a rule that runs away takes only its file with it. What comes back is checked before it is
believed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import stat
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args

from gongwen.document import BlockKind, Document
from gongwen.errors import REASONS, SourceError
from gongwen.record import Record
from ingest import client
from ingest.belief import check_records
from ingest.budget import Limits
from ingest.convert import find_converter
from ingest.pictures.sizes import MAX_SIDE
from ingest.pictures.webp import webp_size
from ingest.pictures.wish import Wish
from ingest.readers.ocr import is_installed
from ingest.safety import scrub
from ingest.source import OcrWanted
from ingest.spool import Member, Spool

__all__ = [
    "PICTURE_LIMITS", "Derivation", "Extracted", "Limits", "Opened", "draw_page", "extract_file", "in_order",
    "open_file", "prepare", "prepare_pictures", "read_bytes", "read_file", "read_many", "sandbox_report",
    "unlock_file",
]  # fmt: skip

Done = TypeVar("Done")
_KINDS = frozenset(get_args(BlockKind))


@dataclass(frozen=True, slots=True)
class Derivation:
    """What makes records, by name: the nursery loads `module:function`, calls it once with the argument (plain data)
    and gives each child what it returned, an `ingest.derive.Derive`."""

    name: str
    argument: str | None = None

    def to_json(self) -> list[str | None]:
        return [self.name, self.argument]


@dataclass(frozen=True, slots=True)
class Extracted:
    """A Document with its records; `fingerprint` says by which rules they were made."""

    document: Document
    records: list[Record]
    fingerprint: str
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A Document with the files that lie in it."""

    document: Document
    members: tuple[Member, ...] = ()


def prepare(derivation: Derivation) -> None:
    """Let the nursery load it now, while the caller still does other things."""
    client.load(derivation.to_json())


def extract_file(
    path: Path, derivation: Derivation, *, name: str | None = None, limits: Limits | None = None,
    spool: Spool | None = None,
) -> Extracted:  # fmt: skip
    """As `read_file`, with the records made in the same child. A bug of the extractor is told as `extract_error`.
    With a spool a container's members are taken out into it; without one they are only listed.

    Raises RuleError when the derivation cannot be loaded: that is not the file's fault."""
    limit = limits or Limits()
    data = _open_safely(path, limit.file_bytes)
    request = _request(data, name or path.name, limit) | {"derive": derivation.to_json(), "members": spool is not None}
    found = _extracted(_ask(request, data, spool), request["sha256"])
    return found if spool is None else replace(found, members=spool.finish())


def open_file(path: Path, spool: Spool, *, name: str | None = None, limits: Limits | None = None) -> Opened:
    """As `read_file`, with a container's members taken out into the spool."""
    limit = limits or Limits()
    data = _open_safely(path, limit.file_bytes)
    request = _request(data, name or path.name, limit) | {"members": True}
    return Opened(_checked(_ask(request, data, spool), request["sha256"]), spool.finish())


def unlock_file(path: Path, spool: Spool, password: str, *, name: str, limits: Limits | None = None) -> Member:
    """The same file without its password, as the one member in the spool. The password goes to the child by the pipe
    that the bytes go by, and nowhere else. Raises SourceError `wrong_password`, `not_locked`, `no_unlock`, or why the
    file cannot be read."""
    limit = (limits or Limits()).for_unlocking()
    data = _open_safely(path, limit.file_bytes)
    client.ask(_request(data, name, limit) | {"op": "unlock", "password": password}, data, spool)
    found = spool.finish()
    if len(found) != 1 or found[0].path is None:
        raise SourceError("crash", "the child's answer is not one file")
    return found[0]


def read_file(
    path: Path, *, name: str | None = None, limits: Limits | None = None, readers: tuple[str, ...] = ()
) -> Document:
    """The Document of a regular file. Raises SourceError with a code of REASONS, and nothing else for a bad file.

    `readers` names modules to use instead of the installed ones (`ingest.readers.pdf`)."""
    limit = limits or Limits()
    return read_bytes(_open_safely(path, limit.file_bytes), name or path.name, limits=limit, readers=readers)


def read_bytes(data: bytes, name: str, *, limits: Limits | None = None, readers: tuple[str, ...] = ()) -> Document:
    """The Document of these bytes; `name` serves messages and the extension check only."""
    request = _request(data, name, limits or Limits()) | {"readers": list(readers)}
    return _checked(_ask(request, data), request["sha256"])


def read_many(
    paths: Iterable[Path], workers: int = 2, *, limits: Limits | None = None
) -> Iterator[tuple[Path, Document | SourceError]]:
    """Read files with so many children at once; results in the order given, at most `2 * workers` ahead."""
    return in_order(lambda path: (path, _read_or_error(path, limits)), paths, workers)


def in_order(work: Callable[[Path], Done], paths: Iterable[Path], workers: int) -> Iterator[Done]:
    """The work on each path by so many threads; results in the order given, at most `2 * workers` ahead."""
    waiting: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="read") as pool:
        for path in paths:
            waiting.append(pool.submit(work, path))
            if len(waiting) >= 2 * max(1, workers):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


PICTURE_LIMITS = Limits(cpu=15.0, wall=30.0, stall=30.0, output_bytes=8 << 20)
"""A person waits for it."""


def draw_page(path: Path, wish: Wish, *, limits: Limits = PICTURE_LIMITS) -> bytes:
    """A page of a file as a WebP picture. Raises SourceError, and nothing else for a bad file."""
    data = _open_safely(path, limits.file_bytes)
    request = {"op": "picture", "name": "", "sha256": "", "limits": limits.to_json(), "picture": wish.to_json()}
    answer = client.ask(request, data)
    size = webp_size(answer)
    # The child is not trusted: what it says is a picture goes to people's browsers.
    if size is None or max(size) > MAX_SIDE or size[0] > wish.width + 2:
        raise SourceError("crash", "the child's answer is not the picture")
    return answer


def prepare_pictures() -> None:
    """Let the nursery load now what draws pages, while nobody waits for it."""
    wish = Wish("application/pdf", 1, (1.0, 1.0))
    request = {"op": "picture", "name": "", "sha256": "", "limits": PICTURE_LIMITS.to_json(), "picture": wish.to_json()}
    with contextlib.suppress(SourceError):
        client.ask(request, b"%PDF-1.4")


def sandbox_report() -> dict[str, bool | str]:
    """What holds on this host, tried inside a child: no_network, own_session, dies_with_parent, memory_limited,
    cpu_limited, no_file_writes, no_core_dumps, and `name_spaces` (how the network was cut)."""
    request = {"op": "report", "name": "", "sha256": "", "limits": Limits().to_json()}
    found = json.loads(client.ask(request, b""))
    return {str(key): value if isinstance(value, bool) else str(value) for key, value in found.items()}


def _read_or_error(path: Path, limits: Limits | None) -> Document | SourceError:
    try:
        return read_file(path, limits=limits)
    except SourceError as error:
        return error


_OPEN_ERRORS = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ENAMETOOLONG: "missing",
    errno.EACCES: "unreadable",
    errno.EPERM: "unreadable",
    errno.ELOOP: "not_regular",
    errno.ENXIO: "not_regular",
    errno.EISDIR: "not_regular",
}


def _open_safely(path: Path, most: int) -> bytes:
    """The bytes of a regular file: links are not followed, a FIFO does not block, growth while reading shows."""
    flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        number = os.open(path, flags)
    except (OSError, ValueError) as error:
        code = _OPEN_ERRORS.get(error.errno or 0, "unreadable") if isinstance(error, OSError) else "missing"
        raise SourceError(code, str(error)) from error
    try:
        before = os.fstat(number)
        if not stat.S_ISREG(before.st_mode):
            raise SourceError("not_regular")
        if before.st_size > most:
            raise SourceError("too_large", f"{before.st_size} bytes")
        with os.fdopen(number, "rb", closefd=False) as stream:
            data = stream.read(most + 1)
        after = os.fstat(number)
    except OSError as error:
        raise SourceError("unreadable", str(error)) from error
    finally:
        os.close(number)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise SourceError("changed")
    return data


def _request(data: bytes, name: str, limits: Limits) -> dict[str, Any]:
    if not data:
        raise SourceError("empty")
    if len(data) > limits.file_bytes:
        raise SourceError("too_large", f"{len(data)} bytes")
    return {
        "name": name.encode("utf-8", "replace").decode("utf-8")[-255:],
        "sha256": hashlib.sha256(data).hexdigest(),
        "limits": limits.to_json(),
        "converter": find_converter(),
        "converter_limits": limits.for_converter(len(data)).to_json() | {"file_writes": limits.convert_bytes},
        "skip": 0,
    }


_OCR_CHILDREN = threading.BoundedSemaphore(2 if (os.cpu_count() or 1) >= 4 else 1)
"""At 700 MB and a processor each, more of them would only be slower."""
_BEYOND = frozenset({"crash", "memory", "cpu", "timeout", "output_too_large", "no_text_needs_ocr"})
"""What may come of reading pictures and not of reading text."""


def _ask(request: dict[str, Any], data: bytes, spool: Spool | None = None) -> bytes:
    """First as text. What has pictures of text is read again by a child of the OCR nursery, whose limits are wider;
    where that one fails, the text that there is stands, with the pages that were not read as a reason."""
    if not is_installed():
        return _ask_readers(request, data, spool)
    try:
        return _ask_readers({**request, "ocr": "later"}, data, spool)
    except OcrWanted:
        limits = Limits(**request["limits"]).for_ocr()
    try:
        return _ask_ocr({**request, "ocr": "now", "limits": limits.to_json()}, data)
    except SourceError as error:
        if error.code not in _BEYOND:
            raise
        try:
            return _ask_readers(request, data)
        except SourceError as second:
            raise error from second


def _ask_ocr(request: dict[str, Any], data: bytes) -> bytes:
    """Libraries of OCR that do not load here (an old processor) are as good as not installed: no reason to stop."""
    try:
        with _OCR_CHILDREN:
            return client.ask(request, data, kind_of="ocr")
    except client.LoadError as error:
        raise SourceError("no_text_needs_ocr", f"OCR does not load: {error}"[-500:]) from error


def _ask_readers(request: dict[str, Any], data: bytes, spool: Spool | None = None) -> bytes:
    """A reader that died may have a second of its kind (PDF has); it gets a fresh child and the same limits."""
    try:
        return client.ask(request, data, spool)
    except SourceError as first:
        if first.code not in ("crash", "memory"):
            raise
        try:
            return client.ask({**request, "skip": 1}, data, spool)
        except SourceError as second:
            # What the second reader says is news only when it could read at all.
            if second.code in ("unsupported", "no_text_needs_ocr", "no_text", "parse_error"):
                raise first from None
            raise second from first


def _checked(answer: bytes, sha256: str) -> Document:
    """The child is not trusted: every field has the type and every span the range that it claims."""
    try:
        return _document(_loaded(answer), sha256)
    except _UNBELIEVABLE as error:
        raise SourceError("crash", f"the child's answer is not a document: {type(error).__name__}") from error


def _extracted(answer: bytes, sha256: str) -> Extracted:
    try:
        found = _loaded(answer)
        document = _document(found["document"], sha256)
        records = [Record.from_json(one) for one in found["records"]]
        check_records(document, records)
        return Extracted(document, records, str(found["fingerprint"]))
    except _UNBELIEVABLE as error:
        raise SourceError("crash", f"the child's answer is not a record: {type(error).__name__}") from error


_UNBELIEVABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


def _loaded(answer: bytes) -> Any:
    return json.loads(answer, parse_constant=_refuse)


def _document(found: Any, sha256: str) -> Document:
    document = Document.from_json(found)
    codes = (*document.reasons, *document.warnings, *(code for code, _ in document.doubts))
    known = all(code in REASONS for code in codes)
    if document.sha256 != sha256 or not known or any(block.kind not in _KINDS for block in document.blocks):
        raise SourceError("crash", "the child's answer does not fit the file")
    text = scrub(document.text)
    return document if text == document.text else replace(document, text=text)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
