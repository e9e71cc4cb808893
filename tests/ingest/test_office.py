"""DOC, WPS, RTF and ODT read as the same paper in DOCX, by LibreOffice."""

from __future__ import annotations

import hashlib
import io
import socket
import threading
import zipfile

import pytest
import regex
from docx_kit import docx, p, relationship
from office_kit import need_converter

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.rulebook import load_rulebook
from gongwen.sampling.standard import entries
from ingest.budget import Limits
from ingest.readers import choose
from ingest.sandbox import read_bytes
from ingest.sniff import sniff
from ingest.source import NeedsConversion, Source
from tests import forms_kit as kit

pytestmark = pytest.mark.office

LETTER = next(one for one in entries() if one.family == "letter" and one.form == "docx")


@pytest.fixture(scope="session")
def papers(tmp_path_factory) -> dict[str, tuple[bytes, bytes]]:
    """By form: a letter in that form, and what LibreOffice makes a DOCX of it."""
    need_converter()
    made = kit.office([LETTER], tmp_path_factory.mktemp("office"))
    return {form: made[LETTER.name, form] for form in kit.OFFICE}


def read(content: bytes, name: str, converted: bytes | None = None) -> Document:
    media_type, warnings = sniff(content, name)
    source = Source(name, content, media_type, hashlib.sha256(content).hexdigest(), warnings, converted)
    return choose(source).read(source)


@pytest.mark.parametrize("form", kit.OFFICE)
def test_the_original_is_named_and_not_what_was_made_of_it(papers, form):
    """What it says: tests/extract/test_formats_agree.py."""
    content, converted = papers[form]
    document = read(content, f"a.{form}", converted)
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.media_type == sniff(content, f"a.{form}")[0] != sniff(converted, "a.docx")[0]
    assert (document.warnings, document.doubts) == (("converted",), ())


@pytest.mark.parametrize("name", ["关于举办科普日的通知.wps", "通知.doc", "通知"])
def test_a_doc_under_any_of_its_names_goes_the_whole_way(papers, name):
    content, converted = papers["doc"]
    document = read_bytes(content, name)
    assert document.text == read(content, "a.doc", converted).text
    assert (document.media_type, document.warnings) == ("application/msword", ("converted",))
    assert document.sha256 == hashlib.sha256(content).hexdigest()


def test_an_rtf_named_doc_is_an_rtf(papers):
    content, converted = papers["rtf"]
    assert read(content, "a.doc", converted).media_type == "application/rtf"
    assert sniff(content, "a.doc")[1] == ("type_mismatch",)


RTF = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}"
    rb"\pard \'cd\'a8\'d6\'aa\par {\v \'d2\'fe}\'c3\'f7{\deleted \'c9\'be}{\revised \'d4\'f6}\par %s\par}"
)


def test_what_a_conversion_changes_is_told():
    need_converter()
    fields = (
        rb'{\field{\*\fldinst DATE \\@ "yyyy-MM-dd"}{\fldrslt 2024-03-05}}\par '
        rb'{\field{\*\fldinst {SAVEDATE }}{\fldrslt {2024-03-06}}}\par '
        rb'{\field{\*\fldinst INCLUDETEXT "/etc/hostname"}{\fldrslt kept}}\par '
        rb"{\object\objemb{\*\objclass Excel.Sheet.8}{\*\objdata 0105}{\result shown}}"
    )
    document = read_bytes(RTF % fields, "a.rtf")
    lines = document.text.split("\n")
    assert lines[:2] == ["通知", "明增"]
    assert lines[2:6] == ["2024-03-05", "2024-03-06", "kept", "shown"]
    assert set(document.warnings) >= {"converted", "date_field", "hidden_text", "tracked_changes", "embedded_object"}
    assert [(code, span.of(document.text)) for code, span in document.doubts] == [
        ("date_field", "2024-03-05"), ("date_field", "2024-03-06"),
    ]  # fmt: skip


def test_a_doc_keeps_the_date_that_its_field_printed_last(tmp_path):
    """LibreOffice would print today's: the fields of the copy that it gets are of no kind that it knows."""
    (tmp_path / "a.rtf").write_bytes(RTF % rb'{\field{\*\fldinst DATE \\@ "yyyy-MM-dd"}{\fldrslt x}}')
    kit.run_office(tmp_path, "doc", [tmp_path / "a.rtf"])
    made = (tmp_path / "a.doc").read_bytes()
    digits = "".join(chr(char) + "\0" for char in b"2024-03-05").encode()
    dated, count = regex.subn(rb"(?:\d\0){4}-\0(?:\d\0){2}-\0(?:\d\0){2}", digits, made)
    assert count == 1
    document = read_bytes(dated, "a.doc")
    assert [(code, span.of(document.text)) for code, span in document.doubts] == [("date_field", "2024-03-05")]


@pytest.mark.parametrize(
    ("form", "content", "is_dated"),
    [
        ("rtf", rb"{\rtf1 {\field{\*\fldinst {\rtlch\af0 SAVEDATE }}{\fldrslt x}}}", True),
        ("rtf", rb"{\rtf1 \chdate }", True),
        ("rtf", rb"{\rtf1 {\field{\*\fldinst HYPERLINK a}{\fldrslt DATE}} UPDATE}", False),
    ],
)
def test_dates_are_seen_in_the_source(form, content, is_dated):
    made = docx(p("x"))
    assert ("date_field" in read(content, f"a.{form}", made).warnings) == is_dated


