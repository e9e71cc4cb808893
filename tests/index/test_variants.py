"""Traditional and simplified print are one in search, and every mark is where the printed form stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongwen.errors import RuleError
from index.analysis import flat, fold, fold_stamp, printed_forms
from index.fieldnames import FIELDS, NONE_WORD, ROLE_WORDS
from index.highlight import mark, matches
from index.query import parse
from index.variants import read_variants, variants

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("printed", "simplified"),
    [
        ("關於舉辦全國科普日活動的通知", "关于举办全国科普日活动的通知"),
        ("雲州市科學技術協會", "云州市科学技术协会"),
        ("中小學生發明創造", "中小学生发明创造"),
        ("請於九月底前將總結報送", "请于九月底前将总结报送"),
        ("產業鏈與鍛鍊身體", "产业链与锻炼身体"),
        ("計畫、規劃與書畫展", "计划、规划与书画展"),
        ("理髮、頭髮、發展、發佈", "理发、头发、发展、发布"),
        ("皇后與以後", "皇后与以后"),
        ("答覆與批復、重複、覆蓋", "答复与批复、重复、覆盖"),
        ("乾淨、幹部、干涉、乾坤", "干净、干部、干涉、乾坤"),
        ("臺灣、檯面、颱風", "台湾、台面、台风"),
        ("為爲、眾衆、裡裏、線綫、啟啓", "为为、众众、里里、线线、启启"),
        ("麪粉、麵條、餘額", "面粉、面条、余额"),
    ],
)
def test_both_prints_fold_to_one(printed: str, simplified: str):
    assert fold(printed) == fold(simplified)


def test_pairs_of_one_to_many_only_widen():
    assert len({fold(char) for char in "后後"}) == 1
    assert len({fold(char) for char in "发發髮"}) == 1
    assert len({fold(char) for char in "复復複覆"}) == 1
    assert len({fold(char) for char in "天夫末未己已人入"}) == 8, "characters that only look alike stay apart"


def test_everyday_characters_stand_for_their_groups():
    """A segmenter knows 发展, not 發展."""
    everyday = [char for char in variants() if _is_everyday(char)]
    assert set(everyday) == set("乾画炼藉著覆"), "everyday characters that give way to another"
    assert all(_is_everyday(variants()[char]) for char in everyday)


def _is_everyday(char: str) -> bool:
    try:
        return 0xB0A1 <= int.from_bytes(char.encode("gb2312"), "big") < 0xD7FA
    except UnicodeEncodeError:
        return False


_MIXED = st.text(alphabet="學学會会發发髮後后 \n　ＡaＢb１1(（“\u200b號号⼀一𫔀链鏈", max_size=80)


@given(_MIXED)
@settings(max_examples=300, deadline=None)
def test_folding_is_stable_and_keeps_its_length(text: str):
    assert len(flat(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert flat(flat(text)) == flat(text)


@given(_MIXED, st.integers(0, 79), st.integers(1, 6))
@settings(max_examples=300, deadline=None)
def test_marks_are_where_the_printed_form_stands(text: str, start: int, length: int):
    needle = fold(text[start : start + length])
    if not needle:
        return
    found = matches(text, [needle])
    assert found
    assert all(needle in fold(span.of(text)) for span in found)
    assert "".join(piece for piece, _ in mark(text, [needle])) == text


def test_both_forms_in_one_text_are_marked():
    text = "科學技術協會與科学技术协会，科 學 技 術 協 會"
    assert [span.of(text) for span in matches(text, ["科学技术协会"])] == [
        "科學技術協會", "科学技术协会", "科 學 技 術 協 會",
    ]  # fmt: skip


def test_every_character_that_folds_to_one_is_a_form_of_it():
    assert set(printed_forms("学")) >= {"学", "學"}
    assert printed_forms("的") == "的"
    for char in "学发会划-a1〔":
        assert all(flat(form) == char for form in printed_forms(char)), char


def test_words_of_the_query_language_are_not_folded_away():
    words = (*FIELDS, *ROLE_WORDS, NONE_WORD)
    assert [word for word in words if fold(word) != word] == []


def test_the_query_language_is_understood_in_traditional_characters():
    parsed = parse("牽頭:市科協 標題:“方案” 類型:意見 日期:2020年以後 責任:無 雲科協字〔2024〕45號 牽頭")
    assert [(one.terms[0].kind, one.terms[0].name) for one in parsed.clauses[:5]] == [
        ("field", "lead"), ("field", "title"), ("facet", "type"), ("date", ""), ("facet", "responsible"),
    ]  # fmt: skip
    assert "意见" in [value for term in parsed.clauses[2].terms for value in term.needles]
    assert parsed.clauses[4].terms[0].needles == ("",)
    assert str(parsed.clauses[5].terms[0].number) == "云科协字〔2024〕45号"
    assert parsed.roles == ("lead",)


def test_another_table_is_another_index(tmp_path: Path):
    assert fold_stamp().startswith("3/")
    path = tmp_path / "characters.yml"
    path.write_text("groups: [甲乙]\nheads: 乙\n", encoding="utf-8")
    assert read_variants(path)["甲"] == "乙"
    path.write_text("groups: {甲: 乙}\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"characters\.yml"):
        read_variants(path)
