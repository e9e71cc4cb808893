"""One page: characters to lines and table cells, in the order a reader reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from ingest.readers.pdf_model import Char, Grid, GridCell, Line, Page, Piece, RawLine, RawPage
from ingest.readers.pdf_tables import Locator, find_grids
from ingest.safety import clean_text

_CJK = regex.compile(r"[\p{Han}，。、；：？！“”‘’（）《》〔〕【】—…·]")
_WIDE_GAP = 1.5
"""A gap from so many ems parts columns of a line: two blanks instead of one."""
_SPECK = 4.5
_GUESS, _LONE_GUESS = 0.5, 0.75
"""On the scans of tests.bench.bench_ocr and a real one no line of print had less than .7, specks .1 to .4."""
_HAN = regex.compile(r"\p{Han}")
_HAIR_GAP = 0.24
"""A blank of a Latin font between Han characters (0.25 em)."""
_THIN_GAP = 0.35
"""A gap below so many ems between Han characters is justification, not a space."""


def lay_page(raw: RawPage) -> Page:
    grids = find_grids(raw.edges, raw.number)
    locator = Locator(grids)
    page = Page(raw.number, raw.width, raw.height, pictured=raw.pictured, sheet=raw.sheet)
    page.blank = not any(char.text.strip() for line in raw.lines if not line.aside for char in line.chars)
    placed: set[int] = set()
    for line in _untangled([part for whole in raw.lines for part in _by_size(whole)]):
        if line.slanted or line.aside:
            page.margin += _whole(line, raw.number)
            continue
        for where, chars in _parts(line.chars, locator if grids else None):
            made = _printed(chars, line, raw.number)
            if made is None:
                continue
            if where is None:
                # Specks that a text layer or OCR makes of a seal or a stain are no part of the text.
                (page.margin if made.height < _SPECK or _is_guess(made) else page.pieces).append(made)
                continue
            grid, cell = where
            cell.lines.append(made)
            if id(grid) not in placed:
                placed.add(id(grid))
                page.pieces.append(grid)
    for grid in grids:
        for cell in grid.cells:
            cell.lines = join_bands(cell.lines)
    page.pieces = _joined(_ordered(page.pieces, raw.width))
    return page


def _by_size(line: RawLine) -> list[RawLine]:
    """A line cut where, after a gap, the type is of another size altogether: 文件 beside the names of a letterhead."""
    parts = [replace(line, chars=[])]
    last: Char | None = None
    for char in line.chars:
        if char.text.strip():
            if last is not None and char.x0 - last.x1 > line.size:
                tall, low = char.bottom - char.top, last.bottom - last.top
                if max(tall, low) > 1.4 * min(tall, low) > 0:
                    parts.append(replace(line, chars=[], size=round(parts[-1].size * tall / low, 1)))
            last = char
        parts[-1].chars.append(char)
    return parts


def _untangled(lines: Sequence[RawLine]) -> list[RawLine]:
    """Lines with their characters from left to right. A change of font within a line (quotation marks, most often)
    makes word processors write its parts out of order, and PDFium then gives them at the end or as a line apart."""
    out: list[RawLine] = []
    for line in lines:
        inked = [char for char in line.chars if char.text.strip()]
        last = out[-1] if out else None
        if last is not None and _is_interleaved(last, line, inked):
            last.chars = _by_x([*last.chars, *line.chars], last.size)
            continue
        goes_back = any(two.x0 < one.x0 - 0.5 * line.size for one, two in pairwise(inked))
        if goes_back and not line.slanted and _is_level(inked, line.size):
            line.chars = _by_x(line.chars, line.size)
        out.append(line)
    return out


def _is_interleaved(last: RawLine, line: RawLine, inked: list[Char]) -> bool:
    before = [char for char in last.chars if char.text.strip()]
    if last.slanted or line.slanted or last.aside != line.aside:
        return False
    if not before or not inked or not _is_level([*before, *inked], last.size):
        return False
    return min(char.x0 for char in inked) < max(char.x0 for char in before) and not any(
        one.x0 < (two.x0 + two.x1) / 2 < one.x1 for one in before for two in inked
    )


def _is_level(chars: Sequence[Char], size: float) -> bool:
    """All on one baseline; lines of a turned page run down it and are not."""
    middles = [(char.top + char.bottom) / 2 for char in chars]
    return bool(middles) and max(middles) - min(middles) < 0.5 * size


def _by_x(chars: Sequence[Char], size: float) -> list[Char]:
    """From left to right, the spaces of gaps made anew."""
    out: list[Char] = []
    for char in sorted((one for one in chars if not one.made), key=lambda one: one.x0):
        if out and char.x0 - out[-1].x1 > _THIN_GAP * size and out[-1].text.strip() and char.text.strip():
            out.append(Char(" ", out[-1].x1, char.top, char.x0, char.bottom, made=True))
        out.append(char)
    return out


def _whole(line: RawLine, page: int) -> list[Line]:
    made = _printed(line.chars, line, page)
    return [] if made is None else [made]


def _parts(
    chars: Sequence[Char], locator: Locator | None
) -> list[tuple[tuple[Grid, GridCell] | None, list[Char]]]:
    """A line cut where it passes from one cell to another. A space goes with the character before it."""
    if locator is None:
        return [(None, list(chars))]
    out: list[tuple[tuple[Grid, GridCell] | None, list[Char]]] = []
    for char in chars:
        if not char.text.strip() and out:
            out[-1][1].append(char)
            continue
        where = locator.find((char.x0 + char.x1) / 2, (char.top + char.bottom) / 2)
        if out and _same(out[-1][0], where):
            out[-1][1].append(char)
        else:
            out.append((where, [char]))
    return out


def _same(one: tuple[Grid, GridCell] | None, two: tuple[Grid, GridCell] | None) -> bool:
    if one is None or two is None:
        return one is two
    return one[1] is two[1]


def _printed(chars: Sequence[Char], line: RawLine, page: int) -> Line | None:
    """The characters as a line, its box that of its ink; None when there is none."""
    inked = [char for char in chars if char.text.strip()]
    if not inked:
        return None
    spelled = _spelled(chars, line.size)
    text = clean_text("".join(part for part, _ in spelled)).strip()
    if not text:
        return None
    return Line(
        text, page, min(char.x0 for char in inked), min(char.top for char in inked),
        max(char.x1 for char in inked), max(char.bottom for char in inked), line.size, line.bold,
        line.score, *_traced(spelled, text),
    )  # fmt: skip


def _traced(spelled: Sequence[tuple[str, Char]], text: str) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Where the characters of the text begin and where the last one ends, and which are weak. Cleaning may have taken
    some away, and the blanks at both ends."""
    edges: list[float] = []
    weak: list[int] = []
    last: Char | None = None
    for part, told in spelled:
        # A gap belongs to the blank in it; where PDFium's own blanks stand it does not say on turned pages.
        char = told
        if last is not None and not told.text.strip():
            char = told._replace(x0=last.x1, x1=max(told.x1, last.x1))
        for at, sign in enumerate(part):
            if len(edges) < len(text) and sign == text[len(edges)]:
                if char.weak:
                    weak.append(len(edges))
                edges.append(char.x0 + (char.x1 - char.x0) * at / len(part))
                last = char
    if last is None or len(edges) < len(text):
        return (), ()
    return (*edges, last.x1), tuple(weak)


