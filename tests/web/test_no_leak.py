"""Non-interference (reliability.md §2 no. 31): for a reader without the right, fifty hidden papers more in the corpus
change no byte of any page, count, suggestion, feed or export, whatever they are copies, versions or citers of."""

from __future__ import annotations

import copy
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import IO

import pytest
from corpus_kit import Made, fill, new_store
from flask import Flask
from flask.testing import FlaskClient
from papers_kit import corpus, county_notice, letter, plan

from gongwen.accounts.accounts import Accounts
from gongwen.acts import Review
from gongwen.cli import sights
from gongwen.cli.sights import Sights, open_sights
from gongwen.record import record_id
from gongwen.resolving import name_of
from gongwen.rulebook import load_rulebook
from gongwen.saved import SavedSearches
from gongwen.settings import Settings
from gongwen.store import Store
from index.catalogue.catalogue import open_catalogue
from index.doubt_store import open_doubts
from index.editions.ledger import open_editions
from index.sync import open_index
from ingest.accept import Accepted
from ingest.arrivals import read_arrivals
from ingest.journal import Arrival, Journal
from ingest.relations import read_relations
from ingest.standing import Standing, standings
from tests.accounts_kit import PASSWORD, quick_hashes  # noqa: F401  (a fixture)
from web.app import create_app
from web.intake import journal_arrivals, journal_intake
from web.review_desk import Nobody, ReviewDesk
from web.rights import need_of

RULES = """
- name: 内部公文
  disclosure: [不予公开]
  roles: [auditor, admin]
  units: [办公室]
"""
HIDDEN = 50
SECRET = "云州市机密工程代号白鹭"


def restricted(made: Made, number: int) -> Made:
    """The same words in a file of its own that nobody but some may see."""
    data = made.data + f"#{number}".encode()
    sha256 = hashlib.sha256(data).hexdigest()
    records = copy.deepcopy(made.reading.documents)
    for at, record in enumerate(records, 1):
        record.values |= {"id": record_id(sha256, at), "disclosure": "不予公开"}
        if number % 3 == 0:  # others are copies to the letter, other versions, or of a number that is known
            record.values["title"] = f"关于{SECRET}的通知"
            record.values["hosts"] = [*record["hosts"], "云州市白鹭工程指挥部"]
    reading = replace(made.reading, sha256=sha256, source=f"保密/{SECRET}{number}.pdf", documents=records)
    return Made(replace(made.document, sha256=sha256), reading, data)


def hidden() -> list[Made]:
    base = [plan(2021, 12), plan(2024, 12), plan(2026, 3), letter(2024), county_notice(2024, "临江县", 3)]
    base += corpus()[:5]
    return [restricted(base[at % len(base)], at) for at in range(HIDDEN)]


