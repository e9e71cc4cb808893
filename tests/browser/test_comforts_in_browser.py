"""Suggestions, the spread over time and saved searches as a person uses them: by mouse, by keys, without script."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from test_site_in_browser import FAINT

pytestmark = pytest.mark.browser

OPTION = '[role="option"]'
SELECTED = '[role="option"][aria-selected="true"]'


def box(page: Page):
    return page.get_by_role("combobox")


def type_in(page: Page, text: str) -> None:
    box(page).press_sequentially(text)
    expect(page.get_by_role("listbox")).to_be_visible()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def questions(page: Page) -> list[str]:
    """What the page asks from now on, save for its own pictures and scripts."""
    seen: list[str] = []
    page.on("request", lambda request: None if "/static/" in request.url else seen.append(request.url))
    return seen


def test_a_person_is_found_by_initials_and_keys(page: Page, site) -> None:
    page.goto(site.address)
    type_in(page, "zmy")
    expect(page.locator(OPTION)).to_have_text(["周明远"])
    expect(page.locator(SELECTED)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    assert box(page).get_attribute("aria-activedescendant") == page.locator(SELECTED).get_attribute("id")
    assert page.evaluate("document.activeElement.id") == "q", "the focus stays in the box"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert asked(page)["q"] == ["周明远"]
    expect(page.locator("#count")).to_contain_text("共 ")


def test_a_number_leads_to_its_paper(page: Page, site) -> None:
    page.goto(f"{site.address}/search?q=科普&year=2024")
    box(page).fill("")
    type_in(page, "云科协字2024 12")
    page.locator(OPTION, has_text="云科协字〔2024〕12号").click()
    page.wait_for_url("**/d/**")
    expect(page.locator(".paper-head .number")).to_have_text("云科协字〔2024〕12号")


def test_groups_are_named_and_filters_stay(page: Page, site) -> None:
    page.goto(f"{site.address}/search?q=x&year=2024")
    box(page).fill("")
    type_in(page, "云州市科")
    names = page.locator('.suggestions [role="group"]').evaluate_all(
        "groups => groups.map(g => document.getElementById(g.getAttribute('aria-labelledby')).textContent)"
    )
    assert names[0] == "单位"
    page.locator(OPTION, has_text="云州市科技馆").first.click()
    page.wait_for_url("**/search?**")
    assert asked(page) == {"q": ["云州市科技馆"], "year": ["2024"]}


def test_escape_gives_back_what_was_typed(page: Page, site) -> None:
    page.goto(site.address)
    type_in(page, "科普")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert box(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    assert page.locator(OPTION).last.get_attribute("aria-selected") == "true", "round the other way"
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box(page).input_value() == "科普"
    assert box(page).get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert asked(page)["q"] == ["科普"], "Enter alone searches what was typed"


def test_leaving_the_box_closes_the_list(page: Page, site) -> None:
    page.goto(site.address)
    type_in(page, "科普")
    page.keyboard.press("Tab")
    expect(page.locator(".suggestions")).to_be_hidden()


def test_recent_searches_are_kept_in_this_browser_only(page: Page, site) -> None:
    page.goto(site.address)
    for text in ("全国科普日", "科技活动周"):
        box(page).fill(text)
        box(page).press("Enter")
        page.wait_for_url("**/search?**")
        page.goto(site.address)
    seen = questions(page)
    box(page).click()
    labels = page.locator(f"{OPTION} .suggestion-label")
    expect(labels).to_have_text(["科技活动周", "全国科普日", "清除最近检索"])
    assert seen == []
    page.locator(OPTION, has_text="全国科普日").click()
    page.wait_for_url("**/search?**")
    page.goto(site.address)
    box(page).click()
    page.locator(OPTION, has_text="清除").click()
    expect(page.locator(".suggestions")).to_be_hidden()
    box(page).blur()
    box(page).click()
    expect(page.locator(OPTION)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('gongwen.recent')") is None


def test_letters_of_an_input_method_ask_for_nothing(page: Page, site) -> None:
    page.goto(site.address)
    seen = questions(page)
    box(page).evaluate("""box => {
        box.focus();
        box.dispatchEvent(new CompositionEvent('compositionstart'));
        box.value = "ke'pu";
        box.dispatchEvent(new InputEvent('input', {isComposing: true}));
    }""")
    page.wait_for_timeout(400)
    assert seen == []
    with page.expect_response("**/suggest?**"):
        box(page).evaluate("""box => {
            box.value = '科普';
            box.dispatchEvent(new CompositionEvent('compositionend'));
        }""")
    expect(page.locator(OPTION).first).to_be_visible()


def test_what_titles_say_does_not_run(page: Page, site) -> None:
    page.goto(site.address)
    type_in(page, "onerror")
    expect(page.locator(OPTION).first).to_contain_text("<img src=x onerror=")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0


def open_bars(page: Page) -> None:
    if page.locator("svg.bars").is_hidden():
        page.locator(".histogram > summary").click()


def bar_of(page: Page, at: int):
    return page.locator("a.bar").nth(at)


def point(page: Page, at: int) -> tuple[float, float]:
    found = bar_of(page, at).locator(".field").bounding_box()
    return found["x"] + found["width"] / 2, found["y"] + found["height"] / 2


def test_dragging_over_bars_chooses_their_time(page: Page, site) -> None:
    page.goto(f"{site.address}/search?q=科普&type=通知&page=1")
    open_bars(page)
    count = page.locator("a.bar").count()
    assert count >= 5
    first, last = bar_of(page, 1).get_attribute("data-from"), bar_of(page, 3).get_attribute("data-to")
    page.mouse.move(*point(page, 3))
    page.mouse.down()
    page.mouse.move(*point(page, 2), steps=4)
    page.mouse.move(*point(page, 1), steps=4)
    expect(page.locator("a.bar.in-range")).to_have_count(3)
    expect(page.locator("[data-bars-told]")).to_contain_text("选中：")
    page.mouse.up()
    page.wait_for_url("**from=**")
    assert asked(page) == {"q": ["科普"], "type": ["通知"], "from": [first], "to": [last]}
    open_bars(page)
    assert page.locator("a.bar").count() > 0
    page.locator(".bars-foot a", has_text="全部日期").click()
    assert "from" not in asked(page)


def test_a_click_on_a_bar_is_its_link(page: Page, site) -> None:
    page.goto(f"{site.address}/search?q=科普")
    open_bars(page)
    counts = [link.get_attribute("class") for link in page.locator("a.bar").all()]
    at = next(at for at, name in enumerate(counts) if "none" not in name)
    wanted = bar_of(page, at).get_attribute("data-from")
    page.mouse.click(*point(page, at))
    page.wait_for_url("**from=**")
    assert asked(page)["from"] == [wanted]


def test_bars_are_chosen_by_keys(page: Page, site) -> None:
    page.goto(f"{site.address}/search?q=科普")
    open_bars(page)
    assert page.locator('a.bar[tabindex="0"]').count() == 1, "one stop for the tab key"
    bar_of(page, 0).focus()
    page.keyboard.press("ArrowRight")
    expect(bar_of(page, 1)).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("a.bar.in-range")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator("a.bar.in-range")).to_have_count(0)
    page.keyboard.press("Shift+ArrowLeft")
    first, last = bar_of(page, 2).get_attribute("data-from"), bar_of(page, 3).get_attribute("data-to")
    page.keyboard.press("Enter")
    page.wait_for_url("**from=**")
    assert (asked(page)["from"], asked(page)["to"]) == ([first], [last])


def test_a_search_is_saved_found_again_and_deleted(page: Page, site) -> None:
    page.goto(f"{site.address}/search?q=科普&year=2024")
    page.locator(".keep-search > summary").click()
    page.get_by_label("名称", exact=True).fill("浏览器里的检索")
    page.locator(".keep-search button").click()
    page.wait_for_url("**/saved#**")
    page.goto(site.address)
    page.get_by_role("link", name="浏览器里的检索").click()
    assert asked(page) == {"q": ["科普"], "year": ["2024"]}
    page.goto(f"{site.address}/saved")
    page.locator("summary", has_text="删除").first.click()
    page.get_by_role("button", name="确认删除").first.click()
    expect(page.get_by_role("link", name="浏览器里的检索")).to_have_count(0)


def test_tables_are_downloaded(page: Page, site) -> None:
    page.goto(f"{site.address}/search?q=科普")
    for name in ("XLSX", "CSV"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=name, exact=True).click()
        assert coming.value.suggested_filename.endswith(name.lower())


def test_all_of_it_works_without_script(browser: Browser, site) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/search?q=科普")
    assert page.get_by_role("combobox").count() == 0
    assert page.get_by_role("searchbox").input_value() == "科普"
    link = page.locator("a.bar:not(.none)").first
    wanted = link.get_attribute("data-from")
    link.click()
    assert asked(page)["from"] == [wanted]
    page.goto(f"{site.address}/search?q=科谱日")
    page.get_by_role("link", name="科普日").click()
    assert asked(page)["q"] == ["科普日"]
    context.close()


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_and_fits(browser: Browser, site, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 860}, color_scheme=scheme)
    similar = site.paper(4).replace("/d/", "/similar/")
    for address in ("/", "/search?q=科普", "/search?q=科谱日", "/saved", similar, site.paper(4)):
        page.goto(address if address.startswith("http") else site.address + address)
        if address == "/search?q=科普":
            open_bars(page)
        if address in ("/", "/search?q=科普"):
            box(page).fill("")
            type_in(page, "科普")
            page.keyboard.press("ArrowDown")
        assert page.evaluate(FAINT) == [], address
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, address
    page.close()
