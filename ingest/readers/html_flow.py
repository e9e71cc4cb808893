"""The running text of an HTML tree: paragraphs with their look, tables with their grid. No recursion: pages nest
as deep as they like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from ingest.layout.shapes import is_heading

if TYPE_CHECKING:
    from lxml.etree import _Element

BLOCK_TAGS: frozenset[str] = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ucapcontent", "ucaptitle", "ul",
})  # fmt: skip
DROPPED_TAGS: frozenset[str] = frozenset({
    "audio", "button", "canvas", "embed", "head", "iframe", "input", "map", "nav", "noscript", "object",
    "script", "select", "style", "svg", "template", "textarea", "video",
})  # fmt: skip
SPAN_CAP = 64
"""A cell that claims more rows or columns than this is a mistake or a trap."""

_GAP = regex.compile(r"[ \t\r\n\f]+")
_INDENT = regex.compile(r"[ \t\r\n]*[\u3000\u00a0\u2002\u2003]")
_HIDDEN = regex.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_CENTRED = regex.compile(r"(?i)text-align\s*:\s*center")
_UNCENTRED = regex.compile(r"(?i)text-align\s*:\s*(?:left|right|justify|start|end)")
_BOLD = regex.compile(r"(?i)font-weight\s*:\s*(?:bold|bolder|[6-9]00)")
_LIST_BARE = regex.compile(r"(?i)list-style(?:-type)?\s*:\s*none")
_SIZE = regex.compile(r"(?i)font-size\s*:\s*(\d{1,3}(?:\.\d{1,3})?)\s*(pt|px)")


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph and the element it stands in."""

    text: str
    at: _Element
    level: int = 0
    centred: bool = False
    bold: bool = False
    size: float | None = None
    indented: bool = False
    """Led by wide blanks, as the first line of a paragraph is."""


@dataclass(frozen=True, slots=True)
class TableCell:
    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    cells: tuple[TableCell, ...]
    at: _Element


@dataclass(slots=True)
class _Look:
    """How text looks; never changed once a text has it."""

    centred: bool = False
    bold: bool = False
    size: float | None = None
    level: int = 0


@dataclass(slots=True)
class _Open:
    """The paragraph being read."""

    pieces: list[tuple[str, _Look]] = field(default_factory=list)
    at: _Element | None = None


def flow(root: _Element, *, tables: bool = True) -> Iterator[Para | Table]:
    """Paragraphs and data tables in order; layout tables give their paragraphs. With `tables` off all do."""
    from lxml import etree

    looks = [_Look()]
    numbers: dict[_Element, int] = {}
    open_ = _Open()
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = tag_of(element)
        blocky = tag in BLOCK_TAGS
        if event == "end":
            looks.pop()
            if blocky and open_.pieces and (para := _closed(open_)) is not None:
                yield para
            if element is not root and element.tail:
                _say(open_, element.tail, looks[-1], element.getparent())
            continue
        if blocky and open_.pieces and (para := _closed(open_)) is not None:
            yield para
        looks.append(_look(element, tag, looks[-1]))
        if tag in DROPPED_TAGS or is_hidden(element):
            walker.skip_subtree()
        elif tag == "table" and tables and is_data_table(element):
            yield Table(table_cells(element), element)
            walker.skip_subtree()
        elif tag == "li":
            _say(open_, _number_of(element, numbers) + (element.text or ""), looks[-1], element)
        elif element.text:
            _say(open_, element.text, looks[-1], element)
    if (para := _closed(open_)) is not None:
        yield para


def _number_of(entry: _Element, numbers: dict[_Element, int]) -> str:
    """What a browser prints before an entry of a numbered list, unless the text brings a number of its own."""
    above = entry.getparent()
    if above is None or tag_of(above) != "ol" or (above.get("type") or "1") != "1":
        return ""
    if _LIST_BARE.search(above.get("style") or ""):
        return ""
    if above not in numbers:
        begin = (above.get("start") or "1").strip()
        numbers[above] = int(begin) - 1 if begin.isascii() and begin.isdigit() and len(begin) < 6 else 0
    numbers[above] += 1
    printed = next((str(text).strip() for text in entry.itertext() if str(text).strip()), "")
    return "" if not printed or is_heading(printed) else f"{numbers[above]}."


def tag_of(element: _Element) -> str:
    """The name, which the parser gives in small letters; '' for what is no element."""
    tag = element.tag
    return tag if isinstance(tag, str) else ""


def is_hidden(element: _Element) -> bool:
    if not element.attrib:
        return False
    return element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") is not None


_PLAIN = frozenset({"p", "div", "span", "br", "li", "ul", "a", "td", "tr", "tbody"})
"""Tags that change nothing in the look of their text."""


