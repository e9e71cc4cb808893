"""Files dropped on the site: each with its progress, read by the worker, found by search; and without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from serving_kit import serving

from gongwen.cli.compose import CorpusInlet
from gongwen.cli.worker import Worker
from gongwen.settings import Settings
from gongwen.store import open_store
from index.sync import open_index
from web.app import create_app
from web.intake import journal_intake

pytestmark = pytest.mark.browser

DROP = """async files => {
    const carried = new DataTransfer();
    for (const [name, text] of files) carried.items.add(new File([text], name, {type: 'text/plain'}));
    const drop = new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true});
    document.getElementById('drop').dispatchEvent(drop);
}"""
READ = 60_000
"""Milliseconds that a file may take on a busy machine."""


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    settings = Settings(corpus=tmp_path / "corpus", free_space_mb=0)
    monkeypatch.setenv("GONGWEN_CORPUS", str(settings.corpus))
    store = open_store(settings)
    store.create()
    index = open_index(settings)
    app = create_app(settings, papers=store, finder=index, intake=journal_intake(store.journal),
                     inlet=CorpusInlet(settings))  # fmt: skip
    with serving(app) as address, Worker():
        yield address
    index.close()


def paper(number: int) -> str:
    return f"关于召开第{number}次科普年会的通知\n各县科协：\n请参加。\n云州市科协\n2024年5月8日\n"


def test_dropped_files_are_read_and_found(page: Page, address: str) -> None:
    page.goto(f"{address}/upload")
    page.evaluate(DROP, [["三.txt", paper(3)], ["四.txt", paper(4)], ["空.txt", ""]])
    rows = page.locator(".sent-file:visible")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("已收妥，可检索", timeout=READ)
    expect(rows.nth(1)).to_contain_text("已收妥，可检索", timeout=READ)
    expect(rows.nth(2)).to_contain_text("是空文件")
    expect(page.locator("[data-sent] [data-told]")).to_have_text("共3 个，收妥 2 个，没有读成 1 个")
    page.get_by_role("link", name="三.txt").click()
    expect(page.locator("h1")).to_have_text("关于召开第3次科普年会的通知")
    page.goto(f"{address}/search?q=第4次科普年会")
    expect(page.locator(".hit")).to_have_count(1)


def test_a_site_that_asks_to_wait_gets_the_file_later(browser: Browser, address: str) -> None:
    """As web.limits answers who hands in more files than it takes in a minute."""
    context = browser.new_context(locale="zh-CN")
    page, refused = context.new_page(), []

    def wait_first(route: Route) -> None:
        if route.request.method == "POST" and len(refused) < 2:
            refused.append(route.request.url)
            route.fulfill(status=429, headers={"Retry-After": "1"}, json={"error": "请求太多"})
        else:
            route.continue_()

    page.route("**/upload", wait_first)
    page.goto(f"{address}/upload")
    page.evaluate(DROP, [["六.txt", paper(6)], ["七.txt", paper(7)], ["八.txt", paper(8)]])
    for at in range(3):
        expect(page.locator(".sent-file:visible").nth(at)).to_contain_text("已收妥，可检索", timeout=READ)
    assert len(refused) == 2
    context.close()


def test_without_script_the_form_does_it(browser: Browser, address: str, tmp_path: Path) -> None:
    (tmp_path / "五.txt").write_text(paper(5), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/upload")
    page.set_input_files("#files", tmp_path / "五.txt")
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".sent-file")).to_contain_text("五.txt")
    context.close()
