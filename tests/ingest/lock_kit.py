"""Files with a password. Those in tests/golden/locked were written by 7-Zip 26.02 (`7zz a -psecret -mem=…`, `-mhe=on`;
the password of chinese.7z is 密码一) and LibreOffice 7.4 (word97.doc), all with made-up text; the others are made
here."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from docx import Document
from msoffcrypto.format.ooxml import OOXMLFile
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

LOCKED = Path(__file__).resolve().parent.parent / "golden" / "locked"
TITLE = "关于举办科普讲座的通知"
LINES = ("云科协字〔2024〕12号", TITLE, "各县（区）科协：", "请认真执行。", "云州市科学技术协会", "2024年4月2日")


def golden(name: str) -> bytes:
    return (LOCKED / name).read_bytes()


def pdf(password: str = "secret", strength: int = 128) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    lock = StandardEncryption(password, ownerPassword=f"{password}-owner", strength=strength) if password else None
    canvas = Canvas(out, encrypt=lock, invariant=True)
    for at, line in enumerate(LINES):
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(90, 750 - 30 * at, line)
    canvas.save()
    return out.getvalue()


@cache
def open_docx() -> bytes:
    document = Document()
    for line in LINES:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx(password: str = "secret") -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(open_docx())).encrypt(password, out)
    return out.getvalue()
