"""Documents that arrive as one long line, their paragraphs parted by blanks only: cut where a paragraph may begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from ingest.layout.lines import Line
from ingest.layout.shapes import DATE, MARKER, NUMBER, TITLE_END, is_heading, is_label, is_prose

_LONG = 250
"""A line longer than this in a text of hardly any lines is a document, not a paragraph."""

_NAMES = 6
"""Names of a joint signature on one line at most."""
_FEW = 4
_REACH = 500
_GAP = regex.compile(r"\s+")
_WORD = regex.compile(r"[!-~]")
_HAN = regex.compile(r"\p{Han}")
_GOES_ON = regex.compile(r"\s?(?:[前起至到—\-，、。；]|以前|之前|以后)|（")
"""What follows a date that stands in a sentence."""

_SERIAL = regex.compile(r"\p{Han}{2,40}(?:公告|通告|令)(?:20\d\d年)?第\d{1,4}号")
_CLOSERS = "。！？；…”』）)】]"
_PHONE = regex.compile(r"\d{7,12}(?:[-—转*]\d{1,5})?\Z")


def cut_long(lines: Sequence[Line], text: str) -> list[Line]:
    """The lines, with those cut that hold a whole document. Only in texts of almost no line breaks."""
    if len(lines) > _FEW or not any(len(line.text) > _LONG for line in lines):
        return list(lines)
    out: list[Line] = []
    for line in lines:
        out += _cut(line) if len(line.text) > _LONG and "\t" not in line.text else [line]
    return out


def _cut(line: Line) -> list[Line]:
    tokens = [(match.start(), match.end()) for match in regex.finditer(r"\S+", line.text)]
    cuts = [0]
    for index in range(1, len(tokens)):
        if _is_break(line.text, tokens, index, cuts[-1]):
            cuts.append(index)
    out: list[Line] = []
    for first, after in zip(cuts, [*cuts[1:], len(tokens)], strict=True):
        start, end = tokens[first][0], tokens[after - 1][1]
        piece = replace(
            line, text=line.text[start:end], start=line.start + start, end=line.start + end, fixed=True,
            lead=line.lead if first == 0 else "", gap=line.gap if first == 0 else 0,
        )  # fmt: skip
        out.append(piece)
    return out


def _is_break(text: str, tokens: Sequence[tuple[int, int]], index: int, begun: int) -> bool:
    """Whether a paragraph begins with token `index`; the present one began with token `begun`."""
    start, end = tokens[index]
    before_end = tokens[index - 1][1]
    gap = text[before_end:start]
    last, first = text[before_end - 1], text[start]
    called = last.isdigit() and _PHONE.search(text[max(0, before_end - 20) : before_end]) is not None
    if called and _is_date_token(text[start : start + 40]):
        return True  # the day of signing behind a telephone number
    marked = MARKER.match(text, start) and ("\u3000" in gap or last in ")]")
    if _WORD.match(last) and _WORD.match(first) and not marked:
        return "\u3000\u3000" in gap
    wide = len(gap) >= 2 or "\u3000" in gap
    token = text[start : min(end, start + 60)]
    if wide and not _is_one_date(last, first):
        return True
    paragraph = _ends_of(text, tokens[begun][0], before_end)
    if last.isdigit() and _HAN.match(first) and not _stands_alone(paragraph):
        return is_heading(token) or (
            _PHONE.search(paragraph) is not None
            and (_begins_part(text, tokens, index, paragraph) or _leads_to_date(text, tokens, index))
        )
    if is_heading(token) or last in _CLOSERS:
        return True
    if last in "：:":
        return not _WORD.match(first)
    if _is_date_token(text[start : start + 40]) or NUMBER.fullmatch(token) or _stands_alone(paragraph):
        return True
    return _begins_part(text, tokens, index, paragraph) or _ends_part(paragraph, token)


def _ends_of(text: str, start: int, end: int) -> str:
    """The beginning and the end of a paragraph: enough to judge it, and not quadratic where nothing is cut."""
    if end - start <= 2 * _REACH:
        return text[start:end]
    return text[start : start + _REACH] + text[end - _REACH : end]


def _is_one_date(last: str, first: str) -> bool:
    """`2024 年`, `9月 5日`: the blank stands inside a date."""
    return (last.isdigit() and first in "年月日号") or (last in "年月" and first.isdigit())


def _begins_part(text: str, tokens: Sequence[tuple[int, int]], index: int, paragraph: str) -> bool:
    """A label, an annex note, or (after prose) a name with the date of the signature behind it."""
    start, end = tokens[index]
    token = text[start : min(end, start + 60)]
    if is_label(token) or token.startswith("附件"):
        return True
    return is_prose(paragraph) and _leads_to_date(text, tokens, index)


def _leads_to_date(text: str, tokens: Sequence[tuple[int, int]], index: int) -> bool:
    """Names of a signature, one or several parted by blanks, and the date behind the last."""
    for at in range(index, min(index + _NAMES, len(tokens) - 1)):
        start, end = tokens[at]
        if end - start > 40 or (at > index and end - start < 4) or is_prose(text[start:end]):
            return False
        if _is_date_token(text[tokens[at + 1][0] :][:40]):
            return True
    return False


def _ends_part(paragraph: str, token: str) -> bool:
    """A heading without its text, a title, or a label with its value, before a sentence."""
    if "。" in paragraph:
        return False
    if is_heading(paragraph) and len(paragraph) <= 50 and not is_prose(paragraph):
        return True
    if is_label(paragraph):
        return len(token) > 30 and is_prose(token)
    return len(paragraph) <= 120 and TITLE_END.search(paragraph[-20:]) is not None


def _is_date_token(rest: str) -> bool:
    match = DATE.match(rest)
    if match is None or "日" not in match.group():
        return False
    after = rest[match.end() :]
    return _GOES_ON.match(after) is None


def _stands_alone(paragraph: str) -> bool:
    if len(paragraph) > 60:
        return False
    if _SERIAL.fullmatch(paragraph):
        return True
    return DATE.fullmatch(paragraph) is not None or NUMBER.fullmatch(paragraph) is not None
