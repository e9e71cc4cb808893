"""XLS (ET), ODS and CSV beside XLSX: the same sheet reads the same."""

import datetime
import io
import struct

import pytest
import xlwt
from docx_kit import zipped
from openpyxl.styles import Alignment
from sheet_kit import HEADER, paragraphs, read, saved, sheet, table_texts

from gongwen.errors import SourceError
from ingest.sandbox import read_bytes
from ingest.sniff import CSV, HTML, ODS, PLAIN, XLS, sniff

TITLE = "2024年云州市科普工作任务分解表"
DAY = datetime.date(2024, 9, 15)
LINES = [
    [TITLE],
    HEADER,
    [1, "青少年行动", "巡展", "市教育局", "市科协", DAY],
    [2, "", "报告会", "市科协", "市科技局", 0.0716],
    ["备注：以上任务由市科协督促落实。"],
]  # fmt: skip
FORMATS = {(2, 5): 'yyyy"年"m"月"d"日"', (3, 5): "0.00%"}


def as_xls(*, hidden: bool = False) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("分工表")
    for row, line in enumerate(LINES):
        for column, value in enumerate(line):
            if (row, column) not in ((0, 0), (2, 1), (3, 1)) and value != "":
                style = xlwt.XFStyle()
                style.num_format_str = FORMATS.get((row, column), "General")
                page.write(row, column, value, style)
    page.write_merge(0, 0, 0, 5, TITLE, xlwt.easyxf("align: horiz center; font: bold on, height 400"))
    page.write_merge(2, 3, 1, 1, "青少年行动")
    if hidden:
        page.row(3).hidden = True
        page.row(3).set_style(xlwt.XFStyle())
        book.add_sheet("选项").visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_xlsx() -> bytes:
    book, page = sheet(LINES, title="分工表")
    page.merge_cells("A1:F1")
    page["A1"].alignment = Alignment(horizontal="center")
    page.merge_cells("B3:B4")
    for (row, column), code in FORMATS.items():
        page.cell(row + 1, column + 1).number_format = code
    return saved(book)


_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)


def ods(rows: str, *, head: str = "", add=(), style: str = "") -> bytes:
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{head}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="分工表" table:style-name="{style}">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped([("mimetype", ODS), ("content.xml", content), *add])


