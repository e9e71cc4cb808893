"""How values and paths read in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongwen.labels import COLUMNS, FIELDS, Labels, load_labels
from gongwen.record import ORDER, ROWS, Record
from gongwen.settings import Settings
from web.facts import chinese_date, chinese_dates, chinese_range, citation, in_book_marks, print_rich


def test_every_key_of_the_schema_has_a_label() -> None:
    assert {key for key in ORDER if key not in {"id", "within", "number_parts", "units"}} <= set(FIELDS)
    assert {name for columns in ROWS.values() for name in columns} <= set(COLUMNS)


def test_a_rule_file_names_its_field_and_the_office_has_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "fields").mkdir()
    (tmp_path / "fields" / "budget.yml").write_text("field: budget\nlabel: 经费\n", encoding="utf-8")
    (tmp_path / "fields" / "title.yml").write_text("field: title\nlabel: 文件名称\n", encoding="utf-8")
    (tmp_path / "fields" / "none.yml").write_text("- field: x\n", encoding="utf-8")
    labels = load_labels(Settings(rules=tmp_path))
    assert (labels.field("budget"), labels.field("title")) == ("经费", "文件名称")


@pytest.mark.parametrize(
    ("path", "name"),
    [("title", "标题"), ("hosts/1", "主办单位"), ("tasks/2/lead/0", "任务分工（第3项）牵头单位"),
     ("contacts/0/phones/1", "联系方式（第1项）电话"), ("unheard/0/of", "unheard（第1项）of")],
)  # fmt: skip
def test_paths_are_said_in_words(path: str, name: str) -> None:
    assert Labels().path(path) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [("month:-1w", "每月最后一个工作日"), ("month:-1", "每月最后一日"), ("month:5", "每月5日"), ("week:1", "每周一"),
     ("week:", "每周"), ("quarter:10w", "每季度第10个工作日"), ("year:6-30", "每年6月30日"),
     ("year:6--1", "每年6月最后一日"),
     ("quarter:-2", "每季度倒数第2日"), ("half:15", "每半年第15日"), ("不定期", "不定期")],
)  # fmt: skip
def test_recurring_deadlines_are_said_in_words(text: str, shown: str) -> None:
    assert Labels().word("recurrence", text) == shown


@pytest.mark.parametrize(
    ("iso", "shown"),
    [("2024-05-08", "2024年5月8日"), ("2024-05", "2024年5月"), ("2024", "2024年"), ("", ""), ("每年", "每年"),
     ("2024-x", "2024-x"), ("1-2-3", "1-2-3")],
)  # fmt: skip
def test_dates_are_shown_in_chinese(iso: str, shown: str) -> None:
    assert chinese_date(iso) == shown


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [("2024-05-20", "2024-05-27", "2024年5月20日至27日"), ("2024-05-20", "2024-06-03", "2024年5月20日至6月3日"),
     ("2024-12-30", "2025-01-02", "2024年12月30日至2025年1月2日"), ("2024-05-20", "2024-05-20", "2024年5月20日"),
     ("2024-05", "2024-07", "2024年5月至7月"), ("2023", "2024", "2023年至2024年")],
)  # fmt: skip
def test_a_range_says_once_what_both_ends_share(start: str, end: str, shown: str) -> None:
    assert chinese_range(start, end) == shown


def test_a_period_is_explained_only_where_its_words_leave_something_open() -> None:
    period = {"start": "2024-09-15", "end": "2024-09-25", "precision": "day"}
    assert print_rich(period | {"text": "2024年9月15日至25日"}) == "2024年9月15日至25日"
    assert print_rich(period | {"text": "9月中下旬"}) == "9月中下旬（2024年9月15日至25日）"
    assert print_rich({"text": "不少于60场", "value": "60"}) == "不少于60场"


def test_citations_leave_out_what_is_not_known() -> None:
    record = Record()
    assert citation(record) == ""
    record.values |= {"title": "关于做好工作的通知", "document_number": "云科协字〔2024〕12号"}
    assert citation(record) == "《关于做好工作的通知》（云科协字〔2024〕12号）"


@pytest.mark.parametrize(
    ("title", "cited"),
    [("关于做好工作的通知", "《关于做好工作的通知》"),
     ("关于印发《2024年活动方案》的通知", "《关于印发〈2024年活动方案〉的通知》"),
     ("关于转发《关于印发〈方案〉的通知》的通知", "《关于转发〈关于印发《方案》的通知〉的通知》"),
     ("关于转发《关于印发《方案》的通知》的通知", "《关于转发〈关于印发《方案》的通知〉的通知》"),
     ("关于印发〈办法〉和《细则》的通知", "《关于印发〈办法〉和〈细则〉的通知》"),
     ("关于印发《方案的通知", "《关于印发《方案的通知》"), ("关于方案》的《通知", "《关于方案》的《通知》")],
)  # fmt: skip
def test_book_marks_inside_a_citation_alternate(title: str, cited: str) -> None:
    assert in_book_marks(title) == cited


@pytest.mark.parametrize(
    ("text", "shown"),
    [("日期 2024-08-31 及以前", "日期 2024年8月31日 及以前"), ("2024-05-08 09:30", "2024年5月8日 09:30"),
     ("“2024-05-08”不是2024-05-09", "“2024-05-08”不是2024年5月9日"), ("电话 12024-05-081", "电话 12024-05-081"),
     ("2024-05", "2024-05"), ("", "")],
)  # fmt: skip
def test_dates_inside_a_sentence_are_shown_in_chinese(text: str, shown: str) -> None:
    assert chinese_dates(text) == shown