class Handed:
    """The journal's own inlet, for files that are there already and for new ones."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def receive(self, stream: IO[bytes], name: str) -> Accepted:
        data = stream.read()
        sha256 = hashlib.sha256(data).hexdigest()
        journal = Journal(self.store.journal)
        is_new = journal.accept(sha256, len(data), Arrival(sha256, name, "upload", "", "2026-05-01T09:00:00+08:00"))
        journal.close()
        return Accepted(sha256, len(data), is_new)

    def standings(self, shas: list[str]) -> list[Standing]:
        return standings(self.store.journal, shas)


class Served:
    """As `gongwen serve` composes it."""

    def __init__(self, root: Path, made: list[Made], rules: Path) -> None:
        self.settings = Settings(corpus=root, network_disk=True, access=rules, second_factor="none")
        self.store = new_store(root, made)
        journal = Journal(self.store.journal)
        for at, one in enumerate(made):
            seen = f"2026-05-01T08:{at // 60:02}:{at % 60:02}+08:00"
            journal.accept(one.reading.sha256, len(one.data),
                           Arrival(one.reading.sha256, one.reading.source, "inbox", "", seen))  # fmt: skip
        journal.close()
        self.index, self.catalogue = open_index(self.settings), open_catalogue(self.settings)
        self.doubts = open_doubts(self.settings)
        self.doubts.rebuild()
        self.sights = open_sights(self.settings)
        assert isinstance(self.sights, Sights)
        self.accounts = Accounts(root)
        self.app = self._app()

    def _app(self) -> Flask:
        store, settings = self.store, self.settings
        return create_app(
            settings, papers=store, finder=self.index, intake=journal_intake(store.journal),
            relations=partial(read_relations, store.journal), linked=open_editions(settings),
            catalogue=self.catalogue, arrivals=journal_arrivals(store.journal), today=lambda: date(2024, 8, 1),
            review=ReviewDesk(store, self.doubts, Nobody(self.doubts), lambda: load_rulebook(Settings())),
            aids=self.index, saved=SavedSearches(settings.corpus / "saved.db"), came=read_arrivals(store.journal),
            accounts=self.accounts, audiences=self.sights, key=b"k" * 32, inlet=Handed(store),
        )  # fmt: skip

    def browser(self, role: str, *units: str) -> FlaskClient:
        name = f"{role}{len(units)}{''.join(units)}"
        user = self.accounts.named(name) or self.accounts.make(name, role, units=units, password=PASSWORD)
        browser = self.app.test_client()
        browser.set_cookie("gongwen_form", "a" * 32)
        key = self.accounts.sessions.begin(user, "full", "127.0.0.1", self.accounts.clock())
        browser.set_cookie("gongwen_session", key)
        return browser

    def close(self) -> None:
        self.sights.close()
        self.index.close()
        self.catalogue.close()
        self.doubts.close()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader is asked to come again after some seconds; here they wait until the index of their own is there."""
    monkeypatch.setattr(sights, "PATIENCE", 600.0)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served]]:
    """(without the hidden papers, with them)."""
    root = tmp_path_factory.mktemp("leak")
    rules = root / "access.yml"
    rules.write_text(RULES, encoding="utf-8")
    seen = corpus()
    more = hidden()
    mixed = [one for pair in zip_longest(more, seen) for one in pair if one is not None]
    made = Served(root / "plain", seen, rules), Served(root / "full", mixed, rules)
    for each in made:
        each.accounts.make("admin", "admin", password=PASSWORD)
    yield made
    for one in made:
        one.close()


WORDS = ("科普", SECRET, "白鹭", "云科协字2024", "b", "单位:云州市教育局")
IDS = [record.id for one in corpus() for record in one.reading.documents]


def addresses(app: Flask) -> list[str]:
    """Every page, list, table and feed that reads, with arguments that find something and some that find nothing."""
    found = ["/", "/help", "/overview", "/overview?on=2024-08-01", "/overview/doubts", "/overview/doubts?field=title",
             "/units", "/people", "/series", "/saved", "/api", "/api/openapi.json", "/calendar", "/calendar.ics",
             "/calendar?year=2024", "/calendar.ics?year=2026", "/units/云州市科技馆", "/units/云州市白鹭工程指挥部",
             "/units/云州市科学技术协会?page=2", "/people/何立", "/review", "/review?field=title", "/review/acts",
             "/review/alike", "/state", "/upload", "/rules", "/users", "/trail", "/account", "/static/keys.js",
             "/api/v1/units", "/api/v1/units/云州市科技馆", "/api/v1/units/云州市白鹭工程指挥部", "/api/v1/people",
             "/api/v1/people/何立", "/api/v1/series", "/api/v1/calendar?year=2024", "/api/v1/calendar?year=2026",
             "/nowhere"]  # fmt: skip
    for word in WORDS:
        found += [f"/search?q={word}", f"/search?q={word}&sort=newest", f"/suggest?q={word}", f"/n/{word}",
                  f"/search.csv?q={word}", f"/search.xlsx?q={word}", f"/api/v1/search?q={word}", f"/units?q={word}",
                  f"/people?q={word}", f"/series?q={word}", f"/api/v1/units?q={word}"]  # fmt: skip
    found += ["/search?disclosure=不予公开", "/search?type=通知&year=2024", "/search?q=科普&unit=云州市科技馆"]
    for one in IDS[:4]:
        found += [f"/d/{one}", f"/d/{one}?view=text", f"/d/{one}/acts", f"/similar/{one}", f"/d/{one}/original",
                  f"/api/v1/documents/{one}", f"/api/v1/documents/{one}/original", f"/d/{one}/page/1",
                  f"/d/{one}/page/1.webp"]  # fmt: skip
    for one in hidden()[:4]:
        address = one.reading.documents[0].id
        found += [f"/d/{address}", f"/d/{address}/original", f"/similar/{address}", f"/d/{address}/acts",
                  f"/api/v1/documents/{address}", f"/d/{address}/page/1.webp"]  # fmt: skip
    return found


