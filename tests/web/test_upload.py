"""Handing files in: safe on the disk when the site has answered, told of one by one, refused with a reason."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from corpus_kit import PlainFinder
from dom_kit import texts, tree
from flask import Flask
from flask.testing import FlaskClient

from gongwen.cli.compose import CorpusInlet
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from ingest.journal import Journal
from web.app import create_app

JSON = {"Accept": "application/json"}
PAPER = "云州市科学技术协会关于召开年会的通知\n各县科协：\n".encode()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings(), corpus=tmp_path / "corpus", max_file_mb=1, free_space_mb=0)


@pytest.fixture
def site(settings: Settings, store: Store, finder: PlainFinder) -> Flask:
    return create_app(settings, papers=store, finder=finder, inlet=CorpusInlet(settings))


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


def token(client: FlaskClient) -> str:
    return str(tree(client.get("/upload")).xpath("//input[@name='form_token']/@value")[0])


def send(client: FlaskClient, *files: tuple[bytes, str], headers: dict[str, str] | None = None, **form: str):
    data = {"files": [(io.BytesIO(body), name) for body, name in files], "form_token": token(client), **form}
    return client.post("/upload", data=data, headers={**JSON, **(headers or {})}, content_type="multipart/form-data")


def test_what_was_answered_is_stored_and_waits(client: FlaskClient, settings: Settings) -> None:
    answer = send(client, (PAPER, "年会通知.txt"))
    assert answer.status_code == 202
    told = answer.json["files"][0]
    assert (told["name"], told["kind"], told["text"], told["known"]) == ("年会通知.txt", "waiting", "等待读取", False)
    store = open_store(settings)
    assert store.object_path(told["sha256"]).read_bytes() == PAPER
    journal = Journal(store.journal)
    assert [row.state for row in journal.rows()] == ["stored"]
    assert [one.via for one in journal.arrivals()] == ["upload"]
    journal.close()


def test_the_same_file_twice_is_told(client: FlaskClient) -> None:
    send(client, (PAPER, "年会通知.txt"))
    told = send(client, (PAPER, "又一份.txt")).json["files"][0]
    assert told["known"] is True


def test_a_body_over_the_limit_is_not_read(site: Flask, client: FlaskClient, settings: Settings) -> None:
    assert site.config["UPLOAD_BYTES"] == 2 << 20
    site.config["UPLOAD_BYTES"] = 100 << 10
    answer = send(client, (PAPER, "甲.txt"), (b"y" * (101 << 10), "大.txt"))
    assert answer.status_code == 413
    assert answer.json["error"] == "文件或表单过大"
    assert not (settings.corpus / "objects").exists()


def test_each_file_has_its_own_answer(client: FlaskClient) -> None:
    answer = send(client, (PAPER, "甲.txt"), (b"", "空.txt"), (b"x", "~$甲.docx"))
    assert [one["kind"] for one in answer.json["files"]] == ["waiting", "refused", "refused"]
    assert answer.json["files"][1]["text"] == "文件是空的（0 字节）"


def test_nothing_accepted_is_told_apart(client: FlaskClient) -> None:
    assert send(client, (b"", "空.txt")).status_code == 200


def test_a_hostile_name_is_data(client: FlaskClient, settings: Settings) -> None:
    for name in ("../../../etc/x.txt", "x%0d%0aSet-Cookie: a=b.txt", "甲\u202e.txt"):
        answer = send(client, (PAPER + name.encode(), name))
        assert answer.status_code == 202
        assert "/" not in answer.json["files"][0]["name"]
        assert "Set-Cookie" not in answer.headers
    outside = [path for path in settings.corpus.parent.iterdir() if path != settings.corpus]
    assert outside == []


def test_folders_of_a_dropped_file_are_kept_in_its_arrival(client: FlaskClient, settings: Settings) -> None:
    send(client, (PAPER, "通知.txt"), path="2024年/来文/通知.txt")
    journal = Journal(open_store(settings).journal)
    assert [one.name for one in journal.arrivals()] == ["2024年/来文/通知.txt"]
    journal.close()


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"},
    {"Origin": "null"},
])  # fmt: skip
def test_a_form_of_another_site_is_refused(client: FlaskClient, settings: Settings, headers: dict[str, str]) -> None:
    assert send(client, (PAPER, "甲.txt"), headers=headers).status_code in {400, 403}
    assert not (settings.corpus / "objects").exists()


def test_the_page_works_without_script(client: FlaskClient) -> None:
    data = {"files": [(io.BytesIO(PAPER), "甲.txt"), (io.BytesIO(b""), "空<b>.txt")], "form_token": token(client)}
    answer = client.post("/upload", data=data, content_type="multipart/form-data")
    assert answer.status_code == 202
    page = tree(answer)
    assert texts(page, "sent-name")[:2] == ["甲.txt", "空b.txt"]
    assert texts(page, "sent-text")[0] == "等待读取"


def test_other_forms_stay_small(client: FlaskClient) -> None:
    assert client.post("/search", data={"q": "x" * (70 << 10)}).status_code in {405, 413}


def test_only_hashes_are_asked_for(client: FlaskClient) -> None:
    told = send(client, (PAPER, "甲.txt")).json["files"][0]
    asked = client.get("/upload/state", query_string={"id": ["' OR 1=1", "ab" * 32, told["sha256"]]})
    assert [one["name"] for one in asked.json["files"]] == ["甲.txt"]


def test_without_an_inlet_there_is_no_upload(store: Store, finder: PlainFinder) -> None:
    client = create_app(Settings(), papers=store, finder=finder).test_client()
    assert client.get("/upload").status_code == 404
    data = {"files": [(io.BytesIO(PAPER), "甲.txt")]}
    assert client.post("/api/v1/files", data=data).status_code == 404
    assert "/upload" not in client.get("/help").get_data(as_text=True)
