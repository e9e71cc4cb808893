import io

import pytest
from pptx import Presentation
from pptx.util import Inches, Pt

from gongwen.errors import SourceError
from ingest.readers.pptx import READER
from ingest.sniff import PPTX, sniff
from ingest.source import Source

TITLE_AND_TEXT, TITLE_ONLY, BLANK = 1, 5, 6


def saved(deck) -> bytes:
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def read(data: bytes):
    media_type, warnings = sniff(data, "a.pptx")
    assert media_type == PPTX
    return READER.read(Source.of("a.pptx", data, media_type, warnings))


def told(document, kind="paragraph"):
    return [(block.page, block.span.of(document.text)) for block in document.blocks if block.kind == kind]


def deck_of(*slides: tuple[str, str]):
    deck = Presentation()
    for title, text in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[TITLE_AND_TEXT])
        slide.shapes.title.text = title
        slide.placeholders[1].text = text
    return deck


def test_slides_in_order_notes_apart():
    deck = deck_of(("科普工作推进会\n汇报", "一、工作情况\n二、下一步打算"), ("任务分工", "由市科协牵头"))
    deck.slides[0].notes_slide.notes_text_frame.text = "先介绍情况。"
    document = read(saved(deck))
    assert told(document) == [
        (1, "科普工作推进会汇报"), (1, "一、工作情况"), (1, "二、下一步打算"), (2, "任务分工"), (2, "由市科协牵头"),
    ]  # fmt: skip
    assert told(document, "note") == [(1, "先介绍情况。")]
    assert [block.level for block in document.blocks][:2] == [1, 0]
    assert document.complete and document.warnings == ()


def test_tables_with_merged_cells():
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    slide.shapes.title.text = "分工"
    table = slide.shapes.add_table(3, 3, 0, 0, Inches(5), Inches(2)).table
    lines = [["任务", "牵头单位", "责任单位"], ["科技周", "市科协", "市科技局"], ["", "市教育局", "市科协"]]
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document = read(saved(deck))
    block = document.blocks[-1]
    shown = [(cell.row, cell.column, cell.row_span, cell.span.of(document.text)) for cell in block.cells]
    assert (block.kind, block.page) == ("table", 1)
    assert shown[3] == (1, 0, 2, "科技周")
    assert shown[-2:] == [(2, 1, 1, "市教育局"), (2, 2, 1, "市科协")]


def test_shapes_in_groups_text_boxes_and_automatic_numbers():
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    group = slide.shapes.add_group_shape()
    box = group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame
    box.text = "开展巡展"
    box.add_paragraph().text = "培训骨干"
    box.paragraphs[0].runs[0].font.size = Pt(24)
    for one in box.paragraphs:
        properties = one._p.get_or_add_pPr()
        properties.append(properties.makeelement(f"{{{properties.nsmap['a']}}}buAutoNum", {"type": "ea1ChsPlain"}))
    document = read(saved(deck))
    assert told(document) == [(1, "一、开展巡展"), (1, "二、培训骨干")]
    assert document.blocks[0].size == 24


def test_a_hidden_slide_is_read_and_told():
    deck = deck_of(("甲", "一"), ("乙", "二"))
    deck.slides[1]._element.set("show", "0")
    document = read(saved(deck))
    assert (2, "乙") in told(document)
    assert document.warnings == ("hidden_cells",)


def test_slides_without_text():
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[BLANK])
    with pytest.raises(SourceError) as caught:
        read(saved(deck))
    assert caught.value.code == "no_text"


def test_a_deck_with_a_password_is_told():
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(saved(deck_of(("甲", "一"))))).encrypt("pw", out)
    with pytest.raises(SourceError) as caught:
        read(out.getvalue())
    assert caught.value.code == "password"


def test_records_of_a_deck():
    from extract.pipeline import extract
    from gongwen.rulebook import load_rulebook

    deck = deck_of(("2024年云州市科普日活动方案", "一、活动主题\n提升科学素质"))
    (record,) = extract(read(saved(deck)), load_rulebook())
    assert record["title"] == "2024年云州市科普日活动方案"
    assert record.evidence["title"][0].page == 1
