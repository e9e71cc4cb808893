"""The API: the objects of the pages, documented as they are; tokens where others may connect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import schemathesis
from corpus_kit import Made, PlainFinder
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from gongwen.cli.compose import CorpusInlet
from gongwen.errors import SettingsError
from gongwen.settings import Settings
from gongwen.store import Store
from ingest import tokens
from web.api.models import DocumentAnswer, Error, SearchAnswer
from web.app import create_app

PAPER = "云州市科学技术协会关于召开年会的通知\n各县科协：\n".encode()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus" / "journal.db"


@pytest.fixture
def guarded(store: Store, finder: PlainFinder, journal: Path) -> FlaskClient:
    """A site that others than this machine can reach."""
    return create_app(
        Settings(), papers=store, finder=finder, hosts=None, token=lambda one: tokens.holder(journal, one)
    ).test_client()


def test_answers_are_what_the_description_says(client: FlaskClient, made: list[Made]) -> None:
    found = SearchAnswer.model_validate(client.get("/api/v1/search?q=科普").json)
    assert found.total == len(found.hits) > 0
    for one in made:
        for record in one.reading.documents:
            answer = client.get(f"/api/v1/documents/{record.id}").json
            assert DocumentAnswer.model_validate(answer).document.title == record["title"]
            page = client.get(f"/d/{record.id}", headers={"Accept": "application/json"})
            assert page.json == answer


def test_pages_lead_to_each_other(client: FlaskClient) -> None:
    first = client.get("/api/v1/search").json
    seen = [one["id"] for one in first["hits"]]
    link = first["next"]
    while link:
        more = client.get(link).json
        seen += [one["id"] for one in more["hits"]]
        link = more["next"]
    assert len(seen) == len(set(seen)) == first["total"]


@pytest.mark.parametrize("query", ["page=0", "page=x", "from=2024-13-01", "sort=wild", "yera=2024", f"q={'长' * 201}"])
def test_what_cannot_be_meant_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 422
    assert query.partition("=")[0] in Error.model_validate(answer.json).error


def test_errors_are_json_for_programs_that_do_not_ask_for_it(client: FlaskClient) -> None:
    for path, code in (("/api/v1/documents/0000000000000000-1", 404), ("/api/v1/nothing", 404)):
        answer = client.get(path)
        assert answer.status_code == code
        Error.model_validate(answer.json)


def test_numbers_stay_covered(client: FlaskClient, made: list[Made]) -> None:
    for one in made:
        for record in one.reading.documents:
            covered = client.get(f"/api/v1/documents/{record.id}").get_data(as_text=True)
            page = client.get(f"/d/{record.id}", headers={"Accept": "application/json"}).get_data(as_text=True)
            assert covered == page


def test_the_page_names_every_route(client: FlaskClient) -> None:
    page = client.get("/api").get_data(as_text=True)
    for path in client.get("/api/openapi.json").json["paths"]:
        assert path in page


# --- tokens -----------------------------------------------------------------------------------------------


def test_others_need_a_token(guarded: FlaskClient, journal: Path) -> None:
    assert guarded.get("/api/v1/search").status_code == 401
    token = tokens.issue(journal, "办公系统")
    asked = {"Authorization": f"Bearer {token}"}
    assert guarded.get("/api/v1/search", headers=asked).status_code == 200
    assert tokens.revoke(journal, "办公系统")
    assert guarded.get("/api/v1/search", headers=asked).status_code == 401


@pytest.mark.parametrize("given", ["Bearer", "Bearer x", "Basic eDp5", "Bearer gw_" + "a" * 43, "Bearer gw_\udcff"])
def test_a_wrong_token_is_refused_even_where_none_is_needed(client: FlaskClient, given: str) -> None:
    answer = client.get("/api/v1/search", headers={"Authorization": given.encode("utf-8", "replace").decode()})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_is_kept_as_a_hash_only(journal: Path) -> None:
    token = tokens.issue(journal, "办公系统")
    assert token.encode() not in b"".join(path.read_bytes() for path in journal.parent.iterdir())
    assert tokens.holder(journal, token) == "办公系统"
    with pytest.raises(SettingsError):
        tokens.issue(journal, "办公系统")
    tokens.revoke(journal, "办公系统")
    assert tokens.holder(journal, tokens.issue(journal, "办公系统")) == "办公系统"
    assert [bool(one.revoked) for one in tokens.issued(journal)] == [True, False]


# --- the description tried ----------------------------------------------------------------------------------


def test_schemathesis_finds_nothing(store: Store, finder: PlainFinder, tmp_path: Path) -> None:
    corpus = replace(Settings(), corpus=tmp_path / "corpus", free_space_mb=0)
    app = create_app(corpus, papers=store, finder=finder, inlet=CorpusInlet(corpus))
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    tried = []
    for found in described.get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:
            cases = operation.as_strategy(generation_mode=mode)

            @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
            @given(cases)
            def check(case: schemathesis.Case) -> None:
                tried.append(case.operation.label)
                case.call_and_validate()

            check()
    assert len(set(tried)) == 12
