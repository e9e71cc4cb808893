"""What clerks mistype: nothing behind a colon, dates the wrong way round, signs alone."""

from __future__ import annotations

import pytest
from index_kit import corpus

from index.asked import ask
from index.dates import typed_dates
from index.engine import Query
from index.query import Term, no_expansion, parse
from index.sync import open_index


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2022..2020", "2020-01-01", "2022-12-31"),
        ("2024年9月至2024年5月", "2024-05-01", "2024-09-30"),
        ("2024-05-30~2024-05-01", "2024-05-01", "2024-05-30"),
    ],
)
def test_dates_the_wrong_way_round_are_swapped_and_it_is_said(text: str, start: str, end: str):
    parsed = parse(f"日期:{text}")
    assert parsed.clauses[0].terms == (Term("date", start=start, end=end),)
    assert any("颠倒" in one for one in parsed.warnings)


@pytest.mark.parametrize("text", ["2020..2022", "2024..2024", "2020..", "..2020", "2024年", "2024-05..2024"])
def test_dates_the_right_way_round_are_not_swapped(text: str):
    found = typed_dates(text)
    assert found is not None
    assert not found.swapped
    assert not parse(f"日期:{text}").warnings


def test_dates_of_the_form_are_swapped_too():
    asked = ask(Query(date_from="2024-09", date_to="2023"), no_expansion, lambda word: [word])
    assert asked.filters[0].terms == (Term("date", start="2023", end="2024-09"),)
    assert any("已调换" in one for one in asked.parsed.warnings)
    asked = ask(Query(date_from="2024-09", date_to="2024"), no_expansion, lambda word: [word])
    assert not asked.parsed.warnings


@pytest.mark.parametrize("text", ["牵头:", "牵头： ", "牵头:“”", "-牵头:"])
def test_a_field_without_a_value_is_ignored_and_it_is_said(text: str):
    parsed = parse(text)
    assert parsed.clauses == ()
    assert parsed.warnings == ("“牵头:”后面没有内容，这里已忽略",)


def test_a_field_without_a_value_takes_nothing_from_its_neighbours():
    parsed = parse("科普 牵头: 年:2024")
    assert [term for clause in parsed.clauses for term in clause.terms] == [
        Term("text", ("科普",)),
        Term("facet", ("2024",), "year"),
    ]
    assert any("“牵头:”后面没有内容" in one for one in parsed.warnings)
    assert parse("牵头: 市科协").clauses == parse("牵头:市科协").clauses
    (choice,) = parse("科普 或 牵头:").clauses
    assert choice.terms == (Term("text", ("科普",)),)


@pytest.mark.parametrize("text", ["二〇二四", "二○二四年", "2024年", "２０２４", "二0二四"])
def test_years_in_any_digits(text: str):
    assert parse(f"年:{text}").clauses[0].terms == (Term("facet", ("2024",), "year"),)


@pytest.mark.parametrize("text", ["(((", "*", "**", "?!", "《》", "( )", "-"])
def test_signs_alone_are_told(text: str):
    parsed = parse(text)
    assert any("只有符号" in one for one in parsed.warnings)
    assert len(parsed.clauses) == 1


def test_signs_between_words_are_ignored_and_it_is_said():
    parsed = parse("科普日 — 方案")
    assert parsed.clauses == parse("科普日 方案").clauses
    assert any("“—”只是符号" in one for one in parsed.warnings)
    assert not parse("科普 “—”").warnings
    assert len(parse("科普 “—”").clauses) == 2


@pytest.mark.parametrize("text", ["类型:通知", "年:2024", "日期:2024", ""])
def test_what_only_filters_shows_no_head_of_the_file(tmp_path, text: str):
    settings, _ = corpus(tmp_path, 2)
    index = open_index(settings)
    page = index.search(Query(text))
    assert page.total == 2
    assert all(hit.snippets == () for hit in page.hits)
    assert index.search(Query("全国科普日")).hits[0].snippets
    index.close()
