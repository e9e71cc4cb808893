"""The pages over the catalogue as a person uses them: look, click a number, land on the words; by mouse, keys, without
script, in a wide and a narrow window."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect
from test_site_in_browser import FAINT

pytestmark = pytest.mark.browser

OFFICE = "云州市科学技术协会"
PAGES = (
    "/units", f"/units/{OFFICE}?role=lead", "/people", "/people/周明远", "/series", "/calendar?year=2024",
    "/calendar?year=2024&month=8", "/overview", "/overview/doubts?field=tasks", "/calendar?unit=没有的单位",
)  # fmt: skip


def test_from_the_list_of_units_to_the_words_of_a_paper(page: Page, site) -> None:
    page.goto(f"{site.address}/units")
    page.get_by_role("combobox").fill("科学技术协会")
    page.get_by_role("combobox").press("Enter")
    page.get_by_role("link", name=OFFICE, exact=True).click()
    expect(page.locator("h1")).to_have_text(OFFICE)
    page.get_by_role("link", name="2022年牵头：1项").click()
    expect(page.locator("#list")).to_contain_text("2022年牵头")
    expect(page.locator("#list")).to_be_in_viewport()
    expect(page.locator("td.chosen")).to_have_count(1)
    page.get_by_role("link", name="主会场启动仪式").click()
    expect(page.locator("h1")).to_contain_text("2022年全国科普日")
    assert page.url.endswith("#v-tasks-0-lead-0")
    value = page.locator("#v-tasks-0-lead-0")
    expect(value).to_be_in_viewport()
    assert value.inner_text() == OFFICE


def test_a_column_of_the_chart_leads_to_its_year(page: Page, site) -> None:
    page.goto(f"{site.address}/units/{OFFICE}")
    column = page.locator(".chart a").nth(1)
    assert column.get_attribute("aria-label").startswith("2021：")
    column.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list")).to_contain_text("2021年全部事项")


def test_a_year_a_month_a_unit_and_its_feed(page: Page, site) -> None:
    page.goto(f"{site.address}/calendar?year=2023")
    page.get_by_role("link", name="2024", exact=True).click()
    expect(page.locator("h1")).to_have_text("2024年时限和活动")
    page.locator(".chart a[aria-label^='9月']").click()
    expect(page.locator("h1")).to_have_text("2024年9月时限和活动")
    page.get_by_role("link", name="回到全年").click()
    page.get_by_label("只看一个单位").fill("云州市教育局")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("h1")).to_have_text("2024年时限和活动：云州市教育局")
    feed = page.locator(".feeds a").first
    assert unquote(feed.get_attribute("href")) == "/calendar.ics?unit=云州市教育局"
    answer = page.request.get(site.address + feed.get_attribute("href"))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.text().startswith("BEGIN:VCALENDAR\r\n")
    entry = page.locator(".entry a").first
    entry.click()
    assert "#v-" in page.url
    expect(page.locator(f"[id='{page.url.rpartition('#')[2]}']")).to_be_in_viewport()


def test_the_paper_leads_to_its_other_years(page: Page, site) -> None:
    page.goto(site.paper(4))
    page.get_by_role("link", name="历年并排比较").click()
    expect(page.locator("thead th").nth(1)).to_have_text("2020")
    page.locator("tbody tr").first.get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("2020年")


def test_keys_move_through_lists(page: Page, site) -> None:
    page.goto(f"{site.address}/units")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-hit]").nth(1)).to_be_focused()
    name = page.locator("[data-hit]").nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)


@pytest.mark.parametrize("width", [390, 320])
def test_nothing_hangs_over_the_edge_of_a_narrow_window(browser: Browser, site, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    for address in PAGES:
        page.goto(site.address + address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, address
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_of_the_pages_can_be_read(browser: Browser, site, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme=scheme)
    for address in PAGES:
        page.goto(site.address + address)
        assert page.evaluate(FAINT) == [], address
        assert page.evaluate(FAINT_TEXT_OF_CHARTS) == [], address
    page.close()


FAINT_TEXT_OF_CHARTS = """() => {
    const light = text => {
        const [r, g, b] = text.match(/[\\d.]+/g).map(Number);
        const one = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        return 0.2126 * one(r) + 0.7152 * one(g) + 0.0722 * one(b);
    };
    const faint = [];
    for (const text of document.querySelectorAll('.chart text')) {
        const ground = getComputedStyle(text.closest('.panel, .chart')).backgroundColor;
        const pair = [light(getComputedStyle(text).fill), light(ground)].sort((a, b) => b - a);
        if ((pair[0] + 0.05) / (pair[1] + 0.05) < 4.5) faint.push(text.textContent);
    }
    return faint;
}"""


def test_tab_reaches_every_region_and_focus_is_seen(page: Page, site) -> None:
    page.goto(f"{site.address}/units/{OFFICE}")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.tagName"))
        assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    assert {"历年事项，按角色和年份"} <= seen


def test_all_of_it_works_without_script(browser: Browser, site) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/overview")
    page.get_by_label("换一个日期看").fill("2023-08-20")
    page.get_by_role("button", name="查看").click()
    assert page.locator(".due-list time").first.get_attribute("datetime") == "2023-08-25"
    page.locator(".due-list a").first.click()
    expect(page.locator(f"[id='{page.url.rpartition('#')[2]}']")).to_be_in_viewport()
    context.close()


def test_units_are_suggested_where_a_unit_is_sought_and_nothing_else(page: Page, site) -> None:
    page.goto(f"{site.address}/units")
    page.get_by_role("combobox").press_sequentially("云州市科")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert page.locator(".suggestion-kind").all_inner_texts() == ["单位"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/units?q=**")
    page.goto(site.address)
    page.get_by_role("combobox").click()
    expect(page.get_by_role("listbox")).to_be_hidden()
