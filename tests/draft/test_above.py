"""What is taken from the superior notice of the year: named, placed, always to be looked at; nothing else is filled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from draft.build import Paper, make
from draft.model import Draft
from draft.workshop.wire import draft_of
from gongwen.cli.compose import make_pipeline
from gongwen.settings import Settings
from ingest.readers.plain import READER
from ingest.source import Source

NOTICE = """海西省科学技术协会文件
海科协发〔2023〕31号
关于举办2023年全国科普日活动的通知
各市科学技术协会：
为贯彻落实《全民科学素质行动规划纲要（2021—2035年）》，现就举办2023年全国科普日活动有关事项通知如下：
一、活动主题
提升全民科学素质，助力科技自立自强
二、活动时间
2023年9月17日至23日
三、活动内容
（一）科普专题活动。围绕航空航天等主题举办展览和讲座。
（二）科普联合行动。各地组织科普教育基地、学会联合开展活动。
四、工作要求
（一）做好活动报送。各市科协于2023年8月31日前将重点活动报送省科协科普部，并于10月13日前报送活动总结。
海西省科学技术协会
2023年7月20日
"""


@pytest.fixture(scope="module")
def notice() -> Paper:
    document = READER.read(Source.of("notice.txt", NOTICE.encode("utf-8"), "text/plain"))
    return Paper(make_pipeline(Settings()).derive(document)[0], document)


@pytest.fixture(scope="module")
def drafted(paper: Callable[[str], Paper], notice: Paper) -> Draft:
    return make([paper("2022-云科协字36号")], 2023, notice)


def taken(draft: Draft) -> dict[str, str | None]:
    return {one.old: one.new for piece in draft.pieces() for one in piece.changes if one.act == "superior"}


def test_the_basis_is_this_years_notice(drafted: Draft) -> None:
    text = "".join(item.text for item in drafted.items)
    assert "根据《海西省科学技术协会关于举办2023年全国科普日活动的通知》（海科协发〔2023〕31号）要求" in text
    assert "海科协普发" not in text


def test_theme_and_time_are_offered(drafted: Draft) -> None:
    assert taken(drafted)["奋进新征程，科普向未来"] == "提升全民科学素质，助力科技自立自强"
    assert taken(drafted)["2022年9月15日至21日"] == "2023年9月17日至23日"


def test_all_of_it_is_to_be_looked_at_and_names_its_source(drafted: Draft) -> None:
    given = [one for piece in drafted.pieces() for one in piece.changes if one.act == "superior"]
    assert len(given) >= 4
    assert all(one.is_flagged and "海科协发〔2023〕31号" in one.source for one in given)


def test_days_of_single_activities_and_other_citations_stay_open(drafted: Draft) -> None:
    """The notice from above says nothing of them."""
    found = {one.old: one for piece in drafted.pieces() for one in piece.changes}
    assert found["9月16日"].new is None
    assert found["《云州市“十四五”全民科学素质提升行动方案》"].act == "asked"
    assert drafted.number == "云科协字〔2023〕__号"


def test_our_deadlines_are_held_against_those_from_above(drafted: Draft) -> None:
    told = [one.why for piece in drafted.pieces() for one in piece.changes if one.kind == "deadline"]
    assert told
    assert all("上级通知要求的时限是2023年8月31日前、10月13日前" in one for one in told)


def test_what_it_asks_for_is_told_with_its_place(drafted: Draft, notice: Paper) -> None:
    asked = [(one.label, one.is_there) for one in drafted.above]
    assert [label for label, _ in asked] == ["活动主题", "活动时间", "活动内容", "活动内容", "报送要求"]
    assert [is_there for _, is_there in asked] == [True, True, False, False, False]
    for one in drafted.above:
        assert "".join(notice.document.text[one.source.start : one.source.end].split()) == "".join(one.text.split())
    assert draft_of(drafted.to_json()).above == drafted.above


def test_a_notice_of_another_activity_is_no_basis(paper: Callable[[str], Paper], notice: Paper) -> None:
    other = NOTICE.replace("全国科普日", "农村电影放映").replace("31号", "77号")
    document = READER.read(Source.of("other.txt", other.encode("utf-8"), "text/plain"))
    drafted = make([paper("2022-云科协字36号")], 2023, Paper(make_pipeline(Settings()).derive(document)[0], document))
    assert "77号" not in "".join(item.text for item in drafted.items)


def test_without_a_notice_nothing_is_taken(paper: Callable[[str], Paper]) -> None:
    drafted = make([paper("2022-云科协字36号")], 2023)
    assert taken(drafted) == {}
    assert drafted.above == []
