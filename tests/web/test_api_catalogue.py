"""The API of units, persons, series and the calendar: the objects of the pages, as they are described."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import pytest
import schemathesis
from corpus_kit import Made, PlainFinder, new_store
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from gongwen.settings import Settings
from index.catalogue.catalogue import open_catalogue
from web.api.catalogue_models import (
    CalendarAnswer,
    NamesAnswer,
    PersonAnswer,
    SeriesAnswer,
    SeriesListAnswer,
    UnitAnswer,
)
from web.app import create_app

OFFICE = "云州市科学技术协会"
JSON = {"Accept": "application/json"}
MODELS = {
    "/units": NamesAnswer, f"/units/{OFFICE}": UnitAnswer, f"/units/{OFFICE}?role=lead&year=2022": UnitAnswer,
    "/people": NamesAnswer, "/people/周明远": PersonAnswer, "/series": SeriesListAnswer,
    "/calendar?year=2024": CalendarAnswer, f"/calendar?year=2024&month=8&unit={OFFICE}": CalendarAnswer,
}  # fmt: skip


@pytest.fixture(scope="module")
def browsed(made: list[Made], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    corpus = Settings(corpus=tmp_path_factory.mktemp("facts"), network_disk=True)
    store = new_store(corpus.corpus, made)
    catalogue = open_catalogue(corpus)
    yield create_app(
        corpus, papers=store, finder=PlainFinder(made), catalogue=catalogue, today=lambda: date(2024, 5, 20)
    )
    catalogue.close()


@pytest.fixture(scope="module")
def facts(browsed: Flask) -> FlaskClient:
    return browsed.test_client()


@pytest.mark.parametrize("address", MODELS)
def test_answers_are_those_of_the_pages_and_as_described(facts: FlaskClient, address: str):
    answer = facts.get(f"/api/v1{address}").json
    MODELS[address].model_validate(answer)
    page = facts.get(address, headers=JSON).json
    assert page
    assert {key: value for key, value in answer.items() if key not in {"pages", "next"}} == page
    assert answer.get("rows") or answer.get("papers")


def test_a_series_is_reached_from_the_list(facts: FlaskClient):
    keys = [one["key"] for one in facts.get("/api/v1/series").json["rows"]]
    for key in keys:
        SeriesAnswer.model_validate(facts.get(f"/api/v1/series/{key}").json)
    assert len(keys) > 1


def test_pages_lead_to_each_other(facts: FlaskClient):
    first = facts.get(f"/api/v1/units/{OFFICE}?derived=0").json
    rows, link = first["rows"], first["next"]
    while link:
        assert "derived=0" in link
        more = facts.get(link).json
        rows, link = rows + more["rows"], more["next"]
    assert len(rows) == first["total"] > 0
    assert not any(one["derived"] for one in rows)


@pytest.mark.parametrize(
    "address", ["/units?page=0", "/units?name=x", f"/units/{OFFICE}?role=boss", "/calendar?month=13", "/series/xyz"]
)
def test_what_cannot_be_meant_is_refused(facts: FlaskClient, address: str):
    assert facts.get(f"/api/v1{quote(address, safe='/?=&')}").status_code == 422


def test_what_is_not_there_is_told(facts: FlaskClient, client: FlaskClient):
    for asked in ("/units/没有的单位", "/people/查无此人", "/series/0000000000000000"):
        assert facts.get(f"/api/v1{asked}").json["code"] == 404
    assert client.get("/api/v1/units").json["code"] == 404, "a site without a catalogue"


def test_others_need_a_token(made: list[Made], browsed: Flask):
    paths = [path for path in browsed.test_client().get("/api/openapi.json").json["paths"] if "units" in path]
    assert len(paths) == 2
    guarded = create_app(Settings(), papers=browsed.extensions["gongwen"].papers, finder=PlainFinder(made), hosts=None)
    assert guarded.test_client().get("/api/v1/units").status_code == 401


def test_schemathesis_finds_nothing(browsed: Flask):
    tried = set()
    for found in schemathesis.openapi.from_wsgi("/api/openapi.json", browsed).get_all_operations():
        operation = found.ok()
        if "浏览" not in operation.definition.raw["tags"]:
            continue
        for mode in schemathesis.GenerationMode:

            @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
            @given(operation.as_strategy(generation_mode=mode))
            def check(case: schemathesis.Case) -> None:
                tried.add(case.operation.label)
                case.call_and_validate()

            check()
    assert len(tried) == 7
