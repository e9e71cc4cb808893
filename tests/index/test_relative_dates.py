"""去年, 近三年, 上个月: told from the day a question is asked on, never from a clock inside."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.asked import ask
from index.dates import DateRange, typed_dates
from index.engine import Query
from index.query import no_expansion, parse, relax

TODAY = date(2024, 11, 22)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("去年", "2023-01-01", "2023-12-31"),
        ("前年", "2022-01-01", "2022-12-31"),
        ("本年度", "2024-01-01", "2024-12-31"),
        ("上年度", "2023-01-01", "2023-12-31"),
        ("明年", "2025-01-01", "2025-12-31"),
        ("今年以来", "2024-01-01", ""),
        ("去年9月前", "", "2023-08-31"),
        ("今年9月底前", "", "2024-09-30"),
        ("去年上半年", "2023-01-01", "2023-06-30"),
        ("去年年底", "2023-10-01", "2023-12-31"),
        ("去年底", "2023-10-01", "2023-12-31"),
        ("去年第三季度", "2023-07-01", "2023-09-30"),
        ("近三年", "2021-11-22", "2024-11-22"),
        ("最近3个月", "2024-08-22", "2024-11-22"),
        ("近半年", "2024-05-22", "2024-11-22"),
        ("近十天", "2024-11-12", "2024-11-22"),
        ("近两周", "2024-11-08", "2024-11-22"),
        ("本月", "2024-11-01", "2024-11-30"),
        ("上个月", "2024-10-01", "2024-10-31"),
        ("上上月", "2024-09-01", "2024-09-30"),
        ("本周", "2024-11-18", "2024-11-24"),
        ("上周", "2024-11-11", "2024-11-17"),
        ("昨天", "2024-11-21", "2024-11-21"),
        ("二〇二四年五月三十日", "2024-05-30", "2024-05-30"),
        ("二○二三年", "2023-01-01", "2023-12-31"),
        ("2023年至今", "2023-01-01", ""),
        ("2024年5月至8月", "2024-05-01", "2024-08-31"),
        ("2024年4—9月", "2024-04-01", "2024-09-30"),
    ],
)
def test_what_they_mean_on_a_day(text: str, start: str, end: str):
    assert typed_dates(text, strict=True, today=TODAY) == DateRange(start, end)


@pytest.mark.parametrize("text", ["去年工作", "近年来", "近期", "上月球", "今年我市", "本周期", "近零年", "近半月"])
def test_words_that_only_look_like_it(text: str):
    assert typed_dates(text, strict=True, today=TODAY) is None


_SAID = st.sampled_from(["近三年", "近两个月", "上个月", "上上个月", "近半年"])


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), _SAID)
@settings(max_examples=200, deadline=None)
def test_every_day_of_the_calendar_has_a_before(today: date, text: str):
    found = typed_dates(text, today=today)
    assert found is not None
    assert date.fromisoformat(found.start) <= date.fromisoformat(found.end) <= today


def test_without_a_day_they_are_words():
    assert typed_dates("去年") is None
    assert [term.kind for term in parse("去年").clauses[0].terms] == ["text"]


def test_a_year_is_also_the_one_a_paper_is_about():
    terms = parse("去年 科普日", today=TODAY).clauses[0].terms
    assert [(term.kind, term.needles) for term in terms] == [("text", ("去年",)), ("date", ()), ("facet", ("2023",))]
    assert parse("去年", today=TODAY).searched == ("日期 2023-01-01 至 2023-12-31，或文中有“去年”",)


def test_the_day_is_part_of_what_is_asked():
    def starts(today: str) -> list[str]:
        asked = ask(Query("去年", today=today), no_expansion, list)
        return [term.start for term in asked.parsed.clauses[0].terms if term.kind == "date"]

    assert starts("2024-01-01") == ["2023-01-01"]
    assert starts("2025-12-31") == ["2024-01-01"]
    assert starts("") == starts("gestern") == []


def test_a_date_glued_to_words_is_one_of_the_words_that_must_fit():
    relaxed = relax(parse("去年科普日方案", today=TODAY), lambda word: [word[:3], word[3:]])
    assert relaxed is not None
    assert [[term.kind for term in clause.terms] for clause in relaxed.clauses] == [
        ["text", "date", "facet"], ["text"], ["text"],
    ]  # fmt: skip
    assert relaxed.searched == ("日期 2023-01-01 至 2023-12-31",)
    plain = relax(parse("科普日方案", today=TODAY), lambda word: [word[:3], word[3:]])
    assert plain is not None
    assert [[term.kind for term in clause.terms] for clause in plain.clauses] == [["text"], ["text"]]
