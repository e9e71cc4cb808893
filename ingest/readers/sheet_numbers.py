"""Numbers as a sheet prints them: 0.0716 in the format 0.00% is 7.16%, 45550 in yyyy"年"m"月"d"日" 2024年9月15日.

ECMA-376 Part 1 §18.8.30 and §18.8.31. What is not known (fractions, exponents) is printed as in General.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

import regex

from ingest.readers.sheet_dates import date_text

BUILT_IN: dict[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0;-#,##0", 42: "#,##0;-#,##0", 43: "#,##0.00;-#,##0.00", 44: "#,##0.00;-#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"',
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'), **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
}  # fmt: skip
"""Formats that have no code in the file, as programs set to Chinese (zh-cn) print them."""

_TOKEN = regex.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])|(?P<date>y+|m+|d+|h+|s+|a{3,4}|e+)|(?P<digit>[0#?])"
    r"|(?P<sign>[.,%@/])|(?P<other>.)",
    regex.IGNORECASE | regex.DOTALL,
)
_CONDITION = regex.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_MAX_CODE = 255  # the length the standard allows
_MOST = 1e15
"""Beyond this a double does not tell neighbouring integers."""


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is the name of its group above, or `literal`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    tokens: tuple[Token, ...]
    kinds: frozenset[str] = frozenset()
    condition: tuple[str, float] | None = None
    brackets: tuple[str, ...] = ()

    def has(self, kind: str) -> bool:
        return kind in self.kinds


def number_text(value: float, code: str, *, from_1904: bool = False) -> str:
    """A number, date or time as the format prints it."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if code == "General":
        return general(value)
    sections = _sections(code[:_MAX_CODE])
    section, shown = _chosen(sections, value)
    if section.has("date"):
        text = date_text(value, section.tokens, section.brackets, from_1904=from_1904)
        return general(value) if text is None else text
    if not section.tokens and len(sections) > 1:
        return ""  # ;;; hides the value
    if section.has("exponent") or section.has("fraction"):
        return general(shown)
    if section.has("digit"):
        return _digits(shown, section.tokens)
    filled = "".join(general(shown) if one.kind in ("general", "text") else one.text for one in section.tokens)
    return filled or general(shown)


def string_text(value: str, code: str) -> str:
    """A text as the format prints it: its last section with @ may add words around it."""
    if "@" not in code or code == "@":
        return value
    section = _sections(code[:_MAX_CODE])[-1]
    if not section.has("text"):
        return value
    return "".join(value if one.kind == "text" else one.text for one in section.tokens if one.kind != "date")


def general(value: float) -> str:
    """Ten significant digits, integers in full: 13877246160.0 is a telephone number."""
    if value == int(value) and abs(value) < _MOST:
        return str(int(value))
    return format(Decimal(f"{value:.10g}"), "f") if 1e-9 < abs(value) < _MOST else f"{value:.10g}"


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[Section, ...]:
    found: list[Section] = []
    tokens: list[Token] = []
    brackets: list[str] = []
    for match in _TOKEN.finditer(code):
        if match["other"] == ";":
            found.append(_section(tokens, brackets))
            tokens, brackets = [], []
        elif match["bracket"] is not None:
            brackets.append(match["bracket"])
            tokens += _in_bracket(match["bracket"])
        else:
            tokens += _token(match)
    return (*found, _section(tokens, brackets))


def _token(match: regex.Match[str]) -> list[Token]:
    kind = match.lastgroup
    if kind is None:
        return []  # padding and fill
    text = match[kind]
    if kind == "sign":
        kind = {"@": "text", "/": "slash"}.get(text, text)
    return [Token("literal" if kind in ("quoted", "escaped", "other") else kind, text)]


