"""What the site is for, walked from the first page on as a person does, over papers that were really taken in: find by
unit and date; see the evidence and correct a value; who led a task; deadlines into a calendar; upload a folder."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import icalendar
import pytest
import vobject
from office_site_kit import Office, office, paper_of, shot  # noqa: F401  (a fixture)
from playwright.sync_api import Page, expect
from test_site_in_browser import IS_IN_VIEW

pytestmark = pytest.mark.browser

BUREAU = "云州市教育局"
READ = 90_000
"""Milliseconds that a file may take on a busy machine."""


def to(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=name, exact=True).click()


def open_filters(page: Page) -> None:
    summary = page.locator(".filters > summary")
    if summary.is_visible() and page.locator(".filters-body").is_hidden():
        summary.click()


def test_find_by_unit_and_date(page: Page, office: Office) -> None:  # noqa: F811
    page.goto(office.address)
    shot(page, "1-home")
    page.get_by_role("combobox").fill("科普 市教育局")
    page.get_by_role("combobox").press("Enter")
    everything = page.locator(".hit").count()
    open_filters(page)
    page.get_by_label("单位的角色").get_by_role("link", name="主办").click()
    open_filters(page)
    page.locator("a.choice", has_text=BUREAU).first.click()
    expect(page.locator(".chip")).to_contain_text(["主办"])
    open_filters(page)
    page.get_by_label("从", exact=True).fill("2023-01-01")
    page.get_by_label("到", exact=True).fill("2024-12-31")
    page.get_by_role("button", name="按日期筛选").click()
    shot(page, "1-found")
    days = [one.get_attribute("datetime") or "" for one in page.locator(".hit time").all()]
    assert days
    assert len(days) < everything
    assert all("2023-01-01" <= day <= "2024-12-31" for day in days)
    page.locator("[data-hit]").first.click()
    expect(page.locator(".facts-pane")).to_contain_text(BUREAU)
    shot(page, "1-paper")


def test_see_the_evidence_and_correct_a_value(page: Page, office: Office) -> None:  # noqa: F811
    wide = (page.viewport_size or {})["width"] > 1000
    paper, field, right = ("文号:云科协字〔2021〕41号", "issue_date", "2021年8月29日")
    if not wide:
        paper, field, right = ("文号:云科协字〔2023〕44号", "issue_date", "2023年9月15日")
    address = paper_of(page, office, paper)
    page.locator("[data-hit]").first.click()
    value = page.locator(f'.val[data-path="{field}"]')
    printed = value.inner_text()
    value.click()
    lit = page.locator(".ev.lit").first
    page.wait_for_function(IS_IN_VIEW, arg=lit.element_handle())
    assert lit.inner_text().replace(" ", "") == printed
    shot(page, "2-evidence")
    page.get_by_role("link", name="复核本件").click()
    page.locator(f'[data-path="{field}"] ~ [data-judge-link]').first.click()
    card = page.locator("dialog[open]")
    expect(card.locator(".quoted mark")).to_contain_text(re.compile(r"\d+\s*年"))
    card.locator("#who").fill("林若溪")
    card.locator("#say").fill(right)
    shot(page, "2-card")
    card.get_by_role("button", name="更正", exact=True).click()
    expect(page.locator(".did")).to_contain_text("已更正")
    expect(page.locator(f'[data-path="{field}"]')).to_have_text(right)
    shot(page, "2-corrected")
    page.goto(f"{address}")
    expect(page.locator(".paper-head time").first).to_have_text(right)
    page.get_by_role("link", name=re.compile("复核经过")).click()
    expect(page.locator("main")).to_contain_text("林若溪")
    page.goto(office.at(f"/search?q={paper}"))
    expect(page.locator(".hit time").first).to_have_text(right)


def test_who_led_a_task(page: Page, office: Office) -> None:  # noqa: F811
    page.goto(office.address)
    to(page, "单位")
    page.get_by_role("combobox").fill("市教育局")
    page.get_by_role("combobox").press("Enter")
    page.get_by_role("link", name=BUREAU, exact=True).click()
    expect(page.locator("h1")).to_have_text(BUREAU)
    shot(page, "3-unit")
    cell = page.get_by_role("link", name=re.compile(r"^2021年牵头：\d+项"))
    told = int((cell.get_attribute("aria-label") or cell.inner_text()).partition("：")[2].partition("项")[0])
    cell.click()
    expect(page.locator("#list")).to_contain_text("2021年牵头")
    tasks = page.locator(".ledger > li")
    expect(tasks).to_have_count(told)
    shot(page, "3-tasks")
    tasks.first.get_by_role("link").first.click()
    anchor = page.url.rpartition("#")[2]
    assert re.fullmatch(r"v-tasks-\d+-lead-\d+", anchor)
    value = page.locator(f"#{anchor}")
    expect(value).to_be_in_viewport()
    assert "教育局" in value.inner_text()
    value.click()
    page.wait_for_function(IS_IN_VIEW, arg=page.locator(".ev.lit").first.element_handle())
    shot(page, "3-task")
    page.goto(office.at("/search?q=牵头:市教育局 年:2021"))
    expect(page.locator("[data-hit]").first).to_be_visible()


def test_deadlines_into_a_calendar(page: Page, office: Office) -> None:  # noqa: F811
    page.goto(office.address)
    to(page, "日历")
    page.get_by_role("link", name="2024", exact=True).click()
    shot(page, "4-calendar")
    due = page.locator(".entry", has_text="9月12日前将本地区重点活动计划").first
    expect(due).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载日历文件").click()
    data = Path(coming.value.path()).read_bytes()
    calendar = icalendar.Calendar.from_ical(data)
    events = calendar.walk("VEVENT")
    plan = next(one for one in events if "重点活动计划" in str(one["SUMMARY"]) + str(one.get("DESCRIPTION", "")))
    assert plan["DTSTART"].dt == date(2024, 9, 12)
    assert len({str(one["UID"]) for one in events}) == len(events)
    assert all(one["DTSTART"].dt.year == 2024 or one["DTEND"].dt.year == 2024 for one in events)
    read = vobject.readOne(data.decode("utf-8"))
    assert sorted(str(one.uid.value) for one in read.vevent_list) == sorted(str(one["UID"]) for one in events)
    page.goto(str(plan["URL"]))
    value = page.locator(f"[id='{page.url.rpartition('#')[2]}']")
    expect(value).to_be_in_viewport()
    page.goto(office.at(f"/calendar?year=2024&unit={BUREAU}"))
    feed = page.request.get(office.address + (page.locator(".feeds a").first.get_attribute("href") or ""))
    mine = icalendar.Calendar.from_ical(feed.body()).walk("VEVENT")
    everyone = icalendar.Calendar.from_ical(page.request.get(office.at("/calendar.ics")).body()).walk("VEVENT")
    assert 0 < len(mine) < len(everyone)


def test_upload_a_folder(page: Page, office: Office, tmp_path: Path) -> None:  # noqa: F811
    width = (page.viewport_size or {})["width"]
    folder = tmp_path / "新到公文"
    (folder / "附件").mkdir(parents=True)
    for at in (1, 2):
        text = f"关于召开第{width + at}次联席会议的通知\n各县科协：\n请参加。\n云州市科协\n2026年5月{at}日\n"
        (folder / f"{'附件/' if at == 2 else ''}通知{at}.txt").write_text(text, "utf-8")
    (folder / "空白.txt").write_bytes(b"")
    page.goto(office.address)
    to(page, "上传")
    shot(page, "5-upload")
    page.locator("#folder").set_input_files(folder)
    rows = page.locator(".sent-file:visible")
    expect(rows).to_have_count(3)
    for at in (1, 2):
        row = rows.filter(has_text=f"通知{at}.txt")
        expect(row).to_contain_text("可检索", timeout=READ)
    expect(rows.filter(has_text="空白.txt")).to_contain_text("空文件")
    shot(page, "5-sent")
    rows.filter(has_text="通知2.txt").get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(f"关于召开第{width + 2}次联席会议的通知")
    page.goto(office.at(f"/search?q=第{width + 1}次联席会议"))
    expect(page.locator(".hit")).to_have_count(1)
    page.goto(office.at("/state"))
    shot(page, "5-state")
    shutil.rmtree(folder)
