"""What converters leave behind (domain.md §12 B17-B31), from the file's bytes to the record."""

from __future__ import annotations

import pytest
from edge_kit import column, headings, notice, read_body, read_bytes
from extract_kit import read_document, read_record, read_records

from gongwen.document import grid

TABLE_HEAD = "\t工作\n任务\n\t主要内容\n\t牵头单位\n\t责任单位\n\t开展\n时间\n\n"
TABLE_ROWS = (
    "\t（一）实施科普辐射工程\n\t1.举办活动周。吸引公众。\n\t市科技局\n\t市委宣传部、教育局等\n\t5月中下旬\n\n"
    "\t\n\t2.举办科普大行动。\n\t市科协\n\t领导小组各成员单位\n\t5-9月\n\n"
    "\t（二）实施少年强工程\n\n\t1.提高科学教育质量。\n\t市教育局\n\t市科协、科技局\n\t1-12月\n\n"
)


def _with_table(rows: str) -> str:
    after = f"附件\n\n2024年重点任务分解表\n\n{TABLE_HEAD}{rows}"
    return notice("请认真执行。", after=after)


def test_a_bookmark_goes_and_the_deadline_stays():
    """B17"""
    text = notice("[bookmark: _GoBack]请于2024年12月4日前将总结报送市科协。")
    assert "bookmark" not in read_document(text).text
    assert column(read_record(text), "deadlines", "date") == ["2024-12-04"]


def test_a_marked_heading_is_an_activity_with_its_number():
    """B18"""
    body = (
        "## **一、重点活动**\n\n## **2. 2024 年云州市青少年科学荟**\n\n"
        "时间：2024年9月\n\n地点：云州科技馆\n\n主办单位：市科协"
    )
    record = read_body(body)
    assert column(record, "activities", "title") == ["2024年云州市青少年科学荟"]
    assert headings(record["sections"]) == ["重点活动", ["2024年云州市青少年科学荟"]]


def test_a_bold_heading_with_text_on_its_line_is_a_heading():
    """B19"""
    body = "**一、活动安排**\n\n**（三）各单位特色活动。**各县区各单位组织开展活动。"
    record = read_body(body)
    assert headings(record["sections"]) == ["活动安排", ["各单位特色活动"]]
    assert "**" not in read_document(notice(body)).text


def test_a_link_gives_its_address_once():
    """B20"""
    document = read_document(notice("**请登录**活动网站([www.kepu.example](http://www.kepu.example))发布。"))
    assert document.links == (("www.kepu.example", "http://www.kepu.example"),)
    assert document.text.count("kepu.example") == 1


WEB = """ 无障碍    长者助手 我的收藏   收藏
云州市人民政府信息公开

索引号: 11990700007062431G/2024-00748 分类: 科技、教育
发布机构: 云州市人民政府办公室 成文日期: 2024-09-13
名称: 云州市人民政府办公室关于印发《2024年云州市科普日活动方案》的通知
文号: 云府办函【2024】117号 发布日期: 2024-09-16
主题词:
【打印】 【字体:

云州市人民政府办公室关于印发《2024年云州市科普日活动方案》的通知

发布日期:2024-09-16  浏览次数:-

云府办函【2024】117号

各市(区)人民政府,市有关单位:

    现将《2024年云州市科普日活动方案》印发给你们,请认真贯彻执行。

云州市人民政府办公室
2024年9月13日

2024年云州市科普日活动方案

    为深入学习贯彻有关精神，宣传科学知识，制定本方案。

附件:
1.云府办函【2024】117号附件.doc

  图解:2024年云州市科普日活动方案

  解读文本:2024年云州市科普日活动方案
"""


def test_furniture_of_a_web_page_is_in_no_value():
    """B21"""
    (record,) = read_records(WEB)
    values = str([value for _, value in record.paths()])
    assert not any(word in values for word in ("无障碍", "长者助手", "打印", "浏览次数", "解读文本", "图解"))


def test_an_empty_label_is_no_value_and_a_list_is_several_topics():
    """B22"""
    (record,) = read_records(WEB)
    assert record["topics"] == ["科技", "教育"]
    assert (record["index_code"], record["status"]) == ("11990700007062431G/2024-00748", None)


def test_a_title_told_three_times_is_one_title_and_one_enclosure():
    """B23"""
    (record,) = read_records(WEB)
    assert record["title"] == "云州市人民政府办公室关于印发《2024年云州市科普日活动方案》的通知"
    assert record["enclosures"] == ["2024年云州市科普日活动方案"]


def test_a_link_to_a_file_is_no_annex():
    """B24"""
    (record,) = read_records(WEB)
    assert record["annexes"] == []


def test_a_table_written_one_cell_a_line_is_a_table_of_tasks():
    """B25"""
    record = read_record(_with_table(TABLE_ROWS))
    assert column(record, "tasks", "title") == ["举办活动周", "举办科普大行动", "提高科学教育质量"]
    assert column(record, "tasks", "lead") == [["市科技局"], ["市科协"], ["市教育局"]]
    assert column(record, "tasks", "responsible")[0] == ["市委宣传部", "教育局"]
    assert [time["start"] for time in column(record, "tasks", "time")] == ["2024-05-11", "2024-05-01", "2024-01-01"]


