"""As an intruder would: over real HTTP against `gongwen serve` with accounts, the probes of reliability.md §4 and rows
28 to 32 that need a server. Each is refused, and the site goes on."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.accounts_kit import PASSWORD
from tests.faults.intruding import Server, serving

from papers_kit import letter, plan  # isort: skip  (found by the kit)

CRLF = "x%0d%0aSet-Cookie:%20planted=1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    people = [(role, role, ()) for role in ("admin", "viewer", "editor")]
    with serving(tmp_path_factory.mktemp("intruder"), [plan(2024, 12), letter(2024)], people) as found:
        yield found


def test_probe_1_nothing_without_signing_in(server: Server) -> None:
    paper = plan(2024, 12).reading.documents[0].id
    for path in ("/", "/search?q=a", f"/d/{paper}", f"/d/{paper}/original", "/search.xlsx", "/calendar.ics", "/users",
                 "/trail", "/suggest?q=a", "/nowhere"):  # fmt: skip
        status, headers, body = server.ask("GET", path)
        assert status == 302 and headers["location"].startswith("/signin"), path
        assert "科普".encode() not in body
    assert server.ask("GET", "/api/v1/search?q=a")[0] == 401
    assert server.ask("GET", "/health")[0] == 200


def test_probe_2_passwords_are_not_guessed(server: Server) -> None:
    token, cookies = server.form("/signin")
    found = [
        server.ask("POST", "/signin", urlencode({"form_token": token, "name": "root", "password": f"p{at}"}).encode(), {
            "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"10.0.0.{at}", "Forwarded": f"for=10.0.0.{at}",
        })[0] for at in range(8)
    ]  # fmt: skip
    assert found == [401] * 4 + [429] * 4


def test_probe_3_a_stolen_session_is_worth_nothing_after_signing_out(server: Server) -> None:
    cookies = server.sign_in("viewer")
    assert server.ask("GET", "/", headers={"Cookie": cookies})[0] == 200
    token, _ = server.form("/account", cookies)
    assert server.post("/signout", cookies, form_token=token)[0] == 303
    assert server.ask("GET", "/", headers={"Cookie": cookies})[0] == 302


def test_probe_4_forms_of_other_sites_do_nothing(server: Server) -> None:
    cookies = server.sign_in("editor")
    token, _ = server.form("/account", cookies)
    fields = urlencode({"query": "q=a", "form_token": token}).encode()
    kind = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    for more in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert server.ask("POST", "/saved", fields, kind | more)[0] == 400, more
    assert server.post("/saved", cookies, query="q=a")[0] == 400
    assert server.ask("GET", "/signout", headers={"Cookie": cookies})[0] == 405  # nothing is changed by a link


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "a@b", "", "[::ffff:8.8.8.8]"])
def test_probe_5_a_forged_host_is_refused(server: Server, host: str) -> None:
    assert server.ask("GET", "/signin", headers={"Host": host})[0] == 400


def test_probe_6_large_and_strange_bodies_are_refused(server: Server) -> None:
    cookies = server.sign_in("viewer")
    kind = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    assert server.ask("POST", "/saved", b"a=" + b"x" * (1 << 20), kind)[0] in {400, 413}
    assert server.ask("POST", "/saved", "&".join(f"k{at}=v" for at in range(20_000)).encode(), kind)[0] in {400, 413}
    for path in ("/d/..%2f..%2fusers.db", "/static/..%2f..%2fapp.py", f"/d/{CRLF}", "/d/%00", "/d/%ff%fe",
                 "/units/" + "柳".encode().hex() * 400, f"/search?q={'%E6%9F%B3' * 3000}"):  # fmt: skip
        assert server.ask("GET", path, headers={"Cookie": cookies})[0] in {200, 400, 404, 414}, path
    assert server.ask("GET", "/health")[0] == 200


def test_probe_7_what_a_viewer_may_not_do(server: Server) -> None:
    cookies = server.sign_in("viewer")
    token, _ = server.form("/account", cookies)
    for path in ("/users", "/rules/title/try", "/state/retry", "/upload"):
        assert server.post(path, cookies, form_token=token, name="evil", role="admin")[0] == 403, path
    paper = plan(2024, 12).reading.documents[0].id
    page = server.ask("GET", f"/d/{paper}?full=1&view=text", headers={"Cookie": cookies})[2]
    assert b"13900000001" not in page and b"139****0001" in page
    assert server.ask("GET", f"/d/{paper}/original", headers={"Cookie": cookies})[0] == 403


@pytest.mark.parametrize(
    "path",
    [f"/signin?next={CRLF}", f"/search?q={CRLF}", f"/n/{CRLF}", "/search?with=%0d%0aX:1&q=a", f"/d/{CRLF}/original"],
)
def test_no_header_is_written_by_an_address(server: Server, path: str) -> None:
    cookies = server.sign_in("viewer")
    _, headers, _ = server.ask("GET", path, headers={"Cookie": cookies})
    assert "planted" not in headers.get("set-cookie", "") and "x" not in headers


def test_every_answer_carries_the_headers(server: Server) -> None:
    """reliability.md §4, of pages, errors and redirects alike."""
    cookies = server.sign_in("viewer")
    paper = letter(2024).reading.documents[0].id
    for path in ("/", "/nowhere", "/users", "/search?q=a", "/search.csv", f"/d/{paper}", "/static/keys.js", "/signin"):
        _, headers, _ = server.ask("GET", path, headers={"Cookie": cookies})
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy, path
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert path.startswith("/static/") or headers["cache-control"] == "no-store", path
        assert "server" not in headers or "Python" not in headers["server"]


def test_the_log_is_one_line_a_thing_and_holds_nobodys_words(server: Server) -> None:
    server.ask("GET", "/d/%0a2026-01-01%20ERROR%20forged%1b[2J", headers={"Cookie": server.sign_in("viewer")})
    token, cookies = server.form("/signin")
    server.post("/signin", cookies, form_token=token, name="x\nERROR forged", password="my secret words")
    told = server.log.read_bytes()
    assert b"forged" not in told and b"\x1b" not in told and b"my secret words" not in told
    trail = (server.folder / "corpus" / "trail" / "trail.jsonl").read_bytes()
    assert b"my secret words" not in trail and PASSWORD.encode() not in trail
    assert all(line.startswith(b'{"n":') for line in trail.splitlines())


def test_files_of_accounts_are_closed_to_others(server: Server) -> None:
    for name in ("users.db", "trail/trail.jsonl", "site.key"):
        assert (server.folder / "corpus" / name).stat().st_mode & 0o077 == 0, name
