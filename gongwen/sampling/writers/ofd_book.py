"""An OFD package put together object by object (GB/T 33190-2016). Callers count in points from the top left corner;
the file counts in millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_POINT = 25.4 / 72
_ASCENT = 0.88
A4 = (595.28, 841.89)
FONTS = ("仿宋_GB2312", "方正小标宋简体", "Times New Roman")
BODY, HEAD, LATIN = range(3)


def mm(points: float) -> str:
    return f"{points * _POINT:.4f}".rstrip("0").rstrip(".") or "0"


def compressed(steps: Sequence[float]) -> str:
    """Steps in the form `g n d`: n times d (11.3)."""
    out: list[str] = []
    for step, run in groupby(mm(one) for one in steps):
        count = len(list(run))
        out += ["g", str(count), step] if count > 2 else [step] * count
    return " ".join(out)


def width(char: str) -> float:
    """In ems: Latin letters and digits are half as wide as Han characters."""
    return 0.5 if char < "\u2000" else 1.0


@dataclass(slots=True)
class Leaf:
    """A page or a template."""

    ids: list[int]
    size: tuple[float, float] = A4
    objects: dict[str, list[str]] = field(default_factory=dict)
    templates: list[tuple[int, str]] = field(default_factory=list)
    number: int = 0

    def next_id(self) -> int:
        self.ids[0] += 1
        return self.ids[0]

    def text(
        self, text: str, x: float, top: float, size: float, *,
        steps: Sequence[float] | None = None, font: int = BODY, layer: str = "Body", more: str = "",
    ) -> None:  # fmt: skip
        """One text object; without steps the characters stand side by side. `more` are attributes of the object."""
        if steps is None:
            steps = [width(char) * size for char in text[:-1]]
        across = f' DeltaX="{compressed(steps)}"' if steps else ""
        self.add(
            f'<ofd:TextObject ID="{self.next_id()}" Boundary="{mm(x)} {mm(top)} {mm(sum(steps) + size)} {mm(size)}" '
            f'Font="{font + 1}" Size="{mm(size)}"{more}><ofd:TextCode X="0" Y="{mm(_ASCENT * size)}"{across}>'
            f"{escape(text)}</ofd:TextCode></ofd:TextObject>",
            layer,
        )

    def rule(
        self, x0: float, top: float, x1: float, bottom: float, *, colour: str = "0 0 0", thick: float = 0.6
    ) -> None:
        box = f"{mm(x0)} {mm(top)} {mm(max(x1 - x0, 0.1))} {mm(max(bottom - top, 0.1))}"
        self.add(
            f'<ofd:PathObject ID="{self.next_id()}" Boundary="{box}" LineWidth="{mm(thick)}">'
            f'<ofd:StrokeColor Value="{colour}"/><ofd:AbbreviatedData>M 0 0 L {mm(x1 - x0)} {mm(bottom - top)}'
            "</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def add(self, xml: str, layer: str = "Body") -> None:
        self.objects.setdefault(layer, []).append(xml)

    def xml(self) -> str:
        width, height = self.size
        used = "".join(f'<ofd:Template TemplateID="{one}" ZOrder="{order}"/>' for one, order in self.templates)
        layers = "".join(
            f'<ofd:Layer ID="{self.next_id()}" Type="{kind}">{"".join(told)}</ofd:Layer>'
            for kind, told in self.objects.items()
        )
        return (
            f"{_HEAD}<ofd:Page {_SPACE}>{used}<ofd:Area><ofd:PhysicalBox>0 0 {mm(width)} {mm(height)}"
            f"</ofd:PhysicalBox></ofd:Area><ofd:Content>{layers}</ofd:Content></ofd:Page>"
        )


class Book:
    def __init__(self, title: str = "") -> None:
        self._title = title
        self._ids = [100]
        self.pages: list[Leaf] = []
        self.templates: list[Leaf] = []
        self.parts: dict[str, bytes] = {}
        """Further members of the package: attachments, signatures, annotations."""
        self.of_document = ""
        """Further elements of Document.xml, behind the pages."""
        self.of_body = ""
        """Further elements of DocBody."""
        self.resources = ""
        """Further elements of the document's resources."""

    def page(self, size: tuple[float, float] = A4) -> Leaf:
        self.pages.append(Leaf(self._ids, size))
        self.pages[-1].number = self.pages[-1].next_id()
        return self.pages[-1]

    def template(self, size: tuple[float, float] = A4) -> Leaf:
        self.templates.append(Leaf(self._ids, size))
        self.templates[-1].number = self.templates[-1].next_id()
        return self.templates[-1]

    def data(self) -> bytes:
        """The same bytes on every run."""
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as target:
            for name, content in self._members().items():
                entry = ZipInfo(name, (2024, 1, 1, 0, 0, 0))
                entry.compress_type = ZIP_DEFLATED
                target.writestr(entry, content)
        return packed.getvalue()

    def _members(self) -> dict[str, bytes]:
        texts = {"OFD.xml": self._root(), "Doc_0/PublicRes.xml": self._fonts(), "Doc_0/DocumentRes.xml": self._res()}
        for at, leaf in enumerate(self.templates):
            texts[f"Doc_0/Tpls/Tpl_{at}/Content.xml"] = leaf.xml()
        for at, leaf in enumerate(self.pages):
            texts[f"Doc_0/Pages/Page_{at}/Content.xml"] = leaf.xml()
        texts["Doc_0/Document.xml"] = self._document()
        return {name: text.encode() for name, text in texts.items()} | self.parts

    def _root(self) -> str:
        return (
            f'{_HEAD}<ofd:OFD {_SPACE} DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo>'
            f"<ofd:DocID>{0:032x}</ofd:DocID><ofd:Title>{escape(self._title)}</ofd:Title>"
            "<ofd:CreationDate>2024-01-01</ofd:CreationDate><ofd:Creator>Gongwen</ofd:Creator></ofd:DocInfo>"
            f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{self.of_body}</ofd:DocBody></ofd:OFD>"
        )

    def _fonts(self) -> str:
        fonts = "".join(f'<ofd:Font ID="{at}" FontName={quoteattr(name)}/>' for at, name in enumerate(FONTS, 1))
        return f'{_HEAD}<ofd:Res {_SPACE} BaseLoc="Res"><ofd:Fonts>{fonts}</ofd:Fonts></ofd:Res>'

    def _res(self) -> str:
        return f'{_HEAD}<ofd:Res {_SPACE} BaseLoc="Res">{self.resources}</ofd:Res>'

    def _document(self) -> str:
        templates = "".join(
            f'<ofd:TemplatePage ID="{leaf.number}" BaseLoc="Tpls/Tpl_{at}/Content.xml"/>'
            for at, leaf in enumerate(self.templates)
        )
        pages = "".join(
            f'<ofd:Page ID="{leaf.number}" BaseLoc="Pages/Page_{at}/Content.xml"/>'
            for at, leaf in enumerate(self.pages)
        )
        return (
            f"{_HEAD}<ofd:Document {_SPACE}><ofd:CommonData><ofd:MaxUnitID>{self._ids[0] + 1}</ofd:MaxUnitID>"
            f"<ofd:PageArea><ofd:PhysicalBox>0 0 {mm(A4[0])} {mm(A4[1])}</ofd:PhysicalBox></ofd:PageArea>"
            "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
            f"{templates}</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages>{self.of_document}</ofd:Document>"
        )
