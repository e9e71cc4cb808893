"""Some 360 short changes between two years (moves.yml): computed exactly, looked up with a source or asked about, and
nothing that only people know carried without a question. And: what was copied from last year is seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from draft.changes import Step
from draft.check.model import Prior
from draft.check.run import check
from draft.facts import load_facts
from draft.renamed import renamed
from draft.sentences import carry
from draft.vectors import Tried, load, run
from gongwen.cli.compose import make_pipeline
from gongwen.settings import Settings
from ingest.readers.plain import READER
from ingest.source import Source

MOVES = list(run(load(Path(__file__).parent / "moves.yml")))


@pytest.mark.parametrize("tried", MOVES, ids=lambda one: f"{one.entry['to']}-{str(one.entry['old'])[:18]}")
def test_a_change_is_given_or_asked_about(tried: Tried) -> None:
    expected = {"rule": {"new"}, "lookup": {"new", "flagged"}, "human": {"flagged"}}[tried.entry["predictable"]]
    if tried.entry["predictable"] == "human" and tried.entry["new"] == tried.carried.new:
        expected = {"new"}
    assert tried.outcome in expected, tried.carried.new


def test_what_is_looked_up_says_where() -> None:
    given = [one for tried in MOVES for one in tried.carried.changes if one.act == "looked_up"]
    assert len(given) > 30
    assert [one for one in given if not one.source] == []


def test_few_are_asked_about_only_because_nothing_is_known() -> None:
    """A phrase alone is always asked about; nearly all have a reason of their own, as they would inside a paper."""
    asked = [one for one in MOVES if one.outcome == "flagged"]
    bare = [one for one in asked if all(c.kind == "sentence" for c in one.carried.changes if c.is_flagged)]
    assert len(asked) > 150
    assert len(bare) <= 0.12 * len(asked), [one.entry["old"] for one in bare]


def step(old: int, new: int) -> Step:
    return Step(old, new, date(new, 9, 1), load_facts())


@pytest.mark.parametrize(("text", "old"), [
    ("根据《农业部关于做好农民培训的通知》要求", None), ("各农业部门要配合", None), ("原国土资源局移交的档案", None),
    ("依法签订劳动合同，执行《中华人民共和国劳动合同法》", None), ("由市国土资源局负责", "国土资源局"),
    ("遵守《中华人民共和国合同法》", "中华人民共和国合同法"), ("国家乡村振兴局", "国家乡村振兴局"),
])  # fmt: skip
def test_old_names_where_they_are_meant(text: str, old: str | None) -> None:
    found = [match.group() for match, _ in renamed(text, load_facts(), date(2025, 1, 1))]
    assert found == ([old] if old else [])


def test_the_title_of_a_cited_notice_keeps_year_and_name() -> None:
    text = "根据《某省科协关于举办2024年全国科普日活动的通知》精神"
    found = carry(text, step(2024, 2025))
    assert found.new == text
    assert [one.kind for one in found.changes if one.is_flagged] == ["citation"]


@pytest.mark.parametrize("text", [
    "坚持周密部署、周到服务。", "做到一个不漏、一户不少。", "第一次就把事情做好。",
    "抓好时间节点，点面结合。",
    "实现全年目标，形成长效机制。", "强化组织领导，压实主体责任。", "加强对基层的指导，主动协调解决问题。",
    "成员单位要各负其责。", "坚持每周一次、一周一报，做到月月有活动。", "各会长单位、主任委员要带头参加。",
    "教师节前后走访慰问。", "支持高层次人才周转使用。", "充分发挥代表委员作用。", "推进科普进校园、进社区、进农村。",
])  # fmt: skip
def test_plain_sentences_are_left_alone(text: str) -> None:
    assert carry(text, step(2023, 2024)).changes == ()


def test_last_years_words_in_this_years_paper_are_told() -> None:
    last = (
        "活动时间为9月15日至21日。",
        "主题为“喜迎盛会，科普向未来”。",
        "各单位要高度重视，认真组织实施。",
        "第二十二届全国科技活动周同期举办。",
    )
    text = (
        "云州市科学技术协会文件\n云科协字〔2023〕9号\n关于开展2023年科普活动的通知\n各有关单位：\n"
        + "\n".join(last) + "\n云州市科学技术协会\n2023年8月30日\n"
    )  # fmt: skip
    document = READER.read(Source.of("a.txt", text.encode("utf-8"), "text/plain"))
    record = make_pipeline(Settings()).derive(document)[0]
    alone = check(document, record, today=date(2023, 9, 1))
    beside = check(document, record, today=date(2023, 9, 1), prior=Prior("《去年的通知》", 2022, last))
    assert [one for one in alone if one.code == "copied"] == []
    assert [one.quote for one in beside if one.code == "copied"] == [
        "9月15日至21日",
        "喜迎盛会，科普向未来",
        "第二十二届",
    ]
