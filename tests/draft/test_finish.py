"""Marks taken out of a draft's Word file: settled ones alone, or all, and told either way."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from docx import Document
from docx.enum.text import WD_COLOR_INDEX

from draft.build import Paper, make
from draft.gb9704.finish import GAP, finish
from draft.gb9704.marks import AUTHOR
from draft.gb9704.writer import write_docx
from gongwen.cli.draft import command


@pytest.fixture
def path(paper: Callable[[str], Paper], tmp_path: Path) -> Path:
    made = tmp_path / "稿.docx"
    write_docx(make([paper("2021-云科协字41号"), paper("2022-云科协字36号")], 2023), made)
    return made


def runs(word: Any) -> list[Any]:
    found = [one for paragraph in word.paragraphs for one in paragraph.runs]
    return found + [one for table in word.tables for row in table.rows for cell in row.cells
                    for paragraph in cell.paragraphs for one in paragraph.runs]  # fmt: skip


def yellow(word: Any) -> list[str]:
    return [one.text for one in runs(word) if one.font.highlight_color == WD_COLOR_INDEX.YELLOW]


def done(path: Path, **more: Any) -> tuple[Any, list[Any]]:
    held = BytesIO()
    marks = finish(path, held, **more)
    return Document(held), marks


def test_a_draft_nobody_has_worked_on_keeps_every_mark(path: Path) -> None:
    before = Document(str(path))
    after, marks = done(path)
    assert len(marks) == len(list(before.comments)) > 20
    assert [one for one in marks if one.is_removed] == []
    assert yellow(after) == yellow(before)


def test_what_was_filled_in_loses_its_mark_and_nothing_else(path: Path) -> None:
    word = Document(str(path))
    gap = next(one for one in runs(word) if one.text.startswith("【待核"))
    gap.text = "9月16日至22日"
    marked = [one for one in runs(word) if one.font.highlight_color and one.text != gap.text]
    asked = next(one for one in marked if "【" not in one.text)
    asked.font.highlight_color = None  # looked at, its yellow taken off
    word.add_comment(gap, "请张三再看一遍", author="周明远")
    word.save(str(path))
    after, marks = done(path)
    removed = [one for one in marks if one.is_removed]
    told = {(one.words, one.why) for one in removed}
    assert told == {("9月16日至22日", "changed"), (asked.text, "unmarked")}
    assert "9月16日至22日" in "".join(one.text for one in runs(after))
    assert "9月16日至22日" not in yellow(after)
    assert [one.text for one in after.comments if one.author != AUTHOR] == ["请张三再看一遍"]
    assert len(yellow(after)) == len(yellow(word)) - 1


def test_all_leaves_no_mark_and_says_so(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "清稿.docx"
    told = CliRunner().invoke(command, ["--finish", str(path), "-o", str(out), "--all", "--json"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)
    assert found["left"] == []
    assert any(one["emptied"] for one in found["removed"])
    after = Document(str(out))
    assert yellow(after) == []
    assert [one for one in after.comments if one.author == AUTHOR] == []
    assert not GAP.search("".join(one.text for one in runs(after)))
    assert Document(str(path)).comments  # the draft itself is left alone


def test_what_is_left_is_told_and_the_draft_is_not_written_over(path: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(command, ["--finish", str(path), "-o", str(tmp_path / "甲.docx")])
    assert told.exit_code == 3
    assert "留着" in told.output
    same = CliRunner().invoke(command, ["--finish", str(path), "-o", str(path)])
    assert same.exit_code != 0
    assert "留着备查" in str(same.exception)
