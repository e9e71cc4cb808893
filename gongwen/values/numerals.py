"""Numbers as official documents print them: digits with gaps, 二〇二一, 二十一, 廿三."""

from __future__ import annotations

import regex

from gongwen.text import fold_width

DIGITS = "〇零一二三四五六七八九"
_VALUE = {"〇": 0, "零": 0, "O": 0, "o": 0, "元": 1, "正": 1, "两": 2, "○": 0} | {
    char: at for at, char in enumerate("零一二三四五六七八九")
}
_TENS = {"十": 10, "廿": 20, "卅": 30}
_POSITIONAL = regex.compile(r"[〇零Oo0-9一二三四五六七八九]{1,12}")
_UNITS = {"十": 10, "百": 100, "千": 1000}
_COUNTED = regex.compile(r"[零〇一二三四五六七八九两十百千廿卅万]{1,12}")


def read_digits(text: str) -> int | None:
    """A number written digit by digit: 2021, `2 0 2 1`, 二〇二一, 二0二0, 二O二一."""
    closed = "".join(fold_width(text).split())
    if _POSITIONAL.fullmatch(closed) is None:
        return None
    return int("".join(str(_VALUE.get(char, char)) for char in closed))


def read_count(text: str) -> int | None:
    """A number in digits or in Chinese counting words: 14, 十四, 二十, 廿三, 一百零五, 三千."""
    closed = "".join(fold_width(text).split())
    if closed.isascii() and closed.isdigit() and len(closed) <= 12:
        return int(closed)
    if closed in {"元", "正"}:
        return 1
    if _COUNTED.fullmatch(closed) is None:
        return None
    if not any(char in "十百千廿卅万" for char in closed):
        return read_digits(closed.replace("两", "二"))
    head, mark, tail = closed.partition("万")
    if mark:
        ten_thousands, rest = _below_ten_thousand(head), _below_ten_thousand(tail) if tail else 0
        return None if not ten_thousands or rest is None else ten_thousands * 10_000 + rest
    return _below_ten_thousand(closed)


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for char in text:
        if char in "廿卅":
            total, digit, last = total + _TENS[char], None, 10
        elif char in _UNITS:
            if _UNITS[char] >= last or digit == 0:
                return None
            last = _UNITS[char]
            total, digit = total + (1 if digit is None else digit) * last, None
        elif char in "零〇":
            digit = None
        elif char in _VALUE and digit is None:
            digit = _VALUE[char]
        else:
            return None
    return total + (digit or 0) if total or digit else None
