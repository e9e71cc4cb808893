import base64
from email.message import EmailMessage

import pytest
from box_kit import compound, mail, outlook, paper, unpack, zipped

from gongwen.errors import SourceError
from ingest.mime import decode_words, written
from ingest.readers.eml import READER as EML
from ingest.readers.html import READER as HTML
from ingest.readers.letter import decoded
from ingest.readers.mht import READER as MHT
from ingest.readers.msg import READER as MSG
from ingest.sniff import sniff
from ingest.source import Source

TYPES = {"message/rfc822": EML, "application/vnd.ms-outlook": MSG}


def opened(data, name="来信.eml", **limits):
    media_type, _ = sniff(data, name)
    return unpack(TYPES[media_type], data, media_type, name, **limits)


def meta(document):
    return {block.key: block.span.of(document.text) for block in document.blocks if block.kind == "meta"}


def body(document):
    return "".join(block.span.of(document.text) + "\n" for block in document.flow())


def raw(*lines: str, coding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(coding)


def test_a_mail_is_its_header_its_text_and_its_attachments():
    document, basket = opened(mail(attached=[("总结.txt", paper(1)), ("表.zip", b"PK")]))
    assert meta(document) == {
        "邮件主题": "报送总结的通知", "发件人": "何立 <heli@example.com>", "收件人": "云州市科协 <kexie@example.com>",
        "发送时间": "2024-05-06 09:30 +0800",
    }  # fmt: skip
    assert body(document) == "各位好：\n请查收附件。\n"
    assert basket.files == [("总结.txt", paper(1)), ("表.zip", b"PK")]
    assert document.complete


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("=?GB2312?B?" + base64.b64encode("关于镕基".encode("gb18030")).decode() + "?=", "关于镕基"),
        ("=?utf-8?Q?=E5=85=B3=E4=BA?=\r\n =?utf-8?Q?=8E?=", "关于"),
        ("=?utf-8?B?5YWz5Lo=?= =?utf-8?B?jg==?=", "关于"),
        ("Re: =?gbk?B?uPjE47XE?= (2)", "Re: 给你的 (2)"),
        ("=?iso-8859-1?B?" + base64.b64encode("通知".encode("gbk")).decode() + "?=", "通知"),
        ("=?utf-8?B?" + base64.b64encode("通知".encode("gbk")).decode() + "?=", "通知"),
        ("plain", "plain"), ("=?x-unknown?B?5YWz?=", "关"), ("=?utf-8?B?!!?=", ""), ("=?utf-8?Q?a_b?=", "a b"),
    ],
)  # fmt: skip
def test_encoded_words(header, text):
    assert decode_words(header) == text


def test_bare_bytes_in_headers():
    data = raw("MIME-Version: 1.0", "Subject: 关于总结", "From: a@example.com", "To: b@example.com", "", "请查收。",
               coding="gbk")  # fmt: skip
    document, _ = opened(data)
    assert meta(document)["邮件主题"] == "关于总结"
    assert body(document) == "请查收。\n"


@pytest.mark.parametrize(
    ("stated", "real"),
    [
        ("gb2312", "gb18030"), ("utf-8", "gb18030"), ("us-ascii", "utf-8"), ("iso-8859-1", "gb18030"),
        ("nonsense", "utf-8"), ("big5", "big5"),
    ],
)  # fmt: skip
def test_charsets_that_lie(stated, real):
    words = "關於開展科普活動的通知" if real == "big5" else "关于开展科普活动的通知"
    assert decoded(words.encode(real), stated) == words


def test_dates():
    assert written("Mon, 06 May 2024 09:30:00 +0800") == "2024-05-06 09:30 +0800"
    assert written("昨天") == "昨天"
    assert written("Mon, 99 May 99999 99:99") == "Mon, 99 May 99999 99:99"


def test_a_page_alone_is_read_as_one():
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "表", "a@example.com", "b@example.com"
    table = "<table><tr><td>序号</td><td>任务</td></tr><tr><td>1</td><td>举办讲座</td></tr></table>"
    page = f"<html><body><p>请填报下表，于月底前报送。</p>{table}</body></html>"
    message.set_content(page, subtype="html", charset="gb2312")
    document, _ = opened(message.as_bytes())
    assert [block.kind for block in document.flow()] == ["paragraph", "table"]
    assert document.flow()[1].cells[3].span.of(document.text) == "举办讲座"
    assert document.warnings == ()


def test_of_alternatives_the_text_is_taken():
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "x", "a@example.com", "b@example.com"
    message.set_content("文字版\n")
    message.add_alternative("<p>网页版</p>", subtype="html")
    assert body(opened(message.as_bytes())[0]) == "文字版\n"


