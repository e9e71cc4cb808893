"""More requests than anybody makes by hand are refused for a while, by account and by address."""

from __future__ import annotations

from pathlib import Path

import pytest
from account_kit import Site
from corpus_kit import Made
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from gongwen.errors import SettingsError
from gongwen.settings import Settings, load_settings
from tests.accounts_kit import quick_hashes  # noqa: F401  (a fixture)
from web import limits
from web.app import create_app
from web.limits import A_MINUTE, BEHIND_ADDRESS, Limits, read_limits


class Turned:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def limited(app: Flask, **a_minute: int) -> Turned:
    clock = Turned()
    app.extensions["gongwen.limits"] = Limits(a_minute, clock)
    return clock


@pytest.fixture
def site(tmp_path: Path, made: list[Made]) -> Site:
    found = Site(tmp_path / "corpus", made)
    found.people()
    return found


def test_a_bucket_empties_and_fills() -> None:
    clock = Turned()
    held = Limits({"search": 6}, clock)
    assert [held.take("a", "search") for _ in range(6)] == [0.0] * 6
    assert held.take("a", "search") == pytest.approx(10.0)
    assert held.take("b", "search") == held.take("a", "export") == 0.0
    clock.now += 9.0
    assert held.take("a", "search") == pytest.approx(1.0)
    clock.now += 1.0
    assert held.take("a", "search") == 0.0
    clock.now += 3600.0
    assert [held.take("a", "search") > 0 for _ in range(7)] == [False] * 6 + [True]


@given(st.lists(st.floats(0, 30), max_size=60))
def test_no_minute_sees_more_than_twice_the_rate(pauses: list[float]) -> None:
    """What lies in the bucket and what runs in meanwhile."""
    clock = Turned()
    held, granted = Limits({"search": 5}, clock), []
    for pause in pauses:
        clock.now += pause
        if not held.take("a", "search"):
            granted.append(clock.now)
    assert all(sum(start <= at < start + 60 for at in granted) <= 10 for start in granted)


def test_addresses_without_end_take_no_memory_without_end() -> None:
    held = Limits({"all": 5}, Turned())
    for at in range(50_000):
        held.take(str(at), "all")
    assert len(held._buckets) == limits._MOST_BUCKETS


def test_an_account_that_asks_too_fast_is_told_to_wait(site: Site) -> None:
    viewer, editor = site.as_("viewer"), site.as_("editor")
    clock = limited(site.app, search=2)
    assert [viewer.get("/search?q=科普").status_code for _ in range(3)] == [200, 200, 429]
    told = viewer.get("/search?q=科普")
    assert told.headers["Retry-After"] == "30"
    assert "请求太快了" in told.text and "请稍等 30 秒再试" in told.text and "<nav" in told.text
    program = viewer.get("/api/v1/search?q=科普")
    assert program.status_code == 429 and program.json["code"] == 429 and program.headers["Retry-After"] == "30"
    assert viewer.get("/help").status_code == editor.get("/search?q=科普").status_code == 200
    clock.now += 30.0
    assert viewer.get("/search?q=科普").status_code == 200
    assert site.as_("viewer").get("/search?q=科普").status_code == 429, "a new session is the same account"


def test_a_token_counts_for_its_user(site: Site) -> None:
    user = site.accounts.named("viewer")
    assert user is not None
    tokens = [site.accounts.tokens.issue(user.id, name, ("read",), site.clock()) for name in ("甲", "乙")]
    limited(site.app, search=2)
    codes = [site.browser().get("/api/v1/search?q=a", headers={"Authorization": f"Bearer {one}"}).status_code
             for one in (*tokens, *tokens)]  # fmt: skip
    assert codes == [200, 200, 429, 429]


def test_who_is_not_signed_in_is_counted_by_address(site: Site) -> None:
    limited(site.app, all=1)
    browser = site.browser()
    codes = [browser.get("/signin").status_code for _ in range(BEHIND_ADDRESS + 1)]
    assert codes == [200] * BEHIND_ADDRESS + [429]
    assert browser.get("/search").status_code == 429, "before anybody asks who it is"
    with browser.get("/static/keys.js") as static:
        assert browser.get("/health").status_code == static.status_code == 200
    other = {"REMOTE_ADDR": "10.0.0.9"}
    assert browser.get("/signin", environ_overrides=other).status_code == 200
    six = [browser.get("/signin", environ_overrides={"REMOTE_ADDR": f"2001:db8::{at:x}"}).status_code
           for at in range(1, BEHIND_ADDRESS + 2)]  # fmt: skip
    assert six[-1] == 429, "one line of the new kind has many addresses"


def test_a_forged_address_gets_around_nothing(site: Site) -> None:
    limited(site.app, all=1)
    codes = [site.browser().get("/signin", headers={"X-Forwarded-For": f"10.0.0.{at}"}).status_code for at in range(40)]
    assert codes.count(429) == 10


def test_thirty_people_behind_one_address_never_meet_them(site: Site) -> None:
    """Each clicks once a second for three minutes, every other time on a search, and takes a table each minute."""
    clock = Turned()
    site.app.extensions["gongwen.limits"] = held = Limits(A_MINUTE, clock)
    waits = []
    for second in range(180):
        clock.now += 1.0
        for person in map(str, range(BEHIND_ADDRESS)):
            waits += [held.take("10.0.0.1", "all", people=BEHIND_ADDRESS), held.take(person, "all")]
            waits += [held.take(person, "search" if second % 2 else "pictures")]
            waits += [held.take(person, "export")] if second % 60 == 0 else []
    assert not any(waits)


def test_by_setting(tmp_path: Path, made: list[Made], store, finder) -> None:
    app = create_app(Settings(limits="search 0, export 1"), papers=store, finder=finder)
    assert app.extensions["gongwen.limits"].a_minute == {**A_MINUTE, "search": 0, "export": 1}
    client = app.test_client()
    codes = [client.get("/search.csv?q=科普").status_code for _ in range(BEHIND_ADDRESS + 1)]
    assert codes == [200] * BEHIND_ADDRESS + [429]
    off = create_app(Settings(limits="off"), papers=store, finder=finder)
    assert off.extensions["gongwen.limits"].a_minute == {}
    assert load_settings({"GONGWEN_LIMITS": "off"}, tmp_path).limits == "off"


@pytest.mark.parametrize("told", ["search", "search -1", "search １", "sreach 5", "search 5 6"])
def test_a_setting_that_says_nothing_is_refused(told: str, store, finder) -> None:
    with pytest.raises(SettingsError, match="limits"):
        create_app(Settings(limits=told), papers=store, finder=finder)
    assert read_limits("") == A_MINUTE


def test_every_kind_names_views_that_are_there(site: Site) -> None:
    from web.rights import ENDPOINTS

    known = set(ENDPOINTS) | set(site.app.view_functions)
    assert {one for found in limits._KINDS.values() for one in found} <= known
    assert set(limits._KINDS) | {"all"} == set(A_MINUTE)
