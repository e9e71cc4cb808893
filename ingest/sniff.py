"""What a file is, by its content. The extension decides nothing; when it says otherwise that is a warning.

Own sniffer (dependencies.md §4): nothing tried knows OFD, and libmagic calls a GBK text a DOS program. Runs in the
child process only, because zip and OLE directories are parsed here.
"""

from __future__ import annotations

import codecs
from pathlib import PurePath

import regex

from gongwen.errors import SourceError
from ingest.layout.decode import says_something
from ingest.readers.sheet_csv import delimiter_of
from ingest.safety import SafeZip
from ingest.zipdir import is_archive

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFD = "application/ofd"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ZIP = "application/zip"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
OLE = "application/x-ole-storage"
RTF = "application/rtf"
HTML = "text/html"
MARKDOWN = "text/markdown"
CSV = "text/csv"
PLAIN = "text/plain"
XML = "text/xml"
EML = "message/rfc822"
MSG = "application/vnd.ms-outlook"
MHT = "application/x-mimearchive"
TAR = "application/x-tar"
GZIP = "application/gzip"
BZIP2 = "application/x-bzip2"
XZ = "application/x-xz"
SEVEN = "application/x-7z-compressed"
RAR = "application/vnd.rar"

_EXPECTED: dict[str, frozenset[str]] = {
    "pdf": frozenset({PDF}),
    "docx": frozenset({DOCX}),
    "docm": frozenset({DOCX}),
    "dotx": frozenset({DOCX}),
    "xlsx": frozenset({XLSX}),
    "xlsm": frozenset({XLSX}),
    "xltx": frozenset({XLSX}),
    "ett": frozenset({XLS, XLSX}),
    "csv": frozenset({CSV, PLAIN}),
    "tsv": frozenset({CSV, PLAIN}),
    "pptx": frozenset({PPTX}),
    "pptm": frozenset({PPTX}),
    "ppsx": frozenset({PPTX}),
    "potx": frozenset({PPTX}),
    "ofd": frozenset({OFD}),
    "odt": frozenset({ODT}),
    "ods": frozenset({ODS}),
    "zip": frozenset({ZIP}),
    # WPS writes its own extensions over the OLE or the OOXML format.
    "doc": frozenset({DOC}),
    "wps": frozenset({DOC, DOCX}),
    "et": frozenset({XLS, XLSX}),
    "dps": frozenset({PPT, PPTX}),
    "xls": frozenset({XLS}),
    "ppt": frozenset({PPT}),
    "rtf": frozenset({RTF}),
    "htm": frozenset({HTML}),
    "html": frozenset({HTML}),
    "md": frozenset({MARKDOWN, PLAIN}),
    "markdown": frozenset({MARKDOWN, PLAIN}),
    "txt": frozenset({PLAIN, MARKDOWN}),
    "xml": frozenset({XML}),
    "eml": frozenset({EML}),
    "msg": frozenset({MSG}),
    "mht": frozenset({MHT}),
    "mhtml": frozenset({MHT}),
    "tar": frozenset({TAR}),
    "gz": frozenset({GZIP}),
    "tgz": frozenset({GZIP}),
    "bz2": frozenset({BZIP2}),
    "xz": frozenset({XZ}),
    "7z": frozenset({SEVEN}),
    "rar": frozenset({RAR}),
    "png": frozenset({"image/png"}),
    "jpg": frozenset({"image/jpeg"}),
    "jpeg": frozenset({"image/jpeg"}),
    "tif": frozenset({"image/tiff"}),
    "tiff": frozenset({"image/tiff"}),
    "bmp": frozenset({"image/bmp"}),
    "gif": frozenset({"image/gif"}),
    "webp": frozenset({"image/webp"}),
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"{\\rtf", RTF),
    (b"7z\xbc\xaf\x27\x1c", SEVEN),
    (b"Rar!\x1a\x07", RAR),
    (b"\x1f\x8b\x08", GZIP),
    (b"BZh", BZIP2),
    (b"\xfd7zXZ\0", XZ),
)

_TEXT_TYPES = frozenset({PLAIN, MARKDOWN, HTML, CSV})
_TEXT_EXTENSIONS = frozenset({
    "", "txt", "text", "csv", "tsv", "md", "markdown", "htm", "html", "xhtml", "shtml", "jhtml", "asp", "aspx", "jsp",
    "php",
})  # fmt: skip
_PAPER_TYPES = frozenset({PDF, DOCX, XLSX, PPTX, OFD, ODT, ODS, DOC, XLS, PPT, RTF})
_SHEET_TYPES = frozenset({XLSX, XLS, ODS})
_OLE_TYPES = frozenset({DOC, XLS, PPT, MSG})
_PROGRAM_EXTENSION = regex.compile(r"(?=[^a-z]*[a-z])[a-z0-9_+~-]{1,10}")
"""What programs call their files. 关于科普日的通知.公文 and 通知2024.5 have no such extension: people named them."""

