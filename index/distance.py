"""How far two words are apart: characters put in, left out, exchanged or turned round. An exchange costs less between
characters that sound alike (typed) or look alike (read by OCR: rules/vocab/lookalikes.yml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.settings import ROOT
from index.analysis import fold
from index.pinyin import rough, sound

_SAME_SOUND, _NEAR_SOUND, _SAME_LOOK, _TURNED = 0.4, 0.5, 0.5, 0.6
_FILE = ROOT / "rules" / "vocab" / "lookalikes.yml"


@dataclass(frozen=True, slots=True)
class Fit:
    """The part of a longer text that is nearest to a word."""

    cost: float
    text: str


def distance(one: str, other: str, most: float) -> float | None:
    """None when they are further apart than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[float] = []
    row = [float(at) for at in range(len(other) + 1)]
    for at, char in enumerate(one, 1):
        last, row = row, [float(at)]
        for place, there in enumerate(other, 1):
            best = min(last[place] + 1, row[-1] + 1, last[place - 1] + exchange(char, there))
            if at > 1 and place > 1 and char == other[place - 2] and one[at - 2] == there and char != there:
                best = min(best, before[place - 2] + _TURNED)
            row.append(best)
        if min(row) > most:
            return None
        before = last
    return row[-1] if row[-1] <= most else None


def fit(word: str, text: str, most: float) -> Fit | None:
    """Where in the text the word stands best, as a whole; None when nowhere near enough. It begins and ends with
    characters that are in the word or stand for one."""
    row: list[tuple[float, int]] = [(0.0, at) for at in range(len(text) + 1)]
    for at, char in enumerate(word, 1):
        last, row = row, [(float(at), 0)]
        for place, there in enumerate(text, 1):
            row.append(
                min(
                    (last[place - 1][0] + exchange(char, there), last[place - 1][1]),
                    (last[place][0] + 1, last[place][1]),
                    (row[-1][0] + 1, row[-1][1]),
                )
            )
        if min(row)[0] > most:
            return None
    cost, end = min((found[0], abs(place - found[1] - len(word)), place) for place, found in enumerate(row))[::2]
    start = row[end][1]
    if cost > most or end - start < 2:
        return None
    return Fit(cost, text[start:end])


@lru_cache(maxsize=65536)
def exchange(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if not one.isalpha() or not other.isalpha():
        return 1.0
    if sound(one) == sound(other):
        return _SAME_SOUND
    if rough(one) == rough(other):
        return _NEAR_SOUND
    return _SAME_LOOK if other in lookalikes().get(one, "") else 1.0


@cache
def lookalikes(path: Path = _FILE) -> dict[str, str]:
    """Each folded character → those it is taken for."""
    found = yamlio.load_file(path)
    groups = found.get("groups") if isinstance(found, dict) else None
    if not isinstance(groups, list) or not all(isinstance(one, str) for one in groups):
        raise RuleError(f"{path}: must have a list groups of characters")
    read: dict[str, str] = {}
    for group in map(fold, groups):
        for char in group:
            read[char] = read.get(char, "") + group.replace(char, "")
    return read
