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
from functools import cache
from pathlib import Path
from typing import Any

import regex

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.rulebook import Rulebook
from gongwen.sampling.paper import Paper
from gongwen.sampling.standard import Entry, paper, render
from gongwen.sampling.writers import carrier
from gongwen.text import fold_width
from ingest.basket import Basket, Container
from ingest.convert import find_converter
from ingest.preparing import prepared
from ingest.readers import choose
from ingest.sniff import sniff
from ingest.source import Source
from tests import scan_kit

OFFICE = ("doc", "rtf", "odt")
"""Written and read by LibreOffice."""
OWN = ("md", "html", "html old", "docx", "pdf", "ofd", "xlsx", "eml body", "eml attached", "mht", "zip")
"""Written and read here."""
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
    if kind == "zip":
        return "公文.zip", carrier.archive([(f"2024年/{entry.stem}.docx", docx(entry))])
    if kind == "docx":
        return f"{entry.stem}.docx", docx(entry)
    return f"{entry.stem}.{kind}", render(made(entry), kind, style)


@cache
def docx(entry: Entry) -> bytes:
    """Half a second each, and half of the forms are made of it."""
    return render(made(entry), "docx")


def scan(entry: Entry, kind: str = "200 dpi") -> bytes:
    """A PDF of pictures, of a kind of scan_kit.KINDS; a seal stands over the signature."""
    written = made(entry)
    printed = render(written, "pdf")
    dpi, change = scan_kit.KINDS[kind]
    pages = scan_kit.render(printed, dpi)
    if kind != "seal":
        return scan_kit.as_pdf([change(page) for page in pages], dpi)
    for at, x, y in scan_kit.signatures(printed, written):
        pages[at] = scan_kit.sealed(pages[at], x, y, dpi=dpi)
    return scan_kit.as_pdf(pages, dpi)


def _mail(entry: Entry, *, attached: bool) -> bytes:
    head = {
        "from": "林若溪 <kpb@yunzhou.example>", "to": "市教育局 <jyj@yunzhou.example>", "subject": "报送材料",
        "date": "Mon, 06 May 2024 09:30:00 +0800",
    }  # fmt: skip
    if attached:
        return carrier.mail(head, "您好，请查收附件。\n", [(f"{entry.stem}.docx", docx(entry))])
    return carrier.mail(head, render(made(entry), "txt").decode(), [])


def as_one_list(data: bytes) -> bytes:
    """A DOCX of ours whose list has no restart: LibreOffice makes a second list of one in a DOC."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
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


def office(
    entries: Sequence[Entry], folder: Path, forms: Sequence[str] = OFFICE
) -> dict[tuple[str, str], tuple[bytes, bytes]]:
    """(name, form): the paper as LibreOffice writes it, and the DOCX that it makes of that when it is read. One call a
    form: 0.2 s a file instead of 2."""
    paths = {entry.name: folder / f"{number}.docx" for number, entry in enumerate(entries)}
    for entry in entries:
        paths[entry.name].write_bytes(as_one_list(docx(entry)))
    files: dict[tuple[str, str], bytes] = {}
    for form in forms:
        run_office(folder, form, list(paths.values()))
        for name, path in paths.items():
            content = path.with_suffix(f".{form}").read_bytes()
            files[name, form] = as_word_writes(content) if form == "rtf" else content
            _read_again(path, form).write_bytes(prepared(files[name, form], form))
    run_office(folder, _WORD, [_read_again(paths[name], form) for name, form in files])
    return {
        (name, form): (one, _read_again(paths[name], form).with_suffix(".docx").read_bytes())
        for (name, form), one in files.items()
    }


def _read_again(path: Path, form: str) -> Path:
    return path.with_name(f"{path.stem}-{form}.{form}")


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


def differences(plain: Records, other: Records, *, blurred: bool = False) -> list[str]:
    """One line a value that is not the same; `blurred`: but for blanks and the length of dashes, which scans do not
    show."""
    if len(plain) != len(other):
        return [f"{len(other)} documents, not {len(plain)}"]
    return [
        line
        for number, (one, two) in enumerate(zip(plain, other, strict=True), 1)
        for line in _differences(str(number), *((_blurred(one), _blurred(two)) if blurred else (one, two)))
    ]


def _differences(path: str, one: Any, two: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        for key in one:
            yield from _differences(f"{path}.{key}", one[key], two[key])
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for at, (before, after) in enumerate(zip(one, two, strict=True)):
            yield from _differences(f"{path}.{at}", before, after)
    elif one != two:
        yield f"{path}: {one!r} is now {two!r}"


_DASHES = str.maketrans("—–―－", "----")


def _blurred(value: Any) -> Any:
    if isinstance(value, dict):
        return {_blurred(key): _blurred(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_blurred(one) for one in value]
    return "".join(fold_width(value).split()).translate(_DASHES) if isinstance(value, str) else value
