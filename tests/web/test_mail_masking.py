"""Names of private mail addresses are starred like mobile numbers; an office's address and every length stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from gongwen.errors import RuleError
from gongwen.settings import Settings
from web import mail_masking
from web.masking import doubtful_spans, mask, mask_all, masked_spans

MAILISH = st.text(alphabet="ab9.@＠#-_ \n政务qcom，。", max_size=60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("邮箱：lrx2024@qq.com。", "邮箱：l******@qq.com。"),
     ("heli@163.com、lin@126.com", "h***@163.com、l**@126.com"),
     ("ab@qq.com", "**@qq.com"),
     ("he.li_2+a@mail.example", "h********@mail.example"),
     ("ｈｅｌｉ＠ｑｑ．ｃｏｍ", "ｈ***＠ｑｑ．ｃｏｍ"),
     ("heli @163.com，heli@ 163.com", "h*** @163.com，h***@ 163.com"),
     ("heli\n@qq.com", "h***\n@qq.com"),
     ("he\nli@qq.com", "h*\n**@qq.com"),
     ("heli@qq\n.com", "h***@qq\n.com"),
     ("heli@yahoo-\nmail.com", "h***@yahoo-\nmail.com"),
     ("heli@qq.com联系人", "h***@qq.com联系人"),
     ("13900000001@qq.com", "1**********@qq.com"),
     ("heli@gov.cn.qq.com", "h***@gov.cn.qq.com"),
     ("heli@mygov.cn", "h***@mygov.cn"),
     ("heli@科普.中国", "h***@科普.中国"),
     ("heli@q", "h***@q"), ("heli@qq.", "h***@qq."),
     ("heli#qq.com", "h***#qq.com"),
     ("5550123\nheli@qq.com", "5550123\nh***@qq.com"),
     ("www.kepu.example\nheli@qq.com", "www.kepu.example\nh***@qq.com")],
)  # fmt: skip
def test_private_addresses_are_starred(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    ["", "@", "a@b，", "kpb@yunzhou.gov.cn", "KPB@YUNZHOU.GOV.CN", "kpb@yunzhou\n.gov.cn。", "kx@kexie.org.cn",
     "kx@gov.cn", "kx@云州.政务", "单价@3.5元", "www.example.com", "index.html#sec.tion", "林老师@qq.com", "heli@qq。",
     "一@二.三"],
)  # fmt: skip
def test_other_text_stays(text: str) -> None:
    assert mask(text) == text


@given(MAILISH)
def test_a_mask_keeps_length_and_leaves_nothing_to_mask(text: str) -> None:
    masked = mask(text)
    assert mask(masked) == masked
    assert all(new in {old, "*"} for new, old in zip(masked, text, strict=True))
    assert all("*" in span.of(masked) for span in masked_spans(text))


def test_the_place_of_an_address_is_its_name() -> None:
    text = "邮箱：heli@qq.com，kpb@yunzhou.gov.cn"
    assert [span.of(text) for span in masked_spans(text)] == ["heli"]


def test_every_string_of_an_answer_is_masked() -> None:
    found = mask_all({"contacts": [{"email": "heli@qq.com"}], "quote": "邮箱heli@qq.com"})
    assert json.dumps(found).count("h***@qq.com") == 2


@pytest.mark.parametrize(
    ("text", "hidden"), [("heli@qq，", "heli"), ("heliQqq.com", "heliQ"), ("heli 0163.com", "0"), ("heli@163", "heli")]
)
def test_what_is_nearly_an_address_on_a_scan(text: str, hidden: str) -> None:
    said = f"邮箱：{text}。"
    assert hidden in [span.of(said) for span in doubtful_spans(said, scanned=True)]
    assert doubtful_spans(said, scanned=False) == []


@pytest.mark.parametrize("text", ["网址www.qq.com", "http://163.com", "kpb@yunzhou.gov.cn"])
def test_sites_and_offices_on_a_scan_stay(text: str) -> None:
    assert doubtful_spans(text, scanned=True) == []


def test_an_office_names_its_own_hosts(tmp_path: Path) -> None:
    (tmp_path / "vocab").mkdir()
    rules = tmp_path / "vocab/mail_hosts.yml"
    rules.write_text("office: [yunzhou.example]\n", encoding="utf-8")
    app = Flask("site")
    mail_masking.install(app, Settings(rules=tmp_path))
    with app.app_context():
        assert mask("kpb@kx.yunzhou.example、kpb@yunzhou.gov.cn、heli@qq.com") == (
            "kpb@kx.yunzhou.example、kpb@yunzhou.gov.cn、h***@qq.com"
        )
    assert mask("kpb@kx.yunzhou.example") == "k**@kx.yunzhou.example"
    rules.write_text("office: yunzhou.example\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"mail_hosts\.yml"):
        mail_masking.install(app, Settings(rules=tmp_path))
