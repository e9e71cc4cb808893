"""The text of one paragraph: runs, fields, symbols, insertions, links, and what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import regex

from ingest.readers.docx_numbers import printed
from ingest.readers.docx_package import MATH, R, Relationship, W, is_on, value
from ingest.readers.docx_styles import Look, Styles, run_look
from ingest.safety import clean_text

if TYPE_CHECKING:
    from lxml import etree

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MATH_TEXT = f"{MATH}t"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"

# Symbol fonts keep their signs in the private use area; these are the ones forms and lists use.
_SYMBOLS = {
    "wingdings": {0xA8: "□", 0xFE: "☑", 0xFD: "☒", 0x6F: "□", 0x71: "□", 0x6E: "■", 0x6C: "●", 0x9F: "•", 0xA7: "▪",
                  0xFC: "✓", 0xFB: "✗", 0xD8: "➢", 0x75: "◆", 0xE0: "→", 0xE8: "→", 0xB6: "★", 0xAB: "★", 0x2A: "✉",
                  0x28: "☎", 0x29: "✆"},
    "wingdings 2": {0x52: "☑", 0x50: "✓", 0xA3: "□", 0x51: "☒", 0x54: "☒", 0x98: "●"},
    "symbol": {0xB7: "•", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠", 0xB0: "°", 0xAE: "→"},
}  # fmt: skip
_SKIPPED = frozenset(
    f"{W}{name}"
    for name in ("del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "rPr", "pPr", "object")
)
_FIXED = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_ONE_LINE = str.maketrans("\r\n\t", "   ")
_DATE_FIELD = regex.compile(r"\s*(?:KEPT)?(?:DATE|TIME|SAVEDATE|PRINTDATE|CREATEDATE)\b", regex.IGNORECASE)
"""Word and LibreOffice print today's date, or that of the last saving or printing, in place of these. KEPT
is of ingest.preparing."""

_MARKED = regex.compile(
    r"\s*EQ\b[^()]{0,300}\\o\s*\\a[cd]\s*\((?P<over>.{1,99}?)[,，](?P<base>[^,，()]{1,20})\)\s*", regex.IGNORECASE
)
"""带圈字符 and 拼音指南 of older versions: one sign over another, in a field without a result."""

_PAGE_FIELD = regex.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", regex.IGNORECASE)


@dataclass(slots=True)
class Inline:
    """What a paragraph holds: pieces with their look, text boxes and notes hanging on it, links."""

    pieces: list[tuple[str, Look]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    arts: list[str] = field(default_factory=list)
    """Word art: red heads are drawn with it."""
    dates: list[str] = field(default_factory=list)
    """What date fields print."""
    counts_pages: bool = False

    def text(self) -> str:
        return "".join(piece for piece, _ in self.pieces)

    def look(self) -> Look:
        """Bold and size of most of its characters."""
        sizes: dict[float | None, int] = {}
        bold = total = 0
        for piece, look in self.pieces:
            weight = len(piece.strip())
            total += weight
            bold += weight if look.bold else 0
            sizes[look.size] = sizes.get(look.size, 0) + weight
        size = max(sizes, key=lambda one: sizes[one]) if total else None
        return Look(bold=bool(total) and 2 * bold > total, size=size)


@dataclass(slots=True)
class _Field:
    inline: Inline
    start: int
    """Where its result begins, in pieces of `inline`."""
    code: str = ""
    in_result: bool = False
    box: str = ""
    """A check box of a form, as it is set."""


class RunWalker:
    """Walks paragraphs of one story in order: fields may reach over several of them."""

    def __init__(self, styles: Styles, relationships: Mapping[str, Relationship]) -> None:
        self._styles = styles
        self._relationships = relationships
        self._fields: list[_Field] = []
        self._inline = Inline()
        self._symbols: Mapping[int, str] = {}
        self.has_hidden = False

    def walk(self, paragraph: etree._Element, base: Look) -> Inline:
        self._inline = Inline()
        self._children(paragraph, base)
        # A field whose code never ended must not swallow the rest of the document.
        while self._fields and not self._fields[-1].in_result:
            self._fields.pop()
        return self._inline

    def _children(self, element: etree._Element, look: Look) -> None:
        for child in element:
            self._one(child, look)

    def _one(self, element: etree._Element, look: Look) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            if tag == f"{W}instrText" and self._fields:
                self._fields[-1].code += element.text or ""
            return
        if tag == f"{W}r":
            self._run(element, look)
        elif tag in (f"{W}t", _MATH_TEXT):
            text = (element.text or "").translate(_ONE_LINE)
            self._add(_shown(text, self._symbols) if self._symbols else text, look)
        elif tag in _FIXED:
            self._add(_FIXED[tag], look)
        elif tag == f"{W}br":
            self._add("\n", look)  # of a page or column too: what follows stands on a new line
        elif tag == f"{W}sym":
            self._add(_symbol(element), look)
        elif tag == f"{W}fldChar":
            self._field_mark(element, look)
        elif tag == f"{W}pgNum":
            self._inline.counts_pages = True
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            self._inline.notes.append((tag[len(W) :].removesuffix("Reference"), value(element, "id") or ""))
        elif tag == f"{W}txbxContent":
            self._inline.boxes.append(element)
        elif tag == _WORD_ART:
            self._inline.arts.append(clean_text(element.get("string", "")))
        else:
            self._container(element, tag, look)

    def _container(self, element: etree._Element, tag: str, look: Look) -> None:
        if tag == ALTERNATE:
            self._children(chosen(element), look)
            return
        if tag == f"{W}sdtPr":
            return
        before = len(self._inline.pieces)
        self._children(element, look)
        if tag == f"{W}fldSimple":
            self._end_of_field(value(element, "instr") or "", before)
        if tag == f"{W}hyperlink":
            target = self._relationships.get(element.get(f"{R}id", ""))
            if target is not None and target.external:
                text = "".join(piece for piece, _ in self._inline.pieces[before:])
                self._inline.links.append((clean_text(text), clean_text(target.target)))

    def _run(self, run: etree._Element, base: Look) -> None:
        properties = run.find(f"{W}rPr")
        look = base
        if properties is not None:
            style = value(properties.find(f"{W}rStyle"))
            if style:
                look = replace(self._styles.look(style), list_id=None, outline=None, align=None).over(look)
            look = run_look(properties).over(look)
            self._symbols = _SYMBOLS.get((value(properties.find(f"{W}rFonts"), "ascii") or "").lower(), {})
        self._children(run, look)
        self._symbols = {}

    def _add(self, text: str, look: Look) -> None:
        if not all(one.in_result for one in self._fields):
            return
        if look.hidden:
            self.has_hidden |= bool(text.strip())
            return
        text = clean_text(text)
        if text:
            self._inline.pieces.append((text, look))

    def _field_mark(self, mark: etree._Element, look: Look) -> None:
        kind = value(mark, "fldCharType")
        if kind == "begin":
            self._fields.append(_Field(self._inline, len(self._inline.pieces), box=_check_box(mark)))
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
            self._inline.counts_pages |= _PAGE_FIELD.match(self._fields[-1].code) is not None
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            self._add(ended.box or _marked(ended.code), look)
            self._end_of_field(ended.code, ended.start if ended.inline is self._inline else 0)

    def _end_of_field(self, code: str, start: int) -> None:
        self._inline.counts_pages |= _PAGE_FIELD.match(code) is not None
        if _DATE_FIELD.match(code):
            self._inline.dates.append("".join(piece for piece, _ in self._inline.pieces[start:]).strip())


def _check_box(mark: etree._Element) -> str:
    box = mark.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return ""
    state = is_on(box.find(f"{W}checked"))
    return "☑" if (is_on(box.find(f"{W}default")) if state is None else state) else "□"


def _marked(code: str) -> str:
    match = _MARKED.fullmatch(code)
    if match is None:
        return ""
    base = str(match["base"]).strip()
    return printed(int(base), "decimalEnclosedCircle") if base.isdecimal() and "○" in match["over"] else base


def _shown(text: str, symbols: Mapping[int, str]) -> str:
    """Text in a symbol font: LibreOffice writes the symbols of a DOC so."""
    return "".join(symbols.get(ord(char) - 0xF000, char) for char in text)


def chosen(alternate: etree._Element) -> etree._Element:
    """The one branch of an AlternateContent that is read: the first choice, else the fallback."""
    choice = alternate.find(CHOICE)
    if choice is not None and len(choice):
        return choice
    fallback = alternate.find(FALLBACK)
    return alternate if fallback is None else fallback


def _symbol(element: etree._Element) -> str:
    try:
        code = int(value(element, "char") or "", 16)
    except ValueError:
        return ""
    if not 0x20 <= code <= 0xFFFF or 0xD800 <= code <= 0xDFFF:
        return ""
    known = _SYMBOLS.get((value(element, "font") or "").lower(), {})
    return known.get(code - 0xF000 if code >= 0xF000 else code) or chr(code)
