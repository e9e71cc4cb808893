"""Tables copied from pages without tabs: one cell a line, or columns set with blanks."""

from __future__ import annotations

from layout_kit import paragraphs, read, table

SERIAL = """云州市科普任务清单

序号

工作任务

牵头单位

时间安排


1

科普进校园

市教育局
市科协

5月


2

科普进乡村

市农业农村局

全年


3

科普日

市科协

9月


— 6 —
"""

HEADED = """任务
主要措施
牵头部室
责任单位
时间安排

一、服务创新
1.组织学术年会
举办学术交流活动3场。
学会部
市科技馆、各县区科协
6月底前

二、提升素质
2.办好科普日
组织主场活动，参与公众2万人次。
科普部
各县区科协
9月

有关要求另行通知。
"""


def test_rows_told_by_their_serial_numbers():
    document = read(SERIAL)
    assert paragraphs(SERIAL) == ["云州市科普任务清单"]
    assert table(document) == [
        ["序号", "工作任务", "牵头单位", "时间安排"],
        ["1", "科普进校园", "市教育局\n市科协", "5月"],
        ["2", "科普进乡村", "市农业农村局", "全年"],
        ["3", "科普日", "市科协", "9月"],
    ]


def test_page_numbers_are_no_serial_numbers():
    text = "目录\n说明\n1\n云州市科协负责。\n各单位配合，抓好落实。\n另有安排的除外。\n2\n附则\n"
    assert all(block.kind == "paragraph" for block in read(text).blocks)


def test_rows_told_by_known_heads_and_group_titles_between_them():
    found = table(read(HEADED))
    assert found[0] == ["任务", "主要措施", "牵头部室", "责任单位", "时间安排"]
    assert [row[0] for row in found[1:]] == ["一、服务创新", "1.组织学术年会", "二、提升素质", "2.办好科普日"]
    assert found[2][2:] == ["学会部", "市科技馆、各县区科协", "6月底前"]
    assert paragraphs(HEADED) == ["有关要求另行通知。"]


def test_a_row_that_does_not_fit_its_typed_column_ends_the_table():
    text = HEADED.replace("9月\n", "有关单位自行安排时间\n")
    assert all(block.kind == "paragraph" for block in read(text).blocks)


def test_columns_set_with_blanks():
    text = (
        "联系方式\n"
        "单位　　　　　　　联系人　　　电话　　　　　　邮箱\n"
        "云州市科协　　　　林　立　　　0999-5550101　　lin@example.org\n"
        "云州科技馆　　　　何若溪　　　0999-5550102\n"
    )
    assert table(read(text)) == [
        ["单位", "联系人", "电话", "邮箱"],
        ["云州市科协", "林　立", "0999-5550101", "lin@example.org"],
        ["云州科技馆", "何若溪", "0999-5550102", ""],
    ]


def test_a_first_cell_broken_in_two_lines():
    text = (
        "行动\t序号\t内容\t牵头单位\n青少年行动\t1\t科普进校园\t市教育局\n"
        "领导干部和公务员\n素质行动\t2\t专题讲座\t市委组织部\n"
    )
    assert [row[0] for row in table(read(text))] == ["行动", "青少年行动", "领导干部和公务员素质行动"]


def test_blank_lines_above_a_paragraph_are_kept():
    document = read("云州市科学技术协会\n\n关于开展科普活动的通知\n云科协〔2024〕3号\n")
    assert [block.gap for block in document.blocks] == [0, 1, 0]
