"""Days, periods and deadlines in every form of domain.md §4."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.values.dates import (
    find_days,
    find_deadlines,
    find_month_days,
    find_periods,
    parse_day,
    parse_period,
)
from gongwen.values.numerals import read_count, read_digits

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
HAN = str.maketrans("0123456789", "〇一二三四五六七八九")


def han(day: date) -> str:
    def counted(number: int) -> str:
        tens, ones = divmod(number, 10)
        return ("" if tens == 0 else "十" if tens == 1 else f"{'一二三'[tens - 1]}十") + (
            "一二三四五六七八九"[ones - 1] if ones else ""
        )

    return f"{str(day.year).translate(HAN)}年{counted(day.month)}月{counted(day.day)}日"


@given(DAYS)
def test_every_day_is_read_back_from_every_form(day):
    for text in (
        f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f" {day.year} 年 {day.month} 月 {day.day} 日 ",
        f"{day.isoformat()} 17:15:00",
    ):  # fmt: skip
        assert parse_day(text) == day
    if day.year >= 1900:
        assert parse_day(han(day)) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二○二○年十一月二十五日", date(2020, 11, 25)),
        ("二零二零年八月六日", date(2020, 8, 6)),
        ("二0二0年8月6日", date(2020, 8, 6)),
        ("２０２１年３月１日", date(2021, 3, 1)),
        ("2 0 2 1 年 3 月 1 日", date(2021, 3, 1)),
        ("二〇二一年五月廿三日", date(2021, 5, 23)),
        ("2024年9月13日（星期五）", date(2024, 9, 13)),
    ],
)
def test_printed_forms(text, day):
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text", ["", "二〇三五年", "2021年2月30日", "2021年13月1日", "3月1日", "2021年3月1日印发", "7.16", "1.2.3"]
)
def test_not_a_full_date(text):
    assert parse_day(text) is None


def test_days_in_a_text_are_quoted():
    text = "云州市科协 2021年3月1日印发，发布日期：2021-03-02。IP 2021.3.4.5，自1921年以来"
    found = find_days(text)
    assert [one.day for one in found] == [date(2021, 3, 1), date(2021, 3, 2)]
    assert [one.span.of(text) for one in found] == [one.text for one in found] == ["2021年3月1日", "2021-03-02"]


def test_month_days_stand_only_beside_named_days():
    text = "结合5.30科技工作者日、(6.1)、3.15开展，比例超过7.16%，达1.3万人次，见第2.1节"
    assert [(one.month, one.day) for one in find_month_days(text)] == [(5, 30), (6, 1), (3, 15)]


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("9月15日-25日", "2020-09-15", "2020-09-25", "day"),
        ("9月15-25日", "2020-09-15", "2020-09-25", "day"),
        ("2020年4－9月", "2020-04-01", "2020-09-30", "month"),
        ("4—9月", "2020-04-01", "2020-09-30", "month"),
        ("4～9月", "2020-04-01", "2020-09-30", "month"),
        ("1-2 月", "2020-01-01", "2020-02-29", "month"),
        ("2021年1月1日—12月31日", "2021-01-01", "2021-12-31", "day"),
        ("9月11日至12月10日", "2020-09-11", "2020-12-10", "day"),
        ("5月上旬", "2020-05-01", "2020-05-10", "ten-day"),
        ("5月中下旬", "2020-05-11", "2020-05-31", "ten-day"),
        ("2月下旬", "2020-02-21", "2020-02-29", "ten-day"),
        ("4月下旬—9月底", "2020-04-21", "2020-09-30", "ten-day"),
        ("9月", "2020-09-01", "2020-09-30", "month"),
        ("9月份", "2020-09-01", "2020-09-30", "month"),
        ("9月-12月（4期）", "2020-09-01", "2020-12-31", "month"),
        ("全年", "2020-01-01", "2020-12-31", "year"),
        ("第一季度", "2020-01-01", "2020-03-31", "quarter"),
        ("一至二季度", "2020-01-01", "2020-06-30", "quarter"),
        ("上半年", "2020-01-01", "2020-06-30", "half"),
        ("自8月21日起", "2020-08-21", None, "open"),
        ("即日起至9月30日", None, "2020-09-30", "open"),
        ("9月10日前", None, "2020-09-10", "open"),
        ("年内", None, "2020-12-31", "open"),
        ("11月—3月", "2020-11-01", "2021-03-31", "month"),
        ("11月至次年3月", "2020-11-01", "2021-03-31", "month"),
        ("2024年11月—2025年3月", "2024-11-01", "2025-03-31", "month"),
        ("2024年9月-12月（其中重点活动集中开展时间为9月15日-25日，延续至12月底）", "2024-09-01", "2024-12-31", "month"),
        ("2024.9.15-2024.9.25", "2024-09-15", "2024-09-25", "day"),
        ("2024年9月13日（星期五）上午9:00-11:00", "2024-09-13", "2024-09-13", "day"),
        ("二〇二一年十一月", "2021-11-01", "2021-11-30", "month"),
        ("9月31日至10月2日", None, None, None),
    ],
)
def test_periods(text, start, end, precision):
    period = parse_period(text, 2020)
    if precision is None:
        assert period is None
        return
    assert period is not None
    assert period.to_json() == {"text": text, "start": start, "end": end, "precision": precision}


def test_without_a_year_only_the_precision_is_told():
    period = parse_period("9月-12月")
    assert period is not None
    assert (period.start, period.end, period.precision) == (None, None, "month")
    assert parse_period("2月30日") is None


@pytest.mark.parametrize(
    "text", ["", "7.16%", "1-2张图片", "每月", "14日", "时间待定", "3月、6月", "第一、二季度", "9月前后"]
)
def test_not_a_period(text):
    assert parse_period(text, 2020) is None


def test_periods_in_a_text():
    text = "活动于9月11日至12月10日举行，2021年上半年总结"
    assert [one.span.of(text) for one in find_periods(text, 2020)] == ["9月11日至12月10日", "2021年上半年"]


@pytest.mark.parametrize(
    ("text", "quote", "day"),
    [
        ("请于2020年12月4日前报送", "2020年12月4日前", "2020-12-04"),
        ("9 月 27 日前，请各县报送", "9 月 27 日前", "2024-09-27"),
        ("单位最迟不要超过 9 月底填报", "最迟不要超过 9 月底", "2024-09-30"),
        ("网上提交的截止时间为7月21日。", "截止时间为7月21日", "2024-07-21"),
        ("申报期限进一步延长至2月28日（星期五）。", "2月28日（星期五）", "2024-02-28"),
        ("报送材料不迟于10月15日。", "不迟于10月15日", "2024-10-15"),
        ("于7月20日之前送达", "7月20日之前", "2024-07-20"),
        ("10月底，自治区科协将评选", "10月底", "2024-10-31"),
        ("年底前完成", "年底前", "2024-12-31"),
        ("9月底前提交材料", "9月底前", "2024-09-30"),
        ("第三季度末前完成", "第三季度末前", "2024-09-30"),
        ("9月13日下午5点前", "9月13日下午5点前", "2024-09-13"),
        ("9月1日至9月24日前报名", "9月1日至9月24日前", "2024-09-24"),
        ("公示至9月30日止", "9月30日止", "2024-09-30"),
        ("在解除之日起10个工作日内补办", "解除之日起10个工作日内", None),
        ("收到通知后5个工作日内", "收到通知后5个工作日内", None),
    ],
)
def test_deadlines(text, quote, day):
    (match,) = find_deadlines(text, 2024)
    assert match.text == match.span.of(text) == quote
    assert (match.date.isoformat() if match.date else None) == day
    assert match.recurrence is None


@pytest.mark.parametrize(
    ("text", "recurrence"),
    [
        ("请各县区科协每月最后一个工作日将统计表上报", "month:-1w"),
        ("每月5日前报送", "month:5"),
        ("每月15日报送", "month:15"),
        ("每季度末报送", "quarter:-1"),
        ("每年11月30日前", "year:11-30"),
        ("每周五前", "week:5"),
        ("每月第3个工作日报送", "month:3w"),
    ],
)
def test_recurring_deadlines(text, recurrence):
    (match,) = find_deadlines(text, 2024)
    assert str(match.recurrence) == recurrence
    assert match.date is None


@pytest.mark.parametrize(
    "text",
    [
        "9月15日前后",
        "9月24日前往云州",
        "延续至12月底",
        "每月15日举办讲座",
        "2月30日前",
        "日前，云州市",
        "14日前",
        "5月1日前到期的贷款",
        "于5月1日前注册的企业",
        "5月1日前注册成立，具有法人资格",
    ],
)
def test_no_deadline(text):
    assert [one for one in find_deadlines(text, 2024) if not one.state] == []


def test_a_thing_to_do_is_no_state():
    (match,) = find_deadlines("请于2024年9月24日前注册并登录活动平台，填报信息", 2024)
    assert (match.text, match.date) == ("2024年9月24日前", date(2024, 9, 24))


def test_same_time_as_above_takes_the_deadline_before():
    found = find_deadlines("于10月22日前提交总结；报送市科协,时间同上。", 2021)
    assert [(one.word, one.date) for one in found] == [("前", date(2021, 10, 22)), ("同上", date(2021, 10, 22))]


@pytest.mark.parametrize("text", ["每年年底对先进单位表彰", "准予结转以后三年内扣除", "缴款期限为2月3日至9日期间的"])
def test_spans_of_time_are_no_deadlines(text):
    assert find_deadlines(text, 2024) == []


def test_without_a_year_a_deadline_has_no_date():
    (match,) = find_deadlines("7月20日之前送达", None)
    assert match.date is None
    assert match.text == "7月20日之前"


@given(st.text(alphabet="年月日号前底截止时间至2014.-—每最后一个工作旬上中下季度自起内于 （）\n", max_size=60))
def test_any_text_is_read_and_spans_quote_it(text):
    for one in (*find_days(text), *find_deadlines(text, 2024)):
        assert one.span.of(text).strip() == one.text.strip()
    for period in find_periods(text, 2024):
        assert period.period.text == period.span.of(text).strip()
    find_month_days(text)


@given(st.integers(1, 9999))
def test_counting_words_are_read(number):
    words, rest, gap = "", number, False
    for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, rest = divmod(rest, unit)
        if digit:
            words += ("零" if gap and words else "") + "零一二三四五六七八九"[digit] + mark
        gap = not digit if words else gap
    assert read_count(words) == number
    assert read_digits(str(number).translate(HAN)) == number


@pytest.mark.parametrize("piece", ["一", "2", "9月", "每月", "9月-", " ", "截止", "3.1、", "2020年", "自9月1日"])
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (10_000 // len(piece)) + "。请于2021年3月4日前报送"
    assert find_days(text)[-1].day == date(2021, 3, 4)
    assert find_deadlines(text, 2020)[-1].date == date(2021, 3, 4)
    assert find_periods(text, 2020)[-1].period.end == date(2021, 3, 4)
    assert find_month_days(text) is not None
