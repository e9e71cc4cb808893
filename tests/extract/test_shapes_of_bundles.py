"""Several papers in one file, and where one ends: papers without a number, imprints between, attached originals."""

from __future__ import annotations

import pytest
from extract_kit import read_records

BODY = "各县（区）科协：\n\n现将有关事项通知如下，请认真组织实施。\n"
SIGNED = "\n云州市科学技术协会\n2024年3月5日\n"
FIRST = f"云州市科学技术协会文件\n\n云科协〔2024〕3号\n\n关于开展学风建设活动的通知\n\n{BODY}{SIGNED}"
APPEAL = "各位科技工作者：\n\n良好学风是科技事业的生命线。我们倡议：\n\n一、胸怀祖国。坚守初心。\n"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("云州市科技工作者学风建设\n倡 议 书", "倡议书"),
        ("致云州市科技工作者的公开信", "公开信"),
        ("云州市青少年科技创新大赛获奖项目公示", "公示"),
    ],
)
def test_a_paper_without_a_number_behind_a_closed_one(title, kind):
    records = read_records(f"{FIRST}\n\n{title}\n\n{APPEAL}\n云州市科学技术协会\n云州市医学会\n2024年3月8日\n")
    assert [one["doc_type"] for one in records] == ["通知", kind]
    assert records[1]["title"] == "".join(title.split())
    assert records[1]["issuers"] == ["云州市科学技术协会", "云州市医学会"]
    assert [one["issue_date"] for one in records] == ["2024-03-05", "2024-03-08"]


def test_an_annex_is_no_paper_by_itself_though_it_is_signed():
    text = FIRST.replace(SIGNED, f"\n附件：学风建设倡议书\n{SIGNED}")
    records = read_records(f"{text}\n附件\n\n学风建设倡议书\n\n{APPEAL}\n云州市医学会\n2024年3月8日\n")
    assert len(records) == 1
    assert records[0]["annexes"] == ["学风建设倡议书"]


def test_the_paper_that_is_passed_on_is_no_paper_by_itself_where_the_first_encloses_it():
    head = "云州市科学技术协会文件\n\n云科协〔2024〕3号\n\n关于印发学风建设公开信的通知\n\n"
    records = read_records(f"{head}{BODY}{SIGNED}\n学风建设公开信\n\n{APPEAL}")
    assert len(records) == 1


def test_the_original_attached_to_a_supplement():
    supplement = FIRST.replace("关于开展学风建设活动的通知", "关于申报工作的补充通知")
    original = FIRST.replace("云科协〔2024〕3号", "云科协〔2024〕1号")
    records = read_records(f"{supplement}\n附：原通知\n\n{original}")
    assert [one["title"] for one in records] == ["关于申报工作的补充通知", "关于开展学风建设活动的通知"]
    assert records[1]["addressees"] == ["各县（区）科协"]


def test_an_imprint_between_two_papers_belongs_to_the_first():
    imprint = "云州市科学技术协会办公室        2024年3月6日印发\n"
    second = FIRST.replace("云科协〔2024〕3号", "云科协〔2024〕4号")
    records = read_records(f"{FIRST}\n{imprint}{second}")
    assert [one["print_date"] for one in records] == ["2024-03-06", None]
    assert records[1]["letterhead"] == ["云州市科学技术协会"]


def test_lists_above_a_red_head_are_no_part_of_it():
    annex = "附件\n\n首届理事会人选名单\n理事长人选：林若溪\n秘书长人选：何立\n\n\n\n"
    head = "云 州 市 科 学 技 术 协 会\n\n云科协函〔2024〕9号\n\n"
    second = f"{head}关于同意成立学会的批复\n\n云州市化学会：\n\n同意成立。\n"
    records = read_records(f"{FIRST}\n{annex}{second}{SIGNED}")
    assert [one["title"] for one in records] == ["关于开展学风建设活动的通知", "关于同意成立学会的批复"]


def test_a_title_whose_last_word_is_cut():
    text = FIRST.replace("关于开展学风建设活动的通知", "关于印发《云州市“美好家园”实施方案》的通\n知")
    (record,) = read_records(text)
    assert record["title"] == "关于印发《云州市“美好家园”实施方案》的通知"
    assert record["addressees"] == ["各县（区）科协"]
