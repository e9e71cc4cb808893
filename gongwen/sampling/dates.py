"""Dates as official documents print them. Input is ISO text, as the gold holds it."""

from __future__ import annotations

from datetime import date

_DIGITS = "〇一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"


def printed(iso: str) -> str:
    """2024-09-02 → 2024年9月2日"""
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def in_han(iso: str) -> str:
    """2020-12-25 → 二〇二〇年十二月二十五日"""
    day = date.fromisoformat(iso)
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{counted(day.month)}月{counted(day.day)}日"


def counted(number: int) -> str:
    """1 to 99 in Han numerals: 十、二十一."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def weekday(iso: str) -> str:
    return f"星期{_WEEKDAYS[date.fromisoformat(iso).weekday()]}"
