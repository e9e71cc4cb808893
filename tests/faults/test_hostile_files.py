"""The hostile inputs of reliability.md §5 for the formats that are read: a reason or the text, within limits."""

import resource
import socket
from pathlib import Path

import hostile_pdf as kit
import pytest

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.sandbox import Limits, read_bytes, read_file

LIMITS = Limits(memory_bytes=256 << 20, cpu=2, cpu_per_page=0, wall=20, stall=12)


def outcome(data: bytes | str, name: str) -> str:
    """The reason code, or "text" when something was read."""
    content = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    try:
        document = read_bytes(content, name, limits=LIMITS)
    except SourceError as error:
        assert error.sentence
        return error.code
    assert document.text.strip()
    return "text"


def text_of(data: bytes | str, name: str) -> Document:
    return read_bytes(data if isinstance(data, bytes) else data.encode(), name, limits=LIMITS)


PDFS = {
    "01 page tree DAG of 2^30": (kit.page_tree_dag, {"too_many_pages", "parse_error", "no_text_needs_ocr", "cpu"}),
    "02 page tree in itself": (kit.page_tree_loop, {"parse_error", "no_text_needs_ocr"}),
    "03 flate bomb": (lambda: kit.flate_bomb(200_000_000), {"memory", "no_text_needs_ocr", "cpu", "crash"}),
    "04 flate in flate": (lambda: kit.double_flate(200_000_000), {"memory", "no_text_needs_ocr", "cpu", "crash"}),
    "05 two million glyphs": (kit.many_glyphs, {"cpu", "too_much_text", "memory", "text"}),
    "06 form DAG": (kit.form_dag, {"cpu"}),
    "07 form calls itself": (kit.form_loop, {"crash", "memory", "cpu", "no_text_needs_ocr", "parse_error"}),
    "08 xref loop": (kit.xref_loop, {"parse_error", "text"}),
    "09 ToUnicode of 2^31": (kit.unicode_range_bomb, {"memory", "cpu", "no_text", "no_text_needs_ocr", "crash"}),
    "10 predictor of 2e9 columns": (kit.predictor_bomb, {"memory", "no_text_needs_ocr", "crash"}),
    "11 CMap path": (kit.cmap_path, {"no_text_needs_ocr", "parse_error", "text"}),
    "12 page of 1e9 points": (kit.huge_page, {"page_size"}),
    "13 five thousand pages": (kit.many_pages, {"too_many_pages"}),
    "14 user password": (kit.password_pdf, {"password"}),
    "15 length lies": (kit.lying_length, {"text"}),
    "16a cut in half": (lambda: kit.many_pages(3)[:600], {"parse_error", "no_text_needs_ocr"}),
    "16b nothing": (lambda: b"", {"empty"}),
    "16c header only": (lambda: b"%PDF-1.7", {"parse_error"}),
    "16d noise": (lambda: b"%PDF-1.7" + kit.noise(99_999), {"parse_error"}),
}


@pytest.mark.parametrize("case", PDFS)
def test_hostile_pdf(case):
    make, allowed = PDFS[case]
    assert outcome(make(), "x.pdf") in allowed


ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    + "]>"
)
P = kit.paragraph
DOCXS = {
    "17 external entity": (lambda: kit.docx(P("&x;"), ENTITY), {"xml_dtd"}),
    "18 billion laughs": (lambda: kit.docx(P("&a9;"), LAUGHS), {"xml_dtd"}),
    "19 quadratic entity": (
        lambda: kit.docx(P("&a;" * 20_000), f'<!DOCTYPE a [<!ENTITY a "{"x" * 50_000}">]>'), {"xml_dtd"},
    ),
    "20 100 MB of paragraphs": (lambda: kit.docx(P("柳" * 20) * 300_000), {"zip_ratio", "zip_total"}),
    "21 one huge text": (lambda: kit.docx(P(" " * 30_000_000)), {"zip_ratio", "zip_total"}),
    "22 deep nesting": (lambda: kit.docx("<w:sdt>" * 5000 + P("x") + "</w:sdt>" * 5000), {"parse_error"}),
    "23 huge gridSpan": (
        lambda: kit.docx(kit.table(kit.row('<w:gridSpan w:val="100000000"/>') + kit.row())), {"text"},
    ),
    "24 3,000 merged rows": (
        lambda: kit.docx(kit.table(kit.row('<w:vMerge w:val="restart"/>') + kit.row("<w:vMerge/>", "") * 3000)),
        {"text"},
    ),
    "26 relation to /etc/passwd": (
        lambda: kit.docx(P("x"), relations=kit.relation("r9", "image", "../../../etc/passwd")), {"text"},
    ),
    "27 zip slip": (lambda: kit.docx(P("x"), add=[("../../../tmp/evil.txt", "x")]), {"zip_path"}),
    "28 symlink member": (lambda: kit.docx(P("x"), add=[kit.symlink_member()]), {"zip_symlink"}),
    "30 too many members": (
        lambda: kit.docx(P("x"), add=[(f"m/{at}", "") for at in range(6_000)]), {"zip_entries"},
    ),
    "31 overlapping members": (kit.overlapping_zip, {"zip_total", "zip_duplicate", "zip_overlap"}),
    "31b two members in one place": (kit.overlapping_parts, {"zip_overlap"}),
    "32 size lies": (kit.lying_size, {"zip_bad", "parse_error"}),
    "33 password": (kit.encrypted_docx, {"password"}),
    "34a truncated": (lambda: kit.docx(P("x"))[:-99], {"zip_bad"}),
}  # fmt: skip


