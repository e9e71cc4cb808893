"""As an intruder with a program of their own would: requests that no browser makes, rights that nobody gave, ways to
tire the site out, over real HTTP against `gongwen serve`."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote, urlencode

import pytest

from gongwen.accounts.accounts import Accounts
from gongwen.saved import MOST, SavedSearches
from tests.faults.intruding import Server, serving

from papers_kit import letter, plan  # isort: skip  (found by the kit)

PAPER = plan(2024, 12).reading.documents[0].id
PEOPLE = [(name, role, ()) for name, role in (
    ("admin", "admin"), ("viewer", "viewer"), ("editor", "editor"), ("auditor", "auditor"), ("other", "viewer"))]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("strange"), [plan(2024, 12), letter(2024)], PEOPLE) as found:
        yield found


@pytest.fixture(scope="module")
def viewer(server: Server) -> dict[str, str]:
    return {"Cookie": server.sign_in("viewer")}


def said(server: Server, *pieces: bytes) -> bytes:
    """What comes back on one connection until the server closes it or says no more."""
    with socket.create_connection((server.host, server.port), timeout=10) as raw:
        for piece in pieces:
            raw.sendall(piece)
        found = b""
        try:
            while more := raw.recv(1 << 16):
                found += more
        except TimeoutError:
            pass
        return found


HEAD = b"POST /signin HTTP/1.1\r\nHost: 127.0.0.1\r\n"
INNER = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "lines",
    [b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked, identity\r\n",
     b"Transfer-Encoding: xchunked\r\n", b"Content-Length: 0\r\nContent-Length: 90\r\n", b"Content-Length: +5\r\n",
     b"Content-Length: 0x5\r\n", b"Content-Length: 5, 5\r\n", b"Transfer-Encoding : chunked\r\n"],
)  # fmt: skip
def test_15_a_request_is_not_smuggled_in_another(server: Server, lines: bytes) -> None:
    """What a proxy and the server would cut at different places: refused, or read as one."""
    answers = said(server, HEAD + lines + b"Connection: close\r\n\r\n0\r\n\r\n" + INNER)
    assert b'{"status":"ok"}' not in answers
    assert len(re.findall(rb"HTTP/1\.[01] ", answers)) == 1
    assert re.match(rb"HTTP/1\.[01] (400|401|403|501)", answers), answers[:200]


def test_16_connections_that_say_nothing_do_not_keep_others_out(server: Server) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            one = stack.enter_context(socket.create_connection((server.host, server.port), timeout=10))
            one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        assert server.ask("GET", "/health")[0] == 200


DIGITS = "9" * 5000
NUMBERS = (
    f"/d/{PAPER}/page/{DIGITS}", f"/d/{PAPER}/page/{DIGITS}.webp", f"/drafts/look/{PAPER}/{DIGITS}",
    f"/search?page={DIGITS}", f"/search?page=-{DIGITS}", "/search?page=１２", f"/units?page={DIGITS}",
    f"/calendar?year={DIGITS}",
    f"/trail?before={DIGITS}", f"/api/v1/search?page={DIGITS}", f"/api/v1/calendar?year={DIGITS}",
    f"/overview?on={DIGITS}",
    "/overview?on=9999-99-99", "/calendar?year=-1", "/search?from=0000-00-00&to=99999-01-01", f"/review?page={DIGITS}",
    f"/account/tokens/{DIGITS}/revoke", "/search?year=" + "&year=".join(["2024"] * 3000), "/search?" + "&" * 20_000,
)  # fmt: skip


@pytest.mark.parametrize("name", ["viewer", "admin"])
def test_17_numbers_without_end_are_no_error_of_the_site(server: Server, name: str) -> None:
    cookie = {"Cookie": server.sign_in(name)}
    found = {path[:40]: server.ask("GET", quote(path, safe="/?=&.-"), headers=cookie)[0] for path in NUMBERS}
    assert {path: status for path, status in found.items() if status >= 500} == {}


ODD = (
    {"Range": "bytes=abc"}, {"Range": "bytes=" + "0-1," * 2000 + "0-1"}, {"Range": "bytes=99999999999999999999-"},
    {"If-None-Match": '"' * 999}, {"If-Modified-Since": "yesterday"},
    {"If-Modified-Since": "Fri, 31 Dec 0000 00:00:00 GMT"},
    {"Accept": "text/html;q=nan, */*;q=1e999"}, {"Accept": "a" * 5000}, {"Accept-Encoding": "gzip;q=x, \x00"},
    {"Accept-Language": "%s%n"}, {"Authorization": "Basic %%%"}, {"Authorization": "Bearer " + "x" * 9000},
    {"Authorization": "Digest"}, {"Cookie": "gongwen_session=%ff%fe; gongwen_form=" + "y" * 3000},
    {"Cookie": "gongwen_session=a; gongwen_session=b; =c; ;;"}, {"Content-Type": "multipart/form-data"},
    {"Expect": "200-maybe"}, {"Upgrade": "h2c", "Connection": "Upgrade"}, {"Referer": "\xff\xfe"},
)  # fmt: skip


@pytest.mark.parametrize("headers", ODD, ids=lambda one: next(iter(one)))
def test_18_no_header_makes_an_error(server: Server, viewer: dict[str, str], headers: dict[str, str]) -> None:
    for path in ("/search?q=a", f"/d/{PAPER}", f"/d/{letter(2024).reading.documents[0].id}/original", "/search.xlsx",
                 "/api/v1/search?q=a", "/static/keys.js"):  # fmt: skip
        assert server.ask("GET", path, headers=viewer | headers)[0] < 500, path


BODIES: tuple[tuple[str, bytes], ...] = (
    ("multipart/form-data", b"x"), ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=" + "b" * 400, b"--b"), ("multipart/form-data; boundary=a\xff", b"--a"),
    ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; filename="\xff\x00.pdf"\r\n\r\nx'),
    ("multipart/form-data; boundary=a", b"--a\r\n" + b"X: y\r\n" * 3000 + b"\r\nx\r\n--a--"),
    ("application/json", b"[" * 50_000), ("application/x-www-form-urlencoded; charset=utf-7", b"name=+ADw-"),
    ("text/plain", b"name=admin"), ("application/x-www-form-urlencoded", b"%" * 9000), ("", b"\x00\xff"),
)  # fmt: skip


@pytest.mark.parametrize("at", range(len(BODIES)))
def test_19_no_body_makes_an_error_of_the_site(server: Server, at: int) -> None:
    kind, body = BODIES[at]
    cookie = {"Cookie": server.sign_in("editor")}
    for path in ("/signin", "/saved", "/upload", "/check", "/api/v1/files", f"/d/{PAPER}/undo", "/drafts"):
        status = server.ask("POST", path, body, cookie | {"Content-Type": kind})[0]
        assert 400 <= status < 500 or status == 303, path


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND", "get", "POST\t"])
def test_20_other_methods_do_nothing(server: Server, viewer: dict[str, str], method: str) -> None:
    answers = said(server, f"{method} /search?q=a HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                           f"Cookie: {viewer['Cookie']}\r\nContent-Length: 0\r\n\r\n".encode())  # fmt: skip
    assert re.match(rb"HTTP/1\.[01] (400|401|403|405|501)", answers), answers[:100]
    assert b"gongwen_session" not in answers, "TRACE would tell the cookie"


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"])
def test_21_no_header_changes_method_or_address(server: Server, viewer: dict[str, str], name: str) -> None:
    status, _, body = server.ask("GET", "/help", headers=viewer | {name: "/users" if "URL" in name else "POST"})
    assert status == 200 and "用户".encode() + b"</h1>" not in body


def test_22_nobody_gives_themselves_a_role(server: Server) -> None:
    for name in ("viewer", "editor", "auditor"):
        cookie = server.sign_in(name)
        token, _ = server.form("/account", cookie)
        user = Accounts(server.folder / "corpus").named(name)
        assert user is not None
        fields = {"form_token": token, "role": "admin", "units": "办公室", "name": name, "shown": "x", "disabled": ""}
        for path in ("/users", f"/users/{user.id}", f"/users/{user.id}/link"):
            assert server.post(path, cookie, **fields)[0] == 403, path
        assert server.post("/account/password", cookie, **fields | {"old": "wrong"})[0] == 422
        after = Accounts(server.folder / "corpus").named(name)
        assert after is not None and (after.role, after.units) == (name, ())


def test_23_a_token_gets_no_more_than_its_user_has(server: Server) -> None:
    cookie = server.sign_in("viewer")
    token, _ = server.form("/account", cookie)
    fields = [("form_token", token), ("name", "甲"), ("days", "365")] + [
        ("rights", one) for one in ("read", "unmask", "upload", "users", "trail", "rules", "review", "open")]
    page = server.ask("POST", "/account/tokens", urlencode(fields).encode(), FORM | {"Cookie": cookie})[2]
    key = re.search(rb"gu_[\w-]+", page)
    assert key is not None
    headers = {"Authorization": f"Bearer {key[0].decode()}", **JSON}
    told = server.ask("GET", f"/api/v1/documents/{PAPER}?full=1", headers=headers)
    assert told[0] == 200 and b"13900000001" not in told[2]
    for path in ("/users", "/trail", "/account", "/rules", "/search.csv?q=a", "/state"):
        assert server.ask("GET", path, headers=headers)[0] == 403, path
    assert server.ask("POST", "/api/v1/files", b"", headers | FORM)[0] == 403


@pytest.mark.parametrize("days", ["-1", "0", "999999999", "nan", "1e9", "９９"])
def test_24_no_token_lasts_for_ever_or_is_dead_born(server: Server, days: str) -> None:
    cookie = server.sign_in("other")
    token, _ = server.form("/account", cookie)
    fields = {"form_token": token, "name": f"d{days}", "days": days, "rights": "read"}
    status, _, page = server.post("/account/tokens", cookie, **fields)
    assert status in {200, 422}
    user = Accounts(server.folder / "corpus").named("other")
    assert user is not None
    accounts = Accounts(server.folder / "corpus")
    assert all(0 < one.ends - accounts.clock() < 3 * 366 * 86400 for one in accounts.tokens.of(user.id))
    assert b"gu_" not in page or status == 200


def test_25_one_persons_searches_do_not_take_the_room_of_all(server: Server, viewer: dict[str, str]) -> None:
    kept = SavedSearches(server.folder / "corpus" / "saved.db")
    for at in range(MOST):
        kept.add(f"第{at}个", f"q={at}", "2026-05-02T08:00:00+08:00", "viewer")
    token, _ = server.form("/account", viewer["Cookie"])
    status, _, body = server.post("/saved", viewer["Cookie"], form_token=token, name="又一个", query="q=b")
    assert 400 <= status < 500 and "请先删除不用的".encode() in body
    other = server.sign_in("other")
    token, _ = server.form("/account", other)
    assert server.post("/saved", other, form_token=token, name="我的", query="q=a")[0] in {302, 303}


PARTS = ("1390", "13900", "390000", "0000", "00000", "000001", '"000000"', "900000", "139000000*", "0000*",
         "1390000000")  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_26_a_starred_number_is_not_spelled_out_by_searches(server: Server, viewer: dict[str, str], part: str) -> None:
    """139****0001: whoever may not see it asks for one more digit at a time and looks whether a paper is found. The
    whole number is found by who knows it already."""
    told = server.ask("GET", f"/api/v1/search?q={quote(part)}", headers=viewer)[2]
    assert json.loads(told)["total"] == 0
    whole = json.loads(server.ask("GET", "/api/v1/search?q=13900000001", headers=viewer)[2])
    assert whole["total"] > 0 and "13900000001" not in json.dumps(whole["hits"])
    for path in ("/search?q={}", "/suggest?q={}", "/search?person={}", "/people?q={}", "/units?q={}"):
        body = server.ask("GET", path.format(quote(part)), headers=viewer)[2]
        assert b"139****0001" not in body, path
