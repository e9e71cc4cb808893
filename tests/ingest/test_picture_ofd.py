"""OFD pages drawn: glyphs, colours, curves, clips, pictures, seals; the places of values lie over their print."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from ofd_kit import SPACE, Paper, text_object
from ofd_kit import read as read_ofd
from picture_kit import ink, is_tight, pixels, places, share_inside, shown
from PIL import Image

from ingest.pictures.drawing import draw
from ingest.pictures.font_program import FontProgram
from ingest.pictures.ofd_ink import Paths
from ingest.pictures.ofd_seals import seal_picture
from ingest.pictures.wish import Wish
from ingest.readers.ofd_package import children
from ingest.safety import parse_xml
from tests import scan_kit as kit

needs_font = pytest.mark.skipif(
    not kit.HAS_FONT and not os.environ.get("CI"), reason="no font with Han characters (fonts-noto-cjk)"
)
A4 = (595.28, 841.89)
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
SIZE = 4.0
"""Dots of a millimetre in `drawn`."""


def drawn(paper: Paper, page: tuple[float, float] = A4, number: int = 1) -> np.ndarray:
    """A page of 210 mm at four dots a millimetre."""
    wish = Wish("application/ofd", number, page, round(page[0] / 72 * 25.4 * SIZE))
    return pixels(draw(wish, paper.data(), lambda module: None)).astype(int)


def at(picture: np.ndarray, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place in millimetres."""
    return tuple(int(one) for one in picture[round(y * SIZE), round(x * SIZE)])


FILLED = 'Stroke="false" Fill="true"'


def path(data: str, *, boundary: str = "20 20 100 100", inner: str = "", more: str = FILLED) -> str:
    return (
        f'<ofd:PathObject ID="{{id}}" Boundary="{boundary}" {more}>{inner}<ofd:AbbreviatedData>{data}'
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )


def fill(colour: str, more: str = "") -> str:
    return f'<ofd:FillColor Value="{colour}"{more}/>'


SQUARE = "M 0 0 L 40 0 L 40 40 L 0 40 C"

# --- text -------------------------------------------------------------------------------------------------


def letter(*only: str) -> Paper:
    paper = Paper()
    for text, x, top in (("联系人：王小满，电话：", 80, 200), ("13900000456", 256, 200), ("（上班时间）", 344, 200),
                         ("请按时报送。", 80, 240)):  # fmt: skip
        if not only or text in only:
            paper.line(text, x, top)
    return paper


@needs_font
def test_a_place_lies_over_its_print():
    document = read_ofd(letter())
    known = ink(shown(letter("13900000456").data(), document))
    quads = places(document, "13900000456")
    assert known.sum() > 1000
    assert share_inside(quads, document, known) > 0.97
    assert is_tight(quads, document, known, 2.2)
    barred = shown(letter().data(), document, bars=[quad.points for quad in quads])
    assert (np.abs(barred[known].astype(int) - (58, 63, 70)).max(axis=1) < 12).all()


@needs_font
def test_a_table_laid_crosswise_is_shown_as_it_is_read():
    paper = Paper()
    for row, words in enumerate(("序号责任单位", "一市教育局", "二市科技馆")):
        paper.raw(text_object(f"<ofd:TextCode X='0' Y='5'>{words}</ofd:TextCode>", ' CTM="0 1 -1 0 0 0"',
                              f"{150 - 15 * row} 40 10 100"))  # fmt: skip
    document = read_ofd(paper)
    page = document.pages[0]
    assert page.width > page.height
    picture = shown(paper.data(), document)
    assert picture.shape[1] > picture.shape[0]
    assert share_inside(places(document, "市教育局"), document, ink(picture)) > 0.1
    quads = [*places(document, "序号责任单位"), *places(document, "一市教育局"), *places(document, "二市科技馆")]
    assert share_inside(quads, document, ink(picture)) > 0.95


