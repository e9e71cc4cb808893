"""Saved searches: kept by name, renamed, deleted; a valid Atom feed; forms that only this site may send."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from comfort_kit import Comforts, site
from corpus_kit import make
from dom_kit import links, texts, tree
from flask.testing import FlaskClient
from lxml import etree
from papers_kit import corpus

from gongwen.errors import StoreError
from gongwen.saved import MOST, SavedSearches
from web.saved import canonical

JSON = {"Accept": "application/json"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}
QUERY = urlencode({"q": "科普日", "year": "2024"})


@pytest.fixture
def own(tmp_path: Path):
    made = corpus()
    arrivals = {one.reading.sha256[:16]: f"2024-05-{at + 1:02}T08:00:00+08:00" for at, one in enumerate(made)}
    found = site(tmp_path / "corpus", made, arrivals)
    yield found
    found.index.close()


def save(own: Comforts, query: str = QUERY, name: str = "我的检索") -> str:
    answer = own.post("/saved", query=query, name=name)
    assert answer.status_code == 303
    return answer.location.partition("#s-")[2]


def test_a_search_is_kept_and_asks_the_same_again(own: Comforts) -> None:
    page = tree(own.client.get(f"/search?{QUERY}&page=2&colour=red"))
    form = page.xpath("//form[@action='/saved']")[0]
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    assert own.client.post("/saved", data=fields).status_code == 303
    (kept,) = own.client.get("/saved", headers=JSON).json["saved"]
    assert kept["name"] == "科普日"
    right = own.client.get(f"/search?{QUERY}", headers=JSON).json
    assert own.client.get(kept["url"], headers=JSON).json["hits"] == right["hits"]
    assert (kept["total"], kept["new"]) == (right["total"], 0)


def test_list_rename_delete(own: Comforts) -> None:
    assert "还没有保存的检索" in own.client.get("/saved").get_data(as_text=True)
    one = save(own)
    assert own.post(f"/saved/{one}", name="  新名称<b>  ").status_code == 303
    page = tree(own.client.get("/saved"))
    assert links(page)["新名称<b>"].startswith("/search?q=")
    assert texts(page, "kept-words") == ["检索词：科普日；年份：2024"]
    assert own.post(f"/saved/{one}", name=" ").status_code == 400
    assert own.post(f"/saved/{one}/delete").status_code == 303
    assert own.client.get("/saved", headers=JSON).json["saved"] == []
    for address in (f"/saved/{one}", f"/saved/{one}/delete"):
        assert own.post(address, name="x").status_code == 404
    assert own.client.get(f"/saved/{one}.atom").status_code == 404


def test_the_first_page_has_them_at_hand(own: Comforts) -> None:
    save(own, name="我的<检索>")
    url = links(tree(own.client.get("/")))["我的<检索>"]
    right = own.client.get(f"/search?{QUERY}", headers=JSON).json
    assert own.client.get(url, headers=JSON).json["hits"] == right["hits"]


def test_the_same_again_is_the_same(own: Comforts) -> None:
    assert save(own) == save(own)
    assert save(own, name="另一个") != save(own)


@pytest.mark.parametrize("query", ["", "page=3", "colour=red", "q=", "sort=evil"])
def test_a_search_for_nothing_is_not_kept(own: Comforts, query: str) -> None:
    assert own.post("/saved", query=query).status_code == 400


def test_odd_queries_and_names_are_cut_not_believed(own: Comforts) -> None:
    save(own, query=urlencode({"q": "科" * 900, "year": "2024", "evil": "x"}), name="名" * 300 + "\r\n\0")
    (kept,) = own.saved.all()
    assert len(kept.name) == 60
    assert len(kept.query) < 3000
    assert "evil" not in kept.query


@pytest.mark.parametrize(
    ("query", "right"),
    [("year=2024&q=a&page=7", "q=a&year=2024"), ("?q=a", ""), ("q=a&q=b", "q=a"), ("type=&q=a", "q=a&type="),
     ("from=2024-05-01&to=x&q=a", "q=a&from=2024-05-01"), ("q=%E7%A7%91%00", "q=%E7%A7%91")],
)  # fmt: skip
def test_one_search_has_one_address(query: str, right: str) -> None:
    assert canonical(query) == right
    assert canonical(canonical(query)) == right


def test_nobody_acts_through_anothers_browser(own: Comforts) -> None:
    one = save(own)
    token = own.token()
    fields = {"form_token": token, "query": QUERY, "name": "x"}
    for address in ("/saved", f"/saved/{one}", f"/saved/{one}/delete"):
        assert own.client.post(address, data=fields | {"form_token": ""}).status_code == 400
        assert own.client.post(address, data=fields | {"form_token": "0" * 64}).status_code == 400
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert own.client.post(address, data=fields, headers=headers).status_code == 400, (address, headers)
        assert own.client.get(address).status_code in {200, 405}
    other: FlaskClient = own.client.application.test_client()
    assert other.post(f"/saved/{one}/delete", data=fields).status_code == 400, "the token of another browser"
    assert [kept.name for kept in own.saved.all()] == ["我的检索"]


def test_what_comes_later_is_new(own: Comforts) -> None:
    one = save(own, query="q=科普日")
    text = "关于补充全国科普日活动的通知"
    later = make("后到.txt", f"⟦title|{text}⟧\n⟦issue_date=2024-09-01|2024年9月1日⟧")
    own.store.put_text(later.document)
    own.store.put_reading(later.reading)
    own.index.update([later.reading], {later.reading.sha256: later.document})
    (kept,) = own.client.get("/saved", headers=JSON).json["saved"]
    assert kept["new"] == 1
    assert "新到1件" in "".join(texts(tree(own.client.get("/saved")), "fresh"))
    own.saved.tell(one, [later.reading.documents[0].id], "2024-09-02T00:00:00+08:00")
    assert own.client.get("/saved", headers=JSON).json["saved"][0]["new"] == 0


def feed(own: Comforts, one: str) -> etree._Element:
    answer = own.client.get(f"/saved/{one}.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.data)


def test_the_feed_is_valid_atom(own: Comforts) -> None:
    """RFC 4287: what feed and entry must have, in their forms."""
    found = feed(own, save(own, query="q=科普", name="名<称>&"))
    assert found.tag == "{http://www.w3.org/2005/Atom}feed"
    assert found.findtext("a:title", namespaces=ATOM) == "名<称>& - 公文库"
    for node in (found, *found.findall("a:entry", ATOM)):
        (uid,) = node.findall("a:id", ATOM)
        assert uid.text.startswith("urn:uuid:")
        (updated,) = node.findall("a:updated", ATOM)
        assert datetime.fromisoformat(updated.text).tzinfo is not None
        assert len(node.findall("a:title", ATOM)) == 1
        assert node.findtext("a:author/a:name", namespaces=ATOM)
        assert node.findall("a:link[@rel='alternate']", ATOM)
    assert found.find("a:link[@rel='self']", ATOM).get("href").startswith("http://localhost/saved/")
    ids = [node.text for node in found.findall(".//a:id", ATOM)]
    assert len(ids) == len(set(ids)) > 2
    for link in found.findall("a:entry/a:link", ATOM):
        assert own.client.get(link.get("href")).status_code == 200


def test_entries_keep_their_ids_and_come_by_arrival(own: Comforts) -> None:
    first, second = feed(own, save(own)), feed(own, save(own, query="q=科普日", name="另一个"))
    shared = {node.text for node in first.findall("a:entry/a:id", ATOM)}
    assert shared < {node.text for node in second.findall("a:entry/a:id", ATOM)}
    times = [node.text for node in second.findall("a:entry/a:updated", ATOM)]
    assert times == sorted(times, reverse=True)
    assert second.findtext("a:updated", namespaces=ATOM) == times[0]
    assert all(time.startswith("2024-05-") for time in times)


def test_asking_for_the_feed_tells_nobody(own: Comforts) -> None:
    one = save(own)
    before = own.saved.get(one), own.saved.told(one)
    assert etree.tostring(feed(own, one)) == etree.tostring(feed(own, one))
    assert (own.saved.get(one), own.saved.told(one)) == before


def test_hostile_titles_do_not_break_the_feed(comforts: Comforts) -> None:
    one = save(comforts, query="q=表格单位", name="恶意")
    found = feed(comforts, one)
    assert len(found.findall("a:entry", ATOM)) == 20
    comforts.saved.delete(one)


def test_without_a_place_to_keep_them_there_are_none(client: FlaskClient) -> None:
    assert client.get("/saved").status_code == 404
    text = client.get("/search?q=科普").get_data(as_text=True)
    assert "保存检索" not in text
    assert 'href="/saved"' not in text


# --- the file ---


def test_nothing_is_written_before_the_first_save(tmp_path: Path) -> None:
    store = SavedSearches(tmp_path / "saved.db")
    assert (store.all(), store.get("x"), store.told("x"), store.delete("x"), store.rename("x", "y")) == (
        [], None, frozenset(), False, False,
    )  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_too_many_are_refused_in_words(tmp_path: Path) -> None:
    store = SavedSearches(tmp_path / "saved.db")
    for at in range(MOST):
        store.add(f"第{at}个", "q=a", "2024-01-01T00:00:00+08:00")
    with pytest.raises(StoreError, match="已保存 500 个"):
        store.add("又一个", "q=a", "2024-01-01T00:00:00+08:00")


def test_a_newer_or_damaged_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "saved.db"
    store = SavedSearches(path)
    store.add("一", "q=a", "2024-01-01T00:00:00+08:00")
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="较新版本"):
        store.all()
    path.write_bytes(b"no database at all, but somebody's")
    with pytest.raises(StoreError, match="读写失败"):
        store.add("二", "q=a", "2024-01-01T00:00:00+08:00")
    assert path.read_bytes() == b"no database at all, but somebody's"


def test_what_was_told_goes_with_its_search(tmp_path: Path) -> None:
    store = SavedSearches(tmp_path / "saved.db")
    one = store.add("一", "q=a", "2024-01-01T00:00:00+08:00")
    store.tell(one.id, ["p-1", "p-2"], "2024-01-02T00:00:00+08:00")
    store.tell(one.id, ["p-2", "p-3"], "2024-01-03T00:00:00+08:00")
    assert store.told(one.id) == {"p-1", "p-2", "p-3"}
    assert store.get(one.id).told_at == "2024-01-03T00:00:00+08:00"
    store.delete(one.id)
    assert store.told(one.id) == frozenset()
    store.tell(one.id, ["p-9"], "2024-01-04T00:00:00+08:00")
    assert store.told(one.id) == frozenset()
