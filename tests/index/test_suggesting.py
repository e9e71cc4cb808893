"""Suggestions while typing: by what stands there, how it begins, pinyin initials; never what a reader may not see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lexicon_kit import PAPERS, filled, paper

from index.aliases import Aliases
from index.engine import Entry
from index.lexicon import Lexicon
from index.rolls import Roll
from index.suggesting import MOST, Register, Suggestion, suggest

REGISTER = Register(Aliases([["共青团云州市委员会", "团市委"], ["云州市水利局", "市水利局"]]).groups())


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lexicon]:
    made = filled(tmp_path_factory.mktemp("lexicon"))
    yield made
    made.close()


def told(lexicon: Lexicon, text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.label) for one in suggest(lexicon, REGISTER, text)]


@pytest.mark.parametrize(
    ("typed", "kind", "label"),
    [
        ("skx", "unit", "市科协"),
        ("SKX", "unit", "市科协"),
        ("kxjsxh", "unit", "云州市科学技术协会"),
        ("shikexie", "unit", "市科协"),
        ("cqlxx", "unit", "云州市重庆路小学"),
        ("科协", "unit", "市科协"),
        ("雲州市教", "unit", "云州市教育局"),
        ("tsw", "unit", "团市委"),
        ("团市", "unit", "团市委"),
        ("zmy", "person", "周明远"),
        ("周", "person", "周明远"),
        ("szq", "person", "单志强"),
        ("dzq", "person", "单志强"),
        ("oyj", "person", "欧阳静"),
        ("zm", "person", "周明"),
        ("云科协字2024", "number", "云科协字〔2024〕5号"),
        ("[2024]4", "number", "云科协字〔2024〕45号"),
        ("2023年45", "number", "云教函〔2023〕45号"),
        ("ykxz", "number", "云科协字〔2024〕45号"),
        ("大篷车", "title", "关于印发《科普大篷车巡展实施方案》的通知"),
        ("科普日 总结", "title", "全国科普日工作总结"),
        ("標題:創新", "title", "关于商请支持青少年科技创新大赛的函"),
        ("牵头:skx", "unit", "市科协"),
        ("人:lrx", "person", "林若溪"),
        ("文号:云教", "number", "云教函〔2023〕45号"),
    ],
)
def test_what_is_offered(lexicon: Lexicon, typed: str, kind: str, label: str):
    assert (kind, label) in told(lexicon, typed)


@pytest.mark.parametrize(
    "typed", ["", "  ", "s", "zz", "水利", "人:", "年:2024", "日期:2024", "\0", "\ud800", "“", "%", "_"]
)
def test_what_is_not(lexicon: Lexicon, typed: str):
    assert told(lexicon, typed) == []


def test_a_field_asks_for_its_kind_only(lexicon: Lexicon):
    assert {kind for kind, _ in told(lexicon, "单位:云州市")} == {"unit"}
    assert {kind for kind, _ in told(lexicon, "标题:科普")} == {"title"}


def test_the_last_word_is_completed_and_the_rest_stays(lexicon: Lexicon):
    found = suggest(lexicon, REGISTER, "科普日 -牵头:skx")[0]
    assert found == Suggestion("unit", "市科协", "科普日 -牵头:市科协", papers=2)


def test_what_begins_so_comes_first_then_what_stands_in_more_papers(lexicon: Lexicon):
    units = [label for kind, label in told(lexicon, "云州市") if kind == "unit"]
    assert units == ["云州市教育局", "云州市科学技术协会", "云州市重庆路小学", "共青团云州市委员会"]
    assert told(lexicon, "2024")[:2] == [("number", "云科协字〔2024〕5号"), ("number", "云科协字〔2024〕45号")]


def test_a_paper_is_told_once_and_its_suggestion_leads_to_it(lexicon: Lexicon):
    found = suggest(lexicon, REGISTER, "云教函〔2023〕45号")
    assert [(one.kind, one.id, one.note) for one in found] == [("number", PAPERS[2][0], PAPERS[2][1])]


def test_never_more_than_ten(tmp_path: Path):
    lexicon = Lexicon.create(tmp_path)
    lexicon.update(
        [Entry(f"{at:016x}-1", f"科普日第{at}次", "", f"科普〔2024〕{at}号",
               fields={"unit": (f"科普{at}中心",), "person": (f"科普{at}",)}) for at in range(40)]
    )  # fmt: skip
    found = suggest(lexicon, REGISTER, "科普")
    assert len(found) == MOST
    assert [kind for at, kind in enumerate(one.kind for one in found) if not at or found[at - 1].kind != kind] == [
        "unit", "title", "person",
    ]  # fmt: skip
    lexicon.close()


def test_what_a_reader_may_not_see_is_not_told(lexicon: Lexicon):
    """The same answers as from a lexicon without the papers (reliability.md no. 31)."""
    hidden = {PAPERS[0][0], PAPERS[2][0]}

    def visible(paper_id: str) -> bool:
        return paper_id not in hidden

    for typed in ("skx", "云州市", "周", "zmy", "lrx", "2024", "科普日", "tsw", "单志", "创新"):
        mine = suggest(lexicon, REGISTER, typed, visible)
        assert not hidden & {one.id for one in mine}, typed
        assert not {"林若溪", "单志强", "团市委", "云州市教育局"} & {one.label for one in mine}, typed
    (found,) = [one for one in suggest(lexicon, REGISTER, "skx", visible) if one.label == "市科协"]
    assert found.papers == 1


def test_answers_equal_those_of_a_lexicon_without_the_hidden_papers(tmp_path: Path, lexicon: Lexicon):
    (tmp_path / "less").mkdir()
    less = Lexicon.create(tmp_path / "less")
    less.update([paper(1), paper(3)])
    allowed = {PAPERS[1][0], PAPERS[3][0]}
    for typed in ("skx", "云州市", "周", "zm", "lrx", "2024", "科普", "tsw", "全国", "方案", "shi"):
        assert suggest(lexicon, REGISTER, typed, allowed.__contains__) == suggest(less, REGISTER, typed), typed
    less.close()


@given(typed=st.text(max_size=80))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_may_be_typed(lexicon: Lexicon, typed: str):
    assert len(suggest(lexicon, REGISTER, typed)) <= MOST


@given(
    lines=st.lists(st.text(alphabet="科普日a", max_size=5), max_size=12),
    needle=st.text(alphabet="科普日a", min_size=1, max_size=2), most=st.integers(1, 12), begin=st.booleans(),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_a_roll_finds_every_line_once(lines: list[str], needle: str, most: int, begin: bool):
    roll = Roll().extended(enumerate(lines[:5])).extended(enumerate(lines[5:], 5))
    right = [at for at, line in enumerate(lines) if (line.startswith(needle) if begin else needle in line)]
    assert roll.holding(f"\n{needle}" if begin else needle, most) == right[::-1][:most]