def test_names_of_attachments_in_all_their_forms():
    def part(*head: str) -> tuple[str, ...]:
        return ("--b", "Content-Type: application/octet-stream", *head, "", "x")

    words = base64.b64encode("通知.doc".encode("gbk")).decode()
    data = raw(
        "MIME-Version: 1.0", "From: a@example.com", "To: b@example.com", 'Content-Type: multipart/mixed; boundary="b"',
        "", *part("Content-Disposition: attachment; filename*=gbk''%CD%A8%D6%AA.txt"),
        *part(f'Content-Disposition: attachment; filename="=?gb2312?B?{words}?="'),
        *part('Content-Disposition: attachment; filename="方案.txt"'),
        *part("Content-Disposition: attachment; filename*0*=utf-8''%E6%96%B9; filename*1*=%E6%A1%88.doc"),
        *part('Content-Disposition: attachment; filename="../../etc/x.txt"'), *part("Content-Disposition: attachment"),
        "--b--", coding="gbk",
    )  # fmt: skip
    assert opened(data)[1].names == ["通知.txt", "通知.doc", "方案.txt", "方案.doc", "etc/x.txt", "附件.octet-stream"]


def test_small_pictures_in_the_text_are_logos_and_large_ones_papers():
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "x", "a@example.com", "b@example.com"
    message.set_content("<p>请看下图。</p>", subtype="html")
    for size in (5_000, 90_000):
        message.add_related(bytes(size), maintype="image", subtype="png", cid=f"<{size}>")
    document, basket = opened(message.as_bytes())
    assert [len(content) for _, content in basket.files] == [90_000]
    assert document.complete


def test_a_forwarded_mail_is_a_file_of_its_own():
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "转发", "a@example.com", "b@example.com"
    message.set_content("请阅。\n")
    inner = EmailMessage()
    inner["Subject"], inner["From"], inner["To"] = "关于总结", "c@example.com", "d@example.com"
    inner.set_content("请报送。\n")
    message.add_attachment(inner)
    document, basket = opened(message.as_bytes())
    assert body(document) == "请阅。\n"
    assert basket.names == ["关于总结.eml"]
    again, _ = opened(basket.files[0][1])
    assert (meta(again)["邮件主题"], body(again)) == ("关于总结", "请报送。\n")


def test_two_hundred_attachments():
    _, basket = opened(mail(attached=[(f"{at}.txt", b"%d" % at) for at in range(200)]))
    assert basket.names == [f"{at}.txt" for at in range(200)]


def test_a_missing_boundary_keeps_the_words():
    data = raw("MIME-Version: 1.0", "From: a@example.com", "To: b@example.com", "Content-Type: multipart/mixed",
               "", "请查收附件。")  # fmt: skip
    document, _ = opened(data)
    assert "请查收附件。" in body(document)
    assert document.reasons == ("member_damaged",)


def test_a_body_in_no_known_code_costs_no_attachment():
    data = mail("x" * 40, [("一.txt", paper(1))]).replace(b"x" * 40, b"\xff\xfe\x81 abc" * 8)
    document, basket = opened(data)
    assert basket.files == [("一.txt", paper(1))]
    assert "□" in body(document)
    assert document.warnings == ("encoding",)


def test_a_cut_mail_gives_what_is_there():
    data = mail(attached=[("一.txt", paper(1))])
    document, basket = opened(data[: data.rfind(b"\n--")])
    assert basket.files == [("一.txt", paper(1))]
    assert body(document)
    assert (document.complete, document.reasons) == (False, ("partly_damaged",))
    within, _ = opened(data[: data.index(b"base64") + 40])
    assert within.reasons == ("partly_damaged",)
    assert opened(data)[0].complete


def test_nesting_beyond_reason_gives_the_header():
    parts = [f'Content-Type: multipart/mixed; boundary="{at}"\r\n\r\n--{at}\r\n' for at in range(3_000)]
    data = raw("MIME-Version: 1.0", "Subject: 套", "From: a@example.com", "To: b@example.com") + b"\r\n"
    document, basket = opened(data + "".join(parts).encode())
    assert meta(document)["邮件主题"] == "套"
    assert (basket.files, document.complete, document.reasons) == ([], False, ("nesting",))


def test_a_mail_that_says_nothing():
    with pytest.raises(SourceError) as caught:
        opened(b"MIME-Version: 1.0\r\nReceived: x\r\nContent-Type: text/plain\r\n\r\n\r\n")
    assert caught.value.code == "no_text"


def test_outlook_messages():
    inner = outlook("原件", "请各县报送。", [("附表.txt", paper(2))], depth=1)
    data = compound(outlook("转发：总结", "各位好：\r\n请查收。", [("总结.txt", paper(1) * 40)], inner=inner))
    assert sniff(data, "来信.msg") == ("application/vnd.ms-outlook", ())
    document, basket = opened(data, "来信.msg")
    assert meta(document) == {"邮件主题": "转发：总结", "发件人": "何立 <heli@example.com>", "收件人": "云州市科协",
                              "发送时间": "2024-05-06 01:30 +0000"}  # fmt: skip
    assert "请查收。" in body(document) and "请各县报送。" in body(document) and "邮件主题：原件" in body(document)
    assert basket.files == [("总结.txt", paper(1) * 40), ("转发/附表.txt", paper(2))]


