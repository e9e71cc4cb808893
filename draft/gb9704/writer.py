"""A draft as a Word file that can go to the leader's desk."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import regex
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH

from draft.gb9704.changelist import write_changes
from draft.gb9704.closing import (
    begin_annex,
    write_annex_note,
    write_centred,
    write_copied,
    write_imprint,
    write_signature,
)
from draft.gb9704.letter import is_presence, write_letter_head, write_minutes_head, write_presence
from draft.gb9704.letterhead import write_letterhead
from draft.gb9704.marks import write_piece
from draft.gb9704.measures import FANGSONG, LEVELS, SIZES
from draft.gb9704.page import new_file, new_section
from draft.gb9704.roster import write_roster
from draft.gb9704.tables import WIDE, columns_of, write_table
from draft.gb9704.word import shape
from draft.model import Draft, Form, Item

_RUN_IN = regex.compile(r"[^。：；]{2,45}[。：]")


def write_docx(draft: Draft, path: Path, *, changes: bool = False) -> None:
    """To a file, which is written anew."""
    with path.open("wb") as file:
        save_docx(draft, file, changes=changes)


def save_docx(draft: Draft, file: IO[bytes], *, changes: bool = False) -> None:
    """The number stands below the mark with its serial left open. `changes`: with a list of changes as an annex."""
    word = new_file()
    word.core_properties.author = ""
    word.core_properties.title = "".join(item.text for item in draft.items if item.kind == "title").strip()
    heads = {"document": write_letterhead, "letter": write_letter_head, "minutes": write_minutes_head}
    heads[draft.form](word, draft.letterhead, draft.number)
    for _ in range(2):
        shape(word.add_paragraph())
    _Body(word, draft.items, draft.form).write()
    if changes:
        write_changes(word, draft)
    word.save(file)


class _Body:
    def __init__(self, word: WordFile, items: list[Item], form: Form) -> None:
        self._word = word
        self._items = items
        self._form = form
        self._landscape = False
        self._signed = False

    def write(self) -> None:
        at = 0
        while at < len(self._items):
            item = self._items[at]
            if item.kind in {"issuer", "date"} and not self._signed:
                at = self._signature(at)
                continue
            if item.kind in {"copied_to", "print"}:
                at += 1
                continue
            self._item(item, self._items[at - 1] if at else None)
            at += 1
        copied = [one for one in self._items if one.kind == "copied_to"]
        if self._form == "letter":
            write_copied(self._word, copied)
            return
        if copied or any(one.kind == "print" for one in self._items):
            self._turn(landscape=False)
        write_imprint(self._word, copied, [one for one in self._items if one.kind == "print"])

    def _signature(self, at: int) -> int:
        """Issuers and date stand together; the position behind them."""
        end = at
        while end < len(self._items) and self._items[end].kind in {"issuer", "date"}:
            end += 1
        found = self._items[at:end]
        issuers = [one for one in found if one.kind == "issuer"]
        write_signature(self._word, issuers, [one for one in found if one.kind == "date"])
        self._signed = True
        return end

    def _item(self, item: Item, before: Item | None) -> None:
        word = self._word
        if item.kind == "table":
            self._table(item)
            return
        if item.kind in {"annex_label", "annex_title"}:
            self._annex(item, before)
            return
        if not (self._landscape and _is_line(item) and self._opens_wide(item)):
            self._turn(landscape=False)
        if item.kind == "title":
            write_centred(word, item)
        elif item.kind == "addressees":
            shape(word.add_paragraph())
            line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.LEFT)
            for piece in item.pieces:
                write_piece(word, line, piece, FANGSONG, SIZES["三号"])
        elif item.kind == "annex_note":
            if before is None or before.kind != "annex_note":
                shape(word.add_paragraph())
            write_annex_note(word, item)
        else:
            if before is not None and before.kind == "annex_title":
                shape(word.add_paragraph())
            self._paragraph(item)

    def _annex(self, item: Item, before: Item | None) -> None:
        """An enclosure begins a page of its own; so does an annex, by its label."""
        if item.kind == "annex_title" and before is not None and before.kind in {"annex_label", "annex_title"}:
            write_centred(self._word, item, landscape=self._landscape)
            return
        turned = self._turn(landscape=self._opens_wide(item))
        begin_annex(self._word, item if item.kind == "annex_label" else None, on_new_page=turned)
        if item.kind == "annex_title":
            write_centred(self._word, item, landscape=self._landscape)

    def _opens_wide(self, item: Item) -> bool:
        """Whether nothing but titles stands between the beginning of an annex and a wide table."""
        at = next(at for at, one in enumerate(self._items) if one is item)
        rest = self._items[at:]
        kinds = {"annex_label", "annex_title"}
        following = next((one for one in rest if one.kind not in kinds and not _is_line(one)), None)
        return following is not None and following.kind == "table" and columns_of(following) >= WIDE

    def _paragraph(self, item: Item) -> None:
        """A heading in its face; one that goes on in its line only up to its first stop."""
        if self._form == "minutes" and is_presence(item):
            write_presence(self._word, item)
            return
        if "\t" in item.text.strip():
            write_roster(self._word, item)
            return
        line = shape(self._word.add_paragraph(), first_chars=2.0)
        face = LEVELS.get(item.level, FANGSONG)
        for at, piece in enumerate(item.pieces):
            if item.kind == "heading":
                write_piece(self._word, line, piece, face, SIZES["三号"])
                continue
            head = _RUN_IN.match(piece.new) if at == 0 and item.level else None
            if head is None:
                write_piece(self._word, line, piece, FANGSONG, SIZES["三号"])
                continue
            write_piece(self._word, line, piece, face, SIZES["三号"], cut=head.end())
            write_piece(self._word, line, piece, FANGSONG, SIZES["三号"], cut=-head.end())

    def _table(self, item: Item) -> None:
        wide = columns_of(item) >= WIDE
        self._turn(landscape=wide)
        write_table(self._word, item, landscape=wide)
        shape(self._word.add_paragraph(), line_twips=240)

    def _turn(self, *, landscape: bool) -> bool:
        """Whether a section, and so a page, was begun."""
        if landscape == self._landscape:
            return False
        new_section(self._word, landscape=landscape)
        self._landscape = landscape
        return True


def _is_line(item: Item) -> bool:
    """填报单位：______ and the like between the title of an annex and its table."""
    return item.kind == "paragraph" and len(item.text.strip()) <= 30 and "。" not in item.text
