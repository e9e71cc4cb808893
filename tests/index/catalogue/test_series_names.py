"""Titles from year to year: what is one series and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from series_kit import NAMES, score, stemmer

from index.catalogue.clusters import clusters
from index.catalogue.stems import likeness

OFFICE = ("云州市科学技术协会", "云州市科协", "市科协")

FLOORS = {"tuned": 1.0, "kept": 0.89, "late": 0.8, "last": 0.8}
"""Least recall of pairs of papers; on no list may a wrong pair be together."""


@pytest.mark.parametrize("part", FLOORS)
def test_no_wrong_pair_is_together_and_few_right_ones_are_apart(part):
    found = score(NAMES[part])
    assert found.wrong == []
    assert found.recall >= FLOORS[part]


def test_the_lists_are_large_enough_to_say_something():
    titles = [one for part in NAMES.values() for series in part.values() for papers in series for one in papers.items()]
    assert len(titles) > 220
    assert sum(len(series) for part in NAMES.values() for series in part.values()) > 120


@pytest.mark.parametrize(("title", "stem"), [
    ("关于印发《2021年全国科普日云州活动方案》的通知", "全国科普日云州方案"),
    ("关于印发《2025年全国科普月云州活动方案》的通知", "全国科普日云州方案"),
    ("云州市科学技术协会关于举办第十二届青少年科技创新大赛的通知", "青少年科技创新大赛"),
    ("关于举办“2022年全国科技工作者日”系列活动的通知", "全国科技工作者日活动"),
    ("关于商请支持举办科普产品博览会的函", "商请支持举办科普产品博览会:函"),
    ("关于报送2020年工作总结和2021年工作计划的通知", "报送总结和计划"),
    ("关于2021年第三季度信息报送情况的通报", "信息报送情况"),
    ("关于印发全民科学素质行动规划纲要（2021—2035年）的通知", "全民科学素质行动规划纲要"),
    ("云州市“十四五”科普发展规划", "科普发展规划"),
    ("云州市科学技术协会公告", ""),
    ("通知", ""), ("", ""), ("2021年", ""),
])  # fmt: skip
def test_stem(title, stem):
    assert stemmer().stem(title, OFFICE, "云州市") == stem


@pytest.mark.parametrize(("title", "name"), [
    ("关于印发《2021年全国科普日云州活动方案》的通知", "2021年全国科普日云州活动方案"),
    ("关于举办2021年云州市科技活动周的通知", "2021年云州市科技活动周"),
    ("云州市科协关于开展学雷锋活动的通知", "学雷锋活动"),
    ("云州市科学技术协会公告", "云州市科学技术协会公告"),
    ("转发关于做好防汛工作的通知的通知", "转发关于做好防汛工作的通知"),
])  # fmt: skip
def test_what_a_paper_is_about(title, name):
    assert stemmer().name(title, OFFICE) == name


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("全市高考会议", "全市高考考务会议", False),  # 高考 alone is too short to be sure of
    ("普通高中招生", "普通高中学校招生", True),
    ("高考期间医疗保障", "中考期间医疗保障", False),
    ("征集科普作品", "公布科普作品名单", False),
    ("选派科技特派员", "科技特派员选派", True),
    ("安全生产活动", "安全生产月活动", False),
    ("科普产品博览会:请示", "科普产品博览会", False),
])  # fmt: skip
def test_likeness(one, other, alike):
    made = stemmer()
    assert bool(likeness(made.read(one), made.read(other))) is alike
    assert likeness(made.read(one), made.read(other)) == likeness(made.read(other), made.read(one))


def test_look_alikes_of_one_year_are_two_series():
    years = {"科技节": frozenset({2020, 2021}), "科技艺术节": frozenset({2021}), "科技文化节": frozenset({2022})}
    found = clusters(years, [(0.8, "科技节", "科技艺术节"), (0.6, "科技节", "科技文化节")])
    assert found["科技节"] != found["科技艺术节"]
    assert found["科技节"] == found["科技文化节"]


STEMS = st.sampled_from("甲乙丙丁戊己")


@given(
    st.dictionaries(STEMS, st.frozensets(st.integers(2019, 2022), max_size=3), min_size=1),
    st.lists(st.tuples(st.sampled_from([0.6, 0.7, 0.9]), STEMS, STEMS)),
    st.randoms(),
)
def test_the_order_of_arrival_changes_nothing(years, pairs, shuffled):
    known = [(score, *sorted(pair)) for score, *pair in pairs if len({*pair} & years.keys()) == 2]
    found = clusters(years, known)
    shuffled.shuffle(known)
    assert clusters(dict(sorted(years.items(), reverse=True)), known) == found
    assert found.keys() == years.keys()
    assert all(found[chief] == chief for chief in found.values())


@given(st.text(max_size=300))
def test_any_text_has_a_stem_of_some_kind(text):
    made = stemmer()
    stem = made.stem(text, OFFICE, "云州市")
    assert made.stem(text, OFFICE, "云州市") == stem
    assert len(stem) <= 130
    made.read(stem)
    made.name(text, OFFICE)
