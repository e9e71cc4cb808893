"""What extraction finds in a sheet: the same as in the same tables of a DOCX."""

from itertools import groupby

import pytest
from docx_kit import cell, docx, p, table
from openpyxl.utils import get_column_letter
from sheet_kit import HEADER, read, saved, sheet

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.rulebook import load_rulebook
from ingest.readers.docx import READER as DOCX_READER
from ingest.source import Source

BOOK = load_rulebook()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UP = object()
"""Belongs to the cell above."""

TASKS = (
    ["2024年云州市全民科学素质行动任务分解表"],
    [
        HEADER,
        ["1", "一、青少年科学素质行动", "1.举办创新大赛。组织展示。", "市教育局", "市科协、市妇联", "2024年9月15日"],
        ["2", UP, "2.开展科普进校园活动。", "市科协", "市教育局", "2024年6月"],
        HEADER,
        ["3", "二、农民科学素质提升行动", "3.开展农技服务。", "市农业农村局", UP, "2024年底前"],
        ["4", UP, "4.培训高素质农民。", "市农业农村局", "市科技局", "每季度"],
    ],
    ["备注：以上任务由市科协负责督促落实。"],
)  # fmt: skip
TWO_ROWS_OF_HEADS = (
    ["2024年科普工作任务清单"],
    [
        ["序号", "工作任务", "责任分工", "", "完成时限"],
        ["", "", "牵头单位", "责任单位", ""],
        ["1", "举办科技周。", "市科技局", "市科协、市教育局", "2024年5月"],
        ["2", "举办科普日。", "市科协", "各县（区）科协", "2024年9月"],
    ],
    [],
)
CONTACTS = (
    ["2024年度科普工作联络员名单"],
    [
        ["序号", "单位", "联络员", "办公电话", "手机", "邮箱"],
        ["1", "市教育局", "左　䶮", "0999-5550232", "13900000011", "jyj@yunzhou.example"],
        ["2", "市科技局", "裴知非", "5550211", "13900000012", "kjj@yunzhou.example"],
        ["3", "市农业农村局", "粟丰登", "0999-5550251", "13900000013", ""],
    ],
    [],
)
ROSTER = (
    ["云州市全民科学素质工作领导小组成员名单"],
    [
        ["序号", "组内职务", "姓名", "单位及职务"],
        ["1", "组长", "陆秉衡", "市人民政府副市长"],
        ["2", "副组长", "左　䶮", "市科协主席"],
        ["3", "成员", "裴知非", "市科技局副局长"],
        ["4", UP, "粟丰登", "市农业农村局副局长"],
    ],
    [],
)
FILLED = (
    ["2024年云州市科普日活动安排表"],
    [
        ["序号", "活动名称", "活动时间", "活动地点", "主办单位", "参与人数"],
        ["1", "科普日主场活动", "2024年9月15日", "云州科技馆", "市科协", "1200"],
        ["2", "科学家精神报告会", "2024年9月18日", "云州市图书馆", "市教育局", "300"],
    ],
    ["填表人：左䶮　　联系电话：0999-5550232"],
)
BLANK = (
    ["2024年云州市科普日活动情况统计表", "填报单位（盖章）：　　　　填报人：　　　　联系电话："],
    [
        ["序号", "活动名称", "活动时间", "活动地点", "主办单位", "参与人数"],
        ["1", "", "", "", "", ""],
        ["2", "", "", "", "", ""],
        ["合计", "", "", "", "", ""],
    ],
    ["填表说明：", "1.参与人数指到场参加活动的公众人次。"],
)
FORMS = {
    "tasks": TASKS, "heads": TWO_ROWS_OF_HEADS, "contacts": CONTACTS, "roster": ROSTER, "filled": FILLED,
    "blank": BLANK,
}  # fmt: skip
LISTS = ("tasks", "contacts", "leading_group", "activities", "deadlines", "targets")


