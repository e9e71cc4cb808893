"""Tables in plain text: tabs, pipes, Word tables written one cell a line (domain.md §12 B25-B29)."""

from __future__ import annotations

import pytest
from layout_kit import check_spans, check_way_back, paragraphs, read, table

HEADER = "\t工作\n任务\n\t主要内容\n\t牵头单位\n\t责任单位\n\t开展\n时间\n\n"
ROWS = (
    "\t（一）实施科普辐射工程\n\t1.举办活动周。吸引公众。\n\t市科技局\n\t市委宣传部、教育局等\n\t5月中下旬\n\n"
    "\t\n\t2.举办科普大行动。\n\t市科协\n\t领导小组各成员单位\n\t5-9月\n\n"
    "\t（二）实施少年强工程\n\n\t1.提高科学教育质量。\n\t市教育局\n\t市科协、科技局\n\t1-12月\n\n"
    "\t\n\t2.开展校外活动。\n\t市教育局、科协\n\n\t市委宣传部、团市委等\n\t1-12月\n\n"
    "\t（三）实施\n公务人员素质\n工程\n\t\n3.推动原创。\n\n\t市科协\n\t市财政局\n\t1-12月\n"
)
EXPECTED = [
    ["工作任务", "主要内容", "牵头单位", "责任单位", "开展时间"],
    ["（一）实施科普辐射工程", "1.举办活动周。吸引公众。", "市科技局", "市委宣传部、教育局等", "5月中下旬"],
    ["", "2.举办科普大行动。", "市科协", "领导小组各成员单位", "5-9月"],
    ["（二）实施少年强工程", "1.提高科学教育质量。", "市教育局", "市科协、科技局", "1-12月"],
    ["", "2.开展校外活动。", "市教育局、科协", "市委宣传部、团市委等", "1-12月"],
    ["（三）实施公务人员素质工程", "3.推动原创。", "市科协", "市财政局", "1-12月"],
]


def test_flattened_word_table_is_a_grid_again():
    source = f"任务分解表\n{HEADER}{ROWS} 云州市人民政府\n办 公 室 文 件\n"
    document = read(source)
    assert table(document) == EXPECTED
    assert paragraphs(source) == ["任务分解表", "云州市人民政府", "办 公 室 文 件"]
    check_way_back(document, source)
    check_spans(document)


def test_cells_have_their_row_and_column():
    document = read(f"任务分解表\n{HEADER}{ROWS}")
    cells = next(block for block in document.blocks if block.kind == "table").cells
    assert [(cell.row, cell.column) for cell in cells] == [(row, column) for row in range(6) for column in range(5)]


def test_header_repeated_on_the_next_page_is_dropped():
    document = read(f"任务分解表\n{HEADER}{ROWS}\n{HEADER}\t\n\t4.收尾。\n\t市科协\n\t市文旅局\n\t12月\n")
    assert table(document) == [*EXPECTED, ["", "4.收尾。", "市科协", "市文旅局", "12月"]]


def test_row_without_its_merged_first_cell_moves_right():
    document = read(f"任务分解表\n{HEADER}{ROWS}\n\t4.收尾。\n\t市科协\n\t市文旅局\n\t12月\n")
    assert table(document)[-1] == ["", "4.收尾。", "市科协", "市文旅局", "12月"]


def test_blank_lines_part_rows_where_many_lack_their_merged_first_cell():
    head = "\t类别\n\t任务\n\t牵头\n科室\n\t责任单位\n\n"
    rows = (
        "\t一、宣传\n\t1.编写手册\n\t科普部\n\t市科技馆\n\n\t2.举办讲座\n\t市科技馆\n\t各县科协\n\n"
        "\t3.征集作品\n\t科普部\n\t各学会\n\n\t二、阵地\n\t4.建设驿站\n\t学会部\n\t各县科协\n\n\n"
    )
    last = "\t三、评估\n\t5.开展测评\n\t办公室\n\t市科技馆\n\n\t6.年度考核\n\t办公室\n\t各县科协\n"
    assert table(read(f"任务分解表\n\n{head}{rows}{head}{last}")) == [
        ["类别", "任务", "牵头科室", "责任单位"],
        ["一、宣传", "1.编写手册", "科普部", "市科技馆"],
        ["", "2.举办讲座", "市科技馆", "各县科协"],
        ["", "3.征集作品", "科普部", "各学会"],
        ["二、阵地", "4.建设驿站", "学会部", "各县科协"],
        ["三、评估", "5.开展测评", "办公室", "市科技馆"],
        ["", "6.年度考核", "办公室", "各县科协"],
    ]


def test_a_serial_number_stays_first_where_the_last_cell_was_left_out():
    head = "\t序号\n\t事项\n\t单位\n\t时间\n\n"
    rows = "\t1\n\t讲座\n\t市科协\n\t5月\n\n\t2\n\t展览\n\t市科技馆\n\n\t3\n\t竞赛\n\t市科协\n\t6月\n"
    assert table(read(f"任务分解表\n\n{head}{rows}"))[2] == ["2", "展览", "市科技馆", ""]


def test_first_cells_without_a_tab():
    text = (
        "附件2\n\n任务\n\t内容\n\t单位\n\n一、提升行动\n\t1.上好课。\n\t市教育局\n\n\t\n\t2.办好展。\n\t市科协\n\n"
        "二、基础行动\n\t1.建好馆。\n\t市科协、市财政局\n\n云州市人民政府\n"
    )
    assert table(read(text)) == [
        ["任务", "内容", "单位"],
        ["一、提升行动", "1.上好课。", "市教育局"],
        ["", "2.办好展。", "市科协"],
        ["二、基础行动", "1.建好馆。", "市科协、市财政局"],
    ]
    assert paragraphs(text) == ["附件2", "云州市人民政府"]


