import datetime
import io

import pytest
from openpyxl.styles import Alignment, Font
from sheet_kit import HEADER, paragraphs, raw_xlsx, read, read_lines, saved, sheet, table_texts, text_cell

from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest.readers.sheet_model import MAX_CELLS

TITLE = "2024年云州市科普工作任务分解表"
TASKS = [
    [1, "科普进校园", "开展巡展。", "市教育局", "市科协", "2024年6月"],
    [2, "科普进乡村", "开展农技服务。", "市农业农村局", "市科协", "2024年9月"],
]


def place_of(document: Document, text: str) -> str | None:
    at = document.text.index(text)
    return document.cell_of(Span(at, at + len(text)))


def test_title_lines_table_and_notes_are_told_apart():
    document = read_lines([
        ["附件1"], [TITLE], ["单位：项"], HEADER, *TASKS, ["合计"],
        ["注：以上任务由市科协督促落实。"], ["联系人：陆秉衡"],
    ])  # fmt: skip
    assert [block.kind for block in document.blocks] == [*["paragraph"] * 3, "table", *["paragraph"] * 2]
    assert paragraphs(document)[:2] == ["附件1", TITLE]
    assert [row[0] for row in table_texts(document)] == ["序号", "1", "2", "合计"]


def test_a_merged_title_is_no_row_and_a_merged_group_spans_its_rows():
    book, page = sheet([[TITLE], HEADER, *TASKS])
    page.merge_cells("A1:F1")
    page["A1"].alignment = Alignment(horizontal="center")
    page["A1"].font = Font(bold=True, size=20)
    page["B4"].value = None
    page.merge_cells("B3:B4")
    document = read(saved(book))
    title, table = document.blocks
    assert (title.kind, title.centred, title.bold, title.size) == ("paragraph", True, True, 20)
    group = next(cell for cell in table.cells if cell.span.of(document.text) == "科普进校园")
    assert (group.row, group.column, group.row_span) == (1, 1, 2)


def test_a_group_title_inside_stays_in_the_table():
    book, page = sheet([HEADER, ["一、青少年行动"], TASKS[0], ["二、农民行动"], TASKS[1]])
    page.merge_cells("A2:F2")
    page.merge_cells("A4:F4")
    document = read(saved(book))
    assert [block.kind for block in document.blocks] == ["table"]
    assert [cell.column_span for cell in document.blocks[0].cells if cell.span.of(document.text)[1:2] == "、"] == [6, 6]


def test_a_title_behind_an_empty_row_begins_another_table():
    document = read_lines([HEADER, *TASKS, [], ["科普工作联络员名单"], ["单位", "姓名", "电话"], ["甲局", "左䶮", "1"]])
    assert [block.kind for block in document.blocks] == ["table", "paragraph", "table"]
    assert table_texts(document, 1) == [["单位", "姓名", "电话"], ["甲局", "左䶮", "1"]]


@pytest.mark.parametrize("head", [["附件2"], ["填报单位："], ["活动统计表", "（2024年度）"]])
def test_a_table_below_another_without_an_empty_row(head):
    document = read_lines([HEADER, *TASKS, *([one] for one in head), ["单位", "人数"], ["甲局", 3]])
    assert [block.kind for block in document.blocks] == ["table", *["paragraph"] * len(head), "table"]


def test_an_empty_row_alone_does_not_cut_a_table():
    document = read_lines([HEADER, TASKS[0], [], TASKS[1]])
    assert [block.kind for block in document.blocks] == ["table"]
    assert [cell.row for cell in document.blocks[0].cells[::6]] == [0, 1, 3]


def test_labels_beside_each_other_are_a_line():
    document = read_lines([[TITLE], ["填报单位：", "市科协", "填报时间：2024年5月"], HEADER, *TASKS])
    assert paragraphs(document) == [TITLE, "填报单位：市科协　　填报时间：2024年5月"]


def test_an_annex_mark_beside_the_title_is_no_table():
    document = read_lines([["附件1", None, TITLE], HEADER, *TASKS])
    assert paragraphs(document) == [f"附件1　　{TITLE}"]


