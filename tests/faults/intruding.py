"""A served site with accounts, and requests as an intruder makes them: over real HTTP, headers as they are given."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from gongwen.accounts.accounts import Accounts
from gongwen.settings import ROOT
from tests.accounts_kit import PASSWORD

sys.path.insert(0, str(ROOT / "tests" / "web"))
from corpus_kit import new_store


class Server:
    def __init__(self, line: str, folder: Path, log: Path) -> None:
        parts = urlsplit(line.split("：", 1)[1].split()[0])
        self.host, self.port = parts.hostname or "", parts.port or 0
        self.folder = folder
        self.log = log

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request, headers as they are given."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        try:
            connection.putrequest(method, path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def form(self, path: str, cookies: str = "") -> tuple[str, str]:
        """(token, cookies) of the page with a form."""
        _, headers, page = self.ask("GET", path, headers={"Cookie": cookies} if cookies else None)
        found = re.search(rb'name="form_token" value="([^"]+)"', page)
        assert found is not None
        seed = headers.get("set-cookie", "").partition(";")[0]
        return found[1].decode(), "; ".join(one for one in (cookies, seed) if one)

    def post(self, path: str, cookies: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields).encode(), headers)

    def sign_in(self, name: str) -> str:
        """The cookies of who has signed in."""
        token, cookies = self.form("/signin")
        status, headers, _ = self.post("/signin", cookies, form_token=token, name=name, password=PASSWORD)
        assert status == 303
        return f"{cookies}; {headers['set-cookie'].partition(';')[0]}"


@contextmanager
def serving(folder: Path, made: Sequence[Any], people: Sequence[tuple[str, str, tuple[str, ...]]],
            **settings: str) -> Iterator[Server]:
    """`people` are names, roles and units; all have PASSWORD."""
    new_store(folder / "corpus", made)
    accounts = Accounts(folder / "corpus")
    for name, role, units in people:
        accounts.make(name, role, units=units, password=PASSWORD)
    env = os.environ | {"GONGWEN_CORPUS": str(folder / "corpus"), "GONGWEN_NETWORK_DISK": "true",
                        "GONGWEN_SECOND_FACTOR": "none"} | settings  # fmt: skip
    log = folder / "log"
    with log.open("wb") as told:
        command = [sys.executable, "-m", "gongwen", "serve", "--port", "0", "--no-ingest"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=told)
        with process:
            assert process.stdout is not None
            try:
                line = process.stdout.readline().decode()
                assert line, log.read_text(encoding="utf-8", errors="replace")
                yield Server(line, folder, log)
            finally:
                process.terminate()
