"""The page on what was taken in: counts, and for each file that failed why and what to do."""

from __future__ import annotations

from pathlib import Path

from corpus_kit import PlainFinder, new_store
from dom_kit import texts, tree
from flask.testing import FlaskClient

from gongwen.settings import Settings
from ingest.journal import Arrival, Journal
from web.app import create_app
from web.intake import journal_intake
from web.ports import Failure


def test_failures_have_a_reason_and_an_action(client: FlaskClient) -> None:
    page = tree(client.get("/state"))
    rows = [[cell.text_content() for cell in row.xpath("td")] for row in page.xpath("//tbody/tr")]
    assert rows[0] == ["加密方案.pdf", "文件有密码", "请放入无密码的版本", "2024年5月8日 09:30"]
    assert rows[1][1] == "未读全 有的页面没有文字"
    assert rows[2][0] == "坏的b.docx"
    assert texts(page, "totals") == ["可检索20个等待处理1个未读成2个"]
    assert "统计时间：2024年5月8日 10:00" in page.text_content()


def test_json_says_the_same(client: FlaskClient) -> None:
    told = client.get("/state", headers={"Accept": "application/json"}).json
    assert told["counts"][0] == {"name": "可检索", "count": 20}
    assert told["failures"][0]["reason"] == "文件有密码"


def test_without_a_journal_nothing_has_come(tmp_path: Path) -> None:
    assert journal_intake(tmp_path / "journal.db")().counts == ()
    assert not (tmp_path / "journal.db").exists()


def test_the_journal_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path)
    for at, name in enumerate(("好.pdf", "加密.pdf", "半.pdf", "等.pdf")):
        arrival = Arrival(f"{at}" * 64, f"收件/{name}", "inbox", "何立", "2024-05-08T09:30:12+08:00")
        journal.accept(arrival.sha256, 10, arrival)
    for state, reason in (("extracted", None), ("needs_password", "password"), ("extracted", "empty_page")):
        row = journal.claim("me")
        assert row is not None
        journal.finish(row.sha256, "me", state, reason=reason)  # type: ignore[arg-type]
    journal.mark_indexed(journal.rows("extracted"))
    journal.close()
    intake = journal_intake(path)()
    assert intake.counts == (("可检索", 2), ("等待处理", 1), ("有密码", 1), ("未读成", 0))
    assert intake.failures == (
        Failure("半.pdf", "2" * 64, "empty_page", "2024-05-08 09:30", partly=True),
        Failure("加密.pdf", "1" * 64, "password", "2024-05-08 09:30"),
    )


def test_what_is_wrong_with_the_machine_stands_first(tmp_path: Path) -> None:
    said = "本机不能把读取程序与网络隔开。"
    app = create_app(
        Settings(), papers=new_store(tmp_path, []), finder=PlainFinder([]),
        intake=journal_intake(tmp_path / "journal.db", (said,)),
    )  # fmt: skip
    page = tree(app.test_client().get("/state"))
    assert page.xpath("//*[@role='alert']/text()") == [said]
    assert app.test_client().get("/state", headers={"Accept": "application/json"}).json["alarms"] == [said]
