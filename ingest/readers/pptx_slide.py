"""A slide's shapes as paragraphs and tables: title first, then as they stand in the tree, which is the order in which
screen readers tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.readers.docx_numbers import printed
from ingest.safety import clean_text

if TYPE_CHECKING:
    from lxml import etree

MAX_SPAN = 64
MAX_COLUMNS = 256
_DEPTH = 16  # groups in groups
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})
_TITLES = frozenset({"title", "ctrTitle"})
_ON = ("1", "true")
# What counts and how it is written: ST_TextAutonumberScheme, ECMA-376 Part 1 §20.1.10.61.
_NUMBERS: dict[str, tuple[str, str]] = {
    "arabicPeriod": ("decimal", "{}."), "arabicPlain": ("decimal", "{} "), "arabicParenR": ("decimal", "{})"),
    "arabicParenBoth": ("decimal", "({})"), "arabicDbPeriod": ("decimal", "{}．"), "arabicDbPlain": ("decimal", "{} "),
    "circleNumDbPlain": ("decimalEnclosedCircle", "{}"), "circleNumWdBlackPlain": ("decimalEnclosedCircle", "{}"),
    "circleNumWdWhitePlain": ("decimalEnclosedCircle", "{}"), "ea1ChsPeriod": ("chineseCountingThousand", "{}."),
    "ea1ChsPlain": ("chineseCountingThousand", "{}、"), "ea1JpnChsDbPeriod": ("chineseCountingThousand", "{}．"),
    "alphaLcPeriod": ("lowerLetter", "{}."), "alphaUcPeriod": ("upperLetter", "{}."),
    "alphaLcParenR": ("lowerLetter", "{})"), "alphaUcParenR": ("upperLetter", "{})"),
    "romanUcPeriod": ("upperRoman", "{}."), "romanLcPeriod": ("lowerRoman", "{}."),
}  # fmt: skip


@dataclass(slots=True)
class Paragraph:
    text: str
    is_title: bool = False
    centred: bool = False
    bold: bool = False
    size: float | None = None


@dataclass(slots=True)
class GridCell:
    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class Table:
    cells: list[GridCell] = field(default_factory=list)


@dataclass(slots=True)
class Slide:
    pieces: list[Paragraph | Table] = field(default_factory=list)
    has_picture: bool = False


def read_slide(root: etree._Element, *, notes: bool = False) -> Slide:
    """`notes`: a page of notes, of which only the written notes are read."""
    slide = Slide()
    titles: list[Paragraph] = []
    tree = root.find("{*}cSld/{*}spTree")
    for shape in [] if tree is None else _shapes(tree, _DEPTH):
        tag = _local(shape)
        if tag == "pic":
            slide.has_picture = True
        elif tag == "graphicFrame":
            for table in shape.iterfind("{*}graphic/{*}graphicData/{*}tbl"):
                slide.pieces += _table(table)
        elif tag in ("sp", "txSp"):
            kind = _placeholder(shape)
            body = shape.find("{*}txBody")
            if body is None or kind in _FURNITURE or (notes and kind != "body"):
                continue
            if kind in _TITLES:
                titles += _paragraphs(body, is_title=True)
            else:
                slide.pieces += _paragraphs(body)
    slide.pieces[:0] = titles
    return slide


def _shapes(tree: etree._Element, depth: int) -> Iterator[etree._Element]:
    for one in tree:
        if not isinstance(one.tag, str):
            continue
        if _local(one) == "grpSp" and depth:
            yield from _shapes(one, depth - 1)
        elif _local(one) == "AlternateContent":
            chosen = one.find("{*}Choice")
            if chosen is not None and depth:
                yield from _shapes(chosen, depth - 1)
        else:
            yield one


def _placeholder(shape: etree._Element) -> str:
    """`body` stands for a placeholder without a type; "" for none."""
    found = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    return "" if found is None else found.get("type", "body")


def _paragraphs(body: etree._Element, *, is_title: bool = False) -> list[Paragraph]:
    found: list[Paragraph] = []
    counts: dict[int, tuple[str, int]] = {}
    for one in body.iterchildren("{*}p"):
        properties = one.find("{*}pPr")
        text = _inline(one)
        if not text.strip():
            continue
        text = _number(properties, counts) + text.strip()
        first = one.find("{*}r/{*}rPr")
        centred = properties is not None and properties.get("algn") == "ctr"
        bold = first is not None and first.get("b") in _ON
        size = _size(first)
        found += [Paragraph(line.strip(), is_title, centred, bold, size) for line in text.split("\n") if line.strip()]
    if is_title and len(found) > 1:
        # A title over several lines is one.
        found = [Paragraph("".join(one.text for one in found), True, found[0].centred, found[0].bold, found[0].size)]
    return found


def _number(properties: etree._Element | None, counts: dict[int, tuple[str, int]]) -> str:
    """The automatic number of a paragraph: goes on while its level keeps the scheme; deeper levels begin anew."""
    level = 0 if properties is None else _int(properties.get("lvl"))
    for deeper in [one for one in counts if one > level]:
        del counts[deeper]
    auto = None if properties is None else properties.find("{*}buAutoNum")
    if auto is None:
        counts.pop(level, None)
        return ""
    scheme = auto.get("type", "")
    before, count = counts.get(level, ("", 0))
    count = count + 1 if before == scheme else max(1, _int(auto.get("startAt")))
    counts[level] = (scheme, count)
    style, shape = _NUMBERS.get(scheme, ("decimal", "{}."))
    return shape.format(printed(count, style))


def _inline(paragraph: etree._Element) -> str:
    out: list[str] = []
    for one in paragraph:
        tag = _local(one)
        if tag == "br":
            out.append("\n")
        elif tag == "r" or (tag == "fld" and one.get("type") != "slidenum"):
            out.append(one.findtext("{*}t") or "")
    return clean_text("".join(out)).replace("\t", " ")


def _table(table: etree._Element) -> list[Paragraph | Table]:
    """One cell alone is a frame around text."""
    grid = Table()
    for number, row in enumerate(table.iterchildren("{*}tr")):
        for column, cell in enumerate(row.iterchildren("{*}tc")):
            if column >= MAX_COLUMNS:
                break
            if cell.get("hMerge") in _ON or cell.get("vMerge") in _ON:
                continue
            body = cell.find("{*}txBody")
            text = "" if body is None else "\n".join(one.text for one in _paragraphs(body))
            down, across = (max(1, min(_int(cell.get(name)), MAX_SPAN)) for name in ("rowSpan", "gridSpan"))
            grid.cells.append(GridCell(number, column, text, down, across))
    if len(grid.cells) == 1:
        return [Paragraph(line) for line in grid.cells[0].text.split("\n") if line]
    return [grid] if any(one.text for one in grid.cells) else []


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _size(properties: etree._Element | None) -> float | None:
    size = 0 if properties is None else _int(properties.get("sz"))
    return size / 100 if size else None


def _int(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 9 else 0
