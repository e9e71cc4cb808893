"""A running site over the invented corpus and a real Chromium that may talk to nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "web"))

from corpus_kit import Made, make, new_store
from hostile_name import HOSTILE
from papers_kit import corpus
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from serving_kit import serving

from gongwen.saved import NAME, SavedSearches
from gongwen.settings import Settings
from index.catalogue.catalogue import open_catalogue
from index.sync import open_index
from web.app import create_app
from web.ports import Failure, Intake

CHROMIUM = Path("/usr/bin/chromium")
OURS = ("http://127.0.0.1:", "data:")


@dataclass
class Site:
    address: str
    made: list[Made]

    def paper(self, at: int) -> str:
        return f"{self.address}/d/{self.made[at].reading.documents[0].id}"


@dataclass
class Watched:
    """A page with what went wrong on it: console errors, and requests that left this machine."""

    page: Page
    errors: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = [*corpus(), make(f"{HOSTILE}.txt", f"⟦title|{HOSTILE}⟧\n⟦issuers/0|{HOSTILE}⟧")]
    settings = Settings(corpus=tmp_path_factory.mktemp("corpus"), network_disk=True)
    store = new_store(settings.corpus, made)
    index = open_index(settings)
    catalogue = open_catalogue(settings)
    failure = Failure("收件/加密方案.pdf", "ab" * 32, "password", "2024-05-08 09:30")
    app = create_app(
        settings, papers=store, finder=index, aids=index, saved=SavedSearches(settings.corpus / NAME),
        intake=lambda code="", page=1: Intake((("可检索", 20), ("未读成", 1)), (failure,), "2024-05-08 10:00"),
        catalogue=catalogue, today=lambda: date(2024, 8, 1),
    )  # fmt: skip
    with serving(app) as address:
        yield Site(address, made)
    catalogue.close()
    index.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        told = "Chromium is missing: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


def watch(context: BrowserContext) -> Watched:
    watched = Watched(context.new_page())
    watched.page.on("console", lambda told: watched.errors.append(told.text) if told.type == "error" else None)
    watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
    watched.page.on("request", lambda asked: None if asked.url.startswith(OURS) else watched.strays.append(asked.url))
    return watched


@pytest.fixture(params=[(1280, 860), (390, 844)], ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in a window of an office screen and of a telephone. It must end without an error and without a request
    to anywhere else."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", accept_downloads=True)
    watched = watch(context)
    yield watched.page
    context.close()
    assert watched.errors == []
    assert watched.strays == []