def as_docx(before, lines, after) -> Document:
    def printed(row, column):
        text = lines[row][column]
        below = row + 1 < len(lines) and lines[row + 1][column] is UP
        if text is UP:
            return cell("", properties="<w:vMerge/>")
        return cell(text, properties='<w:vMerge w:val="restart"/>' if below else "")

    body = table(*("".join(printed(row, column) for column in range(len(lines[0]))) for row in range(len(lines))))
    data = docx("".join(map(p, before)) + body + "".join(map(p, after)))
    return DOCX_READER.read(Source.of("a.docx", data, DOCX))


def as_xlsx(before, lines, after) -> Document:
    """As offices make them: titles and notes merged over the table, numbers as numbers."""
    width = len(lines[0])
    book, page = sheet([[one] for one in before])
    for line in lines:
        page.append([None if one in (UP, "") else _number(one) for one in line])
    for one in after:
        page.append([one])
    last = get_column_letter(width)
    for row in (*range(1, len(before) + 1), *range(len(before) + len(lines) + 1, page.max_row + 1)):
        page.merge_cells(f"A{row}:{last}{row}")
    for column in range(width):
        runs = groupby(range(len(lines)), key=lambda row, at=column: _owner(lines, row, at))
        for owner, held in runs:
            if len(list(held)) > 1:
                first = owner + len(before) + 1
                end = max(row for row in range(len(lines)) if _owner(lines, row, column) == owner) + len(before) + 1
                page.merge_cells(start_row=first, end_row=end, start_column=column + 1, end_column=column + 1)
    return read(saved(book))


def _owner(lines, row, column):
    while lines[row][column] is UP:
        row -= 1
    return row


def _number(text):
    return float(text) if text.isdecimal() else text


def record(document):
    (found,) = extract(document, BOOK)
    return found


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_says_what_the_table_of_a_docx_says(form):
    mine, other = record(as_xlsx(*FORMS[form])), record(as_docx(*FORMS[form]))
    for name in ("title", *LISTS):
        assert mine[name] == other[name], name


def test_tasks_are_found():
    tasks = record(as_xlsx(*TASKS))["tasks"]
    assert [task["title"] for task in tasks] == ["举办创新大赛", "开展科普进校园活动", "开展农技服务", "培训高素质农民"]
    assert [task["lead"] for task in tasks] == [["市教育局"], ["市科协"], ["市农业农村局"], ["市农业农村局"]]
    assert tasks[1]["group"] == "一、青少年科学素质行动"
    assert tasks[0]["time"]["start"] == "2024-09-15"


def test_contacts_are_found_though_their_numbers_are_floats():
    contacts = record(as_xlsx(*CONTACTS))["contacts"]
    assert [one["phones"] for one in contacts] == [
        ["0999-5550232", "13900000011"], ["5550211", "13900000012"], ["0999-5550251", "13900000013"],
    ]  # fmt: skip


def test_a_number_that_lost_its_nought_is_told_not_guessed():
    before, lines, after = CONTACTS
    found = record(as_xlsx(before, [lines[0], ["1", "市教育局", "左　䶮", "9995550232", "13900000011", ""]], after))
    assert found["contacts"][0]["phones"] == ["13900000011"]
    assert [(one.code, one.field) for one in found.issues] == [("unread_phone", "contacts")]


def test_a_group_is_found():
    group = record(as_xlsx(*ROSTER))["leading_group"]
    assert [(one["role"], one["name"]) for one in group] == [
        ("组长", "陆秉衡"), ("副组长", "左䶮"), ("成员", "裴知非"), ("成员", "粟丰登"),
    ]  # fmt: skip


def test_a_filled_form_gives_rows_and_a_blank_one_is_a_form():
    filled, blank = record(as_xlsx(*FILLED)), record(as_xlsx(*BLANK))
    assert [one["title"] for one in filled["activities"]] == ["科普日主场活动", "科学家精神报告会"]
    assert [blank[name] for name in LISTS] == [[]] * len(LISTS)
    assert blank["title"] == "2024年云州市科普日活动情况统计表"


def test_evidence_names_the_cell_and_survives_the_record():
    found = record(as_xlsx(*CONTACTS))
    (phone,) = found.evidence["contacts/1/phones/0"]
    assert (phone.quote, phone.page, phone.cell) == ("5550211", 1, "Sheet1!D4")
    assert type(phone).from_json(phone.to_json()) == phone
