"""A draft as a person makes it: started from a paper, settled by keys and mouse, reloaded in the middle, written with
the server gone, two people at once, exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect
from serving_kit import serving
from test_site_in_browser import FAINT
from workshop_kit import SIGNED, WHO, Drafting

pytestmark = pytest.mark.browser


@dataclass
class Shop:
    address: str
    drafting: Drafting

    def path(self, page: Page) -> str:
        return page.url.partition("?")[0].partition("#")[0].rpartition("/")[2]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    drafting = Drafting(tmp_path / "corpus")
    with serving(drafting.app, threads=6) as address:
        yield Shop(address, drafting)


def start(page: Page, shop: Shop) -> str:
    page.goto(f"{shop.address}/d/{shop.drafting.ids[1]}")
    page.get_by_role("link", name="起草下一年").click()
    page.get_by_label("您的姓名").fill(WHO)
    page.get_by_role("button", name="开始起草").click()
    expect(page.locator("[data-progress]")).to_contain_text("已处理 0 /")
    return shop.path(page)


def narrow(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_draft_from_the_paper_to_the_word_file(page: Page, shop: Shop, tmp_path: Path) -> None:
    draft = start(page, shop)
    assert not narrow(page)
    page.get_by_role("link", name="开始处理").click()
    expect(page.locator("[data-card]")).to_be_visible()
    page.keyboard.press("Enter")  # as it stands
    expect(page.locator("[data-progress]")).to_contain_text("已处理 1 /")
    page.locator("a.flag", has_text="【待核：主题】").first.click()
    expect(page.locator("[data-card]")).to_contain_text("主题")
    page.keyboard.press("e")
    page.keyboard.type("提升科学素质 建设科技强国")
    page.keyboard.press("Enter")
    expect(page.locator("[data-progress]")).to_contain_text("已处理 2 /")
    expect(page.locator(".bit.settled", has_text="提升科学素质")).to_be_visible()
    assert not narrow(page)
    page.reload()  # in the middle: nothing is lost, the card of the next flag is there
    expect(page.locator("[data-progress]")).to_contain_text("已处理 2 /")
    page.keyboard.press("u")
    expect(page.locator("[data-progress]")).to_contain_text("已处理 1 /")
    page.locator("a.flag", has_text="【待核：主题】").first.click()
    expect(page.locator("[data-card] [data-type]")).to_be_visible()
    page.locator("[data-card] [data-verb=old]").click()
    expect(page.locator("[data-progress]")).to_contain_text("已处理 2 /")
    with page.expect_download() as told:
        page.get_by_role("link", name="导出 Word").click()
    assert told.value.suggested_filename.endswith("（稿）.docx")
    told.value.save_as(tmp_path / "稿.docx")
    word = Document(str(tmp_path / "稿.docx"))
    assert "提升全民科学素质 助力科技自立自强" in "\n".join(one.text for one in word.paragraphs)
    assert len(list(word.comments)) > 10
    assert [one.wanted.verb for one in shop.drafting.work(draft).acts] == ["keep", "type", "undo", "old"]
    assert {one.by for one in shop.drafting.work(draft).acts} == {SIGNED}
    assert page.evaluate(FAINT) == []


def test_what_is_typed_is_saved_by_itself_and_kept_when_the_server_is_gone(browser: Browser, shop: Shop) -> None:
    context = browser.new_context(locale="zh-CN")  # of its own: being offline is an error on the console
    page = context.new_page()
    draft = start(page, shop)
    line = next(one for one in shop.drafting.work(draft).live if one.item.kind == "paragraph")
    page.locator(f"#l-{line.id} .edit-link").click()
    area = page.locator(f"#l-{line.id} [data-write]").first
    area.fill("新写的一句话。")
    expect(page.locator(f"#l-{line.id} [data-saved]").first).to_contain_text("已保存")
    assert shop.drafting.work(draft).line(line.id).sentences[0].text == "新写的一句话。"
    page.context.set_offline(True)
    area.fill("断网时写的。")
    expect(page.locator(f"#l-{line.id} [data-saved]").first).to_contain_text("留在本机")
    page.context.set_offline(False)
    expect(page.locator(f"#l-{line.id} [data-saved]").first).to_contain_text("已保存", timeout=15_000)
    assert shop.drafting.work(draft).line(line.id).sentences[0].text == "断网时写的。"
    page.evaluate(
        "([draft, id]) => localStorage.setItem(`gongwen.draft.${draft}.${id}`, '浏览器崩溃前写的。')",
        [draft, line.sentences[0].id],
    )
    page.goto(f"{shop.address}/drafts/{draft}")
    page.get_by_role("link", name="有一处文字上次没有存上").click()
    expect(page.locator(f"#l-{line.id} [data-write]").first).to_have_value("浏览器崩溃前写的。")
    context.close()


def test_two_people_at_one_paragraph(browser: Browser, shop: Shop) -> None:
    first, second = (browser.new_context(locale="zh-CN") for _ in range(2))
    one, other = first.new_page(), second.new_page()
    draft = start(one, shop)
    line = next(line for line in shop.drafting.work(draft).live if line.open and not line.item.rows)
    for page in (one, other):
        page.goto(f"{shop.address}/drafts/{draft}?flag={line.open[0]}")
    other.get_by_label("请先写上姓名").fill("周明远")
    other.get_by_role("button", name="写上").click()
    other.goto(f"{shop.address}/drafts/{draft}?flag={line.open[0]}")
    one.locator("[data-card] [data-type]").fill("甲写的")
    one.get_by_role("button", name="填入").click()
    expect(one.locator("[data-progress]")).to_contain_text("已处理 1 /")
    other.locator("[data-card] [data-type]").fill("乙写的")
    other.get_by_role("button", name="填入").click()
    expect(other.locator("[data-problem]")).to_contain_text("乙写的")
    expect(other.locator("[data-problem]")).to_contain_text(SIGNED)
    assert [act.wanted.text for act in shop.drafting.work(draft).acts] == ["甲写的"]
    first.close()
    second.close()


def test_it_all_works_without_script(browser: Browser, shop: Shop) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    draft = start(page, shop)
    page.get_by_role("link", name="开始处理").click()
    page.locator("[data-card] [data-type]").fill("手写的单位")
    page.get_by_role("button", name="填入").click()
    assert page.locator("[data-progress]").inner_text().startswith("已处理 1 /")
    line = shop.drafting.work(draft).live[4]
    page.locator(f"#l-{line.id} .edit-link").first.click()
    page.locator(f"#l-{line.id}").get_by_role("button", name="删去本段").click()
    assert shop.drafting.work(draft).line(line.id).is_removed
    page.get_by_role("button", name="撤销").click()
    assert not shop.drafting.work(draft).line(line.id).is_removed
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_rows_of_a_table_by_keyboard(page: Page, shop: Shop, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    draft = start(page, shop)
    line = next(one for one in shop.drafting.work(draft).live if one.grid is not None)
    table = page.locator(f"#l-{line.id}")
    link = table.get_by_role("link", name="第2行：加一行、删去")
    link.focus()
    page.keyboard.press("Enter")
    expect(table.locator(".row-work")).to_be_visible()
    assert not narrow(page)
    boxes = table.locator(".row-form input[name=cell]")
    expect(boxes).to_have_count(5)
    expect(boxes.first).to_be_focused()
    for text in ("4", "科普进企业", "云州市工业和信息化局", "各工业园区", "9月"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # on the button
    expect(table.locator("tr").nth(2)).to_contain_text("科普进企业")
    expect(table.locator(".row-told")).to_contain_text(WHO)
    table.get_by_role("link", name="第2行：加一行、删去").click()
    table.get_by_role("button", name="删去第2行").click()
    expect(table.locator("tr")).to_have_count(4)
    page.reload()
    expect(table.locator("tr")).to_have_count(4)
    page.keyboard.press("u")
    expect(table.locator("tr")).to_have_count(5)
    table.get_by_role("link", name="改这一格：科普进企业").click()
    table.locator("[data-write]").fill("科普进工厂")
    expect(table.locator("[data-saved]")).to_contain_text("已保存")
    assert page.evaluate(FAINT) == []
    assert not narrow(page)
    page.goto(f"{shop.address}/drafts/{draft}")
    with page.expect_download() as told:
        page.get_by_role("link", name="导出 Word").click()
    told.value.save_as(tmp_path / "稿.docx")
    rows = [[one.text for one in row.cells] for row in Document(str(tmp_path / "稿.docx")).tables[-1].rows]
    assert ["4", "科普进工厂", "云州市工业和信息化局", "各工业园区", "9月"] in rows
