"""Documents named in a text, and counted things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.text import close_gaps
from gongwen.values.citations import find_citations
from gongwen.values.quantities import find_quantities, parse_quantity


def cited(text: str) -> list[tuple[str | None, str | None]]:
    return [(one.title, one.number) for one in find_citations(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "根据《关于印发2024年方案的通知》（云科协普发〔2024〕28 号）文件",
            [("关于印发2024年方案的通知", "云科协普发〔2024〕28号")],
        ),
        (
            "《关于印发〈2020年方案〉的通知》（云全科组办发〔2020〕2号）",
            [("关于印发〈2020年方案〉的通知", "云全科组办发〔2020〕2号")],
        ),
        ("《关于印发《2020年方案》的通知》", [("关于印发《2020年方案》的通知", None)]),
        ("《关于印发<2020年方案>的通知》", [("关于印发<2020年方案>的通知", None)]),
        ("《关于印发《某方案的通知》（云科协字〔2020〕3号）", [("关于印发《某方案的通知", "云科协字〔2020〕3号")]),
        ("《实施方案（2016-2020年)》", [("实施方案（2016-2020年)", None)]),
        ("《关于某事\n的通知》", [("关于某事的通知", None)]),
        ("依据《管理办法》（商务部令2014年第3号）", [("管理办法", "商务部令2014年第3号")]),
        (
            "按照云政办发〔2021〕3号、国办函〔1994〕69号要求",
            [(None, "云政办发〔2021〕3号"), (None, "国办函〔1994〕69号")],
        ),
        (
            "你市关于支持临江、安平建设示范区的请示（云科发〔2018〕235号）收悉",
            [("关于支持临江、安平建设示范区的请示", "云科发〔2018〕235号")],
        ),
        ("你局关于加快建设的函收悉", [("关于加快建设的函", None)]),
        ("关于加快建设的意见，各单位要落实", []),
        ("《没有结尾的标题。下一句", []),
    ],
)
def test_citations(text, found):
    assert cited(text) == found


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("根据《某条例》、《纲要》和《云州市科协办法》，制定", ["basis", "basis", "basis"]),
        ("为贯彻落实《纲要》，按照《办法》要求", ["implements", "basis"]),
        ("转发《关于某事的通知》的通知", ["forwards"]),
        ("现将《云州市措施》印发给你们", ["issues"]),
        ("《旧办法》同时废止", ["supersedes"]),
        ("《关于某事的函》收悉", ["replies"]),
        ("参加《规划》座谈", ["refers"]),
    ],
)
def test_relations(text, relations):
    assert [one.relation for one in find_citations(text)] == relations


def test_a_short_name_holds_in_its_text():
    text = "《全民科学素质行动规划纲要(2021-2035年)》(以下简称《科学素质纲要》)，按照《科学素质纲要》要求"
    first, later = find_citations(text)
    assert (first.title, first.alias, first.kind) == (
        "全民科学素质行动规划纲要(2021-2035年)",
        "科学素质纲要",
        "document",
    )
    assert first.span.of(text).endswith("《科学素质纲要》)")
    assert (later.title, later.kind) == ("科学素质纲要", "alias")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("填写《投资备案表》", "form"),
        ("颁发《企业投资（机构）证书》", "form"),
        ("《注销确认函》", "form"),
        ("《申报书》（样表）", "form"),
        ("情景剧《梦》", "work"),
        ("《云州日报》", "work"),
        ("《科学技术普及法》", "document"),
        ("《某某表》（云科协字〔2020〕3号）", "document"),
        ("《倡议书》", "document"),
        ("《梦》", "unknown"),
        ("《云州市与海西省战略合作协议》", "document"),
        ("《全民科学素质行动计划纲要实施方（2016-2020年)》", "document"),
    ],
)
def test_what_is_cited_is_told_apart(text, kind):
    assert [one.kind for one in find_citations(text)] == [kind]


@given(st.text(alphabet="《》〈〉<>（）()关于的通知函收悉云科协字〔2020〕3号、，。以下简称“”\n ", max_size=80))
def test_any_text_is_read_and_spans_quote_it(text):
    for one in find_citations(text):
        assert one.title is not None or one.number is not None
        if one.title_span:
            assert close_gaps(one.title_span.of(text)) == one.title
        assert one.number is None or one.number_span is not None


@pytest.mark.parametrize("piece", ["《", "》", "《》", "（", "以下简称《", "关于", "关于的函", "<", "〔2020〕1号"])
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (20_000 // len(piece)) + "。\n根据《办法》（云科协字〔2020〕3号）"
    assert find_citations(text)[-1].number == "云科协字〔2020〕3号"


@pytest.mark.parametrize(
    ("text", "op", "number", "high", "unit"),
    [
        ("超过7.16%", ">", 7.16, None, "%"),
        ("不低于1.3万人次", "≥", 13000, None, "人次"),
        ("200项以上", "≥", 200, None, "项"),
        ("2-3次", "range", 2, 3, "次"),
        ("1-2万人次", "range", 10000, 20000, "人次"),
        ("约500人", "~", 500, None, "人"),
        ("100余人", "~", 100, None, "人"),
        ("5名以内", "≤", 5, None, "名"),
        ("不满18人", "<", 18, None, "人"),
        ("1,200人", "=", 1200, None, "人"),
        ("百分之七十", "=", 70, None, "%"),
    ],
)
def test_quantities(text, op, number, high, unit):
    found = parse_quantity(text)
    assert found is not None
    assert (found.op, found.number, found.unit) == (op, number, unit)
    assert (int(found.high) if found.high is not None else None) == high
    assert found.span.of(text) == text


@pytest.mark.parametrize(
    "text", ["2020年9月", "第3项", "3个月", "10个工作日", "1.3万", "", "云科协字〔2020〕3号", "9月-12月"]
)
def test_no_quantity(text):
    assert find_quantities(text) == []


def test_results_are_no_targets():
    assert [one.past for one in find_quantities("去年举办了30场，今年开展40场")] == [True, False]


@given(st.text(alphabet="0123456789.,%万亿人次项以上不低于超过约-—至百分之十 个月\n", max_size=60))
def test_quantities_quote_any_text(text):
    for one in find_quantities(text):
        assert close_gaps(one.span.of(text)) == one.text
        assert one.high is None or one.high >= one.value


@pytest.mark.parametrize("piece", ["1", "1.", "1,", "百分之", "不低于", "1-", "万"])
def test_hostile_numbers_are_read_to_the_end(piece):
    text = piece * (20_000 // len(piece)) + "。达到30场"
    assert find_quantities(text)[-1].number == 30


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("贯彻落实新修订的《云州市科普条例》", "implements"),
        ("根据修订后的《云州市科普条例》", "basis"),
        ("决定修改《云州市科普条例》", "amends"),
    ],
)
def test_what_was_done_to_a_cited_paper_is_not_what_this_one_does(text, relation):
    assert find_citations(text)[0].relation == relation