@pytest.mark.skipif(not DEJAVU.exists(), reason="no font to put into a file (fonts-dejavu-core)")
def test_a_font_of_the_file_is_used_by_character_and_by_glyph():
    program = FontProgram(DEJAVU.read_bytes())
    glyph = program.glyph("W")
    assert program.kind == "sfnt" and glyph > 0 and program.glyph("\U0010ffff") == 0

    def page(inner: str) -> np.ndarray:
        paper = Paper()
        paper.book.resources += ('<ofd:Fonts><ofd:Font ID="77" FontName="Own"><ofd:FontFile>own.ttf</ofd:FontFile>'
                                 "</ofd:Font></ofd:Fonts>")  # fmt: skip
        paper.book.parts["Doc_0/Res/own.ttf"] = DEJAVU.read_bytes()
        paper.raw(f'<ofd:TextObject ID="{{id}}" Boundary="50 50 60 20" Font="77" Size="15">{inner}</ofd:TextObject>')
        return drawn(paper)

    by_char = page('<ofd:TextCode X="0" Y="15">W</ofd:TextCode>')
    by_glyph = page(
        f'<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1"><ofd:Glyphs>{glyph}</ofd:Glyphs>'
        '</ofd:CGTransform><ofd:TextCode X="0" Y="15">i</ofd:TextCode>'
    )
    other = page('<ofd:TextCode X="0" Y="15">i</ofd:TextCode>')
    assert (by_char == by_glyph).all() and not (by_char == other).all()
    columns = np.flatnonzero(ink(by_char.astype(np.uint8)).any(axis=0)) / SIZE
    assert columns[0] >= 50 and columns[-1] <= 50 + 15.1  # DejaVu's W is an em wide


def test_tables_of_characters_that_lie():
    """A font whose cmap leads nowhere is as good as one that says nothing; what is no font is refused."""
    head = struct.pack(">4sHHHH", b"\0\1\0\0", 1, 0, 0, 0) + struct.pack(">4sIII", b"cmap", 0, 28, 999)
    for cmap in (b"", struct.pack(">HHHHI", 0, 1, 3, 1, 1 << 30), struct.pack(">HHHHI", 0, 1, 3, 10, 12)
                 + struct.pack(">HHIIIIII", 12, 0, 0, 0, 1 << 31, 0, 1 << 31, 7)):  # fmt: skip
        assert FontProgram(head + cmap).glyph("A") in (0, 7 + ord("A"))
    for data in (b"", b"ttcf" + bytes(40), b"%!PS-AdobeFont", b"\0\0\0\0"):
        with pytest.raises(ValueError, match="no font"):
            FontProgram(data)


# --- paths, colours, clips --------------------------------------------------------------------------------


def test_colours_and_opacity():
    paper = Paper()
    paper.book.resources += (
        '<ofd:ColorSpaces><ofd:ColorSpace ID="5" Type="CMYK"/></ofd:ColorSpaces><ofd:DrawParams>'
        '<ofd:DrawParam ID="8"><ofd:FillColor Value="0 128 0"/></ofd:DrawParam>'
        '<ofd:DrawParam ID="9" Relative="8" LineWidth="2"/></ofd:DrawParams>'
    )
    for row, (inner, more) in enumerate((
        (fill("200 10 30"), ""), (fill("#C8 #0A #1E"), ""), (fill("120"), ""),
        (fill("0 255 255 0", ' ColorSpace="5"'), ""), ("", ' DrawParam="9"'),
        (fill("0 0 0", ' Alpha="128"'), ""), (fill("0 0 0"), ' Alpha="128"'),
    )):  # fmt: skip
        paper.raw(path(SQUARE, boundary=f"20 {10 + 40 * row} 30 30", inner=inner, more=FILLED + more))
    found = [at(drawn(paper), 25, 15 + 40 * row) for row in range(7)]
    assert np.abs(np.array(found[:3]) - [(200, 10, 30), (200, 10, 30), (120, 120, 120)]).max() <= 2
    assert found[3][0] > 180 and max(found[3][1:]) < 70
    assert found[4] == (0, 128, 0)
    assert all(120 <= one[0] <= 135 for one in found[5:])


def test_an_area_without_a_colour_is_clear_and_a_line_is_black():
    paper = Paper().raw(path(SQUARE, more='Fill="true" LineWidth="1"'))
    picture = drawn(paper)
    assert at(picture, 40, 40) == (255, 255, 255) and max(at(picture, 40, 20)) < 60


