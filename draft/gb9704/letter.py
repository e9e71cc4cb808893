"""信函 and 纪要: first pages of their own (GB/T 9704 10.1, 10.3). The mark of a letter and its rules stand outside the
type area, so they live in header and footer of the first page. The double rules are two paragraphs each: which line of
a Word border is the thick one is read differently by different programs."""

from __future__ import annotations

from collections.abc import Sequence

import regex
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from draft.gb9704.letterhead import POINTS_A_MM, mark_size, write_mark
from draft.gb9704.marks import write_piece
from draft.gb9704.measures import (
    FANGSONG,
    FOOTER_MM,
    HEITI,
    LETTER_MARK_TOP_MM,
    LETTER_RULE_BOTTOM_MM,
    LETTER_RULE_MM,
    MARGINS_MM,
    MARK_TOP_MM,
    PAGE_MM,
    RED,
    RULE_GAP_MM,
    SIZES,
    TYPE_AREA_MM,
    XIAOBIAOSONG,
)
from draft.gb9704.word import dress, rule, shape
from draft.model import Item

_THICK, _THIN = 18, 6
"""Eighths of a point."""
_GAP_TWIPS = 40
_PRESENT = regex.compile(r"\s*(?P<label>(?:出席|请假|列席|缺席|记录)(?:人员|人)?[：:])")


def write_letter_head(word: WordFile, names: Sequence[str], number: str) -> None:
    """The mark without 文件; below the first double rule the number, flush right. The first page has no page number."""
    section = word.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance = Mm(LETTER_MARK_TOP_MM)
    _lower(word)
    mark = (names[0] if names else "") if len(names) != 2 else " ".join(names)
    size = mark_size(len(mark), TYPE_AREA_MM[0])
    header = section.first_page_header
    header.is_linked_to_previous = False
    line = shape(header.paragraphs[0], align=WD_ALIGN_PARAGRAPH.CENTER, line_twips=round(size * 1.15 * 20))
    dress(line.add_run(mark), XIAOBIAOSONG, size, colour=RED, spacing=0)
    _rules(header.add_paragraph(), header.add_paragraph(), (_THICK, _THIN), round(RULE_GAP_MM * POINTS_A_MM * 20))
    footer = section.first_page_footer
    footer.is_linked_to_previous = False
    _rules(footer.paragraphs[0], footer.add_paragraph(), (_THIN, _THICK), _GAP_TWIPS)
    shape(word.add_paragraph(), line_twips=round(SIZES["三号"] * 7 / 8 * 20))
    line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.RIGHT)
    dress(line.add_run(number), FANGSONG, SIZES["三号"])


def _lower(word: WordFile) -> None:
    """The second rule is nearer to the edge than page numbers are: footers go down, numbers stay where they were."""
    section = word.sections[0]
    section.footer_distance = Mm(LETTER_RULE_BOTTOM_MM)
    for footer in (section.footer, section.even_page_footer):
        shape(footer.add_paragraph(), line_twips=round((FOOTER_MM - LETTER_RULE_BOTTOM_MM) * POINTS_A_MM * 20))


def _rules(first: Paragraph, second: Paragraph, eighths: tuple[int, int], before: int) -> None:
    """170 mm wide, in the middle of the paper; `before`: twips from what stands above to the first line."""
    for line, height, thick in zip((first, second), (before, _GAP_TWIPS), eighths, strict=True):
        shape(line, align=WD_ALIGN_PARAGRAPH.LEFT, line_twips=height, size=1)
        side = (PAGE_MM[0] - LETTER_RULE_MM) / 2
        line.paragraph_format.left_indent = Mm(side - MARGINS_MM["left"])
        line.paragraph_format.right_indent = Mm(side - MARGINS_MM["right"])
        rule(line, "bottom", colour=RED, eighths=thick)


def write_minutes_head(word: WordFile, names: Sequence[str], number: str) -> None:
    """…纪要 in red, the number centred below it. Minutes are not sealed."""
    name = names[0] if names else ""
    mark = name if name.endswith("纪要") else f"{name}会议纪要" if not name.endswith("会议") else f"{name}纪要"
    write_mark(word, mark, MARK_TOP_MM)
    for _ in range(2):
        shape(word.add_paragraph())
    line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.CENTER)
    dress(line.add_run(number), FANGSONG, SIZES["三号"])
    rule(line, "bottom", colour=RED, eighths=8, space=round(RULE_GAP_MM * POINTS_A_MM))


def is_presence(item: Item) -> bool:
    """出席：…, 请假：…, 列席：… of minutes."""
    return item.kind == "paragraph" and bool(item.pieces) and _PRESENT.match(item.pieces[0].new) is not None


def write_presence(word: WordFile, item: Item) -> None:
    """The label in 黑体, two characters in; turn lines under the first name (10.3)."""
    match = _PRESENT.match(item.pieces[0].new)
    assert match is not None
    width = float(len(match["label"]))
    line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.LEFT, left_chars=2 + width, hanging_chars=width)
    write_piece(word, line, item.pieces[0], HEITI, SIZES["三号"], cut=match.end())
    write_piece(word, line, item.pieces[0], FANGSONG, SIZES["三号"], cut=-match.end())
    for piece in item.pieces[1:]:
        write_piece(word, line, piece, FANGSONG, SIZES["三号"])
