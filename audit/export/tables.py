"""Answers as XLSX (a sheet a question) and CSV. Every row stands with its evidence: citation, part, page, quote, hash
of the file, address."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from audit.answers import Answer, Evidence, Row
from audit.export.cells import csv_of, head_cell, linked_cell, text_cell

Url = Callable[[Evidence], str]
"""The address at which a paper is shown, at the place of the evidence."""

EVIDENCE = (
    ("依据", 60), ("位置", 24), ("页", 7), ("原文", 60), ("文件校验值（SHA-256）", 30), ("原件名", 26),
    ("打开原文", 40),
)  # fmt: skip
_BAD_IN_NAME = frozenset("[]:*?/\\'")
_NAME = 31
"""Characters of a sheet's name."""


def xlsx(answers: Sequence[Answer], url: Url, notes: Sequence[str] = ()) -> bytes:
    """One sheet a question, its header frozen, every cell text; the last sheet says what was asked, what was
    searched and what the corpus does not bear out."""
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for answer in answers:
        _sheet(book, _free(answer.title, taken), answer, url)
    told = book.create_sheet(_free("说明", taken))
    told.column_dimensions["A"].width = 110
    for line in (*_about(answers), *notes):
        told.append([text_cell(told, line)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(answer: Answer, url: Url) -> bytes:
    """One row a place: an answer's row that stands on two papers takes two lines."""
    head = ["序号", "分组", *(column.name for column in answer.columns), "提示", *(name for name, _ in EVIDENCE)]
    return csv_of(head, (line for line, _ in _lines(answer, url)))


def _sheet(book: Workbook, name: str, answer: Answer, url: Url) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    columns = [("序号", 6), ("分组", 22), *((one.name, one.width) for one in answer.columns), ("提示", 30), *EVIDENCE]
    for at, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.append([head_cell(sheet, name) for name, _ in columns])
    count = 1
    for line, address in _lines(answer, url):
        cells = [text_cell(sheet, text) for text in line[:-1]]
        sheet.append([*cells, linked_cell(sheet, line[-1], address)])
        count += 1
    if count == 1:
        sheet.append([text_cell(sheet, ""), text_cell(sheet, ""), text_cell(sheet, answer.empty)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(count, 2)}"


def _lines(answer: Answer, url: Url) -> Iterator[tuple[list[str], str]]:
    for number, row in enumerate(answer.rows, 1):
        for evidence in row.evidence or (None,):
            address = url(evidence) if evidence else ""
            yield [str(number), row.group, *row.cells, _told(row), *_placed(evidence), address], address


def _told(row: Row) -> str:
    return "；".join(row.marks)


def _placed(one: Evidence | None) -> list[str]:
    if one is None:
        return [""] * (len(EVIDENCE) - 1)
    derived = f"（推定自“{one.derived}”）" if one.derived else ""
    place = "，".join(part for part in (one.part, one.cell) if part)
    return [one.cited, place, str(one.page or ""), f"{one.quote}{derived}", one.sha256, one.source]


def _about(answers: Sequence[Answer]) -> Iterator[str]:
    for answer in answers:
        asked = "，".join(f"{name}：{value}" for name, value in answer.asked)
        yield f"【{answer.title}】{asked}"
        yield f"{answer.searched}；共 {answer.count} 项" + (
            f"，表中是前 {len(answer.rows)} 项" if answer.count > len(answer.rows) else ""
        )
        yield from answer.notes
        yield ""
    yield "抽取结果仅供查阅，以原件为准。没有记录不等于没有发生。“文件校验值”可用 sha256sum 对原件核对。"


def _free(title: str, taken: set[str]) -> str:
    """A name that sheets may have, once in a book."""
    name = "".join("_" if char in _BAD_IN_NAME else char for char in title)[:_NAME].strip() or "表"
    found, number = name, 2
    while found.lower() in taken:
        tail = f" {number}"
        found, number = name[: _NAME - len(tail)] + tail, number + 1
    taken.add(found.lower())
    return found