def test_a_date_that_was_lost_is_doubted_where_the_paper_is_dated():
    paper = docx("".join(map(p, ("云科协字〔2024〕12号", "关于开展科普日活动的通知", "各县（区）科协：", "请认真执行。",
                                 "云州市科学技术协会", "2026年11月22日"))))  # fmt: skip
    dated = odt('<text:date text:date-value="2024-03-05">x</text:date>')
    (record,) = extract(read(dated, "a.odt", paper), load_rulebook())
    (issue,) = [one for one in record.issues if one.code == "date_field"]
    assert (issue.field, record["issue_date"]) == ("issue_date", "2026-11-22")


def test_the_reader_asks_for_a_conversion():
    with pytest.raises(NeedsConversion) as caught:
        read(RTF % b"", "a.rtf")
    assert caught.value.form == "rtf"


MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def odt(content: str, manifest: str = MANIFEST) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def test_an_encrypted_odt_and_one_without_a_content():
    with pytest.raises(SourceError) as caught:
        read(odt("", "<manifest:encryption-data/>"), "a.odt")
    assert caught.value.code == "password"
    dated = odt('<text:date text:date-value="2024-03-05">x</text:date>')
    assert "date_field" in read(dated, "a.odt", docx(p("x"))).warnings
    fixed = odt('<text:date text:fixed="true" text:date-value="2024-03-05">x</text:date>')
    assert "date_field" not in read(fixed, "a.odt", docx(p("x"))).warnings


SPACES = " ".join(
    f'xmlns:{name}="{space}"'
    for name, space in (
        ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
        ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"), ("xlink", "http://www.w3.org/1999/xlink"),
        ("draw", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"),
        ("svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"),
    )
)  # fmt: skip


@pytest.mark.slow
def test_a_long_paper_of_paragraphs_that_begin_alike_is_read():
    """With LibreOffice's own settings the time grows with the square: 27 s for these, 80 s for 6,000."""
    need_converter()
    words = "".join(f"\\u{ord(char)}?" for char in "为加强全民科学素质工作开展科普进社区活动和讲座，" * 4)
    lines = "".join(f"\\pard {words}{at}\\par\n" for at in range(4_000))
    data = f"{{\\rtf1\\ansi{{\\fonttbl{{\\f0 SimSun;}}}}{lines}}}".encode()
    document = read_bytes(data, "长文.rtf", limits=Limits(convert_cpu=15, convert_cpu_per_mb=0, convert_wall=600))
    assert len(document.flow()) == 4_000


def test_nothing_is_fetched_from_the_network_or_the_disk(tmp_path):
    need_converter()
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY", encoding="utf-8")
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_listen, args=(server, asked), daemon=True).start()
        base = f"http://127.0.0.1:{server.getsockname()[1]}"
        include = rf'{{\field{{\*\fldinst INCLUDEPICTURE "{base}/a.png" \\d}}{{\fldrslt }}}}\par '
        include += rf'{{\field{{\*\fldinst INCLUDETEXT "{secret}"}}{{\fldrslt old}}}}{{\*\template {base}/t.dot}}'
        told = read_bytes(RTF % include.encode(), "a.rtf").text
        told += read_bytes(odt(
            f"<office:document-content {SPACES} office:version='1.2'><office:body><office:text><text:p>通知</text:p>"
            f"<text:section text:name='s'><text:section-source xlink:href='{secret.as_uri()}'/><text:p>old</text:p>"
            f"</text:section><text:p><draw:frame svg:width='1cm' svg:height='1cm'><draw:image xlink:href='{base}/b.png'"
            " xlink:type='simple' xlink:actuate='onLoad'/></draw:frame></text:p></office:text></office:body>"
            "</office:document-content>"
        ), "a.odt").text  # fmt: skip
    assert told.count("通知") == told.count("old") == 2
    assert "CANARY" not in told
    assert asked == []


def _listen(server: socket.socket, asked: list[bytes]) -> None:
    try:
        while True:
            asked.append(server.accept()[0].recv(100))
    except OSError:
        return


def test_damaged_and_hostile_files_have_one_reason_each(papers):
    content, _ = papers["doc"]
    deep = b"{\\rtf1 " + b"{" * 2_000
    huge = b"{\\rtf1 \\bin2000000000 x}"
    for name, data, allowed in (
        ("cut.doc", content[: len(content) // 2], {"parse_error"}),
        ("cut.rtf", papers["rtf"][0][:60], {"parse_error"}),
        ("deep.rtf", deep, {"parse_error"}),
        ("bin.rtf", huge, {"parse_error"}),
        ("content.odt", odt("<a"), {"parse_error", "no_text"}),
    ):
        with pytest.raises(SourceError) as caught:
            read_bytes(data, name)
        assert caught.value.code in allowed, name


def test_a_linked_picture_in_a_docx_is_listed_by_either_way(papers):
    links = relationship("r9", "image", "http://127.0.0.1:9/a.png", external=True)
    assert read(docx(p("x"), links=links), "a.docx").links == (("image", "http://127.0.0.1:9/a.png"),)