def ods_cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def as_ods() -> bytes:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    covered = "<table:covered-table-cell/>"
    rows = [
        row(ods_cell(TITLE, 'table:number-columns-spanned="6"'), covered * 5),
        row(*map(ods_cell, HEADER)),
        row(
            ods_cell("1"), ods_cell("青少年行动", 'table:number-rows-spanned="2"'), ods_cell("巡展"),
            ods_cell("市<text:span>教育</text:span>局"), ods_cell("市科协"),
            ods_cell("2024年9月15日", 'office:date-value="2024-09-15"'),
        ),
        row(ods_cell("2"), covered, *map(ods_cell, ("报告会", "市科协", "市科技局", "7.16%"))),
        row(ods_cell("备注：以上任务由市科协督促落实。")),
        '<table:table-row table:number-rows-repeated="1048571">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    ]  # fmt: skip
    return ods("".join(rows))


def shape(data: bytes, name: str):
    document = read(data, name)
    return document.text, [(block.kind, block.place, block.cells) for block in document.blocks]


@pytest.mark.parametrize(("make", "name"), [(as_xls, "a.xls"), (as_xls, "a.et"), (as_ods, "a.ods")])
def test_the_same_sheet_reads_the_same(make, name):
    assert shape(make(), name) == shape(as_xlsx(), "a.xlsx")


def test_what_the_sheet_says():
    document = read(as_xls(), "a.xls")
    assert paragraphs(document) == [TITLE, "备注：以上任务由市科协督促落实。"]
    assert table_texts(document)[1] == ["1", "青少年行动", "巡展", "市教育局", "市科协", "2024年9月15日"]
    assert (document.blocks[0].centred, document.blocks[0].bold, document.blocks[0].size) == (True, True, 20)


def test_hidden_parts_of_xls_are_told():
    document = read(as_xls(hidden=True), "a.xls")
    assert "报告会" in document.text
    assert document.warnings == ("hidden_cells",)


def test_an_xls_with_a_password_is_told():
    data = as_xls()
    at = data.index(struct.pack("<HH", 0x0809, 16)) + 20
    with pytest.raises(SourceError) as caught:
        sniff(data[:at] + struct.pack("<H", 0x002F) + data[at + 2 :], "a.xls")
    assert caught.value.code == "password"


def test_an_xls_cut_in_half_is_refused():
    data = as_xls()
    with pytest.raises(SourceError) as caught:
        read(data[: len(data) // 2], "a.xls")
    assert caught.value.code in {"parse_error", "unsupported"}


def test_hidden_parts_of_ods_are_told():
    style = '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'
    row = f"<table:table-row>{ods_cell('甲')}</table:table-row>"
    document = read(ods(row, head=style, style="ta1"), "a.ods")
    assert [block.kind for block in document.blocks] == ["note"]
    assert document.warnings == ("hidden_cells",)
    filtered = row.replace("<table:table-row>", '<table:table-row table:visibility="filter">')
    assert read(ods(filtered), "a.ods").warnings == ("hidden_cells",)


def test_an_ods_with_a_password_is_told():
    manifest = ("META-INF/manifest.xml", "<manifest><manifest:encryption-data/></manifest>")
    with pytest.raises(SourceError) as caught:
        read(ods("", add=[manifest]), "a.ods")
    assert caught.value.code == "password"


def test_a_row_said_to_stand_a_million_times():
    row = f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("科" * 100)}</table:table-row>'
    document = read(ods(row), "a.ods")
    assert document.reasons == ("sheet_size",)
    assert len(document.text) <= 1_600_000


ROWS = f"{TITLE},,\n单位,联系人,电话\n市教育局,左䶮,0999-5550232\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv(encoding, sign):
    document = read(ROWS.replace(",", sign).encode(encoding), "名单.csv")
    assert document.media_type == CSV
    assert paragraphs(document) == [TITLE]
    assert table_texts(document) == [["单位", "联系人", "电话"], ["市教育局", "左䶮", "0999-5550232"]]
    assert document.blocks[1].place == "A2"


def test_quoted_cells_hold_signs_and_line_ends():
    data = '单位,任务\n甲局,"第一项，\r\n第二项, ""科普"""\n乙局,="0772"\n'.encode()
    assert table_texts(read(data, "a.csv"))[1:] == [["甲局", '第一项，\n第二项, "科普"'], ["乙局", "0772"]]


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        (ROWS, "a.csv", CSV), (ROWS, "a.tsv", CSV), (ROWS, "a.txt", PLAIN), (ROWS, "a", PLAIN),
        ("关于开展活动的通知\n各县科协,各学会:\n", "a.csv", PLAIN), ("sep=;\na;b\nc;d\n", "a.csv", CSV),
        ("<table><tr><td>甲</td></tr></table>", "a.csv", HTML),
    ],
)  # fmt: skip
def test_only_cells_under_a_sheet_s_name_are_a_sheet(text, name, found):
    assert sniff(text.encode(), name) == (found, ("type_mismatch",) if found == HTML else ())


def test_exports_named_xls_are_read_as_what_they_are():
    assert sniff(b"<html><table><tr><td>x</td></tr></table></html>", "a.xls") == (HTML, ("type_mismatch",))
    assert sniff(ROWS.replace(",", "\t").encode("gb18030"), "a.xls") == (CSV, ("type_mismatch",))
    assert sniff(as_xls(), "a.et") == (XLS, ())


def test_a_cut_workbook_is_damaged_wherever_it_is_cut():
    """Within some sectors calamine panics, which is no Exception in Python."""
    data = as_xls()
    for end in range(1_024, len(data), 323):
        with pytest.raises(SourceError) as caught:
            read_bytes(data[:end], "a.xls")
        assert caught.value.code in {"parse_error", "wrong_content"}, end


def test_sectors_in_a_ring_are_damage():
    """calamine would follow them until there is no memory."""
    data = bytearray(as_xls())
    table = 512 * (1 + int.from_bytes(data[76:80], "little"))
    for first in range(3):
        harmed = bytearray(data)
        harmed[table + 4 * first : table + 4 * first + 4] = first.to_bytes(4, "little")
        with pytest.raises(SourceError) as caught:
            read_bytes(bytes(harmed), "a.xls")
        assert (caught.value.code, caught.value.detail) == ("parse_error", "XLS: sectors in a ring")
