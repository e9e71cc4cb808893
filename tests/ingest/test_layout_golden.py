"""Whole documents against their golden outlines. `GONGWEN_GOLDEN=write pytest …` writes them anew; read the diff."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from layout_kit import check_spans, check_way_back, outline, read

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "layout"
SOURCES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".txt", ".html"))
TYPES = {".txt": "text/plain", ".html": "text/html"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_golden(path):
    data = path.read_bytes()
    document = read(data, TYPES[path.suffix])
    check_spans(document)
    if path.suffix == ".txt":
        check_way_back(document, data.decode("utf-8"))
    golden = path.with_name(f"{path.name}.outline")
    if os.environ.get("GONGWEN_GOLDEN") == "write":
        golden.write_text(outline(document), encoding="utf-8")
    assert outline(document) == golden.read_text(encoding="utf-8")


def test_golden_files_are_not_rewritten_in_ci():
    assert not (os.environ.get("CI") and os.environ.get("GONGWEN_GOLDEN"))
    assert len(SOURCES) >= 6
