"""The objects of an OFD page drawn as a page of PDF: text glyph by glyph, paths, pictures, what clips them (GB/T
33190-2016, 8-13)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from gongwen.errors import SourceError
from ingest.pictures.ofd_ink import Paths, colour, ink, pen
from ingest.pictures.ofd_stock import PLAIN, Font, Stock, Style, is_on, weight
from ingest.pictures.pdf_book import Book, num, nums
from ingest.readers.ofd_package import children, local
from ingest.readers.ofd_text import Spot, codes, measure
from ingest.readers.ofd_units import box, matrix, number, placed
from ingest.readers.plane import IDENTITY, Matrix, times

_MAX_OBJECTS = 100_000
_MAX_DEPTH = 8
_SLANT = 0.21
_BLACK = ((0.0,), 1.0)
_BOLD = 600.0
_BOLD_STROKE = 0.03
"""Ems by which glyphs of a font without a bold cut are thickened."""
_TURNS: dict[int, Matrix] = {0: (1, 0, 0, -1, 0, 0), 90: (0, 1, 1, 0, 0, 0), 180: (-1, 0, 0, 1, 0, 0),
                             270: (0, -1, -1, 0, 0, 0)}  # fmt: skip
"""Glyphs stand upright in coordinates that count downwards; CharDirection turns each clockwise."""


class Drawer:
    """Draws into a book what holders (layers, annotations, pages of seals) hold."""

    def __init__(self, book: Book, stock: Stock, key: str = "") -> None:
        self._book = book
        self._stock = stock
        self._key = key
        """Keeps the pictures of several packages in one book apart."""
        self._paths = Paths()
        self._objects = 0

    def draw(self, holder: etree._Element, outer: Matrix, style: Style = PLAIN, depth: int = 0) -> None:
        style = self._stock.style(holder, style)
        for item in holder:
            self._objects += 1
            if self._objects > _MAX_OBJECTS:
                raise SourceError("too_much_text", f"more than {_MAX_OBJECTS} objects on a page")
            if not isinstance(item.tag, str) or not is_on(item.get("Visible"), default=True):
                continue
            kind = local(item)
            if kind == "PageBlock":
                self.draw(item, outer, style, depth)
            elif kind == "CompositeObject" and depth < _MAX_DEPTH:
                content = self._stock.composite(item.get("ResourceID"))
                if content is not None:
                    self._book.add("q", *self._clips(item, outer))
                    self.draw(content, placed(item, outer), style, depth + 1)
                    self._book.add("Q")
            elif kind in _ARTS:
                self._book.add("q", *self._clips(item, outer))
                _ARTS[kind](self, item, outer, style)
                self._book.add("Q")

    # --- text ---------------------------------------------------------------------------------------------

    def _text(self, item: etree._Element, outer: Matrix, style: Style) -> None:
        size, wide = measure(item)
        font = self._stock.font(item.get("Font"))
        self._book.add(f"{nums(placed(item, outer))} cm")
        bold = weight(item) >= _BOLD
        thick = _BOLD_STROKE * size if bold and font.program is not None and not font.bold else 0.0
        if not self._ink(item, style, fill=is_on(item.get("Fill"), default=True), thick=thick):
            return
        glyphs = _glyphs(item)
        turn = _TURNS[round(number(item.get("CharDirection"))) % 360 // 90 * 90]
        slant: Matrix = (1, 0, _SLANT, 1, 0, 0) if is_on(item.get("Italic"), default=False) else IDENTITY
        shape = times(times((size * wide, 0, 0, size, 0, 0), slant), turn)
        for code, text, spots in codes(item):
            self._book.add("BT", *self._shown(text, spots, font, glyphs.get(code, {}), shape, bold), "ET")

    def _shown(
        self, text: str, spots: list[Spot], font: Font, glyphs: dict[int, int], shape: Matrix, bold: bool
    ) -> Iterator[str]:
        a, b, c, d, _, _ = shape
        system = font.system(bold=bold)
        now = ""
        for at, (char, (x, y, _)) in enumerate(zip(text, spots, strict=True)):
            glyph = glyphs.get(at) if font.program is not None else None
            if glyph is None and font.program is not None:
                glyph = font.program.glyph(char)
            if char.isspace() and not glyph:
                continue
            face = font.own if glyph and font.own is not None else system
            if (name := self._book.font(face)) != now:
                now = name
                yield f"{name} 1 Tf"
            shown = f"{glyph & 0xFFFF:04x}" if glyph else char.encode("utf-16-be", "replace").hex()
            yield f"{nums((a, b, c, d, x, y))} Tm <{shown}> Tj"

    # --- paths --------------------------------------------------------------------------------------------

    def _path(self, item: etree._Element, outer: Matrix, style: Style) -> None:
        own = self._stock.style(item, style)
        fill = is_on(item.get("Fill"), default=False) and own.fill is not None
        stroke = is_on(item.get("Stroke"), default=True)
        told = self._paths.told(item)
        if not told or not (fill or stroke):
            return
        self._book.add(f"{nums(placed(item, outer))} cm")
        inks = self._ink(item, style, fill=fill, stroke=stroke)
        if inks:
            self._book.add(told, _paint(inks, even=item.get("Rule", "").lower().startswith("even")))

    # --- pictures -----------------------------------------------------------------------------------------

    def _picture(self, item: etree._Element, outer: Matrix, style: Style) -> None:
        key = f"{self._key}{item.get('ResourceID')}"
        name = self._book.picture(key)
        if name is None:
            image = self._stock.picture(item.get("ResourceID"))
            if image is None:
                return
            name = self._book.put_picture(key, image)
        frame = box(item.get("Boundary"))
        # Without a matrix a picture fills its boundary.
        fit: Matrix = IDENTITY if item.get("CTM") or frame is None else (frame[2], 0, 0, frame[3], 0, 0)
        self._book.add(
            f"{self._opacity(item)}{nums(times(fit, placed(item, outer)))} cm", "1 0 0 -1 0 1 cm", f"{name} Do"
        )

    # --- what they share ----------------------------------------------------------------------------------

    def _opacity(self, item: etree._Element, fill: float = 1.0, stroke: float = 1.0) -> str:
        whole = min(1.0, max(0.0, number(item.get("Alpha"), 255.0) / 255))
        if whole * fill >= 1 and whole * stroke >= 1:
            return ""
        return f"{self._book.state(f'/ca {num(whole * fill)}/CA {num(whole * stroke)}')} gs "

    def _ink(
        self, item: etree._Element, style: Style, *, fill: bool, stroke: bool | None = None, thick: float = 0.0
    ) -> str:
        """Set the colours, black where none is named; which of fill ("f") and stroke ("s") there is. `thick`: a line
        around glyphs, of their own colour."""
        own = self._stock.style(item, style)
        stroke = is_on(item.get("Stroke"), default=False) if stroke is None else stroke
        filled = (colour(own.fill, self._stock.spaces) or _BLACK) if fill else None
        stroked = (colour(own.stroke, self._stock.spaces) or _BLACK) if stroke else None
        if thick and filled and not stroked:
            stroked = filled
        opacity = self._opacity(item, filled[1] if filled else 1.0, stroked[1] if stroked else 1.0)
        line = f"{num(thick)} w" if thick else pen(own.line)
        mode = {(True, True): 2, (False, True): 1}.get((bool(filled), bool(stroked)), 0)
        inks = [ink(filled[0], stroke=False)] if filled else []
        inks += [ink(stroked[0], stroke=True)] if stroked else []
        self._book.add(f"{opacity}{' '.join(inks)}", f"{line} {mode} Tr")
        return ("f" if filled else "") + ("s" if stroked else "")

    def _clips(self, item: etree._Element, outer: Matrix) -> Iterator[str]:
        """Only what lies in one of the areas of each clip is seen. Areas of text are not followed."""
        place = placed(item, outer)
        for clip in item.findall("{*}Clips/{*}Clip"):
            told: list[str] = []
            for area in children(clip, "Area"):
                inner = times(matrix(area.get("CTM")), place)
                told += [self._paths.told(path, placed(path, inner)) for path in children(area, "Path")]
            if any(told):
                yield f"{' '.join(told)} W n"


def _paint(inks: str, *, even: bool) -> str:
    if inks == "s":
        return "S"
    return ("B" if inks == "fs" else "f") + ("*" if even else "")


def _glyphs(item: etree._Element) -> dict[etree._Element, dict[int, int]]:
    """By TextCode, the glyphs that stand for its characters (11.4.2): transforms come before the code they are of."""
    out: dict[etree._Element, dict[int, int]] = {}
    held: dict[int, int] = {}
    for child in item:
        if not isinstance(child.tag, str):
            continue
        if local(child) == "CGTransform":
            start, count = round(number(child.get("CodePosition"))), max(1, round(number(child.get("CodeCount"), 1)))
            named = [one for part in children(child, "Glyphs") for one in (part.text or "").split()]
            for at, one in enumerate(named[:count]):
                if one.isdecimal():
                    held[start + at] = int(one)
        elif local(child) == "TextCode":
            out[child], held = held, {}
    return out


_ARTS = {"TextObject": Drawer._text, "PathObject": Drawer._path, "ImageObject": Drawer._picture}
