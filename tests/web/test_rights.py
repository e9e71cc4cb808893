"""Every route against every role: declared in one table, refused where nothing is declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from account_kit import ROLES, Site
from corpus_kit import Made, PlainFinder, new_store
from flask import Flask
from review_kit import Nobody, ReviewDesk
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter

from gongwen.rulebook import load_rulebook
from gongwen.saved import SavedSearches
from gongwen.settings import Settings
from index.doubt_store import open_doubts
from tests.accounts_kit import quick_hashes  # noqa: F401  (a fixture)
from web.bench import Bench
from web.rights import ALL, ENDPOINTS, FOR_TOKENS, need_of, needs, undeclared
from web.rights import ROLES as RIGHTS
from web.workshop import Workshop

JSON = {"Accept": "application/json"}
CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
REFUSED = {401, 403}


class NoDesk:
    works = False

    def original(self, sha256: str) -> None:
        return None


class EmptyCatalogue:
    """Answers nothing: what is asked here is who may ask."""

    register = None

    def ask(self, work: Any) -> Any:
        raise LookupError


def made_site(folder: Path, made: list[Made], **more: Any) -> Site:
    store = new_store(folder, made)
    doubts = open_doubts(Settings(corpus=folder, network_disk=True))
    doubts.rebuild()
    review = ReviewDesk(store, doubts, Nobody(doubts), lambda: load_rulebook(Settings()))
    found = Site(folder, [], papers=store, finder=PlainFinder(made), saved=SavedSearches(folder / "saved.db"),
                 review=review, desk=NoDesk(), **more)  # fmt: skip
    found.made = made
    found.people()
    return found


@pytest.fixture
def site(tmp_path: Path, made: list[Made]) -> Site:
    return made_site(tmp_path / "corpus", made)


@pytest.fixture
def routed(tmp_path: Path, made: list[Made]) -> Site:
    """With all routes."""
    return made_site(tmp_path / "corpus", made, catalogue=EmptyCatalogue(), auditor=unasked, gauges=unasked,
                     drafting=cast(Workshop, object()), bench=cast(Bench, object()), checker=unasked)  # fmt: skip


def unasked() -> Any:
    """Nobody gets so far: what is asked here is who may ask."""
    raise LookupError


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, a path that leads to it)."""
    out = []
    for rule in app.url_map.iter_rules():
        adapter = app.url_map.bind("127.0.0.1")
        values = {name: _value(name, converter) for name, converter in rule._converters.items()}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            out.append((rule.endpoint, method, adapter.build(rule.endpoint, values, method=method)))
    return out


def _value(name: str, converter: BaseConverter) -> object:
    match converter:
        case AnyConverter():
            return next(iter(converter.items))
        case IntegerConverter():
            return 1
        case _:
            return "x"


def test_every_route_says_what_it_needs(routed: Site) -> None:
    """A view that declares nothing is refused to everybody who signs in: declare it by `@needs(…)` or in ENDPOINTS."""
    assert undeclared(routed.app) == []


def test_the_table_names_only_rights_and_routes_there_are(routed: Site) -> None:
    assert {one.right for one in ENDPOINTS.values()} <= ALL
    assert set(ENDPOINTS) - set(routed.app.view_functions) == set()
    assert set(FOR_TOKENS) <= ALL and all(rights <= ALL for rights in RIGHTS.values())
    with pytest.raises(ValueError, match="no such right"):
        needs("everything")  # type: ignore[arg-type]


def test_a_view_that_declares_nothing_is_refused_to_all_roles(tmp_path: Path, made: list[Made]) -> None:
    site = Site(tmp_path / "corpus", made)
    site.app.add_url_rule("/forgotten", "forgotten", lambda: "everything")
    assert undeclared(site.app) == ["forgotten"]
    assert site.browser().get("/forgotten").status_code == 200  # one person at this machine
    site.people()
    assert site.browser().get("/forgotten").status_code == 302
    for role in ROLES:
        assert site.as_(role).get("/forgotten").status_code == 403


def test_nothing_but_what_is_open_answers_who_is_not_signed_in(routed: Site) -> None:
    browser = routed.browser()
    count = 0
    for endpoint, method, path in routes(routed.app):
        need = need_of(routed.app, endpoint)
        assert need is not None
        if need.right == "open":
            continue
        count += 1
        answer = browser.open(path, method=method, headers=JSON)
        assert answer.status_code in {400, 401}, (endpoint, method, answer.status_code)
        if method == "GET" and not path.startswith("/api/"):
            assert browser.get(path).headers["Location"].startswith("/signin"), endpoint
    assert count > 50


@pytest.mark.parametrize("role", ROLES)
def test_roles_and_routes(routed: Site, role: str) -> None:
    """Each of the routes answers exactly the roles that have its right. Forms are sent without a token: who has the
    right is told that the page is out of date (400), who has not that they may not."""
    browser = routed.as_(role)
    count = 0
    for endpoint, method, path in routes(routed.app):
        need = need_of(routed.app, endpoint)
        assert need is not None
        if need.right == "open" or endpoint == "signin.out" or (path.startswith("/api/") and method == "POST"):
            continue
        try:
            status = browser.open(path, method=method, headers=JSON).status_code
        except LookupError:
            status = 200  # it came as far as the catalogue
        may = need.right in RIGHTS[role]
        assert (status not in REFUSED) == may, (endpoint, method, status)
        count += 1
    assert count > 50


def test_the_auditor_changes_nothing(routed: Site) -> None:
    browser = routed.as_("auditor")
    for endpoint, method, path in routes(routed.app):
        need = need_of(routed.app, endpoint)
        assert need is not None
        if method in CHANGES and need.right not in {"open", "signed"}:
            assert browser.open(path, method=method, headers=JSON).status_code in REFUSED, endpoint