def answer(browser: FlaskClient, path: str, **headers: str) -> tuple[int, str, bytes]:
    """Status, type and body without what is of the session or the minute."""
    with browser.get(path, headers=headers) as got:
        body = got.data
    if got.mimetype.endswith("spreadsheetml.sheet"):
        with zipfile.ZipFile(io.BytesIO(body)) as sheet:
            body = b"".join(sheet.read(name) for name in sorted(sheet.namelist()) if "docProps" not in name)
    body = re.sub(rb'name="form_token" value="[^"]+"', b"", body)
    body = re.sub(rb"DTSTAMP:\w+", b"", body)
    body = re.sub(rb"\d{4}-\d\d-\d\d \d\d:\d\d", b"", body)  # /account: when a session was used
    return got.status_code, got.mimetype, body


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_hidden_papers_change_no_byte(both: tuple[Served, Served], role: str) -> None:
    plain, full = (one.browser(role) for one in both)
    paths = addresses(both[0].app)
    told = {"Accept": "application/json"}
    for path in paths:
        assert answer(full, path) == answer(plain, path), path
        if role == "viewer" and not path.startswith("/api/"):
            assert answer(full, path, **told) == answer(plain, path, **told), path
    assert len(paths) > 120
    assert all(plain.get(path).status_code == 200 for path in ("/search?q=科普", "/units", "/calendar.ics?year=2024"))


def test_every_route_that_tells_of_papers_was_asked(both: tuple[Served, Served]) -> None:
    """So that a page that is added is looked at too: put its address into `addresses`, or have it refused to readers
    whose sight is limited."""
    app = both[0].app
    adapter = app.url_map.bind("127.0.0.1")
    asked = set()
    for path in addresses(app):
        try:
            asked.add(adapter.match(path.partition("?")[0], method="GET")[0])
        except Exception:
            continue
    reads = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    needs = {one: need_of(app, one) for one in reads}
    tells = {one for one, need in needs.items() if need and need.scoped and need.right not in {"open", "signed"}}
    with_arguments = {"series.one", "api.one_series", "saved.feed", "review.value", "upload.state", "api.files"}
    assert tells - asked - with_arguments == set()


def test_feeds_of_saved_searches_tell_nothing(both: tuple[Served, Served]) -> None:
    bodies = []
    for one in both:
        saved = SavedSearches(one.settings.corpus / "saved.db")
        made = saved.add("白鹭", "q=白鹭", "2026-05-02T08:00:00+08:00", "viewer0")
        got = one.browser("viewer").get(f"/saved/{made.id}.atom")
        assert got.status_code == 200
        own = re.sub(rb"<id>[^<]+</id>", b"", got.data, count=1)  # of the feed: another for each search
        bodies.append(own.replace(made.id.encode(), b""))
        saved.delete(made.id)
    assert bodies[0] == bodies[1]


