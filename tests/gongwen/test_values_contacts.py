"""Telephone numbers, addresses and contact blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.text import close_gaps
from gongwen.values.contacts import find_contacts, find_emails, find_phones, find_urls, parse_contact_block


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("联系电话：5550123  13900000001", ["5550123", "13900000001"]),
        ("周明远，5550123、13900000001。", ["5550123", "13900000001"]),
        ("联系电话：55550123（13900000001）", ["55550123", "13900000001"]),
        ("电话010-65550123", ["010-65550123"]),
        ("(0999)5550123转801", ["(0999)5550123转801"]),
        ("０９９９－５５５０１２３", ["0999-5550123"]),
        ("0999—5550123", ["0999—5550123"]),
        ("400-800-1234", ["400-800-1234"]),
        ("139 0000 0001", ["139 0000 0001"]),
        ("邮编：545001 电话 5550123", ["5550123"]),
        ("000014349/2017-00110", []),
        ("11440700007062431G/2021-00748", []),
        ("海ICP备2022005379号", []),
        ("云公网安备45020002000001号", []),
        ("账号：6222021234567890123", []),
        ("6222 0212 3456 7890 123", []),
        ("经费5550123元", []),
        ("电话：20210913", []),
        ("5550123", []),
        ("QQ群：12345678", []),
        ("13900000001@163.com", []),
        ("电话：2021-2035年", []),
        ("电话：0999-555012413900000001", ["0999-5550124", "13900000001"]),
        ("电话：0999-5555012413900000001", ["0999-55550124", "13900000001"]),
        ("电话：0999-5550124139000000012", []),
    ],
)
def test_phones(text, phones):
    assert [one.text for one in find_phones(text)] == phones


def test_a_phone_that_takes_fax():
    voice, mobile = find_phones("0999-5550123（兼传真），13900000001")
    assert (voice.fax, voice.kind, mobile.fax, mobile.kind) == (True, "local", False, "mobile")


def test_in_a_text_of_numbers_bare_ones_count():
    assert [one.text for one in find_phones("12345，5550123", labelled=True)] == ["12345", "5550123"]


def test_mail_and_web_addresses():
    text = "邮箱：a.b＠example.com，c @163.com；网站([www.example.cn](http://www.example.cn))。"
    assert [one.text for one in find_emails(text)] == ["a.b@example.com", "c@163.com"]
    assert [one.text for one in find_urls(text)] == ["www.example.cn", "http://www.example.cn"]
    assert find_emails("a@b") == find_urls("example.cn") == []


def told(text: str) -> list[tuple[object, ...]]:
    return [(one.name, one.unit, one.phones, one.email) for one in parse_contact_block(text.split("\n"))]


P1, P2, P3 = "5550123", "5550124", "13900000001"


@pytest.mark.parametrize(
    ("text", "contacts"),
    [
        (f"联 系 人：周明远  \n联系电话：{P1}  {P3}", [("周明远", None, (P1, P3), None)]),
        (
            f"联系人：林若溪、何立\n\n联系电话：0999-{P1}\n\n电子邮箱：a@b.com",
            [("林若溪", None, (f"0999-{P1}",), "a@b.com"), ("何立", None, (f"0999-{P1}",), "a@b.com")],
        ),
        (f"邮箱：x@y.com，联系人及联系电话：周明远，{P1}、{P3}。", [("周明远", None, (P1, P3), "x@y.com")]),
        ("联系人：合作司周某，电话010-65550123", [("周某", "合作司", ("010-65550123",), None)]),
        (
            f"联系人及联系方式：\n公路处 周明远，电话：{P1}，邮箱：1@qq.com。\n"
            f"水运处 林若溪，电话：{P2}，邮箱： s@qq.com。",
            [("周明远", "公路处", (P1,), "1@qq.com"), ("林若溪", "水运处", (P2,), "s@qq.com")],
        ),
        ("（联系人：何立；邮箱：h@163.com）", [("何立", None, (), "h@163.com")]),
        (f"联系人：何　立\n电　话：{P1}（兼传真）", [("何立", None, (P1,), None)]),
        (f"联系人：市科协科普部，电话：{P1}", [(None, "市科协科普部", (P1,), None)]),
        (f"联系人：林若溪（科普部），电话：{P1}", [("林若溪", "科普部", (P1,), None)]),
        (
            f"送到云州市科技创新协会（地址：中山路190号,联系电话：{P1}、{P2}）。",
            [(None, "云州市科技创新协会", (P1, P2), None)],
        ),
        (f"联系人：周明远 {P3}，林若溪 {P1}", [("周明远", None, (P3,), None), ("林若溪", None, (P1,), None)]),
        (f"联系人：周明远（{P1}）、林若溪（{P2}）", [("周明远", None, (P1,), None), ("林若溪", None, (P2,), None)]),
        (f"联系人：周明远、林若溪；电话：{P1}、{P2}", [("周明远", None, (P1,), None), ("林若溪", None, (P2,), None)]),
        (
            f"联系人：周明远，{P1}；林若溪，{P2}\n邮箱：a@b.cn",
            [("周明远", None, (P1,), "a@b.cn"), ("林若溪", None, (P2,), "a@b.cn")],
        ),
        (
            f"市科协联系人：周明远，联系电话：{P1}\n市教育局联系人：林若溪，联系电话：{P2}",
            [("周明远", "市科协", (P1,), None), ("林若溪", "市教育局", (P2,), None)],
        ),
        (
            f"联系人：周明远；联系电话：{P1}\n正文\n联系人：科普部周明远；邮箱：a@b.cn",
            [("周明远", "科普部", (P1,), "a@b.cn")],
        ),
        ("作品报送邮箱：86555@qq.com。", [(None, None, (), "86555@qq.com")]),
        (f"如有变动，请及时告知市科协科普部（电话：{P1}）。", [(None, "市科协科普部", (P1,), None)]),
        (f"联系人：王老师 电话：{P1}", [("王老师", None, (P1,), None)]),
        (f"推荐表填好后发回。如有疑问请致电0999-{P1}。", [(None, None, (f"0999-{P1}",), None)]),
        ("谨致电祝贺大会召开。", []),
        ("各单位要加强联系，指定联系人。", []),
        ("联系人：\n联系电话：\n", []),
        ("", []),
    ],
)
def test_contact_blocks(text, contacts):
    assert told(text) == contacts


def test_fax_and_address_are_kept_apart():
    text = f"地址：云州市人民路1号3楼，邮编：100000\n联系人：周明远\n电话：{P1}；传真：{P2}"
    (one,) = find_contacts(text)
    assert (one.phones, one.fax, one.address) == ((P1,), P2, "云州市人民路1号3楼")
    assert {path: span.of(text) for path, span in one.spans} == {
        "name": "周明远", "phones/0": P1, "fax": P2, "address": "云州市人民路1号3楼",
    }  # fmt: skip


@given(st.text(alphabet="联系人电话：:，、；\n 周明远何立市科协0123456789-@a.com（）()邮箱传真地址及", max_size=80))
def test_any_text_is_read_and_spans_quote_it(text):
    for contact in find_contacts(text):
        values = {
            "name": contact.name, "unit": contact.unit, "fax": contact.fax, "email": contact.email,
            "address": contact.address, **{f"phones/{at}": phone for at, phone in enumerate(contact.phones)},
        }  # fmt: skip
        for path, span in contact.spans:
            quote = close_gaps(span.of(text))
            assert values[path] is not None
            assert quote.replace(" ", "").startswith(values[path][:1].replace("（", quote[:1]))
        assert {path for path, value in values.items() if value is not None} == {path for path, _ in contact.spans}


@pytest.mark.parametrize("piece", ["1", "联系人：", "电话：1", "a@", "a.", "1-", "139 0000 0001 ", "（", "www."])
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (20_000 // len(piece)) + "\n" * 200 + "联系人：周明远，电话：5550123"
    assert find_contacts(text)[-1].name == "周明远"
    assert find_phones(text)[-1].text == "5550123"
    assert find_emails(text) == []
    assert find_urls(text) is not None
