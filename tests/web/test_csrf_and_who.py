"""Nobody acts through another's browser; every act is signed; names and keys are kept well."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from review_kit import SIGNED, WHO, Bench, doubtful_corpus

from web.csrf import PROGRAMS
from web.keys import load_key
from web.local import back_to
from web.views.review import with_args

JSON = {"Accept": "application/json"}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "corpus", doubtful_corpus())


def post(bench: Bench, client=None, headers=None, **fields: str):
    target = bench.target(name="title")
    data = {"verb": "confirm", "seen": "", "who": WHO} | fields
    return (client or bench.client).post(f"/d/{bench.address()}/value/{target.key}", data=data, headers=headers or {})


def test_without_a_token_nothing_is_done(bench: Bench) -> None:
    answer = post(bench)
    assert answer.status_code == 400
    assert "页面已经过期" in answer.get_data(as_text=True)
    assert bench.store.reviewed() == []


def test_with_the_token_of_its_page_it_is_done(bench: Bench) -> None:
    assert post(bench, form_token=bench.token()).status_code == 303
    assert post(bench, headers={"X-Form-Token": bench.token()}).status_code == 303
    assert [one.by for one in bench.store.reviews(bench.made[0].reading.sha256)] == [SIGNED]


def test_the_token_of_another_browser_or_another_site_does_not_do(bench: Bench, tmp_path: Path) -> None:
    other = bench.app.test_client()
    assert post(bench, form_token=bench.token(other)).status_code == 400
    stranger = Bench(tmp_path / "stranger", doubtful_corpus())
    theirs = stranger.token()
    cookie = stranger.client.get_cookie("gongwen_form")
    assert cookie is not None
    bench.client.set_cookie("gongwen_form", cookie.value)
    assert post(bench, form_token=theirs).status_code == 400
    assert bench.store.reviewed() == []


@pytest.mark.parametrize("headers", [
    {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "https://localhost"},
    {"Origin": "http://localhost:81"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
])  # fmt: skip
def test_pages_of_elsewhere_are_refused_even_with_a_token(bench: Bench, headers: dict[str, str]) -> None:
    assert post(bench, headers=headers, form_token=bench.token()).status_code == 400


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_pages_of_here_are_not(bench: Bench, headers: dict[str, str]) -> None:
    assert post(bench, headers=headers, form_token=bench.token()).status_code == 303


def test_every_view_that_changes_something_asks_for_the_token(bench: Bench) -> None:
    """Without being told to: a new view is guarded before anyone thinks of it."""
    app: Flask = bench.app
    changing = [rule for rule in app.url_map.iter_rules() if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}]
    assert changing
    for rule in changing:
        address = rule.build(dict.fromkeys(rule.arguments, "x"))[1]
        if address.startswith(PROGRAMS):  # programs have no forms
            headers = {"Origin": "http://evil.example"}
            assert bench.client.post(address, headers=headers).status_code == 400
            continue
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            assert bench.client.open(address, method=method).status_code == 400, rule


def test_reading_changes_nothing(bench: Bench) -> None:
    """No view that answers to GET writes an act."""
    target = bench.target(name="title")
    bench.client.get(f"/d/{bench.address()}/value/{target.key}?verb=confirm&who=x")
    bench.client.get("/review?verb=confirm")
    assert bench.store.reviewed() == []


def test_the_cookies_are_kept_from_scripts_and_other_sites(bench: Bench) -> None:
    bench.token()
    answer = post(bench, form_token=bench.token())
    for line in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in line
        assert "SameSite=Strict" in line
    for name in ("gongwen_form", "gongwen_who"):
        assert bench.client.get_cookie(name) is not None


def test_the_name_is_asked_once(bench: Bench) -> None:
    page = bench.page(bench.target(name="title")).get_data(as_text=True)
    assert "您的姓名" in page
    post(bench, form_token=bench.token())
    page = bench.page(bench.target(name="theme")).get_data(as_text=True)
    assert "您的姓名" not in page
    assert SIGNED in page
    again = bench.act(bench.target(name="theme"), "confirm", who="")
    assert again.status_code == 303
    assert {one.by for one in bench.store.reviews(bench.made[0].reading.sha256)} == {SIGNED}


def test_without_a_name_nothing_is_done(bench: Bench) -> None:
    answer = post(bench, form_token=bench.token(), who="  ")
    assert answer.status_code == 400
    assert "请先写上姓名" in answer.get_data(as_text=True)
    assert bench.store.reviewed() == []


@pytest.mark.parametrize("name", ["<script>x</script>", "a\r\nSet-Cookie: x=1", "\u202e" + "林" * 50, "{{7*7}}"])
def test_no_name_is_more_than_words(bench: Bench, name: str) -> None:
    answer = post(bench, form_token=bench.token(), who=name)
    assert answer.status_code == 303
    by = bench.store.reviews(bench.made[0].reading.sha256)[0].by
    assert len(by) <= 20 + len("（未登录）")
    assert not set(by) & set("<>\r\n\u202e")
    bench.client.set_cookie("gongwen_who", quote("<b>x</b>"))
    assert "<b>x" not in bench.page(bench.target(name="theme")).get_data(as_text=True)


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "",
                                   "/a\nb", "evil"])  # fmt: skip
def test_the_way_back_stays_here(bench: Bench, where: str) -> None:
    assert back_to(where, "/here") == "/here"
    answer = post(bench, form_token=bench.token(), next=where)
    assert answer.headers["Location"].startswith(f"/d/{bench.address()}?review=1")


def test_a_way_back_keeps_its_question_and_place() -> None:
    assert back_to("/review?kind=low", "/") == "/review?kind=low"
    assert with_args("/d/1?review=1#v-title", {"did": "confirm", "late": ""}) == "/d/1?review=1&did=confirm#v-title"


def test_the_key_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    key = load_key(tmp_path)
    assert load_key(tmp_path) == key
    assert (tmp_path / "site.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "site.key").write_bytes(b"short")
    other = load_key(tmp_path)
    assert len(other) == 32
    assert load_key(tmp_path) == other
    assert len(load_key(tmp_path / "nowhere")) == 32


def test_too_long_a_form_is_told(bench: Bench) -> None:
    answer = post(bench, form_token=bench.token(), say="字" * 40_000)
    assert answer.status_code == 413
    assert "过大" in answer.get_data(as_text=True)


def test_programs_are_told_in_json(bench: Bench) -> None:
    answer = post(bench, headers=JSON)
    assert (answer.status_code, answer.json["error"]) == (400, "页面已经过期")