def test_nobody_can_change_the_trail(site: Site) -> None:
    assert [method for endpoint, method, _ in routes(site.app) if endpoint.startswith("trail.")] == ["GET", "GET"]


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_shows_what_leads_somewhere(site: Site, role: str) -> None:
    page = site.as_(role).get("/").get_data(as_text=True)
    assert ('href="/users"' in page) == (role == "admin")
    assert ('href="/trail"' in page) == (role in {"admin", "auditor"})
    assert ('href="/state"' in page) == (role != "viewer")
    assert ('href="/review"' in page) == (role in {"admin", "editor"})


# --- programs ---


def _token(site: Site, name: str, *rights: str) -> dict[str, str]:
    user = site.accounts.named(name)
    assert user is not None
    key = site.accounts.tokens.issue(user.id, "-".join(rights), rights, site.clock())
    return {"Authorization": f"Bearer {key}"}


def test_a_token_does_what_it_was_given_and_its_user_may(site: Site) -> None:
    browser = site.browser()
    reads, exports = _token(site, "viewer", "read"), _token(site, "viewer", "export", "upload")
    assert browser.get("/api/v1/search", headers=reads).status_code == 200
    assert browser.get("/search.csv", headers=reads).status_code == 403
    assert browser.get("/api/v1/search", headers=exports).status_code == 403
    assert browser.get("/search.csv", headers=exports).status_code == 200
    assert browser.post("/api/v1/files", headers=exports).status_code == 403  # a viewer uploads nothing
    everything = _token(site, "admin", *FOR_TOKENS)
    for path in ("/account", "/users", "/trail"):
        assert browser.get(path, headers=everything).status_code == 403


@pytest.mark.parametrize("given", ["Bearer gu_wrong", "Bearer", "Basic !!!", "Basic eDp5", "Digest a", "Bearer gw_old"])
def test_a_wrong_token_is_refused(site: Site, given: str) -> None:
    answer = site.browser().get("/api/v1/search", headers={"Authorization": given})
    assert answer.status_code == 401


def test_a_wrong_token_is_not_made_up_for_by_a_session(site: Site) -> None:
    assert site.as_("viewer").get("/api/v1/search", headers={"Authorization": "Bearer x"}).status_code == 401


def test_a_calendar_signs_in_with_the_token_as_its_password(site: Site) -> None:
    user = site.accounts.named("viewer")
    assert user is not None
    token = site.accounts.tokens.issue(user.id, "日历", ("read",), site.clock())
    assert site.browser().get("/search", auth=("viewer", token), headers=JSON).status_code == 200


def test_programs_change_things_only_at_the_interface(site: Site) -> None:
    """A session's cookie is no token: another site's page could send it along."""
    assert site.as_("editor").post("/api/v1/files").status_code == 401
    headers = _token(site, "editor", "upload")
    assert site.browser().post("/upload", headers=headers).status_code == 403


# --- numbers in full ---


def _guarded(site: Site) -> str:
    return next(
        one.reading.documents[0].id for one in site.made
        if one.reading.documents[0]["contacts"] and "13900000001" in one.document.text
    )  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_numbers_in_full_by_role_and_noted(site: Site, role: str) -> None:
    address = _guarded(site)
    browser = site.as_(role)
    may = role != "viewer"
    for path in (f"/d/{address}?full=1&view=text", f"/api/v1/documents/{address}?full=1"):
        assert ("13900000001" in browser.get(path).get_data(as_text=True)) == may, path
    assert site.acts().count((role, "unmask")) == (2 if may else 0)
    assert ("显示完整号码" in browser.get(f"/d/{address}?view=text").get_data(as_text=True)) == may


@pytest.mark.parametrize("role", ROLES)
def test_originals_that_hold_numbers_are_for_who_may_see_them(site: Site, role: str) -> None:
    browser, may = site.as_(role), role != "viewer"
    address = _guarded(site)
    for path in (f"/d/{address}/original", f"/api/v1/documents/{address}/original"):
        with browser.get(path) as answer:
            assert answer.status_code == (200 if may else 403)
    assert site.acts().count((role, "export")) == (2 if may else 0)


def test_what_is_done_is_noted_with_who_did_it(site: Site) -> None:
    browser = site.as_("editor")
    browser.get("/search.csv?q=科普")
    browser.get(f"/d/{_guarded(site)}")
    site.post(browser, "/saved", "/account", query="q=科普")
    site.as_("viewer").get("/trail")
    assert site.acts() == [
        ("editor", "signin"), ("editor", "export"), ("editor", "look"), ("editor", "change"), ("viewer", "signin"),
        ("viewer", "denied"),
    ]  # fmt: skip


def test_what_cannot_be_noted_is_not_shown(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, address = site.as_("editor"), _guarded(site)

    def full(*args: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(site.trail, "append", full)
    for path in (f"/d/{address}?full=1", "/search.csv", f"/d/{address}/original"):
        answer = browser.get(path)
        assert answer.status_code == 503 and b"13900000001" not in answer.data
    assert browser.get("/search?q=a").status_code == 200


# --- own searches ---


def test_saved_searches_are_ones_own(site: Site) -> None:
    mine, other = site.as_("viewer"), site.as_("editor")
    site.post(mine, "/saved", "/account", query="q=科普", name="我的检索")
    kept = mine.get("/saved", headers=JSON).get_json()["saved"]
    assert [one["name"] for one in kept] == ["我的检索"]
    assert other.get("/saved", headers=JSON).get_json()["saved"] == []
    assert other.get(kept[0]["feed"]).status_code == 404
    assert site.post(other, f"/saved/{kept[0]['id']}/delete").status_code == 404
