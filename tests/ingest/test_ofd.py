import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ofd_kit import FULL, LATIN, LEADING, LEFT, SIZE, SPACE, Paper, mm, read, text_object, told

from gongwen.document import Document, grid
from gongwen.errors import SourceError
from gongwen.sampling.writers.ofd_book import compressed
from ingest.readers.ofd_units import FAR, number, steps

PROSE = (
    "为深入贯彻落实关于科学普及与科技创新同等重要的要求，持续营造讲科学、爱科学、学科学、用科学的社会氛围，"
    "经研究，市科协定于九月在全市组织开展全国科普日云州活动，请各单位结合实际认真抓好组织实施。"
)
CODE = "<ofd:TextCode {}>{}</ofd:TextCode>"


def checked(paper) -> Document:
    document = read(paper)
    assert Document.from_json(json.loads(json.dumps(document.to_json()))).text == document.text
    ends = [0, *(run.span.end for run in document.runs)]
    assert all(run.span.start >= end for run, end in zip(document.runs, ends, strict=False))
    return document


def table(document: Document) -> list[list[str | None]]:
    (block,) = [one for one in document.blocks if one.kind == "table"]
    return [[None if one is None else one.span.of(document.text) for one in row] for row in grid(block)]


def test_lines_become_paragraphs():
    paper = Paper().line("云州市科学技术协会文件", 150, 60, 28).line("关于举办科普日活动的通知", 165, 120, 22)
    paper.top = 180
    paper.line("各县（区）科协，各有关单位：").paragraph(PROSE).paragraph("一、活动主题")
    document = checked(paper.line("— 1 —", 280, 790, 14))
    assert told(document, "paragraph") == [
        "云州市科学技术协会文件", "关于举办科普日活动的通知", "各县（区）科协，各有关单位：", PROSE, "一、活动主题",
    ]  # fmt: skip
    assert told(document, "footer") == ["— 1 —"]
    assert [(one.centred, one.size) for one in document.blocks[:3]] == [(True, 28.0), (True, 22.0), (False, 16.0)]
    assert (document.complete, document.reasons, document.warnings) == (True, (), ())


def test_boxes_say_where_a_word_is_printed():
    document = checked(Paper().paragraph(PROSE))
    at = document.text.index("市科协定于")
    (box,) = document.boxes(type(document.blocks[0].span)(at, at + 3))
    line, column = divmod(PROSE.index("市科协定于") + 2, FULL)
    assert box.page == 1
    assert abs(box.x0 - (LEFT + column * SIZE)) < 1 and abs(box.x1 - box.x0 - 3 * SIZE) < 1
    assert abs(box.top - (100 + LEADING * line)) < 1 and abs(box.bottom - box.top - SIZE) < 1
    assert [(page.number, page.width, page.height) for page in document.pages] == [(1, 595.28, 841.89)]


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        ([("根据我市", 0), ("202", 4), ("4", 5.5), ("年计划，", 6)], "根据我市2024年计划，"),
        ([("根据我市", 0), ("年计划，", 6), ("2024", 4)], "根据我市2024年计划，"),
        ([("科学普及", 4), ("关于推进", 0)], "关于推进科学普及"),
        ([("联系人：", 0), ("周明远", 5)], "联系人： 周明远"),
        ([("甲", 0), ("乙", 1.25), ("丙", 2.5)], "甲乙丙"),
        ([("Big", 0), ("Data", 1.8)], "Big Data"),
    ],
)
def test_a_line_of_many_objects_is_one(pieces, whole):
    paper = Paper()
    for text, at in pieces:
        paper.line(text, LEFT + at * SIZE, 200, font=LATIN if text.isascii() else 0)
    assert told(checked(paper), "paragraph") == [whole]


def test_what_is_printed_twice_comes_once():
    paper = Paper().line("关于举办科普日活动的通知", LEFT, 100).line("关于举办科普日活动的通知", LEFT + 0.3, 100.2)
    assert told(checked(paper), "paragraph") == ["关于举办科普日活动的通知"]


