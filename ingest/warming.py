"""Made-up files for the nursery to read once, so that its forks inherit what readers build at first use.

For the first page of a file that does not bring its own fonts PDFium looks through all of the system's.
"""

from __future__ import annotations

from importlib import import_module

from ingest.readers import readers
from ingest.source import Source

_TEXT = "云州市科学技术协会关于开展2024年全国科普日活动的通知\n\n各县（区）科协：\n\n一、活动时间\n\n2024年9月15日。\n"

_PDF = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>endobj
4 0 obj<</Length %d>>stream
%s
endstream endobj
5 0 obj<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>endobj
6 0 obj<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 7 0 R/CIDSystemInfo<</Registry(Adobe)
/Ordering(GB1)/Supplement 0>>>>endobj
7 0 obj<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 752
/Descent -271/CapHeight 737/StemV 58>>endobj
trailer<</Root 1 0 R/Size 8>>
%%%%EOF"""


def _pdf() -> bytes:
    lines = b"".join(b"<%s> Tj 0 -20 Td " % line.encode("utf-16-be").hex().encode() for line in _TEXT.split() if line)
    content = b"BT /F1 16 Tf 60 760 Td %sET" % lines
    return _PDF % (len(content), content)


_SAMPLES: dict[str, tuple[str, bytes]] = {
    "ingest.readers.html": ("text/html", f"<html><body><p>{_TEXT}</p></body></html>".encode()),
    "ingest.readers.plain": ("text/plain", _TEXT.encode("utf-8")),
    "ingest.readers.pdf": ("application/pdf", _pdf()),
}
"""Reader's module: media type and file."""


def warm(module: str) -> None:
    """Let one reader read its sample; those without one stay as they are. OCR loads its models, what draws pages may
    say by `warm` what it builds."""
    if module.startswith("ingest.pictures."):
        getattr(import_module(module), "warm", lambda: None)()
        return
    if module == "ingest.readers.ocr":
        import_module("ingest.readers.ocr_engine").engine()
    media_type, sample = _SAMPLES.get(module, ("", b""))
    for reader in readers():
        if sample and type(reader).__module__ == module:
            reader.read(Source.of("sample", sample, media_type))
