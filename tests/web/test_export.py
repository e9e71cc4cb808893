"""Hit lists as XLSX and CSV: all hits, as the page shows them, and never a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from comfort_kit import PAYLOADS, Comforts
from corpus_kit import PlainFinder, make, new_store
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from gongwen.settings import Settings
from web.app import create_app
from web.sheets import Column, csv_bytes, harmless, xlsx_bytes
from web.views import export

JSON = {"Accept": "application/json"}
TEXT = {"s", "inlineStr", "n"}
"""n: an empty cell."""
FORMULA = set("=+-@\t\r\n\0＝＋－＠")


def csv_rows(comforts: Comforts, address: str) -> list[list[str]]:
    answer = comforts.client.get(address)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def sheet(comforts: Comforts, address: str):
    answer = comforts.client.get(address)
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.data))


@pytest.mark.parametrize(
    "address", ["q=科普", "q=科普&year=2024", "type=函", "q=科普日&sort=oldest&from=2023-01-01", ""]
)
def test_both_hold_the_hits_of_the_page_in_its_order(comforts: Comforts, address: str) -> None:
    told: list[dict] = []
    for page in range(1, 9):
        told += comforts.client.get(f"/search?{address}&page={page}", headers=JSON).json["hits"]
    rows = csv_rows(comforts, f"/search.csv?{address}")
    cells = [[cell.value or "" for cell in row] for row in sheet(comforts, f"/search.xlsx?{address}").active.rows]
    assert len(rows) == len(cells) == len(told) + 1
    assert [row[1] for row in rows[1:]] == [row[1] for row in cells[1:]] == [hit["number"] or "" for hit in told]
    assert [row[9].partition("/d/")[2] for row in rows[1:]] == [hit["id"] for hit in told]
    assert rows[0] == [one.name for one in export.COLUMNS]


def test_a_page_number_does_not_cut_the_table(comforts: Comforts) -> None:
    assert csv_rows(comforts, "/search.csv?page=2") == csv_rows(comforts, "/search.csv")


def test_the_sheet_is_made_to_be_read(comforts: Comforts) -> None:
    book = sheet(comforts, "/search.xlsx?q=全国科普日&year=2024")
    rows = book["检索结果"]
    assert rows.freeze_panes == "A2"
    assert rows.auto_filter.ref == f"A1:J{rows.max_row}"
    assert rows.column_dimensions["C"].width == 60
    assert rows["A1"].font.bold
    link = rows["J2"].hyperlink.target
    assert link == rows["J2"].value
    assert comforts.client.get(link).status_code == 200
    notes = [row[0].value for row in book["说明"].rows]
    assert notes[0] == "检索词：全国科普日"
    assert "条件：年份：2024" in notes
    assert any(note.startswith("地址：http://localhost/search?q=") for note in notes)


def test_twenty_titles_that_are_formulas_make_none(comforts: Comforts) -> None:
    """No. 60: read back by two programs, and in the file itself."""
    data = comforts.client.get("/search.xlsx?q=表格单位").data
    book = load_workbook(io.BytesIO(data))
    titles = [row[2] for row in book.active.iter_rows(min_row=2)]
    assert len(titles) == len(PAYLOADS) == 20
    assert {cell.data_type for row in book.active.rows for cell in row} <= TEXT
    assert [cell.coordinate for row in book.active.rows for cell in row if cell.data_type == "f"] == []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            assert b"<f>" not in package.read(name), name
            assert b"<f " not in package.read(name), name
    shown = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert {row[2].strip() for row in shown[1:]} == {"".join(
        char if char.isprintable() or char in "\n\u3000" else " " for char in payload).strip() for payload in PAYLOADS}
    rows = csv_rows(comforts, "/search.csv?q=表格单位")
    assert len(rows) == 21
    assert [cell for row in rows for cell in row if cell[:1] in FORMULA or cell.strip()[:1] in FORMULA - set("'")] == []
    assert sum(row[2].startswith("'") for row in rows) == 20


@given(st.text(max_size=20))
@settings(max_examples=300, deadline=None)
def test_no_text_at_all_begins_as_a_formula(text: str) -> None:
    found = harmless(text)
    assert not found.lstrip()[:1] or found.lstrip()[0] not in FORMULA
    data = csv_bytes([Column("a", 9)], [[text]])
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:] in ([[found.encode(
        "utf-8", "replace").decode()]], [[]])
    book = load_workbook(io.BytesIO(xlsx_bytes([Column("a", 9)], [[text]], "表", [text])))
    assert {cell.data_type for one in book for row in one.rows for cell in row} <= TEXT


def test_mobile_numbers_are_masked_as_on_the_page(comforts: Comforts) -> None:
    for address in ("/search.csv?q=13900000001", "/search.xlsx?q=13900000001"):
        data = comforts.client.get(address).data
        if address.startswith("/search.xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                data = b"".join(package.read(name) for name in package.namelist() if name != "xl/worksheets/sheet2.xml")
        assert b"139****0001" in data
        assert b"13900000001" not in data


def test_at_most_five_thousand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [make(f"{at}.txt", f"⟦title|科普通知{at}⟧") for at in range(25)]
    app = create_app(Settings(), papers=new_store(tmp_path, made), finder=PlainFinder(made))
    monkeypatch.setattr(export, "MOST", 12)
    monkeypatch.setattr(export, "_AT_ONCE", 5)
    rows = app.test_client().get("/search.csv?q=科普").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 13
    book = load_workbook(io.BytesIO(app.test_client().get("/search.xlsx?q=科普").data))
    assert "共 25 件，表中是前 12 件" in [row[0].value for row in book["说明"].rows]


def test_the_download_is_named_without_anyones_words(comforts: Comforts) -> None:
    for kind in ("csv", "xlsx"):
        answer = comforts.client.get(f"/search.{kind}", query_string={"q": 'a"\r\nSet-Cookie: x=y'})
        name = answer.headers["Content-Disposition"]
        assert name.startswith("attachment; filename=gongwen-")
        assert name.endswith(f".{kind}")
        assert "Set-Cookie" not in answer.headers
