"""MIME messages by the standard library's parser, with our own reading of headers: real mails break the standard in
ways that its newer policies raise errors of many kinds for, and split Chinese characters between encoded words."""

from __future__ import annotations

import binascii
import email.utils
from collections.abc import Iterator
from dataclasses import dataclass
from email import errors
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from typing import TypeAlias

import regex

from ingest.readers.letter import Body, decoded

MAX_PARTS = 2_000
_MAX_MULTIPARTS = 300
"""The parser tries every open boundary on every line: so many may be open."""
_ENCODED = regex.compile(r"=\?([\w.:-]{1,40}+)(?:\*[\w-]{1,20}+)?\?([bBqQ])\?([^?\s]*+(?:[ \t]++[^?\s]++)*+)\?=")
_BETWEEN = regex.compile(r"(\?=)\s++(?==\?)")
_MULTIPART = regex.compile(rb"(?i)content-type:\s{0,99}+(?:multipart|message)/")

Part: TypeAlias = "Message[str, str]"


def parse(data: bytes) -> tuple[Part, bool]:
    """The message, and whether it is whole: one that nests beyond reason gives its header only."""
    content = data.lstrip(b"\r\n \t")
    if content.startswith(b"From "):  # the line that mail boxes put before a message
        content = content.partition(b"\n")[2]
    if len(_MULTIPART.findall(content)) <= _MAX_MULTIPARTS:
        return BytesParser(policy=_AsSent()).parsebytes(content), True
    return BytesHeaderParser(policy=_AsSent()).parsebytes(content), False


_CUT = (
    errors.CloseBoundaryNotFoundDefect, errors.StartBoundaryNotFoundDefect, errors.InvalidBase64LengthDefect,
    errors.InvalidBase64PaddingDefect,
)  # fmt: skip


def is_cut(message: Part) -> bool:
    """Whether something is missing of its parts. To be asked after they were read: faults within a part show then."""
    return any(isinstance(defect, _CUT) for part in message.walk() for defect in part.defects)


class _AsSent(Compat32):
    """Headers as they stand, also those with bare bytes in them, which the standard policy turns into U+FFFD."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def header(part: Part, name: str) -> str:
    """All values of a header, decoded; '' when there is none."""
    return "，".join(decode_words(str(one)) for one in part.get_all(name) or ())


def decode_words(raw: str) -> str:
    """A header as a person reads it. Encoded words of one charset that follow each other are put together before
    they are decoded: mailers break lines inside a character. Bare bytes are UTF-8 or GB18030."""
    text = _BETWEEN.sub(r"\1", regex.sub(r"[\r\n]+[ \t]*", " ", _bare(raw)))
    out: list[str] = []
    at = 0
    waiting, charset = b"", ""
    for match in _ENCODED.finditer(text):
        if waiting and (match.start() > at or match[1].lower() != charset):
            out.append(decoded(waiting, charset))
            waiting = b""
        out.append(text[at : match.start()])
        charset = match[1].lower()
        waiting += _word(match[2], match[3])
        at = match.end()
    if waiting:
        out.append(decoded(waiting, charset))
    return "".join([*out, text[at:]]).strip()


def _bare(raw: str) -> str:
    """Bytes that stand in a header unencoded come from the parser as surrogates."""
    if raw.isascii():
        return raw
    try:
        content = raw.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return raw
    return decoded(content, "")


def _word(kind: str, words: str) -> bytes:
    content = words.encode("ascii", "replace")
    if kind in "bB":
        try:
            return binascii.a2b_base64(content + b"===")
        except binascii.Error:
            return content
    return binascii.a2b_qp(content.replace(b"_", b" "), header=True)


def written(value: str) -> str:
    """A date header as 2024-05-06 09:30 with its zone; as it stands when it is no date."""
    try:
        found = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return value
    return found.strftime("%Y-%m-%d %H:%M %z").strip() if found.year >= 1970 else value


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that is no multipart. `name` is the file name it is given, '' when none."""

    part: Part
    kind: str
    name: str
    is_attached: bool


def leaves(message: Part, depth: int = 0) -> Iterator[Leaf]:
    """The parts in order; a message within is one of them. Of alternatives the plain text is taken when it says
    anything, else the page."""
    kind = message.get_content_type()
    if not message.is_multipart() or kind == "message/rfc822":
        yield Leaf(message, kind, file_name(message), message.get_content_disposition() == "attachment")
        return
    parts = [one for one in message.get_payload() if isinstance(one, Message)]
    if kind == "multipart/alternative":
        parts = _one_of(parts)
    for one in parts:
        yield from leaves(one, depth + 1)


def _one_of(parts: list[Part]) -> list[Part]:
    """The best of alternatives, with whatever else was put among them."""
    texts = [one for one in parts if one.get_content_type() == "text/plain" and payload(one).strip()]
    if not texts:
        return parts
    return [one for one in parts if one in texts[:1] or file_name(one)
            or one.get_content_type() not in ("text/plain", "text/html", "multipart/related")]  # fmt: skip


def file_name(part: Part) -> str:
    """RFC 2231, encoded words where they may not stand, and bare GBK are all met."""
    for header_name, key in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            found = part.get_param(key, None, header_name)
        except (ValueError, IndexError, TypeError):
            continue
        if isinstance(found, tuple):
            raw = str(found[2]).encode("latin-1", "replace")
            return decoded(raw, str(found[0] or ""))
        if found:
            return decode_words(str(found))
    return ""


def payload(part: Part) -> bytes:
    """The bytes of a part; what cannot be decoded stands as it was sent."""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def body_of(leaf: Leaf) -> Body:
    return Body(payload(leaf.part), charset_of(leaf.part), leaf.kind == "text/html")


def charset_of(part: Part) -> str:
    try:
        return (part.get_content_charset() or "").strip("'\" ")
    except (LookupError, ValueError, UnicodeError):
        return ""
