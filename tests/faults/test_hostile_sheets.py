"""Workbooks and slides made to hurt: a reason or the text, within limits."""

import io
import zipfile

import pytest

from gongwen.errors import SourceError
from ingest.sandbox import Limits, read_bytes

LIMITS = Limits(memory_bytes=512 << 20, cpu=8, cpu_per_page=0, wall=40, stall=30)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*kinds: tuple[str, str, str]) -> str:
    inner = "".join(f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{part}"/>' for name, kind, part in kinds)
    return f'<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'


def package(kind: str, main: str, parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        content = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{content}"/></Types>')
        archive.writestr("_rels/.rels", relations(("r1", "officeDocument", main)))
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def workbook(data: str, strings: str = "", *, sheets: int = 1) -> bytes:
    listed = "".join(f'<sheet name="表{at}" r:id="s{at}"/>' for at in range(sheets))
    related = [(f"s{at}", "worksheet", "sheet.xml") for at in range(sheets)] + [("t", "sharedStrings", "strings.xml")]
    return package("spreadsheetml.sheet", "xl/workbook.xml", {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_R}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(*related),
        "xl/sheet.xml": f'<worksheet xmlns="{_MAIN}">{data}</worksheet>',
        "xl/strings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
    })  # fmt: skip


def slides(shapes: str) -> bytes:
    names = f'xmlns:p="urn:p" xmlns:a="urn:a" xmlns:r="{_R}"'
    listed = '<p:sldIdLst><p:sldId r:id="s"/></p:sldIdLst>'
    return package("presentationml.presentation", "ppt/presentation.xml", {
        "ppt/presentation.xml": f"<p:presentation {names}>{listed}</p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(("s", "slide", "slide.xml")),
        "ppt/slide.xml": f"<p:sld {names}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>",
    })  # fmt: skip


def rows(count: int, cells: str = "") -> str:
    return "<sheetData>" + "".join(f'<row r="{at}">{cells}</row>' for at in range(1, count + 1)) + "</sheetData>"


ONE = "<c><v>7</v></c>"
SHAPE = "<p:sp><p:txBody><a:p><a:r><a:t>通知</a:t></a:r></a:p></p:txBody></p:sp>"
CASES = {
    "a million empty rows": (lambda: workbook(rows(1_048_576) + ONE), {"no_text", "zip_ratio"}),
    "a million rows of one cell": (lambda: workbook(rows(1_000_000, ONE)), {"text", "zip_ratio"}),
    "a cell at the far end": (
        lambda: workbook(f'<sheetData><row>{ONE}<c r="XFD1048576"><v>7</v></c></row></sheetData>'), {"text"},
    ),
    "a wide sheet with a tall column": (
        lambda: workbook(f'<sheetData><row r="1">{ONE}<c r="IV1"><v>1</v></c></row>{rows(90_000, ONE)[11:]}'), {"text"},
    ),
    "merged over everything": (
        lambda: workbook(
            rows(3, ONE + ONE) + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        ), {"text"},
    ),
    "100,000 merged ranges": (
        lambda: workbook(rows(50_000, ONE + ONE) + "<mergeCells>" + "".join(
            f'<mergeCell ref="A{at}:B50000"/>' for at in range(1, 50_000)) + "</mergeCells>"), {"text"},
    ),
    "one string in every cell": (
        lambda: workbook(rows(10_000, '<c t="s"><v>0</v></c>' * 5), f"<si><t>{'科' * 32_000}</t></si>"), {"text"},
    ),
    "one string of 30 MB": (
        lambda: workbook(rows(1, '<c t="s"><v>0</v></c>'), f"<si><t>{'k' * 30_000_000}</t></si>"),
        {"zip_ratio", "parse_error"},
    ),
    "one sheet under a thousand names": (lambda: workbook(rows(2_000, ONE), sheets=1_000), {"text"}),
    "nested 5,000 deep": (lambda: workbook("<a>" * 5_000 + "</a>" * 5_000), {"parse_error"}),
    "slide: groups 200 deep": (lambda: slides("<p:grpSp>" * 200 + SHAPE + "</p:grpSp>" * 200), {"no_text"}),
    "slide: 30,000 shapes": (lambda: slides(SHAPE * 30_000), {"text"}),
    "slide: a cell over 10^8 columns": (
        lambda: slides(
            '<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr><a:tc gridSpan="100000000" rowSpan="99999999">'
            "<a:txBody><a:p><a:r><a:t>甲</a:t></a:r></a:p></a:txBody></a:tc><a:tc/></a:tr></a:tbl></a:graphicData>"
            "</a:graphic></p:graphicFrame>"
        ), {"text"},
    ),
}  # fmt: skip


def outcome(data: bytes, name: str) -> str:
    try:
        document = read_bytes(data, name, limits=LIMITS)
    except SourceError as error:
        assert error.sentence
        return error.code
    assert document.text.strip()
    return "text"


@pytest.mark.parametrize("case", CASES)
def test_hostile_sheet(case):
    make, allowed = CASES[case]
    assert outcome(make(), "x.pptx" if case.startswith("slide") else "x.xlsx") in allowed


def test_what_is_cut_is_told():
    document = read_bytes(workbook(rows(100_000, ONE)), "x.xlsx", limits=LIMITS)
    assert (document.complete, document.reasons) == (False, ("sheet_size",))
