"""Review as a person does it: by keys, by mouse, in two browsers at once, without script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from corpus_kit import new_store
from hostile_name import HOSTILE
from papers_kit import corpus
from playwright.sync_api import Browser, BrowserContext, Page, expect
from review_kit import SIGNED, WHO, doubtful_corpus, past
from serving_kit import serving
from test_site_in_browser import FAINT

from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings
from gongwen.store import Store
from index.doubt_store import open_doubts
from index.following import Following
from index.sync import open_index
from web.app import create_app
from web.review_desk import ReviewDesk

pytestmark = pytest.mark.browser

PLAN = 2
WIDE = pytest.mark.parametrize("page", [(1280, 860)], indirect=True, ids=["wide"])
"""What the width of the window changes nothing about."""


@dataclass
class ReviewSite:
    address: str
    store: Store
    papers: list[str]
    shas: list[str]

    def paper(self, at: int, *, reviewing: bool = True) -> str:
        return f"{self.address}/d/{self.papers[at]}{'?review=1' if reviewing else ''}"

    def by(self, at: int) -> list[str]:
        return [one.by for one in self.store.reviews(self.shas[at])]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReviewSite]:
    """A site of its own for each test, with the real index following every act."""
    made = [*doubtful_corpus(), *corpus()[1:3]]
    settings = Settings(corpus=tmp_path / "corpus", network_disk=True)
    store = new_store(settings.corpus, made)
    store.add_review(made[1].reading.sha256, past(made[1], "issue_date", "2023-09-01", "2023-09-02"))
    index, doubts = open_index(settings), open_doubts(settings)
    doubts.rebuild()
    following = Following(index, doubts)
    desk = ReviewDesk(store, doubts, following, lambda: load_rulebook(Settings()))
    with serving(create_app(settings, papers=store, finder=index, review=desk), threads=6) as address:
        yield ReviewSite(address, store, [one.reading.documents[0].id for one in made],
                         [one.reading.sha256 for one in made])  # fmt: skip
    following.close()
    index.close()


def introduce(page: Page) -> None:
    """The name is asked once."""
    page.locator("#who").fill(WHO)
    page.locator("#who").evaluate("element => element.blur()")


def named(context: BrowserContext, site: ReviewSite, name: str) -> Page:
    context.add_cookies([{"name": "gongwen_who", "value": name, "url": site.address}])
    return context.new_page()


def test_a_value_is_corrected_by_keys_and_search_shows_it(page: Page, site: ReviewSite) -> None:
    page.goto(site.paper(0))
    page.keyboard.press("j")
    expect(page.locator("[data-judge-link]").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog.locator(".judged-value")).to_contain_text("关于选聘2024年科普讲师的通知")
    introduce(page)
    page.keyboard.press("e")
    expect(dialog.locator("#say")).to_be_focused()
    page.keyboard.type("关于遴选2024年科技志愿者的通知")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("关于遴选2024年科技志愿者的通知")
    expect(page.locator(".did")).to_contain_text("已更正")
    page.goto(f"{site.address}/search?q=遴选2024年科技志愿者")
    expect(page.locator("[data-hit]")).to_have_text(["关于遴选2024年科技志愿者的通知"])
    page.goto(f"{site.address}/search?q=标题:选聘2024年")
    expect(page.locator("[data-hit]")).to_have_count(0)
    assert site.by(0) == [SIGNED]


def test_the_queue_is_walked_by_keys(page: Page, site: ReviewSite) -> None:
    page.goto(f"{site.address}/review")
    expect(page.locator(".judged-value")).to_contain_text("2023年9月30日")
    introduce(page)
    page.keyboard.press("Enter")
    expect(page.locator(".did")).to_contain_text("已确认")
    expect(page.locator(".judged-label")).to_have_text("发文字号")
    first = page.locator(".judged-paper").text_content()
    page.keyboard.press("s")
    expect(page.locator(".judged-paper")).not_to_have_text(first)
    page.keyboard.press("k")
    expect(page.locator(".judged-paper")).to_have_text(first)
    page.keyboard.press("x")
    expect(page.locator(".did")).to_contain_text("已记为原文没有")
    page.keyboard.press("u")
    expect(page.locator(".did")).to_contain_text("已撤销")
    page.goto(f"{site.address}/review?kind=disputed")
    page.keyboard.press("e")
    page.keyboard.type("2024年9月28日")
    page.keyboard.press("Enter")
    expect(page.locator(".did")).to_contain_text("已更正")
    assert len(site.by(0)) + len(site.by(1)) > 4


def test_a_key_that_is_typed_is_a_letter(browser: Browser, site: ReviewSite) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(f"{site.address}/review?kind=disputed")
    introduce(page)
    page.keyboard.press("e")
    page.keyboard.type("xkjsu")
    assert page.locator("#say").input_value() == "xkjsu"
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_contain_text("不是一个日期")
    assert page.locator("#say").input_value() == "xkjsu"
    expect(page.locator("#say")).to_be_focused()
    assert site.by(0) == []
    page.close()


@WIDE
def test_escape_leaves_the_box_then_the_card(page: Page, site: ReviewSite) -> None:
    page.goto(site.paper(0))
    link = page.locator("[data-judge-link]").nth(1)
    link.click()
    introduce(page)
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(link).to_be_focused()


@WIDE
def test_keys_can_be_switched_off(page: Page, site: ReviewSite) -> None:
    page.goto(f"{site.address}/help")
    page.get_by_label("在本机启用单键快捷键").uncheck()
    page.goto(f"{site.address}/review")
    before = page.url
    page.keyboard.press("s")
    page.wait_for_timeout(300)
    assert page.url == before
    expect(page.locator("[data-keys-hint]")).to_be_hidden()


def test_two_browsers_do_not_overwrite_each_other(browser: Browser, site: ReviewSite) -> None:
    contexts = [browser.new_context(locale="zh-CN") for _ in range(2)]
    mine, theirs = (named(one, site, name) for one, name in zip(contexts, ("%E7%94%B2", "%E4%B9%99"), strict=True))
    for page in (mine, theirs):
        page.goto(site.paper(0))
        page.locator('[data-path="title"] ~ [data-judge-link]').click()
        page.locator("dialog #say").wait_for()
    theirs.locator("#say").fill("乙写的标题")
    theirs.get_by_role("button", name="更正", exact=True).click()
    expect(theirs.locator("h1")).to_have_text("乙写的标题")
    mine.locator("#say").fill("甲写的标题")
    mine.get_by_role("button", name="更正", exact=True).click()
    expect(mine.locator("h1")).to_have_text("内容已经改变，没有写入")
    expect(mine.locator(".kept-words")).to_have_text("甲写的标题")
    mine.get_by_role("link", name="把您写的用在这里").first.click()
    assert mine.locator("#say").input_value() == "甲写的标题"
    mine.get_by_role("button", name="更正", exact=True).click()
    expect(mine.locator("h1")).to_have_text("甲写的标题")
    assert site.by(0) == ["乙（未登录）", "甲（未登录）"]
    for one in contexts:
        one.close()


@WIDE
def test_words_that_people_say_never_run(page: Page, site: ReviewSite) -> None:
    page.goto(site.paper(0))
    for path, word in (("title", HOSTILE), ("issuers/0", f"{HOSTILE}局")):
        page.locator(f'[data-path="{path}"] ~ [data-judge-link]').first.click()
        page.locator("dialog #say").wait_for()
        if path == "title":
            introduce(page)
        page.locator("dialog #say").fill(word)
        page.get_by_role("button", name="更正", exact=True).click()
        expect(page.locator(".did")).to_contain_text("已更正")
    for address in (site.paper(0), site.paper(0, reviewing=False), f"{site.address}/review", f"{site.address}/search",
                    f"{site.address}/review/acts", f"{site.address}/d/{site.papers[0]}/acts"):  # fmt: skip
        page.goto(address)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img").count() == 0
    page.goto(site.paper(0))
    page.locator('[data-path="title"] ~ [data-judge-link]').click()
    expect(page.locator("dialog .judged-value")).to_contain_text("<script>")
    assert page.evaluate("window.hacked") is None


def test_a_row_is_added_confirmed_and_removed_by_mouse(page: Page, site: ReviewSite) -> None:
    page.goto(site.paper(PLAN))
    page.locator("h3", has_text="联系方式").get_by_role("link", name="补充一项").click()
    introduce(page)
    page.get_by_label("联系人").fill("周明远")
    page.get_by_label("电话").fill("0999-5550199")
    page.get_by_role("button", name="补充一项").click()
    expect(page.locator("body")).to_contain_text("0999-5550199")
    page.goto(site.paper(PLAN))
    row = page.locator("tr, .entries > li", has_text="林若溪").filter(has_text="副局长")
    row.get_by_role("link", name="核整项").click()
    page.get_by_role("button", name="原文没有这一项").click()
    expect(page.locator(".review-more", has_text="复核时删去的")).to_contain_text("领导小组")
    page.locator(".review-more").get_by_role("button", name="恢复").click()
    expect(page.locator(".did")).to_contain_text("已撤销")
    expect(page.locator("tr, .entries > li", has_text="副局长").first).to_be_visible()


@WIDE
def test_many_are_confirmed_at_once_and_taken_back(page: Page, site: ReviewSite) -> None:
    page.goto(f"{site.address}/review?kind=low")
    page.get_by_role("link", name="一起查看、确认").click()
    introduce(page)
    page.get_by_role("button", name="确认勾选的各项").click()
    expect(page.locator(".did")).to_contain_text("已确认 2 项")
    page.locator(".did").get_by_role("button", name="撤销这一批").click()
    expect(page.locator(".did")).to_contain_text("已撤销这一批")
    page.goto(f"{site.address}/review?kind=low")
    expect(page.locator(".queue-bar")).to_contain_text("/ 2 项")


def test_it_all_works_without_script(browser: Browser, site: ReviewSite) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/review")
    page.locator("#who").fill(WHO)
    page.get_by_role("button", name="仍以当时的意见为准").click()
    expect(page.locator(".did")).to_contain_text("已恢复原来的意见")
    page.locator(".did").get_by_role("button", name="撤销").click()
    expect(page.locator(".did")).to_contain_text("已撤销")
    page.goto(site.paper(0))
    page.locator('[data-path="title"] ~ .judge').click()
    page.locator("#say").fill("没有脚本也能更正的标题")
    page.locator("#say").press("Enter")
    expect(page.locator("h1")).to_have_text("没有脚本也能更正的标题")
    assert page.url.endswith("#v-title")
    context.close()


ADDRESSES = ("/review", "/review?kind=low", "/review?kind=stale", "/review/acts")


@pytest.mark.parametrize("width", [390, 320])
def test_nothing_hangs_over_the_edge(browser: Browser, site: ReviewSite, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    for address in (*ADDRESSES, site.paper(0), site.paper(PLAN)):
        page.goto(address if address.startswith("http") else site.address + address)
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0, address
        if address == site.paper(PLAN):
            page.locator("h3 [data-judge-link]").first.click()
            box = page.locator("dialog[open]").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read(browser: Browser, site: ReviewSite, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme=scheme)
    for address in (*ADDRESSES, site.paper(0)):
        page.goto(address if address.startswith("http") else site.address + address)
        if address == site.paper(0):
            page.locator("[data-judge-link]").first.click()
            page.locator("dialog[open] #say").wait_for()
        assert page.evaluate(FAINT) == [], address
    page.close()
