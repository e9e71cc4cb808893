"""Time and duty (domain.md §12 E59-E69)."""

from __future__ import annotations

from datetime import date

import pytest
from edge_kit import column, notice, read_body
from extract_kit import read_record

from gongwen.values.dates import find_days, find_deadlines, find_month_days, find_periods, parse_period
from gongwen.values.deadlines import Recurrence
from gongwen.values.quantities import find_quantities
from gongwen.values.work_days import work_day


def test_a_duty_of_two_senders():
    """E59"""
    body = "9 月 27 日前，请各设县（区）科协、各科普教育基地各报送1份活动总结至市科协。"
    (row,) = read_body(body)["deadlines"]
    assert (row["date"], row["text"], row["kind"]) == ("2024-09-27", "9月27日前", "duty")
    assert row["who"] == ["各设县（区）科协", "各科普教育基地"]


@pytest.mark.parametrize("number", ["（一）", "（12）", "二、", "3.", ""])
def test_a_duty_is_told_without_the_number_of_its_paragraph(number: str):
    (row,) = read_body(f"{number}请各单位于9月13日前将参会回执（见附件）报市科协办公室。")["deadlines"]
    assert row["action"] == "请各单位于9月13日前将参会回执（见附件）报市科协办公室"
    assert row["date"] == "2024-09-13"


def test_a_duty_that_comes_every_month():
    """E60"""
    body = "请各县区科协每月最后一个工作日将附件2统计表上报至市科协科普部。"
    (row,) = read_body(body)["deadlines"]
    assert (row["date"], row["who"], row["to"]) == (None, ["各县区科协"], "市科协科普部")
    assert row["recurrence"] == str(Recurrence("month", -1, work_day=True))
    assert "附件2" in row["action"]


def test_the_last_working_day_knows_the_holidays():
    """E60"""
    last = Recurrence("month", -1, work_day=True)
    assert work_day(last, 2025, 1).day == date(2025, 1, 27)
    assert work_day(last, 2026, 2).day == date(2026, 2, 28)
    assert work_day(last, 2030, 1).estimated


def test_at_the_latest_by_the_end_of_a_month():
    """E61"""
    body = "各单位要及时报送活动总结，最迟不要超过 9 月底。"
    (row,) = read_body(body)["deadlines"]
    assert (row["date"], row["kind"]) == ("2024-09-30", "duty")


def test_what_the_issuer_will_do_is_a_commitment():
    """E61, E63"""
    body = "12月31日前，云州市科学技术协会将根据活动情况进行评比表彰。\n10月底，市科协将组织评选优秀活动。"
    found = [(row["date"], row["kind"]) for row in read_body(body)["deadlines"]]
    assert found == [("2024-12-31", "commitment"), ("2024-10-31", "commitment")]


def test_a_duty_and_a_promise_in_one_sentence():
    """E63"""
    body = "请各学会于5月20日前报名，市科协将于6月10日前公布结果。"
    found = [(row["date"], row["kind"], row["who"]) for row in read_body(body)["deadlines"]]
    assert found == [("2024-05-20", "duty", ["各学会"]), ("2024-06-10", "commitment", ["市科协"])]


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ("市科协将组织评选，于12月20日前公布结果。", ["市科协"]),
        ("市教育局将组织评选，于12月20日前公布结果。", []),
        ("请在12月20日前报送总结。", []),
    ],
)
def test_who_is_told_only_where_a_name_stands(body, who):
    """E59, E63: a body that does not issue the paper promises nothing here"""
    (row,) = read_body(body)["deadlines"]
    assert (row["who"], row["kind"]) == (who, "commitment" if who else "duty")


def test_a_period_with_a_shorter_one_in_brackets():
    """E62"""
    text = "2024年9月-12月（其中全国科普日为9月15日-25日，特色活动延续至12月底）"
    time = read_body(f"一、活动时间\n{text}")["activity_time"]
    assert (time["start"], time["end"]) == ("2024-09-01", "2024-12-31")
    inner = [str(one.period) for one in find_periods(text, 2024)]
    assert "2024-09-15/2024-09-25" in inner


def test_the_same_time_as_above():
    """E64"""
    body = "请于10月22日前将活动总结报送市科协。\n请将活动图片报送市科协,时间同上。"
    assert column(read_body(body), "deadlines", "date") == ["2024-10-22", "2024-10-22"]


def test_a_period_with_its_sessions():
    """E65"""
    body = "一、活动安排\n（一）科普大讲堂\n时间：9月-12月（4期）\n地点：云州科技馆\n主办单位：市科协"
    (row,) = read_body(body)["activities"]
    assert (row["time"]["start"], row["time"]["end"]) == ("2024-09-01", "2024-12-31")
    assert (row["time"]["text"], row["time"]["sessions"]) == ("9月-12月（4期）", 4)


def test_an_activity_before_the_day_of_signing_is_no_error():
    """E65"""
    body = "一、活动安排\n（一）启动仪式\n时间：9月7日\n地点：云州科技馆\n主办单位：市科协"
    record = read_record(notice(body, signed="云州市科学技术协会\n2024年9月10日"))
    assert column(record, "activities", "time")[0]["start"] == "2024-09-07"
    assert record.issues == []


def test_times_within_the_year():
    """E66"""
    (found,) = find_quantities("年内组织专家下乡2-3次")
    assert (found.value, found.high, found.op, found.unit) == (2, 3, "range", "次")
    period = parse_period("年内", 2024)
    assert (period.start, period.end) == (None, date(2024, 12, 31))


def test_named_days_are_no_decimals():
    """E67"""
    text = "结合5.30科技工作者日、“六一”儿童节(6.1)、3.15消费者权益日，占比7.16%，参加1.3万人。"
    assert [(one.month, one.day) for one in find_month_days(text)] == [(5, 30), (6, 1), (3, 15)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("比例超过7.16%", [(7.16, ">", "%")]),
        ("覆盖不低于1.3万人次", [(13000, "≥", "人次")]),
        ("开展活动200项以上，参与60万人次以上", [(200, "≥", "项"), (600000, "≥", "人次")]),
    ],
)
def test_targets_with_their_bounds(text, expected):
    """E68"""
    assert [(one.number, one.op, one.unit) for one in find_quantities(text)] == expected


def test_pictures_are_counted_and_months_are_a_year():
    """E69"""
    assert find_periods("报送1-2张图片", 2024) == [] == find_days("报送1-2张图片")
    assert find_deadlines("报送1-2张图片", 2024) == []
    assert str(parse_period("1-12月", 2024)) == "2024-01-01/2024-12-31"
