"""Signing in by a provider (OIDC) and by a directory (LDAP): against servers of each kind on this machine."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from account_kit import Site
from corpus_kit import Made

from gongwen.accounts.accounts import Accounts
from gongwen.accounts.directory import Directory
from gongwen.errors import SettingsError
from gongwen.settings import Settings
from tests.accounts_kit import PASSWORD, quick_hashes  # noqa: F401  (a fixture)
from web.sso import Oidc

OIDC = Settings(oidc_client="gongwen", oidc_secret="s3cret", oidc_claim="preferred_username")


PROVIDER = """
import sys
from oidc_provider_mock import run_server_in_thread
with run_server_in_thread() as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    yield from served("http://localhost", PROVIDER)


def served(address: str, program: str) -> Iterator[str]:
    """A server in a process of its own, which tells its port."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL,
                          text=True) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            yield f"{address}:{int(process.stdout.readline())}"
        finally:
            process.kill()


def sign_in(site: Site, issuer: str, name: str) -> tuple[int, str]:
    """As a browser goes: to the provider, which asks for a name, and back."""
    requests.put(f"{issuer}/users/{name}", json={"preferred_username": name}, timeout=20).raise_for_status()
    browser = site.browser()
    sent = browser.get("/signin/other")
    assert sent.status_code == 302 and sent.headers["Location"].startswith(issuer)
    asked = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    back = requests.post(sent.headers["Location"], data={"sub": name}, allow_redirects=False, timeout=20)
    answer = browser.get(back.headers["Location"])
    assert browser.get(back.headers["Location"]).status_code == 403  # a code is good once
    return answer.status_code, answer.headers.get("Location", "")


def test_a_provider_signs_in_who_was_made_with_it(tmp_path: Path, made: list[Made], provider: str) -> None:
    site = Site(tmp_path / "corpus", made, provider=Oidc(replace(OIDC, oidc_issuer=provider)))
    site.people()
    site.accounts.make("chen", "viewer", via="oidc")
    assert "用单位统一身份认证登录" in site.browser().get("/signin").get_data(as_text=True)
    assert sign_in(site, provider, "chen") == (303, "/")
    assert ("chen", "signin") in site.acts()
    for name in ("stranger", "admin"):  # not a user here; a user with a password of this site's own
        assert sign_in(site, provider, name)[0] == 403
    site.accounts.change(site.accounts.named("chen").id, disabled=True)  # type: ignore[union-attr]
    assert sign_in(site, provider, "chen")[0] == 403


def test_an_answer_that_nobody_asked_for_is_refused(tmp_path: Path, made: list[Made], provider: str) -> None:
    site = Site(tmp_path / "corpus", made, provider=Oidc(replace(OIDC, oidc_issuer=provider)))
    site.people()
    assert site.browser().get("/signin/other/back?code=x&state=y").status_code == 403
    assert site.browser().get("/signin/other/back").status_code == 403


def test_a_provider_that_is_away_is_told(tmp_path: Path, made: list[Made]) -> None:
    site = Site(tmp_path / "corpus", made, provider=Oidc(replace(OIDC, oidc_issuer="http://127.0.0.1:9")))
    site.people()
    assert site.browser().get("/signin/other").status_code == 503
    assert site.sign_in("viewer").status_code == 303


@pytest.mark.parametrize("issuer", ["http://sso.example", "ftp://sso.example", "sso.example"])
def test_a_provider_without_tls_is_refused(issuer: str) -> None:
    with pytest.raises(SettingsError):
        Oidc(replace(OIDC, oidc_issuer=issuer))


# --- LDAP ---

SERVER = """
import sys
from ldaptor.inmemory import fromLDIFFile
from ldaptor.protocols.ldap.ldapserver import LDAPServer
from ldaptor.interfaces import IConnectedLDAPEntry
from io import BytesIO
from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory
from twisted.python.components import registerAdapter

LDIF = b'''dn: dc=example
objectClass: dcObject
dc: example

dn: ou=people,dc=example
objectClass: organizationalUnit
ou: people

dn: uid=chen,ou=people,dc=example
objectClass: inetOrgPerson
uid: chen
userPassword: the password of the directory

'''

class Factory(ServerFactory):
    protocol = LDAPServer
    root = None

registerAdapter(lambda factory: factory.root, Factory, IConnectedLDAPEntry)

def serve(root):
    factory = Factory()
    factory.root = root
    port = reactor.listenTCP(0, factory, interface='127.0.0.1')
    print(port.getHost().port, flush=True)

fromLDIFFile(BytesIO(LDIF)).addCallback(serve)
reactor.run()
"""


@pytest.fixture(scope="module")
def directory() -> Iterator[str]:
    yield from served("ldap://127.0.0.1", SERVER)


def ldap(url: str) -> Directory:
    return Directory(Settings(ldap_url=url, ldap_user="uid={name},ou=people,dc=example"))


@pytest.mark.parametrize(
    ("name", "password", "known"),
    [
        ("chen", "the password of the directory", True), ("chen", "another", False), ("chen", "", False),
        ("wang", "the password of the directory", False), ("", "", False),
        ("*", "the password of the directory", False),
        ("chen,ou=people,dc=example", "the password of the directory", False), ("chen+uid=x", "x", False),
    ],
)  # fmt: skip
def test_the_directory_knows_its_own(directory: str, name: str, password: str, known: bool) -> None:
    assert ldap(directory)(name, password) == known


def test_users_of_the_directory_sign_in(directory: str, tmp_path: Path, made: list[Made]) -> None:
    accounts = Accounts(tmp_path / "corpus", directory=ldap(directory))
    site = Site(tmp_path / "corpus", made)
    site.accounts = site.app.extensions["gongwen.accounts"] = accounts
    site.people()
    accounts.make("chen", "viewer", via="ldap")
    assert site.sign_in("chen", "another").status_code == 401
    assert site.sign_in("chen", "the password of the directory").status_code == 303
    assert site.sign_in("viewer", PASSWORD).status_code == 303


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_directory_that_is_away_lets_nobody_in() -> None:
    """ldap3 leaves the socket that it could not connect to the collector, which is called here."""
    assert not ldap("ldap://127.0.0.1:9")("chen", "the password of the directory")
    gc.collect()


@pytest.mark.parametrize(("url", "user"), [("http://x", "{name}"), ("ldaps://", "{name}"), ("ldaps://x", "uid=chen")])
def test_wrong_settings_are_told(url: str, user: str) -> None:
    with pytest.raises(SettingsError):
        Directory(Settings(ldap_url=url, ldap_user=user))