@pytest.mark.parametrize("case", DOCXS)
def test_hostile_docx(case):
    make, allowed = DOCXS[case]
    assert outcome(make(), "x.docx") in allowed


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name():
    assert outcome(kit.docx(P("甲"), add=[("word/document.xml", "乙")]), "x.docx") == "zip_duplicate"


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_doctype_is_seen_in_other_encodings(coding):
    inner = f"{ENTITY}<w:document {kit.W}><w:body>{P('&x;')}</w:body></w:document>"
    body = f'<?xml version="1.0" encoding="UTF-16"?>{inner}'
    data = kit.zipped(
        [("[Content_Types].xml", "wordprocessingml.document"), ("word/document.xml", body.encode(coding))]
    )
    assert outcome(data, "x.docx") == "xml_dtd"


def test_nothing_is_fetched():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        base = f"http://127.0.0.1:{server.getsockname()[1]}"
        relations = "".join(
            kit.relation(f"r{at}", kind, f"{base}/{kind}", 'TargetMode="External"')
            for at, kind in enumerate(("image", "attachedTemplate", "hyperlink", "oleObject"))
        )
        document = text_of(kit.docx(P("x"), relations=relations), "x.docx")
        page = f"<p>通知<img src='{base}/a'><link rel=stylesheet href='{base}/c'><iframe src='file:///etc/passwd'></iframe></p>"
        told = text_of(page, "39.doc")
        assert "通知" in told.text and "root:" not in told.text
        assert "type_mismatch" in told.warnings
        with pytest.raises(TimeoutError):
            server.accept()
    assert {kind for kind, _ in document.links} >= {"image", "attachedTemplate", "oleObject"}


def test_types_by_content():
    page = text_of("<html><body><p>关于举办科普日的通知</p></body></html>", "34b.docx")
    assert (page.media_type, page.warnings) == ("text/html", ("type_mismatch",))
    text = text_of("关于举办科普日的通知".encode("gb18030"), "34c.docx")
    assert (text.text.strip(), text.warnings) == ("关于举办科普日的通知", ("type_mismatch",))


def test_things_that_are_no_text():
    assert outcome(kit.noise(50_000), "40.doc") in {"binary", "encoding"}
    assert outcome(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "41.doc") == "parse_error"
    assert outcome(kit.big_png(), "49.png") in {"no_text_needs_ocr", "image_pixels"}
    assert outcome(kit.zipped([]), "a.zip") == "no_text"


def test_html_keeps_its_text_and_runs_nothing():
    assert "通知" in text_of("<div>" * 300 + "通知" + "</div>" * 300, "42.html").text
    assert outcome("<p>" * 30_000, "43.html") in {"no_text", "text"}
    page = (
        "<p onclick=alert(1)>通知<script>alert(1)</script><img src=x onerror=alert(1)>"
        '<a href="javascript:alert(1)">附件</a>&lt;script&gt;alert(2)&lt;/script&gt;</p>'
    )
    told = text_of(page, "44.html").text
    assert "通知" in told and "alert(1)" not in told and "<script>alert(2)</script>" in told
    lying = text_of("<meta charset=utf-8><p>关于印发的通知</p>".encode("gb18030"), "45.html")
    assert "关于印发的通知" in lying.text or lying.warnings


def test_dirty_text_is_cleaned():
    assert outcome("通知\0", "46a.txt") in {"text", "binary"}
    told = text_of("通知\x85\u2028\u202egnp.exe\u200b\ue7e3", "46.txt").text
    assert "通知" in told and "gnp.exe\ue7e3" in told
    assert not set(told) & set("\0\x85\u2028\u202e\u200b")
    assert outcome("通知\ud800", "46b.txt") in {"text", "encoding"}


def test_long_runs_of_one_character_and_of_dates():
    assert text_of("云" * 200_000, "47.txt").text.count("云") == 200_000
    assert text_of("1月1日至" * 20_000 + "X", "48.txt").text.count("月") == 20_000


NAMES = [b"51_\xd4\xc6\xd6\xdd.txt", "51\n\x1b[2J伪造.txt".encode(), ("云" * 83 + ".txt").encode()]


@pytest.mark.parametrize("name", NAMES)
def test_strange_names(tmp_path, name):
    path = Path(tmp_path.as_posix() + "/" + name.decode("utf-8", "surrogateescape"))
    path.write_text("关于举办科普日的通知", encoding="utf-8")
    assert read_file(path).text.strip() == "关于举办科普日的通知"


def test_the_parent_stays_small():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for make, _ in (PDFS["09 ToUnicode of 2^31"], PDFS["10 predictor of 2e9 columns"], DOCXS["31 overlapping members"]):
        outcome(make(), "x")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