def test_an_empty_first_cell_belongs_to_the_category_above():
    """B26"""
    record = read_record(_with_table(TABLE_ROWS))
    first, second = "（一）实施科普辐射工程", "（二）实施少年强工程"
    assert column(record, "tasks", "group") == [first, first, second]


def test_a_merged_cell_is_the_category_of_its_rows():
    """B26"""
    head = "<tr><td>工作任务</td><td>主要内容</td><td>牵头单位</td></tr>"
    first = '<tr><td rowspan="2">（一）科普辐射工程</td><td>1.举办活动周。</td><td>市科技局</td></tr>'
    second = "<tr><td>2.举办科普大行动。</td><td>市科协</td></tr>"
    page = (
        "<html><head><meta charset='utf-8'><title>通知</title></head><body><p>云科协字〔2024〕12号</p>"
        "<p>关于开展2024年科普活动的通知</p><p>各县（区）科协：</p><p>请认真执行。</p><p>云州市科学技术协会</p>"
        f"<p>2024年3月5日</p><p>附件</p><p>2024年任务分解表</p><table>{head}{first}{second}</table></body></html>"
    )
    (record,) = read_bytes(page.encode(), "text/html")
    assert column(record, "tasks", "group") == ["（一）科普辐射工程", "（一）科普辐射工程"]
    assert column(record, "tasks", "lead") == [["市科技局"], ["市科协"]]


def test_a_category_repeated_on_the_next_page_is_the_same_one():
    """B27"""
    more = "\t（二）实施少年强工程\n\t2.开展校外活动。\n\t团市委\n\t市科协\n\t1-12月\n\n"
    record = read_record(_with_table(TABLE_ROWS + more))
    assert column(record, "tasks", "group")[2:] == ["（二）实施少年强工程"] * 2
    assert column(record, "tasks", "title")[3] == "开展校外活动"


def test_a_head_repeated_on_the_next_page_is_no_task():
    """B28"""
    more = f"{TABLE_HEAD}\t\n\t2.开展校外活动。\n\t团市委\n\t市科协\n\t1-12月\n\n"
    record = read_record(_with_table(TABLE_ROWS + more))
    assert column(record, "tasks", "lead") == [["市科技局"], ["市科协"], ["市教育局"], ["团市委"]]


@pytest.mark.parametrize(
    "row",
    [
        "\t\n\t2.开展校外活动。\n\n\n\t团市委\n\t市科协\n\t1-12月\n\n",
        "\t\n\t2.开展校外活动。\n\t团市委\n— 3 —\n\t市科协\n\t1-12月\n\n",
    ],
)
def test_a_row_cut_by_a_page_is_one_task(row):
    """B28"""
    record = read_record(_with_table(TABLE_ROWS + row))
    assert column(record, "tasks", "title")[3:] == ["开展校外活动"]
    assert column(record, "tasks", "responsible")[3:] == [["市科协"]]


def test_spread_column_names_are_closed_up_and_a_blank_form_has_no_data():
    """B29"""
    form = "附件\n\n云州市科普活动统计表\n\n| 活动名称 | 参与 人数 | 媒体 报道 篇数 |\n|---|---|---|\n|  |  |  |\n"
    text = notice("请认真执行。", after=form)
    table = next(block for block in read_document(text).blocks if block.kind == "table")
    assert len(grid(table)[0]) == 3
    record = read_record(text)
    assert (record["tasks"], record["activities"], record["contacts"]) == ([], [], [])
    assert record["forms"] == ["云州市科普活动统计表"]
    assert record.evidence["forms/0"][0].quote == "云州市科普活动统计表"
    filled = form.replace("|  |  |  |", "| 科普日 | 300 | 5 |\n| 科技周 | 200 | 3 |")
    assert read_record(notice("请认真执行。", after=filled))["forms"] == []


def test_a_field_of_a_form_names_no_unit():
    """B30"""
    form = "附件\n\n云州市科普活动统计表\n\n填报单位：\n填报人：        联系电话：\n"
    record = read_record(notice("请认真执行。", after=form))
    assert (record["hosts"], record["contacts"], record["forms"]) == ([], [], ["云州市科普活动统计表"])
    assert set(record["units"]) == {"云州市科学技术协会", "各县（区）科协"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('邮箱：HYPERLINK "mailto:kepu@yunzhou.example" kepu@yunzhou.example', "邮箱：kepu@yunzhou.example"),
        ("第 PAGE \\* MERGEFORMAT 页", "第  页"),
        ("详见 _Toc123456 目录。", "详见  目录。"),
    ],
)
def test_field_codes_go(source, expected):
    """B31"""
    document = read_document(notice(f"请认真执行。\n{source}"))
    assert expected in document.text
    assert source not in document.text


def test_a_mail_address_under_a_field_code_is_read():
    """B31"""
    body = '联系人：林若溪，邮箱：HYPERLINK "mailto:kepu@yunzhou.example" kepu@yunzhou.example'
    (row,) = read_body(body)["contacts"]
    assert (row["name"], row["email"]) == ("林若溪", "kepu@yunzhou.example")
