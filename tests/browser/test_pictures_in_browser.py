"""Pages of the original as a person uses them: pointing, clicking, keys, scrolling, a telephone, no script."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest
from corpus_kit import Made, PlainFinder, new_store
from pictures_kit import PHONE, TITLE, VALUES, letter, long_paper, made_of, read_pdf
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from serving_kit import serving
from test_site_in_browser import FAINT, IS_IN_VIEW

from gongwen.settings import Settings
from ingest.pictures.gallery import Gallery
from ingest.pictures.wish import Wish
from ingest.sandbox import draw_page
from web.app import create_app

pytestmark = pytest.mark.browser

LOADED = "() => [...document.querySelectorAll('.sheets img')].some(one => one.complete && one.naturalWidth > 0)"
FAR = "第211页的工作记录"


@dataclass
class Place:
    address: str
    letter: Made
    long: Made
    broken: Made

    def of(self, made: Made) -> str:
        return f"{self.address}/d/{made.reading.documents[0].id}"


def blank(wish: Wish) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (wish.width, round(wish.width * 842 / 595)), "white").save(out, "WEBP")
    return out.getvalue()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = letter(pages=3)
    long = long_paper(300, {"title": "第1页的工作记录", "theme": FAR})
    data = b"%PDF-1.7 broken"
    document = read_pdf(letter(pages=1).data)
    broken = made_of(replace(document, sha256=sha256(data).hexdigest()), data, (VALUES, None, None), source="坏的.pdf")
    store = new_store(tmp_path_factory.mktemp("corpus"), [made, long, broken])

    def draw(path: Path, wish: Wish) -> bytes:
        return blank(wish) if path.name == long.reading.sha256 else draw_page(path, wish)

    gallery = Gallery(store, draw=draw, patience=60, waiting=12)
    app = create_app(Settings(), papers=store, finder=PlainFinder([made, long, broken]), pictures=gallery)
    with serving(app, threads=16) as address:
        yield Place(address, made, long, broken)


def is_wide(page: Page) -> bool:
    return page.viewport_size["width"] > 1000


def spot(page: Page, path: str):
    return page.locator(f'.spot[data-paths~="{path}"]').first


def test_a_value_lights_its_box_and_brings_it_into_view(page: Page, place: Place) -> None:
    page.goto(place.of(place.letter))
    page.wait_for_function(LOADED)
    for path in ("deadlines/0/text", "title"):
        page.locator(f'.val[data-path="{path}"]').click()
        expect(spot(page, path)).to_have_class(re.compile("lit"))
        page.wait_for_function(IS_IN_VIEW, arg=spot(page, path).element_handle())
    if is_wide(page):
        expect(page.locator("[data-told]")).to_contain_text("已标出“标题”的出处")
    else:  # the reader is taken to the box, which says what it is
        expect(spot(page, "title")).to_be_focused()
        expect(page.locator("[data-told]")).to_have_text(f"标题：{TITLE}")


def test_pointing_or_coming_by_key_is_enough_beside_the_page(page: Page, place: Place) -> None:
    page.goto(place.of(place.letter))
    value = page.locator('.val[data-path="addressees/0"]')
    value.hover()
    lit = page.locator(".spot.lit")
    expect(lit).to_have_count(1 if is_wide(page) else 0)
    page.mouse.move(1, 1)
    expect(lit).to_have_count(0)
    value.focus()
    expect(lit).to_have_count(1 if is_wide(page) else 0)


def test_a_box_says_what_was_taken_from_it(page: Page, place: Place) -> None:
    page.goto(place.of(place.letter))
    page.wait_for_function(LOADED)
    box = page.get_by_role("link", name=f"标题：{TITLE}")
    expect(box).to_have_count(1)
    box.hover()
    value = page.locator('.val[data-path="title"]')
    expect(value).to_have_class("val lit")
    expect(page.locator("[data-told]")).to_have_text(f"标题：{TITLE}")
    box.click()
    expect(value).to_have_class("val lit")
    page.wait_for_function(IS_IN_VIEW, arg=value.element_handle())
    expect(page.locator("[data-told]")).to_have_text(f"取自此处的有：标题：{TITLE}")
    if not is_wide(page):
        expect(value).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".lit")).to_have_count(0)


def test_boxes_and_looks_by_keys_alone(page: Page, place: Place) -> None:
    page.goto(place.of(place.letter))
    page.locator("[data-sheets]").focus()
    page.keyboard.press("Tab")
    expect(spot(page, "title")).to_be_focused()
    expect(page.locator('.val[data-path="title"]')).to_have_class("val lit")
    assert page.evaluate("getComputedStyle(document.activeElement.querySelector('polygon')).strokeWidth") == "3px"
    page.keyboard.press("Enter")
    expect(page.locator("[data-told]")).to_contain_text("取自此处的有：标题")
    page.get_by_role("link", name="文字", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("article.paper")).to_be_visible()
    page.get_by_role("link", name="原貌").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-sheets]")).to_be_visible()


def test_a_value_on_a_page_far_away_brings_that_page(page: Page, place: Place) -> None:
    page.goto(f"{place.of(place.long)}?page=150")
    expect(page.locator(".sheet:not(.far)")).not_to_have_count(0)
    value = page.locator('.val[data-path="theme"]')
    value.click()
    expect(spot(page, "theme")).to_have_class(re.compile("lit"))
    page.wait_for_function(IS_IN_VIEW, arg=spot(page, "theme").element_handle())
    page.wait_for_function("() => location.search.includes('page=211')")
    assert page.locator(".sheets img").count() < 40


def test_scrolling_brings_pages_and_the_address_tells_which(page: Page, place: Place) -> None:
    page.goto(place.of(place.long))
    page.wait_for_function(LOADED)
    assert page.locator(".sheets img").count() <= 8
    page.locator("#p-40").evaluate("one => one.scrollIntoView()")
    page.wait_for_function("() => document.querySelector('#p-40 img')?.naturalWidth > 0")
    page.wait_for_function("() => /page=(39|40)\\b/.test(location.search)")
    assert page.locator(".sheets img").count() < 30
    here = page.url
    assert re.search(r"page=(39|40)\b", page.get_by_role("link", name="原貌").get_attribute("href"))
    assert re.search(r"#page-(39|40)$", page.get_by_role("link", name="文字", exact=True).get_attribute("href"))
    page.goto("about:blank")
    page.goto(here)
    page.wait_for_function("() => document.querySelector('#p-40 img')?.naturalWidth > 0")
    page.wait_for_function("() => Math.abs(document.querySelector('#p-40').getBoundingClientRect().top) < 1500")
    page.get_by_role("link", name="文字", exact=True).click()
    expect(page.locator("article")).to_be_visible()
    expect(page.locator(f"#{page.url.rpartition('#')[2]}")).to_be_in_viewport()


def test_numbers_are_covered_until_asked_for(page: Page, place: Place) -> None:
    page.goto(f"{place.of(place.letter)}?page=2")
    expect(page.locator(f'[aria-label*="{PHONE}"]')).to_have_count(0)
    page.get_by_role("link", name="显示完整号码").click()
    expect(page.locator("[data-sheets]")).to_be_visible()
    assert "full=1" in page.url and "page=2" in page.url
    expect(page.locator(f'[aria-label*="{PHONE}"]')).to_have_count(1)
    sources = page.locator(".sheets img").evaluate_all("all => all.map(one => one.src + one.srcset)")
    assert all(source.count("full=1") == 3 for source in sources)


def test_a_page_larger_and_smaller(page: Page, place: Place) -> None:
    page.goto(place.of(place.letter))
    page.wait_for_function(LOADED)
    width = "() => document.querySelector('.leaf img').getBoundingClientRect().width"
    before = page.evaluate(width)
    expect(page.get_by_role("button", name="缩小")).to_be_disabled()
    page.get_by_role("button", name="放大").click()
    assert page.evaluate(width) == pytest.approx(1.5 * before, rel=0.05)
    expect(page.locator("[data-zoom-now]")).to_have_text("150%")
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0
    box, leaf = (page.locator(one).first.bounding_box() for one in (".spots", ".leaf img"))
    assert box == pytest.approx(leaf, abs=1)
    page.get_by_role("button", name="缩小").click()
    assert page.evaluate(width) == pytest.approx(before, abs=1)


def test_a_page_that_cannot_be_shown_says_so(browser: Browser, place: Place) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(place.of(place.broken))
    expect(page.locator(".leaf-lost")).to_have_text("这一页无法显示，请下载原件查看。")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if ".webp" in one.url else None)
    page.reload()
    expect(page.locator(".leaf-lost")).to_have_text("这一页无法显示，请下载原件查看。")
    assert asked == []
    page.close()


def test_a_picture_that_has_to_wait_comes_later(browser: Browser, place: Place) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    turns = iter([503, 503])

    def answer(route) -> None:
        status = next(turns, None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Retry-After": "0"}, body="稍候")

    page.route(re.compile(r"/page/1\.webp"), answer)
    page.goto(place.of(place.letter))
    page.wait_for_function("() => document.querySelector('#p-1 img')?.naturalWidth > 0")
    expect(page.locator(".leaf.waiting, .leaf-lost")).to_have_count(0)
    page.close()


@pytest.mark.parametrize("width", [1280, 400, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_and_nothing_hangs_over(browser: Browser, place: Place, scheme: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 860}, color_scheme=scheme)
    for made in (place.letter, place.long, place.broken):
        page.goto(place.of(made))
        page.locator('.val[data-path="title"]').click()
        assert page.evaluate(FAINT) == []
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0
    page.close()


def test_it_all_works_without_script(browser: Browser, place: Place) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, java_script_enabled=False)
    page = context.new_page()
    page.goto(place.of(place.letter))
    page.locator('.val[data-path="title"]').click()
    anchor = page.url.rpartition("#")[2]
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()
    page.locator(f"#{anchor}").click()
    assert page.url.endswith("#v-title")
    page.goto(place.of(place.long))
    page.locator('.val[data-path="theme"]').click()
    assert "page=211" in page.url
    expect(page.locator(f"#{page.url.rpartition('#')[2]}")).to_be_in_viewport()
    page.get_by_role("link", name="第 205 页").click()
    expect(page.locator("#p-205 img")).to_be_in_viewport()
    context.close()
