"""Papers that tell of the same come first; never the paper itself, its own file or what is left out."""

from __future__ import annotations

import pytest
from contract_kit import entry

from index.engine import Query, SearchEngine
from index.similar import Resembling, similar_in

FAIR = "关于举办科技创新博览会的通知。博览会设机器人展区、航天展区，请组织参展，布展时间另行告知。"
DRILL = "关于开展消防应急演练的通知。请检查灭火器和疏散通道，演练结束后报送总结。"
DUTY = "关于节日期间值班安排的通知。值班人员须保持电话畅通，重要情况及时报告。"


@pytest.fixture
def papers(engine: SearchEngine) -> SearchEngine:
    engine.update(
        [
            entry("aa-1", f"{FAIR}第一届", title="关于举办第一届科技创新博览会的通知", number="甲〔2022〕1号"),
            entry("aa-2", f"{FAIR}附件", title="科技创新博览会参展回执"),
            entry("bb-1", f"{FAIR}第二届", title="关于举办第二届科技创新博览会的通知", number="甲〔2023〕1号"),
            entry("cc-1", f"机器人展区和航天展区的总结，{DUTY}", title="工作总结"),
            *(entry(f"d{at}-1", f"{DRILL}{at}", title=f"关于第{at}次应急演练的通知") for at in range(6)),
            *(entry(f"e{at}-1", f"{DUTY}{at}", title=f"关于值班安排的通知{at}") for at in range(6)),
        ]
    )
    return engine


def test_the_nearest_comes_first(papers: SearchEngine):
    found = similar_in(papers, "aa-1", limit=5)
    assert found[0].id == "bb-1"
    assert {one.id[0] for one in similar_in(papers, "d0-1", limit=5)} == {"d"}
    assert list(found) == sorted(found, key=lambda one: -one.score)


def test_never_itself_its_own_file_or_its_copies(papers: SearchEngine):
    assert not {"aa-1", "aa-2"} & {one.id for one in similar_in(papers, "aa-1", limit=10)}
    assert "bb-1" not in {one.id for one in similar_in(papers, "aa-1", limit=10, leave_out=["bb-1"])}
    papers.update([entry("ff-1", f"{FAIR}第一届", title="关于举办第一届科技创新博览会的通知", number="甲〔2022〕1号")])
    assert "ff-1" not in {one.id for one in similar_in(papers, "aa-1", limit=10)}, "the same paper in another file"


def test_what_is_gone_is_not_similar(papers: SearchEngine):
    papers.delete(["bb-1"])
    assert "bb-1" not in {one.id for one in similar_in(papers, "aa-1", limit=10)}


def test_papers_that_are_not_there_or_empty_have_none(papers: SearchEngine):
    papers.update([entry("zz-1", "")])
    assert similar_in(papers, "zz-1", limit=5) == similar_in(papers, "nowhere-1", limit=5) == ()


def test_the_limit_holds(papers: SearchEngine):
    assert len(similar_in(papers, "d0-1", limit=2)) == 2


def test_rare_words_of_the_body_count_where_the_titles_share_none(papers: SearchEngine):
    assert isinstance(papers, Resembling)
    found = {one.id: one for one in similar_in(papers, "aa-1", limit=5)}
    assert found["cc-1"].score < found["bb-1"].score
    assert {"机器人", "航天"} <= set(found["cc-1"].words)
    assert all(one.words for one in found.values())


def test_words_are_told_that_stand_in_fields_alone(engine: SearchEngine):
    tents = {"activity": ("搭建帐篷营地",)}
    engine.update([entry("aa-1", DUTY, title="通知一", fields=tents), entry("bb-1", FAIR, title="说明", fields=tents)])
    nearest = similar_in(engine, "aa-1", limit=5)[0]
    assert nearest.id == "bb-1"
    assert "帐篷" in "".join(nearest.words)


class Plain:
    """An engine that knows nothing of similar papers."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    def search(self, query: Query):
        return self._engine.search(query)

    def entry_meta(self, entry_id: str):
        return self._engine.entry_meta(entry_id)  # type: ignore[attr-defined]


def test_an_engine_without_it_is_asked_for_the_words_of_the_title(papers: SearchEngine):
    found = similar_in(Plain(papers), "aa-1", limit=5)
    assert found[0].id == "bb-1"
    assert not {"aa-1", "aa-2"} & {one.id for one in found}
