"""Letters, minutes and papers of several issuers, measured in the file (GB/T 9704 7.2.4, 10.1, 10.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from draft.build import Paper, make
from draft.gb9704.layout import check_layout
from draft.gb9704.writer import write_docx
from draft.model import Item, Piece, Source

Read = Callable[[str], Paper]
TWIPS_A_MM = 1440 / 25.4


def borders(paragraphs) -> list[int]:
    found = [one._element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}") for one in paragraphs]
    return [int(one.get(qn("w:sz"))) for one in found if one is not None]


def plain(text: str, kind: str = "paragraph") -> Item:
    return Item(kind, [Piece(text, text, (), Source("", "", 0, 0))])


@pytest.fixture
def letter(paper: Read, tmp_path: Path) -> Path:
    draft = make([paper("2021-云科协函7号")], 2022)
    assert draft.form == "letter"
    path = tmp_path / "函.docx"
    write_docx(draft, path)
    return path


def test_a_letter_has_its_mark_and_rules_outside_the_type_area(letter: Path) -> None:
    section = Document(str(letter)).sections[0]
    assert section.different_first_page_header_footer
    assert section.header_distance.mm == pytest.approx(30, abs=0.1)
    assert section.footer_distance.mm == pytest.approx(20, abs=0.1)
    head, foot = section.first_page_header.paragraphs, section.first_page_footer.paragraphs
    assert head[0].text == "云州市科学技术协会"  # without 文件
    assert borders(head) == [18, 6]  # thick over thin
    assert borders(foot) == [6, 18]  # thin over thick
    for one in (*head[1:], *foot):
        wide = 156 - one.paragraph_format.left_indent.mm - one.paragraph_format.right_indent.mm
        assert wide == pytest.approx(170, abs=0.2)
    assert "PAGE" not in section.first_page_footer._element.xml
    assert "PAGE" in section.footer._element.xml


def test_the_number_of_a_letter_stands_flush_right(letter: Path) -> None:
    line = next(one for one in Document(str(letter)).paragraphs if "〔2022〕__号" in one.text)
    assert line.alignment == 2
    assert borders([line]) == []


def test_a_letter_has_no_rules_about_its_imprint(paper: Read, tmp_path: Path) -> None:
    draft = make([paper("2021-云科协函7号")], 2022)
    draft.items += [plain("抄送：云州市教育局。", "copied_to"), plain("云州市科协办公室　2022年3月1日印发", "print")]
    write_docx(draft, tmp_path / "函.docx")
    word = Document(str(tmp_path / "函.docx"))
    assert any(one.text.startswith("抄送") for one in word.paragraphs)
    assert not any("印发" in one.text and "办公室" in one.text for one in word.paragraphs)
    assert borders(word.paragraphs) == []


def test_sections_behind_a_letters_first_page_do_not_repeat_its_mark(paper: Read, tmp_path: Path) -> None:
    draft = replace(make([paper("2021-云全科组办发3号")], 2022), form="letter")
    write_docx(draft, tmp_path / "函.docx", changes=True)
    sections = Document(str(tmp_path / "函.docx")).sections
    assert len(sections) > 1
    assert [one.different_first_page_header_footer for one in sections] == [True] + [False] * (len(sections) - 1)


def test_minutes_have_their_mark_and_who_was_there(paper: Read, tmp_path: Path) -> None:
    draft = replace(make([paper("2021-云科协字29号")], 2022), form="minutes", letterhead=["云州市科协党组会议"])
    draft.items.insert(2, plain("出席：林若溪、周明远、何立。"))
    write_docx(draft, tmp_path / "纪要.docx")
    word = Document(str(tmp_path / "纪要.docx"))
    mark = next(one for one in word.paragraphs if one.text == "云州市科协党组会议纪要")
    assert str(mark.runs[0].font.color.rgb) == "FF0000"
    line = next(one for one in word.paragraphs if one.text.startswith("出席："))
    faces = [(run.text, run._element.rPr.rFonts.get(qn("w:eastAsia"))) for run in line.runs]
    assert faces == [("出席：", "黑体"), ("林若溪、周明远、何立。", "仿宋_GB2312")]


def test_several_issuers_share_the_mark_and_have_room_for_their_seals(paper: Read, tmp_path: Path) -> None:
    names = ["云州市科学技术协会", "云州市教育局", "云州市科学技术局"]
    draft = make([paper("2021-云科协字29号")], 2022)
    at = next(at for at, item in enumerate(draft.items) if item.kind == "issuer")
    draft.items[at : at + 1] = [plain(name, "issuer") for name in names]
    write_docx(replace(draft, letterhead=names), tmp_path / "联合.docx")
    word = Document(str(tmp_path / "联合.docx"))
    mark = word.tables[0]
    signed = next(one for one in word.tables[1:] if one.cell(0, 0).text.strip() == names[0])
    assert [row.cells[0].text for row in mark.rows] == names
    assert {row.cells[1].text for row in mark.rows} == {"文件"}  # one cell beside all
    assert [cell.text.strip() for cell in signed.rows[0].cells] == names
    assert all(len(cell.paragraphs) >= 3 for cell in signed.rows[0].cells)  # lines left free below each name


@pytest.mark.parametrize("form", ["letter", "minutes"])
def test_our_own_letters_and_minutes_pass_the_layout_check(paper: Read, tmp_path: Path, form: str) -> None:
    write_docx(replace(make([paper("2021-云科协字29号")], 2022), form=form), tmp_path / "稿.docx")
    assert [one for one in check_layout(tmp_path / "稿.docx") if one.verdict == "warn"] == []


def test_a_signature_takes_the_last_lines_along(paper: Read, tmp_path: Path) -> None:
    """It never stands on a page without text (7.3.5)."""
    write_docx(make([paper("2021-云科协字29号")], 2022), tmp_path / "稿.docx")
    lines = Document(str(tmp_path / "稿.docx")).paragraphs
    at = next(at for at, one in enumerate(lines) if one.text.endswith("年__月__日"))
    assert [one.paragraph_format.keep_with_next for one in lines[at - 4 : at - 1]] == [True, True, True]


def test_a_line_above_a_wide_table_lies_on_its_page(paper: Read, tmp_path: Path) -> None:
    draft = make([paper("2021-云科协字29号")], 2022)
    at = next(at for at, item in enumerate(draft.items) if item.kind == "annex_title")
    draft.items.insert(at + 1, plain("填报单位："))
    write_docx(draft, tmp_path / "稿.docx")
    sections = Document(str(tmp_path / "稿.docx")).sections
    assert [one.orientation for one in sections][:2] == [0, 1]
    inside = [item.text for item in sections[1].iter_inner_content() if hasattr(item, "text")]
    assert {"附件", "填报单位："} <= {one.strip() for one in inside}
