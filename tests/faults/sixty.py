"""The hostile files of reliability.md §5, nos. 1 to 49, as one table: how each is made and what must become of it.

`says` is what reliability.md states. Where the outcome here has another name or is better, `why` tells. Nos. 50 to 53
are states of folders (tests/faults/test_sixty.py), 54 to 60 are no files (tests/faults/test_sixty_others.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import hostile_package as packed
from tests.faults import hostile_pdf as pdfs
from tests.faults.door import EVIL
from tests.ingest.ofd_kit import package as ofd
from tests.ingest.ofd_kit import wrong_crc

Url = str
"""Address of the server that nothing may call."""


@dataclass(frozen=True, slots=True)
class Refused:
    """With one of these reasons; more than one where the machine decides which limit is met first."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """With this text ('' for any), these warnings, these reasons why it is not complete."""

    text: str = ""
    warnings: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Kinds of what it refers to: listed, never followed."""


@dataclass(frozen=True, slots=True)
class Input:
    name: str
    what: str
    make: Callable[[Url], bytes | str]
    says: str
    want: Refused | Read
    why: str = ""

    @property
    def number(self) -> int:
        return int(self.name[:2])

    def data(self, url: Url) -> bytes:
        made = self.make(url)
        return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")


def refused(*codes: str) -> Refused:
    return Refused(codes)


PDFS = (
    Input("01.pdf", "page tree of 2^30 pages", lambda _: pdfs.page_tree_dag(), "no_text", refused("no_text")),
    Input("02.pdf", "page tree that holds itself", lambda _: pdfs.page_tree_loop(), "no_text", refused("parse_error"),
          "PDFium finds no page in it: damaged says more than blank"),
    Input("03.pdf", "Flate bomb", lambda _: pdfs.flate_bomb(300_000_000), "memory", refused("memory")),
    Input("04.pdf", "Flate in Flate", lambda _: pdfs.double_flate(300_000_000), "memory", refused("memory")),
    Input("05.pdf", "2 million glyphs on a page, in 3 kB", lambda _: pdfs.many_glyphs(), "cpu", Read("A" * 5000),
          "PDFium gives the 5,000 that do not lie on each other, in half a second"),
    Input("06.pdf", "forms that paint each other 2^25 times", lambda _: pdfs.form_dag(), "cpu",
          refused("cpu", "timeout"), "the second on a machine that is busy with other things"),
    Input("07.pdf", "a form that paints itself", lambda _: pdfs.form_loop(), "no_text; pdfium: crash",
          refused("memory", "crash", "cpu"), "PDFium goes down in it, by whichever limit it meets first"),
    Input("08.pdf", "xref tables that name each other", lambda _: pdfs.xref_loop(), "parse_error", Read("hi"),
          "PDFium sees through it, and the text is whole"),
    Input("09.pdf", "ToUnicode over 2^31 codes", lambda _: pdfs.unicode_range_bomb(), "memory",
          refused("no_text", "no_text_needs_ocr"), "PDFium unpacks no range that large; its page is then tried by OCR"),
    Input("10.pdf", "a predictor of 2e9 columns", lambda _: pdfs.predictor_bomb(), "memory", refused("no_text"),
          "PDFium reserves nothing for it; the page stays empty"),
    Input("11.pdf", "the name of a CMap is a path", lambda _: pdfs.cmap_path(), "no_text", Read(),
          "PDFium takes the codes for those of the font's collection; the path is not opened"),
    Input("12.pdf", "a page of 1e9 points", lambda _: pdfs.huge_page(), "page_size", refused("page_size")),
    Input("13.pdf", "5,000 pages", lambda _: pdfs.many_pages(), "too_many_pages", refused("too_many_pages")),
    Input("14.pdf", "a password to open it", lambda _: pdfs.password_pdf(), "password", refused("password")),
    Input("15.pdf", "/Length lies", lambda _: pdfs.lying_length(), "text", Read("hi")),
    Input("16a.pdf", "cut in half", lambda _: pdfs.pdf(pdfs.one_page())[:310], "parse_error", refused("parse_error")),
    Input("16b.pdf", "nothing", lambda _: b"", "empty", refused("empty")),
    Input("16c.pdf", "a header only", lambda _: b"%PDF-1.7", "parse_error", refused("parse_error")),
    Input("16d.pdf", "a header before noise", lambda _: b"%PDF-1.7" + packed.noise(99_999), "parse_error",
          refused("parse_error")),
)  # fmt: skip

