"""What each format must hold so that the readers have something real to read."""

from io import BytesIO
from zipfile import ZipFile

import docx
import pypdfium2
import pytest
import regex
from sample_kit import text_of

from gongwen.sampling.standard import entries

ENTRIES = entries()


def files(folder, **wanted):
    return [
        folder / f"{entry.stem}.{entry.form}"
        for entry in ENTRIES
        if all(getattr(entry, key) == value for key, value in wanted.items())
    ]


def xml(path, member="word/document.xml"):
    return ZipFile(path).read(member).decode()


def test_word_makes_the_numbers_itself(standard):
    (path,) = files(standard, family="science_day", year=2021)
    assert "<w:numPr>" in xml(path)
    assert "chineseCountingThousand" in xml(path, "word/numbering.xml")
    assert regex.search(r"[一二三]、活动", text_of(path)) is None


def test_word_merges_the_group_column_and_repeats_the_head(standard):
    for path in files(standard, family="year_plan", form="docx"):
        assert "<w:vMerge" in xml(path)
        assert "<w:tblHeader" in xml(path)


def test_word_has_page_numbers_headers_and_one_time_stamp(standard):
    for path in files(standard, form="docx"):
        footers = [name for name in ZipFile(path).namelist() if "footer" in name and "rels" not in name]
        assert any("PAGE" in xml(path, name) for name in footers)
        assert {entry.date_time for entry in ZipFile(path).infolist()} == {(2024, 1, 1, 0, 0, 0)}
    (form,) = files(standard, family="form")
    assert docx.Document(BytesIO(form.read_bytes())).sections[0].header.paragraphs[0].text


def test_word_prints_the_head_red(standard):
    for path in files(standard, family="meeting", form="docx"):
        assert 'w:val="D00000"' in xml(path)


def test_a_pdf_table_crosses_a_page_with_its_head_again(standard):
    (path,) = files(standard, family="year_plan", form="pdf")
    with pypdfium2.PdfDocument(path) as pages:
        texts = [page.get_textpage().get_text_bounded() for page in pages]
    assert sum("牵头单位" in text for text in texts) == 2
    assert all(f"— {number} —" in text for number, text in enumerate(texts, 1))


def test_an_ofd_has_a_template_steps_in_short_and_a_table_over_pages(standard):
    for path in files(standard, form="ofd"):
        assert "<ofd:Template " in xml(path, "Doc_0/Pages/Page_0/Content.xml")
        assert "云州市" in xml(path, "Doc_0/Tpls/Tpl_0/Content.xml")
        assert regex.search(r'DeltaX="[^"]*g \d+ [\d.]+', xml(path, "Doc_0/Pages/Page_0/Content.xml"))
        assert {entry.date_time for entry in ZipFile(path).infolist()} == {(2024, 1, 1, 0, 0, 0)}
    (path,) = files(standard, family="year_plan", form="ofd")
    pages = [xml(path, name) for name in ZipFile(path).namelist() if name.startswith("Doc_0/Pages/")]
    assert sum("牵头单位" in page for page in pages) == 2
    assert sum("<ofd:PathObject" in page for page in pages) >= 2


@pytest.mark.parametrize("style", ["scanned", "scanned_numbered"])
def test_pages_of_a_recognised_text_end_in_mid_sentence(standard, style):
    (path,) = files(standard, style=style)
    text = path.read_text(encoding="utf-8")
    between = r"— \d+ —\n\n" if style == "scanned_numbered" else ""
    assert regex.search(rf"\p{{Han}}\n\n{between}\p{{Han}}{{2,}}[，。、]", text)


def test_the_letterhead_of_a_recognised_text_is_spaced(standard):
    (path,) = files(standard, style="scanned_numbered")
    assert regex.match(r"(\p{Han} ){6,}\p{Han}  \n", path.read_text(encoding="utf-8"))


def test_encodings(standard):
    for path in files(standard, style="gb18030"):
        with pytest.raises(UnicodeDecodeError):
            path.read_text(encoding="utf-8")
        assert "云州市" in path.read_text(encoding="gb18030")
    (marked,) = files(standard, style="bom")
    assert marked.read_bytes().startswith(b"\xef\xbb\xbf")


def test_scraped_text_is_one_line(standard):
    for path in files(standard, style="one_line"):
        assert path.read_text(encoding="utf-8").count("\n") == 1


def test_pages_carry_their_metadata_and_furniture(standard):
    for path in files(standard, style="modern"):
        page = path.read_text(encoding="utf-8")
        assert '<meta name="ArticleTitle"' in page
        assert "无障碍" in page
    for path in files(standard, style="old"):
        assert "索 引 号：" in path.read_text(encoding="utf-8")
