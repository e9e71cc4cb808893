"""Nothing anyone wrote becomes an element of a page over the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from corpus_kit import Made, PlainFinder, make, new_store
from dom_kit import tree
from test_site_safety import PAYLOADS, shape

from gongwen.settings import Settings
from index.catalogue.catalogue import open_catalogue
from ingest.journal import Arrival
from web.app import create_app

DAY = "2024-09-10"


def hostile(payload: str, year: int) -> Made:
    """A payload in every place the catalogue takes words from."""
    row = {"group": payload, "title": payload, "detail": payload, "lead": [payload], "responsible": [payload],
           "cooperate": [], "time": {"text": payload, "start": DAY, "end": DAY, "precision": "day"}}  # fmt: skip
    return make(
        f"收件/{payload}{year}.pdf",
        f"⟦title|关于做好{payload}工作的通知⟧\n⟦document_number|{payload}{year}⟧\n"
        f"⟦issuers/0|{payload}⟧\n⟦addressees/0|{payload}⟧",
        extra={
            "issue_date": f"{year}-09-01", "theme": payload, "hosts": [payload], "tasks": [row],
            "activities": [row | {"hosts": [payload], "location": payload}],
            "leading_group": [{"group": payload, "role": payload, "name": payload, "post": payload}],
            "contacts": [{"name": payload, "unit": payload}], "signatory": payload,
            "deadlines": [{"date": f"{year}-09-10", "text": payload, "who": [payload], "action": payload, "to": payload,
                           "recurrence": payload, "kind": payload}],
            "citations": [{"title": payload, "document_number": payload, "relation": payload, "alias": payload}],
            "units": {payload: payload},
        },
        issues=[(payload.replace("/", ""), payload)],
    )  # fmt: skip


def pages(payload: str, folder: Path) -> list[Any]:
    made = [hostile(payload, 2023), hostile(payload, 2024)]
    settings = Settings(corpus=folder, network_disk=True, office=payload)
    catalogue = open_catalogue(settings)
    arrivals = [Arrival(one.reading.sha256, payload, payload, payload, payload) for one in made]
    app = create_app(
        settings, papers=new_store(folder, made), finder=PlainFinder(made), catalogue=catalogue,
        arrivals=lambda limit: arrivals,
    )  # fmt: skip
    client = app.test_client()
    name = quote(payload, safe="")
    field = made[0].reading.documents[0].issues[0].field
    found = [
        client.get("/units"), client.get(f"/units?q={name}"), client.get(f"/people?q={name}"), client.get("/series"),
        client.get(f"/people/{name}"), client.get("/calendar?year=2024"), client.get("/overview?on=2024-09-01"),
        client.get(f"/calendar?unit={name}"), client.get(f"/overview/doubts?field={quote(field)}"),
        client.get(f"/d/{made[1].reading.documents[0].id}"), client.get(f"/series?q={name}"),
    ]  # fmt: skip
    links = [link for page in (tree(found[0]), tree(found[3])) for link in page.xpath("//table//a/@href")]
    found += [client.get(link) for link in links]
    catalogue.close()
    assert [one.status_code for one in found] == [200] * len(found)
    assert len(links) >= 2
    return [tree(one) for one in found]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    tags: set[str] = set()
    names: set[str] = set()
    for page in pages("无害", tmp_path_factory.mktemp("plain")):
        found = shape(page)
        tags |= found[0]
        names |= found[1]
    return tags, names


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_becomes_an_element(payload: str, plain: tuple[set[str], set[str]], tmp_path: Path) -> None:
    for page in pages(payload, tmp_path):
        tags, names = shape(page)
        assert tags <= plain[0]
        assert names <= plain[1]
        for address in page.xpath("//@href|//@src|//@action"):
            assert address.startswith(("/", "#", "?full=1")) and not address.startswith("//"), address
        assert all(place.text_content() != "假标题" for place in page.xpath("//h1"))
