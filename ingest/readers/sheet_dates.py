"""Dates of sheets: days since 1900 (or 1904) and the codes that print them (ECMA-376 Part 1 §18.17.4, §18.8.31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ingest.readers.docx_numbers import printed

if TYPE_CHECKING:
    from ingest.readers.sheet_numbers import Token

_WEEKDAYS = "一二三四五六日"
_LAST = 2_958_465  # 9999-12-31
_LEAP_BUG = 60  # the 29 February 1900 that never was


def moment(value: float, *, from_1904: bool) -> datetime | None:
    """None when the number is no day."""
    if not 0 <= value <= _LAST:
        return None
    base = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if value >= _LEAP_BUG else 31)
    days = int(value)
    seconds = round((value - days) * 86_400)
    return base + timedelta(days=days, seconds=seconds)


def date_text(value: float, tokens: Sequence[Token], brackets: Sequence[str], *, from_1904: bool) -> str | None:
    """None when the number is no day; [$-F800] and [$-F400] are the system's own long date and time."""
    at = moment(value, from_1904=from_1904)
    if at is None:
        return None
    if any(one.upper() == "$-F800" for one in brackets):
        return f"{at.year}年{at.month}月{at.day}日"
    if any(one.upper() == "$-F400" for one in brackets):
        return f"{at:%H:%M:%S}"
    in_words = any(one.upper() == "DBNUM1" for one in brackets)
    half = any(one.kind == "half" for one in tokens)
    return "".join(
        _piece(one, value, at, is_minute=_is_minute(tokens, place), half=half, in_words=in_words)
        for place, one in enumerate(tokens)
    )


def _is_minute(tokens: Sequence[Token], place: int) -> bool:
    """m behind hours or before seconds counts minutes."""
    before = next((one.text[:2].strip("[").lower() for one in reversed(tokens[:place]) if one.kind == "date"), "")
    after = next((one.text[:2].strip("[").lower() for one in tokens[place + 1 :] if one.kind == "date"), "")
    return before.startswith("h") or after.startswith("s")


def _piece(token: Token, value: float, at: datetime, *, is_minute: bool, half: bool, in_words: bool) -> str:
    if token.kind == "half":
        return ("上午" if at.hour < 12 else "下午") if token.text == "上午/下午" else f"{at:%p}"
    if token.kind != "date":
        return "" if token.kind in ("text", "general", "digit") else token.text
    text = token.text.lower()
    if text.startswith("["):
        seconds = round(value * 86_400)
        return str(seconds // {"h": 3600, "m": 60, "s": 1}[text[1]])
    if text[0] in "ye":
        year = f"{at.year:04d}" if len(text) > 2 or text[0] == "e" else f"{at.year % 100:02d}"
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in year) if in_words else year
    if text[0] == "a" or (text[0] == "d" and len(text) > 2):
        return {"aaa": "", "aaaa": "星期", "ddd": "周"}.get(text, "星期") + _WEEKDAYS[at.weekday()]
    if text[0] == "m" and len(text) > 2 and not is_minute:
        return f"{at.month}月"
    hour = (at.hour % 12 or 12) if half else at.hour
    count = {"m": at.minute if is_minute else at.month, "d": at.day, "h": hour, "s": at.second}[text[0]]
    if in_words:
        return printed(count, "chineseCountingThousand")
    return f"{count:02d}" if len(text) > 1 else str(count)
