"""Flags in the Word file: highlighted words, with a comment on what stood there, why it is asked and who says so."""

from __future__ import annotations

from docx.document import Document as WordFile
from docx.enum.text import WD_COLOR_INDEX
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from draft.changes import ACTS, KINDS, Change
from draft.gb9704.measures import Face
from draft.gb9704.word import dress
from draft.model import Piece

AUTHOR, INITIALS = "公文库", "库"
STANDS = "本稿："
"""Begins the line of a comment that holds the words as the draft had them: by it `finish` tells what is settled."""
WHOLE = "【整句】"


def write_piece(word: WordFile, line: Paragraph, piece: Piece, face: Face, size: float, cut: int | None = None) -> None:
    """The sentence with its flags. `cut`: only up to this character of the new text (a run-in heading); negative: only
    from there on."""
    at = 0
    first: Run | None = None
    for text, change in piece.runs():
        start, end = at, at + len(text)
        at = end
        if cut is not None and cut >= 0:
            text = text[: max(0, cut - start)]
        elif cut is not None:
            text = text[max(0, -cut - start) :]
        if not text:
            continue
        run = dress(line.add_run(text), face, size)
        first = first or run
        if change is not None and change.is_flagged:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            word.add_comment(run, told(change, piece), author=AUTHOR, initials=INITIALS)
    if piece.note and first is not None and (cut is None or cut >= 0):
        asked = f"{WHOLE}{piece.note}。\n{STANDS}{first.text}\n底稿：{_place(piece)}"
        word.add_comment(first, asked, author=AUTHOR, initials=INITIALS)


def told(change: Change, piece: Piece) -> str:
    """What the comment says."""
    lines = [f"【{KINDS[change.kind]}·{ACTS.get(change.act, change.act)}】{change.why}。", f"上年：{change.old}",
             f"{STANDS}{change.printed}"]  # fmt: skip
    if change.source:
        lines.append(f"依据：{change.source}")
    return "\n".join([*lines, f"底稿：{_place(piece)}"])


def _place(piece: Piece) -> str:
    page = f"第{piece.source.page}页" if piece.source.page else ""
    return f"{piece.source.name}{page}"
