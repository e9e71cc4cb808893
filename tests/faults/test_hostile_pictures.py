"""Pages of hostile files (reliability.md §5) as pictures: a reason or a picture, within limits, and the next file is
drawn as if nothing had been."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import hostile_package
import hostile_pdf
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "ingest"))
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from ofd_kit import SPACE, Paper, package
from pictures_kit import VALUES, address, letter, made_of, site

from gongwen.errors import SourceError
from ingest.pictures.webp import webp_size
from ingest.pictures.wish import Wish
from ingest.sandbox import Limits, draw_page

LIMITS = Limits(memory_bytes=512 << 20, cpu=3, cpu_per_page=0, wall=30, stall=30, output_bytes=8 << 20)
A4 = (595.0, 842.0)
FINE = b"BT /F1 40 Tf 9 700 Td (hi) Tj ET "


def outcome(data: bytes, kind: str, folder: Path, page: tuple[float, float] = A4) -> str:
    """The reason code, or "drawn"."""
    path = folder / "original"
    path.write_bytes(data)
    try:
        picture = draw_page(path, Wish(kind, 1, page), limits=LIMITS)
    except SourceError as error:
        assert error.sentence
        return error.code
    assert webp_size(picture) is not None
    return "drawn"


PDFS = {
    "01 page tree DAG of 2^30": (hostile_pdf.page_tree_dag, {"too_many_pages", "parse_error", "cpu", "page_size"}),
    "03 flate bomb": (lambda: hostile_pdf.flate_bomb(200_000_000), {"memory", "crash", "cpu", "drawn"}),
    "05 two million glyphs": (hostile_pdf.many_glyphs, {"cpu", "memory", "drawn"}),
    "06 form DAG": (hostile_pdf.form_dag, {"cpu", "memory"}),
    "07 form calls itself": (hostile_pdf.form_loop, {"crash", "memory", "cpu", "parse_error", "drawn"}),
    "09 ToUnicode of 2^31": (hostile_pdf.unicode_range_bomb, {"memory", "cpu", "crash", "drawn"}),
    "10 predictor of 2e9 columns": (hostile_pdf.predictor_bomb, {"memory", "crash", "drawn"}),
    "12 page of 1e9 points": (hostile_pdf.huge_page, {"page_size"}),
    "13 five thousand pages": (hostile_pdf.many_pages, {"too_many_pages"}),
    "14 user password": (hostile_pdf.password_pdf, {"password"}),
    "16b nothing": (lambda: b"", {"empty", "parse_error"}),
    "16d noise": (lambda: b"%PDF-1.7" + hostile_package.noise(99_999), {"parse_error"}),
    "a picture of 1e10 dots": (
        lambda: hostile_pdf.pdf(hostile_pdf.one_page(
            hostile_pdf.stream(b"500 0 0 500 0 0 cm /X Do"), more=b"/XObject<</X 6 0 R>>",
            _6=hostile_pdf.stream(b"", b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceRGB"
                               b"/BitsPerComponent 8"))), {"image_pixels", "drawn"},
    ),
    "a pattern painted 1e9 times": (
        lambda: hostile_pdf.pdf(hostile_pdf.one_page(
            hostile_pdf.stream(b"/Pattern cs /P scn 0 0 595 842 re f"), more=b"/Pattern<</P 6 0 R>>",
            _6=hostile_pdf.stream(b"0 0 1 1 re f", b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
                                           b"/XStep .00002/YStep .00002/Resources<<>>"))),
        {"cpu", "memory", "drawn", "crash"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PDFS)
def test_hostile_pdf(case, tmp_path):
    make, allowed = PDFS[case]
    assert outcome(make(), "application/pdf", tmp_path) in allowed
    fine = hostile_pdf.pdf(hostile_pdf.one_page(hostile_pdf.stream(FINE)))
    assert outcome(fine, "application/pdf", tmp_path) == "drawn"


def test_hostile_pictures(tmp_path):
    assert outcome(hostile_package.big_png(), "image/png", tmp_path) == "image_pixels"
    assert outcome(hostile_package.big_png()[:40], "image/png", tmp_path) == "parse_error"
    assert outcome(hostile_package.noise(5_000), "image/jpeg", tmp_path) == "parse_error"


def objects(inner: str, resources: str = "", parts: tuple[tuple[str, str | bytes], ...] = ()) -> bytes:
    content = f"<ofd:Page {SPACE}><ofd:PageRes>../../Res.xml</ofd:PageRes><ofd:Content><ofd:Layer>{inner}</ofd:Layer>" \
              "</ofd:Content></ofd:Page>"  # fmt: skip
    return package(
        pages='<ofd:Page ID="1" BaseLoc="Pages/Page_1/Content.xml"/>',
        add=(("Doc_0/Res.xml", f"<ofd:Res {SPACE}>{resources}</ofd:Res>"), ("Doc_0/Pages/Page_1/Content.xml", content),
             *parts),
    )  # fmt: skip


def composites(depth: int) -> bytes:
    """Each prints the next one forty times."""
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{at}"><ofd:Content>'
        + f'<ofd:CompositeObject ResourceID="{at + 1}"/>' * 40
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for at in range(1, depth)
    )
    return objects('<ofd:CompositeObject ResourceID="1"/>', units)


IMAGE = '<ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image"><ofd:MediaFile>p.png</ofd:MediaFile></ofd:MultiMedia>' \
        "</ofd:MultiMedias>"  # fmt: skip
FONT = '<ofd:Fonts><ofd:Font ID="7" FontName="X"><ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>'
WORDS = '<ofd:TextObject Font="7" Size="9" Boundary="9 9 99 99"><ofd:TextCode X="0" Y="9">Wi</ofd:TextCode>' \
        "</ofd:TextObject>"  # fmt: skip
LINE = '<ofd:PathObject Boundary="0 0 210 297" LineWidth="{}" DashPattern="{}"><ofd:AbbreviatedData>M 0 0 L 210 297' \
       "</ofd:AbbreviatedData></ofd:PathObject>"  # fmt: skip
OFDS = {
    "composites of composites": (lambda: composites(12), {"too_much_text"}),
    "a picture of 20000 x 20000": (
        lambda: objects('<ofd:ImageObject ResourceID="7" Boundary="0 0 99 99" CTM="99 0 0 99 0 0"/>', IMAGE,
                        (("Doc_0/p.png", hostile_package.big_png()),)), {"image_pixels"}),
    "a font of noise": (lambda: objects(WORDS, FONT, (("Doc_0/f.ttf", b"\0\1\0\0" + hostile_package.noise(9_000)),)),
                        {"drawn", "crash", "no_font"}),
    "dashes of nothing": (lambda: objects(LINE.format("0.1", "0.0000001 0.0000001") * 50), {"drawn", "cpu", "memory"}),
    "numbers without end": (
        lambda: objects(LINE.format("1e308", "nan inf").replace("210 297", "1e999 -1e999")), {"drawn"}),
    "a place outside": (lambda: objects(WORDS, FONT.replace("f.ttf", "../../../etc/passwd")), {"ofd_path"}),
    "no such page": (lambda: package(pages=""), {"ofd_missing_part"}),
}  # fmt: skip


@pytest.mark.parametrize("case", OFDS)
def test_hostile_ofd(case, tmp_path):
    make, allowed = OFDS[case]
    page = (595.28, 841.89)
    assert outcome(make(), "application/ofd", tmp_path, page) in allowed
    assert outcome(Paper().raw(LINE.format("1", "2 2")).data(), "application/ofd", tmp_path, page) == "drawn"


def test_a_child_that_says_what_is_no_picture_is_not_believed(tmp_path, monkeypatch):
    """It goes to people's browsers."""
    path = tmp_path / "original"
    path.write_bytes(b"%PDF-1.7")
    for answer in (b"<script>alert(1)</script>", b"RIFF\x04\0\0\0WEBP", b"\x89PNG\r\n\x1a\n" + bytes(99)):
        monkeypatch.setattr("ingest.sandbox.client.ask", lambda request, data, answer=answer: answer)
        with pytest.raises(SourceError) as caught:
            draw_page(path, Wish("application/pdf", 1, A4))
        assert caught.value.code == "crash"


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (hostile_pdf.form_dag, "application/pdf"),
        (hostile_pdf.huge_page, "application/pdf"),
        (hostile_package.big_png, "image/png"),
    ],
)
def test_the_site_says_so_calmly_once_and_goes_on(make, kind, tmp_path):
    fine, data = letter("主动公开"), make()
    document = replace(fine.document, sha256=hashlib.sha256(data).hexdigest(), media_type=kind)
    hostile = made_of(document, data, (VALUES, None, None), source="坏的.pdf")
    asked: list[str] = []

    def draw(path: Path, wish: Wish) -> bytes:
        asked.append(path.name)
        return draw_page(path, wish, limits=LIMITS)

    client, _ = site(tmp_path, fine, hostile, draw=draw)
    for _ in range(3):
        answer = client.get(f"{address(hostile)}/page/1.webp")
        assert (answer.status_code, answer.json["error"]) == (422, "这一页无法显示，请下载原件查看。")
    assert asked == [document.sha256]
    assert "这一页无法显示，请下载原件查看。" in client.get(address(hostile)).get_data(as_text=True)
    assert client.get(f"{address(hostile)}?view=text").status_code == 200
    assert webp_size(client.get(f"{address(fine)}/page/1.webp").get_data()) is not None
