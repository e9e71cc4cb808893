"""Marks and blanks of a PDF line that PDFium gives out of their place, or hardly shows."""

from __future__ import annotations

from ingest.readers.pdf_flow import needed
from ingest.readers.pdf_model import Char
from ingest.readers.pdf_page import _spelled
from ingest.readers.pdf_pdfium import _in_order


def test_a_mark_given_behind_the_character_it_stands_before():
    chars = [Char("快", 220, 0, 231, 11), Char("科", 237, 0, 248, 11), Char("“", 231.5, 0, 237, 11)]
    assert "".join(one.text for one in _in_order(chars, 11.0)) == "快“科"
    rows = [Char("甲", 220, 0, 231, 11), Char("乙", 20, 0, 31, 11)]
    assert _in_order(rows, 11.0) == rows


def test_a_line_made_short_by_a_run_of_numbers_goes_on():
    assert needed("琰，5550101、13900000001，邮箱") > 8
    assert needed("琰等人参加") < 2


def test_a_blank_of_a_latin_font_in_a_tight_line_is_kept():
    def line(words: str, gap: float) -> list[Char]:
        out, x = [], 0.0
        for char in words:
            if char == " ":
                out.append(Char(" ", x, 0, x + gap, 11, True))
                x += gap
            else:
                out.append(Char(char, x, 0, x + 11, 11))
                x += 11
        return out

    def read(words: str, gap: float) -> str:
        return "".join(part for part, _ in _spelled(line(words, gap), 11.0))

    assert read("融安县 融水县", 3.4) == "融安县 融水县"
    assert read("融 安 县 融 水 县", 3.4) == "融安县融水县"
    assert read("融安县 融水县", 1.0) == "融安县融水县"
