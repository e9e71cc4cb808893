"""A PDF with lost, added or changed bytes is never taken for whole; what sound writers write is."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from pdf_kit import Paper, source

from gongwen.errors import SourceError
from gongwen.sampling.standard import entries, paper, render
from ingest.readers.pdf import READER
from ingest.readers.pdf_damage import damage
from ingest.readers.pdf_model import Char, RawLine, RawPage
from ingest.readers.pdf_write import write
from tests.faults.hostile_pdf import flate, one_page, pdf, stream

SAID = b"BT /F1 9 Tf 9 700 Td (notice) Tj ET "


def sound() -> bytes:
    return pdf(one_page(flate(SAID * 40)))


def test_sound_files():
    made = [entry for entry in entries() if entry.form == "pdf"]
    assert made
    assert [damage(render(paper(entry), "pdf")) for entry in made] == [""] * len(made)
    assert damage(sound()) == ""
    assert damage(b"\r\n\r\n" + sound()) == ""


def test_a_file_changed_after_it_was_made():
    """An update is appended: a second table, a second address; both hold."""
    data = sound()
    at = len(data) + 1
    data += b"\n6 0 obj\n<</Producer(x)>>\nendobj\n"
    start = len(data)
    data += b"xref\n6 1\n%010d 00000 n \ntrailer<</Size 7/Root 1 0 R/Prev %d>>\n" % (at, sound().rfind(b"xref\n0"))
    assert damage(data + b"startxref\n%d\n%%%%EOF" % start) == ""


HARM = {
    "cut off": lambda data: data[: -len("%%EOF")],
    "bytes lost": lambda data: data.replace(b"/Parent", b"", 1),
    "bytes added": lambda data: data.replace(b"/Parent", b"/Parent /Parent", 1),
    "an object lost": lambda data: data.replace(b"5 0 obj", b"5 0 xxx", 1),
    "a bit of a stream": lambda data: _flipped(data, data.index(b"stream\n") + 20),
    "the end of a stream": lambda data: data.replace(data[data.index(b"\nendstream") - 6 :][:6], bytes(6)),
    "zeros": lambda data: data.replace(b"/MediaBox[0 0 595 842]", bytes(22)),
    "no address": lambda data: data.replace(b"startxref", b"startxxxx"),
}  # fmt: skip


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


@pytest.mark.parametrize("harm", HARM)
def test_damage_is_seen(harm):
    assert damage(HARM[harm](sound()))


@pytest.mark.parametrize("harm", ["bytes lost", "a bit of a stream"])
def test_a_damaged_document_is_not_complete(harm):
    made = Paper().line("关于举办科普日的通知").page().line("第二页").data()
    # A stream of the first page, a word of the last object: the other page is still there.
    harmed = made.replace(b"/Producer", b"", 1) if harm == "bytes lost" else pdf(
        {**one_page(flate(SAID)), 6: HARM[harm](flate(SAID * 9))}
    )  # fmt: skip
    document = READER.read(source(harmed))
    assert (document.complete, document.reasons) == (False, ("partly_damaged",))
    assert document.text.strip()


def test_what_is_damaged_and_says_nothing_is_damaged():
    broken = flate(b"q " * 400)
    broken = broken.replace(zlib.compress(b"q " * 400, 9), zlib.compress(b"q " * 400, 9)[:-5] + bytes(5))
    with pytest.raises(SourceError) as caught:
        READER.read(source(pdf(one_page(broken))))
    assert caught.value.code == "parse_error"
    with pytest.raises(SourceError) as caught:
        READER.read(source(pdf(one_page(stream(b"q Q")))))
    assert caught.value.code == "no_text"


def test_streams_under_a_password_and_fonts_are_left_alone():
    data = sound()
    harmed = _flipped(data, data.index(b"stream\n") + 20)
    assert damage(harmed.replace(b"/Size", b"/Encrypt 6 0 R/Size")) == ""
    assert damage(harmed.replace(b"/Filter", b"/Length1 9/Filter")).startswith("no cross-reference")


def test_a_bomb_is_not_unpacked_whole():
    assert damage(pdf(one_page(flate(bytes(300 << 20))))) == ""


def test_signs_that_the_fonts_do_not_name_are_told():
    chars = [Char(char, 80 + 16 * at, 100, 96 + 16 * at, 116) for at, char in enumerate("关于举办科普日的通知\ufffd")]
    raw = RawPage(1, 595, 842, [RawLine(chars, 16.0)], unmapped=1)
    assert write([raw], source(sound()), "pdf/x").warnings == ("lost_characters",)
    assert write([replace(raw, unmapped=0)], source(sound()), "pdf/x").warnings == ()
