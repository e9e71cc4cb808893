"""A sample paper in every form that offices send it in, and what each form says: for tests and for
`tests.eval.forms`."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import regex

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.rulebook import Rulebook
from gongwen.sampling.paper import Paper
from gongwen.sampling.standard import Entry, paper, render
from ingest.basket import Basket, Container
from ingest.convert import find_converter
from ingest.preparing import prepared
from ingest.readers import choose
from ingest.sniff import sniff
from ingest.source import Source

OFFICE = ("doc", "rtf", "odt")
"""Written and read by LibreOffice."""
FORMS = (
    "md", "html", "html old", "docx", "pdf", "ofd", "xlsx", "eml body", "eml attached", "mht", "zip", *OFFICE,
)  # fmt: skip
OF_FORMAT = frozenset({"id", "part", "within", "span", "publish_date", "index_code", "topics", "status", "disclosure"})
"""Addresses and spans; and what only the table of a web page prints."""
_CUT = regex.compile(r"(?<=[A-Za-z0-9./]) (?=[A-Za-z0-9])")
"""A web address that is printed over two lines comes with a gap: which of the two it was nobody can see."""
_WORD = "docx:MS Word 2007 XML"

Records = list[dict[str, Any]]


def made(entry: Entry) -> Paper:
    """The paper with what a web page prints around it, so that it can be written in any form."""
    found = paper(replace(entry, form="pdf"))
    first = found.documents[0]
    first.setdefault("document_number", "")
    site = "云州市人民政府" if first.get("issuers") else ""  # a page that names its issuer says more than a bare table
    found.meta = {"site": site, "index": "", "topic": "", **found.meta}
    first["publish_date"] = first.get("publish_date") or first.get("issue_date")
    return found


def write(entry: Entry, form: str) -> tuple[str, bytes]:
    """File name and content."""
    kind, _, style = form.partition(" ")
    if kind == "eml":
        return f"{entry.stem}.eml", _mail(entry, attached=style == "attached")
    if kind == "mht":
        return f"{entry.stem}.mht", web_archive(render(made(entry), "html").decode())
    if kind == "zip":
        return "公文.zip", _zipped([(f"2024年/{entry.stem}.docx", render(made(entry), "docx"))])
    return f"{entry.stem}.{kind}", render(made(entry), kind, style)


def _mail(entry: Entry, *, attached: bool) -> bytes:
    mail = EmailMessage(SMTP)
    mail["From"], mail["To"] = "林若溪 <kpb@yunzhou.example>", "市教育局 <jyj@yunzhou.example>"
    mail["Subject"] = entry.stem
    mail["Date"] = "Mon, 06 May 2024 09:30:00 +0800"
    mail.set_content("您好，请查收附件。\n" if attached else render(made(entry), "txt").decode())
    if attached:
        content = render(made(entry), "docx")
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=f"{entry.stem}.docx")
    return mail.as_bytes()


def web_archive(page: str) -> bytes:
    """As browsers save a page."""
    archive = EmailMessage(SMTP)
    archive["From"] = "<Saved by Blink>"
    archive["Snapshot-Content-Location"] = "https://www.yunzhou.example/zwgk/1.html"
    archive["Subject"] = "网页"
    archive.set_content(page, subtype="html")
    archive.make_related()
    archive.add_related(b"p { color: black }", "text", "css")
    return archive.as_bytes()


def _zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def as_one_list(docx: bytes) -> bytes:
    """A DOCX of ours whose list has no restart: LibreOffice makes a second list of one in a DOC."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "word/numbering.xml" and content.count(b"<w:startOverride") == 3:
                content = re.sub(rb"<w:lvlOverride .*?</w:lvlOverride>", b"", content, flags=re.DOTALL)
            after.writestr(name, content)
    return out.getvalue()


def as_word_writes(rtf: bytes) -> bytes:
    """LibreOffice writes ? and half-width brackets for the signs of Chinese numbers in RTF; Word does not."""
    rtf = rtf.replace(rb"\leveltext \'02\'00\'3f;", rb"\leveltext \'02\'00\u12289 ?;")
    return rtf.replace(rb"\leveltext \'03\'28\'01\'29;", rb"\leveltext \'03\u-248 ?\'01\u-247 ?;")


def run_office(folder: Path, form: str, files: Sequence[Path]) -> None:
    """Convert files in one call, beside themselves."""
    subprocess.run(
        [find_converter(), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", form,
         "--outdir", str(folder), *map(str, files)],
        check=True, capture_output=True, timeout=600, start_new_session=True,
    )  # fmt: skip


def office(entries: Sequence[Entry], folder: Path) -> dict[tuple[str, str], tuple[bytes, bytes]]:
    """(stem, form): the paper as LibreOffice writes it, and the DOCX that it makes of that when it is read. One call a
    form: 0.2 s a file instead of 2."""
    for entry in entries:
        (folder / f"{entry.stem}.docx").write_bytes(as_one_list(render(made(entry), "docx")))
    files: dict[tuple[str, str], bytes] = {}
    for form in OFFICE:
        run_office(folder, form, [folder / f"{entry.stem}.docx" for entry in entries])
        for entry in entries:
            content = (folder / f"{entry.stem}.{form}").read_bytes()
            files[entry.stem, form] = as_word_writes(content) if form == "rtf" else content
            (folder / f"{entry.stem}-{form}.{form}").write_bytes(prepared(files[entry.stem, form], form))
    run_office(folder, _WORD, [folder / f"{stem}-{form}.{form}" for stem, form in files])
    return {key: (one, (folder / f"{key[0]}-{key[1]}.docx").read_bytes()) for key, one in files.items()}


class _Kept(Basket):
    """Keeps what a container's reader takes out: (name, content)."""

    def __init__(self) -> None:
        self.files: list[tuple[str, bytes]] = []
        super().__init__(self._keep, most=100, total=100 << 20)

    def _keep(self, kind: bytes, payload: bytes) -> None:
        if kind == b"C":
            self.files.append((json.loads(payload)["name"], b""))
            return
        name, before = self.files.pop()
        self.files.append((name, before + payload))


def documents(name: str, data: bytes, converted: bytes | None = None) -> Iterator[Document]:
    """The file's text, then those of the files in it; in this process."""
    media_type, warnings = sniff(data, name)
    source = Source(name, data, media_type, hashlib.sha256(data).hexdigest(), warnings, converted)
    reader = choose(source)
    if not isinstance(reader, Container):
        yield reader.read(source)
        return
    basket = _Kept()
    yield reader.unpack(source, basket)
    for inner, content in basket.files:
        yield from documents(inner, content)


def records(found: Iterable[Document], book: Rulebook) -> Records:
    """What the papers say, without what is of the format; a covering letter and a list of names say nothing."""
    told = [_bare(one.values) for document in found for one in extract(document, book)]
    return [one for one in told if one["title"] or one["document_number"]]


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _bare(one) for key, one in value.items() if key not in OF_FORMAT}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return _CUT.sub("", value) if isinstance(value, str) else value


def differences(plain: Records, other: Records) -> list[str]:
    """One line a value that is not the same."""
    if len(plain) != len(other):
        return [f"{len(other)} documents, not {len(plain)}"]
    return [
        f"{number}.{key}: {one[key]!r} is now {two[key]!r}"
        for number, (one, two) in enumerate(zip(plain, other, strict=True), 1)
        for key in one
        if one[key] != two[key]
    ]
