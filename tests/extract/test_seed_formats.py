"""A seed written as DOCX, HTML and PDF gives the records of its text, but for page and box. Only where ../shared/cases
lies; the PDF only where LibreOffice is installed."""

from __future__ import annotations

import html
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from docx.shared import Pt

from extract.pipeline import extract
from gongwen.document import Block, Document, grid
from gongwen.record import DERIVED, ORDER
from gongwen.rulebook import load_rulebook
from gongwen.text import Span
from ingest.readers import choose
from ingest.sniff import sniff
from ingest.source import Source

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "cases" / "seeds"
FILES = sorted(path for path in SEEDS.glob("*") if path.suffix in {".txt", ".md"})

pytestmark = pytest.mark.skipif(not FILES, reason="needs ../shared/cases")


@cache
def read(path: Path) -> Document:
    data = path.read_bytes()
    source = Source.of(path.name, data, sniff(data, path.name)[0])
    return choose(source).read(source)


def records(document: Document) -> list[dict[str, Any]]:
    keys = [key for key in ORDER if key not in DERIVED]
    return [{key: one[key] for key in keys} for one in extract(document, load_rulebook())]


def pieces(path: Path) -> tuple[str, Sequence[Block]]:
    """Text and blocks to write again; page metadata is written as it stands, with its labels."""
    document = read(path)
    if all(block.kind != "meta" for block in document.blocks):
        return document.text, document.blocks
    text = path.read_text("utf-8")
    blocks, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", Span(at, at + len(line))))
        at += len(line) + 1
    return text, blocks


def tables(text: str, block: Block) -> Iterator[list[tuple[str, int]]]:
    """Rows of (words, columns it spans)."""
    for row in grid(block):
        cells: list[tuple[str, int]] = []
        last = None
        for cell in row:
            if cell is not None and cell is last:
                cells[-1] = (cells[-1][0], cells[-1][1] + 1)
            else:
                cells.append((cell.span.of(text) if cell is not None else "", 1))
            last = cell
        yield cells


def as_word(path: Path, target: Path) -> Path:
    text, blocks = pieces(path)
    word = Word()
    for block in blocks:
        if block.kind != "table":
            paragraph = word.add_paragraph(block.span.of(text))
            if len(block.span) > 30:  # as paragraphs of prose are set (GB/T 9704-2012, 7.3.3)
                paragraph.paragraph_format.first_line_indent = Pt(24)
            continue
        rows = list(tables(text, block))
        table = word.add_table(len(rows), max(sum(span for _, span in row) for row in rows))
        table.style = "Table Grid"
        for at, row in enumerate(rows):
            column = 0
            for words, span in row:
                cell = table.cell(at, column)
                (cell.merge(table.cell(at, column + span - 1)) if span > 1 else cell).text = words
                column += span
    word.save(str(target))
    return target


def as_page(path: Path, target: Path) -> Path:
    text, blocks = pieces(path)
    out = ['<html><head><meta charset="utf-8"><title>x</title></head><body><div class="content">']
    for block in blocks:
        if block.kind != "table":
            out.append("<p>" + html.escape(block.span.of(text)).replace("\t", "\u3000") + "</p>")
            continue
        rows = (
            "".join(f'<td colspan="{span}">{_cell(words)}</td>' for words, span in row) for row in tables(text, block)
        )
        out.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    target.write_text("".join([*out, "</div></body></html>"]), "utf-8")
    return target


def _cell(words: str) -> str:
    return html.escape(words).replace("\n", "<br>")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:3])
def test_word_and_web_page(path, tmp_path):
    assert records(read(as_page(path, tmp_path / "seed.html"))) == records(read(path))
    assert records(read(as_word(path, tmp_path / "seed.docx"))) == records(read(path))


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> dict[str, Path]:
    if shutil.which("soffice") is None:
        assert not os.environ.get("CI"), "CI must have LibreOffice"
        pytest.skip("apt install libreoffice-writer")
    folder = tmp_path_factory.mktemp("seeds")
    words = [as_word(path, folder / f"{path.name[:3]}.docx") for path in FILES]
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {path.name[:3]: folder / f"{path.name[:3]}.pdf" for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:3])
def test_pdf(path, printed):
    """Blanks are left out of the comparison: where a narrow column breaks a line at one, it is not printed."""
    found, wanted = records(read(printed[path.name[:3]])), records(read(path))
    assert _tight(found) == _tight(wanted)


def _tight(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(value.split())
    if isinstance(value, list):
        return [_tight(one) for one in value]
    return {key: _tight(one) for key, one in value.items()} if isinstance(value, dict) else value
