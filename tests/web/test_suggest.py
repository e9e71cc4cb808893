"""/suggest: groups of at most ten, masked, quick to say nothing."""

from __future__ import annotations

import pytest
from comfort_kit import Comforts
from corpus_kit import OFFICE, PlainFinder, make, new_store
from flask.testing import FlaskClient

from gongwen.errors import IndexBusy
from gongwen.settings import Settings
from index.suggesting import Suggestion
from web.app import create_app
from web.ports import NoAids


def groups(comforts: Comforts, typed: str) -> dict[str, list[str]]:
    told = comforts.client.get("/suggest", query_string={"q": typed}).json
    return {group["label"]: [one["label"] for one in group["items"]] for group in told["groups"]}


@pytest.mark.parametrize(
    ("typed", "label", "wanted"),
    [("yzskjg", "单位", "云州市科技馆"), ("zmy", "人名", "周明远"), ("云科协字2024", "文号", "云科协字〔2024〕12号"),
     ("科技活动周", "标题", ""), ("雲州市科學", "单位", OFFICE)],
)  # fmt: skip
def test_groups(comforts: Comforts, typed: str, label: str, wanted: str) -> None:
    found = groups(comforts, typed)
    assert label in found
    assert wanted in found[label] or (not wanted and found[label])
    assert sum(map(len, found.values())) <= 10


def test_a_paper_leads_to_itself_and_a_name_to_a_search(comforts: Comforts) -> None:
    told = comforts.client.get("/suggest", query_string={"q": "云科协字〔2024〕12号"}).json
    url = told["groups"][0]["items"][0]["url"]
    assert url.startswith("/d/")
    assert "云科协字〔2024〕12号" in comforts.client.get(url).get_data(as_text=True)
    url = comforts.client.get("/suggest?q=zmy").json["groups"][0]["items"][0]["url"]
    assert comforts.client.get(url, headers={"Accept": "application/json"}).json["total"] > 0


SURROGATE = "\ud800".encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("typed", ["", " ", "\0", "%", "查无此词", "s" * 5000, SURROGATE])
def test_nothing_to_say(comforts: Comforts, typed: str | bytes) -> None:
    answer = comforts.client.get("/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    assert answer.json["groups"] == []


def test_mobile_numbers_are_masked(tmp_path) -> None:
    title = "联系13900000001的通知"
    made = [make("通讯录.txt", f"⟦title|{title}⟧")]

    class Aids(NoAids):
        def suggest(self, text: str, visible=None):
            return (Suggestion("title", title, title, made[0].reading.documents[0].id),)

    app = create_app(Settings(), papers=new_store(tmp_path, made), finder=PlainFinder(made), aids=Aids())
    text = app.test_client().get("/suggest?q=联系").get_data(as_text=True)
    assert "139****0001" in text
    assert "13900000001" not in text


def test_while_the_index_is_repaired_nobody_waits(tmp_path) -> None:
    class Busy(NoAids):
        def suggest(self, text: str, visible=None):
            raise IndexBusy("later")

        def corrections(self, query, visible=None):
            raise IndexBusy("later")

        def similar(self, record_id: str, *, limit: int = 5, leave_out=()):
            raise IndexBusy("later")

    made = [make("通知.txt", "⟦title|通知⟧")]
    app = create_app(Settings(), papers=new_store(tmp_path, made), finder=PlainFinder(made), aids=Busy())
    client: FlaskClient = app.test_client()
    assert client.get("/suggest?q=通知").json["groups"] == []
    assert client.get("/search?q=查无此词").status_code == 200
    assert client.get(f"/d/{made[0].reading.documents[0].id}").status_code == 200


def test_without_aids_the_box_is_a_plain_form(client: FlaskClient) -> None:
    assert client.get("/suggest?q=科普").json["groups"] == []