P = packed.paragraph
ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    + "]>"
)
QUADRATIC = f'<!DOCTYPE a [<!ENTITY a "{"x" * 50_000}">]>'


def _remote(url: Url) -> bytes:
    kinds = ("image", "attachedTemplate", "oleObject", "hyperlink")
    far = 'TargetMode="External"'
    related = (packed.relation(f"r{at}", kind, f"{url}/{kind}", far) for at, kind in enumerate(kinds))
    return packed.docx(P("x"), relations="".join(related))


DOCX = (
    Input("17.docx", "an external entity", lambda _: packed.docx(P("&x;"), ENTITY), "xml_dtd", refused("xml_dtd")),
    Input("18.docx", "a billion laughs", lambda _: packed.docx(P("&a9;"), LAUGHS), "xml_dtd", refused("xml_dtd")),
    Input("19.docx", "one entity 20,000 times", lambda _: packed.docx(P("&a;" * 20_000), QUADRATIC), "xml_dtd",
          refused("xml_dtd")),
    Input("20.docx", "30 MB of paragraphs", lambda _: packed.docx(P("云" * 20) * 300_000), "zip_ratio, zip_total",
          refused("zip_ratio")),
    Input("21.docx", "one text of 30 MB", lambda _: packed.docx(P(" " * 30_000_000)), "zip_ratio, zip_total",
          refused("zip_ratio")),
    Input("22.docx", "5,000 elements in each other",
          lambda _: packed.docx("<w:sdt>" * 5000 + P("x") + "</w:sdt>" * 5000), "parse_error", refused("parse_error")),
    Input("23.docx", "a cell over 10^8 columns",
          lambda _: packed.docx(packed.table(packed.row('<w:gridSpan w:val="100000000"/>'))), "ok", Read("x")),
    Input("24.docx", "3,000 merged rows",
          lambda _: packed.docx(packed.table(packed.row('<w:vMerge w:val="restart"/>')
                                             + packed.row("<w:vMerge/>", "") * 3000)), "ok", Read("x")),
    Input("25.docx", "pictures, templates and objects on a server", _remote, "ok, 0 requests",
          Read("x", links=("image", "attachedTemplate", "oleObject"))),
    Input("26.docx", "a relation to /etc/passwd",
          lambda _: packed.docx(P("x"), relations=packed.relation("r9", "image", "../../../etc/passwd")), "ok",
          Read("x")),
    Input("27.docx", "a member that leaves", lambda _: packed.docx(P("x"), add=[(f"../../../tmp/{EVIL}.txt", "x")]),
          "zip_path", refused("zip_path")),
    Input("28.docx", "a member that is a link", lambda _: packed.docx(P("x"), add=[packed.symlink_member()]),
          "zip_symlink", refused("zip_symlink")),
    Input("29.docx", "two members of one name", lambda _: packed.two_of_one_name(), "zip_duplicate",
          refused("zip_duplicate")),
    Input("30.docx", "6,000 members", lambda _: packed.docx(P("x"), add=[(f"m/{at}", "") for at in range(6_000)]),
          "zip_entries", refused("zip_entries")),
    Input("31.docx", "2,000 entries for one member", lambda _: packed.overlapping_zip(), "zip_total",
          refused("zip_total")),
    Input("32.docx", "a member declares 100 bytes and holds 15 MB", lambda _: packed.lying_size(), "parse_error (CRC)",
          refused("zip_bad"), "the size is found to lie before the checksum"),
    Input("33.docx", "a password", lambda _: packed.encrypted_docx(), "password", refused("password")),
    Input("34a.docx", "cut short", lambda _: packed.docx(P("x"))[:-99], "zip_bad", refused("zip_bad")),
    Input("34b.docx", "a page under another name", lambda _: "<html><p>通知</p></html>", "type_mismatch + text",
          Read("通知", ("type_mismatch",))),
    Input("34c.docx", "a text in GB18030 under another name", lambda _: "通知".encode("gb18030"),
          "type_mismatch + text", Read("通知", ("type_mismatch",))),
)  # fmt: skip