def test_the_empty_cells_of_a_form_are_its_cells():
    document = read_lines([["2024年活动统计表"], ["序号", "活动名称", "参与人数"], [1], [2], ["合计"]])
    assert table_texts(document) == [["序号", "活动名称", "参与人数"], ["1", "", ""], ["2", "", ""], ["合计", "", ""]]


VALUES = [
    (13877246160.0, "General", "13877246160"),
    (9995550232, "0000-0000000", "0999-5550232"),
    (0.0716, "0.00%", "7.16%"),
    (12345.5, "#,##0.00", "12,345.50"),
    (datetime.date(2024, 9, 15), 'yyyy"年"m"月"d"日"', "2024年9月15日"),
    (datetime.datetime(2024, 9, 15, 9, 5), "yyyy/m/d\\ h:mm", "2024/9/15 9:05"),
    (True, "General", "TRUE"),
    (22, '"第"0"号"', "第22号"),
    ("甲", '@"局"', "甲局"),
]


def test_values_read_as_printed():
    book, page = sheet([["值", "格式"]])
    for number, (value, code, _) in enumerate(VALUES, 2):
        page.cell(number, 1, value).number_format = code
        page.cell(number, 2, "x")
    assert [row[0] for row in table_texts(read(saved(book)))[1:]] == [shown for _, _, shown in VALUES]


def test_evidence_names_the_cell():
    book, page = sheet([[], [None, "说明一"], [], [None, *HEADER], [None, *TASKS[0]]], title="分工表")
    page["D5"].value = "市教育局巡展"
    document = read(saved(book))
    assert place_of(document, "说明一") == "分工表!B2"
    assert place_of(document, "市教育局巡展") == "分工表!D5"
    assert Document.from_json(document.to_json()) == document


def test_sheets_are_pages_and_hidden_ones_stand_beside_the_text():
    book, _ = sheet([HEADER, *TASKS])
    book.create_sheet("联络员").append(["联系人：陆秉衡"])
    list_of_choices = book.create_sheet("选项")
    list_of_choices.append(["是"])
    list_of_choices.sheet_state = "veryHidden"
    document = read(saved(book))
    assert [(block.kind, block.page) for block in document.blocks] == [("table", 1), ("paragraph", 2), ("note", 3)]
    assert document.warnings == ("hidden_cells",)
    assert document.complete


@pytest.mark.parametrize("where", ["row", "column"])
def test_hidden_rows_and_columns_are_read_and_warned_of(where):
    book, page = sheet([HEADER, *TASKS])
    if where == "row":
        page.row_dimensions[3].hidden = True
    else:
        page.column_dimensions["E"].hidden = True
    document = read(saved(book))
    assert "科普进乡村" in document.text and "市科协" in document.text
    assert document.warnings == ("hidden_cells",)


def test_a_formula_that_was_never_calculated_is_told():
    document = read_lines([["单位", "人数"], ["甲局", 3], ["合计", "=SUM(B2:B2)"]])
    assert (document.complete, document.reasons) == (False, ("formula_uncalculated",))
    assert table_texts(document)[-1] == ["合计", ""]


def test_a_formula_s_value_is_read():
    cells = text_cell("A1", "合计") + '<c r="B1"><f>SUM(C1)</f><v>12</v></c><c r="C1" t="str"><f>1</f><v>甲</v></c>'
    document = read(raw_xlsx(f'<sheetData><row r="1">{cells}</row></sheetData>'))
    assert table_texts(document) == [["合计", "12", "甲"]]
    assert document.complete


def test_strings_in_runs_without_their_phonetic_guides():
    strings = (
        '<si><r><t>科普</t></r><r><t xml:space="preserve"> 日</t></r><rPh sb="0" eb="1"><t>ke</t></rPh></si>'
        "<si><t>甲_x000D_\n乙\t丙</t></si>"
    )
    cells = '<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>7</v></c>'
    document = read(raw_xlsx(f"<sheetData><row>{cells}</row></sheetData>", strings=strings))
    assert table_texts(document) == [["科普 日", "甲\n乙 丙"]]


