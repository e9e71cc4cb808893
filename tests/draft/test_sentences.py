"""What becomes of a sentence of last year: computed, looked up, left open, never carried silently."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from draft.changes import Step
from draft.facts import load_facts
from draft.finders.formulas import chinese_count
from draft.sentences import carry
from draft.vectors import Tried, load, not_changed, run
from gongwen.values.numerals import read_count

VECTORS = Path(__file__).parent / "vectors.yml"


def step(old: int, new: int) -> Step:
    return Step(old, new, date(new, 9, 1), load_facts())


@pytest.mark.parametrize("tried", list(run(load(VECTORS))), ids=lambda one: str(one.entry["old"])[:20])
def test_each_change_is_given_or_flagged(tried: Tried) -> None:
    expected = {"rule": {"new"}, "lookup": {"new"}, "human": {"flagged", "new"}}[tried.entry["predictable"]]
    assert tried.outcome in expected, tried.carried.new


@pytest.mark.parametrize("tried", [one for one in run(load(VECTORS)) if one.entry["predictable"] == "lookup"],
                         ids=lambda one: str(one.entry["old"])[:20])  # fmt: skip
def test_what_is_looked_up_names_its_source(tried: Tried) -> None:
    found = [one for one in tried.carried.changes if one.act == "looked_up"]
    assert found
    assert all(one.source for one in found)


def test_a_number_of_this_paper_is_left_open() -> None:
    assert carry("云科协字〔2022〕36号", step(2022, 2023)).new == "云科协字〔2023〕__号"


def test_gaps_say_what_is_missing() -> None:
    found = carry("活动主题为“奋进新征程 科普向未来”，活动时间为9月15日至21日。", step(2022, 2023))
    assert found.new == "活动主题为“【待核：主题】”，活动时间为【待核：日期】。"


def test_a_deadline_on_a_day_off_is_moved_forward() -> None:
    found = carry("请于9月13日前报送总结。", step(2023, 2026))
    assert found.new == "请于9月11日前报送总结。"  # 13 September 2026 is a Sunday
    assert [one.is_flagged for one in found.changes] == [True]
    assert "不是工作日" in found.changes[0].why


def test_a_working_weekend_stays() -> None:
    assert carry("请于9月20日前报送。", step(2025, 2026)).new == "请于9月20日前报送。"  # worked by the notice of 2026


def test_a_count_that_does_not_fit_is_asked_about() -> None:
    found = carry("第二十届全国科技活动周", step(2021, 2022))
    assert found.new == "第二十届全国科技活动周"
    assert found.is_flagged


def test_dates_with_gaps_between_figures_are_dates() -> None:
    found = carry("自 2024 年 8 月 21 日起，可登录网站；9 月 27 日前报送。", step(2024, 2025))
    assert "2024" not in found.new
    assert found.new.startswith("自 【待核：日期】起")


def test_a_stable_sentence_is_not_touched() -> None:
    stable = (
        "各县（区）要高度重视，加强组织领导，细化工作措施，确保各项活动有序推进。", "一、总体要求",
        "第三，坚持示范引领。", "（一）加强组织领导。", "推动科普进企业、进农村、进社区、进学校、进家庭。",
    )  # fmt: skip
    for text in stable:
        found = carry(text, step(2022, 2023))
        assert (found.new, found.changes) == (text, ())


def test_what_the_paper_itself_issues_steps() -> None:
    found = carry("现印发《2022年科普日活动方案》，请对照《2022年全省科普工作要点》落实。", step(2022, 2023))
    assert found.new == "现印发《2023年科普日活动方案》，请对照《2022年全省科普工作要点》落实。"
    assert [one.kind for one in found.changes if one.is_flagged] == ["citation"]


MIXED = "关于2021年9月第十五届个〔〕号至日（星期三）、党的二十大《》“”。人元"


@given(st.text(alphabet=MIXED, max_size=60), st.integers(1, 5))
def test_pieces_fit_together_whatever_the_sentence(text: str, years: int) -> None:
    found = carry(text, step(2021, 2021 + years))
    at = 0
    for change in found.changes:
        assert change.span.start >= at
        assert change.old == change.span.of(text)
        at = change.span.end
    if not found.changes:
        assert found.new == text


@given(st.integers(1, 999))
def test_counting_words_are_read_back(number: int) -> None:
    assert read_count(chinese_count(number)) == number


def test_what_was_copied_by_mistake_is_caught_by_the_checker() -> None:
    """The errors that stand in published papers (drafting.md), as sentences of the newer year's paper."""
    copied = not_changed(load(Path(__file__).parent / "copied.yml"))
    assert len(copied) >= 12
    assert [entry["new"] for entry, found in copied if not found] == []
