"""Rows of a table under work: put in, taken out, taken back, merged cells with them; in the Word file, too."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from draft.gb9704.writer import save_docx
from draft.model import Draft, Item, Piece, Source, TableCell
from draft.workshop.acts import Wanted
from draft.workshop.drafts import Drafts
from draft.workshop.work import Conflict, Line, Work

ANNE, BEN = "林若溪", "周明远"


def cell(text: str, rows: int = 1, columns: int = 1, *, head: bool = False) -> TableCell:
    pieces = (Piece(text, text, (), Source("a" * 16 + "-1", "《某通知》", 0, len(text))),) if text else ()
    return TableCell(pieces, rows, columns, head)


def table() -> Item:
    """A head, and two kinds of tasks, each kind a cell over two rows; one cell empty."""
    return Item("table", [], 0, [
        [cell(one, head=True) for one in ("类别", "任务", "牵头单位", "时间")],
        [cell("科普活动", 2), cell("进校园"), cell("市教育局"), cell("")],
        [cell("进社区"), cell("市民政局"), cell("9月底前")],
        [cell("科普宣传", 2), cell("专栏"), cell("市融媒体中心"), cell("全年")],
        [cell("海报"), cell("市科技馆"), cell("9月底前")],
    ])  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> tuple[Drafts, str]:
    drafts = Drafts(tmp_path)
    draft = Draft(2025, "unknown", [Item("title", [cell("关于某事的通知").pieces[0]]), table()], ["《某通知》"])
    return drafts, drafts.make(draft, [], "", ANNE)


def line(made: tuple[Drafts, str]) -> Line:
    found = made[0].get(made[1])
    assert found is not None
    return found.work.lines[1]


def act(made: tuple[Drafts, str], verb: str, by: str = ANNE, **more: object) -> int:
    wanted = Wanted(verb, "1", line(made).seen, **more)  # type: ignore[arg-type]
    return made[0].act(made[1], wanted, by).number


def shown(made: tuple[Drafts, str]) -> list[list[tuple[str, int, int]]]:
    grid = line(made).grid
    assert grid is not None
    return [[(one.cell.text, one.row_span, one.column_span) for one in placed] for _, placed in grid.printed()]


def word(made: tuple[Drafts, str]) -> list[list[str]]:
    found = made[0].get(made[1])
    assert found is not None
    held = BytesIO()
    save_docx(found.work.draft(), held)
    return [[one.text for one in row.cells] for row in Document(held).tables[-1].rows]


def test_a_row_inside_a_merged_cell_is_covered_by_it(made: tuple[Drafts, str]) -> None:
    act(made, "row", after="r1", names=("不用填", "进企业", "市工信局", "10月底前"))
    assert shown(made)[1] == [("科普活动", 3, 1), ("进校园", 1, 1), ("市教育局", 1, 1), ("", 1, 1)]
    assert [one[0] for one in shown(made)[2]] == ["进企业", "市工信局", "10月底前"]
    assert word(made)[2] == ["科普活动", "进企业", "市工信局", "10月底前"]


def test_a_row_behind_a_merged_cell_has_all_columns(made: tuple[Drafts, str]) -> None:
    act(made, "row", after="r2", names=("科普培训", "讲解员培训", "市科协", "11月底前"))
    assert word(made)[3] == ["科普培训", "讲解员培训", "市科协", "11月底前"]
    assert shown(made)[1][0] == ("科普活动", 2, 1)
    act(made, "row", after="r4", names=("", "", "", "年底"))
    assert word(made)[6] == ["", "", "", "年底"]


def test_a_typed_row_says_who_and_when(made: tuple[Drafts, str]) -> None:
    number = act(made, "row", after="r4", names=("评比", "总结", "", ""))
    grid = line(made).grid
    assert grid is not None
    row = grid.row(f"n{number}")
    assert row is not None and row.by == ANNE
    change = row.places[1].sentences[0].base.changes[0]
    assert change.act == "added"
    assert change.why == f"由{ANNE}于{row.at[:10]} {row.at[11:16]}填写"


def test_taking_out_the_row_where_a_merged_cell_begins_keeps_the_cell(made: tuple[Drafts, str]) -> None:
    act(made, "unrow", target="r1")
    assert shown(made)[1] == [("科普活动", 1, 1), ("进社区", 1, 1), ("市民政局", 1, 1), ("9月底前", 1, 1)]
    act(made, "unrow", target="r2")
    assert [row[0][0] for row in shown(made)] == ["类别", "科普宣传", "海报"]
    assert [row[0] for row in word(made)] == ["类别", "科普宣传", "科普宣传"]


def test_it_is_taken_back_step_by_step(made: tuple[Drafts, str]) -> None:
    before = shown(made)
    act(made, "unrow", target="r3")
    number = act(made, "row", after="r4", names=("", "短片", "市融媒体中心", "9月"))
    with pytest.raises(Conflict):
        act(made, "undo", takes_back=number - 1)
    act(made, "undo", takes_back=number)
    act(made, "undo", takes_back=number - 1)
    assert shown(made) == before


def test_an_empty_cell_can_be_written_in(made: tuple[Drafts, str]) -> None:
    act(made, "write", target="1-e1x3", text="9月20日前")
    assert word(made)[1] == ["科普活动", "进校园", "市教育局", "9月20日前"]
    found = made[0].get(made[1])
    assert found is not None
    told = [one for piece in found.work.draft().pieces() for one in piece.changes]
    assert [(one.act, one.why[:6]) for one in told] == [("added", f"由{ANNE}于2")]


def test_what_cannot_be(made: tuple[Drafts, str]) -> None:
    for after, names in (("r9", ("甲",)), ("r1", ("", " ")), ("r1", ("甲",) * 9)):
        with pytest.raises(ValueError, match=r"row|typed|long"):
            act(made, "row", after=after, names=names)
    act(made, "unrow", target="r1")
    with pytest.raises(Conflict):
        act(made, "unrow", target="r1")
    with pytest.raises(Conflict):
        act(made, "row", after="r1", names=("甲",))
    for row in ("r2", "r3", "r4"):
        act(made, "unrow", target=row)
    with pytest.raises(ValueError, match="last row"):
        act(made, "unrow", target="r0")


def test_two_people_at_one_table(made: tuple[Drafts, str]) -> None:
    act(made, "unrow", target="r4")
    with pytest.raises(Conflict):
        made[0].act(made[1], Wanted("row", "1", 0, after="r1", names=("甲",)), BEN)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=12))
def test_spans_always_fill_the_grid(steps: list[tuple[bool, int]]) -> None:
    found = Work(Draft(2025, "unknown", [table()], [""]), [])
    grid = found.lines[0].grid
    assert grid is not None
    for at, (is_added, where) in enumerate(steps):
        row = grid.live[where % len(grid.live)]
        if is_added:
            grid.add(f"n{at}", row.id, ("甲", "乙", "丙", "丁"), "0", ANNE, "2025-01-01T08:00")
        elif len(grid.live) > 1:
            row.is_removed = True
    area = sum(one.row_span * one.column_span for _, placed in grid.printed() for one in placed)
    assert area == len(grid.live) * grid.columns
