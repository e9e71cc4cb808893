"""Saved web pages: the article with its metadata, without the page around it. Links are listed, never fetched."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import regex

from gongwen.document import Block, Cell, Document, TextBuilder
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest.layout.attributes import pair_block
from ingest.layout.decode import Decoded, decode, looks_gb
from ingest.layout.head import REACH, UNDER_TITLE, find_meta, is_furniture
from ingest.layout.joins import glue, short
from ingest.layout.lines import Line
from ingest.layout.shapes import is_page_number, is_title_end
from ingest.readers.html_flow import Para, Table, flow
from ingest.readers.html_joins import goes_on
from ingest.readers.html_pages import drop_furniture, is_cut_off, is_title, links, main_content, meta_tags, table_pairs
from ingest.readers.html_pairs import join_labels
from ingest.safety import clean_text
from ingest.source import Reader, Source

if TYPE_CHECKING:
    from lxml.etree import _Element


class HtmlReader:
    name: ClassVar[str] = "html"
    revision: ClassVar[int] = 6

    def claim(self, source: Source) -> int:
        return 50 if source.media_type in ("text/html", "application/xhtml+xml") else 0

    def read(self, source: Source) -> Document:
        if not source.data:
            raise SourceError("empty", source.name)
        decoded = decode_page(source.data, source.name)
        root, cut = _parse(decoded.text, source.name)
        page = _Page()
        _fill(page, root)
        text = page.out.text()
        if not text.strip():
            framed = bool(page.links) and root.find(".//frameset") is not None
            raise SourceError("html_truncated" if cut else "frames" if framed else "no_text", source.name)
        reason = "html_truncated" if cut else "partly_damaged" if is_cut_off(decoded.text) else ""
        return Document(
            sha256=source.sha256,
            text=text,
            blocks=tuple(page.blocks),
            reader=f"{self.name}/{self.revision}",
            media_type=source.media_type,
            complete=not reason,
            reasons=(reason,) if reason else (),
            warnings=(*source.warnings, *decoded.warnings),
            links=tuple(page.links),
        )


_DECLARED = regex.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_\-]{2,40})")


def decode_page(data: bytes, name: str) -> Decoded:
    """BOM, UTF-8, GB18030, all strict; a declared encoding of another family comes before GB18030, unless what it
    would decode is plainly GB text: Latin-1 fits any bytes. The warning `charset_mismatch` when the page declares what
    it is not."""
    match = _DECLARED.search(data[:8192])
    declared = _codec(match[1].decode("ascii")) if match else None
    if declared not in (None, "utf-8", "gb18030") and not data.startswith((codecs.BOM_UTF8, b"\xff\xfe", b"\xfe\xff")):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            text = None if looks_gb(data) else _strict(data, declared)
            if text is not None:
                return Decoded(text, declared)
    found = decode(data, name)
    if declared is None or declared == found.encoding or found.text.isascii():
        return found
    return replace(found, warnings=(*found.warnings, "charset_mismatch"))


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _codec(name: str) -> str | None:
    """The strict codec for a declared name; every GB name means GB18030."""
    if regex.match(r"(?i)gb|x-gbk|cp936|hz", name):
        return "gb18030"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


_DECLARATION = regex.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_SAID = tuple(map(regex.compile, (r"\A\s*+[^<\s]", r">\s*+[^<\s]", r"<(?![/a-zA-Z])", r"(?i)<meta\b")))
"""Where there is none of these there are only tags: three million empty paragraphs need no tree to be seen through."""
_FRAME = regex.compile(r"(?i)<frame\s[^<>]{0,999}src")


def _parse(text: str, name: str) -> tuple[_Element, bool]:
    """The tree, and whether the parser gave up on its depth."""
    from lxml import etree, html

    body = _DECLARATION.sub("", clean_text(text))
    if not any(one.search(body) for one in _SAID):
        raise SourceError("frames" if _FRAME.search(body) else "no_text", name)
    # The plain parser: the one of lxml.html looks every element's class up in Python.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(body.encode("utf-8"), parser=parser)
    except etree.ParserError as error:
        raise SourceError("no_text", f"{name}: {error}") from error
    cut = any("depth" in entry.message.lower() for entry in parser.error_log)
    return root, cut


_NEAR = 3
"""Paragraphs below the title within which a lone date is the page's."""

