"""A paper with errors of twenty kinds: each is found at its place; and a sound one of the same kind is left alone."""

from __future__ import annotations

from datetime import date

import pytest

from draft.check.model import Finding
from draft.check.run import check
from gongwen.cli.compose import make_pipeline
from gongwen.settings import Settings
from ingest.readers.plain import READER
from ingest.source import Source

PLANTED = """云州市科学技术协会文件
云科协字〔2025〕21号
关于举办2025年云州市科技活动周的通知
各县（区）科协，市直各有关单位：
为深入学习贯彻党的十九大精神，庆祝新中国成立75周年，实现“十四五”开局之年的良好开端，根据《海西省科协关于举办2024年全国科技活动周的通知》（海科协发〔2024〕18号）和《中华人民共和国环境噪声污染防治法》，现将第24个全国科技活动周有关事项通知如下：
一、活动时间
2025年5月24日（星期日）至31日，闭幕式于9月31日举行。
二、活动内容
（一）科普大篷车巡展。“科普大篷车乡村行”活动走进三个县（临江县、安平县、青岚县、澄溪县）。
（三）“科普大蓬车乡村行”展演。2024年云州市科技活动周系列活动由市环境保护局配合。
四、工作要求
各单位要高度重视，请于2025年5月3日前报送活动计划（见附件3），并每月5日前报送工作进展情况。联系人：×××。
特此通告。
附件：1．活动安排表
云州市科学技术协会
2024年5月8日
附件1
活动安排表
"""
SOUND = """云州市科学技术协会文件
云科协字〔2025〕22号
关于举办2025年云州市科普讲解大赛的通知
各县（区）科协，市直各有关单位：
为深入贯彻党的二十大和二十届二中、三中全会精神，提升全民科学素质，经研究，决定举办2025年云州市科普讲解大赛。现将有关事项通知如下：
一、大赛主题
科技改变生活
二、大赛时间和地点
2025年6月14日（星期六）上午9时，云州市科技馆。
三、参赛对象
各县（区）科协、市直各有关单位推荐的讲解人员，每个单位不超过2名。
四、工作要求
（一）加强组织。各单位要高度重视，做好选拔推荐工作。
（二）按时报名。请于2025年5月30日前将报名表（见附件）报送市科协科普部。
（三）确保安全。落实安全责任，确保大赛安全有序。
联系人：何小满，联系电话：0999-5550101。
附件：云州市科普讲解大赛报名表
云州市科学技术协会
2025年5月8日
附件
云州市科普讲解大赛报名表
"""


def findings(text: str) -> list[Finding]:
    document = READER.read(Source.of("a.txt", text.encode("utf-8"), "text/plain"))
    return check(document, make_pipeline(Settings()).derive(document)[0], today=date(2025, 5, 9))


@pytest.fixture(scope="module")
def planted() -> list[Finding]:
    return findings(PLANTED)


@pytest.mark.parametrize(("code", "quote"), [
    ("meeting", "党的十九大"), ("anniversary", "75周年"), ("plan", "开局之年"), ("citation", "2024年全国科技活动周"),
    ("replaced", "环境噪声污染防治法"), ("ordinal", "第24个"), ("weekday", "（星期日）"), ("no_such_day", "9月31日"),
    ("two_forms", "科普大"), ("total", "三个县"), ("numbering", "（三）"), ("leftover_year", "2024年"),
    ("replaced", "环境保护局"), ("numbering", "四、"), ("day_off", "5月3日"), ("annex", "附件3"),
    ("report_duty", "每月5日前报送"), ("gap", "×××"), ("kind", "特此通告"), ("signature_year", "2024年5月8日"),
])  # fmt: skip
def test_each_error_is_found_at_its_place(planted: list[Finding], code: str, quote: str) -> None:
    assert [one for one in planted if one.code == code and quote in one.quote]


def test_the_day_of_signing_is_told_once(planted: list[Finding]) -> None:
    assert [one.code for one in planted if "2024年5月8日" in one.quote] == ["signature_year"]


def test_of_one_spelling_against_one_neither_is_proposed(planted: list[Finding]) -> None:
    assert [one.proposal for one in planted if one.code == "two_forms"] == [""]


def test_a_sound_paper_is_left_alone() -> None:
    assert [one.message for one in findings(SOUND)] == []


def test_many_tasks_without_a_time_are_told_once() -> None:
    whats = ("讲解", "展览", "培训", "宣传", "统计")
    numbered = zip("一二三四五", whats, strict=True)
    measures = "\n".join(f"（{n}）做好{what}工作。（责任单位：市科协）" for n, what in numbered)
    text = SOUND.replace("四、工作要求", f"四、主要任务\n{measures}\n五、工作要求")
    assert len([one for one in findings(text) if one.code == "task"]) == 1
