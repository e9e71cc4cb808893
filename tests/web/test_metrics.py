"""/metrics: figures, for this machine or with a token; no word of the papers."""

from __future__ import annotations

import pytest
import regex
from flask import Flask
from flask.testing import FlaskClient

from gongwen.errors import StoreError
from gongwen.settings import Settings
from ingest.gauges import Gauges, read_gauges
from tests.ingest_kit import run_ingest, write_files
from web.app import create_app

_LINE = regex.compile(r"(# (HELP|TYPE) .+|[a-z_]+(\{[a-z]+=\"[^\"\n]*\"(,[a-z]+=\"[^\"\n]*\")*\})? -?[0-9.e+]+)")


def counted() -> Gauges:
    return Gauges({"indexed": 20, "extracted": 3, "quarantined": 2}, {"password": 1, "zip_bad": 1}, 5 << 30, 9 << 30)


@pytest.fixture
def site(store, finder) -> Flask:
    return create_app(
        Settings(), papers=store, finder=finder, gauges=counted,
        token={"gw_right": "监控"}.get,
    )  # fmt: skip


@pytest.fixture
def probe(site: Flask) -> FlaskClient:
    return site.test_client()


def figures(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    lines = answer.text.splitlines()
    assert [line for line in lines if not _LINE.fullmatch(line)] == []
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_the_figures_of_the_corpus(probe: FlaskClient, made):
    found = figures(probe)
    assert found["gongwen_documents"] == sum(len(one.reading.documents) for one in made)
    assert found['gongwen_files{state="extracted"}'] == found["gongwen_index_lag_files"] == 3
    assert found['gongwen_files_by_reason{reason="password"}'] == 1
    assert found["gongwen_disk_free_bytes"] == 5 << 30


def test_requests_are_counted_by_route_and_not_by_what_was_typed(probe: FlaskClient):
    for word in ("甲", "乙\n", "丙\"}"):
        probe.get("/search", query_string={"q": word})
    probe.get("/d/0123456789abcdef-1")
    probe.get("/nowhere/甲")
    found = figures(probe)
    assert found['gongwen_requests_total{method="GET",route="/search",status="200"}'] == 3
    assert found['gongwen_request_seconds_count{route="/search"}'] == 3
    assert found['gongwen_request_seconds_bucket{route="/search",le="+Inf"}'] == 3
    assert found['gongwen_requests_total{method="GET",route="none",status="404"}'] == 1
    assert not any("甲" in name for name in found)


@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "192.0.2.7", 403),
        ({}, "", 403),
        ({"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1", 403),
        ({"Forwarded": "for=127.0.0.1"}, "127.0.0.1", 403),
        ({"X-Forwarded-For": "127.0.0.1"}, "192.0.2.7", 403),
        ({"Authorization": "Bearer gw_right"}, "192.0.2.7", 200),
        ({"Authorization": "Bearer gw_wrong"}, "192.0.2.7", 403),
        ({"Authorization": "Basic gw_right"}, "192.0.2.7", 403),
    ],
)
def test_who_may_ask(probe: FlaskClient, headers: dict[str, str], address: str, status: int):
    answer = probe.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert ("gongwen_documents" in answer.text) == (status == 200)


def test_a_journal_that_cannot_be_read_is_a_figure_too(store, finder):
    def broken() -> Gauges:
        raise StoreError("x")

    client = create_app(Settings(), papers=store, finder=finder, gauges=broken).test_client()
    assert figures(client)["gongwen_journal_up"] == 0


def test_without_gauges_there_is_no_such_page(client: FlaskClient):
    assert client.get("/metrics").status_code == 404


def test_the_gauges_of_a_real_journal(tmp_path):
    from gongwen.store import Store

    store = Store(tmp_path / "corpus")
    store.create()
    assert read_gauges(store.root).states == {}
    write_files(tmp_path / "papers", 4)
    (tmp_path / "papers" / "坏.txt").write_text("!password", encoding="utf-8")
    run_ingest(store, tmp_path / "papers")
    found = read_gauges(store.root)
    assert found.states == {"indexed": 4, "needs_password": 1}
    assert found.reasons == {"password": 1}
    assert 0 < found.disk_free_bytes <= found.disk_bytes
