"""Lines broken where no break is looked for, heads that run over pages, and tables parted by blank lines."""

from __future__ import annotations

import pytest
from layout_kit import paragraphs, read, table


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("全文请于10", "月15日前发送至邮箱。"),
        ("                2024年7月", "18日"),
        ("各单位按月调度，每月25日", "前报送进展情况。"),
        ("请各单位于10月14日（星期一）", "17：30前反馈。"),
        ("（一）监测预警组。负责预警。（牵", "头单位：乡应急办；责任单位：各村）"),
        ("（二）办好食堂。（牵头单位：民政办；完", "成时限：3月底前）"),
        ("云州市科协办公室        2024年4月26日", "印发"),
    ],
)
def test_a_line_that_is_cut_inside_a_date_or_a_bracket(upper, lower):
    assert paragraphs(f"{upper}\n{lower}\n") == [f"{upper.strip()}{lower}"]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("云州市科协办公室        2024年4月26日印发", "云州市教育局文件"),
        ("请于4月26日", "前期工作已经完成。"),
        ("抄送：市委办公室，市政府办公室。", "云州市科协办公室        2024年4月26日印发"),
        ("（牵头单位：市科协）", "责任单位：市教育局"),
    ],
)
def test_other_lines_stay_apart(upper, lower):
    assert paragraphs(f"{upper}\n{lower}\n") == [upper, lower]


def test_a_head_that_runs_over_pages_is_no_text():
    page = "各单位要提高认识，加强领导，抓好落实，把各项\n"
    source = f"{page}- 1 -\n云山乡人民政府发文\n\n工作做实。\n{page}- 2 -\n云山乡人民政府发文\n\n工作做好。\n"
    assert "云山乡人民政府发文" not in "".join(paragraphs(source))
    once = f"{page}- 1 -\n云山乡人民政府发文\n\n工作做实。\n"
    assert "云山乡人民政府发文" in "".join(paragraphs(once))


HEAD = "类别\n重点任务\n牵头单位\n责任单位\n时间安排\n\n"
ROWS = (
    "宣传\n1.举办咨询日活动\n市应急局\n市委宣传部、市公安局、\n市教育局\n6月16日\n\n2.设立分会场\n各县安委会\n成员单位\n6月\n\n"
    "演练\n3.开展疏散演练\n市教育局\n市地震局\n5月底前\n\n"
)
LAST = "4.组织知识竞赛\n市总工会\n团市委\n全年\n\n"


def test_rows_parted_by_blank_lines():
    source = f"重点任务分工表\n\n{HEAD}{ROWS}{HEAD}{LAST}云州市应急管理局\n2024年5月6日\n"
    assert table(read(source)) == [
        ["类别", "重点任务", "牵头单位", "责任单位", "时间安排"],
        ["宣传", "1.举办咨询日活动", "市应急局", "市委宣传部、市公安局、市教育局", "6月16日"],
        ["", "2.设立分会场", "各县安委会", "成员单位", "6月"],
        ["演练", "3.开展疏散演练", "市教育局", "市地震局", "5月底前"],
        ["", "4.组织知识竞赛", "市总工会", "团市委", "全年"],
    ]
    assert paragraphs(source)[-2:] == ["云州市应急管理局", "2024年5月6日"]


def test_short_paragraphs_are_no_such_table():
    source = "时间\n地点\n单位\n\n请各单位准时参加。\n不得迟到。\n\n谢谢配合。\n"
    assert all(block.kind != "table" for block in read(source).blocks)
