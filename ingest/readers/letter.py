"""The Document of a mail: what its header says as metadata beside the text, then the body by the readers we have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gongwen.document import Block, Cell, Document, TextBuilder
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest.layout.decode import decode, looks_gb
from ingest.readers.html import READER as HTML_READER
from ingest.readers.plain import document as plain_document
from ingest.safety import clean_text
from ingest.source import Source

HEADERS = (("subject", "邮件主题"), ("from", "发件人"), ("to", "收件人"), ("cc", "邮件抄送"), ("date", "发送时间"))
"""Labels that no rule takes for a paper's: a mail's date is none of signing, its sender no issuer."""
_LATIN = frozenset({"ascii", "iso8859-1", "cp1252", "latin-1"})
_DOUBTED = _LATIN | {"", "utf-8"}
_MOST = 2_000
"""Characters of a header that are shown: a mail to four hundred people names some of them."""


@dataclass(frozen=True, slots=True)
class Body:
    """A piece of a mail's text. `charset` is what the mail says of it, '' when nothing."""

    content: bytes
    charset: str = ""
    is_html: bool = False


def letter(
    source: Source, reader: str, headers: Sequence[tuple[str, str]], bodies: Iterable[Body],
    reasons: Sequence[str] = (), warnings: Sequence[str] = (),
) -> Document:  # fmt: skip
    """`headers` are (label, value) pairs. SourceError `no_text` for a mail that says nothing at all."""
    out = TextBuilder()
    blocks: list[Block] = []
    links: list[tuple[str, str]] = []
    seen = [*source.warnings, *warnings]
    for label, value in headers:
        words = " ".join(clean_text(value).split())[:_MOST]
        if words:
            out.add(f"{label}：")
            blocks.append(Block("meta", out.add(words), key=label))
            out.add("\n")
    for body in bodies:
        read = _read(source, body)
        if read is not None:
            blocks += _shifted(read.blocks, out.add(read.text).start)
            out.add("" if read.text.endswith("\n") else "\n")
            links += read.links
            seen += read.warnings
    if not blocks:
        raise SourceError("no_text", source.name)
    return Document(
        sha256=source.sha256, text=out.text(), blocks=tuple(blocks), reader=reader, media_type=source.media_type,
        complete=not reasons, reasons=tuple(dict.fromkeys(reasons)), warnings=tuple(dict.fromkeys(seen)),
        links=tuple(dict.fromkeys(links)),
    )  # fmt: skip


def decoded(content: bytes, charset: str) -> str:
    """Text by the charset it claims when that can be; a GB name means GB18030, and Latin-1 is what programs say
    that know no better. U+FFFD rather than a mail that cannot be read."""
    import codecs

    try:
        known = codecs.lookup(charset).name if charset else ""
    except (LookupError, ValueError):
        known = ""
    if known in ("gb2312", "gbk", "hz"):
        known = "gb18030"
    if known in _DOUBTED and looks_gb(content) and not _is_chinese(content):
        return content.decode("gb18030")
    try:
        if known and (known not in _LATIN or content.isascii()):
            return content.decode(known)
        return decode(content, "mail").text
    except (UnicodeDecodeError, LookupError):
        return _guessed(content, known)
    except SourceError:
        return content.decode(known or "gb18030", "replace")


def _is_chinese(content: bytes) -> bool:
    """Whether it is UTF-8 with Chinese in it. 通知 and 联通 in GB18030 are UTF-8 too, of other letters."""
    try:
        return any("\u3000" <= char <= "\u9fff" for char in content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _guessed(content: bytes, known: str) -> str:
    """What does not fit its charset: UTF-8 or GB18030 when it is that, else the charset with its gaps."""
    try:
        return decode(content, "mail").text
    except SourceError:
        return content.decode(known or "gb18030", "replace")


def _read(source: Source, body: Body) -> Document | None:
    """None for a piece without words."""
    text = decoded(body.content, body.charset)
    lost = text.count("\ufffd")
    if not text.strip():
        return None
    # A body in a code nobody can tell is shown with its gaps: attachments must not be lost for it.
    part = replace(source, data=text.replace("\ufffd", "□").encode("utf-8-sig", "replace"), warnings=())
    try:
        if not body.is_html:
            read = plain_document(part, "", markdown=None)
        else:
            read = HTML_READER.read(part)
    except SourceError as error:
        if error.code in ("no_text", "empty"):
            return None
        raise
    # The charset that the page names is its own affair: the mail has said another, and that was right.
    kept = [one for one in read.warnings if one != "charset_mismatch"]
    return replace(read, warnings=(*kept, *(["encoding"] if lost else [])))


def _shifted(blocks: Iterable[Block], by: int) -> list[Block]:
    def moved(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    def cell(one: Cell) -> Cell:
        return replace(one, span=moved(one.span))

    return [replace(one, span=moved(one.span), cells=tuple(cell(each) for each in one.cells)) for one in blocks]