def _is_guess(line: Line) -> bool:
    """A mark or two of which OCR can make nothing: punch holes, dirt, the rim of a seal."""
    if line.score is None:
        return False
    signs = len("".join(line.text.split()))
    return line.score < (_LONE_GUESS if signs < 3 else _GUESS) and signs <= 3


def _is_stretched(chars: Sequence[Char], size: float) -> bool:
    """Whether blanks stand between most neighbouring Han characters: a line stretched to its edges, or a spaced
    heading, neither of which has these blanks as signs."""
    gaps = pairs = 0
    last: Char | None = None
    between = False
    for char in chars:
        if char.made:
            between = True
            continue
        if last is not None and _CJK.match(last.text) and _CJK.match(char.text):
            if char.x0 - last.x1 >= _WIDE_GAP * size:
                return False
            pairs += 1
            gaps += between
        last, between = char, False
    return pairs >= 6 and gaps > 0.6 * pairs


def _spelled(chars: Sequence[Char], size: float) -> list[tuple[str, Char]]:
    """What each character stands for in the text: gaps are one blank, two or none."""
    thin = _WIDE_GAP if _is_stretched(chars, size) else _THIN_GAP
    lone = _HAIR_GAP if _has_lone_gaps(chars) else thin
    out: list[tuple[str, Char]] = []
    for at, char in enumerate(chars):
        if not char.made:
            out.append((" " if char.text in "\t\n\r" else char.text, char))
            continue
        before = chars[at - 1] if at else None
        after = chars[at + 1] if at + 1 < len(chars) else None
        if before is None or after is None:
            continue
        gap = after.x0 - before.x1
        if gap >= _WIDE_GAP * size:
            out.append(("  ", char))
        elif gap >= (lone if _are_han(before, after) else thin) * size or not _are_cjk(before, after):
            out.append((" ", char))
    return out


def _has_lone_gaps(chars: Sequence[Char]) -> bool:
    """A gap or two in a line that is otherwise tight: blanks of the print, not of justification."""
    made = sum(1 for char in chars if char.made)
    return made <= 2 and len(chars) - made >= (5 if made == 1 else 8)


