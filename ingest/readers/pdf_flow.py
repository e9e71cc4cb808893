"""Pages to running text: page numbers and running heads taken out, printed lines joined into paragraphs.

A line goes on in the next one when it reaches the right edge of the text and the next one begins at its left edge:
officially laid out pages are justified, and first lines stand two characters in (GB/T 9704).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from ingest.layout.shapes import begins_anew, is_page_number
from ingest.readers.pdf_model import Grid, Line, Page
from ingest.readers.pdf_tables import join_grids

_SAME_WIDTH = 12.0
# Compiled when the module is loaded: what a child compiles is lost with it.
_DIGITS = regex.compile(r"[\d\s]+")
_HAN = regex.compile(r"\p{Han}")
_FLUSH = regex.compile(r"附\s*件\s*\d{0,2}\s*[：:]?\s*\Z|抄\s*送")
_LATIN = regex.compile(r"[A-Za-z0-9]")
_LETTER = regex.compile(r"[A-Za-z]")
_WORD_END = regex.compile(r"[A-Za-z,;]")
_EDGE_ZONE = 0.12
"""Share of the page height at top and bottom where page numbers and running heads stand."""
_BARE_NUMBER = regex.compile(r"(?:[—–―－─━一_\-·.\s]{0,8}\d{1,4}[—–―－─━一_\-·.\s]{0,8}|\d{1,4}\s*/\s*\d{1,4})")
_BROWSER = regex.compile(
    r"(?:https?|file)://\S{1,300}(?:\s+\d{1,4}/\d{1,4})?|\d{1,4}/\d{1,2}/\d{1,4},?\s+\d{1,2}:\d{2}(?:\s*[AP]M)?(?:\s.{0,120})?"
)
"""What a browser prints above and below a page: address and page, date and title."""
_ENDS = tuple("。；！？：”」』）")
_SIGNED = 8.0
"""Ems from the left edge; labels under which a list hangs (附件：1.) take five."""


@dataclass(slots=True)
class Paragraph:
    lines: list[Line] = field(default_factory=list)
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """The type area of pages of one size."""

    left: float
    right: float
    leading: float
    bottom: float
    width: float
    size: float


Flow = Paragraph | Grid


def take_margins(pages: Sequence[Page]) -> None:
    """Move page numbers and running heads from each page's pieces to its margin."""
    heads = _running(pages, top=True)
    feet = _running(pages, top=False)
    for page in pages:
        for top in (True, False):
            while (line := _outermost(page, top)) is not None:
                if not (_is_number(line.text) or _mark(line) in (heads if top else feet)):
                    break
                page.pieces = [piece for piece in page.pieces if piece is not line]
                page.margin.append(line)


def _outermost(page: Page, top: bool) -> Line | None:
    """The first or last line of the page when it stands in the margin zone and on no table."""
    lines = [piece for piece in page.pieces if isinstance(piece, Line)]
    if not lines:
        return None
    if top:
        line = min(lines, key=lambda one: one.top)
        return line if line.bottom < _EDGE_ZONE * page.height else None
    line = max(lines, key=lambda one: one.bottom)
    return line if line.top > (1 - _EDGE_ZONE) * page.height else None


def _is_number(text: str) -> bool:
    return is_page_number(text) or any(one.fullmatch(text) for one in (_BARE_NUMBER, _BROWSER))


