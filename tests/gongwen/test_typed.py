"""What a person types is read by the type of the field, or refused with a sentence that says how to write it."""

import pytest

from gongwen.errors import TypedError
from gongwen.rulebook import load_rulebook
from gongwen.typed import choices, clean, is_list, read_several, read_typed, type_of

BOOK = load_rulebook()

GOOD = [
    ("document_number", "", "云科协字[2024] 12 号", "云科协字〔2024〕12号"),
    ("document_number", "", "2024年第2号", "2024年第2号"),
    ("document_number", "", "第 2 号", "第2号"),
    ("citations", "document_number", "海科协发（2023）5号", "海科协发〔2023〕5号"),
    ("issue_date", "", "2024.5.8", "2024-05-08"),
    ("print_date", "", "二〇二四年五月八日", "2024-05-08"),
    ("deadlines", "date", "2024年10月8日", "2024-10-08"),
    ("tasks", "time", "按通知要求", {"text": "按通知要求", "start": None, "end": None, "precision": None}),
    ("deadlines", "recurrence", "每月5日", "month:5"),
    ("deadlines", "kind", "承诺", "commitment"),
    ("contacts", "phones", "0999-5550123", "0999-5550123"),
    ("contacts", "phones", "139 0000 0001", "13900000001"),
    ("contacts", "email", "kp@example.com", "kp@example.com"),
    ("contacts", "name", "何 立", "何立"),
    ("leading_group", "name", "林若溪", "林若溪"),
    ("targets", "value", "60", 60),
    ("targets", "value", "2-3", [2, 3]),
    ("targets", "value", "1.3万人次", 13000),
    ("targets", "op", "不少于", "≥"),
    ("doc_type", "", "复函", "函"),
    ("urgency", "", "加 急", "加急"),
    ("hosts", "", "自然资源和规划局", "自然资源和规划局"),
    ("theme", "", "  科技点亮 生活\n", "科技点亮生活"),
    ("status", "", "有效", "有效"),
]


@pytest.mark.parametrize(("field", "column", "typed", "value"), GOOD)
def test_read(field, column, typed, value):
    assert read_typed(BOOK, field, column, typed, year=2024) == value


def test_a_time_without_a_year_takes_the_papers():
    assert read_typed(BOOK, "activity_time", "", "9月15日至25日", year=2024)["end"] == "2024-09-25"


@pytest.mark.parametrize(("field", "column", "typed", "told"), [
    ("document_number", "", "云科协", "不像发文字号，请写成“云科协字〔2024〕12号”"),
    ("issue_date", "", "2024年5月", "不是一个日期，请写全年月日"),
    ("issue_date", "", "2024年2月30日", "不是一个日期"),
    ("activity_time", "", "近期", "不像时间"),
    ("tasks", "time", "9月35日", "不像时间"),
    ("deadlines", "recurrence", "有时", "不像周期"),
    ("contacts", "phones", "123", "不像一个电话号码"),
    ("contacts", "phones", "0999-5550123、13900000001", "几个号码分开写"),
    ("contacts", "email", "a@b", "不像电子邮箱"),
    ("contacts", "name", "何立、周明", "一次只写一个人"),
    ("targets", "value", "许多", "不是数"),
    ("urgency", "", "不急", "不在可选的范围内，可选：特提、特急"),
    ("hosts", "", "市科协、市教育局", "一次只写一个单位"),
    ("theme", "", " \u202e\t", "请写出正确的内容"),
    ("theme", "", "字" * 2001, "超过 2000 字"),
])  # fmt: skip
def test_refused(field, column, typed, told):
    with pytest.raises(TypedError, match=told):
        read_typed(BOOK, field, column, typed, year=2024)


def test_several_values_in_one_go():
    assert read_several(BOOK, "hosts", "", "市科协、市教育局\n市科技局") == ["市科协", "市教育局", "市科技局"]
    assert read_several(BOOK, "contacts", "phones", "0999-5550123；13900000001") == ["0999-5550123", "13900000001"]
    assert read_several(BOOK, "annexes", "", "1.分工表、名单\n2.回执") == ["1.分工表、名单", "2.回执"]
    with pytest.raises(TypedError, match="补充"):
        read_several(BOOK, "hosts", "", "、 ；")


def test_types_and_choices():
    told = [type_of(BOOK, *one) for one in (("issuers",), ("tasks", "lead"), ("theme",))]
    assert told == ["unit", "unit", "text"]
    assert ("duty", "要求") in choices(BOOK, "deadlines", "kind")
    assert choices(BOOK, "theme") == []
    assert is_list("tasks", "lead")
    assert not is_list("tasks", "title")


def test_what_cannot_be_seen_is_left_out():
    assert clean("\x00a\u202eb\ud800c\u200b ") == "a b c"
