"""收文情况 and 版本与副本 as a person uses them, over a corpus that was really taken in and a site that really works: a
file is opened with its password, found, and compared with its copy; by mouse, by keys, on a narrow screen."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect
from serving_kit import serving
from test_site_in_browser import FAINT

from gongwen.cli.desk import Desk
from gongwen.cli.main import cli
from gongwen.cli.worker import Worker
from gongwen.settings import Settings
from gongwen.store import open_store
from index.editions.ledger import open_editions
from index.sync import open_index
from ingest.relations import read_relations
from web.app import create_app
from web.intake import journal_intake

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "ingest"))

from lock_kit import LINES, TITLE, docx, pdf

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Two files with a password, one with a secret mark, a broken one, and a corrected text of the paper."""
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "讲座通知.pdf").write_bytes(pdf())
    (folder / "材料.docx").write_bytes(docx("another"))
    (folder / "照片.png").write_bytes(b"\x89PNG\r\n\x1a\nnot a picture")
    (folder / "内部.txt").write_text("机密★1年\n云科协字〔2024〕99号\n关于某事的通知\n", "utf-8")
    said = "请按时开展活动，于2024年10月20日前报送总结。"
    (folder / "更正.txt").write_text("\n".join((*LINES[:3], said, *LINES[4:])), "utf-8")
    assert CliRunner().invoke(cli, ["ingest", str(folder)]).exit_code == 3
    settings = Settings(corpus=tmp_path / "corpus")
    store, index, editions = open_store(settings), open_index(settings), open_editions(settings)
    app = create_app(
        settings, papers=store, finder=index, intake=journal_intake(store.journal), linked=editions,
        relations=partial(read_relations, store.journal), desk=Desk(settings, store, works=True),
    )  # fmt: skip
    with serving(app) as address, Worker():
        yield address
    index.close()


def row(page: Page, name: str):
    return page.locator("tbody tr", has_text=name)


def until_read(page: Page, site: str, count: int) -> None:
    end = time.monotonic() + 60
    while page.locator(".totals dd").first.inner_text() != f"{count} 个":
        assert time.monotonic() < end
        time.sleep(0.2)
        page.goto(f"{site}/state")


def test_a_password_opens_a_file_and_the_paper_is_found(page: Page, site: str) -> None:
    page.goto(f"{site}/state")
    mine = row(page, "讲座通知.pdf")
    mine.locator("summary").click()
    mine.get_by_label("文件的密码").fill("falsch")
    mine.get_by_role("button", name="打开").click()
    expect(row(page, "讲座通知.pdf").get_by_role("alert")).to_have_text("密码不对。请核对后再输入一次，文件仍在等待。")
    field = row(page, "讲座通知.pdf").get_by_label("文件的密码")
    expect(field).to_be_focused()
    assert field.input_value() == "" and "falsch" not in page.content() + page.url
    field.fill("secret")
    field.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("密码没有保存")
    assert row(page, "讲座通知.pdf").count() == 0
    until_read(page, site, 2)
    page.goto(f"{site}/search?q=科普讲座")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("#editions-title")).to_contain_text("版本与副本")


def test_the_opened_copy_tells_its_origin_and_its_other_version(page: Page, site: str) -> None:
    page.goto(f"{site}/state")
    row(page, "讲座通知.pdf").locator("summary").click()
    row(page, "讲座通知.pdf").get_by_label("文件的密码").fill("secret")
    row(page, "讲座通知.pdf").get_by_role("button", name="打开").click()
    until_read(page, site, 2)
    page.goto(f"{site}/search?q=请认真执行")
    page.locator("[data-hit]").first.click()
    expect(page.locator(".kin")).to_contain_text("由带密码的原件《讲座通知.pdf》用密码打开得到")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载带密码的原件").click()
    assert coming.value.suggested_filename == "讲座通知.pdf"
    editions = page.locator("#editions")
    expect(editions).to_contain_text("版本 更正.txt")
    editions.locator("summary").first.click()
    expect(editions.locator("ins").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_by_keys_alone(page: Page, site: str) -> None:
    page.goto(f"{site}/state")
    summary = row(page, "材料.docx").locator("summary")
    for _ in range(40):
        page.keyboard.press("Tab")
        if summary.evaluate("element => element === document.activeElement"):
            break
    expect(summary).to_be_focused()
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("another")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已用密码打开")


def test_retry_one_and_all_of_a_kind(page: Page, site: str) -> None:
    page.goto(f"{site}/state")
    row(page, "照片.png").get_by_role("button", name="重试").click()
    expect(page.get_by_role("status")).to_contain_text("已重新排队 1 个文件。正在处理")
    page.goto(f"{site}/state?reason=password")
    assert page.locator("tbody tr").count() == 2
    page.get_by_role("button", name="这一类全部重试（2 个）").click()
    expect(page.get_by_role("status")).to_contain_text("已重新排队 2 个文件")


def test_originals_are_downloaded_and_a_secret_one_is_not(page: Page, site: str) -> None:
    page.goto(f"{site}/state")
    with page.expect_download() as coming:
        row(page, "照片.png").get_by_role("link", name="下载原件").click()
    assert coming.value.path().read_bytes().startswith(b"\x89PNG")
    secret = row(page, "内部.txt")
    expect(secret).to_contain_text("不提供下载")
    assert secret.get_by_role("link").count() == secret.get_by_role("button").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read_and_nothing_hangs_over(browser: Browser, site: str, scheme: str) -> None:
    for width in (1280, 390, 320):
        page = browser.new_page(viewport={"width": width, "height": 860}, color_scheme=scheme)
        for address in ("/state", "/state?reason=password", "/state?told=wrong_password&at=" + "0" * 64):
            page.goto(site + address)
            for one in page.locator("summary").all():
                one.click()
            assert page.evaluate(FAINT) == [], address
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, (address, width)
        page.close()
