"""Deadlines and contacts in shapes beside the usual ones."""

from __future__ import annotations

import pytest
from edge_kit import read_body
from extract_kit import read_record


def dues(body: str) -> list[tuple[str | None, str]]:
    return [(one["date"], one["text"]) for one in read_body(body)["deadlines"]]


def test_two_days_in_one_sentence_the_second_cut_by_the_end_of_a_line():
    body = "摘要请于2024年4月30日前、全文请于5\n月15日前发送至会务组邮箱。\n"
    assert [date for date, _ in dues(body)] == ["2024-04-30", "2024-05-15"]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("于选举大会后10个工作日内将选举结果报市科协备案。", "选举大会后10个工作日内"),
        ("项目结束后30日内提交结题材料。", "项目结束后30日内"),
        ("在收到本函后5个工作日内书面答复。", "收到本函后5个工作日内"),
    ],
)
def test_a_term_counted_from_an_event(sentence, text):
    assert dues(f"有关要求如下：{sentence}\n") == [(None, text)]


@pytest.mark.parametrize("what", ["将总结、计划的电子版报送至办公室", "报送总结的电子版", "把名单的原件交至办公室"])
def test_a_day_before_which_something_of_something_is_handed_in(what):
    assert [date for date, _ in dues(f"请于2024年12月8日前{what}。\n")] == ["2024-12-08"]


@pytest.mark.parametrize(
    "sentence",
    [
        "作品须为原创，未在2024年10月以前公开发表。",
        "参评论文不得在2024年6月30日前投往其他刊物。",
        "成员因工作变动需要调整的，于变动后10个工作日内报办公室备案。",
    ],
)
def test_conditions_and_standing_rules_are_no_deadlines(sentence):
    assert dues(f"{sentence}\n") == []


def test_a_day_in_a_remark_behind_an_annex():
    text = (
        "关于召开年会的通知\n\n各县（区）科协：\n\n现将有关事项通知如下。\n\n附件：1.参会回执（请于4月20日前反馈）\n"
        "2.2024年5月底前重点任务表\n\n云州市科学技术协会\n2024年3月5日\n"
    )
    assert [one["date"] for one in read_record(text)["deadlines"]] == ["2024-04-20"]


@pytest.mark.parametrize("word", ["确定1名联络员", "领取证书", "选派1名领队", "缴费", "投稿"])
def test_duties_where_the_day_of_signing_is_not_known(word):
    record = read_record(f"2025年云州市科普月活动方案\n\n一、工作要求\n（一）加强协同。各单位于8月25日前{word}。\n")
    assert [one["date"] for one in record["deadlines"]] == ["2025-08-25"]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("会务组：林若溪（论文）13900000101；何　立（住宿）\n13900000102\n", ["林若溪", "何立"]),
        ("联系人：林 若 溪（13900000101）、何　立（13900000102）\n", ["林若溪", "何立"]),
        ("联系人：林若溪（手机：13900000101，微信同号）；何立 13900000102\n", ["林若溪", "何立"]),
        ("展教部 林老师：0999-5550101（9:00-17:00）\n", ["林老师"]),
        ("联系人：林 若 溪    联系电话：0999-5550101\n", ["林若溪"]),
        ("联系人：何 立 林 溪\n联系电话：0999-5550101\n", ["何立", "林溪"]),
        ("报名咨询：林若溪（小学组）0999-5550101，何立（中学组）0999-5550102\n", ["林若溪", "何立"]),
    ],
)
def test_persons_beside_their_numbers(line, people):
    record = read_body(f"六、联系方式\n{line}")
    assert [one["name"] for one in record["contacts"]] == people
    assert all(one["phones"] for one in record["contacts"])


@pytest.mark.parametrize(
    ("told", "deputy"),
    [
        ("办公室设在市科协，何立同志兼任办公室主任，市科协副主席林若溪同志任副主任。", "林若溪"),
        ("办公室主任由何立兼任，副主任由市科协副主席林若溪担任。", "林若溪"),
        ("办公室设在市科协，主任由何立同志兼任，副主任由市科协副主席林若溪同志担任。", "林若溪"),
    ],
)
def test_the_deputy_of_the_office(told, deputy):
    record = read_body(
        f"成立云州市科普工作领导小组：\n组　长：林　溪（副市长）\n成　员：何　立（市科协主席）\n{told}\n"
    )
    roles = {(one["role"], one["name"]) for one in record["leading_group"]}
    assert {("办公室主任", "何立"), ("办公室副主任", deputy)} <= roles