def test_what_was_made_for_a_group_that_is_no_more_goes(both: tuple[Served, Served]) -> None:
    full = both[1]
    full.browser("viewer").get("/")
    folders = full.settings.corpus / "sights"
    (folders / "0123456789abcdef").mkdir()
    before = {one.name for one in folders.iterdir()}
    assert full.sights is not None
    full.sights.sweep(full.accounts.all())
    assert before - {one.name for one in folders.iterdir()} == {"0123456789abcdef"}
    full.sights.purge(full.accounts.all(), 600.0)
    assert full.browser("viewer").get("/search?q=科普").status_code == 200


def test_who_has_the_right_sees_them(both: tuple[Served, Served]) -> None:
    """The same corpus for other eyes; what is hidden is there."""
    full = both[1]
    one = hidden()[3].reading.documents[0].id
    for browser in (full.browser("auditor"), full.browser("admin"), full.browser("viewer", "办公室")):
        assert browser.get(f"/d/{one}").status_code == 200
        assert SECRET in browser.get(f"/search?q={SECRET}").get_data(as_text=True)
    assert full.browser("viewer", "财务科").get(f"/d/{one}").status_code == 404


def test_a_view_that_has_not_said_that_it_is_scoped_is_refused(both: tuple[Served, Served]) -> None:
    full = both[1]
    assert full.browser("viewer").get("/state").status_code == 403
    assert full.browser("editor").get("/state").status_code == 403  # not scoped: it tells of all files
    assert full.browser("auditor").get("/state").status_code == 200


def test_a_paper_that_is_restricted_later_is_gone_at_once(tmp_path: Path) -> None:
    rules = tmp_path / "access.yml"
    rules.write_text(RULES, encoding="utf-8")
    made = corpus()
    served = Served(tmp_path / "corpus", made, rules)
    try:
        served.accounts.make("admin", "admin", password=PASSWORD)
        browser = served.browser("viewer")
        record = made[0].reading.documents[0]
        assert browser.get(f"/d/{record.id}").status_code == 200
        before = browser.get("/search", headers={"Accept": "application/json"}).get_json()["total"]
        said = Review(name_of(record), "disclosure", record["disclosure"], "不予公开", "林若溪",
                      "2026-05-02T08:00:00+08:00", part=1)  # fmt: skip
        served.store.add_review(made[0].reading.sha256, said)
        served.sights.refresh([made[0].reading.sha256])
        assert browser.get(f"/d/{record.id}").status_code == 404
        after = browser.get("/search", headers={"Accept": "application/json"}).get_json()["total"]
        assert before - after == len(made[0].reading.documents)
        fill(served.store, [letter(2031)])  # what comes in is seen when it may be
        served.sights.refresh([])
        assert browser.get("/search?q=2031", headers={"Accept": "application/json"}).get_json()["total"] == 1
    finally:
        served.close()


def test_handing_in_a_hidden_file_does_not_tell_that_it_is_there(tmp_path: Path) -> None:
    """Somebody has the file in hand and would know whether the office has it too: the answer and how it stands are
    those of a file that has just come in for the first time."""
    rules = tmp_path / "access.yml"
    rules.write_text(RULES, encoding="utf-8")
    held, told = hidden()[3], []
    for name, made in (("plain", [letter(2024)]), ("full", [letter(2024), held])):
        served = Served(tmp_path / name, made, rules)
        try:
            served.accounts.make("admin", "admin", password=PASSWORD)
            browser = served.browser("editor")
            token = re.search(r'name="form_token" value="([^"]+)"', browser.get("/upload").get_data(as_text=True))
            assert token is not None
            sent = {"form_token": token[1], "files": (io.BytesIO(held.data), "手里的.pdf")}
            answer = browser.post("/upload", data=sent, headers={"Accept": "application/json"})
            asked = browser.get(f"/upload/state?id={held.reading.sha256}")
            told.append((answer.status_code, answer.get_json(), asked.get_json()))
        finally:
            served.close()
    assert told[0] == told[1]
    assert told[0][0] == 202 and told[0][1]["files"][0]["known"] is False
    assert told[0][2]["files"][0]["name"] == "手里的.pdf"