def _in_bracket(text: str) -> list[Token]:
    """[h] is a count of hours; [$￥-804] prints its sign; colours, conditions and languages print nothing."""
    if regex.fullmatch(r"(?i)h+|m+|s+", text):
        return [Token("date", f"[{text.lower()}]")]
    if text.startswith("$") and text[1:].partition("-")[0]:
        return [Token("literal", text[1:].partition("-")[0])]
    return []


def _section(tokens: Sequence[Token], brackets: Sequence[str]) -> Section:
    condition = next((match for one in brackets if (match := _CONDITION.fullmatch(one))), None)
    dated = any(one.kind == "date" for one in tokens)
    kept = [
        Token("literal" if one.kind == "slash" and dated else "fraction" if one.kind == "slash" else one.kind, one.text)
        for one in tokens
    ]
    limit = (condition[1], float(condition[2])) if condition else None
    return Section(tuple(kept), frozenset(one.kind for one in kept), limit, tuple(brackets))


_HOLDS = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "=": lambda a, b: a == b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<>": lambda a, b: a != b,
}  # fmt: skip


def _chosen(sections: tuple[Section, ...], value: float) -> tuple[Section, float]:
    """The section for this value, and the value it prints: a section of negatives prints its own sign."""
    if any(one.condition for one in sections):
        for one in sections:
            if one.condition is None or _HOLDS[one.condition[0]](value, one.condition[1]):
                return one, value
        return sections[-1], value
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


def _digits(value: float, tokens: Sequence[Token]) -> str:
    point = next((at for at, one in enumerate(tokens) if one.kind == "."), len(tokens))
    places = [at for at, one in enumerate(tokens) if one.kind == "digit"]
    whole, rest = [at for at in places if at < point], [at for at in places if at > point]
    commas = [at for at, one in enumerate(tokens) if one.kind == ","]
    last = places[-1]
    amount = Decimal(repr(value)) * (Decimal(100) ** sum(one.kind == "%" for one in tokens))
    amount /= Decimal(1000) ** sum(at > last or at == point - 1 > (whole or [point])[-1] for at in commas)
    try:
        rounded = abs(amount).quantize(Decimal(1).scaleb(-len(rest)), ROUND_HALF_UP)
    except InvalidOperation:
        return general(value)
    printed, _, fraction = format(rounded, "f").partition(".")
    grouped = any(whole and whole[0] < at < whole[-1] for at in commas)
    head = _whole(printed.lstrip("0"), tokens[:point], grouped=grouped)
    tail = _fraction(fraction, tokens[point:])
    return ("-" if amount < 0 and rounded else "") + head + tail


def _whole(digits: str, tokens: Sequence[Token], *, grouped: bool) -> str:
    """Digits from the right into their places; what is left over stands at the first."""
    least = sum(one.kind == "digit" and one.text == "0" for one in tokens)
    if grouped:
        digits = f"{int(digits.rjust(least, '0') or 0):,}" if least or digits else ""
        first = next((at for at, one in enumerate(tokens) if one.kind == "digit"), 0)
        return "".join(
            digits if at == first else one.text for at, one in enumerate(tokens) if at == first or _is_printed(one)
        )
    out: list[str] = []
    left = sum(one.kind == "digit" for one in tokens)
    for one in reversed(tokens):
        if one.kind != "digit":
            out.append(one.text if _is_printed(one) else "")
            continue
        left -= 1
        out.append(digits if not left else digits[-1:] or ("0" if one.text == "0" else ""))
        if not left and not digits and one.text == "0":
            out.append("0")
        digits = "" if not left else digits[:-1]
    return "".join(reversed(out))


def _fraction(digits: str, tokens: Sequence[Token]) -> str:
    out = ""
    at = 0
    for one in tokens:
        if one.kind == "digit":
            out += digits[at : at + 1] if one.text == "0" or digits[at:].strip("0") else ""
            at += 1
        elif _is_printed(one) or one.kind == ".":
            out += one.text
    return out


def _is_printed(token: Token) -> bool:
    return token.kind in ("literal", "%")
