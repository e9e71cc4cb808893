"""Events as papers and invitations tell of them: several places, bullets before labels, labels behind a list,
timetables named by what takes place, and who stands behind an event without doing a task."""

from __future__ import annotations

import pytest
from edge_kit import read_body
from extract_kit import read_record


@pytest.mark.parametrize(
    ("printed", "places"),
    [
        ("云州科技馆、云山县第一中学", ["云州科技馆", "云山县第一中学"]),
        ("云州体育馆（5月8日小学组）；云州剧院（5月9日中学组）", ["云州体育馆", "云州剧院"]),
        ("云州科技馆报告厅和云山文化广场", ["云州科技馆报告厅", "云山文化广场"]),
        ("云州市文化和旅游中心", ["云州市文化和旅游中心"]),
        ("各乡镇、社区；云州科技馆", ["各乡镇", "社区", "云州科技馆"]),
        ("云州科技馆（云山路8号、9号）", ["云州科技馆（云山路8号、9号）"]),
        ("云州宾馆三楼、电梯口左转", ["云州宾馆三楼、电梯口左转"]),
        ("流动科技馆（东站、西站）", ["流动科技馆（东站、西站）"]),
    ],
)
def test_a_label_may_name_several_places(printed, places):
    assert read_body(f"一、活动时间\n2024年5月8日\n二、活动地点\n{printed}\n")["locations"] == places


@pytest.mark.parametrize("bullet", ["◆ ", "●", "■　", "★ ", "※", "➤ ", "- ", "· "])
def test_labels_behind_bullets(bullet):
    body = f"{bullet}论坛主题：智造新云州\n{bullet}论坛地点：云州会展中心\n{bullet}主办单位：云州市科学技术协会\n"
    record = read_body(body)
    assert record["theme"] == "智造新云州"
    assert record["locations"] == ["云州会展中心"]
    assert record["hosts"] == ["云州市科学技术协会"]


def test_bulleted_lines_of_names_stay_apart():
    record = read_body("▲主办单位：云州市科协、云州市教育局\n▲承办单位：云州科技馆\n▲活动地点：云州剧院\n")
    assert record["hosts"] == ["云州市科协", "云州市教育局"]
    assert record["locations"] == ["云州剧院"]


def test_a_label_behind_a_list_speaks_of_the_whole():
    body = "征文类别：\n1.散文类：两千字以内。\n2.诗歌类：五十行以内。\n\n主办单位：云州市科协　云州市作协\n"
    record = read_body(body)
    assert record["hosts"] == ["云州市科协", "云州市作协"]
    assert record["activities"] == []


def test_a_label_below_the_last_item_speaks_of_it_where_the_others_have_labels_too():
    body = (
        "重点活动：\n1.启动仪式\n时间：5月8日\n主办单位：云州市科协\n"
        "2.科普报告会\n时间：5月9日\n主办单位：云州市教育局\n"
    )
    assert [one["title"] for one in read_body(body)["activities"]] == ["启动仪式", "科普报告会"]


@pytest.mark.parametrize("head", ["活动内容", "主要内容", "内容"])
def test_a_timetable_named_by_what_takes_place(head):
    table = (
        f"时间\t{head}\t地点\t主办单位\n5月8日上午\t开幕式\t云州科技馆\t市科协\n5月9日\t报告会\t云州剧院\t市教育局\n"
    )
    record = read_record(f"2024年云州市科技周活动日程\n\n{table}")
    assert [one["title"] for one in record["activities"]] == ["开幕式", "报告会"]
    assert [one["hosts"] for one in record["activities"]] == [["市科协"], ["市教育局"]]


@pytest.mark.parametrize("label", ["指导单位", "参与单位", "协助单位"])
def test_who_stands_behind_an_event_has_no_task(label):
    body = f"一、组织机构\n{label}：海西省青少年科技中心\n主办单位：云州市科协\n承办单位：云州科技馆\n"
    record = read_body(body)
    assert record["tasks"] == []
    assert record["hosts"] == ["云州市科协"]
    duty = read_body("一、重点工作\n1.建设科普馆。\n责任单位：市科协\n主办单位：云州科技馆\n")
    assert duty["tasks"][0]["responsible"] == ["市科协"]


def test_a_form_to_fill_in_tells_of_no_activity():
    form = "活动名称\t\t举办单位\t\n活动时间\t\t活动地点\t\n受益人次\t\t媒体报道篇数\t\n"
    text = f"附件\n活动统计表\n\n{form}"
    paper = "关于开展科普日活动的通知\n\n各县科协：\n\n请认真组织。\n\n云州市科协\n2024年3月5日\n\n"
    record = read_record(paper + text)
    assert record["activities"] == []
