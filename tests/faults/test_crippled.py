"""Row 10 of reliability.md: files of which a part is missing. None is taken for whole: it is refused with a reason, or
what is there is read and the record says that it is not all."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gongwen.document import Document
from gongwen.errors import REASONS, SourceError
from ingest import sandbox
from ingest.sandbox import Limits, open_file
from ingest.spool import Spool
from tests.faults.hostile_package import docx, paragraph, relation
from tests.faults.ordinary import original
from tests.ingest.box_kit import encrypted, tarred, zipped
from tests.ingest.ofd_kit import package
from tests.ingest.sheet_kit import raw_xlsx
from tests.scan_kit import as_tiff


def part(name: str, change: Callable[[bytes], bytes | None], form: str) -> bytes:
    """An original with one of its members changed, or lost where nothing comes back."""
    with zipfile.ZipFile(io.BytesIO(original(form))) as archive:
        members = [(one, archive.read(one)) for one in archive.namelist()]
    changed = [(one, change(content) if one == name else content) for one, content in members]
    assert changed != members
    return zipped([(one, content) for one, content in changed if content is not None])


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _picture_page() -> bytes:
    from tests.ingest.pdf_kit import Paper

    return Paper().line("关于举办科普日的通知").page().picture().data()


def _flipped_stream() -> bytes:
    data = bytearray(original("pdf"))
    at = data.rindex(b"stream\n", 0, data.rindex(b"endstream")) + 30
    data[at] ^= 4
    return bytes(data)


def _pages(*places: str, add: tuple[tuple[str, str], ...] = ()) -> bytes:
    listed = "".join(f'<ofd:Page ID="{at}" BaseLoc="{place}"/>' for at, place in enumerate(places, 1))
    return package(pages=listed, add=add)


def _inserted() -> bytes:
    link = relation("r9", "aFChunk", "chunk.docx")
    return docx(paragraph("通知") + '<w:altChunk r:id="r9"/>', relations=link, add=[("word/chunk.docx", b"PK")])


def _rows() -> bytes:
    return raw_xlsx("<sheetData>" + "<row><c><v>7</v></c></row>" * 100_000 + "</sheetData>")


def _frames() -> bytes:
    import numpy as np

    return as_tiff([np.full((900, 700, 3), 255, np.uint8)] * 2)[:-300]


def _archived() -> bytes:
    page = "<html><body><p>关于举办科普日的通知</p></body></html>"
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    return f"{head}Content-Type: text/html\r\n\r\n{page}\r\n".encode()


def _deep() -> bytes:
    return ("<html><body><p>通知</p>" + "<div>" * 5_000 + "深处" + "</div>" * 5_000 + "</body></html>").encode()


PAGE = "Pages/Page_0/Content.xml"
CRIPPLED: dict[str, Callable[[], bytes]] = {
    "cut.pdf": lambda: original("pdf")[:-200], "flipped.pdf": _flipped_stream, "picture.pdf": _picture_page,
    "lost page.ofd": lambda: _pages(PAGE, "Pages/Page_9/Content.xml"),
    "broken page.ofd": lambda: _pages(PAGE, "Pages/Page_1/P.xml", add=(("Doc_0/Pages/Page_1/P.xml", "<a>"),)),
    "cut.docx": lambda: half(original("docx")), "inserted.docx": _inserted, "rows.xlsx": _rows,
    "broken.xlsx": lambda: part("xl/worksheets/sheet1.xml", half, "xlsx"),
    "lost slide.pptx": lambda: part("ppt/slides/slide2.xml", lambda _: None, "pptx"),
    "cut.html": lambda: half(original("html")), "deep.html": _deep, "cut.eml": lambda: original("eml")[:-1_500],
    "cut.mht": _archived, "cut.xls": lambda: original("xls")[:-700],
    "damaged member.zip": lambda: original("zip").replace(original("zip")[400:410], bytes(10)),
    "secret member.zip": lambda: encrypted(original("zip"), "说明.txt"),
    "cut.tar": lambda: tarred([("一.txt", b"x" * 3_000), ("二.txt", b"y" * 3_000)])[:4_700],
    "cut.txt.gz": lambda: gzip.compress("关于举办科普日的通知".encode() * 90)[:-9], "cut.tiff": _frames,
}  # fmt: skip


def outcome(data: bytes, name: str, folder: Path) -> Document | str:
    path = folder / "file"
    path.write_bytes(data)
    (folder / "spool").mkdir(exist_ok=True)
    try:
        return open_file(path, Spool(folder / "spool", Limits()), name=name).document
    except SourceError as error:
        return error.code


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document | str]:
    """What became of each, without OCR."""
    folder = tmp_path_factory.mktemp("crippled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "is_installed", lambda: False)
        return {name: outcome(make(), name, folder) for name, make in CRIPPLED.items()}


@pytest.mark.parametrize("name", CRIPPLED)
def test_a_crippled_file_is_not_complete(name: str, found: dict[str, Document | str]):
    end = found[name]
    if isinstance(end, Document):
        assert (end.complete, bool(end.reasons)) == (False, True), end.text
    else:
        assert end in REASONS


@pytest.mark.parametrize("form", ["pdf", "docx", "ofd", "xlsx", "pptx", "html", "eml", "xls", "zip"])
def test_what_they_were_made_of_is(form: str, tmp_path: Path):
    end = outcome(original(form), f"a.{form}", tmp_path)
    assert isinstance(end, Document) and end.complete, end


def test_most_of_them_still_say_something(found: dict[str, Document | str]):
    """A part is better than nothing where the format lets one be read."""
    read = {name for name, end in found.items() if isinstance(end, Document)}
    assert read >= {
        "flipped.pdf", "picture.pdf", "lost page.ofd", "broken page.ofd", "inserted.docx", "rows.xlsx",
        "lost slide.pptx", "cut.html", "deep.html", "cut.eml", "cut.mht", "damaged member.zip", "secret member.zip",
        "cut.tar",
    }  # fmt: skip
