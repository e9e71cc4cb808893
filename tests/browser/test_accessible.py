"""WCAG 2.2 AA on every page, asked of axe-core in light and dark, wide and narrow; and how heavy the pages are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from office_site_kit import Office, office, paper_of  # noqa: F401  (a fixture)
from playwright.sync_api import Browser, Page, Request

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
HEAVIEST = 300_000
"""Bytes of a page with all that belongs to it, as they are sent (issue 5, part 7)."""
PAGES = (
    "/", "/search", "/search?q=科普 市教育局&type=通知", "/search?q=科谱大篷车", "/search?q=科普&page=999",
    "/overview?on=2024-09-01", "/overview/doubts?field=issue_date", "/units", "/units?q=查无此单位",
    "/units/云州市科学技术协会?role=lead&year=2021", "/people", "/people/周明远", "/series", "/calendar?year=2024",
    "/calendar?year=2024&month=9&unit=云州市教育局", "/calendar?unit=没有的单位",
    "/audit", "/audit/matrix", "/audit/citations", "/audit/people", "/drafts", "/drafts/new", "/check",
    "/upload", "/review", "/review/acts", "/rules", "/rules/theme", "/state", "/help", "/saved", "/api", "/nowhere",
)  # fmt: skip
PAPERS = ("文号:云科协字〔2021〕41号", "文号:云科协字〔2022〕36号", "文号:云全科组办发〔2021〕3号", "标题:活动安排表")
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"


@dataclass(frozen=True)
class Kind:
    name: str
    scheme: str
    width: int


KINDS = (Kind("light-wide", "light", 1280), Kind("dark-narrow", "dark", 390))


@pytest.fixture(scope="session")
def addresses(browser: Browser, office: Office) -> list[str]:  # noqa: F811
    page = browser.new_page()
    papers = [paper_of(page, office, one) for one in PAPERS]
    page.goto(office.at("/series"))
    series = office.address + (page.locator("[data-hit]").first.get_attribute("href") or "")
    page.goto(f"{papers[0]}?review=1")
    value = office.address + (page.locator("[data-judge-link]").nth(2).get_attribute("href") or "")
    page.close()
    similar = papers[0].replace("/d/", "/similar/")
    return [*(office.at(one) for one in PAGES), *papers, f"{papers[0]}?review=1", series, value, similar]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def seen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """The policy that forbids foreign scripts is off here alone, for axe must get in."""
    kind = request.param
    context = browser.new_context(
        viewport={"width": kind.width, "height": 860}, color_scheme=kind.scheme, locale="zh-CN", bypass_csp=True
    )
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
    return [
        f"{page.url} {fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in answer.response["violations"]
        for node in fault["nodes"]
    ]


def of_each_kind(addresses: list[str]) -> list[str]:
    """One address of each page: what differs by the question alone is looked at once."""
    kinds: dict[tuple[str, int, bool], str] = {}
    for address in addresses:
        parts = urlsplit(address)
        steps = parts.path.split("/")
        named = parts.path if len(steps) == 3 and steps[1] in {"audit", "drafts", "review", "overview"} else steps[1]
        kinds.setdefault((named, len(steps), "review" in parts.query), address)
    return list(kinds.values())


def test_no_page_has_a_fault(seen: Page, addresses: list[str], request: pytest.FixtureRequest) -> None:
    found = []
    for address in addresses if "light" in request.node.name else of_each_kind(addresses):
        seen.goto(address)
        found += faults(seen)
    assert found == []


def test_what_opens_on_a_page_has_none_either(seen: Page, office: Office, addresses: list[str]) -> None:  # noqa: F811
    seen.goto(office.address)
    seen.get_by_role("combobox").press_sequentially("云州市")
    seen.get_by_role("listbox").wait_for()
    seen.keyboard.press("ArrowDown")
    found = faults(seen)
    seen.goto(office.at("/search?q=科普"))
    seen.evaluate(OPEN_ALL)
    found += faults(seen)
    paper = addresses[len(PAGES)]
    seen.goto(f"{paper}?review=1")
    seen.evaluate(OPEN_ALL)
    seen.locator('.val[data-path="title"]').click()
    found += faults(seen)
    seen.locator("[data-judge-link]").nth(1).click()
    seen.locator("dialog[open] #say").wait_for()
    found += faults(seen)
    assert found == []


def test_axe_finds_what_is_wrong(seen: Page, office: Office) -> None:  # noqa: F811
    """Or the tests above would say nothing."""
    seen.goto(office.at("/help"))
    seen.evaluate("document.querySelector('main').append(Object.assign(new Image(), {src: '/static/mark.svg'}))")
    seen.evaluate("document.querySelector('.help p').style.cssText = 'color: #777; background: #888'")
    assert {one.split(" ")[1] for one in faults(seen)} >= {"image-alt:", "color-contrast:"}


def test_no_page_is_heavy(browser: Browser, addresses: list[str]) -> None:
    """For someone who comes for the first time: nothing is at hand yet."""
    weights = {}
    for address in addresses:
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        page = context.new_page()
        asked: list[Request] = []
        page.on("requestfinished", lambda request, asked=asked: asked.append(request))
        page.goto(address, wait_until="load")
        weights[address] = sum(one.sizes()["responseBodySize"] for one in asked)
        context.close()
    assert {address: size for address, size in weights.items() if size > HEAVIEST} == {}
    assert min(weights.values()) > 20_000, "the stylesheets count"
