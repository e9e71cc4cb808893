"""Rows of tasks, members and contacts: what the text says of its lists, groups in a first column, rare names, posts."""

from __future__ import annotations

import pytest
from edge_kit import read_body
from extract_kit import read_record


@pytest.mark.parametrize(
    "said", ["分工中涉及多个部门的，列在首位的为牵头单位。", "排在第一位的为牵头单位。", "第一个责任单位为牵头单位。"]
)
def test_the_first_of_each_list_leads_where_the_text_says_so(said):
    items = "二、任务分工\n（一）建设科普馆。\n责任单位：市科协、市教育局\n（二）举办讲座。\n责任单位：市卫健委\n"
    record = read_body(f"一、总体要求\n各单位要抓好落实，{said}\n{items}")
    assert [one["lead"] for one in record["tasks"]] == [["市科协"], ["市卫健委"]]
    assert [one["responsible"] for one in record["tasks"]] == [["市教育局"], []]
    plain = read_body(f"一、总体要求\n各单位要抓好落实。\n{items}")
    assert [one["lead"] for one in plain["tasks"]] == [[], []]


def test_groups_in_the_column_of_tasks_and_their_own_titles_in_the_next():
    table = (
        "工作任务\t重点举措\t工作要求\t牵头单位\t配合单位\t完成时限\n"
        "一、青少年行动\t1.开好科学课\t每周不少于一节。\t市教育局\t市科协\t全年\n"
        "\t2.办好竞赛\t参赛率达到七成。\t市科协\t团市委\t3月底前\n"
        "二、农民行动\t3.建设科技小院\t新建五个。\t市农业农村局\t市科协\t12月底前\n"
    )
    rows = read_record(f"云州市2024年工作要点任务分解表\n\n{table}")["tasks"]
    assert [one["title"] for one in rows] == ["开好科学课", "办好竞赛", "建设科技小院"]
    assert [one["group"] for one in rows] == ["一、青少年行动", "一、青少年行动", "二、农民行动"]
    assert rows[1]["detail"] == "参赛率达到七成。"


def test_when_a_task_is_done_is_no_deadline_of_those_addressed():
    body = "一、重点任务\n（一）建设科普馆。（牵头单位：市科协；责任单位：市教育局；完成时限：2024年8月底前）\n"
    record = read_body(body)
    assert record["deadlines"] == []
    assert record["tasks"][0]["time"]["end"] == "2024-08-31"
    assert [one["date"] for one in read_body("请于2024年8月底前报送总结。\n")["deadlines"]] == ["2024-08-31"]


@pytest.mark.parametrize(
    "told",
    [
        "何立同志兼任办公室主任，市科协副主席林若溪同志、市教育局副局长陈小满同志任办公室副主任。",
        "由何立任办公室主任，林若溪、陈小满任副主任。",
    ],
)
def test_several_deputies_of_the_office(told):
    record = read_body(
        f"成立云州市科普工作领导小组：\n组　长：林　溪（副市长）\n成　员：何　立（市科协主席）\n{told}\n"
    )
    deputies = [one["name"] for one in record["leading_group"] if one["role"] == "办公室副主任"]
    assert deputies == ["林若溪", "陈小满"]


def test_the_head_of_another_body_is_not_that_of_the_office():
    body = (
        "成立云州市科普工作领导小组：\n组　长：林　溪（副市长）\n成　员：何　立（市科协主席）\n"
        "领导小组办公室设在市科协。评审委员会主任：陈小满（云州大学教授）；副主任：苏若溪（云州医院院长）。\n"
    )
    roles = [one["role"] for one in read_body(body)["leading_group"]]
    assert not any("办公室" in role for role in roles)


@pytest.mark.parametrize("rank", ["常务", "第一", "名誉", "执行"])
def test_ranks_before_roles(rank):
    record = read_body(f"成立云州市指挥部：\n{rank}指挥长：何　立（副市长）\n成　员：林　溪（市科协主席）\n")
    assert [one["role"] for one in record["leading_group"]] == [f"{rank}指挥长", "成员"]


def test_rows_of_names_with_rare_ones_among_them():
    body = (
        "成立云州市学会理事会：\n理事长：林若溪  云州大学教授\n"
        "副理事长：何  立  云州医院院长\n        巴特尔其其格  云州市卫生监督所所长\n"
        "委员（按姓氏笔画排序）：丁小满  充  满  王若溪  朱小溪\n  折小满  陈若立  苏小溪\n"
    )
    names = [one["name"] for one in read_body(body)["leading_group"]]
    assert "巴特尔其其格" in names
    assert names[-3:] == ["折小满", "陈若立", "苏小溪"]


def test_a_roster_goes_on_behind_a_running_head():
    body = (
        "成立云山乡防汛指挥部：\n指挥长：何　立　乡长\n成　员：林　溪　副乡长\n云山乡人民政府发文\n"
        "　　　陈小满　派出所所长\n　　　苏若溪　卫生院院长\n"
    )
    assert [one["name"] for one in read_body(body)["leading_group"]] == ["何立", "林溪", "陈小满", "苏若溪"]


@pytest.mark.parametrize(
    ("line", "name", "phones"),
    [
        ("重点研发专项    市科技局高新科  何  立  0999-5550101", "何立", ["0999-5550101"]),
        ("平台技术支持：林若溪，0999-5550102，13900000101", "林若溪", ["0999-5550102", "13900000101"]),
        ("联络员：县科协 林若溪，0999-5550103", "林若溪", ["0999-5550103"]),
        ("咨询电话：0999-5550104（林老师、何老师）；财务咨询：5550105", "林老师", ["0999-5550104"]),
    ],
)
def test_lines_that_name_whom_to_ask(line, name, phones):
    record = read_body(f"七、咨询方式\n联系人及电话：\n{line}\n")
    found = next(one for one in record["contacts"] if one["name"] == name)
    assert found["phones"][: len(phones)] == phones
