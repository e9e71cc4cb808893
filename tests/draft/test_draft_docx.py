"""The Word file: measured in the file, not in what we meant to write."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree

from draft.build import Paper, make
from draft.gb9704.writer import write_docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TWIPS_A_MM = 1440 / 25.4


@pytest.fixture(scope="module")
def made(paper: Callable[[str], Paper], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    draft = make([paper("2021-云科协字41号"), paper("2022-云科协字36号")], 2023)
    path = tmp_path_factory.mktemp("draft") / "方案.docx"
    write_docx(draft, path)
    return draft, path


def part(path: Path, name: str) -> Any:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(name))


def test_the_sheet(made: tuple[Any, Path]) -> None:
    section = part(made[1], "word/document.xml").findall(f".//{W}sectPr")[-1]
    margins = section.find(f"{W}pgMar")
    found = {name: int(margins.get(f"{W}{name}")) / TWIPS_A_MM for name in ("top", "left", "right", "bottom")}
    assert found == pytest.approx({"top": 37, "left": 28, "right": 26, "bottom": 35}, abs=0.1)
    size = section.find(f"{W}pgSz")
    assert (int(size.get(f"{W}w")), int(size.get(f"{W}h"))) == pytest.approx((11906, 16838), abs=2)
    assert section.find(f"{W}docGrid").get(f"{W}linePitch") == "579"


def test_title_levels_and_body_have_their_faces(made: tuple[Any, Path]) -> None:
    word = Document(str(made[1]))
    faces = {}
    for paragraph in word.paragraphs:
        if paragraph.text.strip():
            fonts = paragraph.runs[0]._element.rPr.rFonts
            faces[paragraph.text] = (fonts.get(f"{W}eastAsia"), paragraph.runs[0].font.size.pt)
    title = next(text for text in faces if text.startswith("关于印发"))
    assert faces[title] == ("方正小标宋简体", 22.0)
    assert faces["一、总体要求"] == ("黑体", 16.0)
    second = next(text for text in faces if text.startswith("（一）"))
    assert faces[second] == ("楷体_GB2312", 16.0)
    body = next(text for text in faces if text.startswith("为深入实施"))
    assert faces[body] == ("仿宋_GB2312", 16.0)


def test_a_run_in_heading_ends_at_its_first_stop(made: tuple[Any, Path]) -> None:
    word = Document(str(made[1]))
    line = next(one for one in word.paragraphs if one.text.startswith("（一）服务乡村振兴。"))
    head = "".join(run.text for run in line.runs if run._element.rPr.rFonts.get(f"{W}eastAsia") == "楷体_GB2312")
    assert head == "（一）服务乡村振兴。"


def test_the_number_is_open_and_the_rule_red(made: tuple[Any, Path]) -> None:
    word = Document(str(made[1]))
    line = next(one for one in word.paragraphs if one.text == "云科协字〔2023〕__号")
    border = line._element.pPr.find(f"{W}pBdr").find(f"{W}bottom")
    assert (border.get(f"{W}color"), border.get(f"{W}val")) == ("FF0000", "single")
    red = [run.text for one in word.paragraphs for run in one.runs if run.font.color.rgb is not None]
    assert red == ["云州市科学技术协会文件"]  # fourteen issuers: the lead one alone


def test_page_numbers_stand_outside(made: tuple[Any, Path]) -> None:
    word = Document(str(made[1]))
    assert word.settings.odd_and_even_pages_header_footer
    section = word.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert [odd.alignment, even.alignment] == [2, 0]  # right, left
    for paragraph in (odd, even):
        assert paragraph.text.replace("1", "") == "—  —"
        assert "PAGE" in etree.tostring(paragraph._element).decode()


def test_each_flag_is_marked_and_explained(made: tuple[Any, Path]) -> None:
    draft, path = made
    comments = part(path, "word/comments.xml").findall(f"{W}comment")
    texts = ["".join(one.itertext()) for one in comments]
    for flag in draft.flags():
        assert any(flag.why in text for text in texts), flag
    word = Document(str(path))
    marked = [run for one in word.paragraphs for run in one.runs if run.font.highlight_color is not None]
    marked += [run for table in word.tables for row in table.rows for cell in row.cells for one in cell.paragraphs
               for run in one.runs if run.font.highlight_color is not None]  # fmt: skip
    assert len(marked) >= 0.9 * len(draft.flags())
    assert all(run.text for run in marked)


def test_nothing_of_the_maker_is_left_in_the_file(made: tuple[Any, Path]) -> None:
    assert Document(str(made[1])).core_properties.author == ""
