"""Papers without a number behind another paper of the file; dates broken over two lines."""

from extract_kit import NOTICE, read_records

PLEDGE = """
云州市科技志愿服务
倡 议 书

全市科技工作者：
    科技志愿服务是科技工作者的责任。现倡议如下：
    一、走进社区，服务群众。
    二、热心科普，乐于奉献。

                    云州市科学技术协会
                    云州市医学会
                      2024年3月8日
"""


def test_a_signed_paper_without_a_number_is_a_paper_of_its_own():
    records = read_records(NOTICE + PLEDGE)
    assert [one["doc_type"] for one in records] == ["通知", "倡议书"]
    assert records[1]["title"] == "云州市科技志愿服务倡议书"
    assert records[1]["issuers"] == ["云州市科学技术协会", "云州市医学会"]
    assert records[1]["issue_date"] == "2024-03-08"


def test_under_an_annex_mark_it_stays_an_annex():
    assert len(read_records(NOTICE + "\n附件2\n" + PLEDGE.lstrip("\n"))) == 1


def test_without_a_date_of_its_own_it_is_a_form():
    assert len(read_records(NOTICE + PLEDGE.replace("2024年3月8日", "    年  月  日"))) == 1


def test_titles_in_the_annex_list_begin_nothing():
    listed = "\n附：1.云州市科普月活动的通知\n2.云州市科普月公告\n"
    assert len(read_records(NOTICE + listed)) == 1


REQUEST = """云州市企业科协联合会（筹）文件

云企联筹〔2024〕3号

关于成立云州市企业科协联合会的请示

云州市科学技术协会：
    经前期筹备，拟成立云州市企业科协联合会。
    妥否，请批示。

                    云州市企业科协联合会筹备工作小组
                             2024年7月
18日

云州市科学技术协会

云科协函〔2024〕46号

关于同意成立云州市企业科协联合会的批复

云州市企业科协联合会筹备工作小组：
    你们的请示收悉。同意成立。
    此复。

                    云州市科学技术协会
                      2024年8月15日
"""


def test_a_date_broken_over_two_lines_closes_a_paper():
    records = read_records(REQUEST)
    assert [one["document_number"] for one in records] == ["云企联筹〔2024〕3号", "云科协函〔2024〕46号"]
    assert [one["issue_date"] for one in records] == ["2024-07-18", "2024-08-15"]