def test_a_cut_outlook_message_is_refused():
    data = compound(outlook("总结", "请查收。"))
    for cut in (len(data) // 2, 600):
        with pytest.raises(SourceError) as caught:
            opened(data[:cut], "来信.msg")
        assert caught.value.code in {"parse_error", "unsupported"}


PAGE = (
    "<html><head><meta charset='gb2312'></head><body><p>关于开展科普活动的通知，请各县认真执行。</p></body></html>"
)


def web_archive(coding="gb2312", stated='; charset="gb2312"', head=("From: <Saved by Blink>",), page=PAGE):
    content = base64.encodebytes(page.encode(coding)).decode().replace("\n", "\r\n")
    return raw(*head, "Subject: x", "MIME-Version: 1.0",
               'Content-Type: multipart/related; type="text/html"; boundary="b"', "", "--b",
               f"Content-Type: text/html{stated}", "Content-Transfer-Encoding: base64",
               "Content-Location: http://example.com/a.html", "", content, "--b", "Content-Type: image/png",
               "Content-Location: http://example.com/a.png", "", "x", "--b--")  # fmt: skip


@pytest.mark.parametrize("archive", [web_archive(), web_archive(stated=""), web_archive("utf-8", '; charset="utf-8"'),
                                     web_archive(head=("X-MimeOLE: Produced",))])  # fmt: skip
@pytest.mark.parametrize("name", ["网页.mht", "网页.doc"])
def test_web_archives(archive, name):
    media_type, warnings = sniff(archive, name)
    assert media_type == "application/x-mimearchive"
    assert warnings == (("type_mismatch",) if name.endswith("doc") else ())
    document = MHT.read(Source.of(name, archive, media_type))
    assert document.text == "关于开展科普活动的通知，请各县认真执行。\n"
    assert document.reader.startswith("mht/2+html/")
    assert document.complete
    assert MHT.read(Source.of(name, archive[: archive.rindex(b"--b--")], media_type)).reasons == ("partly_damaged",)


def test_mails_are_told_from_texts_about_mails():
    assert sniff(mail(), "a.txt")[0] == "message/rfc822"
    assert sniff(b"From x@example.com Mon\n" + mail(), "a.eml")[0] == "message/rfc822"
    for text in ("From: 何立\nTo: 市科协\n请查收。\n", "发件人：何立\n主题：总结\n", "Subject: 总结\n\n请报送"):
        assert sniff(text.encode(), "a.txt")[0] == "text/plain"


def page_with(charset: str, coding: str) -> bytes:
    return f"<html><head><meta charset='{charset}'></head><body><p>{WORDS}</p></body></html>".encode(coding)


WORDS = "关于印发《云州市科普条例》的通知，各县（区）科协：请认真贯彻执行，结合实际抓好落实。"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "big5", "shift_jis", "utf-16", "nonsense"])
def test_gb_pages_with_a_wrong_charset_line(charset):
    assert HTML.read(Source.of("a.html", page_with(charset, "gb18030"), "text/html")).text == WORDS + "\n"


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "iso-8859-1", "big5"])
def test_utf8_pages_with_a_wrong_charset_line(charset):
    assert HTML.read(Source.of("a.html", page_with(charset, "utf-8"), "text/html")).text == WORDS + "\n"


def test_pages_that_are_what_they_say():
    big5 = "<meta charset='big5'><p>關於開展科普活動的通知，請各縣（區）認真貫徹執行。</p>"
    assert "關於開展" in HTML.read(Source.of("a.html", big5.encode("big5"), "text/html")).text
    latin = "<meta charset='iso-8859-1'><p>Réunion à l'école, été déjà passé : détails à préciser, façade, où ça ?</p>"
    assert "école" in HTML.read(Source.of("a.html", latin.encode("latin-1"), "text/html")).text


def test_frames_are_links():
    page = "<p>关于印发的通知</p><iframe src='/正文.html' title='正文'></iframe><iframe src='about:blank'></iframe>"
    document = HTML.read(Source.of("a.html", f"<html><body>{page}</body></html>".encode(), "text/html"))
    assert document.links == (("正文", "/正文.html"),)
    frames = "<html><frameset cols='2,8'><frame name='左' src='l.htm'><frame src='r.htm'></frameset></html>"
    with pytest.raises(SourceError) as caught:
        HTML.read(Source.of("a.html", frames.encode(), "text/html"))
    assert caught.value.code == "frames"


def test_a_zip_in_a_mail_comes_out_as_it_is():
    inner = zipped([("一.txt", paper())])
    assert opened(mail(attached=[("材料.zip", inner)]))[1].files == [("材料.zip", inner)]
