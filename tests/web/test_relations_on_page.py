"""Where a paper came from, and what lies in a mail or an archive, on its page."""

from __future__ import annotations

from pathlib import Path

from corpus_kit import Made, PlainFinder, new_store
from dom_kit import tree

from gongwen.settings import Settings
from ingest.relations import Relations, Relative
from web.app import create_app

JSON = {"Accept": "application/json"}


def page_of(folder: Path, made: list[Made], relations: Relations, **headers: str):
    one = made[4]
    app = create_app(
        Settings(), papers=new_store(folder, [one]), finder=PlainFinder([one]),
        relations=lambda sha256: relations if sha256 == one.reading.sha256 else Relations(),
    )  # fmt: skip
    return app.test_client().get(f"/d/{one.reading.documents[0].id}", headers=headers)


def test_a_member_names_its_containers(tmp_path: Path, made: list[Made]) -> None:
    relations = Relations(
        containers=(Relative("a/b.pdf", "材料.zip", "0123456789abcdef-1"), Relative("<b>.pdf", "来信.eml")),
        names=("方案.pdf", "方案（定稿）.pdf"),
    )  # fmt: skip
    page = tree(page_of(tmp_path, made, relations))
    told = [" ".join(one.text_content().split()) for one in page.xpath("//p[@class='kin']")]
    assert told == [
        "来自《材料.zip》中的 a/b.pdf", "来自《来信.eml》中的 <b>.pdf", "收文时的文件名：方案.pdf、方案（定稿）.pdf",
    ]  # fmt: skip
    assert page.xpath("//p[@class='kin']/a/@href") == ["/d/0123456789abcdef-1"]


def test_a_container_lists_its_members(tmp_path: Path, made: list[Made]) -> None:
    relations = Relations(
        members=(
            Relative("一.pdf", "", "0123456789abcdef-1"), Relative("密.docx", "", "", "password"), Relative("三.txt"),
        ), more=7,
    )  # fmt: skip
    page = tree(page_of(tmp_path, made, relations))
    listed = [" ".join(one.text_content().split()) for one in page.xpath("//section[@class='kin-list']//li")]
    assert listed == ["一.pdf", "密.docx 文件有密码", "三.txt 待处理"]
    assert page.xpath("//section[@class='kin-list']//li/a/@href") == ["/d/0123456789abcdef-1"]
    assert page.xpath("string(//h2[@id='kin-title'])").strip() == "内含文件10"


def test_the_same_as_json(tmp_path: Path, made: list[Made]) -> None:
    relations = Relations(containers=(Relative("a.pdf", "材料.zip"),), members=(Relative("b", "", "", "empty"),))
    found = page_of(tmp_path, made, relations, **JSON).get_json()
    assert found["containers"] == [{"name": "a.pdf", "container": "材料.zip", "id": None, "reason": None}]
    assert found["children"] == [{"name": "b", "container": None, "id": None, "reason": "empty"}]


def test_a_paper_by_itself_tells_of_none(tmp_path: Path, made: list[Made]) -> None:
    page = tree(page_of(tmp_path, made, Relations()))
    assert page.xpath("//p[@class='kin'] | //section[@class='kin-list']") == []
