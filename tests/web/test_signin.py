"""Signing in: what gets in, what does not, and what both are told. The probes of reliability.md §4 among them."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from account_kit import Site, code
from corpus_kit import Made
from dom_kit import tree

from tests.accounts_kit import OTHER, PASSWORD, quick_hashes  # noqa: F401  (a fixture)
from web.proxied import behind

JSON = {"Accept": "application/json"}


@pytest.fixture
def site(tmp_path: Path, made: list[Made]) -> Site:
    found = Site(tmp_path / "corpus", made)
    found.people()
    return found


def test_without_users_everything_is_as_it_was(tmp_path: Path, made: list[Made]) -> None:
    browser = Site(tmp_path / "corpus", made).browser()
    assert browser.get("/").status_code == 200
    assert browser.get("/signin").status_code == 404
    assert browser.get("/users").status_code == 404
    assert browser.get("/trail").status_code == 404
    assert not (tmp_path / "corpus" / "users.db").exists()


def test_the_first_administrator_is_made_by_the_link_alone(tmp_path: Path, made: list[Made]) -> None:
    site = Site(tmp_path / "corpus", made)
    browser = site.browser()
    assert browser.get("/setup/guess").status_code == 404
    path = f"/setup/{site.accounts.link(None)}"
    fields = {"name": "Lin", "shown": "林若溪", "password": PASSWORD, "again": OTHER}
    assert site.post(browser, path, path, **fields).status_code == 422
    assert site.post(browser, path, path, **fields | {"again": PASSWORD}).status_code == 303
    assert "林若溪" in browser.get("/").get_data(as_text=True)
    assert site.browser().get("/").status_code == 302
    assert browser.get(path).status_code == 404
    assert ("lin", "setup") in site.acts()


def test_a_site_open_to_others_does_nothing_before_that(tmp_path: Path, made: list[Made]) -> None:
    site = Site(tmp_path / "corpus", made, hosts=None)
    browser = site.browser()
    for path in ("/", "/search?q=a", "/signin", "/state", "/api/v1/search"):
        assert browser.get(path).status_code == 403, path
    assert browser.get(f"/setup/{site.accounts.link(None)}").status_code == 200


def test_who_is_not_signed_in_is_led_to_the_form_and_back(site: Site) -> None:
    browser = site.browser()
    answer = browser.get("/search?q=科普&year=2024")
    where = urlsplit(answer.headers["Location"])
    assert (answer.status_code, where.path) == (302, "/signin")
    form = tree(browser.get(answer.headers["Location"]))
    wanted = form.xpath("//input[@name='next']/@value")[0]
    answer = site.sign_in("viewer", browser=browser, next=wanted)
    assert answer.headers["Location"].startswith("/search?q=")
    assert browser.get(answer.headers["Location"]).status_code == 200
    assert browser.get("/search", headers=JSON).status_code == 200
    assert site.browser().get("/search", headers=JSON).status_code == 401


@pytest.mark.parametrize("where", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1", "x"])
def test_signing_in_leads_to_no_other_site(site: Site, where: str) -> None:
    assert site.sign_in("viewer", next=where).headers["Location"] == "/"


def test_a_wrong_name_and_a_wrong_password_are_told_the_same(site: Site) -> None:
    site.accounts.make("gone", "viewer", password=PASSWORD)
    site.accounts.change(site.accounts.named("gone").id, disabled=True)  # type: ignore[union-attr]
    told = set()
    for name, password in (("viewer", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD)):
        answer = site.sign_in(name, password)
        told.add((answer.status_code, answer.get_data(as_text=True).replace(name, "")))
    pages = {(status, tree_text(page)) for status, page in told}
    assert len(pages) == 1 and pages.pop()[0] == 401


def tree_text(page: str) -> str:
    """Without the token of the form, which is another for each browser."""
    return re.sub(r'name="form_token" value="[^"]+"', "", page)


@pytest.mark.parametrize("name", ["viewer", "nobody"])
def test_who_tries_many_passwords_is_locked_out(site: Site, name: str) -> None:
    """Probe: brute force. An address that is only said to be another one does not help."""
    browser = site.browser()
    token = site.token(browser)
    codes = []
    for at in range(12):
        answer = browser.post("/signin", data={"form_token": token, "name": name, "password": f"guess {at}"},
                              headers={"X-Forwarded-For": f"10.0.0.{at}"})  # fmt: skip
        codes.append(answer.status_code)
    assert codes[:4] == [401] * 4 and set(codes[4:]) == {429}
    assert int(answer.headers["Retry-After"]) > 0
    assert site.sign_in(name).status_code == 429  # even the right one is not looked at


def test_the_session_that_was_saved_before_signing_out_is_worth_nothing(site: Site) -> None:
    """Probe: a stolen cookie (reliability.md §1 no. 11)."""
    browser = site.as_("viewer")
    kept = browser.get_cookie("gongwen_session")
    assert kept is not None
    site.post(browser, "/signout")
    thief = site.browser()
    thief.set_cookie("gongwen_session", kept.value)
    assert thief.get("/").status_code == 302
    assert site.acts()[-1] == ("viewer", "signout")


def test_a_session_that_somebody_planted_is_not_taken_over(site: Site) -> None:
    """Probe: session fixation."""
    browser = site.browser()
    browser.set_cookie("gongwen_session", "planted")
    site.sign_in("viewer", browser=browser)
    cookie = browser.get_cookie("gongwen_session")
    assert cookie is not None and cookie.value != "planted" and len(cookie.value) > 40
    before = cookie.value
    site.sign_in("viewer", browser=browser)
    thief = site.browser()
    thief.set_cookie("gongwen_session", before)
    assert thief.get("/").status_code == 302


def test_cookies_are_kept_from_scripts_and_from_other_sites(site: Site) -> None:
    answer = site.sign_in("viewer")
    plain = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("gongwen_session="))
    assert "HttpOnly" in plain and "SameSite=Lax" in plain and "Domain" not in plain
    browser = site.app.test_client()
    with_tls = {"base_url": "https://localhost"}
    token = tree(browser.get("/signin", **with_tls)).xpath("//input[@name='form_token']/@value")[0]
    answer = browser.post("/signin", data={"form_token": token, "name": "viewer", "password": PASSWORD}, **with_tls)
    safe = next(one for one in answer.headers.getlist("Set-Cookie") if "gongwen_session" in one)
    assert safe.startswith("__Host-gongwen_session=") and "Secure" in safe and "Path=/" in safe
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Strict-Transport-Security" not in site.browser().get("/signin").headers


def test_what_a_request_says_of_its_address_is_believed_of_proxies_only(site: Site) -> None:
    """Probe: forged X-Forwarded-For. With one proxy the last address counts, which that proxy has written."""
    forged = {"X-Forwarded-For": "10.9.9.9, 10.0.0.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "localhost"}
    assert not site.browser().get("/signin", headers=forged).headers.get("Strict-Transport-Security")
    behind(site.app, 1)
    browser = site.browser()
    page = browser.get("/signin", headers=forged)
    assert page.headers["Strict-Transport-Security"]
    token = tree(page).xpath("//input[@name='form_token']/@value")[0]
    fields = {"form_token": token, "name": "viewer", "password": PASSWORD}
    answer = browser.post("/signin", data=fields, headers=forged, base_url="https://localhost")
    assert answer.status_code == 303
    assert next(site.trail.entries()).where == "10.0.0.7"
    evil = forged | {"X-Forwarded-Host": "evil.example"}
    assert browser.get("/signin", headers=evil).status_code == 400


def test_forms_carry_a_token_of_the_session(site: Site) -> None:
    """Probe: a form from another site, and one made before somebody signed in."""
    browser = site.browser()
    before = site.token(browser)
    site.sign_in("viewer", browser=browser)
    assert browser.post("/signout").status_code == 400
    assert browser.post("/signout", data={"form_token": before}).status_code == 400
    foreign = {"Origin": "https://evil.example"}
    good = site.token(browser, "/account")
    assert browser.post("/signout", data={"form_token": good}, headers=foreign).status_code == 400
    assert browser.get("/").status_code == 200
    assert browser.post("/signin", data={"name": "viewer", "password": PASSWORD}).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example"])
def test_a_forged_host_is_refused(site: Site, host: str) -> None:
    """Probe: a foreign page that asks through a browser (DNS rebinding)."""
    assert site.as_("viewer").get("/", headers={"Host": host}).status_code == 400


def test_sessions_end_by_themselves(site: Site) -> None:
    browser = site.as_("viewer")
    site.clock.now += 29 * 60
    assert browser.get("/").status_code == 200
    site.clock.now += 31 * 60
    assert browser.get("/").status_code == 302


def test_a_new_password_ends_the_other_sessions(site: Site) -> None:
    here, there = site.as_("viewer"), site.as_("viewer")
    fields = {"old": PASSWORD, "password": OTHER, "again": OTHER}
    assert site.post(here, "/account/password", **fields | {"old": "wrong"}).status_code == 422
    assert site.post(here, "/account/password", **fields).status_code == 303
    assert here.get("/").status_code == 200 and there.get("/").status_code == 302
    assert site.sign_in("viewer").status_code == 401
    assert site.sign_in("viewer", OTHER).status_code == 303


def test_an_administrator_must_have_a_second_factor(tmp_path: Path, made: list[Made]) -> None:
    site = Site(tmp_path / "corpus", made, second="admin")
    site.people()
    assert site.as_("viewer").get("/").status_code == 200
    browser = site.browser()
    assert site.sign_in("admin", browser=browser).headers["Location"] == "/account/second"
    for path in ("/", "/users", "/trail", "/account", "/search?q=a"):
        assert browser.get(path).headers["Location"] == "/account/second", path
    assert browser.get("/search", headers=JSON).status_code == 401
    page = tree(browser.get("/account/second"))
    assert page.xpath("//img[@class='square']/@src")[0].startswith("data:image/svg+xml")
    secret = page.xpath("//code[@class='secret']/text()")[0]
    fields = {name: page.xpath(f"//input[@name='{name}']/@value")[0] for name in ("kept", "form_token")}
    assert browser.post("/account/second", data=fields | {"code": "12345"}).status_code == 422
    done = browser.post("/account/second", data=fields | {"code": code(secret, site.clock)})
    paper = tree(done).xpath("//ul[@class='paper-codes']/li/text()")
    assert len(paper) == 10 and browser.get("/users").status_code == 200
    assert_second_is_asked(site, secret, paper)


def assert_second_is_asked(site: Site, secret: str, paper: list[str]) -> None:
    browser = site.browser()
    assert site.sign_in("admin", browser=browser).headers["Location"].startswith("/signin/second")
    half = browser.get_cookie("gongwen_session")
    assert half is not None
    assert browser.get("/users").status_code == 302  # the password alone opens nothing
    assert site.post(browser, "/signin/second", "/signin/second", code="000").status_code == 401
    site.clock.now += 30
    now = code(secret, site.clock)
    assert site.post(browser, "/signin/second", "/signin/second", code=now).status_code == 303
    assert browser.get("/users").status_code == 200
    full = browser.get_cookie("gongwen_session")
    assert full is not None and full.value != half.value
    other = site.browser()
    site.sign_in("admin", browser=other)
    assert site.post(other, "/signin/second", "/signin/second", code=now).status_code == 401  # used
    assert site.post(other, "/signin/second", "/signin/second", code=paper[0]).status_code == 303


def test_nobody_enrols_with_a_secret_of_their_own_choice(tmp_path: Path, made: list[Made]) -> None:
    site = Site(tmp_path / "corpus", made, second="all")
    site.people()
    browser = site.browser()
    site.sign_in("viewer", browser=browser)
    chosen = "A" * 32
    fields = {"kept": f"{chosen}.forged.signature", "code": code(chosen, site.clock)}
    assert site.post(browser, "/account/second", "/account/second", **fields).status_code == 200
    assert not site.accounts.named("viewer").has_second  # type: ignore[union-attr]


def test_a_link_lets_in_who_forgot_the_password(site: Site) -> None:
    admin, viewer = site.as_("admin"), site.accounts.named("viewer")
    assert viewer is not None
    page = tree(site.post(admin, f"/users/{viewer.id}/link", "/users"))
    path = urlsplit(page.xpath("//code[@class='secret']/text()")[0]).path
    browser = site.browser()
    assert site.post(browser, path, path, password=OTHER, again=OTHER).status_code == 303
    assert browser.get(path).status_code == 404
    assert site.sign_in("viewer", OTHER).status_code == 303
    assert ("admin", "user.link") in site.acts() and ("viewer", "password") in site.acts()


def test_an_administrator_makes_and_disables_users(site: Site) -> None:
    admin = site.as_("admin")
    fields = {"name": "zhou", "shown": "周明远", "role": "editor", "units": "云州市科协，办公室", "via": "local"}
    page = tree(site.post(admin, "/users", "/users", **fields))
    path = urlsplit(page.xpath("//code[@class='secret']/text()")[0]).path
    assert site.post(site.browser(), path, path, password=PASSWORD, again=PASSWORD).status_code == 303
    user = site.accounts.named("zhou")
    assert user is not None and user.units == ("云州市科协", "办公室")
    browser = site.as_("zhou")
    site.post(admin, f"/users/{user.id}", "/users", act="disable")
    assert browser.get("/").status_code == 302
    assert site.sign_in("zhou").status_code == 401
    assert site.post(admin, "/users", "/users", **fields).status_code == 422
    mine = site.accounts.named("admin")
    assert mine is not None
    assert site.post(admin, f"/users/{mine.id}", "/users", act="disable").status_code == 422


def test_what_happened_is_in_the_trail_without_secrets(site: Site) -> None:
    site.sign_in("viewer", "my wrong secret")
    site.sign_in("nobody-my secret", "x")
    site.as_("viewer")
    assert site.acts() == [("viewer", "signin.failed"), ("", "signin.failed"), ("viewer", "signin")]
    assert b"secret" not in site.trail.path.read_bytes()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a" * 5000, "\0", "\ud800", "' OR 1=1 --"])
def test_strange_names_are_only_wrong(site: Site, name: str) -> None:
    answer = site.sign_in(name.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "x")
    assert answer.status_code == 401
    assert "<script>alert" not in answer.get_data(as_text=True)
