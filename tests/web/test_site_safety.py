"""What every response carries, and that nothing anyone wrote becomes an element of a page."""

from __future__ import annotations

import ast
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from corpus_kit import Made, PlainFinder, make, new_store
from dom_kit import tree
from flask import Flask
from flask.testing import FlaskClient

from gongwen.settings import ROOT, Settings
from ingest.relations import Relations, Relative
from web.app import create_app
from web.ports import Desk, Failure, Intake

PAYLOADS = (
    "<script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>", "\"><svg onload=window.hacked=1>",
    "'><b onclick=window.hacked=1>x</b>", "</title><script>window.hacked=1</script>", "javascript:window.hacked=1",
    "<a href='javascript:window.hacked=1'>通知</a>", "<iframe srcdoc='<script>1</script>'></iframe>",
    "{{7*7}}{% raw %}", "&lt;script&gt;window.hacked=1&lt;/script&gt;", "<mark>假</mark>", "</p><h1>假标题</h1>",
    "<style>*{display:none}</style>", "<form action=//evil.example><input name=p></form>", "<base href=//evil.example>",
)  # fmt: skip


def hostile(payload: str) -> Made:
    """A payload in every place a document can put words."""
    markup = "⟦document_number|X⟧\n⟦title|X⟧\n⟦issuers/0|X⟧⟦hosts/0|X⟧\n@甲: ⟦topics/0|X⟧\n~X\n#X\n"
    markup += "|⟦tasks/0/title|X⟧|||⟦tasks/0/lead/0|X⟧|\n|X|||X|"
    made = make(
        f"收件/{payload}.pdf",
        markup.replace("X", payload),
        extra={"security": payload, "doc_type": payload, "units": {payload: payload}, "disclosure": payload},
        issues=[("title", payload), (payload, payload)],
    )
    made.reading.documents[0].candidates["title"] = [{"value": payload, "evidence": []}]
    made.reading.documents[0].values["contacts"] = [{"name": payload, "phones": [payload], payload: payload}]
    return made


def shape(page: object) -> tuple[set[str], set[str]]:
    """Tags and attribute names of a page, and every address in it."""
    tags = {str(one.tag) for one in page.iter()}  # type: ignore[attr-defined]
    return tags, {str(name) for one in page.iter() for name in one.attrib}  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """The tags and attributes of the same pages with harmless words."""
    tags: set[str] = set()
    names: set[str] = set()
    for page in pages(hostile("无害"), tmp_path_factory.mktemp("plain")):
        found = shape(page)
        tags |= found[0]
        names |= found[1]
    return tags, names


def pages(made: Made, folder: Path) -> list[object]:
    payload = made.reading.documents[0]["security"]
    failure = Failure(payload, payload, "password", payload, is_locked=True, likely=(payload, payload))
    app = create_app(
        Settings(office=payload), papers=new_store(folder, [made]), finder=PlainFinder([made]),
        intake=lambda code="", page=1: Intake(
            ((payload, 1),), (failure, Failure(payload, payload, payload, payload)), payload,
            ((payload, 1), ("cpu", 1)),
        ),
        desk=cast(Desk, SimpleNamespace(works=False)),
        relations=lambda sha256: Relations(opened_from=((payload, payload),), opened_as=(Relative(payload),)),
    )  # fmt: skip
    client = app.test_client()
    record = made.reading.documents[0]
    answers = [
        client.get("/"), client.get("/search", query_string={"q": payload, "from": payload, "year": payload}),
        client.get("/search", query_string={"q": payload}), client.get("/search", query_string={"type": payload}),
        client.get(f"/d/{record.id}"), client.get("/state"), client.get("/help"),
        client.get(f"/d/{payload}"),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers[:7]] == [200] * 7
    return [tree(answer) for answer in answers]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_becomes_an_element(payload: str, plain: tuple[set[str], set[str]], tmp_path: Path) -> None:
    for page in pages(hostile(payload), tmp_path):
        tags, names = shape(page)
        assert tags <= plain[0]
        assert names <= plain[1]
        for address in page.xpath("//@href|//@src|//@action"):  # type: ignore[attr-defined]
            assert address.startswith(("/", "#", "?full=1")) and not address.startswith("//"), address
        for place in page.xpath("//h1"):  # type: ignore[attr-defined]
            assert place.text_content() != "假标题"


ADDRESSES = ("/", "/search?q=科普", "/state", "/help", "/health", "/d/none", "/nowhere", "/static/gongwen.css",
             "/static/document.js", "/static/keys.js")  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_carries_the_headers(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert ("no-store" in answer.headers["Cache-Control"]) != address.startswith("/static")


@pytest.mark.parametrize("address", ["/", "/search?q=科普", "/state", "/help", "/nowhere"])
def test_pages_hold_no_script_no_style_and_no_foreign_address(client: FlaskClient, address: str) -> None:
    page = tree(client.get(address))
    assert all(one.text is None for one in page.xpath("//script"))
    assert not page.xpath("//style|//@style|//@*[starts-with(name(), 'on')]")
    assert all(one.startswith(("/", "#")) for one in page.xpath("//@href|//@src|//@action"))


def test_everything_a_page_links_to_is_there(client: FlaskClient) -> None:
    page = tree(client.get("/search"))
    for address in page.xpath("//link/@href|//script/@src"):
        with client.get(address) as answer:
            assert answer.status_code == 200, address


def test_a_foreign_host_is_refused(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "请用 http://127.0.0.1:80 打开" in answer.get_data(as_text=True)
    assert "nosniff" in answer.headers["X-Content-Type-Options"]
    assert client.get("/", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def test_an_address_opened_on_purpose_answers_to_any_host(tmp_path: Path) -> None:
    app = create_app(Settings(), papers=new_store(tmp_path, []), finder=PlainFinder([]), hosts=None)
    assert app.test_client().get("/", headers={"Host": "gongwen.example"}).status_code == 200


def test_a_bug_shows_an_id_and_nothing_of_the_inside(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    @app.get("/bug")
    def bug() -> str:
        raise ZeroDivisionError("inside /secret/path")

    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/bug")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "系统出错了" in text
    assert "secret" not in text
    number = text.split("编号 ")[1][:8]
    assert any(number in line.getMessage() and line.exc_info for line in caplog.records)


def test_errors_are_json_for_programs(client: FlaskClient) -> None:
    answer = client.get("/d/none", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"], answer.json["error"]) == (404, 404, "没有找到")
    assert "id" not in answer.json


@pytest.mark.parametrize("address", ["/nowhere", "/d/none"])
def test_what_is_not_logged_has_no_number(client: FlaskClient, address: str, caplog: pytest.LogCaptureFixture) -> None:
    text = client.get(address).get_data(as_text=True)
    assert "没有找到" in text
    assert "编号" not in text
    assert caplog.records == []


def test_methods_that_change_are_refused(client: FlaskClient) -> None:
    for address in ("/", "/search", "/state"):
        assert client.post(address, data={"q": "x"}).status_code == 405
    for address in ("/state/retry", "/state/unlock"):  # without a token
        assert client.post(address, data={"sha256": "ab" * 32}).status_code == 400


def test_the_site_imports_no_reader_no_index_library_and_no_patterns() -> None:
    for path in sorted((ROOT / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] not in {"whoosh", "regex", "re"}, path
                assert not name.startswith("ingest.readers"), path
