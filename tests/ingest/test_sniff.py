import io
import random
import zipfile

import pytest
from box_kit import compound
from docx_kit import docx, p

from gongwen.errors import SourceError
from ingest import sniff as types
from ingest.sniff import sniff


def packed(*names: str, **contents: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name, "x"))
    return out.getvalue()


def office(kind: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", f"application/vnd.openxmlformats-officedocument.{kind}.main+xml")
    return out.getvalue()


def test_an_embedded_document_does_not_decide():
    inner = "application/vnd.openxmlformats-officedocument.wordprocessingml.document "
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", inner + "application/x.spreadsheetml.sheet.main+xml")
    assert sniff(out.getvalue(), "a.xlsx") == (types.XLSX, ())


def odf(media_type: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", media_type)
    return out.getvalue()


NOTICE = "关于举办2024年云州市科普日活动的通知\n各县（区）科协：\n"


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (b"%PDF-1.4\n", "a.pdf", types.PDF),
        (b"junk before\n%PDF-1.4\n", "a.pdf", types.PDF),
        (docx(p("x")), "a.docx", types.DOCX),
        (docx(p("x")), "a.wps", types.DOCX),
        (packed("word/document.xml", "[Content_Types].xml"), "a.docx", types.DOCX),
        (office("spreadsheetml.sheet"), "a.xlsx", types.XLSX),
        (office("presentationml.presentation"), "a.pptx", types.PPTX),
        (office("wordprocessingml.template"), "a.dotx", types.DOCX),
        (office("ms-word.document.macroEnabled"), "a.docm", types.DOCX),
        (packed("OFD.xml", "Doc_0/Document.xml"), "a.ofd", types.OFD),
        (packed("Encryptions.xml", "entriesmap.dat"), "a.ofd", types.OFD),
        (odf(types.ODT), "a.odt", types.ODT),
        (packed("a.txt"), "a.zip", types.ZIP),
        (b"{\\rtf1\\ansi", "a.rtf", types.RTF),
        (b"\x89PNG\r\n\x1a\n", "a.png", "image/png"),
        (b"\xff\xd8\xff\xe0", "a.JPG", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.webp", "image/webp"),
        (b"BM\x10\0\0\0" + bytes(10), "a.bmp", "image/bmp"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "a.html", types.HTML),
        ("\ufeff <!-- 保存的网页 -->\n<div class='con'>通知</div>".encode(), "a.htm", types.HTML),
        ("<html><p>通知</p></html>".encode("utf-16"), "a.html", types.HTML),
        ("网页片段<p>通知</p>".encode(), "a.html", types.HTML),
        (b"<?xml version='1.0'?><a/>", "a.xml", types.XML),
        (NOTICE.encode(), "a.txt", types.PLAIN),
        (NOTICE.encode("gb18030"), "a.txt", types.PLAIN),
        (NOTICE.encode("utf-16"), "a.txt", types.PLAIN),
        ("# 通知\n\n正文\n\n## 一、活动\n".encode(), "a.txt", types.MARKDOWN),
        ("| 序号 | 任务 |\n| --- | --- |\n| 1 | 科普 |\n".encode(), "a.txt", types.MARKDOWN),
        (NOTICE.encode(), "a.md", types.MARKDOWN),
        ("一个 < 号，不是网页".encode(), "a.txt", types.PLAIN),
        (b"Rar!\x1a\x07\0", "a.rar", "application/vnd.rar"),
        (NOTICE.encode(), "通知.公文", types.PLAIN),
        (NOTICE.encode(), "通知", types.PLAIN),
        (NOTICE.encode(), "关于2024.5的通知", types.PLAIN),
        (NOTICE.encode(), "2024.12", types.PLAIN),
        (NOTICE.encode(), "名单.csv", types.PLAIN),
        (b"<html><p>x</p></html>", "t20240501_1.shtml", types.HTML),
    ],
)
def test_type_by_content(data, name, found):
    assert sniff(data, name) == (found, ())


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("<p>通知</p>".encode(), "a.doc"), (NOTICE.encode(), "a.docx"), (b"%PDF-1.4", "a.txt"), (docx(p("x")), "a.doc"),
        (packed("OFD.xml"), "a.docx"), (b"{\\rtf1", "a.doc"), (b"\x89PNG\r\n\x1a\n", "a.pdf"),
    ],
)  # fmt: skip
def test_another_extension_is_a_warning(data, name):
    assert sniff(data, name)[1] == ("type_mismatch",)
    assert sniff(data, "noextension")[1] == ()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"), (bytes(1000), "binary"), (bytes(range(256)) * 40, "binary"), (b"\x7fELF" + bytes(60), "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "parse_error"), (b"PK\3\4 cut", "zip_bad"),
    ],
)  # fmt: skip
def test_what_is_no_document(data, code):
    with pytest.raises(SourceError) as caught:
        sniff(data, "a.txt")
    assert caught.value.code == code


