"""The page of the checker: a file or pasted text, findings at their place, citations held against the corpus."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from corpus_kit import PlainFinder, new_store
from docx import Document
from dom_kit import tree
from papers_kit import plan

from gongwen.cli.checking import Checking
from gongwen.settings import Settings
from index.catalogue.catalogue import open_catalogue
from web.app import create_app

TEXT = """云州市科学技术协会
云科协字〔2024〕58号
关于做好2024年科普讲解工作的通知
各县（区）科协：
根据《关于印发〈云州市2024年全国科普日活动实施方案〉的通知》（云科协字〔2024〕45号）和《关于做好科普基地建设的通知》（云科协字〔2024〕99号）要求，定于2024年9月20日（星期六）举办。
特此公告。
云州市科学技术协会
2024年9月2日
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    made = [plan(2023, 44), plan(2024, 45)]
    settings = Settings(corpus=tmp_path_factory.mktemp("corpus"), network_disk=True)
    store = new_store(settings.corpus, made)
    catalogue = open_catalogue(settings)
    catalogue.rebuild(store)
    app = create_app(settings, papers=store, finder=PlainFinder(made), checker=Checking(settings, catalogue))
    yield app.test_client()
    catalogue.close()


def send(client: Any, *, json: bool = False, **form: Any) -> Any:
    token = tree(client.get("/check")).xpath("//main//input[@name='form_token']/@value")[0]
    headers = {"Accept": "application/json"} if json else {"Accept": "text/html"}
    return client.post("/check", data={"form_token": token, **form}, headers=headers)


def test_pasted_text_is_marked_at_its_places(site) -> None:
    page = tree(send(site, text=TEXT))
    marked = {one.text_content(): one.get("class") for one in page.xpath("//div[@class='check-text']//mark")}
    assert marked["2024年9月20日（星期六）"] == "wrong"
    assert marked["特此公告"] == "wrong"
    items = page.xpath("//ol[@class='findings']/li")
    told = next(one.text_content() for one in items if "星期六" in one.text_content())
    assert "日期与星期" in told
    assert "建议：星期五" in told
    anchors = set(page.xpath("//mark/@id"))
    assert {one.removeprefix("#") for one in page.xpath("//ol[@class='findings']//a/@href")} >= anchors


def test_citations_are_held_against_the_corpus(site) -> None:
    found = send(site, json=True, text=TEXT).get_json()
    cited = [one for one in found["documents"][0]["findings"] if one["code"] == "citation"]
    assert found["corpus"] is True
    assert [one["quote"] for one in cited] == ["关于做好科普基地建设的通知"]
    assert "库中没有 云科协字〔2024〕99号" in cited[0]["message"]


def test_another_title_and_last_years_paper_are_told(site) -> None:
    text = TEXT.replace("〈云州市2024年全国科普日活动实施方案〉", "〈云州市流动科技馆管理办法〉")
    cited = [one for one in send(site, json=True, text=text).get_json()["documents"][0]["findings"]
             if one["code"] == "citation"]
    assert "标题是《关于印发《云州市2024年全国科普日活动实施方案》的通知》" in cited[0]["message"]
    assert cited[0]["proposal"].endswith("（云科协字〔2024〕45号）")
    text = TEXT.replace("〈云州市2024年", "〈云州市2023年").replace("云科协字〔2024〕45号", "云科协字〔2023〕44号")
    cited = [one for one in send(site, json=True, text=text).get_json()["documents"][0]["findings"]
             if one["code"] == "citation"]
    assert "库中已有2024年的" in cited[0]["message"]


def test_a_word_file_is_measured_too(site, tmp_path: Path) -> None:
    word = Document()
    for line in TEXT.splitlines():
        word.add_paragraph(line)
    held = BytesIO()
    word.save(held)
    page = tree(send(site, file=(BytesIO(held.getvalue()), "通知稿.docx")))
    rows = ["".join(one.text_content().split()) for one in page.xpath("//table//tr")]
    assert any(one.startswith("天头5.2.1") and one.endswith("不合") for one in rows)
    assert page.xpath("//mark")


def test_what_cannot_be_read_is_told(site) -> None:
    answer = send(site, file=(BytesIO(b"PK\x03\x04nothing"), "坏.docx"))
    assert answer.status_code == 422
    assert tree(answer).xpath("string(//*[@role='alert'])")
    assert send(site, text="  ").status_code == 422


def test_nothing_that_is_pasted_becomes_markup(site) -> None:
    page = tree(send(site, text=TEXT.replace("举办。", "<script>alert(1)</script>举办。")))
    assert page.xpath("//div[@class='check-text']//script") == []


def test_a_site_without_a_checker(client) -> None:
    assert client.get("/check").status_code == 404
