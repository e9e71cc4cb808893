"""A site with accounts over the invented corpus, and people who sign in as a browser would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyotp
from corpus_kit import Made, PlainFinder, new_store
from dom_kit import tree
from flask import Flask
from flask.testing import FlaskClient

from gongwen.accounts.accounts import Accounts
from gongwen.accounts.users import User
from gongwen.settings import Settings
from gongwen.trail import Trail
from tests.accounts_kit import PASSWORD, Clock
from web.app import create_app

ROLES = ("viewer", "editor", "auditor", "admin")


class Site:
    """One user of each role; nobody must have a second factor unless `second` says so."""

    def __init__(self, folder: Path, made: list[Made], *, second: str = "none", **more: Any) -> None:
        self.folder = folder
        self.clock = Clock()
        self.made = made
        self.store = new_store(folder, made)
        self.accounts = Accounts(folder, clock=self.clock)
        self.trail = Trail(folder)
        self.settings = Settings(corpus=folder, network_disk=True, second_factor=second)
        kept = {"papers": self.store, "finder": PlainFinder(made), "accounts": self.accounts, "trail": self.trail}
        self.app: Flask = create_app(self.settings, **(kept | more))

    def people(self) -> dict[str, User]:
        return {role: self.accounts.make(role, role, shown=f"某{role}", password=PASSWORD) for role in ROLES}

    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def token(self, browser: FlaskClient, path: str = "/signin") -> str:
        """Of a form on a page."""
        found = tree(browser.get(path)).xpath("//input[@name='form_token']/@value")
        return str(found[0])

    def sign_in(self, name: str, password: str = PASSWORD, browser: FlaskClient | None = None, **more: str) -> Any:
        browser = browser or self.browser()
        fields = {"form_token": self.token(browser), "name": name, "password": password, **more}
        return browser.post("/signin", data=fields)

    def as_(self, name: str) -> FlaskClient:
        """A browser in which somebody is signed in."""
        browser = self.browser()
        answer = self.sign_in(name, browser=browser)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser

    def post(self, browser: FlaskClient, path: str, at: str = "/account", **fields: Any) -> Any:
        """A form of the page `at`."""
        return browser.post(path, data={"form_token": self.token(browser, at), **fields})

    def acts(self) -> list[tuple[str, str]]:
        """(who, act), oldest first, without the line that begins the trail."""
        return [(one.who, one.act) for one in self.trail.entries()][::-1][1:]


def code(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).at(clock.now)