def _are_cjk(before: Char, after: Char) -> bool:
    return _CJK.match(before.text) is not None and _CJK.match(after.text) is not None


def _are_han(before: Char, after: Char) -> bool:
    return _HAN.match(before.text) is not None and _HAN.match(after.text) is not None


def _box(piece: Piece) -> tuple[float, float, float, float]:
    if isinstance(piece, Grid):
        return piece.columns[0], piece.top, piece.columns[-1], piece.bottom
    return piece.x0, piece.top, piece.x1, piece.bottom


def _ordered(pieces: list[Piece], width: float) -> list[Piece]:
    """File order where it runs down the page (or down one column and then the next); else by place."""
    start = 0
    for at in range(1, len(pieces) + 1):
        if at < len(pieces) and not _climbs(pieces[at - 1], pieces[at]):
            continue
        if at < len(pieces) and not _is_next_column(pieces[start:at], pieces[at:], width):
            return _by_place(pieces)
        start = at
    return pieces


def _climbs(one: Piece, two: Piece) -> bool:
    """Whether `two` stands higher than `one`, by more than a raised sign does."""
    _, top, _, bottom = _box(one)
    _, next_top, _, next_bottom = _box(two)
    return (next_top + next_bottom) / 2 < top or (next_bottom < bottom - 0.5 * (bottom - top) and next_top < top)


def _is_next_column(before: Sequence[Piece], after: Sequence[Piece], width: float) -> bool:
    """After a climb: is everything up to the next climb to the right of what came before? Two columns need room."""
    run = [after[0]]
    for piece in after[1:]:
        if _climbs(run[-1], piece):
            break
        run.append(piece)
    if len(before) < 3 or len(run) < 3:
        return False
    # Heads that span both columns stand above and are no hindrance.
    level = min(_box(piece)[1] for piece in run)
    beside = [_box(piece)[2] for piece in before if _box(piece)[3] > level]
    return bool(beside) and min(_box(piece)[0] for piece in run) > max(beside) and max(beside) < 0.7 * width


def _by_place(pieces: list[Piece]) -> list[Piece]:
    """By bands of one height, in a band from the left."""
    bands: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: (_box(one)[1] + _box(one)[3]) / 2):
        _, top, _, bottom = _box(piece)
        if bands:
            _, last_top, _, last_bottom = _box(bands[-1][0])
            overlap = min(bottom, last_bottom) - max(top, last_top)
            if overlap > 0.5 * min(bottom - top, last_bottom - last_top):
                bands[-1].append(piece)
                continue
        bands.append([piece])
    return [piece for band in bands for piece in sorted(band, key=lambda one: _box(one)[0])]


def _joined(pieces: list[Piece]) -> list[Piece]:
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if isinstance(piece, Line) and isinstance(last, Line) and _is_beside(last, piece):
            out[-1] = _beside(last, piece)
        else:
            out.append(piece)
    return out


def join_bands(lines: list[Line]) -> list[Line]:
    """Lines from the top; parts that stand side by side as one line."""
    ordered = _by_place(list(lines))
    return [piece for piece in _joined(ordered) if isinstance(piece, Line)]


def _is_beside(left: Line, right: Line) -> bool:
    overlap = min(left.bottom, right.bottom) - max(left.top, right.top)
    if max(left.size, right.size) > 1.4 * min(left.size, right.size):
        return False  # 文件 in large type stands beside the names of a joint letterhead
    return overlap > 0.6 * min(left.height, right.height) and right.x0 >= left.x1 - 0.3 * left.size


def _beside(left: Line, right: Line) -> Line:
    gap = right.x0 - left.x1
    size = max(left.size, right.size)
    blank = "  " if gap >= _WIDE_GAP * size else " " if gap >= _THIN_GAP * size else ""
    return Line(
        left.text + blank + right.text, left.page, left.x0, min(left.top, right.top), right.x1,
        max(left.bottom, right.bottom), left.size, left.bold, *_trust(left, right, len(blank)),
    )  # fmt: skip


def _trust(left: Line, right: Line, blanks: int) -> tuple[float | None, tuple[float, ...], tuple[int, ...]]:
    """Score, edges and weak characters of two lines with so many blanks between: the line is as doubtful as its worse
    part."""
    scores = [line.score for line in (left, right) if line.score is not None]
    weak = (*left.weak, *(len(left.text) + blanks + at for at in right.weak))
    if not left.edges or not right.edges:
        return min(scores, default=None), (), weak
    step = (right.edges[0] - left.edges[-1]) / max(1, blanks)
    between = tuple(left.edges[-1] + step * at for at in range(1, blanks))
    # With blanks the first of them begins where the left part ends.
    return min(scores, default=None), (*left.edges[: None if blanks else -1], *between, *right.edges), weak
