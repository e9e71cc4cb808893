"""Characters and the flow of lines (domain.md §12 A1-A16), from the file's bytes to the record."""

from __future__ import annotations

import pytest
from edge_kit import TITLE, codes, headings, notice, read_body
from extract_kit import read_document, read_record

from gongwen.text import close_gaps, fold_tight, fold_width
from gongwen.values.dates import find_days, parse_period


def _paragraphs(text: str) -> list[str]:
    document = read_document(text)
    return [block.span.of(document.text) for block in document.flow()]


def test_a_name_spaced_out_is_closed_up():
    """A1"""
    spaced = "云 州 市 科 学 技 术 协 会"
    record = read_record(notice("请认真执行。", head=spaced, signed=f"{spaced}\n2024年3月5日"))
    assert record["letterhead"] == record["issuers"] == ["云州市科学技术协会"]
    assert record.evidence["issuers/0"][0].quote == spaced


def test_a_red_head_over_two_lines_is_one_name_without_its_last_word():
    """A2"""
    head = "云州市全民科学素质工作领导小组\n办  公  室  文  件"
    signed = "云州市全民科学素质工作领导小组办公室\n2024年3月5日"
    record = read_record(notice("请认真执行。", head=head, number="云全科组办发〔2024〕2号", signed=signed))
    assert record["letterhead"] == ["云州市全民科学素质工作领导小组办公室"]
    assert [one.quote for one in record.evidence["letterhead/0"]] == ["云州市全民科学素质工作领导小组", "办  公  室"]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n— 2 —\n\n", "\n- 3 -\n", "\n\n第 1 页 共 5 页\n\n"])
@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        pytest.param("宣讲经济社会发展规划，学习远景目标的建议等精", "神，宣传重大方针政策。", id="A3"),
        pytest.param("坚持分类施策，大力发展科技小院模", "式，打造乡村振兴新模式。", id="A4-model"),
        pytest.param("结合实际开展科普宣传服务，联合当地新", "闻媒体部门，做好报道。", id="A4-media"),
        pytest.param("鼓励科技工作者深入一线，围绕企", "业具体问题，组织创新大赛。", id="A4-firms"),
        pytest.param("广泛开展农村科普活动。组织开展科技下乡活", "动。坚持公平普惠。", id="A6"),
    ],
)
def test_halves_of_a_sentence_are_one_paragraph_without_a_space(upper, lower, gap):
    """A3, A4, A6; with page numbers between them A8"""
    assert upper + lower in _paragraphs(notice(upper + gap + lower))


def test_a_list_of_addressees_may_run_over_a_page():
    """A5"""
    text = notice("请认真执行。", addressees="各县（区）科协，市教育局、林业和园林局，\n\n县（区）总工会：")
    assert read_record(text)["addressees"] == ["各县（区）科协", "市教育局、林业和园林局", "县（区）总工会"]


def test_a_title_and_the_paragraph_below_it_stay_apart():
    """A7"""
    title = "2024年云州市科普大行动实施方案"
    after = f"{title}\n\n为深入学习贯彻有关精神，宣传科学知识，制定本方案。"
    record = read_record(notice("现予印发。", title=f"关于印发《{title}》的通知", after=after))
    assert record["enclosures"] == [title]
    assert record.evidence["enclosures/0"][0].quote == title


def test_a_couplet_keeps_its_space():
    """A9"""
    assert read_body("一、活动主题\n欢欢喜喜过大年 科普祝福迎新春")["theme"] == "欢欢喜喜过大年 科普祝福迎新春"


def test_a_space_beside_a_quote_is_none_of_the_title():
    """A9"""
    title = "关于开展“科普梦·田园情” 系列科普活动的通知"
    record = read_record(notice("请认真执行。\n\n附件：1.“科普梦·田园情” 系列活动安排表", title=title))
    assert record["title"] == "关于开展“科普梦·田园情”系列科普活动的通知"
    assert record["annexes"] == ["“科普梦·田园情”系列活动安排表"]


