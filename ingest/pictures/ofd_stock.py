"""What the objects of an OFD page refer to by number, as drawing needs it: fonts, pictures, drawing parameters, colour
spaces, composites (GB/T 33190-2016, 7.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO

from lxml import etree
from PIL import Image, UnidentifiedImageError

from gongwen.errors import SourceError
from ingest.budget import MAX_PIXELS
from ingest.pictures.font_program import FontProgram
from ingest.pictures.pdf_book import Face
from ingest.readers.image_file import BROKEN
from ingest.readers.ofd_package import Package, children, local, text_of
from ingest.readers.ofd_units import number

_LINEAL = ("黑", "等线", "圆", "hei", "sans", "arial", "helvetica", "gothic", "yahei", "dengxian")
_HEAVY = ("标宋", "粗宋", "大黑", "粗黑", "heavy", "black")
"""Faces of letterheads and titles, for which the bold cut of another face stands in best."""
_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "GIF")
_WIDE = 2400
"""Dots from which a picture is made smaller before it is drawn: a page is 1720 across."""
_FAR = 10
"""Drawing parameters that build on each other."""


_LINES = frozenset({"LineWidth", "Join", "Cap", "DashPattern", "DashOffset", "MiterLimit"})


@dataclass(frozen=True, slots=True)
class Style:
    """How an object is drawn: its colours, None where none is named, and the attributes of its lines."""

    fill: etree._Element | None = None
    stroke: etree._Element | None = None
    line: Mapping[str, str] = field(default_factory=dict)


PLAIN = Style()


class Font:
    """`program` is None when the file does not bring the font, or brings one that cannot be used."""

    def __init__(self, name: str, program: FontProgram | None, *, bold: bool = False) -> None:
        self.name = name
        self.program = program
        self.bold = bold or any(word in name for word in _HEAVY)
        self._serif = not any(word in name for word in _LINEAL)

    def system(self, *, bold: bool) -> Face:
        """What stands in for it."""
        return Face("Song" if self._serif else "Hei", None, serif=self._serif, bold=bold or self.bold)

    @cached_property
    def own(self) -> Face | None:
        return None if self.program is None else Face(self.name, self.program.data, self.program.kind)


class Stock:
    """Lazy: fonts and pictures are opened when a page uses them."""

    def __init__(self, package: Package, named: Iterable[tuple[str, str | None]]) -> None:
        self._package = package
        self._items: dict[str, tuple[etree._Element, str]] = {}
        self._fonts: dict[str, Font] = {}
        self._plain = Font("", None)
        self.spaces: dict[str, etree._Element] = {}
        for base, location in named:
            found = package.side(location, base)
            if found is not None:
                self._take(*found)

    def _take(self, name: str, root: etree._Element) -> None:
        """Files that a resource file names lie in the folder that it names as its base."""
        base = root.get("BaseLoc", "").strip()
        folder = f"{base.rstrip('/')}/" if base else ""
        kinds = ("Font", "DrawParam", "MultiMedia", "CompositeGraphicUnit", "CompositeGraphUnit", "ColorSpace")
        for item in root.iter(*(f"{{*}}{kind}" for kind in kinds)):
            self._items[item.get("ID", "")] = (item, f"{name}\n{folder}")
            if local(item) == "ColorSpace":
                self.spaces[item.get("ID", "")] = item

    def font(self, number_: str | None) -> Font:
        key = number_ or ""
        if key not in self._fonts:
            found = self._items.get(key)
            self._fonts[key] = self._plain if found is None or local(found[0]) != "Font" else self._font(*found)
        return self._fonts[key]

    def _font(self, item: etree._Element, base: str) -> Font:
        name = f"{item.get('FontName', '')} {item.get('FamilyName', '')}".lower()
        bold = item.get("Bold", "").lower() in ("true", "1") or "bold" in name
        content = self._content(text_of(item, "FontFile"), base)
        try:
            program = FontProgram(content) if content else None
        except ValueError:
            program = None
        return Font(name, program, bold=bold)

    def picture(self, number_: str | None) -> Image.Image | None:
        """Decoded, no larger than can be seen; None when it is missing, broken or of a kind that is not drawn."""
        found = self._items.get(number_ or "")
        if found is None or local(found[0]) != "MultiMedia":
            return None
        return opened(self._content(text_of(found[0], "MediaFile"), found[1]))

    def style(self, item: etree._Element, outer: Style = PLAIN) -> Style:
        """The nearest says: the object, its drawing parameters and those they build on, then what it stands in."""
        line, fill, stroke = dict(outer.line), outer.fill, outer.stroke
        for one in reversed([item, *self._parameters(item.get("DrawParam"))]):
            line |= {str(name): str(value) for name, value in one.attrib.items() if name in _LINES}
            own_fill, own_stroke = one.find("{*}FillColor"), one.find("{*}StrokeColor")
            fill = fill if own_fill is None else own_fill
            stroke = stroke if own_stroke is None else own_stroke
        return Style(fill, stroke, line)

    def composite(self, number_: str | None) -> etree._Element | None:
        found = self._items.get(number_ or "")
        if found is None or not local(found[0]).startswith("Composite"):
            return None
        content = children(found[0], "Content")
        return content[0] if content else None

    def _parameters(self, number_: str | None) -> list[etree._Element]:
        out: list[etree._Element] = []
        while number_ and number_ in self._items and len(out) < _FAR:
            item = self._items[number_][0]
            if local(item) != "DrawParam":
                break
            out.append(item)
            number_ = item.get("Relative")
        return out

    def _content(self, location: str | None, base: str) -> bytes:
        """A file that a resource names: in the base folder of its resource file, else beside that."""
        if location is None:
            return b""
        part, _, folder = base.partition("\n")
        inner = location if location.startswith("/") else folder + location
        return self._package.content(inner, part) or self._package.content(location, part)


def opened(content: bytes) -> Image.Image | None:
    """A picture of a file, checked before it is decoded. SourceError `image_pixels`."""
    if not content:
        return None
    try:
        image: Image.Image = Image.open(BytesIO(content), formats=_FORMATS)
        wide, high = image.size
        if wide * high > MAX_PIXELS:
            raise SourceError("image_pixels", f"{wide} x {high}")
        image.draft("RGB", (_WIDE, _WIDE))
        image.load()
    except (UnidentifiedImageError, *BROKEN):
        return None
    if max(image.size) > _WIDE:
        has_shades = image.mode in ("RGB", "RGBA", "L", "LA")
        image = image if has_shades else image.convert("RGBA" if "transparency" in image.info else "RGB")
        image.thumbnail((_WIDE, _WIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def is_on(text: str | None, *, default: bool) -> bool:
    return default if text is None else text.strip().lower() in ("true", "1")


def weight(item: etree._Element) -> float:
    return number(item.get("Weight"), 400.0)
