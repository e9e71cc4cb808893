"""One page of PDF put together in memory, for PDFium to draw. What goes in are numbers, glyphs by number, fonts and
pictures: nothing that acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

_HALF = "/W[1 95 500 814 939 500]"
"""Latin letters of the system's Chinese fonts (Adobe-GB1) are half as wide as Han characters; PDFium fits them in."""
_KEYS = {"sfnt": b"/FontFile2 %d 0 R", "OpenType": b"/FontFile3 %d 0 R", "CIDFontType0C": b"/FontFile3 %d 0 R"}


@dataclass(frozen=True, slots=True)
class Face:
    """A font: `program` its file with the kind that PDF calls it, None for one of the system's."""

    name: str
    program: bytes | None = None
    kind: str = "sfnt"
    serif: bool = True
    bold: bool = False


def num(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"


def nums(values: Iterable[float]) -> str:
    return " ".join(num(value) for value in values)


class Book:
    """`add` drawing operators, in points from the top left corner. Names of fonts, pictures, states come from here."""

    def __init__(self, width: float, height: float) -> None:
        self._size = (width, height)
        self._objects: list[bytes] = [b"", b"", b"", b""]  # catalogue, pages, page and content come last
        self._ops: list[str] = [f"1 0 0 -1 0 {num(height)} cm"]
        self._fonts: dict[Face, int] = {}
        self._pictures: dict[str, int] = {}
        self._states: dict[str, int] = {}

    def add(self, *operators: str) -> None:
        self._ops += operators

    def font(self, face: Face) -> str:
        """Codes of two bytes: glyphs of a program by number, characters of a system's font in UTF-16."""
        if face not in self._fonts:
            self._fonts[face] = self._font(face)
        return f"/F{self._fonts[face]}"

    def picture(self, key: str) -> str | None:
        """The name of a picture put in before."""
        return f"/I{self._pictures[key]}" if key in self._pictures else None

    def put_picture(self, key: str, image: Image.Image) -> str:
        """As it is, with what is clear in it."""
        clear = ""
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            image = image.convert("RGBA")
            mask = image.getchannel("A")
            clear = f"/SMask {self._stream(_image_keys(mask, 'DeviceGray'), mask.tobytes())} 0 R"
        grey = image.mode in ("1", "L")
        image = image.convert("L" if grey else "RGB")
        keys = _image_keys(image, "DeviceGray" if grey else "DeviceRGB") + clear
        self._pictures[key] = self._stream(keys, image.tobytes())
        return f"/I{self._pictures[key]}"

    def state(self, told: str) -> str:
        """A graphics state: /ca .5 or /BM/Multiply."""
        if told not in self._states:
            self._states[told] = self._object(f"<<{told}>>".encode())
        return f"/G{self._states[told]}"

    def data(self) -> bytes:
        content = self._stream("", "\n".join(self._ops).encode("latin-1", "replace"))
        kinds = ("Font", "F", self._fonts), ("XObject", "I", self._pictures), ("ExtGState", "G", self._states)
        used = "".join(
            f"/{name}<<{''.join(f'/{sign}{at} {at} 0 R' for at in found.values())}>>" for name, sign, found in kinds
        )
        wide, high = self._size
        self._objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
        self._objects[1] = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
        self._objects[2] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {num(wide)} {num(high)}]/Resources<<{used}>>"
            f"/Contents {content} 0 R>>"
        ).encode()
        self._objects[3] = b"null"
        return _assembled(self._objects)

    def _object(self, body: bytes) -> int:
        self._objects.append(body)
        return len(self._objects)

    def _stream(self, keys: str, content: bytes) -> int:
        return self._object(b"<<%s/Length %d>>stream\n%s\nendstream" % (keys.encode(), len(content), content))

    def _font(self, face: Face) -> int:
        name = "".join(char for char in face.name if char.isascii() and char.isalnum())[:40] or "Face"
        flags = (2 if face.serif else 0) | 4 | (1 << 18 if face.bold else 0)
        held = ""
        if face.program is not None:
            keys = "" if face.kind == "sfnt" else f"/Subtype/{face.kind}"
            held = (_KEYS[face.kind] % self._stream(keys, face.program)).decode()
        descriptor = self._object((
            f"<</Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[-200 -300 1200 1000]/ItalicAngle 0"
            f"/Ascent 880/Descent -120/CapHeight 740/StemV {160 if face.bold else 80}{held}>>"
        ).encode())  # fmt: skip
        own = face.program is not None
        kind = "CIDFontType2" if own and face.kind == "sfnt" else "CIDFontType0"
        ordering = "Identity" if own else "GB1"
        registry = f"<</Registry(Adobe)/Ordering({ordering})/Supplement 0>>"
        map_ = "/CIDToGIDMap/Identity" if kind == "CIDFontType2" else ""
        descendant = self._object((
            f"<</Type/Font/Subtype/{kind}/BaseFont/{name}/CIDSystemInfo{registry}/FontDescriptor {descriptor} 0 R"
            f"/DW 1000{map_ or _HALF}>>"
        ).encode())  # fmt: skip
        coding = "/Identity-H" if own else "/UniGB-UTF16-H"  # characters outside Adobe-GB1 are found as well
        return self._object(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding{coding}/DescendantFonts[{descendant} 0 R]>>".encode()
        )


def _image_keys(image: Image.Image, space: str) -> str:
    return (
        f"/Type/XObject/Subtype/Image/Width {image.width}/Height {image.height}/ColorSpace/{space}/BitsPerComponent 8"
    )


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)
