"""The site as a person uses it: search, filter, open, see the evidence, download; by mouse, by keys, without script."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_kit import Made
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

PLAN = 4
"""Place of the richest paper in the invented corpus."""

IS_IN_VIEW = """element => {
    const box = element.getBoundingClientRect();
    const pane = element.closest('.paper')?.getBoundingClientRect() ?? {top: 0, bottom: innerHeight};
    const seen = (top, bottom) => box.top >= top - 1 && box.bottom <= bottom + 1;
    return seen(0, innerHeight) && seen(pane.top, pane.bottom);
}"""

FAINT = """() => {
    const numbers = text => text.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => {
        const one = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        return 0.2126 * one(r) + 0.7152 * one(g) + 0.0722 * one(b);
    };
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const found = numbers(getComputedStyle(at).backgroundColor);
            if (found.length === 3 || found[3] === 1) return found;
        }
        return [255, 255, 255];
    };
    const faint = [];
    for (const element of document.querySelectorAll('body *')) {
        const words = [...element.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim()).length;
        if (!words || !element.checkVisibility() || element.closest('.visually-hidden, .skip')) continue;
        const style = getComputedStyle(element);
        const pair = [light(numbers(style.color)), light(ground(element))].sort((a, b) => b - a);
        const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
        if (ratio < 4.5) faint.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
    }
    return [...new Set(faint)];
}"""


def open_filters(page: Page) -> None:
    summary = page.locator(".filters > summary")
    if summary.is_visible():
        assert page.locator(".filters-body").is_hidden()
        summary.click()


def test_search_filter_open_and_take_back(page: Page, site) -> None:
    page.goto(site.address)
    page.get_by_role("combobox").fill("科普")
    page.get_by_role("combobox").press("Enter")
    expect(page.locator("#count")).to_contain_text("共 ")
    assert page.locator(".snippet mark").first.inner_text() == "科普"
    open_filters(page)
    page.locator("a.choice", has_text="2024").first.click()
    expect(page.locator(".chip")).to_contain_text("年份：2024")
    assert all("2024" in text for text in page.locator(".hit time").all_inner_texts())
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    first = page.locator("[data-hit]").first
    title = first.inner_text()
    first.click()
    expect(page.locator("h1")).to_have_text(title)


def test_a_value_lights_its_place_in_the_text(page: Page, site) -> None:
    page.goto(site.paper(PLAN))
    for path, quote in (("hosts/1", "云州市教育局"), ("tasks/2/lead/0", "云州市科技馆"), ("title", "关于印发")):
        page.locator(f'.val[data-path="{path}"]').click()
        lit = page.locator(".ev.lit")
        assert lit.first.inner_text().startswith(quote)
        page.wait_for_function(IS_IN_VIEW, arg=lit.first.element_handle())
    expect(page.locator("[data-told]")).to_contain_text("标题")


def test_pointing_at_a_value_is_enough_beside_the_text(page: Page, site) -> None:
    page.goto(site.paper(PLAN))
    value = page.locator('.val[data-path="theme"]')
    value.hover()
    wide = page.viewport_size["width"] > 1000
    expect(page.locator(".ev.lit")).to_have_count(1 if wide else 0)
    page.mouse.move(1, 1)
    expect(page.locator(".ev.lit")).to_have_count(0)


def test_a_place_in_the_text_lights_what_was_read_there(page: Page, site) -> None:
    page.goto(site.paper(PLAN))
    place = page.locator('.ev[data-paths~="contacts/0/phones/0"]')
    assert "电话" in place.get_attribute("title")
    place.click()
    value = page.locator('.val[data-path="contacts/0/phones/0"]')
    expect(value).to_have_class("val lit")
    page.wait_for_function(IS_IN_VIEW, arg=value.element_handle())
    expect(page.locator("[data-told]")).to_contain_text("取自此处的有")


def test_evidence_in_a_header_opens_what_hides_it(page: Page, site) -> None:
    page.goto(site.paper(PLAN))
    expect(page.locator("details.beside")).not_to_have_attribute("open", "")
    page.locator('.val[data-path="letterhead/0"]').click()
    expect(page.locator(".ev.lit")).to_be_visible()


def test_the_original_is_downloaded_byte_for_byte(page: Page, site, tmp_path: Path) -> None:
    page.goto(site.paper(PLAN))
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载原件").click()
    made: Made = site.made[PLAN]
    assert coming.value.suggested_filename == "2024年全国科普日活动方案.pdf"
    coming.value.save_as(tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == made.data


def test_the_citation_is_copied(page: Page, site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.address)
    page.goto(site.paper(PLAN))
    page.get_by_role("button", name="复制引用").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("实施方案〉的通知》（云科协字〔2024〕12号）")


def test_numbers_are_masked_until_asked_for(page: Page, site) -> None:
    page.goto(site.paper(PLAN))
    phone = page.locator('.val[data-path="contacts/0/phones/1"]')
    assert phone.inner_text() == "139****0001"
    page.get_by_role("link", name="显示完整号码").click()
    assert phone.inner_text() == "13900000001"


def test_keys_search_move_and_open(page: Page, site) -> None:
    page.goto(f"{site.address}/search?q=科技活动周")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("j")
    assert page.get_by_role("combobox").input_value() == "j"
    page.get_by_role("combobox").evaluate("element => element.blur()")
    hits = page.locator("[data-hit]")
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(hits.nth(at)).to_be_focused()
    title = hits.nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_keys_can_be_switched_off(page: Page, site) -> None:
    page.goto(f"{site.address}/help")
    page.get_by_label("在本机启用单键快捷键").uncheck()
    page.goto(f"{site.address}/search?q=科普")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_tab_reaches_the_skip_link_first_and_focus_is_seen(page: Page, site) -> None:
    page.goto(f"{site.address}/search?q=科普")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到主要内容")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2


def test_nothing_anyone_wrote_runs(page: Page, site) -> None:
    search = f"{site.address}/search"
    for address in (site.paper(-1), f"{search}?q=<script>window.hacked=1</script>", search):
        page.goto(address)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img").count() == 0


def test_no_heading_is_left_alone_at_the_foot_of_a_printed_page(browser: Browser, site) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.emulate_media(media="print")
    for address in ("/search?q=科普", site.paper(PLAN)):
        page.goto(address if address.startswith("http") else site.address + address)
        loose = """() => [...document.querySelectorAll('h1, h2, h3, .para.level, .para.heading')]
            .filter(one => one.checkVisibility() && getComputedStyle(one).breakAfter !== 'avoid')
            .map(one => one.outerHTML)"""
        assert page.evaluate(loose) == []
        assert page.locator("h2").count() > 0
    page.close()


@pytest.mark.parametrize("width", [390, 320])
def test_nothing_hangs_over_the_edge(browser: Browser, site, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    for address in ("/", "/search?q=科普&year=2024", "/state", "/help", site.paper(PLAN), site.paper(-1), "/nowhere"):
        page.goto(address if address.startswith("http") else site.address + address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, address
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read(browser: Browser, site, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme=scheme)
    pages = ["/", "/search?q=科普&year=2024", "/search?q=查无此词", "/state", "/help", site.paper(PLAN), "/nowhere"]
    for address in pages:
        page.goto(address if address.startswith("http") else site.address + address)
        if address == site.paper(PLAN):
            page.locator('.val[data-path="theme"]').click()
        assert page.evaluate(FAINT) == [], address
    page.close()


def test_it_all_works_without_script(browser: Browser, site) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/search?q=科普")
    page.locator("a.choice", has_text="2024").first.click()
    page.locator(".filters #with").fill("市科协")
    page.get_by_role("button", name="查找").click()
    assert page.get_by_role("searchbox").input_value() == "科普 单位:市科协"
    page.goto(site.paper(PLAN))
    value = page.locator('.val[data-path="hosts/1"]')
    value.click()
    anchor = page.url.rpartition("#")[2]
    assert page.locator(f"#{anchor}").inner_text() == "云州市教育局"
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()
    page.locator(f"#{anchor}").click()
    assert page.url.endswith("#v-hosts-1")
    expect(value).to_be_in_viewport()
    context.close()
