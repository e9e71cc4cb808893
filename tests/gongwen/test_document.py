"""Documents go to JSON and back; spans find their boxes."""

import pytest

from gongwen.document import Block, Box, Cell, Document, PageSize, Run, TextBuilder, grid, rows
from gongwen.text import Span

TEXT = "关于开展活动的通知\n甲\t乙\n丙\t丁\n"
TABLE = Block(
    "table", Span(10, 18), page=1,
    cells=(Cell(0, 0, Span(10, 11), row_span=2), Cell(0, 1, Span(12, 13)), Cell(1, 1, Span(16, 17))),
)  # fmt: skip
DOCUMENT = Document(
    "ab" * 32, TEXT, (Block("paragraph", Span(0, 10), page=1, centred=True, size=22.0), TABLE), "plain/1", "text/plain",
    runs=(Run(Span(0, 9), Box(1, 100.0, 50.0, 190.0, 70.0)), Run(Span(10, 13), Box(2, 0.0, 0.0, 30.0, 10.0))),
    pages=(PageSize(1, 595.0, 842.0),), origin=((0, 3, 9),), complete=False, reasons=("empty_page",),
    links=(("附件", "a.doc"),),
)  # fmt: skip


def test_json_and_back():
    assert Document.from_json(DOCUMENT.to_json()) == DOCUMENT


def test_a_span_outside_the_text_is_refused():
    data = DOCUMENT.to_json() | {"text": "短"}
    with pytest.raises(ValueError, match="leaves the text"):
        Document.from_json(data)


def test_boxes_are_cut_in_proportion():
    assert DOCUMENT.boxes(Span(2, 4)) == (Box(1, 120.0, 50.0, 140.0, 70.0),)
    assert [box.page for box in DOCUMENT.boxes(Span(8, 11))] == [1, 2]


def test_boxes_of_ocr_are_cut_at_its_characters():
    edges = (100.0, 120.0, 124.0, 128.0, 150.0)
    run = Run(Span(0, 4), Box(1, 100.0, 50.0, 150.0, 70.0), 0.97, edges, (2,))
    document = Document("ab" * 32, "2024年", (), "image/1", "image/png", runs=(run,))
    assert document.boxes(Span(1, 3)) == (Box(1, 120.0, 50.0, 128.0, 70.0),)
    assert Document.from_json(document.to_json()) == document
    with pytest.raises(ValueError, match="edges"):
        Document.from_json(document.to_json() | {"runs": [[0, 4, 1, 0, 0, 9, 9, 0.9, [1.0, 2.0], []]]})


def test_doubtful_is_what_stands_on_a_weak_line_or_character():
    runs = (Run(Span(0, 4), Box(1, 0, 0, 9, 9), 0.97, (), (2,)), Run(Span(5, 9), Box(1, 0, 9, 9, 18), 0.5))
    document = Document("ab" * 32, "2024年\n通知", (), "image/1", "image/png", runs=runs)
    assert [document.doubtful(Span(at, at + 1), 0.9) for at in (0, 2, 3, 4, 5)] == [False, True, False, False, True]
    assert not DOCUMENT.doubtful(Span(0, 18), 0.9)


def test_page_of_falls_back_to_the_block():
    assert DOCUMENT.page_of(Span(16, 17)) == 1


def test_grid_repeats_merged_cells_and_rows_does_not():
    first, second = grid(TABLE)
    assert first[0] is second[0]
    assert [len(row) for row in rows(TABLE)] == [2, 1]


def test_builder_joins_neighbouring_origins():
    builder = TextBuilder()
    builder.add("关于", 10)
    builder.add("开展", 12)
    builder.add("\n")
    builder.add("甲", 20)
    assert builder.text() == "关于开展\n甲"
    assert builder.origin == [(0, 10, 4), (5, 20, 1)]