OFD = (
    Input("35a.ofd", "its root is elsewhere", lambda _: ofd(root="/etc/passwd"), "ofd_path", refused("ofd_path")),
    Input("35b.ofd", "a page is elsewhere", lambda _: ofd(page="../../../../etc/passwd"), "ofd_path",
          refused("ofd_path")),
    Input("36.ofd", "an external entity", lambda _: ofd(head=ENTITY, root="&x;"), "xml_dtd", refused("xml_dtd")),
    Input("37.ofd", "a page that is missing", lambda _: ofd(page="Pages/Page_9/Content.xml"), "ofd_missing_part",
          refused("ofd_missing_part")),
    Input("38.ofd", "a wrong checksum, as some vendors write it", lambda _: wrong_crc(ofd()), "ok + crc",
          Read("关于印发的通知", ("crc",))),
)  # fmt: skip


def _page_as_doc(url: Url) -> str:
    return f'<html><img src="{url}/a"><link rel=stylesheet href="{url}/c"><iframe src="file:///etc/passwd"></iframe>通知'


_SCRIPTS = (
    "<p onclick=alert(1)>通知<script>alert(1)</script><img src=x onerror=alert(1)>"
    '<a href="javascript:alert(1)">附件</a>&lt;script&gt;alert(1)&lt;/script&gt;'
)

OTHERS = (
    Input("39.doc", "a page with pictures, styles and frames elsewhere", _page_as_doc, "html path, 0 requests",
          Read("通知", ("type_mismatch",))),
    Input("40.doc", "noise", lambda _: packed.noise(50_000), "encoding", refused("wrong_content"),
          "under a document's name nobody asks for another encoding: the paper is to be fetched again"),
    Input("41.doc", "an OLE header and zeros", lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "parse_error",
          refused("parse_error")),
    Input("42.html", "300 nested elements", lambda _: "<div>" * 300 + "通知" + "</div>" * 300, "ok", Read("通知")),
    Input("43.html", "3 million empty paragraphs", lambda _: b"<p>" * 3_000_000, "no_text", refused("no_text")),
    Input("44.html", "scripts", lambda _: _SCRIPTS, "ok, nothing runs", Read("通知附件<script>alert(1)</script>"),
          "what the page prints as text stays text; that no page of the site runs it: tests/web/test_site_safety.py"),
    Input("45.html", "says UTF-8 and is GB18030",
          lambda _: "<meta charset=utf-8><p>关于印发的通知</p>".encode("gb18030"), "right text or warning",
          Read("关于印发的通知", ("charset_mismatch",))),
    Input("46.txt", "signs that break storage and deceive the eye",
          lambda _: "通知\0\x85\u2028\u202egnp.exe\u200b\ud800\ue7e3", "cleaned text",
          Read("通知\ngnp.exe\ufffd\ue7e3", ("lost_characters",)), "the lone surrogate is told"),
    Input("47.txt", "one character 200,000 times", lambda _: "云" * 200_000, "ok", Read("云" * 200_000)),
    Input("48.txt", "dates that make a rule backtrack", lambda _: "1月1日至" * 20_000 + "X", "rule time-out shown",
          Read("1月1日至" * 20_000 + "X"), "no rule backtracks on it: nothing to show"),
    Input("49.png", "20,000 x 20,000 dots in 49 kB", lambda _: packed.big_png(), "image_pixels",
          refused("image_pixels", "no_text_needs_ocr"), "the second where OCR is not installed"),
)  # fmt: skip

INPUTS: tuple[Input, ...] = (*PDFS, *DOCX, *OFD, *OTHERS)
