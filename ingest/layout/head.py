"""What stands around a document on a web page, in text copies: page metadata (索引号：…) and furniture (【打印】)."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from ingest.layout.attributes import Attributes, Pair, read_attributes
from ingest.layout.labels import BARS, BUTTONS, KEYS, LONE, NOISE, WEAK
from ingest.layout.lines import Line

_GLYPHS = regex.compile(r"[\ue000-\uf8ff]+")
"""Icons of web fonts."""

_BUTTON = regex.compile("|".join(f"(?:{one})" for one in BUTTONS))
_BAR = regex.compile("|".join(f"(?:{one})" for one in BARS))

_AROUND = regex.compile(r"[\s：:\[\]【】]+")
_COLUMN = regex.compile(r"\t|[ \u00a0]{2,}|\u3000")
_CELL = regex.compile(r"(?:(?!\t|[ \u00a0]{2}|\u3000).)+")
_LONGEST_LABEL = 20

REACH = 60
"""Lines from the top within which page metadata may stand."""

UNDER_TITLE = 12
"""Lines from the top within which the title stands, and the page's date below it."""


def is_furniture(text: str) -> bool:
    """A line of nothing but buttons and counters of a web page."""
    if len(text) > 200:
        return False
    if _BAR.fullmatch(text):
        return True
    if len(text) > 60:
        return False
    words = _GLYPHS.sub(" ", text).split()
    if len(words) <= 1:
        return bool(words) and _BUTTON.fullmatch(words[0]) is not None
    buttons = sum(1 for word in words if _BUTTON.fullmatch(word))
    # The name of the site may stand before the buttons.
    return buttons == len(words) or buttons >= max(2, len(words) - 1) or _BUTTON.fullmatch("".join(words)) is not None


def find_meta(lines: Sequence[Line], at: int, *, under_title: bool) -> tuple[list[Pair], int] | None:
    """Pairs that begin with line `at` and how many lines they took. A label alone on its line takes the next line
    for its value, unless that is a label too. `under_title`: the title stands close above, so a lone date with
    its time of day is the page's."""
    stacked = _stacked(lines, at)
    if stacked is not None:
        return stacked
    found: list[Attributes] = []
    pairs: list[Pair] = []
    end = at
    while end < len(lines):
        line = lines[end]
        one = read_attributes(line.text, line.start)
        if one is None or (one.is_lone_date and not (pairs or (one.timed and under_title))):
            break
        end += 1
        found.append(one)
        pairs += one.pairs
        last = pairs[-1]
        if last.value[0] == last.value[1] and end < len(lines) and _is_value(lines[end], line):
            pairs[-1] = Pair(last.key, last.label, (lines[end].start, lines[end].end))
            end += 1
    if not _tells_of_page(found):
        return None
    return [pair for pair in pairs if pair.key not in NOISE], end - at


def _tells_of_page(found: Sequence[Attributes]) -> bool:
    keys = frozenset(key for one in found for key in one.keys) - NOISE
    if not keys:
        return False
    if keys & LONE or len(keys - WEAK) >= 2:
        return True
    return any(one.noise for one in found)


def _is_value(line: Line, label: Line) -> bool:
    if line.gap or not line.text or len(line.text) > 200 or is_furniture(line.text):
        return False
    found = read_attributes(line.text, 0)
    if found is not None and not found.is_lone_date:
        return False
    return line.indent > 0 or label.indent > 0


def label_of(text: str) -> str | None:
    """The key when the text is a label of page metadata and nothing else, with or without its colon."""
    if len(text) > _LONGEST_LABEL:
        return None
    key = _AROUND.sub("", text)
    return key if key in KEYS else None


def _stacked(lines: Sequence[Line], at: int) -> tuple[list[Pair], int] | None:
    """Labels without colons: each on the line above its value, or before it and a wide blank. Sure when three stand
    together, or two and one of them is found on pages only."""
    pairs: list[Pair] = []
    end = at
    while end < len(lines):
        taken = _in_columns(lines[end]) or _on_two_lines(lines, end)
        if not taken:
            break
        pairs += taken
        end += 1 if taken[-1].value[1] <= lines[end].end else 2
    keys = {pair.key for pair in pairs}
    sure = len(keys) >= 3 or (len(keys) == 2 and keys & LONE)
    return (pairs, end - at) if sure else None


def _on_two_lines(lines: Sequence[Line], at: int) -> list[Pair]:
    line = lines[at]
    key = label_of(line.text)
    if key is None or line.text[-1] in "：:" or at + 1 >= len(lines):
        return []
    value = lines[at + 1]
    if label_of(value.text) or not value.text or len(value.text) > 200 or value.gap > 1:
        return []
    return [Pair(key, (line.start, line.end), (value.start, value.end))]


def _in_columns(line: Line) -> list[Pair]:
    """`索引号　000/2024-1　文号　无`: labels and values by turns."""
    if len(line.text) > 300 or label_of(_COLUMN.split(line.text, 1)[0]) is None:
        return []
    cells = [match.span() for match in _CELL.finditer(line.text)]
    if len(cells) % 2 or not cells:
        return []
    pairs: list[Pair] = []
    for label, value in zip(cells[::2], cells[1::2], strict=True):
        key = label_of(line.text[slice(*label)])
        if key is None or label_of(line.text[slice(*value)]) or line.text[label[1] - 1] in "：:":
            return []
        span = (line.start + value[0], line.start + value[1])
        pairs.append(Pair(key, (line.start + label[0], line.start + label[1]), span))
    return pairs
