"""What stands around a document on a web page, in text copies: page metadata (索引号：…) and furniture (【打印】)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from ingest.layout.labels import BARS, BUTTONS, KEYS, LONE, NOISE
from ingest.layout.lines import Line

_NAMES = sorted(KEYS | NOISE, key=lambda name: (-len(name), name))
_PAIR = regex.compile(
    r"(?<![\p{Han}A-Za-z])(?P<label>"
    + "|".join(r"[ \u3000\u00a0]{0,6}".join(name) for name in _NAMES)
    + r")[ \u3000\u00a0]{0,2}[：:]"
)
_GLYPHS = regex.compile(r"[\ue000-\uf8ff]+")
"""Icons of web fonts."""

_BUTTON = regex.compile("|".join(f"(?:{one})" for one in BUTTONS))
_BAR = regex.compile("|".join(f"(?:{one})" for one in BARS))

REACH = 60
"""Lines from the top within which page metadata may stand."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A label as printed (with its colon) and its value, both as spans."""

    key: str
    label: tuple[int, int]
    value: tuple[int, int]


def is_furniture(text: str) -> bool:
    """A line of nothing but buttons and counters of a web page."""
    if len(text) > 200:
        return False
    if _BAR.fullmatch(text):
        return True
    words = _GLYPHS.sub(" ", text).split()
    if not words or len(text) > 60:
        return False
    buttons = sum(1 for word in words if _BUTTON.fullmatch(word))
    # The name of the site may stand before the buttons.
    return buttons == len(words) or buttons >= max(2, len(words) - 1) or _BUTTON.fullmatch("".join(words)) is not None


def find_meta(lines: Sequence[Line], at: int) -> tuple[list[Pair], int] | None:
    """Pairs that begin with line `at` and how many lines they took. A label alone on its line takes the next line
    for its value, unless that is a label too."""
    pairs: list[Pair] = []
    end = at
    while end < len(lines) and end < REACH:
        line = lines[end]
        found = _pairs(line)
        if not found:
            break
        end += 1
        last = found[-1]
        if last.value[0] == last.value[1] and end < len(lines) and _is_value(lines[end], line):
            found[-1] = Pair(last.key, last.label, (lines[end].start, lines[end].end))
            end += 1
        pairs += found
    kept = [pair for pair in pairs if pair.key not in NOISE]
    if len({pair.key for pair in kept}) >= 2 or any(pair.key in LONE for pair in kept):
        return kept, end - at
    return None


def _pairs(line: Line) -> list[Pair]:
    """The pairs of a line that begins with a label; labels inside count after a blank only."""
    text = line.text
    if len(text) > 300:
        return []
    matches = [match for match in _PAIR.finditer(text) if match.start() == 0 or text[match.start() - 1].isspace()]
    if not matches or matches[0].start() != 0:
        return []
    out: list[Pair] = []
    for index, match in enumerate(matches):
        stop = matches[index + 1].start() if index + 1 < len(matches) else len(line.text)
        body = line.text[match.end() : stop]
        first = match.end() + len(body) - len(body.lstrip())
        last = first + len(body.strip())
        key = regex.sub(r"\s+", "", match["label"])
        label = (line.start + match.start(), line.start + match.end())
        out.append(Pair(key, label, (line.start + first, line.start + max(first, last))))
    return out


def _is_value(line: Line, label: Line) -> bool:
    if line.gap or _pairs(line) or not line.text or len(line.text) > 200 or is_furniture(line.text):
        return False
    return line.indent > 0 or label.indent > 0
