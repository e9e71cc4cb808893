"""The page on what was taken in: counts, for each file that failed why and what to do, and the buttons to do it."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_kit import PlainFinder, new_store
from dom_kit import texts, tree
from flask.testing import FlaskClient

from gongwen.errors import SourceError
from gongwen.settings import Settings
from ingest.journal import Arrival, Journal
from web.app import create_app
from web.csrf import COOKIE
from web.intake import journal_intake
from web.ports import Failure, Intake, Original

LOCKED, PARTLY, SECRET = "ab" * 32, "cd" * 32, "ef" * 32
JSON = {"Accept": "application/json"}


class FakeDesk:
    """Keeps what it was asked. One password opens; the other originals are not to be had."""

    def __init__(self, folder: Path, *, works: bool = True) -> None:
        self.works = works
        self.asked: list[object] = []
        self.file = folder / "original"
        self.file.write_bytes(b"%PDF-1.7 locked")

    def original(self, sha256: str) -> Original | None:
        return Original(self.file, "收件/加密\n方案.pdf", "application/pdf") if sha256 == LOCKED else None

    def retry(self, shas):
        self.asked.append(("retry", list(shas)))
        return len(shas)

    def retry_kind(self, code: str) -> int:
        self.asked.append(("kind", code))
        return 3

    def unlock(self, sha256: str, password: str) -> None:
        self.asked.append(("unlock", sha256, password))
        if password != "secret":
            raise SourceError("wrong_password")


def failures(code: str = "", page: int = 1) -> Intake:
    listed = (
        Failure("收件/加密方案.pdf", LOCKED, "password", "2024-05-08 09:30", is_locked=True,
                likely=("加密方案（无密码）.docx", "0123456789abcdef-1")),
        Failure("名单.pdf", PARTLY, "empty_page", "2024-05-08 09:31", partly=True),
        Failure("机密文件.docx", SECRET, "secret_mark", "2024-05-08 09:32", is_secret=True),
    )  # fmt: skip
    listed = tuple(one for one in listed if not code or one.code == code)
    kinds = (("password", 1), ("empty_page", 1), ("secret_mark", 1))
    return Intake((("可检索", 20), ("未读成", 2)), listed, "2024-05-08 10:00", kinds, len(listed), page, 3)


@pytest.fixture
def desk(tmp_path: Path) -> FakeDesk:
    return FakeDesk(tmp_path)


@pytest.fixture
def site(tmp_path: Path, desk: FakeDesk) -> FlaskClient:
    app = create_app(
        Settings(), papers=new_store(tmp_path / "corpus", []), finder=PlainFinder([]), intake=failures, desk=desk
    )  # fmt: skip
    return app.test_client()


def post(site: FlaskClient, address: str, *, headers: dict[str, str] | None = None, **fields: str):
    """As a browser does that has the page open."""
    token = tree(site.get("/state")).xpath("//input[@name='form_token']/@value")[0]
    return site.post(address, data={"form_token": token} | fields, headers=headers or {"Origin": "http://localhost"})


# --- what it shows -----------------------------------------------------------------------------------------


def test_failures_have_a_reason_and_an_action(client: FlaskClient) -> None:
    page = tree(client.get("/state"))
    rows = [[cell.text_content() for cell in row.xpath("td")] for row in page.xpath("//tbody/tr")]
    assert rows[0][:2] == ["加密方案.pdf", "文件有密码"] and rows[0][3] == "2024年5月8日 09:30"
    assert "输入密码" in rows[0][2]
    assert rows[1][1] == "未读全 有的页面没有文字"
    assert rows[2][0] == "坏的b.docx"
    assert texts(page, "totals") == ["可检索20个等待处理1个未读成2个"]
    assert "统计时间：2024年5月8日 10:00" in page.text_content()
    assert page.xpath("//form[@method='post']") == []  # a site without a desk only shows


def test_json_says_the_same(client: FlaskClient) -> None:
    told = client.get("/state", headers=JSON).json
    assert told["counts"][0] == {"name": "可检索", "count": 20}
    assert told["failures"][0]["reason"] == "文件有密码" and told["failures"][0]["locked"]


def test_each_file_has_its_buttons_and_a_secret_one_has_none(site: FlaskClient) -> None:
    rows = tree(site.get("/state")).xpath("//tbody/tr")
    actions = [[" ".join(one.text_content().split()) for one in row.xpath(".//summary|.//button|.//td[5]//a")]
               for row in rows]  # fmt: skip
    assert actions[0] == ["输入密码：加密方案.pdf", "打开", "重试：加密方案.pdf", "下载原件：加密方案.pdf"]
    assert actions[1] == ["重试：名单.pdf", "下载原件：名单.pdf"]
    assert actions[2] == [] and "不提供下载" in rows[2].text_content()
    (likely,) = rows[0].xpath(".//span[@class='likely']/a")
    assert (likely.get("href"), likely.text) == ("/d/0123456789abcdef-1", "加密方案（无密码）.docx")


def test_a_password_field_hides_and_forgets(site: FlaskClient) -> None:
    (field,) = tree(site.get("/state")).xpath("//input[@name='password']")
    assert (field.get("type"), field.get("autocomplete"), field.get("value")) == ("password", "off", None)


def test_reasons_can_be_chosen_and_pages_turned(site: FlaskClient) -> None:
    page = tree(site.get("/state?reason=empty_page&page=2"))
    assert page.xpath("string(//nav[@class='kinds']//a[@aria-current])") == "有的页面没有文字1"
    assert [one.get("href") for one in page.xpath("//nav[@aria-label='翻页']//a")] == [
        "/state?reason=empty_page&page=1", "/state?reason=empty_page&page=3",
    ]  # fmt: skip
    assert page.xpath("string(//form[@class='retry-all']//button)") == "这一类全部重试（1 个）"
    assert tree(site.get("/state?reason=secret_mark")).xpath("//form[@method='post']") == []
    assert len(tree(site.get("/state?reason=nonsense")).xpath("//tbody/tr")) == 3


# --- what it does ------------------------------------------------------------------------------------------


def test_a_file_is_queued_again_and_the_page_comes_back(site: FlaskClient, desk: FakeDesk) -> None:
    answer = post(site, "/state/retry", sha256=PARTLY, reason="empty_page", page="2")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/state?reason=empty_page&page=2&told=retried&count=1"
    assert desk.asked == [("retry", [PARTLY])]
    assert "已重新排队 1 个文件。正在处理" in site.get(answer.headers["Location"]).get_data(as_text=True)


def test_a_site_that_does_not_work_says_when_it_is_done(tmp_path: Path) -> None:
    app = create_app(
        Settings(), papers=new_store(tmp_path / "corpus", []), finder=PlainFinder([]), intake=failures,
        desk=FakeDesk(tmp_path, works=False),
    )  # fmt: skip
    page = app.test_client().get("/state?told=retried&count=2").get_data(as_text=True)
    assert "已重新排队 2 个文件。下次收文时处理。" in page and "本站只登记重试" in page


def test_all_of_a_kind_are_queued(site: FlaskClient, desk: FakeDesk) -> None:
    assert "count=3" in post(site, "/state/retry", kind="empty_page").headers["Location"]
    assert "count=0" in post(site, "/state/retry", kind="nonsense").headers["Location"]
    assert "count=0" in post(site, "/state/retry", sha256="../../etc/passwd").headers["Location"]
    assert desk.asked == [("kind", "empty_page")]


def test_a_right_password_opens(site: FlaskClient, desk: FakeDesk) -> None:
    answer = post(site, "/state/unlock", sha256=LOCKED, password="secret")
    assert answer.headers["Location"] == "/state?told=opened"
    assert desk.asked == [("unlock", LOCKED, "secret")]
    assert "密码没有保存" in site.get(answer.headers["Location"]).get_data(as_text=True)


def test_a_wrong_password_is_said_at_the_file_and_stands_nowhere(site: FlaskClient) -> None:
    answer = post(site, "/state/unlock", sha256=LOCKED, password="geheim")
    assert "geheim" not in answer.headers["Location"] + answer.get_data(as_text=True)
    page = tree(site.get(answer.headers["Location"]))
    (row,) = page.xpath("//tr[.//details[@open]]")
    assert row.xpath("string(.//p[@role='alert'])") == "密码不对。请核对后再输入一次，文件仍在等待。"
    assert row.xpath(".//input[@name='password']/@aria-describedby") == ["wrong"]
    assert len(page.xpath("//*[@role='alert']")) == 1


def test_the_original_is_a_download_and_a_secret_one_is_none(site: FlaskClient) -> None:
    with site.get(f"/state/{LOCKED}/original") as answer:
        assert answer.data == b"%PDF-1.7 locked"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    for address in (SECRET, "x", "..%2f..%2fetc%2fpasswd"):
        assert site.get(f"/state/{address}/original").status_code == 404


# --- whose forms are taken ---------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [
    {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, {"Origin": "https://localhost"},
])  # fmt: skip
def test_a_form_of_another_site_is_refused(site: FlaskClient, desk: FakeDesk, headers: dict[str, str]) -> None:
    answer = post(site, "/state/retry", headers=headers, sha256=PARTLY)
    assert answer.status_code == 400 and desk.asked == []
    assert "不是从本站页面发出的" in answer.get_data(as_text=True)


@pytest.mark.parametrize("token", [None, "", "0" * 32, "x"])
def test_a_form_without_the_pages_token_is_refused(site: FlaskClient, desk: FakeDesk, token: str | None) -> None:
    site.get("/state")
    for fields in ({"sha256": LOCKED, "password": "secret"}, {"sha256": LOCKED}):
        data = fields if token is None else fields | {"form_token": token}
        for address in ("/state/unlock", "/state/retry"):
            assert site.post(address, data=data, headers={"Origin": "http://localhost"}).status_code == 400
    assert desk.asked == []


def test_without_the_cookie_no_token_is_good(site: FlaskClient, desk: FakeDesk) -> None:
    token = tree(site.get("/state")).xpath("//input[@name='form_token']/@value")[0]
    site.delete_cookie(COOKIE)
    assert site.post("/state/retry", data={"form_token": token, "sha256": PARTLY}).status_code == 400
    assert desk.asked == []


def test_the_cookie_is_strict_and_stays_the_same(site: FlaskClient) -> None:
    first = site.get("/state")
    told = first.headers["Set-Cookie"]
    assert "HttpOnly" in told and "SameSite=Strict" in told
    again = site.get("/state")
    assert "Set-Cookie" not in again.headers
    tokens = [tree(one).xpath("//input[@name='form_token']/@value") for one in (first, again)]
    assert tokens[0] == tokens[1] and len(set(tokens[0])) == 1


def test_reading_changes_nothing(site: FlaskClient, desk: FakeDesk) -> None:
    for address in ("/state/retry", "/state/unlock"):
        assert site.get(address, query_string={"sha256": LOCKED, "password": "secret"}).status_code == 405
    assert desk.asked == []


# --- the journal behind it ---------------------------------------------------------------------------------


def test_without_a_journal_nothing_has_come(tmp_path: Path) -> None:
    assert journal_intake(tmp_path / "journal.db")().counts == ()
    assert not (tmp_path / "journal.db").exists()


def filled(path: Path, *files: tuple[str, str | None, str | None]) -> None:
    """(name, state, reason) of each; state None leaves it waiting."""
    journal = Journal(path)
    for at, (name, state, reason) in enumerate(files):
        arrival = Arrival(f"{at:x}" * 64, f"收件/{name}", "inbox", "何立", "2024-05-08T09:30:12+08:00")
        journal.accept(arrival.sha256, 10, arrival)
        if state is not None:
            row = journal.claim("me")
            assert row is not None and row.sha256 == arrival.sha256
            journal.finish(row.sha256, "me", state, reason=reason)  # type: ignore[arg-type]
    journal.mark_indexed(journal.rows("extracted"))
    journal.close()


def test_the_journal_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path, ("好.pdf", "extracted", None), ("加密.pdf", "needs_password", "password"),
           ("半.pdf", "extracted", "empty_page"), ("密.pdf", "quarantined", "secret_mark"), ("等.pdf", None, None))
    intake = journal_intake(path)()
    assert intake.counts == (("可检索", 2), ("等待处理", 1), ("有密码", 1), ("未读成", 1))
    assert intake.failures == (
        Failure("密.pdf", "3" * 64, "secret_mark", "2024-05-08 09:30", is_secret=True),
        Failure("半.pdf", "2" * 64, "empty_page", "2024-05-08 09:30", partly=True),
        Failure("加密.pdf", "1" * 64, "password", "2024-05-08 09:30", is_locked=True),
    )
    assert intake.kinds == (("empty_page", 1), ("password", 1), ("secret_mark", 1))
    assert [one.name for one in journal_intake(path)("empty_page").failures] == ["半.pdf"]


def test_what_is_wrong_with_the_machine_stands_first(tmp_path: Path) -> None:
    said = "本机不能把读取程序与网络隔开。"
    app = create_app(
        Settings(), papers=new_store(tmp_path, []), finder=PlainFinder([]),
        intake=journal_intake(tmp_path / "journal.db", (said,)),
    )  # fmt: skip
    page = tree(app.test_client().get("/state"))
    assert page.xpath("//*[@role='alert']/text()") == [said]
    assert app.test_client().get("/state", headers={"Accept": "application/json"}).json["alarms"] == [said]


def test_many_files_come_in_pages(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path, *((f"{at}.pdf", "quarantined", "cpu") for at in range(5)))
    read = journal_intake(path, size=2)
    assert [[one.name for one in read(page=page).failures] for page in (1, 2, 3)] == [
        ["4.pdf", "3.pdf"], ["2.pdf", "1.pdf"], ["0.pdf"],
    ]  # fmt: skip
    assert (read().total, read().pages, read(page=99).page) == (5, 3, 3)
    assert len(journal_intake(path, size=0)().failures) == 5


def test_a_copy_without_password_is_suggested_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path, ("方案（加密）.pdf", "needs_password", "password"), ("另一个.pdf", "extracted", None),
           ("方案(无密码) (1).docx", "extracted", None), ("方案.zip", "quarantined", "zip_bad"))
    by_name = {one.name: one for one in journal_intake(path)().failures}
    assert by_name["方案（加密）.pdf"].likely == ("方案(无密码) (1).docx", f"{'2' * 16}-1")
    assert by_name["方案.zip"].likely is None
