"""Pages of a PDF that are pictures of text: told by what their text layer says."""

from __future__ import annotations

import regex

from ingest.readers.pdf_model import RawPage

MAX_SCANS = 120
"""Pages read by OCR in one file, at 3 to 6 seconds each; the others stay unread and the document says so."""

_READABLE = regex.compile(
    r"[\p{Han}\u3000-\u303f\uff00-\uffef\x21-\x7e\u2010-\u2027\u2030-\u203b\u2e80-\u2fdf①-⒛㈠-㈩·°±×÷■-◿★☆]"
)
_HAN = regex.compile(r"\p{Han}")
_BAD_SHARE = 0.3
_FEW_LETTERS = 0.5


def what_is_wrong(text: str, unmapped: int) -> str:
    """Why a text layer is not what is printed, or ''."""
    signs = "".join(text.split())
    if unmapped > _BAD_SHARE * len(signs) or text.count("(cid:") * 8 > _BAD_SHARE * len(signs):
        return "the fonts do not say which characters they show"
    if len(_READABLE.findall(signs)) < (1 - _BAD_SHARE) * len(signs):
        return "most of the text layer is not readable"
    # ASCII noise: a text layer without Han characters whose signs are mostly not letters or digits.
    letters = sum(char.isalnum() for char in signs)
    if len(signs) >= 100 and not _HAN.search(signs) and letters < _FEW_LETTERS * len(signs):
        return "the text layer is noise"
    return ""


def is_scan(raw: RawPage) -> bool:
    """The page shows text that its text layer does not have, or has only by another OCR, or as noise."""
    text = "".join(char.text for line in raw.lines for char in line.chars)
    if not text.strip():
        return raw.pictured
    return raw.covered or bool(what_is_wrong(text, raw.unmapped))
