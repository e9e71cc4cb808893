"""The real server behind the office's proxy: what the proxy says arrives, what is forged does not count."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from account_kit import Site
from corpus_kit import Made

from gongwen.cli.serve import make_server
from gongwen.settings import Settings
from ingest.gauges import Gauges
from tests.accounts_kit import PASSWORD, quick_hashes  # noqa: F401  (a fixture)
from web.app import LOOPBACK
from web.proxied import behind

NAME = "gongwen.example"
SAYS = {"Host": NAME, "X-Forwarded-For": "192.0.2.77", "X-Forwarded-Proto": "https", "X-Forwarded-Host": NAME}


class Running:
    def __init__(self, site: Site, port: int) -> None:
        self.site = site
        self.port = port

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers (those of one name in one line) and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body.encode() or None, named)
        answer = connection.getresponse()
        told: dict[str, str] = {}
        for name, value in answer.getheaders():
            told[name] = f"{told[name]}\n{value}" if name in told else value
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, told, text


@contextmanager
def running(site: Site, settings: Settings) -> Iterator[Running]:
    behind(site.app, settings.proxies)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = make_server(site.app, listening, settings)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield Running(site, listening.getsockname()[1])
        finally:
            server.task_dispatcher.shutdown()  # before what wakes the loop is closed
            server.close()
            thread.join(20)


def made_site(folder: Path, made: list[Made]) -> Site:
    site = Site(folder, made, hosts=(*LOOPBACK, NAME), gauges=lambda: Gauges({}, {}, 1, 1))
    site.app.config["SESSION_COOKIE_SECURE"] = True
    site.people()
    return site


@pytest.fixture
def proxied(tmp_path: Path, made: list[Made]) -> Iterator[Running]:
    with running(made_site(tmp_path / "corpus", made), Settings(proxies=1, max_file_mb=1)) as found:
        yield found


def sign_in(at: Running, **says: str) -> tuple[int, dict[str, str], str]:
    _, headers, form = at.ask("/signin", **says)
    found = re.search(r'name="form_token" value="([^"]+)"', form)
    assert found is not None
    sent = f"form_token={found[1]}&name=viewer&password={PASSWORD}"
    cookie = headers["Set-Cookie"].partition(";")[0]
    more = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}"}
    return at.ask("/signin", "POST", sent, **says, **more)


def test_people_sign_in_through_it(proxied: Running) -> None:
    status, headers, _ = sign_in(proxied, **SAYS)
    assert status == 303
    session = next(one for one in headers["Set-Cookie"].splitlines() if "gongwen_session" in one)
    assert session.startswith("__Host-gongwen_session=") and "Secure" in session and "HttpOnly" in session
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert next(one.where for one in proxied.site.trail.entries()) == "192.0.2.77"
    cookie = session.partition(";")[0]
    assert proxied.ask("/search?q=a", **SAYS, Cookie=cookie)[0] == 200


def test_figures_are_not_told_through_it(proxied: Running) -> None:
    """Otherwise everybody would seem to sit at this machine."""
    assert proxied.ask("/metrics", **SAYS)[0] == 403
    assert proxied.ask("/metrics", Host=NAME, **{"X-Forwarded-For": "127.0.0.1"})[0] == 403
    assert proxied.ask("/metrics", Host="127.0.0.1")[0] == 200


def test_figures_are_not_told_through_one_that_nobody_has_set_up(tmp_path: Path, made: list[Made]) -> None:
    with running(made_site(tmp_path / "corpus", made), Settings()) as at:
        assert at.ask("/metrics", Host=NAME, **{"X-Forwarded-For": "192.0.2.77"})[0] == 403


def test_without_proxies_nothing_of_it_is_believed(tmp_path: Path, made: list[Made]) -> None:
    with running(made_site(tmp_path / "corpus", made), Settings()) as at:
        status, headers, _ = at.ask("/signin", **SAYS)
        assert status == 200 and "Strict-Transport-Security" not in headers
        assert sign_in(at, **SAYS)[0] == 400  # a form from https:// of a site that is http://
        assert at.ask("/signin", **SAYS | {"Host": "127.0.0.1", "X-Forwarded-Host": "evil.example"})[0] == 200


def test_a_body_that_nobody_may_send_is_refused_before_it_is_read(proxied: Running) -> None:
    """The server would keep a gigabyte of it on the disk otherwise, from people who have not signed in."""
    with socket.create_connection(("127.0.0.1", proxied.port), timeout=60) as raw:
        raw.sendall(f"POST /upload HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {900 << 20}\r\n\r\n".encode())
        assert raw.recv(64).startswith(b"HTTP/1.1 413")
