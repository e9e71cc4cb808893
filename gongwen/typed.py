"""What a person types, read by the type of its field: the value as extraction would have written it, or a sentence
that says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import regex

from gongwen.errors import TypedError
from gongwen.labels import WORDS
from gongwen.record import ROW_LISTS, ROWS
from gongwen.rulebook import Rulebook
from gongwen.text import close_gaps, fold_width
from gongwen.values.dates import find_deadlines, parse_day, parse_period
from gongwen.values.document_number import DocumentNumber, find_bare_numbers, is_blank_number
from gongwen.values.phones import find_emails, find_phones
from gongwen.values.quantities import parse_quantity
from gongwen.values.units import split_units

LONGEST = 2000
"""Characters of one value: the longest task of the sample papers has 900."""
_NAME = 30
_FEW = 8
_SERIAL = regex.compile(r"(?:[12]\d{3}年)?第?[\d一二三四五六七八九十百]{1,5}号")
"""Orders and announcements are numbered without an agency."""

_COLUMN_TYPES: dict[str, str] = {
    "time": "period", "date": "date", "phones": "phone", "fax": "phone", "email": "email", "recurrence": "recurrence",
    "kind": "word", "op": "word", "relation": "word", "document_number": "number", "name": "person",
    "lead": "unit", "responsible": "unit", "cooperate": "unit", "hosts": "unit", "organizers": "unit",
    "co_organizers": "unit",
}  # fmt: skip
"""Types of the columns of tables; the others are text."""
_ONE_OF = {"units": "unit", "texts": "text", "topics": "text"}
"""A list field is judged value by value."""


def type_of(book: Rulebook, field: str, column: str = "") -> str:
    """The type of one value of a field, or of a column of a table."""
    if column:
        return "quantity" if (field, column) == ("targets", "value") else _COLUMN_TYPES.get(column, "text")
    rule = book.fields.get(field)
    return _ONE_OF.get(rule.type, rule.type) if rule else "text"


def is_list(field: str, column: str) -> bool:
    """Whether a column of a table holds several values."""
    return field in ROWS and column in ROW_LISTS


def choices(book: Rulebook, field: str, column: str = "") -> list[tuple[str, str]]:
    """Value and name of each word that may be chosen; none: anything may be typed."""
    kind = type_of(book, field, column)
    if kind == "word":
        return list(WORDS[column].items())
    if kind == "kind":
        return [(one, one) for one in dict.fromkeys(book.vocab["kinds"].values())]
    rule = book.fields.get(field) if not column else None
    return [(one, one) for one in rule.values] if rule and kind == "choice" else []


def read_typed(book: Rulebook, field: str, column: str, typed: str, *, year: int | None = None) -> Any:
    """The value of one field or cell, of a list one of its values. Raises TypedError. `year` is the paper's, for
    times without one."""
    text = clean(typed)
    if not text:
        raise TypedError("请写出正确的内容；原文中没有的，请选“原文没有”")
    if len(text) > LONGEST:
        raise TypedError(f"内容超过 {LONGEST} 字，请只写该项的文字")
    kind = type_of(book, field, column)
    if kind in {"word", "kind", "choice"}:
        return _chosen(book, field, column, text)
    if kind in {"period", "recurrence"}:
        return _period(text, year, strict=not column) if kind == "period" else _recurrence(text)
    return _READERS.get(kind, _text)(text)


def read_several(book: Rulebook, field: str, column: str, typed: str, *, year: int | None = None) -> list[Any]:
    """Values typed in one line for a list: one a line, units and numbers also parted by 、."""
    kind = type_of(book, field, column)
    pieces: list[str] = []
    for line in typed.replace("\r", "\n").split("\n"):
        pieces += line.replace("；", "、").replace(";", "、").split("、") if kind in {"unit", "phone"} else [line]
    found = [read_typed(book, field, column, one, year=year) for one in pieces if clean(one)]
    if not found:
        raise TypedError("请写出要补充的内容")
    return found


def clean(typed: str) -> str:
    """Without control characters, marks of direction and lone surrogates, trimmed; line breaks become spaces."""
    return "".join(char if char.isprintable() or char == "\u3000" else " " for char in typed).strip()


def _text(text: str) -> str:
    return close_gaps(text, couplet=True)


def _number(text: str) -> str:
    parsed = DocumentNumber.parse(text)
    if parsed is not None:
        return str(parsed)
    closed = close_gaps(fold_width(text))
    bare = find_bare_numbers(closed)
    if bare and not is_blank_number(closed):
        return closed
    if _SERIAL.fullmatch(closed, timeout=1):
        return closed
    raise TypedError(f"“{_short(text)}”不像发文字号，请写成“云科协字〔2024〕12号”“2024年第2号”或“第2号”")


def _date(text: str) -> str:
    day = parse_day(text)
    if day is None:
        raise TypedError(f"“{_short(text)}”不是一个日期，请写全年月日，如 2024年5月8日 或 2024-05-08")
    return day.isoformat()


def _period(text: str, year: int | None, *, strict: bool) -> dict[str, Any]:
    """A cell may hold words that are no time (按通知要求); what has figures must be one."""
    closed = close_gaps(text)
    period = parse_period(text, year) or parse_period(closed, year)
    if period is not None:
        return {**period.to_json(), "text": closed}
    if strict or any(char.isdigit() for char in closed):
        raise TypedError(f"“{_short(text)}”不像时间，请写成 2024年9月15日至25日、9月上旬、第三季度 这样的形式")
    return {"text": closed, "start": None, "end": None, "precision": None}


def _recurrence(text: str) -> str:
    for typed in (text, f"{text}前"):
        for match in find_deadlines(typed):
            if match.recurrence is not None:
                return str(match.recurrence)
    raise TypedError(f"“{_short(text)}”不像周期，请写成 每月5日前、每季度末、每年12月底前 这样的形式")


def _phone(text: str) -> str:
    closed = "".join(text.split())
    found = find_phones(closed, labelled=True)
    if len(found) != 1 or (found[0].span.start, found[0].span.end) != (0, len(closed)):
        raise TypedError(f"“{_short(text)}”不像一个电话号码，请写 0999-5550123 或 11 位手机号码，几个号码分开写")
    return found[0].text


def _email(text: str) -> str:
    found = find_emails(text)
    if len(found) != 1 or len(found[0].span) != len(text):
        raise TypedError(f"“{_short(text)}”不像电子邮箱，请写成 name@example.com")
    return found[0].text


def _quantity(text: str) -> Any:
    """A number, or the two ends of a range."""
    closed = "".join(fold_width(text).split()).replace("，", "")
    ends = [_plain_number(one) for one in closed.replace("至", "-").replace("~", "-").replace("—", "-").split("-")]
    told = [one for one in ends if one is not None]
    if len(told) == len(ends) == 1:
        return told[0]
    if len(told) == len(ends) == 2:
        return told
    quantity = parse_quantity(text)
    if quantity is not None and quantity.high is None:
        return quantity.number
    raise TypedError(f"“{_short(text)}”不是数，请只写数字，如 60，或 2-3")


def _plain_number(text: str) -> int | float | None:
    if not text.isascii() or not text.replace(".", "", 1).isdigit() or len(text) > 15:
        return None
    return float(text) if "." in text else int(text)


def _person(text: str) -> str:
    name = "".join(text.split()) if not text.isascii() else text
    if len(name) > _NAME or any(char.isdigit() or char in "，。；：、@" for char in name):
        raise TypedError(f"“{_short(text)}”不像姓名，一次只写一个人")
    return name


def _unit(text: str) -> str:
    name = close_gaps(text)
    if len(split_units(name)) > 1 and "、" in name:
        raise TypedError("一次只写一个单位；要写几个，请先改好这一个，其余的用“补充”添加")
    return name


def _chosen(book: Rulebook, field: str, column: str, text: str) -> str:
    known = choices(book, field, column)
    closed = close_gaps(text)
    for value, name in known:
        if closed in (value, name):
            return value
    if type_of(book, field, column) == "kind" and closed in book.vocab["kinds"]:
        return str(book.vocab["kinds"][closed])
    if not known:
        return closed
    shown = "、".join(name for _, name in known[:_FEW]) + ("等" if len(known) > _FEW else "")
    raise TypedError(f"“{_short(text)}”不在可选的范围内，可选：{shown}")


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:23]}…"


_READERS: dict[str, Callable[[str], Any]] = {
    "number": _number, "date": _date, "phone": _phone, "email": _email, "quantity": _quantity, "person": _person,
    "unit": _unit,
}  # fmt: skip
