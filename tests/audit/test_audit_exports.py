"""Answers as files: no formula anywhere, every row with its evidence, a bundle that coreutils verify."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import five_years_kit as kit
import pytest
from openpyxl import load_workbook

from audit.answers import Answer, Column, Evidence, Row
from audit.export import bundle, report, tables
from audit.questions import QUESTIONS, Asked
from gongwen.errors import StoreError

MADE = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
PAYLOADS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", " =1", "＝1", "＋1",
    "－1", "＠A",
    "﹢1", "−1", '=HYPERLINK("http://x.example","y")', "=IMPORTXML(1)", "%0A=1", "'=1",
)  # fmt: skip


def url(one: Evidence) -> str:
    return f"http://127.0.0.1:8000/d/{one.record_id}"


def answers(desk):
    asked = Asked(text="校园", unit="市教育局", on="2022-01-01")
    return [
        *(QUESTIONS[key].work(desk, asked) for key in ("leads", "unit", "members")),
        QUESTIONS["numbers"].work(desk, Asked()),
    ]


def hostile() -> Answer:
    places = Evidence("0" * 16 + "-1", "title", "0" * 64, "=1.txt", ("=甲",), "=标题", "=号", "2024-01-01", quote="=1")
    rows = tuple(Row((text, "b"), (places,), text, marks=(text,)) for text in PAYLOADS)
    return Answer(
        "leads", "=任务[]", (("词语", "=1"),), (Column("a", "=甲"), Column("b", "乙")), rows, "=检索", ("=注",)
    )


def test_no_payload_becomes_a_formula(tmp_path):
    book = load_workbook(io.BytesIO(tables.xlsx([hostile(), hostile()], url)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 2 * len(PAYLOADS)
    assert {cell.data_type for cell in cells} == {"s"}
    with zipfile.ZipFile(io.BytesIO(tables.xlsx([hostile()], url))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not [one for one in sheets if b"<f>" in one or b"<f " in one]
    lines = list(csv.reader(io.StringIO(tables.csv(hostile(), url).decode("utf-8-sig"))))
    assert len(lines) == 1 + len(PAYLOADS)
    starts = set("=+-@\t\r\n\0＝＋－＠﹢−")
    assert not [cell for line in lines[1:] for cell in line if cell[:1] in starts or cell.strip()[:1] in starts]


def test_a_sheet_a_question_with_a_frozen_head_and_links(desk):
    found = answers(desk)
    book = load_workbook(io.BytesIO(tables.xlsx(found, url)))
    assert book.sheetnames == [*(one.title for one in found), "说明"]
    for answer, sheet in zip(found, book.worksheets, strict=False):
        assert sheet.freeze_panes == "A2"
        head = [cell.value for cell in sheet[1]]
        at, quote, digest = (head.index(name) for name in ("打开原文", "原文", "文件校验值（SHA-256）"))
        assert sheet.max_row - 1 == sum(max(1, len(row.evidence)) for row in answer.rows) > 0
        for row in sheet.iter_rows(min_row=2):
            assert row[at].hyperlink.target.startswith("http://127.0.0.1:8000/d/")
            assert row[quote].value
            assert desk.store.has_object(row[digest].value)
    about = "".join(str(row[0].value) for row in book["说明"].iter_rows())
    assert "检索年份" in about


@pytest.mark.office
def test_libreoffice_opens_the_book_without_formulas(desk, tmp_path):
    """Each sheet as CSV that shows formulas where cells have them (token 9: formulas, not values)."""
    office = shutil.which("soffice")
    if office is None or not (Path(office).resolve().parent / "libsclo.so").exists():
        pytest.skip("needs LibreOffice Calc (libreoffice-calc-nogui)")
    (tmp_path / "a.xlsx").write_bytes(tables.xlsx([*answers(desk), hostile()], url))
    done = subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1", "--outdir",
         str(tmp_path), str(tmp_path / "a.xlsx")],
        capture_output=True, timeout=180, check=False,
    )  # fmt: skip
    made = sorted(tmp_path.glob("a-*.csv"))
    assert len(made) == 6, done.stderr
    text = {path.name: path.read_text(encoding="utf-8") for path in made}
    assert any("校园" in one for one in text.values())
    told = next(one for name, one in text.items() if "_任务" in name or "=任务" in name)
    assert "1,=1+1,=1+1," in told  # shown as it is written, not as 2
    assert "Err:" not in told


def test_the_report_cites_every_row(desk):
    found = answers(desk)
    text = "\n".join(
        one.text for one in docx.Document(io.BytesIO(report.docx(found, office="某办", made=MADE))).paragraphs
    )
    for answer in found:
        for row in answer.rows:
            for one in row.evidence:
                assert one.cited in text
                assert one.sha256 in text
    assert "某办　2024年3月1日制" in text


def test_a_bundle_verifies_with_coreutils_and_tells_of_any_change(desk, tmp_path):
    found = answers(desk)
    out = io.BytesIO()
    sums = bundle.write_bundle(out, found, desk.store, url, office="某办", made=MADE)
    with zipfile.ZipFile(out) as archive:
        archive.extractall(tmp_path)
    names = [path for path in tmp_path.rglob("*") if path.is_file()]
    listed = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert len(listed) == len(names) - 1

    def check() -> subprocess.CompletedProcess:
        return subprocess.run(
            ["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=False, capture_output=True
        )

    assert check().returncode == 0
    own = subprocess.run(["sha256sum", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert own.stdout.split()[0] == sums
    originals = {path.name[:64] for path in (tmp_path / "originals").iterdir()}
    assert originals == {one.sha256 for answer in found for one in answer.evidence()}
    for name in names:
        if name.name == "SHA256SUMS":
            continue
        before = name.read_bytes()
        name.write_bytes(before + b" ")
        assert check().returncode != 0, name
        name.write_bytes(before)
    assert check().returncode == 0


def test_an_altered_original_is_no_evidence(tmp_path):
    store = kit.make_corpus(tmp_path)
    from audit.desk import make_desk
    from index.catalogue.catalogue import open_catalogue

    catalogue = open_catalogue(kit.settings(tmp_path))
    held = make_desk(kit.settings(tmp_path), catalogue)
    answer = QUESTIONS["leads"].work(held, Asked(text="校园安全教育"))
    path = store.object_path(answer.rows[0].evidence[0].sha256)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(StoreError, match="不一致"):
        bundle.write_bundle(io.BytesIO(), [answer], store, url, office="某办", made=MADE)
    catalogue.close()