def test_paragraphs_that_begin_with_a_tab_are_no_table():
    text = (
        "通知\n\t为做好工作，制定本方案。\n\t一、目标\n\n\t到年底完成任务。\n\t二、要求\n\n"
        "\t各单位要加强领导。\n\t特此通知。\n"
    )
    assert [block.kind for block in read(text).blocks] == ["paragraph"] * 7


def test_cell_cut_by_a_page_end_is_one_cell():
    cut = "举办大行动。集中开展联合行动，广泛宣\n\n— 5 —\n\n传，提升品牌。"
    text = f"任务分解表\n{HEADER}{ROWS}".replace("举办科普大行动。", cut)
    assert table(read(text))[2][1] == "2.举办大行动。集中开展联合行动，广泛宣传，提升品牌。"


def test_units_on_lines_of_a_cell_stay_apart():
    document = read("\t任务\n\t单位\n\n\t举办活动\n\t市科协\n市教育局\n\n\t宣传报道\n\t市委宣传部\n\n")
    assert table(document) == [["任务", "单位"], ["举办活动", "市科协\n市教育局"], ["宣传报道", "市委宣传部"]]


def test_rows_of_tabs_are_a_table():
    source = (
        "附件\n\n活动\t时间\t地点\n科普进校园 禁毒宣传\t5-6 月\t清河区 东山区\n\n科普大联合\t9-10 月\t安平县\n\n附件2\n"
    )
    document = read(source)
    assert table(document) == [
        ["活动", "时间", "地点"],
        ["科普进校园 禁毒宣传", "5-6 月", "清河区 东山区"],
        ["科普大联合", "9-10 月", "安平县"],
    ]
    assert paragraphs(source) == ["附件", "附件2"]
    check_way_back(document, source)


def test_empty_cells_at_the_ends_of_a_row_count():
    assert table(read("序号\t单位\t备注\n1\t市科协\t\n\t市教育局\t无\n")) == [
        ["序号", "单位", "备注"],
        ["1", "市科协", ""],
        ["", "市教育局", "无"],
    ]


def test_a_lone_line_with_a_tab_at_its_end_is_a_table_of_one_row():
    assert table(read("单位\t姓名\t\n")) == [["单位", "姓名", ""]]


def test_row_cut_by_a_page_end_is_one_row():
    text = "活动\t内容\t单位\n大联合\t结合科普日开展系\n— 3 —\n列活动\t市科协\n大讲堂\t举办讲座\t市教育局\n"
    assert table(read(text)) == [
        ["活动", "内容", "单位"],
        ["大联合", "结合科普日开展系列活动", "市科协"],
        ["大讲堂", "举办讲座", "市教育局"],
    ]


def test_form_of_one_header_row_is_a_table():
    assert table(read("填报单位：\n\n活动内容\t活动形式 (线上/线下)\t参与 人数\t备注")) == [
        ["活动内容", "活动形式 (线上/线下)", "参与 人数", "备注"]
    ]


def test_joint_signatures_two_by_two_stay_lines():
    text = "云州市科学技术协会\t云州市教育局\n云州市科学技术局\t云州市农业农村局\n2024年4月20日\n"
    assert paragraphs(text) == [
        "云州市科学技术协会\t云州市教育局",
        "云州市科学技术局\t云州市农业农村局",
        "2024年4月20日",
    ]


def test_pipe_table():
    document = read(
        "| 任务 | 牵头<br>单位 |\n|---|:---:|\n| 科普**讲座** | 市科协 |\n| 评比 |\n\n结束。\n", "text/markdown"
    )
    assert table(document) == [["任务", "牵头单位"], ["科普讲座", "市科协"], ["评比", ""]]


def test_cell_cut_inside_a_word():
    text = (
        "任务分解表\n\t工作任务\n\t主要内容\n\t牵头单位\n\n\t（一）工程\n\t1.举办活动周。\n\t市科技局\n\n"
        "\t\n\t2.开展校\n— 3 —\n外活动。\n\t市科协\n\n\t\n\t3.组织学\n\n生参加研学。\n\t市教育局\n\n"
    )
    document = read(text)
    assert table(document)[2:] == [["", "2.开展校外活动。", "市科协"], ["", "3.组织学生参加研学。", "市教育局"]]
    check_way_back(document, text)


def test_first_cell_below_a_page_end_is_a_cell_of_its_own():
    text = (
        "任务分解表\n\n任务\n\t内容\n\t单位\n\n宣传引导\n\t上好课\n\t市教育局\n\n— 3 —\n\n阵地建设\n\t建好馆\n"
        "\t市科协\n\n队伍建设\n\t办好班\n\t市人社局\n"
    )
    assert table(read(text))[2] == ["阵地建设", "建好馆", "市科协"]


@pytest.mark.parametrize("end", ["", "\t", "\t\t\t"])
def test_group_title_over_the_whole_width(end):
    text = (
        f"序号\t任务\t牵头单位\t责任单位\n一、提升行动{end}\n1\t科普进校园\t市教育局\t市科协\n"
        f"二、基础行动{end}\n2\t科普进企业\t市工信局\t市总工会\n"
    )
    document = read(text)
    assert [row[0] for row in table(document)] == ["序号", "一、提升行动", "1", "二、基础行动", "2"]
    cells = next(block for block in document.blocks if block.kind == "table").cells
    assert [(cell.row, cell.column_span) for cell in cells if cell.column_span > 1] == [(1, 4), (3, 4)]
    check_way_back(document, text)


def test_heading_between_two_tables_is_no_group():
    text = "序号\t任务\n1\t讲座\n二、活动安排\n活动\t时间\t地点\n讲座\t5月\t安平县\n"
    assert paragraphs(text) == ["二、活动安排"]
