import json

import pytest
from pdf_kit import FULL, HEIGHT, LEADING, LEFT, RIGHT, SIZE, Paper, source, told

from gongwen.document import Document, grid
from gongwen.errors import SourceError
from ingest.readers.pdf import READER
from ingest.readers.pdf_second import READER as SECOND

PROSE = (
    "为深入贯彻落实关于科学普及与科技创新同等重要的要求，持续营造讲科学、爱科学、学科学、用科学的社会氛围，"
    "经研究，市科协定于九月在全市组织开展全国科普日云州活动，请各单位结合实际认真抓好组织实施。"
)


def read(paper, reader=READER) -> Document:
    document = reader.read(source(paper))
    assert Document.from_json(json.loads(json.dumps(document.to_json()))).text == document.text
    ends = [0, *(run.span.end for run in document.runs)]
    assert all(run.span.start >= end for run, end in zip(document.runs, ends, strict=False))
    return document


def table(document: Document) -> list[list[str | None]]:
    (block,) = [one for one in document.blocks if one.kind == "table"]
    return [[None if one is None else one.span.of(document.text) for one in row] for row in grid(block)]


@pytest.fixture(params=["pdfium", "pdfplumber"])
def reader(request):
    return READER if request.param == "pdfium" else SECOND


def notice() -> Paper:
    paper = Paper().line("云州市科学技术协会文件", 150, 60, 28)
    paper.line("关于举办全国科普日云州活动的通知", 120, 120, 22)
    paper.top = 180
    paper.line("各县（区）科协，各有关单位：").paragraph(PROSE).paragraph("一、活动主题", indent=2)
    return paper.paragraph("提升全民科学素质，协力建设科技强国。").line("— 1 —", 280, 780, 14)


def test_lines_become_paragraphs(reader):
    document = read(notice(), reader)
    assert told(document, "paragraph") == [
        "云州市科学技术协会文件", "关于举办全国科普日云州活动的通知", "各县（区）科协，各有关单位：", PROSE,
        "一、活动主题", "提升全民科学素质，协力建设科技强国。",
    ]  # fmt: skip
    assert told(document, "footer") == ["— 1 —"]
    assert document.text.rstrip().endswith("— 1 —")
    assert (document.complete, document.reasons) == (True, ())


def test_looks(reader):
    blocks = read(notice(), reader).blocks
    assert [(one.centred, one.size) for one in blocks[:4]] == [(True, 28.0), (True, 22.0), (False, 16.0), (False, 16.0)]
    assert all(one.page == 1 for one in blocks)


