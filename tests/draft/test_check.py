"""The checker on papers with one error each, and on sound ones; the layout check on files made for it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document

from draft.build import make
from draft.check.run import check
from draft.gb9704.layout import check_layout
from draft.gb9704.writer import write_docx
from gongwen.cli.check import command
from gongwen.cli.compose import make_pipeline
from gongwen.settings import Settings

SOUND = """云州市科学技术协会
云科协字〔2023〕18号
关于举办2023年云州市科普讲解大赛的通知
各县（区）科协：
为提升科普讲解水平，定于2023年6月9日（星期五）举办2023年云州市科普讲解大赛。现将有关事项通知如下：
一、参赛对象
各县（区）科普工作者。
二、报名方式
请于2023年5月26日前将报名表报送至市科协科普部。
三、有关要求
请各单位认真组织。
特此通知。
云州市科学技术协会
2023年5月8日
"""


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory):
    pipeline = make_pipeline(Settings())
    folder = tmp_path_factory.mktemp("papers")

    def find(text: str) -> set[str]:
        path = folder / "稿.txt"
        path.write_text(text, encoding="utf-8")
        read = pipeline.extract(path, name=path.name)
        found = [one for record in read.records for one in check(read.document, record, today=date(2026, 11, 22))]
        for one in found:
            if one.span is not None:
                assert " ".join(one.span.of(read.document.text).split()).startswith(one.quote)
        return {one.code for one in found}

    return find


def test_a_sound_paper_has_nothing(findings) -> None:
    assert findings(SOUND) == set()


@pytest.mark.parametrize(("old", "new", "code"), [
    ("举办2023年云州市科普讲解大赛。现", "举办2022年云州市科普讲解大赛。现", "leftover_year"),
    ("2023年5月8日", "2022年5月8日", "signature_year"),
    ("（星期五）", "（星期四）", "weekday"),
    ("2023年5月26日前", "2023年5月27日前", "day_off"),
    ("特此通知。", "特此通告。", "kind"),
    ("请各单位认真组织。", "请各单位依据环境噪声污染防治法认真组织。", "replaced"),
    ("请各单位认真组织。", "请各单位每周报送进展情况。", "report_duty"),
    ("请各单位认真组织。", "请各单位于【待核：日期】前落实。", "gap"),
    ("请各单位认真组织。", "请各单位做好第二十二个全国科技活动周工作。", "ordinal"),
    ("三、有关要求", "四、有关要求", "numbering"),
    ("请各单位认真组织。", "请各单位于2月30日前落实。", "no_such_day"),
    ("请各单位认真组织。", "请实行月报制度。", "report_duty"),
    ("请各单位认真组织。", "请书面报送贯彻落实情况。", "report_duty"),
    ("请各单位认真组织。", "请各单位制定配套实施细则。", "matching_paper"),
    ("请各单位认真组织。", "请三个县（临江县、安平县）认真组织。", "total"),
    ("请各单位认真组织。", "请临江县、安平县、东山区等2个单位认真组织。", "total"),
    ("请各单位认真组织。", "请组织“青少年高校科学营”，报送“青少年搞校科学营”名单。", "two_forms"),
    ("请各单位认真组织。", "请各单位填写附件3。", "annex"),
    ("请各单位认真组织。", "请认真学习党的十九届历次全会精神。", "meeting"),
    ("请各单位认真组织。", "今年是“十四五”规划的收官之年。", "plan"),
    ("请各单位认真组织。", "庆祝新中国成立75周年。", "anniversary"),
    ("请各单位认真组织。", "请落实《关于做好2022年科普讲解工作的通知》。", "citation"),
])  # fmt: skip
def test_each_error_is_found(findings, old: str, new: str, code: str) -> None:
    assert old in SOUND
    assert code in findings(SOUND.replace(old, new))


def test_what_looks_back_is_no_leftover(findings) -> None:
    back = "请对照2022年工作总结和《2022年云州市科普工作要点》，自2022年起连续开展，党的十八大以来成效明显。"
    text = SOUND.replace("请各单位认真组织。", back)
    assert findings(text) & {"leftover_year", "meeting"} == set()


def test_counts_and_names_that_fit_are_no_findings(findings) -> None:
    """Lists with 等, numbered items, names that differ by a figure or a side of the sky."""
    fine = ("请三个县（临江县、安平县、东山县）和临江县、安平县等15个单位组织“科普进校园（一）”“科普进校园（二）”"
            "“东山区科普大集”“西山区科普大集”。")
    assert findings(SOUND.replace("请各单位认真组织。", fine)) == set()


def test_a_coordinating_body_gives_no_orders(findings) -> None:
    text = SOUND.replace("云州市科学技术协会\n2023年5月8日", "云州市科普工作领导小组\n2023年5月8日")
    text = text.replace("云州市科学技术协会\n云科协字", "云州市科普工作领导小组\n云科协字")
    text = text.replace("各县（区）科协：", "各县（区）人民政府：")
    assert "orders" in findings(text)


def test_a_special_task_may_be_shorter_only(findings) -> None:
    text = SOUND.replace("请各单位认真组织。", "请各单位认真组织实施并做好宣传。" * 270)
    assert "length" not in findings(text)
    assert "length" in findings(text.replace("科普讲解大赛的通知", "科普讲解专项行动的通知"))


def test_a_long_paper_is_told(findings) -> None:
    assert "length" in findings(SOUND.replace("请各单位认真组织。", "请各单位认真组织实施并做好宣传。" * 400))


# --- layout ---------------------------------------------------------------------------------------------------


def test_our_own_files_pass(paper, tmp_path: Path) -> None:
    path = tmp_path / "稿.docx"
    write_docx(make([paper("2021-云科协字41号"), paper("2022-云科协字36号")], 2023), path)
    assert [one for one in check_layout(path) if one.verdict != "pass"] == []


def test_a_plain_word_file_does_not(tmp_path: Path) -> None:
    word = Document()
    body = "为提升水平，" + "现将有关事项通知如下，" * 6
    for text in ("云科协字[2023]08号", "关于举办大赛的通知", "一、参赛对象", body, "2023年05月08日"):
        word.add_paragraph(text)
    path = tmp_path / "稿.docx"
    word.save(str(path))
    wrong = {one.name for one in check_layout(path) if one.verdict == "warn"}
    assert {"天头", "订口", "标题位置", "正文", "首行缩进", "一级标题"} <= wrong
    assert {"发文字号", "成文日期", "页码", "页码位置"} <= wrong


def test_the_command_tells_both(tmp_path: Path) -> None:
    path = tmp_path / "稿.txt"
    path.write_text(SOUND.replace("（星期五）", "（星期四）"), encoding="utf-8")
    told = json.loads(CliRunner().invoke(command, ["--json", str(path)]).output)
    assert [one["code"] for one in told["documents"][0]["findings"]] == ["weekday"]
    assert told["documents"][0]["findings"][0]["proposal"] == "星期五"
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04nothing")
    result = CliRunner().invoke(command, [str(broken)])
    assert result.exit_code == 3