@pytest.mark.parametrize("dot", "·•・‧")
def test_every_middle_dot_folds_alike_and_stays_as_printed(dot):
    """A10"""
    printed = f"海西科普大行动{dot}云州活动"
    assert fold_width(printed) == "海西科普大行动·云州活动"
    assert read_record(notice("请执行。", title=f"关于开展{printed}的通知"))["title"] == f"关于开展{printed}的通知"


@pytest.mark.parametrize("dash", "－—-–~～至")
def test_every_range_mark_gives_the_same_range(dash):
    """A11"""
    period = parse_period(f"2024年4{dash}9月")
    assert period is not None
    assert str(period) == "2024-04-01/2024-09-30"
    time = read_body(f"一、活动时间\n2024年4{dash}9月")["activity_time"]
    assert (time["text"], time["start"], time["end"]) == (f"2024年4{dash}9月", "2024-04-01", "2024-09-30")


def test_full_width_figures_are_read_and_kept_as_printed():
    """A12"""
    time = read_body("一、活动时间\n２０２４年３月")["activity_time"]
    assert time == {"text": "２０２４年３月", "start": "2024-03-01", "end": "2024-03-31", "precision": "month"}
    assert fold_width("１５％") == "15%"


def test_brackets_of_either_width_mark_the_same_level():
    """A12"""
    record = read_body("一、主要任务\n（一）进校园\n讲课。\n(二)进乡村\n咨询。\n二、工作要求\n认真执行。")
    assert headings(record["sections"]) == ["主要任务", ["进校园", "进乡村"], "工作要求"]


def test_radicals_of_pdf_fonts_are_whole_characters_and_other_signs_stay():
    """A13"""
    assert fold_width("⼀⽅⼯") == "一方工"
    assert fold_width("：①㈠…") == "：①㈠…"


def test_what_no_eye_sees_goes_and_odd_blanks_are_blanks():
    """A14"""
    document = read_document(notice("请各\u200b县\ufeff区科\u00ad协认真执行。"))
    assert "请各县区科协认真执行。" in document.text
    source = "\u3000\u3000联系人：\u00a0林若溪，电话：0999-5550123"
    (row,) = read_body(source)["contacts"]
    assert (row["name"], row["phones"]) == ("林若溪", ["0999-5550123"])


def test_an_icon_of_a_web_font_goes_and_a_rare_character_of_a_name_stays():
    """A14"""
    document = read_document(notice("下载 \ue705 附件。\n林\ue705溪负责。"))
    assert "林\ue705溪" in document.text
    assert document.text.count("\ue705") == 1


def test_dropped_characters_leave_the_way_back():
    """A14"""
    source = notice("请各\u200b县区科协认真执行。")
    document = read_document(source)
    for start, origin, length in document.origin:
        assert document.text[start : start + length] == source[origin : origin + length]
    assert any(source[origin - 1] == "\u200b" for _, origin, _ in document.origin if origin)


def test_a_traditional_character_stays_as_printed():
    """A15; the simplified search key is the index's part"""
    title = "关于举办第十届云州市中小學生发明创造比赛的通知"
    assert read_record(notice("请执行。", title=title))["title"] == title


@pytest.mark.parametrize("year", ["二〇三五年", "二○三五年"])
def test_a_year_in_han_figures_is_no_day(year):
    """A16"""
    text = f"落实{year}远景目标纲要"
    assert find_days(text) == []
    assert parse_period(year).to_json() == {
        "text": year, "start": "2035-01-01", "end": "2035-12-31", "precision": "year",
    }  # fmt: skip
    record = read_body(f"各单位要{text}，认真执行。")
    assert (record["issue_date"], record["deadlines"]) == ("2024-03-05", [])


def test_tight_folding_keeps_the_way_back_for_every_character():
    """A1, A14"""
    text = "云 州\u3000市（一）"
    folded = fold_tight(text)
    assert folded.text == "云州市（一）"
    assert [fold_width(text[at]) for at in folded.origin] == list(folded.text)
    assert close_gaps(text) == "云州市（一）"


def test_a_plain_notice_has_nothing_to_report():
    assert codes(read_body("请认真执行。")) == set()
    assert read_body("请认真执行。")["title"] == TITLE