def test_macros_are_left_alone_and_told():
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    data = raw_xlsx(
        f"<sheetData><row>{text_cell('A1', '通知')}</row></sheetData>",
        kind=kind, links=[("s9", "vbaProject", "vbaProject.bin")], add=[("xl/vbaProject.bin", b"\xd0\xcf")],
    )  # fmt: skip
    document = read(data, "a.xlsm")
    assert (document.text, document.warnings, document.complete) == ("通知\n", ("macros",), True)


def test_an_empty_workbook_has_no_text():
    with pytest.raises(SourceError) as caught:
        read_lines([])
    assert caught.value.code == "no_text"


def test_a_workbook_with_a_password_is_told():
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(saved(sheet([["通知"]])[0]))).encrypt("pw", out)
    with pytest.raises(SourceError) as caught:
        read(out.getvalue())
    assert caught.value.code == "password"


def test_a_sheet_that_is_missing_is_told():
    sheets = '<sheet name="甲" r:id="s1"/><sheet name="乙" r:id="gone"/>'
    data = raw_xlsx(f'<sheetData><row>{text_cell("A1", "通知")}</row></sheetData>', sheets=sheets)
    document = read(data)
    assert document.text == "通知\n"
    assert document.reasons == ("parse_error",)


def test_places_far_out_are_not_read_and_told():
    rows = (
        f'<row r="1">{text_cell("A1", "甲")}{text_cell("XFD1", "乙")}</row>'
        f'<row r="1048576">{text_cell("A1048576", "丙")}</row>'
    )
    document = read(raw_xlsx(f'<sheetData>{rows}</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))
    assert document.text == "甲\n"
    assert document.reasons == ("sheet_size",)


def test_empty_rows_and_merged_ranges_cost_nothing():
    rows = "".join(f'<row r="{at}"/>' for at in range(2, 200_000))
    cells = f'<row r="1">{text_cell("A1", "甲")}{text_cell("B1", "乙")}</row>'
    merged = '<mergeCells><mergeCell ref="B1:XFD1048576"/></mergeCells>'
    document = read(raw_xlsx(f"<sheetData>{cells}{rows}</sheetData>{merged}"))
    assert document.text == "甲\t乙\n"
    assert [(cell.row_span, cell.column_span) for cell in document.blocks[0].cells] == [(1, 1), (1, 1)]
    assert document.complete


def test_more_cells_than_a_file_may_have():
    rows = "".join(
        f'<row r="{at}">{"".join(f"<c><v>{column}</v></c>" for column in range(50))}</row>' for at in range(1, 2_100)
    )
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    document = read(raw_xlsx(f"<sheetData>{rows}</sheetData>{merged}"))
    assert document.reasons == ("sheet_size",)
    assert 0.9 * MAX_CELLS < len(document.blocks[0].cells) <= MAX_CELLS
    assert document.blocks[0].cells[50].row_span == 2


def test_what_stands_under_a_merged_cell_is_not_printed():
    cells = "".join(
        f'<row r="{at}">{text_cell(f"A{at}", f"甲{at}")}{text_cell(f"B{at}", "乙")}</row>' for at in (1, 2, 3)
    )
    merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A2:A3"/><mergeCell ref="A1:B3"/></mergeCells>'
    document = read(raw_xlsx(f"<sheetData>{cells}</sheetData>{merged}"))
    assert document.text == "甲1\n"
    assert document.warnings == ("hidden_cells",)


def test_one_long_string_in_many_cells():
    cells = "".join('<c t="s"><v>0</v></c>' for _ in range(100))
    document = read(raw_xlsx(f"<sheetData><row>{cells}</row></sheetData>", strings=f"<si><t>{'科' * 30_000}</t></si>"))
    assert document.reasons == ("sheet_size",)
    assert len(document.text) < 1_600_000


def test_a_declared_document_type_is_refused():
    head = '<!DOCTYPE a [<!ENTITY x "y">]>'
    cell = '<sheetData><row><c t="s"><v>0</v></c></row></sheetData>'
    assert read_code(raw_xlsx(cell, strings=f"{head}<si><t>x</t></si>")) == "xml_dtd"
    assert read_code(raw_xlsx(f"{head}{cell}")) == "xml_dtd"


def test_a_sheet_cut_off_is_damaged():
    assert read_code(raw_xlsx("<sheetData><row>")) == "parse_error"


def read_code(data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read(data)
    return caught.value.code