def test_boxes_say_where_a_word_is_printed(reader):
    document = read(notice(), reader)
    at = document.text.index("市科协定于")
    (box,) = document.boxes(type(document.blocks[0].span)(at, at + 3))
    line = PROSE.index("市科协定于") - (FULL - 2)
    column = line % FULL
    assert box.page == 1
    assert abs(box.x0 - (LEFT + column * SIZE)) < SIZE and abs(box.x1 - box.x0 - 3 * SIZE) < SIZE / 2
    expected = 180 + LEADING * (2 + line // FULL)
    assert abs(box.top - expected) < SIZE and 0.7 * SIZE < box.bottom - box.top < 1.6 * SIZE
    assert [(page.number, page.width, page.height) for page in document.pages] == [(1, 595.0, 842.0)]


def test_a_paragraph_goes_on_over_a_page_end(reader):
    first, rest = PROSE[: FULL - 2], PROSE[FULL - 2 :]
    paper = Paper()
    for _ in range(5):
        paper.paragraph(PROSE)
    paper.line(first, LEFT + 2 * SIZE).line("— 1 —", 280, 790, 14).page()
    for at in range(0, len(rest), FULL):
        paper.line(rest[at : at + FULL])
    document = read(paper.line("— 2 —", 280, 790, 14), reader)
    assert told(document, "paragraph") == [PROSE] * 6
    assert told(document, "footer") == ["— 1 —", "— 2 —"]
    assert {box.page for box in document.boxes(document.blocks[5].span)} == {1, 2}


def test_lines_that_hang_under_a_label_go_on_with_it():
    sent = "抄送：市委办公室，市人大常委会办公室，市政府办公室，市政协办公室，市纪委监委办公室。"
    paper = Paper().paragraph(PROSE).line(sent[:FULL]).line(sent[FULL:], LEFT + 3 * SIZE)
    paper.line("云州市科学技术协会", 350).line("2024年6月3日", 400)
    assert told(read(paper), "paragraph") == [PROSE, sent, "云州市科学技术协会", "2024年6月3日"]


def test_names_at_the_right_edge_stay_apart():
    names = ["中共云州市委网络安全和信息化委员会办公室", "云州市市场监督管理局", "云州市教育局", "云州市总工会"]
    paper = Paper().paragraph(PROSE).paragraph(PROSE)
    for name in names:
        paper.line(name, LEFT + SIZE * (FULL - len(name)))
    assert told(read(paper), "paragraph") == [PROSE, PROSE, *names]


def test_the_second_line_of_a_title_goes_on_with_a_full_first_line():
    title = "云州市科学技术协会关于组织开展全国科普日云州主场活动的通知"
    paper = Paper().line(title[:24], 80, 60, 18).line(title[24:], 220, 90, 18)
    paper.top = 140
    assert told(read(paper.paragraph(PROSE).paragraph(PROSE)), "paragraph") == [title, PROSE, PROSE]


def test_short_second_lines_go_on_where_all_long_lines_are_first_lines():
    notes = [f"{at}.{PROSE[: FULL - 3]}次数。" for at in (1, 2)]
    paper = Paper()
    for note in notes:
        paper.paragraph(note)
    assert told(read(paper), "paragraph") == notes


def test_a_date_at_the_end_of_a_page_is_not_gone_on_with():
    paper = Paper()
    for _ in range(5):
        paper.paragraph(PROSE)
    paper.line("云州市科学技术协会", RIGHT - 9 * SIZE).line("2024年9月2日", RIGHT - 6 * SIZE)
    paper.page().line("公开方式：主动公开", size=14)
    assert told(read(paper), "paragraph")[5:] == ["云州市科学技术协会", "2024年9月2日", "公开方式：主动公开"]


def test_a_page_left_half_empty_ends_its_paragraph():
    full = "科" * FULL
    paper = Paper().line(full).page()
    for _ in range(20):
        paper.line(full)
    assert told(read(paper), "paragraph")[0] == full


def test_running_heads_leave_the_text():
    paper = Paper()
    for number in range(4):
        paper.line("云州市科学技术协会文件选编", 80, 30, 10).paragraph(f"第{number}页的内容是不同的。")
        paper.line(str(number + 1), 290, 800, 10)
        if number < 3:
            paper.page()
    document = read(paper)
    assert told(document, "paragraph") == [f"第{number}页的内容是不同的。" for number in range(4)]
    assert told(document, "header") == ["云州市科学技术协会文件选编"] * 4
    assert told(document, "footer") == ["1", "2", "3", "4"]


def test_a_number_in_the_text_is_no_page_number():
    assert told(read(Paper().paragraph(PROSE).line("2024").paragraph(PROSE)), "paragraph")[1] == "2024"


XS, YS = [80.0, 160.0, 360.0, 512.0], [100.0, 130.0, 160.0, 220.0, 250.0]


def merged() -> Paper:
    paper = Paper().grid([XS[0], XS[-1]], [YS[0], YS[-1]])
    paper.rule(XS[0], YS[1], XS[3], YS[1]).rule(XS[1], YS[2], XS[3], YS[2]).rule(XS[0], YS[3], XS[3], YS[3])
    paper.rule(XS[1], YS[0], XS[1], YS[4]).rule(XS[2], YS[0], XS[2], YS[3])
    for x, y, text in (
        (0, 0, "类别"), (1, 0, "任务"), (2, 0, "牵头单位"), (0, 1, "普及行动"), (1, 1, "启动仪式"), (2, 1, "市科协"),
        (2, 2, "市教育局"), (0, 3, "保障"), (1, 3, "各县区自行安排"),
    ):  # fmt: skip
        paper.line(text, XS[x] + 5, YS[y] + 8, 12)
    paper.line("科普展览内容包括航空航天人工智能", XS[1] + 5, YS[2] + 8, 12)
    return paper.line("等主题", XS[1] + 5, YS[2] + 26, 12)


def test_merged_cells_are_one_cell(reader):
    document = read(merged(), reader)
    assert table(document) == [
        ["类别", "任务", "牵头单位"],
        ["普及行动", "启动仪式", "市科协"],
        ["普及行动", "科普展览内容包括航空航天人工智能等主题", "市教育局"],
        ["保障", "各县区自行安排", "各县区自行安排"],
    ]
    spans = {(one.row, one.column): (one.row_span, one.column_span) for one in document.blocks[0].cells}
    assert spans[1, 0] == (2, 1) and spans[3, 1] == (1, 2)


def test_lines_of_a_cell_that_do_not_fill_it_stay_lines():
    paper = Paper().grid(XS, YS[:2] + YS[3:4])
    paper.line("市科协", XS[1] + 5, YS[1] + 8, 12).line("市教育局", XS[1] + 5, YS[1] + 26, 12)
    assert table(read(paper))[1] == ["", "市科协\n市教育局", ""]


def test_cells_drawn_as_boxes_and_slivers_are_found():
    paper = Paper()
    for column in range(3):
        for row in range(2):
            paper._canvas.rect(XS[column], HEIGHT - YS[row + 1], XS[column + 1] - XS[column], 30)
            paper.line(f"格{row}{column}", XS[column] + 5, YS[row] + 8, 12)
    assert table(read(paper)) == [["格00", "格01", "格02"], ["格10", "格11", "格12"]]
    paper = Paper()
    for x in XS:
        paper._canvas.rect(x, HEIGHT - YS[2], 0.5, 60, stroke=0, fill=1)
    for y in YS[:3]:
        paper._canvas.rect(XS[0], HEIGHT - y, XS[-1] - XS[0], 0.5, stroke=0, fill=1)
    assert table(read(paper.line("甲", 90, 110, 12))) == [["甲", "", ""], ["", "", ""]]


def test_a_table_without_side_lines():
    paper = Paper()
    for y in YS[:3]:
        paper.rule(XS[0], y, XS[3], y)
    for x in XS[1:3]:
        paper.rule(x, YS[0], x, YS[2])
    for column, text in enumerate(("甲", "乙", "丙")):
        paper.line(text, XS[column] + 5, YS[0] + 8, 12)
    assert table(read(paper)) == [["甲", "乙", "丙"], ["", "", ""]]


def test_a_frame_or_a_line_is_no_table():
    paper = Paper().grid([70, 520], [90, 400]).rule(80, 150, 500, 150).paragraph(PROSE)
    assert told(read(paper), "table") == []
    assert told(read(Paper().paragraph(PROSE).rule(80, 90, 500, 90)), "paragraph") == [PROSE]


def over_pages(second_rows: list[list[str]], *, head: bool = True) -> Document:
    """A table of three columns that fills page 1 to its foot and goes on at the top of page 2."""
    rows = [["序号", "任务", "单位"], ["1", "启动仪式。", "市科协"]]
    rows.append(["2", "科普展览进入全市各个社区企业学校", "市科技馆及"])
    paper = Paper()
    for at, cells in enumerate(rows):
        for column, text in enumerate(cells):
            paper.line(text, XS[column] + 5, 640 + 40 * at + 8, 12)
    paper.grid(XS, [640 + 40 * at for at in range(4)]).line("— 1 —", 280, 790, 12).page()
    again = ([rows[0]] if head else []) + second_rows
    for at, cells in enumerate(again):
        for column, text in enumerate(cells):
            paper.line(text, XS[column] + 5, 100 + 40 * at + 8, 12)
    paper.grid(XS, [100 + 40 * at for at in range(len(again) + 1)]).line("— 2 —", 280, 790, 12)
    return read(paper)


def test_a_table_goes_on_over_a_page_end_without_its_second_head():
    document = over_pages([["3", "总结", "市科协"], ["4", "报送", "各县区"]])
    assert [row[0] for row in table(document)] == ["序号", "1", "2", "3", "4"]
    assert table(document)[4] == ["4", "报送", "各县区"]
    assert len([one for one in document.blocks if one.kind == "table"]) == 1


@pytest.mark.parametrize("head", [True, False])
def test_a_row_cut_by_the_page_end_is_one_row(head):
    told_rows = over_pages([["", "农村活动。", ""], ["3", "总结", "市科协"]], head=head)
    assert [row[0] for row in table(told_rows)][:3] == ["序号", "1", "2"]
    assert table(told_rows)[2][1] == "科普展览进入全市各个社区企业学校农村活动。"
    assert table(told_rows)[3] == ["3", "总结", "市科协"]


def test_a_row_cut_in_its_first_column_is_one_row():
    first, second = "一、实施青", "少年提升行动"
    task = "科普展览进入全市各个社区企业学校"
    paper = Paper().line("类别", 85, 608, 12).line("任务", 165, 608, 12).line("单位", 365, 608, 12)
    paper.line(first, 85, 648, 12).line(task, 165, 648, 12).line("市科协", 365, 648, 12)
    paper.grid([80, 160, 360, 512], [600, 640, 680]).line("— 1 —", 280, 790, 12).page()
    paper.line(second, 85, 108, 12).line("和农村。", 165, 108, 12)
    paper.line("保障", 85, 148, 12).line("经费", 165, 148, 12).line("市财政局", 365, 148, 12)
    document = read(paper.grid([80, 160, 360, 512], [100, 140, 180]).line("— 2 —", 280, 790, 12))
    assert table(document) == [
        ["类别", "任务", "单位"], [first + second, task + "和农村。", "市科协"], ["保障", "经费", "市财政局"],
    ]  # fmt: skip


def test_a_merged_group_cut_by_the_page_end_is_one_cell():
    paper = Paper().line("组", 85, 608, 12).line("任务", 165, 608, 12).line("甲组", 85, 648, 12)
    paper.line("一。", 165, 648, 12).line("二。", 165, 688, 12).grid([80, 160, 360], [600, 640]).rule(80, 640, 80, 720)
    paper.rule(160, 640, 160, 720).rule(360, 640, 360, 720).rule(160, 680, 360, 680).rule(80, 720, 360, 720)
    paper.line("— 1 —", 280, 790, 12).page().line("三。", 165, 108, 12).line("乙组", 85, 148, 12)
    paper.line("四。", 165, 148, 12).grid([80, 160, 360], [100, 140, 180]).line("— 2 —", 280, 790, 12)
    groups, tasks = zip(*table(read(paper)), strict=True)
    assert groups == ("组", "甲组", "甲组", "甲组", "乙组")
    assert tasks == ("任务", "一。", "二。", "三。", "四。")


def test_another_table_on_the_next_page_stays_another():
    paper = Paper().grid(XS, YS[:3]).line("甲", 90, 108, 12).line("— 1 —", 280, 790, 12).page()
    paper.grid([80, 200, 512], YS[:3]).line("乙", 90, 108, 12)
    assert len([one for one in read(paper).blocks if one.kind == "table"]) == 2


def test_text_drawn_out_of_order_is_read_from_the_top():
    paper = Paper().line("第三行。", top=300).line("第一行。", top=100).line("第二行。", top=200)
    assert told(read(paper), "paragraph") == ["第一行。", "第二行。", "第三行。"]


def test_parts_of_a_line_drawn_apart_are_one_line():
    paper = Paper().line("周明远", 300, 100).line("组长：", 80, 100).line("市科协主席", 400, 100)
    assert told(read(paper), "paragraph") == ["组长：  周明远  市科协主席"]


def test_parts_of_a_line_written_out_of_order_come_back_in_order():
    paper = Paper().line("举办", 80, 100).line("科普云州行", 80 + 3 * SIZE, 100).line("活动。", 80 + 9 * SIZE, 100)
    paper.line("《", 80 + 2 * SIZE, 100).line("》", 80 + 8 * SIZE, 100)
    assert told(read(paper), "paragraph") == ["举办《科普云州行》活动。"]


def test_large_type_beside_a_joint_letterhead_is_a_line_of_its_own():
    paper = Paper().line("云州市科学技术协会", 80, 60, 18).line("云州市教育局", 80, 100, 18).line("文件", 380, 76, 36)
    assert sorted(told(read(paper), "paragraph")) == ["云州市教育局", "云州市科学技术协会", "文件"]


def test_a_first_line_that_ends_one_character_early_is_not_centred():
    paper = Paper().line(PROSE[: FULL - 3], LEFT + 2 * SIZE)
    rest = PROSE[FULL - 3 :]
    for at in range(0, len(rest), FULL):
        paper.line(rest[at : at + FULL])
    document = read(paper.paragraph(PROSE))
    assert told(document, "paragraph") == [PROSE, PROSE]
    assert not any(block.centred for block in document.blocks)


def test_a_number_broken_after_its_hyphen_is_one_number():
    paper = Paper().paragraph(PROSE).line("联系人：何立，联系电话：0999-", LEFT + 2 * SIZE).line("5550123。")
    assert told(read(paper), "paragraph") == [PROSE, "联系人：何立，联系电话：0999-5550123。"]


def test_two_columns_are_read_one_after_the_other():
    paper = Paper()
    for column, x in (("左", 60), ("右", 320)):
        for row in range(6):
            paper.line(f"{column}{row}栏文字。", x, 100 + 28 * row)
    assert told(read(paper), "paragraph") == [f"{side}{row}栏文字。" for side in "左右" for row in range(6)]


def test_a_watermark_stands_beside_the_text():
    document = read(notice().slanted("内部资料"))
    assert PROSE in told(document, "paragraph")
    assert "内部资料" in told(document, "header", "footer")


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_coordinates_of_turned_pages_are_those_of_the_page_as_shown(angle):
    # Two characters at 100..132, 300..316 from the lower left corner of the unturned sheet, whose long side lies down
    # for 90 and 270 so that the page shows upright.
    document = read(Paper().turned(angle).line("通知", 100, HEIGHT - 316))
    box, page = document.runs[0].box, document.pages[0]
    assert (page.width, page.height) == (595.0, 842.0)
    x0, top, x1, bottom = {
        90: (300, 100, 316, 132),
        180: (595 - 132, 300, 595 - 100, 316),
        270: (595 - 316, 842 - 132, 595 - 300, 842 - 100),
    }[angle]
    assert abs(box.x0 - x0) < 8 and abs(box.top - top) < 8 and abs(box.x1 - x1) < 8 and abs(box.bottom - bottom) < 8


def test_a_page_that_is_a_picture_makes_the_document_incomplete(reader):
    document = read(Paper().paragraph(PROSE).page().picture(), reader)
    assert (document.complete, document.reasons) == (False, ("empty_page",))
    blank = read(Paper().paragraph(PROSE).page().page().paragraph(PROSE), reader)
    assert (blank.complete, blank.reasons) == (True, ())


@pytest.mark.parametrize(
    "paper",
    [Paper().picture(), Paper().line("\ue000\ue001\ue002" * 20), Paper().line("#$%&*+<=>@" * 12, size=4)],
)
def test_nothing_readable_needs_recognition(paper):
    with pytest.raises(SourceError) as caught:
        read(paper)
    assert caught.value.code == "no_text_needs_ocr"


def test_an_empty_page_needs_none(reader):
    with pytest.raises(SourceError) as caught:
        read(Paper(), reader)
    assert caught.value.code == "no_text"


def test_browser_prints_lose_their_margins():
    paper = Paper().line("11/21/26, 9:05 PM", 24, 16, 8).line("http://kepu.example/notice/1.html", 24, 820, 8)
    assert told(read(paper.paragraph(PROSE).line("1/1", 560, 820, 8)), "paragraph") == [PROSE]


def test_a_latin_word_between_lines_keeps_its_blank():
    left = "参加 International Science"
    paper = Paper().line("科" * (FULL - 14) + left, LEFT).line("Week 的单位请报名。")
    assert told(read(paper), "paragraph")[0].endswith("Science Week 的单位请报名。")


def test_a_file_that_was_cut_off_is_not_taken_for_whole(reader):
    data = notice().data()
    document = reader.read(source(data[: data.rindex(b"%%EOF")]))
    assert PROSE in document.text
    assert (document.complete, document.reasons) == (False, ("partly_damaged",))


def test_damage_has_a_reason(reader):
    for data in (b"%PDF-1.7", b"%PDF-1.7" + bytes(500), notice().data()[:700]):
        with pytest.raises(SourceError) as caught:
            reader.read(source(data))
        assert caught.value.code in ("parse_error", "no_text_needs_ocr")