def test_even_odd_leaves_a_hole_and_curves_bend():
    ring = f"{SQUARE} M 10 10 L 30 10 L 30 30 L 10 30 C"
    paper = Paper().raw(path(ring, inner=fill("0 0 0"), more='Stroke="false" Fill="true" Rule="Even-Odd"'))
    paper.raw(path("M 0 20 A 20 20 0 0 1 40 20 A 20 20 0 0 1 0 20 C", boundary="20 100 40 40", inner=fill("0 0 0")))
    paper.raw(path("M 0 40 Q 20 0 40 40 C", boundary="20 160 40 40", inner=fill("0 0 0")))
    paper.raw(path("M 0 40 B 0 0 40 0 40 40 C", boundary="20 220 40 40", inner=fill("0 0 0")))
    picture = drawn(paper)
    assert at(picture, 25, 25) == (0, 0, 0) and at(picture, 40, 40) == (255, 255, 255)
    disc = (picture[400:560, 80:240].max(axis=2) < 128).sum() / SIZE**2
    assert disc == pytest.approx(np.pi * 400, rel=0.02)
    assert at(picture, 40, 182) == (0, 0, 0) and at(picture, 40, 178) == (255, 255, 255)
    assert at(picture, 40, 232) == (0, 0, 0) and at(picture, 40, 227) == (255, 255, 255)


def test_what_is_clipped_is_not_seen():
    area = path("M 0 0 L 20 0 L 20 20 L 0 20 C", boundary="0 0 20 20").replace("PathObject", "Path")
    clip = f"<ofd:Clips><ofd:Clip><ofd:Area>{area}</ofd:Area></ofd:Clip></ofd:Clips>"
    picture = drawn(Paper().raw(path(SQUARE, inner=clip + fill("0 0 0"))))
    assert at(picture, 30, 30) == (0, 0, 0)
    assert at(picture, 50, 30) == at(picture, 30, 50) == (255, 255, 255)


def test_layers_templates_composites_and_what_is_invisible():
    paper = Paper()
    paper.template().add(path(SQUARE, inner=fill("0 0 255")).replace("{id}", "901"))
    paper.raw(path(SQUARE, boundary="100 20 40 40", inner=fill("255 0 0"), more=f'{FILLED} Visible="false"'))
    unit = path(SQUARE, boundary="0 0 40 40", inner=fill("0 255 0")).replace("{id}", "902")
    paper.book.resources += (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="55" Width="40" Height="40"><ofd:Content>'
        f'<ofd:PageBlock ID="903">{unit}</ofd:PageBlock></ofd:Content></ofd:CompositeGraphicUnit>'
        "</ofd:CompositeGraphicUnits>"
    )
    paper.raw('<ofd:CompositeObject ID="{id}" Boundary="100 100 20 20" CTM="0.5 0 0 0.5 0 0" ResourceID="55"/>')
    picture = drawn(paper)
    assert at(picture, 40, 40) == (0, 0, 255) and at(picture, 110, 40) == (255, 255, 255)
    assert at(picture, 118, 118) == (0, 255, 0) and at(picture, 122, 122) == (255, 255, 255)


def test_a_composite_that_holds_itself_ends():
    paper = Paper()
    inner = '<ofd:CompositeObject ID="9" Boundary="0 0 9 9" ResourceID="55"/>' * 2
    paper.book.resources += (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="55"><ofd:Content>'
        f"{inner}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    paper.raw('<ofd:CompositeObject ID="{id}" Boundary="100 100 20 20" ResourceID="55"/>')
    assert drawn(paper.line("通知")).shape[1] == 840


def test_path_data_ends_where_a_page_has_too_much_of_it():
    item = parse_xml(f"<P {SPACE}><ofd:AbbreviatedData>{'L 1 1 ' * 100}</ofd:AbbreviatedData></P>".encode(), "x")
    paths = Paths()
    assert paths.told(item) == ""  # a line begins somewhere
    paths._room = 100
    item = parse_xml(f"<P {SPACE}><ofd:AbbreviatedData>M 0 0 {'L 1 1 ' * 100}</ofd:AbbreviatedData></P>".encode(), "x")
    assert paths.told(item) == "" and len(children(item, "AbbreviatedData")) == 1


# --- pictures and seals -----------------------------------------------------------------------------------


def png(colour: tuple[int, ...], mode: str = "RGB", size: tuple[int, int] = (60, 60), form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "TIFF", "GIF"])
def test_pictures(form):
    paper = Paper()
    paper.book.resources += ('<ofd:MultiMedias><ofd:MultiMedia ID="900" Type="Image"><ofd:MediaFile>p.x</ofd:MediaFile>'
                             "</ofd:MultiMedia></ofd:MultiMedias>")  # fmt: skip
    half = Image.new("RGB", (60, 60), (20, 140, 60))
    half.paste((250, 250, 0), (0, 0, 60, 30))
    out = io.BytesIO()
    half.save(out, form)
    paper.book.parts["Doc_0/Res/p.x"] = out.getvalue()
    picture = drawn(paper.picture())  # from 20, 30 to 190, 270
    assert np.abs(np.array([at(picture, 100, 60), at(picture, 100, 240)]) - [(250, 250, 0), (20, 140, 60)]).max() < 25
    assert at(picture, 15, 60) == at(picture, 100, 275) == (255, 255, 255)


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = bytes([len(content)]) if len(content) < 128 else b"\x84" + len(content).to_bytes(4, "big")
    return bytes([tag]) + length + content


