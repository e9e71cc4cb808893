"""Copies and versions of a paper on its page, in the hits, and what `show` prints."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from corpus_kit import Made, PlainFinder, make, new_store
from dom_kit import tree

from gongwen.cli.main import cli
from gongwen.record import Issue
from gongwen.settings import Settings
from index.editions.database import EditionsFile
from index.editions.ledger import Editions
from ingest.relations import Relations
from web.app import create_app
from web.editions import counted, format_name

JSON = {"Accept": "application/json"}
ARRIVED = {"方案.docx": "2024-05-08T09:30:12+08:00", "更正.pdf": "2024-05-09T09:30:12+08:00"}


def notice(name: str, *, phone: str = "13900000001", day: str = "20", more: str = "", number: str = "12") -> Made:
    media_type = {"html": "text/html", "txt": "text/plain"}.get(name.rpartition(".")[2], "application/pdf")
    return make(name, f"""
⟦issuers/0|云州市科学技术协会⟧
⟦document_number|云科协字〔2024〕{number}号⟧
^⟦title|关于举办科普讲座的通知⟧
⟦addressees/0|各县（区）科协⟧：
为普及科学知识，弘扬科学精神，围绕生态环境、食品安全和应急避险，每季度举办科普讲座不少于两场，由各县（区）科协牵头组织。
请各单位于2024年10月{day}日前报送总结，联系人何立，电话⟦contacts/0/phones/0|{phone}⟧。
{more}
⟦issue_date=2024-04-02|2024年4月2日⟧
""", media_type=media_type)


@pytest.fixture
def papers(tmp_path: Path) -> list[Made]:
    scan = notice("扫描.pdf", more=" ")
    scan.reading.documents[0].issues.append(Issue("ocr_doubtful", "title", "标题识别有疑"))
    scan.document = replace(scan.document, warnings=("ocr_text",))
    clash = make("决定.docx", """
