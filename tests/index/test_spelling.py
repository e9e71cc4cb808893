"""Did you mean: near in characters, sound or look; offered only when it finds more, with the filters that were set."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lexicon_kit import PAPERS, filled, paper

from index.aliases import Aliases
from index.distance import distance, fit, lookalikes
from index.engine import Query
from index.lexicon import Lexicon
from index.memory_engine import MemoryEngine
from index.spelling import corrected
from index.suggesting import Register

REGISTER = Register(Aliases([["共青团云州市委员会", "团市委"]]).groups())
TEXTS = ("全国科普日活动", "科普大篷车巡展实施方案，各县（区）科学技术协会", "团市委支持", "科普日总结")


@pytest.fixture(scope="module")
def engine() -> MemoryEngine:
    made = MemoryEngine(Aliases([["共青团云州市委员会", "团市委"]]))
    made.update([replace(paper(at), text=text, facets={"year": (PAPERS[at][3][:4],)}) for at, text in enumerate(TEXTS)])
    return made


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lexicon]:
    made = filled(tmp_path_factory.mktemp("lexicon"))
    yield made
    made.close()


def meant(engine: MemoryEngine, lexicon: Lexicon, text: str, **more: object) -> list[tuple[str, int]]:
    query = Query(text, **more)  # type: ignore[arg-type]
    return [(one.text, one.total) for one in corrected(query, lexicon, REGISTER, engine.search)]


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("科谱大篷车", "科普大篷车"),
        ("科普大蓬车", "科普大篷车"),
        ("科普大篷车车", "科普大篷车"),
        ("科普大车篷", "科普大篷车"),
        ("周民远", "周明远"),
        ("周朋远", "周明远"),
        ("林若西", "林若溪"),
        ("市科枝", "市科协"),
        ("全国科普曰", "全国科普日"),
        ("云州市教玉局", "云州市教育局"),
        ("云州市科学技木协会", "云州市科学技术协会"),
        ("雲州市教玉局", "云州市教育局"),
        ("科技创薪大赛", "科技创新大赛"),
        ("团市伟", "团市委"),
        ("kepuri", "科普日"),
        ("skx", "市科协"),
        ("云科谢字〔2024〕45号", "云科协字〔2024〕45号"),
        ("人:周民远", "人:周明远"),
        ("标题:大蓬车 年:2024", "标题:大篷车 年:2024"),
        ("全国科普日 周民远", "全国科普日 周明远"),
        ("周 民 远", "周明远"),
    ],
)
def test_what_was_meant(engine: MemoryEngine, lexicon: Lexicon, typed: str, spelled: str):
    assert spelled in [text for text, _ in meant(engine, lexicon, typed)][:2]


@pytest.mark.parametrize(
    "typed",
    ["市科协", "全国科普日", "张三丰", "电视台", "查无此词", "“科普”", "-科谱", "年:2025", "", "\0", "a" * 200,
     "的" * 200],
)  # fmt: skip
def test_where_nothing_is_offered(engine: MemoryEngine, lexicon: Lexicon, typed: str):
    assert meant(engine, lexicon, typed) == []


def test_an_offer_says_what_it_finds_and_keeps_the_filters(engine: MemoryEngine, lexicon: Lexicon):
    assert ("周明远", 2) in meant(engine, lexicon, "周民远")
    assert meant(engine, lexicon, "周民远", where={"year": ("2023",)}) == []
    assert meant(engine, lexicon, "周民远", date_from="2024-06-01") == [("周明远", 1)]


def test_nothing_a_reader_may_not_see_is_offered(engine: MemoryEngine, lexicon: Lexicon):
    def visible(paper_id: str) -> bool:
        return paper_id != PAPERS[2][0]

    def search(query: Query):
        assert "林若溪" not in query.text, "not even to count it"
        return engine.search(query)

    assert corrected(Query("林若西"), lexicon, REGISTER, search, visible) == ()
    assert corrected(Query("科技创薪大赛"), lexicon, REGISTER, engine.search, visible) == ()
    assert corrected(Query("云教寒〔2023〕45号"), lexicon, REGISTER, engine.search, visible) == ()


def test_it_takes_half_a_second_at_most(tmp_path: Path):
    lexicon = Lexicon.create(tmp_path)
    lexicon.update([
        replace(paper(0), id=f"{at:016x}-1", title=f"关于第{at}次科普大活动的通知和方案和总结",
                fields={"unit": tuple(f"科普大篷{at}{end}中心" for end in "甲乙丙丁戊己庚辛")}) for at in range(1500)
    ])  # fmt: skip

    def slow(query: Query):
        time.sleep(0.05)
        return MemoryEngine().search(query)

    started = time.process_time()
    corrected(Query("科普大棚车的活动和方安"), lexicon, Register(), slow)
    assert time.process_time() - started < 1.5
    lexicon.close()


_WORDS = st.text(alphabet="科普谱日曰天ab", max_size=6)


@given(_WORDS, _WORDS)
@settings(max_examples=400, deadline=None)
def test_distance_is_one(one: str, other: str):
    there, back = distance(one, other, 9), distance(other, one, 9)
    assert there == pytest.approx(back)
    assert (there == 0) == (one == other)
    close = distance(one, other, 1.0)
    assert close is None or close == there


@given(_WORDS.filter(lambda word: len(word) > 1), _WORDS, _WORDS)
@settings(max_examples=300, deadline=None)
def test_a_word_fits_where_it_stands(word: str, before: str, after: str):
    found = fit(word, before + word + after, 2.0)
    assert found is not None
    assert found.cost == 0
    assert found.text == word


def test_near_sounds_and_looks_cost_less():
    same, near, look, other = (distance("科普日", text, 9) for text in ("科谱日", "科步日", "科普曰", "科学日"))
    assert same == look or same < other
    assert max(same, look) < other == near
    assert distance("银行", "银杏", 9) < 1, "by its other reading"
    assert "曰" in lookalikes()["日"]
    assert distance("科普日", "科日普", 9) == pytest.approx(0.6)
