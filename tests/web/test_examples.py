"""Every search the site offers to try finds something in the made-up sample papers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dom_kit import tree
from flask.testing import FlaskClient

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.record import Reading
from gongwen.rulebook import load_rulebook
from gongwen.settings import ROOT, Settings
from gongwen.store import Store
from index.sync import open_index
from ingest.sandbox import read_many
from web.app import create_app
from web.examples import HINTS

SAMPLE = ROOT / "corpus" / "sample"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The site over the sample as ingest reads it."""
    settings = Settings(corpus=tmp_path_factory.mktemp("sample"), network_disk=True)
    store = Store(settings.corpus, network_disk=True)
    store.create()
    rules = load_rulebook(settings)
    paths = sorted(path for path in SAMPLE.iterdir() if path.is_file() and path.suffix not in {".yaml", ".yml"})
    for path, found in read_many(paths, workers=2):
        assert isinstance(found, Document), path
        store.put_text(found)
        records = extract(found, rules)
        store.put_reading(Reading(path.name, found.sha256, found.media_type, found.complete, [], records))
    index = open_index(settings)
    yield create_app(settings, papers=store, finder=index).test_client()
    index.close()


@pytest.mark.parametrize("address", ["/", "/help"])
def test_every_example_finds_something(site: FlaskClient, address: str) -> None:
    links = tree(site.get(address)).xpath("//main//a[starts-with(@href, '/search?q=')]/@href")
    assert len(links) >= 5
    for link in links:
        told = site.get(link, headers={"Accept": "application/json"}).json
        assert told["total"], link
        assert told["exact"], link


IN_PASSING = ("2024年45号", "2020年9月前", "科普日 不含 总结", "主办:市科协", "责任:市科协")
"""Named in the explanations of the help."""


@pytest.mark.parametrize("hint", [*HINTS, *IN_PASSING])
def test_what_is_hinted_at_in_passing_finds_something_too(site: FlaskClient, hint: str) -> None:
    assert site.get("/search", query_string={"q": hint}, headers={"Accept": "application/json"}).json["total"]


def test_only_fields_are_answered_with_first_words(site: FlaskClient) -> None:
    told = site.get("/search", query_string={"q": "类型:函"}, headers={"Accept": "application/json"}).json
    assert all(len(hit["snippets"]) == 1 and not hit["snippets"][0].startswith("…") for hit in told["hits"])
