"""What a file is, by its content. The extension decides nothing; when it says otherwise that is a warning.

Own sniffer (dependencies.md §4): nothing tried knows OFD, and libmagic calls a GBK text a DOS program. Runs in the
child process only, because zip and OLE directories are parsed here.
"""

from __future__ import annotations

from pathlib import PurePath

import regex

from gongwen.errors import SourceError
from ingest.safety import SafeZip

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
PLAIN = "text/plain"
XML = "text/xml"

_EXPECTED: dict[str, frozenset[str]] = {
    "pdf": frozenset({PDF}),
    "docx": frozenset({DOCX}),
    "docm": frozenset({DOCX}),
    "dotx": frozenset({DOCX}),
    "xlsx": frozenset({XLSX}),
    "pptx": frozenset({PPTX}),
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
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b\x08", "application/gzip"),
)

_TEXT_TYPES = frozenset({PLAIN, MARKDOWN, HTML})
_TEXT_EXTENSIONS = frozenset({
    "", "txt", "text", "csv", "md", "markdown", "htm", "html", "xhtml", "shtml", "jhtml", "asp", "aspx", "jsp", "php",
    # Programs export pages and texts under these names (reliability.md no. 34 and 39): read, with a warning.
    "doc", "docx", "docm", "dotx", "rtf", "pdf",
})  # fmt: skip
_PROGRAM_EXTENSION = regex.compile(r"(?=[^a-z]*[a-z])[a-z0-9_+~-]{1,10}")
"""What programs call their files. 关于科普日的通知.公文 and 通知2024.5 have no such extension: people named them."""

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAMPLE = 64 * 1024
_MAX_CONTROLS = 0.02
"""Share of control bytes from which content is not text; GB18030 and UTF-8 texts have none, random bytes 10 %."""


def sniff(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Media type and warnings. SourceError `empty`, `binary`, `password`, `unsupported` or a zip code."""
    if not data:
        raise SourceError("empty")
    extension = PurePath(name).suffix.lower().lstrip(".")
    found = _by_magic(data) or _text_type(data, extension)
    if found in _TEXT_TYPES and not _may_hold_text(extension):
        raise SourceError("unsupported", f"{found} in a .{extension} file")
    expected = _EXPECTED.get(extension)
    mismatch = expected is not None and found not in expected
    return found, ("type_mismatch",) if mismatch else ()


def _may_hold_text(extension: str) -> bool:
    """Whether text under this name is a paper. In .xlsx, .wps, .svg, .db or .exe it is a stub or a program's own."""
    return extension in _TEXT_EXTENSIONS or _PROGRAM_EXTENSION.fullmatch(extension) is None


def _by_magic(data: bytes) -> str | None:
    if data.startswith(_OLE_MAGIC):
        return _ole_type(data)
    if data[:4] in (b"PK\3\4", b"PK\5\6"):
        return _zip_type(data)
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
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
            if ole.exists("Workbook") or ole.exists("Book"):
                return XLS
            return PPT if ole.exists("PowerPoint Document") else OLE
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        # olefile raises OleFileError (an OSError) for what it checks, the others for what it does not.
        raise SourceError("parse_error", f"OLE: {error}") from error


def _zip_type(data: bytes) -> str:
    archive = SafeZip(data)
    if archive.find("OFD.xml"):
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


# The main part names the kind; parts of other kinds may be embedded.
_MAIN_PART = regex.compile(rb"(wordprocessingml|spreadsheetml|presentationml|ms-word)\.[.\w]{1,60}\.?main\+xml")
_OFFICE = {b"wordprocessingml": DOCX, b"ms-word": DOCX, b"spreadsheetml": XLSX, b"presentationml": PPTX}
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
    if sample.lstrip()[:13].lower() == "mime-version:":
        return "message/rfc822"
    if extension in ("md", "markdown"):
        return MARKDOWN
    if len(_HEADING_MARK.findall(sample)) >= 2 or _PIPE_RULE.search(sample, timeout=2):
        return MARKDOWN
    return PLAIN


def _sample_text(data: bytes) -> str:
    """The head of the text in a form good enough for its ASCII marks; the right decoding is the reader's."""
    head = data[:_SAMPLE]
    wide = _utf16_kind(head)
    if wide:
        return head.decode(wide, "ignore").lstrip("\ufeff")
    controls = sum(head.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32), 127))
    # A handful of stray controls (NUL, ESC) in a short text is dirt, not a binary format.
    if controls > max(8, _MAX_CONTROLS * len(head)):
        raise SourceError("binary", f"{controls} control bytes in the first {len(head)}")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _utf16_kind(head: bytes) -> str | None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    # Without a byte order mark only ASCII-rich text shows itself: NUL at every second byte of a line.
    if len(head) >= 8 and head[1:16:2].count(0) >= 6 and 0 not in head[0:16:2]:
        return "utf-16-le"
    if len(head) >= 8 and head[0:16:2].count(0) >= 6 and 0 not in head[1:16:2]:
        return "utf-16-be"
    return None
