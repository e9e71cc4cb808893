"""What people search for, over the sample papers: all that must be found and nothing else, and what comes first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_index import QUERIES, Sample, sample, taken  # noqa: F401  (fixtures)

from index.analysis import fold
from index.engine import Query
from index.whoosh_engine import folded_text

LEAST = 120
KINDS = {
    "词中之词", "字间有空格", "几个词", "排除", "精确短语", "简称与全称", "更名", "文号", "日期", "字段", "繁体字",
    "人和电话", "写错的",
}  # fmt: skip


def test_there_are_enough_of_every_kind():
    counts = Counter(one["kind"] for one in QUERIES["queries"])
    assert sum(counts.values()) >= LEAST
    assert counts.keys() == KINDS
    assert min(counts.values()) >= 4
    asked = [(one["q"], one.get("today")) for one in QUERIES["queries"]]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("case", QUERIES["queries"], ids=lambda one: f"{one['kind']}-{one['q']}")
def test_all_that_must_be_found_and_nothing_else(sample: Sample, case: dict[str, Any]):  # noqa: F811
    query = Query(case["q"], limit=1000, today=case.get("today", ""))
    page = sample.index.search(query)
    assert sorted(sample.named(page.ids)) == sorted(case["hits"])
    assert page.exact == (case.get("exact") != "no")
    if "first" in case:
        assert sample.named(page.ids)[0] == case["first"]
    if "meant" in case:
        assert case["meant"] in [one.text for one in sample.index.corrections(query)]


@st.composite
def _pieces(draw: st.DrawFn) -> tuple[int, float, int]:
    return draw(st.integers(0, 10_000)), draw(st.floats(0, 1)), draw(st.integers(2, 40))


@given(piece=_pieces())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_piece_of_any_paper_finds_it(sample: Sample, piece: tuple[int, float, int]):  # noqa: F811
    """Substring recall 1.00, and precision too: exactly the papers in which it stands."""
    which, where, length = piece
    texts = {one.id: folded_text(one) for one in sample.entries.values()}
    entry = list(sample.entries.values())[which % len(texts)]
    source = entry.text
    start = int(where * max(0, len(source) - length))
    wanted = "".join(char for char in source[start : start + length] if char not in '"“”„＂「」『』')
    needle = fold(wanted)
    if len(needle) < 2:
        return
    page = sample.index.search(Query(f"“{wanted}”", limit=1000))
    assert entry.id in page.ids or needle not in texts[entry.id]
    assert set(page.ids) == {one for one, text in texts.items() if needle in text}


def test_a_number_finds_the_paper_itself_before_those_that_cite_it(sample: Sample):  # noqa: F811
    cited = 0
    for entry in sample.entries.values():
        if not entry.number_keys:
            continue
        for text in (entry.number, entry.number.replace("〔", "[").replace("〕", "]").removesuffix("号")):
            ids = sample.index.search(Query(text, limit=1000)).ids
            own = [one for one in ids if sample.entries[one].number == entry.number]
            assert ids[: len(own)] == tuple(own), text
            assert entry.id in own
            cited += len(ids) > len(own)
    assert cited >= 10, "some are cited, or the test says nothing"


def test_a_title_finds_its_paper_first(sample: Sample):  # noqa: F811
    for entry in sample.entries.values():
        for text in (entry.title, f"“{entry.title}”", " ".join(entry.title)):
            page = sample.index.search(Query(text[:200], limit=5))
            assert fold(sample.entries[page.ids[0]].title) == fold(entry.title), text


def test_words_of_a_title_find_it_before_papers_that_say_them_in_passing(sample: Sample):  # noqa: F811
    told = (("创新大赛 复函", "复2021"), ("暂停开放", "停2020"), ("科普信息化建设", "信2021"), ("博览会", "请2022"),
            ("交通管制", "交2024"), ("商借展品", "借2023"), ("领导小组 调整 2024", "组2024"))  # fmt: skip
    for text, first in told:
        found = sample.named(sample.index.search(Query(text, limit=3)).ids)
        same = {one for one in sample.ids if sample.entries[sample.ids[one]].title
                == sample.entries[sample.ids[first]].title}  # fmt: skip
        assert found[0] in same, (text, found)
