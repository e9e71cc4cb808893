"""`digest`: a mail of what is new, told once, never sent; and its parts as mail programs read them."""

from __future__ import annotations

import email
import json
from datetime import datetime
from email import policy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from comfort_kit import PAYLOADS, Comforts, site
from corpus_kit import make
from lxml import html
from papers_kit import corpus

from gongwen.cli.digest import command
from gongwen.errors import StoreError
from web.digests import digest, news_of

NOW = datetime.fromisoformat("2024-09-02T08:00:00+08:00")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = site(tmp_path / "corpus", corpus())
    monkeypatch.setenv("GONGWEN_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("GONGWEN_NETWORK_DISK", "yes")
    monkeypatch.chdir(tmp_path)
    yield found
    found.index.close()


def keep(own: Comforts, name: str, query: str) -> str:
    own.post("/saved", name=name, query=query)
    return own.saved.all()[-1].id


def arrive(own: Comforts, *titles: str) -> None:
    for title in titles:
        one = make(f"{len(title)}{hash(title)}.txt", "⟦title|科普后到⟧", extra={"title": title})
        own.store.put_text(one.document)
        own.store.put_reading(one.reading)
        own.index.update([one.reading], {one.reading.sha256: one.document})


def run(*args: str) -> Result:
    return CliRunner().invoke(command, list(args), catch_exceptions=False)


def mail_of(raw: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(raw, policy=policy.default)


def test_what_is_new_is_told_once(own: Comforts) -> None:
    keep(own, "科普", "q=科普")
    assert "没有新到的公文" in run().stderr
    arrive(own, "关于补充科普活动的通知")
    mail = mail_of(run("--keep").stdout_bytes)
    assert mail["Subject"] == "公文库：科普新到公文 1 件"
    again = mail_of(run("--to", "kepu@yunzhou.example").stdout_bytes)
    assert again["To"] == "kepu@yunzhou.example"
    assert run().stdout_bytes == b""
    arrive(own, "关于再次补充科普活动的通知")
    assert "再次补充" in mail_of(run().stdout_bytes).get_body(("plain",)).get_content()


def test_the_mail_has_both_parts_with_the_same_papers(own: Comforts) -> None:
    keep(own, "科普", "q=科普&type=通知")
    keep(own, "全部", "year=2024")
    arrive(own, "关于补充科普活动的<b>通知", "联系13900000001的科普通知")
    own.saved.rename(own.saved.all()[0].id, "科普\r\nBcc: x@y")
    own.index.delete("0" * 64)
    news = [one for saved in own.saved.all()
            if (one := news_of(saved, frozenset(), own.index, dict, "2024-09-02")) is not None]  # fmt: skip
    mail = mail_of(digest(news, site="http://gw.example", office="公文<库>", now=NOW))
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Bcc"] is None
    assert mail["X-Unsent"] == "1"
    plain = mail.get_body(("plain",)).get_content()
    page = html.fromstring(mail.get_body(("html",)).get_content())
    shown = [one.text_content() for one in page.xpath("//li/a")]
    assert shown
    assert all(title in plain for title in shown)
    assert all(link.startswith("http://gw.example/") for link in page.xpath("//a/@href"))
    assert page.xpath("//b") == []
    assert "13900000001" not in plain


def test_titles_that_are_formulas_or_markup_stay_text(tmp_path: Path) -> None:
    own = site(tmp_path / "corpus", [])
    keep(own, "恶意", "q=后到")
    arrive(own, *PAYLOADS, "<script>alert(1)</script>", "行一\r\nX-Evil: 1")
    (saved,) = own.saved.all()
    news = news_of(saved, own.saved.told(saved.id), own.index, dict, "2024-09-02")
    assert news is not None
    raw = digest([news], site="http://x", office="公文库", now=NOW)
    mail = mail_of(raw)
    assert mail["X-Evil"] is None
    assert html.fromstring(mail.get_body(("html",)).get_content()).xpath("//script") == []
    assert max(map(len, raw.split(b"\r\n"))) <= 998, "RFC 5322"
    own.index.close()


def test_many_are_counted_and_the_latest_listed(own: Comforts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.digests.MOST", 2)
    keep(own, "科普", "q=科普后到")
    arrive(own, "甲通知", "乙通知", "丙通知")
    plain = mail_of(run().stdout_bytes).get_body(("plain",)).get_content()
    assert "新到 3 件" in plain
    assert "另有 1 件没有列出" in plain


def test_one_by_name_into_a_file(own: Comforts, tmp_path: Path) -> None:
    one = keep(own, "科普", "q=科普")
    keep(own, "函", "type=函")
    arrive(own, "关于补充科普活动的通知")
    assert run("科普", "-o", "新到.eml").exit_code == 0
    assert mail_of((tmp_path / "新到.eml").read_bytes())["Subject"].startswith("公文库：科普")
    assert json.loads(run("--json").stdout) == [
        {"id": one, "name": "科普", "new": 0, "papers": []},
        {"id": own.saved.all()[1].id, "name": "函", "new": 0, "papers": []},
    ]


def test_what_could_not_be_written_is_not_told(own: Comforts) -> None:
    keep(own, "科普", "q=科普")
    arrive(own, "关于补充科普活动的通知")
    with pytest.raises(StoreError, match="写不进"):
        run("-o", "没有这个文件夹/新到.eml")
    assert json.loads(run("--json").stdout)[0]["new"] == 1


def test_wrong_names_and_none_at_all_are_told(own: Comforts) -> None:
    with pytest.raises(StoreError, match="还没有保存的检索"):
        run()
    keep(own, "科普", "q=科普")
    with pytest.raises(StoreError, match=r"没有名为“函”.*现有：科普"):
        run("函")