def seal(kind: str, picture: bytes) -> bytes:
    """As GB/T 38540 lays it out: header, number, properties, picture."""
    head = der(0x30, der(0x16, b"ES"), der(0x02, b"\4"), der(0x16, b"maker"))
    made = der(0x30, der(0x16, kind.encode()), der(0x04, picture), der(0x02, b"\x2a"), der(0x02, b"\x2a"))
    return der(0x30, der(0x30, head, der(0x16, b"1"), der(0x30, der(0x02, b"\1")), made), der(0x04, b"\1\2\3"))


def stamped(kind: str, picture: bytes, *, clip: str = "", of_value: bool = False) -> Paper:
    """A page of black print with a seal from 100, 100 to 140, 140 millimetres."""
    paper = Paper().raw(path("M 0 0 L 200 0 L 200 2 L 0 2 C", boundary="5 119 200 2", inner=fill("0 0 0"))).signed()
    mark = f'<ofd:StampAnnot ID="1" PageRef="{paper.leaf.number}" Boundary="100 100 40 40"{clip}/>'
    place = "" if of_value else "<ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal>"
    paper.book.parts["Doc_0/Signs/Sign_0/Signature.xml"] = (
        f"<ofd:Signature {SPACE}><ofd:SignedInfo>{place}{mark}</ofd:SignedInfo>"
        "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>"
    ).encode()
    name = "SignedValue.dat" if of_value else "Seal.esl"
    data = der(0x30, der(0x02, b"\4"), seal(kind, picture)) if of_value else seal(kind, picture)
    paper.book.parts[f"Doc_0/Signs/Sign_0/{name}"] = data
    return paper


@pytest.mark.parametrize("of_value", [False, True])
def test_a_seal_is_ink_over_the_print(of_value):
    picture = drawn(stamped("png", png((230, 30, 30)), of_value=of_value))
    assert np.abs(np.array(at(picture, 110, 110)) - (230, 30, 30)).max() < 4
    assert max(at(picture, 110, 120)) < 40  # the print shows through
    assert at(picture, 95, 110) == (255, 255, 255)


def test_white_of_a_seal_is_paper_and_what_is_clear_stays_so():
    assert max(at(drawn(stamped("jpg", png((255, 255, 255), form="JPEG"))), 110, 120)) < 40
    assert at(drawn(stamped("png", png((0, 0, 0, 0), "RGBA"))), 110, 110) == (255, 255, 255)


def test_a_seal_over_the_edges_of_pages_shows_its_part():
    picture = drawn(stamped("png", png((230, 30, 30)), clip=' Clip="0 0 20 40"'))
    assert at(picture, 110, 110)[0] > 200 > at(picture, 110, 110)[1]
    assert at(picture, 130, 110) == (255, 255, 255)


def test_a_seal_that_is_an_ofd():
    inner = Paper().raw(path("M 0 0 L 210 0 L 210 297 L 0 297 C", boundary="0 0 210 297", inner=fill("230 30 30")))
    picture = drawn(stamped("ofd", inner.data()))
    assert at(picture, 105, 105)[0] > 200 > at(picture, 135, 135)[1]
    assert at(picture, 145, 110) == (255, 255, 255)


def test_seals_of_other_pages_are_not_here():
    paper = stamped("png", png((230, 30, 30)))
    paper.page().line("第二页")
    assert at(drawn(paper, number=2), 110, 110) == (255, 255, 255)


@pytest.mark.parametrize("data", [b"", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x30" * 5000, bytes(300),
                                  der(0x30, der(0x16, b"png"), der(0x02, b"\1"))])  # fmt: skip
def test_what_is_no_seal_has_no_picture(data):
    assert seal_picture(data) is None


def test_annotations_are_drawn():
    mark = path(SQUARE, boundary="10 10 40 40", inner=fill("0 0 255")).replace("{id}", "8")
    assert at(drawn(Paper().line("通知").annotation(mark, appearance="100 100 50 50")), 130, 130) == (0, 0, 255)