_FIRST = 8
"""Paragraphs from the article's beginning within which its title stands, and above it on old pages."""

_LEAST = 8
"""Characters a title has at least."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A paragraph or table, and whether it stands in the article."""

    one: Para | Table
    inside: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph or table of the article; `turned`: a page number stood before it."""

    one: Para | Table
    turned: bool = False


class _Page:
    def __init__(self) -> None:
        self.out = TextBuilder()
        self.blocks: list[Block] = []
        self.links: list[tuple[str, str]] = []

    def pair(self, key: str | None, label: str, value: str) -> None:
        """Without a key and label: words of the document that stood among the metadata."""
        self.out.add(label if not label or label.endswith(("：", ":")) else f"{label}：")
        self.blocks.append(pair_block(key, self.out.add(value), value))
        self.out.add("\n")

    def meta_lines(self, lines: Sequence[Line], at: int, *, under_title: bool) -> int:
        """Write the metadata that begins with this line; how many lines it took (0: it is none)."""
        found = find_meta(lines, at, under_title=under_title)
        if found is None:
            return 0
        source = "".join(line.text for line in lines[at : at + found[1]])
        begin = lines[at].start
        for pair in found[0]:
            label, value = ((first - begin, last - begin) for first, last in (pair.label, pair.value))
            self.pair(pair.key, source[slice(*label)], source[slice(*value)])
        return found[1]

    def paragraph(self, words: str, like: Para) -> None:
        span = self.out.add(words)
        self.blocks.append(
            Block("paragraph", span, level=like.level, centred=like.centred, bold=like.bold, size=like.size)
        )
        self.out.add("\n")

    def table(self, table: Table) -> None:
        start = len(self.out)
        cells: list[Cell] = []
        row = 0
        for cell in table.cells:
            if cells:
                self.out.add("\t" if cell.row == row else "\n")
            row = cell.row
            cells.append(Cell(cell.row, cell.column, self.out.add(cell.text), cell.row_span, cell.column_span))
        self.blocks.append(Block("table", Span(start, len(self.out)), cells=tuple(cells)))
        self.out.add("\n")


def _fill(page: _Page, root: _Element) -> None:
    main = main_content(root)
    tags = meta_tags(root)
    titles = [regex.sub(r"\s+", "", text) for text in _titles(root, tags)]
    page.links = links(root, main)
    drop_furniture(root, main)
    join_labels(root, main)
    rows = _rows(root, main)
    for key, value in tags:
        page.pair(key, key, value)
    _fill_head(page, rows, titles)
    _fill_body(page, _parts(rows))


_HEADING = regex.compile(r"h[1-6]")
_IMPRINT = regex.compile(r"^(?:抄\s*[送报]|分\s*送|主题词)\s*[：:]|\d\s*日\s*印[发制]$")


def _titles(root: _Element, tags: Sequence[tuple[str, str]]) -> list[str]:
    declared = [value for key, value in tags if key == "ArticleTitle"]
    for element in root.iter("title", "h1"):
        declared.append("".join(str(one) for one in element.itertext()))
    return declared


def _rows(root: _Element, main: _Element) -> list[_Row]:
    inside = set(main.iter())
    rows = [_Row(one, one.at in inside) for one in flow(root)]
    at = max((at for at, row in enumerate(rows) if row.inside), default=len(rows))
    for below in range(at + 1, len(rows)):  # the imprint, where it stands right below the article
        one = rows[below].one
        if isinstance(one, Table) or not _IMPRINT.search(one.text):
            break
        rows[below] = _Row(one, True)
    return rows


def _fill_head(page: _Page, rows: Sequence[_Row], titles: Sequence[str]) -> None:
    """Metadata tables and lines that stand outside the article, and its title when the article lacks it."""
    title: Para | None = None
    outside: list[str] = []
    titled = -UNDER_TITLE
    under: list[bool] = []
    whole = _headings(rows)
    for row in rows:
        if isinstance(row.one, Table):
            for pair in [] if row.inside else table_pairs(row.one):
                page.pair(*pair)
        elif not row.inside:
            heading = next((one for one in (whole.get(row.one.at, ""), row.one.text) if is_title(one, titles)), "")
            if heading:
                title, titled = replace(row.one, text=heading), len(outside)
            under.append(0 < len(outside) - titled <= _NEAR)
            outside.append(row.one.text)
    lines = _lines(outside)
    at = 0
    while at < len(lines):
        at += max(1, page.meta_lines(lines, at, under_title=under[at]))
    inside = [row.one.text for row in rows if row.inside and isinstance(row.one, Para)]
    if title is None and not any(is_title_end(text) for text in _before_body(inside[:_FIRST])):
        title = _printed_title(rows)
    closed = regex.sub(r"\s+", "", "".join(inside)[:300])
    if title is not None and regex.sub(r"\s+", "", title.text) not in closed:
        page.paragraph(title.text, replace(title, level=title.level or 1))


def _headings(rows: Sequence[_Row]) -> dict[_Element, str]:
    """The words of each heading, whose lines (`<br>`) are rows of their own."""
    found: dict[_Element, str] = {}
    for row in rows:
        if isinstance(row.one, Para) and (_HEADING.fullmatch(str(row.one.at.tag)) or _is_set_off(row.one)):
            found[row.one.at] = found.get(row.one.at, "") + row.one.text
    return found


def _before_body(texts: Sequence[str]) -> Sequence[str]:
    """The paragraphs above the first sentence or the addressees."""
    for at, text in enumerate(texts):
        if text.endswith(("：", ":", "。")):
            return texts[:at]
    return texts


def _printed_title(rows: Sequence[_Row]) -> Para | None:
    """The title set off right above the article, on pages that declare none."""
    begin = next((at for at, row in enumerate(rows) if row.inside), 0)
    above = [row.one for row in rows[max(0, begin - _FIRST) : begin] if isinstance(row.one, Para)]
    shown = [one for one in above if _is_set_off(one) and len(one.text) >= _LEAST and is_title_end(one.text)]
    if not shown:
        return None
    last = shown[-1]
    parts = [one.text for one in above if one.at is last.at and _is_set_off(one)]
    return replace(last, text="".join(parts[: parts.index(last.text) + 1]))


def _is_set_off(one: Para) -> bool:
    return one.centred or one.bold or one.level > 0


def _lines(texts: Iterable[str]) -> list[Line]:
    """Paragraphs as lines of one text, end to end."""
    out: list[Line] = []
    at = 0
    for text in texts:
        out.append(Line(text, at, at + len(text)))
        at += len(text)
    return out


def _fill_body(page: _Page, parts: Sequence[_Part]) -> None:
    head = parts[: 4 * REACH]
    lines = _lines(part.one.text if isinstance(part.one, Para) else "" for part in head)
    at = 0
    while at < len(parts):
        one = parts[at].one
        if isinstance(one, Table):
            pairs = table_pairs(one)
            for pair in pairs:
                page.pair(*pair)
            if not pairs:
                page.table(one)
            at += 1
            continue
        taken = page.meta_lines(lines, at, under_title=0 < at <= UNDER_TITLE) if at < REACH else 0
        if taken:
            at += taken
            continue
        words, at = _joined(parts, at + 1, one)
        page.paragraph(words, one)


def _parts(rows: Sequence[_Row]) -> list[_Part]:
    out: list[_Part] = []
    turned = False
    for row in rows:
        if not row.inside:
            continue
        one = row.one
        if isinstance(one, Para) and is_page_number(one.text):
            turned = True
        elif isinstance(one, Table) or not is_furniture(one.text):
            out.append(_Part(one, turned))
            turned = False
    return out


def _joined(parts: Sequence[_Part], at: int, first: Para) -> tuple[str, int]:
    """The paragraph with the ones that go on with its sentence, and the part after it."""
    words, begun, last = first.text, first.text, first
    while at < len(parts):
        part = parts[at]
        if isinstance(part.one, Table) or not goes_on(begun, last, part.one, turned=part.turned):
            break
        last = part.one
        joint = glue(words, last.text) + last.text
        words, begun = words + joint, short(begun + joint)
        at += 1
    return words, at


READER: Reader = HtmlReader()
