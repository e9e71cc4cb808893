"""Document numbers as people type them, and the keys they are found by (`agency|year|serial`)."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from index.analysis import flat

_TAIL = "字发函办令通电纪府政厅委规会普组综"
"""Without brackets a code must end like one: 云科协字2021 14 is a number, 会议室2021 14 is not."""

_YEAR = r"(?P<year>(?:1\s?9|2\s?0)\s?\d\s?\d)"
_SERIAL = r"(?:第\s*)?(?P<serial>\d(?:\s?\d){0,4})"
_AGENCY = r"(?P<agency>\p{Han}{1,20}(?:（\p{Han}{1,4}）\p{Han}{0,4})?)"
_SHAPES = tuple(
    regex.compile(shape)
    for shape in (
        rf"(?:{_AGENCY}(?:(?<=[{_TAIL}])\s+)?)?[〔（〈《<{{]\s*{_YEAR}\s*年?\s*[〕）〉》>}}]\s*{_SERIAL}\s*号?",
        rf"(?:{_AGENCY}(?:(?<=[{_TAIL}])\s+)?)?{_YEAR}\s*年\s*{_SERIAL}\s*号",
        rf"{_AGENCY}(?<=[{_TAIL}])\s*{_YEAR}\s*年?\s*{_SERIAL}\s*号?",
    )
)
_GLUED = regex.compile(r".*(?:根据|依据|按照|贯彻|落实|执行|转发|印发|关于|详见|参见|文号|字号|废止|引用)")


@dataclass(frozen=True, slots=True, order=True)
class NumberKey:
    """A number to look for; agency '' means any. It finds every key whose agency ends with this one, because a
    number cited in a sentence may have words of the sentence glued in front."""

    agency: str
    year: int
    serial: int

    @property
    def tail(self) -> str:
        return f"{self.year}|{self.serial}"

    def fits(self, key: str) -> bool:
        agency, _, tail = key.partition("|")
        return tail == self.tail and agency.endswith(self.agency)

    def __str__(self) -> str:
        return f"{self.agency}〔{self.year}〕{self.serial}号"


def typed_number(text: str) -> NumberKey | None:
    """The number when the whole text is one, in any spelling; words glued in front of the code are cut off."""
    folded = flat(text).strip()
    for shape in _SHAPES:
        match = shape.fullmatch(folded, timeout=0.2)
        if match is None:
            continue
        agency = "".join((match["agency"] or "").split())
        agency = _GLUED.sub("", agency) or agency
        serial = int("".join(match["serial"].split()))
        return NumberKey(agency, int("".join(match["year"].split())), serial) if serial else None
    return None
