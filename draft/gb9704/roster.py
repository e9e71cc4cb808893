"""Lines of a roster: role, name and post under one another, also where a line has no role of its own."""

from __future__ import annotations

import regex
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from draft.gb9704.marks import write_piece
from draft.gb9704.measures import FANGSONG, SIZES
from draft.gb9704.word import shape
from draft.model import Item

_ROLE = regex.compile(r"[^\t：:【]{1,12}[：:]")
_ROLE_CHARS, _NAME_CHARS, _POST_CHARS = 2.0, 6.5, 14.0
"""Where role, name and post begin, in characters; a gap to be filled is seven wide."""


def write_roster(word: WordFile, item: Item) -> None:
    """The post hangs under itself."""
    size = SIZES["三号"]
    line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.LEFT)
    begins = _ROLE_CHARS if _ROLE.match(item.text.strip()) else _NAME_CHARS
    form = line.paragraph_format
    form.left_indent = Pt(_POST_CHARS * size)
    form.first_line_indent = Pt((begins - _POST_CHARS) * size)
    for place in (_NAME_CHARS, _POST_CHARS):
        form.tab_stops.add_tab_stop(Pt(place * size))
    for piece in item.pieces:
        write_piece(word, line, piece, FANGSONG, size)