def _look(element: _Element, tag: str, above: _Look) -> _Look:
    if tag in _PLAIN and not element.attrib:
        return above
    style = element.get("style") or ""
    align = (element.get("align") or "").lower()
    size = _SIZE.search(style)
    look = _Look(above.centred, above.bold, above.size, above.level)
    if tag == "center" or align == "center" or _CENTRED.search(style):
        look.centred = tag not in ("table", "tbody", "tr", "td")
    elif align in ("left", "right", "justify") or _UNCENTRED.search(style):
        look.centred = False
    look.bold = above.bold or tag in ("b", "strong", "th", "h1", "h2", "h3") or _BOLD.search(style) is not None
    if size:
        look.size = round(float(size[1]) * (0.75 if size[2].lower() == "px" else 1), 2)
    if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        look.level = int(tag[1])
    return look


def _say(open_: _Open, text: str, look: _Look, at: _Element | None) -> None:
    if open_.at is None and text.strip():
        open_.at = at
    open_.pieces.append((text, look))


def _closed(open_: _Open) -> Para | None:
    """The paragraph read so far, if it holds words; a new one is open."""
    pieces, at = open_.pieces, open_.at
    open_.pieces, open_.at = [], None
    if at is None:
        return None
    raw = pieces[0][0] if len(pieces) == 1 else "".join([piece for piece, _ in pieces])
    text = collapse(raw)
    shown = pieces if len(pieces) == 1 else [(piece, look) for piece, look in pieces if piece.strip()]
    if not text or not shown:
        return None
    first = shown[0][1]
    indented = _INDENT.match(raw) is not None
    if len(shown) == 1:
        return Para(text, at, first.level, first.centred, first.bold, first.size, indented)
    weight: dict[float | None, int] = {}
    for piece, look in shown:
        weight[look.size] = weight.get(look.size, 0) + len(piece)
    return Para(
        text,
        at,
        level=first.level,
        centred=all(look.centred for _, look in shown),
        bold=all(look.bold for _, look in shown),
        size=max(weight, key=lambda size: weight[size]),
        indented=indented,
    )


def collapse(text: str) -> str:
    """Blanks as a browser shows them; a line break between two Han characters is none. Wide blanks at the ends go."""

    def gap(match: regex.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        broken = "\n" in match.group() or "\r" in match.group()
        return "" if broken and _is_wide(before) and _is_wide(after) else " "

    return _GAP.sub(gap, text).strip()


def _is_wide(char: str) -> bool:
    return bool(char) and ord(char) >= 0x2E80


def own_rows(table: _Element) -> list[_Element]:
    """The rows of this table, not of those nested in it."""
    found: list[_Element] = []
    for child in table:
        tag = tag_of(child)
        if tag == "tr":
            found.append(child)
        elif tag in ("thead", "tbody", "tfoot"):
            found += [row for row in child if tag_of(row) == "tr"]
    return found


def own_cells(row: _Element) -> list[_Element]:
    return [cell for cell in row if tag_of(cell) in ("td", "th")]


def is_data_table(table: _Element) -> bool:
    """Not a layout table: no table inside, at least two columns, cells that are no pages of prose."""
    if next((one for one in table.iterdescendants() if tag_of(one) == "table"), None) is not None:
        return False
    rows = [own_cells(row) for row in own_rows(table)]
    if max((len(row) for row in rows), default=0) < 2:
        return False
    words = [sum(len(text.strip()) for text in cell.itertext()) for row in rows for cell in row]
    total = sum(words)
    if not total:
        return False
    filled = sum(1 for one in words if one)
    return filled >= 2 and not (max(words) > 800 and max(words) > 0.8 * total and len(rows) <= 3)


def table_cells(table: _Element) -> tuple[TableCell, ...]:
    """Cells with their place; a place taken by a cell from above is passed over."""
    taken: set[tuple[int, int]] = set()
    out: list[TableCell] = []
    printed = own_rows(table)
    for row, element in enumerate(printed):
        column = 0
        for cell in own_cells(element):
            while (row, column) in taken:
                column += 1
            rows = min(_number(cell.get("rowspan")), len(printed) - row)
            columns = _number(cell.get("colspan"))
            taken.update((row + down, column + along) for down in range(rows) for along in range(columns))
            words = "\n".join(para.text for para in flow(cell, tables=False) if isinstance(para, Para))
            out.append(TableCell(row, column, words, rows, columns))
            column += columns
    return tuple(out)


def _number(value: str | None) -> int:
    text = (value or "1").strip()
    return min(SPAN_CAP, max(1, int(text[:20]))) if text.isascii() and text.isdigit() else 1