def _mark(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("", line.text), round(line.top / 4)


def _running(pages: Sequence[Page], top: bool) -> set[tuple[str, int]]:
    """What stands at the same height with the same words on half of the pages, three at the least."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        zone = _EDGE_ZONE * page.height
        lines = [piece for piece in page.pieces if isinstance(piece, Line)]
        near = [one for one in lines if (one.bottom < zone if top else one.top > page.height - zone)]
        seen.update({_mark(one) for one in near})
    return {mark for mark, count in seen.items() if mark[0] and count >= max(3, len(pages) / 2)}


def measures(pages: Sequence[Page]) -> dict[int, Measure]:
    """By page number: where lines of pages of its width mostly begin and how far they reach."""
    groups: list[list[Page]] = []
    for page in sorted(pages, key=lambda one: one.width):
        # Scanned sheets of one format differ by some points.
        if groups and page.width - groups[-1][-1].width <= _SAME_WIDTH:
            groups[-1].append(page)
        else:
            groups.append([page])
    return {page.number: one for group in groups for one in [_measure(group)] for page in group}


def _measure(pages: Sequence[Page]) -> Measure:
    width = pages[0].width
    lines = [piece for page in pages for piece in page.pieces if isinstance(piece, Line)]
    long = [line for line in lines if line.x1 - line.x0 > 0.45 * width] or lines
    if not long:
        return Measure(0, width, 20, 0, width, 10)
    bottom = max(line.bottom for line in lines)
    # Specks at the margin are no lines; names in columns say nothing of the type area either.
    left = _left([line.x0 for line in lines if len(line.text) >= 6] or [line.x0 for line in long])
    right = _right([line.x1 for line in long])
    steps = [
        two.top - one.top
        for page in pages
        for one, two in zip(page.pieces, page.pieces[1:], strict=False)
        if isinstance(one, Line) and isinstance(two, Line) and 0 < two.top - one.top < 4 * one.size
    ]
    leading = sorted(steps)[len(steps) // 2] if steps else 2.0 * long[0].size
    sizes = sorted(line.size for line in long)
    return Measure(left, right, leading, bottom, width, sizes[len(sizes) // 2])


def _near(values: list[float]) -> dict[int, int]:
    """How many values lie about each step of four points."""
    counted = Counter(round(value / 4) for value in values)
    return {step: counted[step - 1] + count + counted[step + 1] for step, count in counted.items()}


def _left(values: list[float]) -> float:
    """The outermost place where several lines begin: most lines may well be first lines, two characters in."""
    common = [step for step, count in _near(values).items() if count >= max(2, len(values) // 25)]
    return 4.0 * min(common) if common else min(values)


def _right(values: list[float]) -> float:
    """Where most long lines end when a quarter of them agree, else the outermost place that several share. The
    outermost alone would not do: text layers of scans let some lines hang out by ems."""
    near = _near(values)
    most = max(near.values())
    if most >= max(3, len(values) / 4):
        return 4.0 * max(step for step, count in near.items() if count == most)
    common = [step for step, count in near.items() if count >= max(2, len(values) // 12)]
    return 4.0 * max(common) if common else max(values)


def flow(pages: Sequence[Page]) -> list[Flow]:
    """Paragraphs and tables of all pages in order."""
    found = measures(pages)
    out: list[Flow] = []
    for page in pages:
        measure = found[page.number]
        for at, piece in enumerate(page.pieces):
            last = out[-1] if out else None
            if isinstance(piece, Grid):
                if not (at == 0 and isinstance(last, Grid) and join_grids(last, piece)):
                    out.append(piece)
                continue
            if _is_speck(piece, measure):
                page.margin.append(piece)
            elif isinstance(last, Paragraph) and _goes_on(last, piece, measure):
                last.lines.append(piece)
            else:
                out.append(Paragraph([piece], _is_centred(piece, measure)))
    return out


def _is_speck(line: Line, measure: Measure) -> bool:
    """One or two marks wholly beside the type area: what a text layer makes of stains and punch holes."""
    if len(line.text) > 2 or _HAN.search(line.text):
        return False
    return line.x1 < measure.left - line.size or line.x0 > measure.right + 4 * line.size


def _is_centred(line: Line, measure: Measure) -> bool:
    middle = (line.x0 + line.x1) / 2
    off = min(abs(middle - (measure.left + measure.right) / 2), abs(middle - measure.width / 2))
    indent = line.x0 - measure.left
    # A first line, two characters in, may happen to end two characters before the edge.
    is_set_in = line.size < 1.2 * measure.size and abs(indent - 2 * line.size) < 0.5 * line.size
    if is_set_in and (line.text.endswith(("。", "；", "：")) or measure.right - line.x1 < 2.5 * line.size):
        return False
    return (
        off < 0.8 * line.size
        and measure.right - line.x1 > 1.0 * line.size
        and indent > 1.0 * line.size
    )


def _goes_on(paragraph: Paragraph, line: Line, measure: Measure) -> bool:
    last = paragraph.lines[-1]
    em = max(last.size, 6.0)
    if paragraph.centred or abs(line.size - last.size) > 0.15 * em:
        return False
    if line.page == last.page:
        if not 0.3 * em < line.top - last.top < 1.45 * max(measure.leading, 1.2 * em):
            return False
    elif line.page != last.page + 1 or last.bottom < measure.bottom - 3.5 * measure.leading:
        return False  # a page left half empty ends its last paragraph
    # Without lines across the page there is no telling a full line from a short one: a list of names.
    if measure.right - measure.left < 0.45 * measure.width:
        return False
    if measure.right - last.x1 > (1.6 + needed(line.text)) * em and not _is_broken_word(last.text, line.text):
        return False
    left = _edge(paragraph, line, measure)
    if abs(line.x0 - left) > 0.9 * em and not _hangs(paragraph, line, measure):
        return False
    # What begins far to the right is a signature or its date: the next line at the left edge is another matter.
    if len(paragraph.lines) == 1 and last.x0 - left > _SIGNED * em and abs(line.x0 - left) < 0.9 * em:
        return False
    # A full line with a full stop, and the next one no further out than it: as likely two paragraphs as one.
    if len(paragraph.lines) == 1 and abs(line.x0 - last.x0) < 0.5 * em and last.text.endswith(_ENDS):
        return False
    if _FLUSH.match(line.text) or last.text.endswith("印发"):
        return False
    # Where first lines are set in, a line that is not goes on, whatever its words look like.
    if paragraph.lines[0].x0 - left > 1.2 * em and abs(line.x0 - left) < 0.9 * em:
        return not (last.text.endswith(("：", "。")) and begins_anew(line.text))
    return not (begins_anew(line.text) and _may_end(last.text))


def _edge(paragraph: Paragraph, line: Line, measure: Measure) -> float:
    """Where this line begins when it goes on: the left edge of the text. Where all long lines are first lines, only
    their short second lines stand at it, two characters further out."""
    first = paragraph.lines[0]
    is_out = abs(first.x0 - 2 * first.size - line.x0) < 0.3 * first.size
    return line.x0 if is_out and abs(first.x0 - measure.left) < 0.5 * first.size else measure.left


def _hangs(paragraph: Paragraph, line: Line, measure: Measure) -> bool:
    """Whether the line stands deeper than the first one because it goes on with it: 抄送 and annex lists hang under
    their label, the second line of a title is shorter than the first. Names of signers stand at the right edge, each
    deeper than a longer one before it, and go on with nothing."""
    last = paragraph.lines[-1]
    em = max(last.size, 6.0)
    if last.x0 > measure.left + 6 * em or paragraph.lines[0].x0 > measure.left + 2.5 * em:
        return False
    if len(paragraph.lines) > 1:
        return abs(line.x0 - last.x0) < 0.5 * em
    return line.x0 > last.x0 + 0.9 * em and not last.text.endswith(_ENDS) and not begins_anew(line.text)


def _may_end(text: str) -> bool:
    return text.endswith(_ENDS) or len(text) < 12


_OPENING = regex.compile(r"[（《“‘〔【「]+")
_WORD = regex.compile(r"(?:\p{Han}[，、；：])?[A-Za-z0-9.,:/@_%-]+(?:[、，][0-9]+)*")


def needed(text: str) -> float:
    """Ems beyond one character that the start of a line needs on the line before: a word or number is not broken, a
    line does not begin with a closing mark nor end with an opening one."""
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    word = _WORD.match(text, start)
    end = word.end() if word else start + 1
    taken = start + (0.55 * min(30, end - start) if word else 0.0)
    return taken + (1.0 if text[end : end + 1] and text[end] in "、，。；：！？）》”’〕】」" else 0.0)


def _is_broken_word(before: str, after: str) -> bool:
    """A number or address broken after its hyphen or slash, wherever that is on the line."""
    return before[-1:] in "-/@" and _LATIN.match(before[-2:-1]) is not None and _LATIN.match(after) is not None


def glue(before: str, after: str) -> str:
    """What stands between two printed lines of one paragraph: a blank between Latin words, else nothing."""
    return " " if _WORD_END.match(before[-1:]) and _LETTER.match(after) else ""