⟦issuers/0|云州市科学技术协会⟧
⟦document_number|云科协字〔2024〕12号⟧
^⟦title|关于表彰优秀教师的决定⟧
经研究，决定授予林若溪等十名同志优秀教师称号，希望受表彰的同志珍惜荣誉，再接再厉，为教育事业作出更大贡献。
⟦issue_date=2024-06-02|2024年6月2日⟧
""")
    return [
        notice("方案.docx"), notice("网页.html"), notice("更正.pdf", day="25", phone="13900000002"), scan, clash,
        notice("另一份.txt", number="13"),
    ]  # fmt: skip


@pytest.fixture
def site(tmp_path: Path, papers: list[Made]):
    store = new_store(tmp_path / "corpus", papers)
    editions = Editions(EditionsFile(store.editions), store)
    editions.rebuild()
    by_sha = {one.reading.sha256: one.reading.source for one in papers}
    app = create_app(
        Settings(), papers=store, finder=PlainFinder(papers), linked=editions,
        relations=lambda sha256: Relations(arrived=ARRIVED.get(by_sha[sha256], "")),
    )  # fmt: skip
    return app.test_client()


def page(site, one: Made, query: str = ""):
    return tree(site.get(f"/d/{one.reading.documents[0].id}{query}"))


def listed(found) -> list[str]:
    return [" ".join(one.text_content().split()) for one in found.xpath("//section[@id='editions']/ol/li/p[1]")]


def test_the_page_lists_copies_before_versions(site, papers):
    found = page(site, papers[0])
    assert set(listed(found)[:2]) == {"副本 网页.html", "副本 扫描.pdf"}
    assert listed(found)[2:] == ["版本 更正.pdf", "同号异文 决定.docx"]
    assert found.xpath("string(//h2[@id='editions-title'])") == "版本与副本4"
    told = " ".join(found.xpath("string(//section[@id='editions'])").split())
    assert "文字一致" in told and "有 2 处不同，共 2 字，相同的占 98%" in told
    assert "2024年5月9日收到（比本件后收到）" in told
    assert "2024年5月8日收到（比本件先收到）" in " ".join(page(site, papers[2]).text_content().split())


def test_differences_show_what_changed_and_hide_mobile_numbers(site, papers):
    place = page(site, papers[0]).xpath("//details[@class='differences']//li")
    told = [["".join(one.itertext()).strip() for one in li.xpath("p")] for li in place]
    assert told[0] == ["本件请各单位于2024年10月20日前报送总结，", "另一件请各单位于2024年10月25日前报送总结，"]
    assert told[1] == ["本件电话139****0001。", "另一件电话139****0002。"]
    assert [one.text_content() for one in place[0].xpath(".//ins")] == ["5"]
    full = page(site, papers[0], "?full=1").xpath("string(//details[@class='differences'])")
    assert "13900000002" in full


def test_two_papers_under_one_number_are_told_at_the_top(site, papers):
    (told,) = page(site, papers[0]).xpath("//header//p[@class='notice'][contains(., '也用了文号')]")
    assert told.text_content().startswith("提示：关于表彰优秀教师的决定也用了文号 云科协字〔2024〕12号，")
    assert told.xpath("a/@href") == [f"/d/{papers[4].reading.documents[0].id}"]
    assert len(page(site, papers[4]).xpath("//header//p[contains(., '也用了文号')]")) == 1  # of four, one title


def test_a_doubtful_value_of_a_scan_shows_what_the_copy_says(site, papers):
    (said,) = page(site, papers[3]).xpath("//span[@class='candidates']")
    assert said.text_content() == "识别有疑，副本为：关于举办科普讲座的通知"
    assert page(site, papers[0]).xpath("//span[@class='candidates']") == []


def test_a_paper_alone_shows_no_section(site, papers):
    assert page(site, papers[5]).xpath("//section[@id='editions']") == []


def test_json_says_the_same(site, papers):
    address = papers[0].reading.documents[0].id
    found = site.get(f"/d/{address}", headers=JSON).get_json()["editions"]
    version = next(one for one in found if one["kind"] == "version")
    assert (version["source"], version["format"], version["later"], version["places"]) == ("更正.pdf", "PDF", True, 2)
    assert version["differences"][1] == {"this": "电话139****0001。", "other": "电话139****0002。"}
    assert version["url"] == f"/d/{papers[2].reading.documents[0].id}"


def test_hits_fold_copies_and_keep_every_one_reachable(site, papers):
    found = tree(site.get("/search?q=科普讲座"))
    hits = found.xpath("//li[@class='hit']")
    assert "共 5 件" in found.xpath("string(//h2[@id='count'])")
    assert len(hits) == 3
    linked = {one for hit in hits for one in hit.xpath(".//a/@href") if one.startswith("/d/") and "#" not in one}
    assert len(linked) == 5
    told = [" ".join(hit.text_content().split()) for hit in hits]
    assert any("另有 2 个副本、1 个版本、1 件同号异文" in one and "同时找到的副本" in one for one in told)
    assert hits[0].xpath(".//a[contains(@href, '#editions')]")


def test_hits_as_json_are_not_folded(site, papers):
    found = site.get("/search?q=科普讲座", headers=JSON).get_json()
    assert len(found["hits"]) == found["total"] == 5
    folded = {one["source"]: one["copy_of"] for one in found["hits"] if one["copy_of"]}
    best = papers[0].reading.documents[0].id
    assert folded == {"网页.html": best, "扫描.pdf": best}


def test_more_editions_than_fit_are_behind_a_summary(tmp_path):
    many = [notice(f"副本{at}.docx", more=" " * (at + 1)) for at in range(7)]
    store = new_store(tmp_path / "corpus", many)
    editions = Editions(EditionsFile(store.editions), store)
    editions.rebuild()
    site = create_app(Settings(), papers=store, finder=PlainFinder(many), linked=editions).test_client()
    found = page(site, many[0])
    assert len(found.xpath("//section[@id='editions']/ol/li")) == 4
    assert found.xpath("string(//section[@id='editions']/details/summary)") == "其余2件"


@pytest.mark.parametrize(("media_type", "name"), [
    ("application/pdf", "PDF"), ("image/png", "图片"), ("text/plain", "文本"), ("text/html", "网页"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word 文档"), ("font/ttf", "文件"),
])  # fmt: skip
def test_formats_have_names(media_type, name):
    assert format_name(media_type) == name


def test_nothing_is_counted_of_a_paper_alone():
    assert counted([]) == ""


def test_ingest_links_and_show_tells(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    lines = [
        "云科协字〔2024〕12号", "关于举办科普讲座的通知", "各县（区）科协：",
        "为普及科学知识，弘扬科学精神，每季度举办讲座两场。" * 3, "云州市科学技术协会", "2024年4月2日",
    ]  # fmt: skip
    (tmp_path / "一.txt").write_text("\n".join(lines), "utf-8")
    (tmp_path / "二.html").write_text(f"<html><body><p>{'</p><p>'.join(lines)}</p></body></html>", "utf-8")
    runner = CliRunner()
    assert runner.invoke(cli, ["ingest", str(tmp_path / "一.txt"), str(tmp_path / "二.html")]).exit_code == 0
    found = json.loads(runner.invoke(cli, ["search", "讲座", "--json"]).output)
    hits = {hit["source"]: hit["id"] for hit in found["hits"]}
    printed = runner.invoke(cli, ["show", hits["一.txt"]]).output
    assert "版本与副本（1）" in printed and "副本　二.html（网页，" in printed and "文字一致" in printed
    told = json.loads(runner.invoke(cli, ["show", hits["一.txt"], "--json"]).output)
    assert [(one["kind"], one["id"]) for one in told["editions"]] == [("copy", hits["二.html"])]
    assert runner.invoke(cli, ["rebuild"]).exit_code == 0
    assert json.loads(runner.invoke(cli, ["show", hits["一.txt"], "--json"]).output)["editions"] == told["editions"]
