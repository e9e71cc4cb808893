"""Text cut at evidence boundaries: nothing is lost, every span is whole, whatever nests or crosses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.document import Block, Cell, Document
from gongwen.record import Evidence, Record
from gongwen.text import Span
from web.marked import MarkedText, block_anchor, mark_text

TEXT = "云科协字〔2024〕12号\n关于印发方案的通知\n各有关单位：请执行。\n"
LINES = (Span(0, 13), Span(14, 23), Span(24, 34))


def document(*blocks: Block) -> Document:
    return Document("0" * 64, TEXT, blocks or tuple(Block("paragraph", span) for span in LINES), "t/1", "text/plain")


def record(spans: dict[str, list[tuple[int, int]]], part: tuple[int, int] | None = None) -> Record:
    found = Record()
    found.evidence = {
        path: [Evidence(start, end, TEXT[start:end], "t") for start, end in places] for path, places in spans.items()
    }
    found.values["part"] = None if part is None else {"start": part[0], "end": part[1], "number": 1}
    return found


def shown(marked: MarkedText, path: str) -> str:
    pieces = [piece for block in marked.flow for piece in block.pieces]
    pieces += [piece for block in marked.flow for row in block.rows for cell in row for piece in cell.pieces]
    return "".join(piece.text for piece in pieces if path in piece.paths)


OFFSETS = st.integers(0, len(TEXT))
SPANS = st.lists(st.tuples(OFFSETS, OFFSETS).map(lambda pair: (min(pair), max(pair))), max_size=8)


@given(SPANS)
def test_no_character_is_lost_and_every_span_is_whole(spans: list[tuple[int, int]]) -> None:
    marked = mark_text(document(), record({f"p/{at}": [span] for at, span in enumerate(spans)}), TEXT)
    for block, line in zip(marked.flow, LINES, strict=True):
        assert "".join(piece.text for piece in block.pieces) == line.of(TEXT)
    for at, (start, end) in enumerate(spans):
        inside = "".join(TEXT[max(start, line.start) : max(start, min(end, line.end))] for line in LINES)
        assert shown(marked, f"p/{at}") == inside
        assert bool(marked.places.get(f"p/{at}")) == bool(inside)


def test_nested_and_crossing_values_share_pieces() -> None:
    marked = mark_text(document(), record({"title": [(14, 23)], "doc_type": [(21, 23)], "x": [(16, 22)]}), TEXT)
    assert [(piece.text, piece.paths) for piece in marked.flow[1].pieces] == [
        ("关于", ("title",)), ("印发方案的", ("title", "x")), ("通", ("doc_type", "title", "x")),
        ("知", ("doc_type", "title")),
    ]  # fmt: skip


def test_a_value_in_two_places_leads_to_the_first() -> None:
    marked = mark_text(document(), record({"title": [(24, 29), (14, 23)]}), TEXT)
    anchors = {piece.anchor: piece.text for block in marked.flow for piece in block.pieces if piece.paths}
    assert anchors[marked.places["title"]] == "关于印发方案的通知"


def test_only_the_own_part_is_shown_and_what_was_read_outside_it() -> None:
    marked = mark_text(document(), record({"title": [(14, 23)], "document_number": [(0, 13)]}, part=(14, 23)), TEXT)
    assert [block.anchor for block in marked.flow] == ["b-0", "b-14"]
    assert [block.anchor for block in mark_text(document(), record({}, part=(14, 23)), TEXT).flow] == ["b-14"]


def test_cells_are_cut_too_and_the_first_row_is_the_head() -> None:
    cells = (Cell(0, 0, Span(0, 4)), Cell(0, 1, Span(4, 9), column_span=2), Cell(1, 0, Span(14, 18)))
    source = document(Block("table", Span(0, 23), 3, cells=cells))
    marked = mark_text(source, record({"tasks/0/title": [(15, 17)]}), TEXT)
    table = marked.flow[0]
    assert table.page == 3
    assert [[cell.head for cell in row] for row in table.rows] == [[True, True], [False]]
    assert shown(marked, "tasks/0/title") == "于印"


def test_a_page_is_told_once() -> None:
    blocks = [Block("paragraph", span, page) for span, page in zip(LINES, (1, 1, 2), strict=True)]
    marked = mark_text(document(*blocks), record({}), TEXT)
    assert [block.page for block in marked.flow] == [1, None, 2]


def test_a_text_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="as long as"):
        mark_text(document(), record({}), TEXT[:-1])


def test_evidence_beyond_the_text_is_passed_over() -> None:
    found = record({"title": [(14, 23)]})
    found.evidence["theme"] = [Evidence(30, 999, "x", "t")]
    assert "theme" not in mark_text(document(), found, TEXT).places


def test_block_anchors() -> None:
    assert block_anchor(document(), 20) == "b-14"
    assert block_anchor(document(), 13) == ""


def test_a_new_sheet_is_named():
    blocks = [Block("paragraph", span, page=page, place=place) for span, page, place in zip(
        LINES, (1, 1, 2), ("分工表!A1", "分工表!A2", "联络员!A1"), strict=True)]  # fmt: skip
    flow = mark_text(document(*blocks), record({}), TEXT).flow
    assert [(one.page, one.sheet) for one in flow] == [(1, "分工表"), (None, "分工表"), (2, "联络员")]
