"""Numbers as Word prints them: 一, 一百零三, ①, ⅰ, 甲, １."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def printed(count: int, style: str) -> str:
    """A list number in a `w:numFmt` style; decimal for a style that is not known."""
    if count < 0 or count > 32_767:
        return str(count)
    return _STYLES.get(style, str)(count)


def _thousands(count: int, digits: str = "零一二三四五六七八九", units: str = "千百十") -> str:
    """一千零三十: each gap of zeros is one 零; 十一 without its 一."""
    if count == 0:
        return digits[0]
    out = _below(count // 10_000, digits, units) + "万" if count >= 10_000 else ""
    rest = count % 10_000
    if out and 0 < rest < 1_000:
        out += digits[0]
    out += _below(rest, digits, units)
    return out[1:] if out.startswith("一十") else out


def _below(count: int, digits: str, units: str) -> str:
    """Up to 9,999; 0 is nothing."""
    out = ""
    for power, unit in ((1_000, units[0]), (100, units[1]), (10, units[2]), (1, "")):
        digit = count // power % 10
        if digit:
            out += digits[digit] + unit
        elif out and not out.endswith(digits[0]) and count % power:
            out += digits[0]
    return out


def _counting(count: int) -> str:
    """chineseCounting: words to 99, then digits (一〇〇)."""
    return _thousands(count) if 0 < count < 100 else _digital(count)


def _japanese(count: int) -> str:
    """As the words, without 一 before 百 and 千 and without zeros between."""
    text = _thousands(count)
    return text.replace("零", "").replace("一百", "百").replace("一千", "千") if count else "〇"


def _digital(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(count))


def _full_width(count: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))


def _from(first: str, last: int, beyond: Callable[[int], str] = str) -> Callable[[int], str]:
    """Signs that stand in a row in Unicode, from 1 to `last`."""

    def sign(count: int) -> str:
        return chr(ord(first) + count - 1) if 1 <= count <= last else beyond(count)

    return sign


def _circled(count: int) -> str:
    if 1 <= count <= 20:
        return chr(0x2460 + count - 1)
    if 21 <= count <= 35:
        return chr(0x3251 + count - 21)
    return chr(0x32B1 + count - 36) if 36 <= count <= 50 else str(count)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda count: signs[count - 1] if 1 <= count <= len(signs) else str(count)


def _stem_and_branch(count: int) -> str:
    """甲子, 乙丑 … 癸亥: the cycle of sixty."""
    if not 1 <= count <= 60:
        return str(count)
    return _STEMS[(count - 1) % 10] + _BRANCHES[(count - 1) % 12]


def _letters(first: str) -> Callable[[int], str]:
    """a … z, aa, bb, as Word goes on."""

    def letter(count: int) -> str:
        if count < 1:
            return str(count)
        return chr(ord(first) + (count - 1) % 26) * ((count - 1) // 26 + 1)

    return letter


def _roman(count: int) -> str:
    out = ""
    for size, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        out += sign * (count // size)
        count %= size
    return out


_STYLES: dict[str, Callable[[int], str]] = {
    "none": lambda count: "",
    "bullet": lambda count: "",
    "decimalZero": lambda count: f"{count:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _from("⑴", 20, lambda count: f"({count})"),
    "decimalEnclosedFullstop": _from("⒈", 20, lambda count: f"{count}."),
    "numberInDash": lambda count: f"- {count} -",
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": _thousands,
    "taiwaneseCountingThousand": _thousands,
    "chineseLegalSimplified": lambda count: _thousands(count, _FORMAL, "仟佰拾"),
    "ideographLegalTraditional": lambda count: _thousands(count, "零壹貳參肆伍陸柒捌玖", "仟佰拾"),
    "japaneseCounting": _japanese,
    "japaneseDigitalTenThousand": _digital,
    "ideographDigital": _digital,
    "taiwaneseDigital": _digital,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": _stem_and_branch,
    "ideographEnclosedCircle": _from("㊀", 10),
    "upperLetter": _letters("A"),
    "lowerLetter": _letters("a"),
    "upperRoman": _roman,
    "lowerRoman": lambda count: _roman(count).lower(),
}
