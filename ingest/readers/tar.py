"""TAR and the packed single files GZ, BZ2, XZ, read as a stream under a limit: nothing is unpacked further than that.

A packed tar is a tar; any other packed file is one member.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from typing import IO, Any, ClassVar, cast

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.basket import Basket
from ingest.readers.listing import listed_document
from ingest.safety import MAX_RATIO, RATIO_FROM
from ingest.source import Reader, Source

_MOST = 300 << 20
"""Bytes that come out of a packed stream, headers and padding with them."""
_HEAD = 512
_PACKED = ("application/gzip", "application/x-bzip2", "application/x-xz")
_BAD = (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, ValueError, IndexError)
_SUFFIXES = (".gz", ".bz2", ".xz", ".tgz", ".tbz", ".txz", ".z")


class TarReader:
    name: ClassVar[str] = "tar"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 50 if source.media_type in ("application/x-tar", *_PACKED) else 0

    def read(self, source: Source) -> Document:
        return self.unpack(source, Basket())

    def unpack(self, source: Source, basket: Basket) -> Document:
        stream = _Bounded(_opened(source), len(source.data) if source.media_type in _PACKED else 0)
        warnings: list[str] = []
        try:
            head = stream.read(_HEAD)
            stream.push_back(head)
            if head[257:262] == b"ustar":
                warnings = _members(stream, basket)
            else:
                _single(source, stream, basket)
        except SourceError as error:
            basket.leave("……", 0, error.code)
        except _BAD as error:
            if not basket.listed:
                raise SourceError("zip_bad", f"{type(error).__name__}: {error}") from error
            basket.leave("……", 0, "member_damaged")
        return listed_document(source, f"{self.name}/{self.revision}", basket, warnings)


def _members(stream: _Bounded, basket: Basket) -> list[str]:
    warnings: list[str] = []
    with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|", errors="surrogateescape") as archive:
        for member in archive:
            cast(Any, archive).members = []  # else it keeps every header it has met
            if member.isdir():
                continue
            if not member.isreg() or member.issparse():
                warnings.append("member_skipped")
                continue
            if not basket.wants(member.name):
                continue
            reason = basket.refusal(member.size)
            if reason:
                basket.leave(member.name, member.size, reason)
                continue
            file = archive.extractfile(member)
            basket.put(member.name, file.read() if file is not None else b"")
    if stream.last.strip(b"\0"):
        # A header that was cut off passes for the end; every writer puts zeros there.
        raise tarfile.ReadError("no end mark")
    return warnings


def _single(source: Source, stream: _Bounded, basket: Basket) -> None:
    name = source.name.replace("\\", "/").rpartition("/")[2]
    stem = next((name[: -len(one)] for one in _SUFFIXES if name.lower().endswith(one)), name) or name
    content = stream.read(basket.room() + 1)
    if len(content) > basket.room():
        basket.leave(stem, len(content), basket.refusal(len(content)))
    else:
        basket.put(stem, content)


def _opened(source: Source) -> IO[bytes]:
    packed = io.BytesIO(source.data)
    if source.media_type == "application/gzip":
        return cast(IO[bytes], gzip.GzipFile(fileobj=packed))
    if source.media_type == "application/x-bzip2":
        return cast(IO[bytes], bz2.BZ2File(packed))
    if source.media_type == "application/x-xz":
        return cast(IO[bytes], lzma.LZMAFile(packed))
    return packed


class _Bounded:
    """A stream that ends in a SourceError when more comes out of it than it may hold."""

    def __init__(self, stream: IO[bytes], packed: int) -> None:
        self._stream = stream
        self._packed = packed
        self._given = 0
        self._waiting = b""
        self.last = b""
        """The end of what has come out of it."""

    def push_back(self, head: bytes) -> None:
        self._waiting = head + self._waiting

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; all that is asked for while the stream has them."""
        wanted = _MOST + 1 if size < 0 else size
        pieces = [self._waiting[:wanted]]
        self._waiting = self._waiting[wanted:]
        left = wanted - len(pieces[0])
        while left > 0:
            piece = self._stream.read(min(left, 1 << 20))
            if not piece:
                break
            self._given += len(piece)
            self.last = (self.last + piece)[-_HEAD:]
            if self._given > _MOST:
                raise SourceError("zip_total", f"more than {_MOST} bytes")
            if self._packed and self._given > RATIO_FROM and self._given > MAX_RATIO * self._packed:
                raise SourceError("zip_ratio", f"{self._packed} bytes to more than {self._given}")
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)


READER: Reader = TarReader()