@pytest.mark.parametrize("extension", ["svg", "db", "exe", "ini", "log", "json"])
@pytest.mark.parametrize("data", [NOTICE.encode(), b"<html><p>x</p></html>"])
def test_text_under_a_program_s_name_is_no_paper(data, extension):
    with pytest.raises(SourceError) as caught:
        sniff(data, f"a.{extension}")
    assert caught.value.code == "unsupported"


PAPERS = ("pdf", "doc", "docx", "wps", "rtf", "xls", "xlsx", "ET", "pptx", "ofd", "odt")
OTHERS = ("zip", "7z", "png", "eml", "msg")


@pytest.mark.parametrize("extension", PAPERS)
@pytest.mark.parametrize(
    "data",
    [NOTICE.encode(), NOTICE.encode("gb18030"), NOTICE.encode("utf-16"), "通知".encode("gb18030"),
     "<html><p>通知</p></html>".encode(), "# 一\n# 二\n".encode()],
)  # fmt: skip
def test_a_text_that_says_something_is_a_paper_under_a_document_s_name(data, extension):
    assert sniff(data, f"a.{extension}")[1] == ("type_mismatch",)


SCRAPS = {
    "a word": b"hello",
    "a failed download": b"<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>",
    "a stub": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
    "a PDF without its head": b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\nxref\n0 3\n" * 20,
    "noise": random.Random(7).randbytes(5_000),
    "a little noise": random.Random(7).randbytes(12),
    "zeros": bytes(4_096),
    "one": b"\x00",
}


@pytest.mark.parametrize("extension", (*PAPERS, *OTHERS))
@pytest.mark.parametrize("scrap", SCRAPS)
def test_a_scrap_under_a_document_s_name_is_told(scrap, extension):
    with pytest.raises(SourceError) as caught:
        sniff(SCRAPS[scrap], f"a.{extension}")
    assert caught.value.code == "wrong_content"


@pytest.mark.parametrize("extension", OTHERS)
def test_a_text_under_the_name_of_an_archive_or_a_picture_is_told(extension):
    with pytest.raises(SourceError) as caught:
        sniff(NOTICE.encode(), f"a.{extension}")
    assert caught.value.code == "wrong_content"


def test_tabbed_text_under_the_name_of_a_workbook_is_a_sheet():
    assert sniff(b"1\t13900000011\n2\t13900000022\n", "a.xls") == (types.CSV, ("type_mismatch",))


def test_an_ole_file_of_no_known_kind():
    data = compound({"Contents": bytes(5_000)})
    assert sniff(data, "a.pub") == (types.OLE, ())
    with pytest.raises(SourceError) as caught:
        sniff(data, "a.doc")
    assert caught.value.code == "wrong_content"


def test_a_paper_under_a_wrong_name_is_still_read():
    assert sniff(docx(p("x")), "a.pdf") == (types.DOCX, ("type_mismatch",))
    assert sniff(NOTICE.encode("gb18030"), "a.doc") == (types.PLAIN, ("type_mismatch",))


def test_a_damaged_office_file_is_told_to_be_damaged():
    with pytest.raises(SourceError) as caught:
        sniff(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90), "旧通知.doc")
    assert caught.value.sentence.startswith("文件已损坏")


def test_a_stray_control_character_does_not_make_a_text_binary():
    assert sniff("通知\0\x1b正文".encode(), "a.txt")[0] == types.PLAIN


def test_an_encrypted_package_has_a_password():
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(docx(p("x")))).encrypt("pw", out)
    with pytest.raises(SourceError) as caught:
        sniff(out.getvalue(), "a.docx")
    assert caught.value.code == "password"
