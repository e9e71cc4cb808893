"""The list of changes as an annex of the draft: last year's words, this year's, what was done and by what right. It is
for the desk and not for the addressee, so it stands behind the imprint and says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docx.document import Document as WordFile
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table

from draft.changes import ACTS, KINDS, Change
from draft.gb9704.measures import FANGSONG, HEITI, SIZES, XIAOBIAOSONG
from draft.gb9704.page import new_section
from draft.gb9704.word import dress, element, set_widths, shape
from draft.model import Draft, Piece

HEAD = ("序号", "上年", "今年", "处理", "依据")
_WIDTHS_MM = (12.0, 62.0, 62.0, 30.0, 59.0)
_LINE = 320


def write_changes(word: WordFile, draft: Draft) -> None:
    """On landscape pages of its own."""
    new_section(word, landscape=True)
    title = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.CENTER, line_twips=680)
    dress(title.add_run(f"{draft.year}年稿改动清单（供审稿，不随文印发）"), XIAOBIAOSONG, SIZES["二号"])
    told = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.LEFT, line_twips=_LINE)
    dress(told.add_run(f"底稿：{'、'.join(draft.sources)}"), FANGSONG, SIZES["五号"], spacing=0)
    rows = list(_rows(draft, draft.sources[-1] if draft.sources else ""))
    table = word.add_table(rows=1 + len(rows), cols=len(HEAD))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _fill(table, [HEAD, *((str(at), *row) for at, row in enumerate(rows, 1))])


def _fill(table: Table, rows: Sequence[Sequence[str]]) -> None:
    size = SIZES["五号"]
    set_widths(table, _WIDTHS_MM)
    for at, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(element("w:cantSplit"))
        if at == 0:
            properties.append(element("w:tblHeader"))
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            centred = at == 0 or column == 0
            align = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
            line = shape(cell.paragraphs[0], align=align, line_twips=_LINE, size=size)
            dress(line.add_run(text), HEITI if at == 0 else FANGSONG, size, spacing=0)


def _rows(draft: Draft, main: str) -> Iterator[tuple[str, str, str, str]]:
    """Every change but what stays as it was on purpose and was settled by nobody; then what was not carried over."""
    for piece in draft.pieces():
        for change in piece.changes:
            if change.act != "kept":
                yield change.old or "（无）", _now(change), _done(change), _right(change, piece, main)
        if piece.note:
            yield piece.old, piece.new, "请决定去留", piece.note
    for piece in draft.dropped:
        why = next((one.why for one in piece.changes if one.act == "dropped"), "")
        yield piece.old, "（没有带入）", "没有带入", why


def _now(change: Change) -> str:
    return change.printed or "（删去）"


def _done(change: Change) -> str:
    waits = "，待核" if change.is_flagged and "待核" not in ACTS[change.act] else ""
    return f"{KINDS[change.kind]}·{ACTS[change.act]}{waits}"


def _right(change: Change, piece: Piece, main: str) -> str:
    """`main`: the paper that goes without saying."""
    named = [change.why, f"依据：{change.source}" if change.source else ""]
    page = f"第{piece.source.page}页" if piece.source.page else ""
    if piece.source.name not in {"", main} and change.act != "added":
        named.append(f"取自{piece.source.name}")
    named.append(page)
    return "。".join(one for one in named if one)
