from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.asked import ask
from index.dates import DateRange, day_number, typed_dates
from index.engine import Query
from index.numbers import NumberKey, typed_number
from index.query import Clause, Parsed, Term, no_expansion, parse, relax


def _needles(text: str) -> list[list[str]]:
    return [[needle for term in clause.terms for needle in term.needles] for clause in parse(text).clauses]


@given(st.text(max_size=300))
@settings(max_examples=400, deadline=None)
def test_parse_never_raises(text: str):
    parsed = parse(text)
    assert all(clause.terms for clause in parsed.clauses)
    assert all("\n" not in needle for needle in parsed.words())


_ODD = st.text(alphabet='文号:：标题日期年-－"“”或OR不含 〔〕[]（）20214号第.*~', max_size=40)


@given(_ODD)
@settings(max_examples=400, deadline=None)
def test_odd_mixtures_never_raise(text: str):
    assert isinstance(parse(text), Parsed)


@pytest.mark.parametrize(
    ("text", "needles"),
    [
        ("科普日 方案", [["科普日"], ["方案"]]),
        ("“科普 日”方案", [["科普日"], ["方案"]]),
        ('"科普日" 或 张三', [["科普日", "张三"]]),
        ("周  明 电话", [["周明"], ["电话"]]),
        ("科 学 技 术 协 会", [["科学技术协会"]]),
        ("2 0 2 4 年 工 作 方案", [["2024年工作"], ["方案"]]),
        ("3 4", [["3"], ["4"]]),
        ("「科普日」『方案』", [["科普日"], ["方案"]]),
        ("ＧＢ／Ｔ ９７０４", [["gb/t"], ["9704"]]),
        ("不含税价格", [["不含税价格"]]),
        ("时间：2024", [["时间：2024"]]),
        ("或", [["或"]]),
        ("“没有关上", [["没有关上"]]),
        ("0999-5550123", [["0999-5550123"]]),
    ],
)
def test_words(text: str, needles: list[list[str]]):
    assert _needles(text) == needles


def test_negation():
    assert [clause.negated for clause in parse("科普 -微信 不含 抖音 不含“快手” NOT 微博 －小程序").clauses] == [
        False
    ] + [True] * 5


def test_fields():
    parsed = parse("牵头:市科协 标题：“科普 方案” 年:2024年 类型:函 人:何 立 日期:无")
    assert [(clause.terms[0].kind, clause.terms[0].name, clause.terms[0].needles) for clause in parsed.clauses] == [
        ("field", "lead", ("市科协",)),
        ("field", "title", ("科普方案",)),
        ("facet", "year", ("2024",)),
        ("facet", "type", ("函",)),
        ("field", "person", ("何立",)),
        ("date", "", ()),
    ]


def test_role_words_order_and_do_not_filter():
    parsed = parse("市科协 牵头")
    assert parsed.roles == ("lead",)
    assert len(parsed.clauses) == 2


def test_the_user_is_told():
    assert any("200" in one for one in parse("科" * 300).warnings)
    assert any("引号" in one for one in parse("“科普").warnings)
    assert any("两边" in one for one in parse("科普 OR").warnings)
    assert any("昨天" in one for one in parse("日期:昨天").warnings)
    assert parse("云科协字2021 14").searched == ("文号 云科协字〔2021〕14号",)


def test_expansion_is_said_and_searched():
    parsed = parse("市科协", lambda word: ("云州市科学 技术协会",) if word == "市科协" else ())
    assert parsed.clauses[0].terms[0].needles == ("市科协", "云州市科学技术协会")
    assert "云州市科学 技术协会" in parsed.searched[0]


def test_relaxed_queries_cut_words_and_leave_quotes_alone():
    relaxed = relax(parse("科普活动 “科普方案” -微信"), lambda word: [word[:2], word[2:]])
    assert relaxed is not None
    assert relaxed.clauses == (
        Clause((Term("text", ("科普",)),)),
        Clause((Term("text", ("活动",)),)),
        Clause((Term("text", ("科普方案",)),), quoted=True),
        Clause((Term("text", ("微信",)),), negated=True),
    )
    assert relax(parse("“科普活动”"), lambda word: [word[:2], word[2:]]) is None


def test_a_filter_without_values_lets_nothing_pass():
    asked = ask(Query(where={"year": ()}), no_expansion, lambda word: [word])
    assert asked.filters == (Clause(()),)


@pytest.mark.parametrize(
    "text",
    [
        "云科协字2021 14",
        "云科协字〔2021〕14号",
        "云科协字[2021]14",
        "云科协字【２０２１】第14号",
        "云科协字（2021）014号",
        "云科协字2021年14号",
        "根据云科协字〔2021〕14号",
    ],
)  # fmt: skip
def test_typed_numbers(text: str):
    assert typed_number(text) == NumberKey("云科协字", 2021, 14)


@pytest.mark.parametrize(
    "text", ["", "2021", "2021 14", "会议室2021 14", "2021年14日", "〔2021〕号", "科普〔2021〕年", "1821年14号"]
)
def test_no_numbers(text: str):
    assert typed_number(text) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2020..2021", "2020-01-01", "2021-12-31"),
        ("2024-05", "2024-05-01", "2024-05-31"),
        ("2024-02..", "2024-02-01", ""),
        ("..2024年2月", "", "2024-02-29"),
        ("2020年9月前", "", "2020-08-31"),
        ("2020年9月底前", "", "2020-09-30"),
        ("2021年1月1日之前", "", "2020-12-31"),
        ("2020年以来", "2020-01-01", ""),
        ("2020年12月后", "2021-01-01", ""),
        ("2023年上半年", "2023-01-01", "2023-06-30"),
        ("2023年第三季度", "2023-07-01", "2023-09-30"),
        ("２０２４年５月３０日", "2024-05-30", "2024-05-30"),
        ("2020年至2022年6月", "2020-01-01", "2022-06-30"),
    ],
)
def test_typed_dates(text: str, start: str, end: str):
    assert typed_dates(text) == DateRange(start, end)


@pytest.mark.parametrize("text", ["", "昨天", "2024年13月", "2023年2月29日", "9月底前", "..", "20241330", "20240231"])
def test_no_dates(text: str):
    assert typed_dates(text) is None


def test_a_bare_year_is_a_word_in_a_query_and_a_date_in_its_field():
    assert typed_dates("2024", strict=True) is None
    assert typed_dates("2024") == DateRange("2024-01-01", "2024-12-31")


def test_day_numbers():
    assert day_number("2024-05-30") == 20240530
    assert day_number("2024-05", pad=99) == 20240599
    assert day_number("2024") == 20240000
    assert day_number("") == day_number("待定") == 0
