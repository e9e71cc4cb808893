"""Hostile PDF files of reliability.md §5 (nos. 1 to 16), a little smaller where the size is not the point."""

from __future__ import annotations

import io
import zlib

_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_TEXT = b"BT /F1 9 Tf 9 700 Td (hi) Tj ET "
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"


def stream(content: bytes, keys: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (keys, len(content), content)


def flate(content: bytes) -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter/FlateDecode")


def pdf(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    out = b"%PDF-1.7\n"
    places = {}
    for number in sorted(objects):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start, size = len(out), max(places) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %c \n" % (places.get(number, 0), b"n" if number in places else b"f")
    return out + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, start)


def one_page(content=b"", box=b"0 0 595 842", font=_FONT, more=b"", **others: bytes) -> dict[int, bytes]:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Resources<</Font<</F1 5 0 R>>%s>>/Contents 4 0 R>>" % (box, more)
    return {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: page,
        4: content or stream(_TEXT),
        5: font,
        **{int(name[1:]): body for name, body in others.items()},
    }


def page_tree_dag() -> bytes:
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 32: b"<</Type/Page/Parent 31 0 R/MediaBox[0 0 9 9]>>"}
    for at in range(2, 32):
        objects[at] = b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count %d>>" % (at + 1, at + 1, 2 ** (32 - at))
    return pdf(objects)


def page_tree_loop() -> bytes:
    return pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"})


def flate_bomb(size: int) -> bytes:
    return pdf(one_page(flate(b" " * size)))


def double_flate(size: int) -> bytes:
    packed = zlib.compress(zlib.compress(b" " * size, 9), 9)
    return pdf(one_page(stream(packed, b"/Filter[/FlateDecode/FlateDecode]")))


def many_glyphs() -> bytes:
    return pdf(one_page(flate((b"BT /F1 1 Tf (" + b"A" * 5000 + b") Tj ET ") * 400)))


def form_dag() -> bytes:
    objects = one_page(stream(b"/X Do"), more=b"/XObject<</X 6 0 R>>")
    for at in range(6, 31):
        objects[at] = stream(b"/X Do /X Do", _FORM + b"/Resources<</XObject<</X %d 0 R>>>>" % (at + 1))
    objects[31] = stream(b"q Q", _FORM)
    return pdf(objects)


def form_loop() -> bytes:
    again = stream(b"/X Do /X Do", _FORM + b"/Resources<</XObject<</X 6 0 R>>>>")
    return pdf(one_page(stream(b"/X Do"), more=b"/XObject<</X 6 0 R>>", _6=again))


def xref_loop() -> bytes:
    data = pdf(one_page())
    return pdf(one_page(), b"/Prev %d" % int(data[data.rfind(b"startxref") + 9 :].split()[0]))


def unicode_range_bomb() -> bytes:
    table = stream(b"begincmap 1 beginbfrange <00000000><7FFFFFFF><0041> endbfrange endcmap")
    return pdf(one_page(font=_FONT[:-2] + b"/ToUnicode 6 0 R>>", _6=table))


def predictor_bomb() -> bytes:
    keys = b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2000000000>>"
    return pdf(one_page(stream(zlib.compress(bytes(99)), keys)))


def cmap_path() -> bytes:
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/..#2F..#2Ftmp#2Fevil/DescendantFonts[6 0 R]>>"
    inner = (
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/X"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 0>>>>"
    )
    return pdf(one_page(font=font, _6=inner))


def huge_page() -> bytes:
    return pdf(one_page(box=b"0 0 1000000000 1000000000"))


def many_pages(count: int = 5000) -> bytes:
    kids = b" ".join(b"%d 0 R" % at for at in range(10, 10 + count))
    objects = {**one_page(), 2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)}
    page = objects[3]
    return pdf({**objects, **dict.fromkeys(range(10, 10 + count), page)})


def password_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("user", "owner"))
    canvas.drawString(72, 700, "hi")
    canvas.save()
    return out.getvalue()


def lying_length() -> bytes:
    return pdf(one_page(b"<</Length 999999999>>stream\n" + _TEXT + b"\nendstream"))