_SHEET_EXTENSIONS = ("csv", "tsv", "xls")
"""Text with cells under these names is a sheet; programs export pages and tabbed text as .xls. A .txt stays a text."""

_FILE_PASS = 0x002F
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAMPLE = 64 * 1024
_MAX_CONTROLS = 0.02
"""Share of control bytes from which content is not text; GB18030 and UTF-8 texts have none, random bytes 10 %."""


def sniff(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Media type and warnings. SourceError `empty`, `binary`, `password`, `unsupported`, `wrong_content`, a zip code.

    What an office wants of a name that lies: a paper that a program has exported as a page or a text under the name
    of a document is read, with a warning; what a failed download, a stub or a bad disk has left under that name is
    told at once, so that the paper is fetched again."""
    if not data:
        raise SourceError("empty")
    extension = PurePath(name).suffix.lower().lstrip(".")
    expected = _EXPECTED.get(extension, frozenset())
    is_of_text = not expected or bool(expected & _TEXT_TYPES)
    try:
        found = _by_magic(data, extension) or _text_type(data, extension)
    except SourceError as error:
        if error.code != "binary" or is_of_text:
            raise
        raise SourceError("wrong_content", f"{error.detail} of a .{extension} file") from error
    if found in _TEXT_TYPES and is_of_text and not _may_hold_text(extension):
        raise SourceError("unsupported", f"{found} in a .{extension} file")
    if found in _TEXT_TYPES and not is_of_text and not _is_paper(found, expected, data):
        raise SourceError("wrong_content", f"{found} in a .{extension} file")
    if found == OLE and expected & _OLE_TYPES:
        raise SourceError("wrong_content", f"an OLE file without the streams of a .{extension} file")
    return found, ("type_mismatch",) if expected and found not in expected else ()


def _is_paper(found: str, expected: frozenset[str], data: bytes) -> bool:
    """Whether text under the name of another format is a paper that a program has exported so. A table under the name
    of a workbook may hold nothing but numbers."""
    has_cells = found == CSV or (found == HTML and b"<td" in data[:_SAMPLE].lower())
    return bool(expected & _PAPER_TYPES) and ((has_cells and bool(expected & _SHEET_TYPES)) or says_something(data))


def _may_hold_text(extension: str) -> bool:
    """Whether text under this name is what the name says. In .svg, .db or .exe it is a program's own."""
    return extension in _TEXT_EXTENSIONS or _PROGRAM_EXTENSION.fullmatch(extension) is None


def _by_magic(data: bytes, extension: str) -> str | None:
    if data.startswith(_OLE_MAGIC):
        return _ole_type(data)
    if data[:4] in (b"PK\3\4", b"PK\5\6"):
        return _zip_type(data, extension)
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data[257:262] == b"ustar":
        return TAR
    if data[:2] == b"BM" and int.from_bytes(data[2:6], "little") == len(data):
        return "image/bmp"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return PDF if b"%PDF-" in data[:1024] else None


def _ole_type(data: bytes) -> str:
    import olefile

    try:
        with olefile.OleFileIO(data) as ole:
            if ole.exists("EncryptedPackage"):
                raise SourceError("password", "encrypted OOXML package")
            if ole.exists("WordDocument"):
                # FIB flags: fEncrypted is bit 8 of the word at offset 10.
                head = ole.openstream("WordDocument").read(12)
                if len(head) == 12 and head[11] & 1:
                    raise SourceError("password", "encrypted Word document")
                return DOC
            for name in ("Workbook", "Book"):
                if ole.exists(name):
                    return _workbook(ole.openstream(name).read(4096))
            if ole.exists("__properties_version1.0"):
                return MSG
            return PPT if ole.exists("PowerPoint Document") else OLE
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        # olefile raises OleFileError (an OSError) for what it checks, the others for what it does not.
        raise SourceError("parse_error", f"OLE: {error}") from error


def _workbook(head: bytes) -> str:
    """A FilePass record among the first ([MS-XLS] §2.4.117) says that the rest is encrypted."""
    at = 0
    for _ in range(8):
        number, size = int.from_bytes(head[at : at + 2], "little"), int.from_bytes(head[at + 2 : at + 4], "little")
        if number == _FILE_PASS:
            raise SourceError("password", "encrypted workbook")
        at += 4 + size
    return XLS


def _zip_type(data: bytes, extension: str) -> str:
    try:
        archive = SafeZip(data)
    except SourceError:
        is_office = extension != "zip" and extension in _EXPECTED
        if is_office or not is_archive(data, *_PACKAGE_PARTS):
            raise  # an office file is refused whole for one bad part, an archive is not
        return ZIP
    # An encrypted OFD (GM/T 0099-2020) may hide the one and shows the other.
    if archive.find("OFD.xml") or archive.find("Encryptions.xml"):
        return OFD
    types = archive.find("[Content_Types].xml")
    if types:
        content = archive.read(types)
        main = _MAIN_PART.search(content)
        if main:
            return _OFFICE[main[1]]
        if archive.find("word/document.xml"):
            return DOCX
    kind = archive.find("mimetype")
    if kind:
        stated = archive.read(kind)[:100]
        if stated in (ODT.encode(), ODS.encode()):
            return stated.decode()
    return ZIP


_PACKAGE_PARTS = ("[content_types].xml", "ofd.xml", "encryptions.xml", "mimetype", "word/document.xml")
# The main part names the kind; parts of other kinds may be embedded.
_MAIN_PART = regex.compile(
    rb"(wordprocessingml|spreadsheetml|presentationml|ms-word|ms-excel|ms-powerpoint)\.[.\w]{1,60}\.?main\+xml"
)
_OFFICE = {
    b"wordprocessingml": DOCX, b"ms-word": DOCX, b"spreadsheetml": XLSX, b"ms-excel": XLSX, b"presentationml": PPTX,
    b"ms-powerpoint": PPTX,
}  # fmt: skip
_HTML_START = regex.compile(
    r"\A\s*(?:<!--.{0,4000}?-->\s*)*"
    r"<(?:!doctype\s+html|(?:html|head|body|div|p|table|meta|title|script|style|link|span|h[1-6]|ul|ol|article|section|"
    r"center|font|br|a|tbody|form|main|header|base)\b)",
    regex.IGNORECASE | regex.DOTALL,
)
_XHTML_START = regex.compile(r"\A\s*<\?xml[^>]*>\s*<(?:!doctype\s+html|html\b)", regex.IGNORECASE)
_HTML_TAG = regex.compile(r"</?(?:p|div|td|tr|span|a|br|table|h[1-6]|li)\b[^<>]{0,400}>", regex.IGNORECASE)
_HEADING_MARK = regex.compile(r"(?m)^#{1,6} \S")
_PIPE_RULE = regex.compile(r"(?m)^\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)+\|?\s*$")


def _text_type(data: bytes, extension: str) -> str:
    """Kind of text by its shape; SourceError `binary` when it is none."""
    sample = _sample_text(data)
    if _HTML_START.search(sample, timeout=2) or _XHTML_START.search(sample):
        return HTML
    if sample.lstrip().startswith("<?xml"):
        return XML
    if extension in ("htm", "html") and _HTML_TAG.search(sample):
        return HTML
    mail = _mail_type(sample)
    if mail:
        return mail
    if extension in ("md", "markdown"):
        return MARKDOWN
    if extension in _SHEET_EXTENSIONS and delimiter_of(sample) is not None:
        return CSV
    if len(_HEADING_MARK.findall(sample)) >= 2 or _PIPE_RULE.search(sample, timeout=2):
        return MARKDOWN
    return PLAIN


_HEADER_LINE = regex.compile(r"([!-9;-~]{1,80}+):.*+|[ \t].*+")
_OF_DELIVERY = frozenset({"to", "cc", "bcc", "received", "message-id", "return-path", "delivered-to"})
_OF_MAIL = _OF_DELIVERY | {"from", "subject", "date"}


def _mail_type(sample: str) -> str | None:
    """A MIME message by its head: a mail, or a page that a browser or Word has saved as one file. A text that quotes a
    mail's head lacks what programs write."""
    lines = sample.lstrip("\r\n \t").split("\n", 400)
    names: set[str] = set()
    head: list[str] = []
    for line in lines[1:] if lines[0].startswith("From ") else lines:
        match = _HEADER_LINE.fullmatch(line.rstrip("\r"))
        if match is None:
            break
        head.append(line)
        names.add((match[1] or "").lower())
    if not names & {"mime-version", "message-id", "received", "content-type", "return-path"}:
        return None
    if not names & _OF_DELIVERY and _PAGE.search("\n".join(head)):
        return MHT
    return EML if len(names & _OF_MAIL) >= 2 or "mime-version" in names else None


_PAGE = regex.compile(r"(?i)^content-type:\s{0,9}(?:multipart/related|text/html)", regex.MULTILINE)


def _sample_text(data: bytes) -> str:
    """The head of the text in a form good enough for its ASCII marks; the right decoding is the reader's."""
    head = data[:_SAMPLE]
    wide = _wide_kind(head)
    if wide:
        return head.decode(wide, "ignore").lstrip("\ufeff")
    controls = sum(head.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32), 127))
    # A handful of stray controls (NUL, ESC) in a short text is dirt, not a binary format.
    if controls > max(8, _MAX_CONTROLS * len(head)):
        raise SourceError("binary", f"{controls} control bytes in the first {len(head)}")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _wide_kind(head: bytes) -> str | None:
    if head[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    # Without a byte order mark only ASCII-rich text shows itself: NUL at every second byte of a line.
    if len(head) >= 8 and head[1:16:2].count(0) >= 6 and 0 not in head[0:16:2]:
        return "utf-16-le"
    if len(head) >= 8 and head[0:16:2].count(0) >= 6 and 0 not in head[1:16:2]:
        return "utf-16-be"
    return None
