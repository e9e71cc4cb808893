"""One paper: its values, the places they were read from, and the file it came in."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from corpus_kit import Made, PlainFinder, make, new_store
from dom_kit import links, texts, tree
from flask.testing import FlaskClient

from gongwen.labels import load_labels
from gongwen.record import Record
from gongwen.review import Review
from gongwen.settings import Settings
from gongwen.store import Store
from web.app import create_app
from web.views.documents import plain_name

JSON = {"Accept": "application/json"}


@pytest.fixture
def plan(made: list[Made]) -> Record:
    return made[4].reading.documents[0]


def site(folder: Path, *made: Made) -> tuple[FlaskClient, Store]:
    store = new_store(folder, list(made))
    app = create_app(Settings(), papers=store, finder=PlainFinder(list(made)))
    return app.test_client(), store


def test_header_and_values_are_shown(client: FlaskClient, plan: Record) -> None:
    page = tree(client.get(f"/d/{plan.id}"))
    assert page.xpath("//h1/text()") == ["关于印发《云州市2024年全国科普日活动实施方案》的通知"]
    shown = {"".join(one.xpath("dt")[0].text_content().split()): one.xpath("dd")[0].text_content().strip()
             for one in page.xpath("//dl[@class='facts']/div")}  # fmt: skip
    assert shown["发文字号"].startswith("云科协字〔2024〕12号")
    assert shown["成文日期"].startswith("2024年8月12日")
    assert shown["活动时间"].startswith("2024年9月15日至25日第2页")
    assert shown["主办单位"].count("、") == 2


def test_tables_show_rows_and_leave_empty_columns_out(client: FlaskClient, plan: Record) -> None:
    page = tree(client.get(f"/d/{plan.id}"))
    heads = page.xpath("//h3[@id='v-tasks']/..//th")
    assert [one.text for one in heads][1:3] == ["牵头单位", "责任单位"]
    assert len(page.xpath("//tr[starts-with(@id, 'v-tasks-')]")) == 3


def test_only_what_a_clerk_expects_is_missed(client: FlaskClient, made: list[Made], plan: Record) -> None:
    assert texts(tree(client.get(f"/d/{plan.id}")), "missing") == []
    undated = tree(client.get(f"/d/{made[-1].reading.documents[0].id}"))
    assert texts(undated, "missing") == ["未见：发文字号、发文机关、主送机关、成文日期"]


def test_annexes_stand_with_what_is_issued(client: FlaskClient, plan: Record) -> None:
    page = tree(client.get(f"/d/{plan.id}"))
    group = page.xpath("//dt[text()='附件']/ancestor::section/h3/text()")
    assert group == ["印发件与附件"]


def test_every_value_leads_to_its_quote_and_back(client: FlaskClient, made: list[Made]) -> None:
    for one in made:
        for record in one.reading.documents:
            page = tree(client.get(f"/d/{record.id}?full=1"))
            anchors = {place.get("id"): place for place in page.xpath("//*[@id]")}
            assert len(anchors) == len(page.xpath("//*[@id]")), "an id stands twice"
            values = page.xpath("//a[contains(@class, 'val')]")
            assert values or not record.evidence
            for value in values:
                place = anchors[value.get("href")[1:]]
                held = place.get("data-paths").split()
                path = value.get("data-path")
                assert any(path == held_path or path.startswith(f"{held_path}/") for held_path in held)
            for place in page.xpath("//a[contains(@class, 'ev')]"):
                assert place.get("href")[1:] in anchors


def test_marked_text_is_the_quote(client: FlaskClient, plan: Record) -> None:
    page = tree(client.get(f"/d/{plan.id}?full=1"))
    for path, found in plan.evidence.items():
        marked = [one for one in page.xpath("//a[@data-paths]") if path in one.get("data-paths").split()]
        assert "".join(one.text_content() for one in marked) == "".join(one.quote for one in found)


def test_every_path_of_the_record_has_a_value_on_the_page(client: FlaskClient, plan: Record) -> None:
    page = tree(client.get(f"/d/{plan.id}?full=1"))
    shown = set(page.xpath("//a[@data-path]/@data-path"))
    for path, _ in plan.paths():
        assert path in shown or any(one.startswith(f"{path}/") for one in shown), path


def test_issues_are_notes_with_their_place(client: FlaskClient, plan: Record) -> None:
    page = tree(client.get(f"/d/{plan.id}"))
    notes = [one.text_content() for one in page.xpath("//section[@class='notes']//li")]
    labels = load_labels(Settings())
    assert notes == [
        f"{labels.path('activity_time')}：活动时间晚于报送总结的时间，请核对。",
        f"{labels.path('tasks/2/time')}：“9月全月”没有具体日期。",
    ]
    assert len(page.xpath("//a[contains(@class, 'doubt')]")) == 2


def test_the_outline_leads_into_the_text(client: FlaskClient, plan: Record) -> None:
    page = tree(client.get(f"/d/{plan.id}"))
    targets = page.xpath("//details[@class='outline']//a/@href")
    assert len(targets) == 5
    ids = set(page.xpath("//article//@id"))
    assert {target[1:] for target in targets} <= ids


def test_paragraphs_that_are_only_a_heading_are_known(tmp_path: Path) -> None:
    paper = make("函.txt", "⟦title|关于商请协助的函⟧\n#一、活动主题\n提升科学素质\n#二、时间。9月20日")
    for section, title in zip(paper.reading.documents[0]["sections"], ("活动主题", "时间"), strict=True):
        section["title"] = title
    client, _ = site(tmp_path, paper)
    page = tree(client.get(f"/d/{paper.reading.documents[0].id}"))
    assert texts(page, "heading") == ["一、活动主题"]


def test_headers_stand_apart_from_the_text(client: FlaskClient, plan: Record) -> None:
    page = tree(client.get(f"/d/{plan.id}"))
    apart = page.xpath("//details[@class='beside']")[0].text_content()
    assert "云州市科学技术协会文件" in apart
    assert "8月13日印发" in apart


def test_other_papers_of_the_file_are_linked_and_keep_their_text(client: FlaskClient, made: list[Made]) -> None:
    first, second = made[-2].reading.documents
    page = tree(client.get(f"/d/{first.id}"))
    assert links(page)["海西省科普基地认定办法"] == f"/d/{second.id}"
    paper = page.xpath("//article")[0].text_content()
    assert "请遵照执行" in paper
    assert "独立法人资格" not in paper
    assert page.xpath("//dl[@class='web-meta']//dt/text()") == ["发文机关", "发布日期"]


def test_mobile_numbers_are_masked_until_asked_for(client: FlaskClient, plan: Record) -> None:
    masked = client.get(f"/d/{plan.id}").get_data(as_text=True)
    assert "13900000001" not in masked
    assert masked.count("139****0001") == 2
    assert "0999-5550123" in masked
    assert "显示完整号码" in masked
    assert "13900000001" in client.get(f"/d/{plan.id}?full=1").get_data(as_text=True)
    told = client.get(f"/d/{plan.id}", headers=JSON)
    assert "13900000001" not in told.get_data(as_text=True)
    assert told.json["document"]["id"] == plan.id


@pytest.mark.parametrize("said", ["主动公开", "此件公开发布", "此件主动公开", "此件公开"])
def test_numbers_in_public_papers_are_not_masked(tmp_path: Path, said: str) -> None:
    public = make("公开.txt", f"⟦title|公开的通知⟧\n电话⟦contacts/0/phones/0|13900000001⟧\n（⟦disclosure|{said}⟧）")
    client, _ = site(tmp_path, public)
    text = client.get(f"/d/{public.reading.documents[0].id}").get_data(as_text=True)
    assert "13900000001" in text
    assert "显示完整号码" not in text


@pytest.mark.parametrize("said", ["依申请公开", "此件依申请公开", "此件不公开", "此件删减后公开"])
def test_numbers_in_other_papers_are(tmp_path: Path, said: str) -> None:
    paper = make("内部.txt", f"⟦title|内部的通知⟧\n电话⟦contacts/0/phones/0|13900000001⟧\n（⟦disclosure|{said}⟧）")
    client, _ = site(tmp_path, paper)
    address = f"/d/{paper.reading.documents[0].id}"
    assert "13900000001" not in client.get(address).get_data(as_text=True)
    assert "隐藏手机号码" in client.get(f"{address}?full=1").get_data(as_text=True)


def test_showing_is_offered_only_where_this_page_hides_a_number(tmp_path: Path) -> None:
    paper = make(
        "两件.txt", "⟦title|关于转发的通知⟧\n请认真执行。", "⟦title|联络办法⟧\n电话⟦contacts/0/phones/0|13900000001⟧"
    )
    client, _ = site(tmp_path, paper)
    first, second = (client.get(f"/d/{one.id}").get_data(as_text=True) for one in paper.reading.documents)
    assert "显示完整号码" not in first
    assert "显示完整号码" in second
    opened = client.get(f"/d/{paper.reading.documents[0].id}?full=1").get_data(as_text=True)
    assert "隐藏手机号码" not in opened


def test_a_number_in_a_title_or_heading_is_hidden_everywhere_on_the_page(tmp_path: Path) -> None:
    paper = make(
        "两件.txt", "⟦title|关于启用13900000001热线的通知⟧\n#一、热线13900000001", "⟦title|热线13900000002办法⟧"
    )
    client, _ = site(tmp_path, paper)
    for one in paper.reading.documents:
        text = client.get(f"/d/{one.id}").get_data(as_text=True)
        assert "1390000000" not in text
        assert "139****0002" in text


def test_peoples_words_win_and_are_marked(tmp_path: Path) -> None:
    paper = make("函.txt", "⟦title|关于商请协助的函⟧\n⟦security|普通⟧")
    client, store = site(tmp_path, paper)
    at = "2024-05-08T09:00:00+08:00"
    store.add_review(paper.reading.sha256, Review("关于商请协助的函", "security", "普通", "内部", "何立", at))
    address = f"/d/{paper.reading.documents[0].id}"
    page = tree(client.get(address))
    assert texts(page, "reviewed") == ["已更正"]
    told = client.get(address, headers=JSON).json
    assert (told["document"]["security"], told["states"]) == ("内部", {"security": "corrected"})


def test_losing_candidates_are_shown(tmp_path: Path) -> None:
    paper = make("函.txt", "⟦title|关于商请协助的函⟧", extra={})
    paper.reading.documents[0].candidates["title"] = [{"value": "关于协助的函", "evidence": []}]
    client, _ = site(tmp_path, paper)
    assert texts(tree(client.get(f"/d/{paper.reading.documents[0].id}")), "candidates") == ["另见：关于协助的函"]


def test_a_file_not_wholly_read_says_so(client: FlaskClient, made: list[Made]) -> None:
    text = client.get(f"/d/{made[-1].reading.documents[0].id}").get_data(as_text=True)
    assert "提示：原件没有读全：有的页面没有文字，请核对这些页面是否为图片。" in text


def test_what_was_odd_about_the_file_is_told(tmp_path: Path) -> None:
    paper = make("函.txt", "⟦title|关于商请协助的函⟧")
    client, store = site(tmp_path, paper)
    store.put_text(replace(paper.document, warnings=("type_mismatch", "crc")))
    address = f"/d/{paper.reading.documents[0].id}"
    page = tree(client.get(address))
    assert texts(page, "notice") == [
        "提示：扩展名与内容不符，已按实际内容读取，请核对原文件。", "提示：压缩校验不符，已按内容读取，请核对原文件。",
    ]  # fmt: skip
    assert client.get(address, headers=JSON).json["warnings"] == ["type_mismatch", "crc"]


def test_notes_give_dates_as_people_write_them(tmp_path: Path) -> None:
    paper = make("函.txt", "⟦title|函⟧", issues=[("title", "成文日期 2024-09-03 晚于“2024-09-01”。")])
    client, _ = site(tmp_path, paper)
    page = tree(client.get(f"/d/{paper.reading.documents[0].id}"))
    (note,) = page.xpath("//section[@class='notes']//li")
    assert note.text_content().endswith("成文日期 2024年9月3日 晚于“2024-09-01”。")


def test_a_record_without_its_text_still_shows_its_values(tmp_path: Path) -> None:
    paper = make("函.txt", "⟦title|关于商请协助的函⟧")
    client, store = site(tmp_path, paper)
    store.text_path(paper.reading.sha256).unlink()
    page = tree(client.get(f"/d/{paper.reading.documents[0].id}"))
    assert page.xpath("//h1/text()") == ["关于商请协助的函"]
    assert "没有可显示的正文" in page.text_content()


@pytest.mark.parametrize("address", ["zzz", "0123456789abcdef-1", "0123456789abcdef-1/original", "..%2f..%2fetc"])
def test_an_unknown_address_is_a_404(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/d/{address}")
    assert answer.status_code == 404
    assert "没有找到" in answer.get_data(as_text=True)


def test_json_is_the_record(client: FlaskClient, plan: Record) -> None:
    told = client.get(f"/d/{plan.id}?full=1", headers=JSON).json
    assert told["document"] == plan.to_json()
    assert told["source"] == "2024年全国科普日活动方案.pdf"


def test_the_original_is_a_download_under_its_own_name(client: FlaskClient, made: list[Made]) -> None:
    for one in made:
        with client.get(f"/d/{one.reading.documents[0].id}/original") as answer:
            assert answer.data == one.data
            assert answer.headers["Content-Disposition"].startswith("attachment;")
            assert answer.headers["Content-Security-Policy"].startswith("sandbox")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.mimetype != "text/html"


def test_a_missing_original_is_a_404(tmp_path: Path) -> None:
    paper = make("函.txt", "⟦title|关于商请协助的函⟧")
    client, store = site(tmp_path, paper)
    store.object_path(paper.reading.sha256).unlink()
    assert client.get(f"/d/{paper.reading.documents[0].id}/original").status_code == 404


@pytest.mark.parametrize(
    ("source", "name"),
    [("收件/方案.pdf", "方案.pdf"), ("C:\\公文\\函.docx", "函.docx"), ("../../etc/passwd", "passwd"),
     ("a\r\nSet-Cookie: b=c.pdf", "a Set-Cookie b=c.pdf"), ("\x1b[2J伪造.txt", "[2J伪造.txt"), ("\udce4.txt", "txt"),
     ("", "原件"), ("...", "原件"), ("云" * 300 + ".pdf", "云" * 116 + ".pdf"), ("\u202egnp.exe", "gnp.exe")],
)  # fmt: skip
def test_download_names_are_plain(source: str, name: str) -> None:
    assert plain_name(source) == name


def test_group_references_open_to_the_units_they_stood_for(tmp_path: Path, made: list[Made]) -> None:
    paper = deepcopy(made[4])
    record = paper.reading.documents[0]
    record.values["groups"] = {"各县（区）科协": ["云山县科学技术协会", "云水县科学技术协会"]}
    client, _ = site(tmp_path, paper)
    (group,) = tree(client.get(f"/d/{record.id}")).xpath("//details[@class='stands-for']")
    assert group.xpath("summary")[0].text_content() == "各县（区）科协2个"
    assert group.xpath("p")[0].text_content() == "云山县科学技术协会、云水县科学技术协会"