def test_two_columns_are_read_one_after_the_other():
    left, right = "甲" * 12, "乙" * 12
    paper = Paper()
    for text, x in ((left, LEFT), (right, 330.0)):
        for at in range(4):
            paper.line(f"{text}{at}", x, 100 + at * LEADING)
    said = "".join(told(checked(paper), "paragraph"))
    assert said.index("乙") > said.rindex("甲")


def test_a_table_is_ruled_by_paths():
    paper = Paper().line("任务分解表", 200, 60).grid([80, 200, 400], [100, 130, 160, 190])
    for row, (task, unit) in enumerate([("任务", "单位"), ("科普讲座", "市科协"), ("科技馆开放", "市教育局")]):
        paper.line(task, 90, 107 + 30 * row, 12).line(unit, 210, 107 + 30 * row, 12)
    assert table(checked(paper)) == [["任务", "单位"], ["科普讲座", "市科协"], ["科技馆开放", "市教育局"]]


def test_a_table_may_be_drawn_as_one_path_or_as_thin_areas():
    box = 'Boundary="20 30 100 20"'
    lines = "M 0 0 L 100 0 M 0 10 L 100 10 M 0 20 L 100 20 M 0 0 L 0 20 M 50 0 L 50 20 M 100 0 L 100 20"
    stroked = f'<ofd:PathObject ID="{{id}}" {box}><ofd:AbbreviatedData>{lines}</ofd:AbbreviatedData></ofd:PathObject>'
    filled = "".join(
        f'<ofd:PathObject ID="{{id}}" Boundary="{x} {y} {w} {h}" Stroke="false" Fill="true"><ofd:AbbreviatedData>'
        f"M 0 0 L {w} 0 L {w} {h} L 0 {h} C</ofd:AbbreviatedData></ofd:PathObject>"
        for x, y, w, h in [
            (20, 30, 100, 0.2), (20, 40, 100, 0.2), (20, 50, 100, 0.2),
            (20, 30, 0.2, 20), (70, 30, 0.2, 20), (120, 30, 0.2, 20),
        ]
    )  # fmt: skip
    for drawn in (stroked, filled):
        paper = Paper().raw(drawn)
        for at, text in enumerate(["甲", "乙", "丙", "丁"]):
            x, y = 25 + 50 * (at % 2), 32 + 10 * (at // 2)
            paper.raw(text_object(CODE.format('X="0" Y="4.4"', text), boundary=f"{x} {y} 5 5"))
        assert table(checked(paper)) == [["甲", "乙"], ["丙", "丁"]]


@pytest.mark.parametrize("more", ['Alpha="0"', 'Visible="false"', ""])
def test_rules_that_nobody_sees_are_none(more):
    colour = "" if more else '<ofd:StrokeColor Value="255 255 255"/>'
    path = (
        f'<ofd:PathObject ID="{{id}}" Boundary="20 30 100 20" {more}>{colour}<ofd:AbbreviatedData>M 0 0 L 100 0 M 0 20 '
        "L 100 20 M 0 0 L 0 20 M 50 0 L 50 20 M 100 0 L 100 20</ofd:AbbreviatedData></ofd:PathObject>"
    )
    document = checked(Paper().raw(path).line("没有表格", 100, 100))
    assert told(document, "table") == [] and told(document, "paragraph") == ["没有表格"]


def test_a_letterhead_in_the_template_of_the_first_page_is_text():
    paper = Paper()
    head = paper.template()
    head.text("云州市科学技术协会文件", 150, 60, 28)
    paper.paragraph(PROSE).page().paragraph("各单位要加强领导。")
    assert told(checked(paper), "paragraph")[:2] == ["云州市科学技术协会文件", PROSE]


def test_a_head_that_pages_share_by_template_leaves_the_text():
    paper = Paper()
    head = paper.template()
    head.text("云州市科学技术协会文件选编", LEFT, 40, 10)
    head.text("内部资料", LEFT, 400, 16)
    paper.line(PROSE[:20]).page(head).line(PROSE[20:40])
    document = checked(paper)
    assert told(document, "header") == ["云州市科学技术协会文件选编"] * 2
    assert told(document, "paragraph") == [PROSE[:20], "内部资料", PROSE[20:40], "内部资料"]


def test_page_numbers_and_running_heads_leave_the_text():
    paper = Paper()
    for number_ in range(4):
        paper.line("科普工作文件选编", LEFT, 30, 10).paragraph(f"第{number_}页的内容是不同的。")
        paper.line(f"— {number_ + 1} —", 280, 790, 14, layer="Foreground")
        if number_ < 3:
            paper.page()
    document = checked(paper)
    assert told(document, "header") == ["科普工作文件选编"] * 4
    assert told(document, "footer") == [f"— {at} —" for at in range(1, 5)]
    assert told(document, "paragraph") == [f"第{at}页的内容是不同的。" for at in range(4)]


def test_a_template_that_names_itself_is_not_followed():
    paper = Paper()
    made = paper.template()
    made.text("云州市科学技术协会文件", 150, 60, 28)
    made.templates.append((made.number, "Background"))
    assert told(checked(paper.line("正文。")), "paragraph") == ["云州市科学技术协会文件", "正文。"]


def test_a_composite_is_opened_and_one_in_itself_is_not():
    paper = Paper()
    inner = text_object(CODE.format('X="0" Y="4.4"', "云州市科学技术协会"), boundary="10 10 60 5")
    inner = inner.replace("{id}", "901")
    again = '<ofd:CompositeObject ID="903" Boundary="0 0 10 10" ResourceID="902"/>'
    paper.book.resources = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="902" Width="100" Height="20"><ofd:Content>'
        f"{inner}{again}{again}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    paper.raw('<ofd:CompositeObject ID="{id}" Boundary="20 30 100 20" CTM="1 0 0 1 5 5" ResourceID="902"/>')
    document = checked(paper)
    assert told(document, "paragraph")[0] == "云州市科学技术协会"
    assert abs(document.runs[0].box.x0 - 35 * 72 / 25.4) < 0.1 and abs(document.runs[0].box.top - 45 * 72 / 25.4) < 0.2


def test_a_matrix_and_a_boundary_place_the_text():
    paper = Paper().raw(text_object(CODE.format('X="1" Y="4.4" DeltaX="5"', "甲乙"), ' CTM="2 0 0 2 3 4"'))
    (run,) = checked(paper).runs
    assert (run.box.x0, run.box.x1) == pytest.approx(((20 + 3 + 2) * 72 / 25.4, (20 + 3 + 22) * 72 / 25.4), abs=0.1)
    assert run.box.bottom - run.box.top == pytest.approx(10 * 72 / 25.4, abs=0.1)


@pytest.mark.parametrize(
    ("attributes", "boxes"),
    [
        ('X="0" Y="4.4" DeltaX="g 3 6"', (0, 23)),
        ('X="0" Y="4.4" DeltaX="6 g 2 6"', (0, 23)),
        ('X="0" Y="4.4" DeltaX="6"', (0, 23)),  # too few: the last one goes on
        ('X="0" Y="4.4" DeltaX="g 999999999 6"', (0, 23)),
        ('X="0" Y="4.4"', (0, 20)),
        ('X="0" Y="4.4" DeltaX="x y z"', (0, 20)),
        ('X="nan" Y="4.4" DeltaX="g 3 6"', (0, 23)),
    ],
)
def test_steps_in_every_form(attributes, boxes):
    (run,) = checked(Paper().raw(text_object(CODE.format(attributes, "科普活动")))).runs
    found = tuple(round(value * 25.4 / 72 - 20) for value in (run.box.x0, run.box.x1))
    assert found == boxes


@given(st.lists(st.sampled_from([0.0, 5.6301, 5.6726, 16.0]), max_size=40))
def test_compressed_steps_are_read_back(given_steps):
    back = steps(compressed(given_steps), len(given_steps))
    assert back == pytest.approx([float(mm(one)) for one in given_steps])


@given(st.text(max_size=30), st.integers(0, 50))
def test_steps_are_never_more_than_wanted(text, most):
    assert len(steps(text, most)) <= most


@given(st.one_of(st.text(max_size=12), st.floats().map(str), st.integers().map(str)))
def test_numbers_are_finite_and_near(text):
    assert abs(number(text)) <= FAR


def test_text_that_runs_down_is_one_line():
    code = CODE.format('X="0" Y="4.4" DeltaX="0 0 0" DeltaY="g 3 6"', "工作任务")
    assert told(checked(Paper().raw(text_object(code))), "paragraph") == ["工作任务"]


def test_layers_are_read_from_back_to_front_whatever_their_order():
    paper = Paper().line("前景", 100, 200, layer="Foreground").line("正文", 100, 200, layer="Body")
    assert told(checked(paper), "paragraph")[0].startswith("正文")


def test_text_in_millimetres_of_another_page_size():
    paper = Paper()
    paper.leaf.size = (841.89, 595.28)
    assert [(page.width, page.height) for page in checked(paper.line("横排。")).pages] == [(841.89, 595.28)]


@pytest.mark.parametrize(("matrix", "boundary"), [("0 1 -1 0 0 0", (150, 30)), ("0 -1 1 0 0 0", (60, 250))])
def test_a_table_laid_crosswise_is_turned_upright(matrix, boundary):
    """One that is read from above, and one that is read from below."""
    down = matrix.startswith("0 1")
    paper = Paper()
    for at, text in enumerate(["一、工作任务", "二、责任单位", "三、完成时限"]):
        x = boundary[0] + (-10 if down else 10) * at
        code = CODE.format('X="0" Y="0" DeltaX="g 5 5"', text)
        paper.raw(text_object(code, f' CTM="{matrix}"', f"{x} {boundary[1]} 5 60"))
    document = checked(paper)
    assert told(document, "paragraph") == ["一、工作任务", "二、责任单位", "三、完成时限"]
    assert [(page.width, page.height) for page in document.pages] == [(841.89, 595.28)]
    assert all(0 < run.box.x0 < run.box.x1 < 842 and 0 < run.box.top < run.box.bottom < 596 for run in document.runs)


def test_a_printed_code_makes_no_table():
    dots = "".join(
        f"M {x} {y} L {x + 1} {y} L {x + 1} {y + 1} L {x} {y + 1} C " for x in range(0, 40, 2) for y in range(20)
    )
    code = (
        f'<ofd:PathObject ID="{{id}}" Boundary="20 30 40 20" Stroke="false" Fill="true"><ofd:AbbreviatedData>{dots}'
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )
    document = checked(Paper().raw(code).paragraph(PROSE))
    assert told(document, "paragraph") == [PROSE] and document.complete


def test_annotations_are_beside_the_text():
    stamp = text_object(CODE.format('X="0" Y="4.4"', "已收文"), boundary="100 100 30 10").replace("{id}", "950")
    document = checked(Paper().paragraph(PROSE).annotation(stamp))
    assert told(document, "paragraph") == [PROSE]
    assert told(document, "header") == ["已收文"]


def test_a_watermark_is_beside_the_text():
    slanted = text_object(CODE.format('X="0" Y="4.4"', "内部文件"), ' CTM="0.7 0.7 -0.7 0.7 0 0"', "60 120 90 90")
    document = checked(Paper().paragraph(PROSE).raw(slanted))
    assert told(document, "paragraph") == [PROSE] and told(document, "header", "footer") == ["内部文件"]


def test_signatures_and_attachments_are_told():
    document = checked(Paper().paragraph(PROSE).signed().attached("任务分解表"))
    assert document.warnings == ("signed",)
    assert document.links == (
        ("电子印章", "Doc_0/Signs/Sign_0/Signature.xml"), ("任务分解表.xlsx", "Doc_0/Attachs/table.xlsx"),
    )  # fmt: skip
    assert document.complete and document.text.strip() == PROSE


def test_custom_tags_and_a_list_that_is_missing():
    paper = Paper().paragraph(PROSE)
    paper.book.of_document += (
        "<ofd:Attachments>Nothing.xml</ofd:Attachments><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>"
    )
    tag = f'<ofd:CustomTags {SPACE}><ofd:CustomTag TypeID="公文要素"><ofd:FileLoc>Tag.xml</ofd:FileLoc></ofd:CustomTag>'
    paper.book.parts["Doc_0/Tags/CustomTags.xml"] = f"{tag}</ofd:CustomTags>".encode()
    document = checked(paper)
    assert (document.links, document.complete) == ((("公文要素", "Tag.xml"),), True)


def test_addresses_are_listed():
    link = (
        "<ofd:Actions><ofd:Action Event=\"CLICK\"><ofd:URI URI=\"http://kx.example/tz\"/></ofd:Action></ofd:Actions>"
    )
    paper = Paper().raw(text_object(link + CODE.format('X="0" Y="4.4"', "详见网站")))
    assert checked(paper).links == (("链接", "http://kx.example/tz"),)


def refusal(paper) -> str:
    with pytest.raises(SourceError) as caught:
        read(paper)
    return caught.value.code


def test_a_scan_needs_recognition():
    assert refusal(Paper().picture().page().picture()) == "no_text_needs_ocr"
    stamp = text_object(CODE.format('X="0" Y="4.4"', "已收文")).replace("{id}", "950")
    assert refusal(Paper().picture().annotation(stamp)) == "no_text_needs_ocr"


def test_a_page_of_a_picture_is_told():
    document = checked(Paper().paragraph(PROSE).page().picture())
    assert (document.complete, document.reasons) == (False, ("empty_page",))


GLYPHS = (
    '<ofd:CGTransform CodePosition="0" CodeCount="4" GlyphCount="4"><ofd:Glyphs>11 12 13 14</ofd:Glyphs>'
    "</ofd:CGTransform>"
)


@pytest.mark.parametrize("code", ["\ue001\ue002\ue003\ue004", "\ufffd\ufffd\ufffd\ufffd", "    "])
def test_glyphs_without_characters_need_recognition(code):
    item = text_object(GLYPHS + CODE.format('X="0" Y="4.4" DeltaX="g 3 5"', code))
    assert refusal(Paper().raw(item)) == "no_text_needs_ocr"
    document = checked(Paper().paragraph(PROSE).page().raw(item))
    assert (document.text.strip(), document.reasons) == (PROSE, ("empty_page",))


def test_glyphs_beside_characters_are_no_hindrance():
    item = text_object(GLYPHS + CODE.format('X="0" Y="4.4" DeltaX="g 3 5"', "科普活动"))
    document = checked(Paper().raw(item))
    assert (document.text.strip(), document.complete) == ("科普活动", True)


def outline(x: float) -> str:
    told_ = " ".join(f"L {at % 7} {at % 9}" for at in range(30))
    return (
        f'<ofd:PathObject ID="{{id}}" Boundary="{x} 25 9 9" Stroke="false" Fill="true"><ofd:AbbreviatedData>M 0 0 '
        f"{told_} C</ofd:AbbreviatedData></ofd:PathObject>"
    )


def test_a_letterhead_drawn_as_outlines_is_told():
    paper = Paper().paragraph(PROSE)
    for at in range(8):
        paper.raw(outline(30 + 12 * at))
    document = checked(paper)
    assert (document.text.strip(), document.complete, document.reasons) == (PROSE, False, ("drawn_text",))


def test_one_emblem_is_no_letterhead():
    assert checked(Paper().paragraph(PROSE).raw(outline(30)).raw(outline(30))).complete


def test_bold_by_weight_and_by_font():
    document = checked(Paper().line("重要通知", more=' Weight="700"').line("一般通知", top=300))
    assert [block.bold for block in document.blocks] == [True, False]
