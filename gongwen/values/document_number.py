"""发文字号: the number of an official document, in all the ways it is printed (domain.md §3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import regex

from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.numerals import read_count, read_digits

_STRONG = "〔{"  # any code may stand before these; [ 【 ［ ﹝ are folded to 〔
_CLOSE = {"〔": "〕", "（": "）", "〈": "〉", "《": "》", "<": ">", "{": "}"}
_TAIL = tuple("发函字办规令通电纪府政厅委教科财社农资企会金建环才组普综人工卫文协党干宣团监审税商）")
_YEAR = r"(?P<year>[12](?:\s?\d){3}|\d{2}|[〇零Oo一二三四五六七八九0-9]{4})\s{0,3}年?"
_SERIAL = r"(?:\d(?:\s?\d){0,4}|[一二三四五六七八九十百零〇]{1,6})"
_NUMBERED = regex.compile(
    rf"(?P<open>[〔（〈《<{{])\s{{0,3}}{_YEAR}\s{{0,3}}(?P<close>[〕）〉》>}}])\s{{0,3}}(?:第\s?)?"
    rf"(?P<serials>{_SERIAL}(?:\s?号?\s?[、，和及]\s?第?{_SERIAL}(?=\s?[号、，和及])){{0,20}}\s?号)"
)
_ONE_SERIAL = regex.compile(rf"{_SERIAL}\s?号?")
_CODE = regex.compile(r"\p{Han}{1,20}(?:（\p{Han}{1,4}）\p{Han}{0,4})?\s{0,4}\Z")
_WRAPPED = regex.compile(r"[（《“〔]\s{0,2}(?P<code>\p{Han}(?:\s{0,2}\p{Han}){0,19})\s{0,4}\Z")
_LINE_CODE = regex.compile(r"(?:^|\n)[ \t]{0,40}(?P<code>\p{Han}(?:[ \t]{0,3}\p{Han}){0,19})[ \t]{0,4}\Z")
_WINDOW = 60  # a code has at most 20 characters; printed with gaps not more than this
_WORDS = (
    "根据|依据|按照|依照|参照|遵照|结合|贯彻|落实|执行|转发|批转|印发|学习|围绕|关于|详见|参见|请见"
    "|文号|字号|通知|文件|精神|废止|引用|的"
)
_CUT_WORDS = regex.compile(rf".*(?:{_WORDS})")
_CUT = regex.compile(rf".*(?:{_WORDS}|和|与|及|或)")
_LEAD = regex.compile(r"(?:见|即|由|经|以|按|据|对|在|于|将|从|附|原|为|如|请|至)(?=\p{Han}{2,})")
_BLANK = regex.compile(r"\p{Han}{1,20}\s?[〔（]\s?(?:\d{4}|\s{0,6})\s?[〕）]\s{0,10}第?\s{0,10}号")
_TYPED = regex.compile(
    r"(?P<agency>\p{Han}{0,20})[〔（{]?(?P<year>\d{4}|[〇零一二三四五六七八九]{4})[〕）}]?第?(?P<serial>\d{1,5})号?"
)


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """A number with an agency code: 云科协字〔2021〕14号."""

    agency: str
    year: int
    serial: int

    @classmethod
    def parse(cls, text: str) -> DocumentNumber | None:
        """The number when the whole text is one, in any printed variant; never a guess."""
        stripped = text.strip()
        found = list(find_numbers(stripped)) if len(stripped) <= 2 * _WINDOW else []
        if len(found) != 1 or found[0].span != Span(0, len(stripped)):
            return None
        return found[0].value

    def __str__(self) -> str:
        return f"{self.agency}〔{self.year}〕{self.serial}号"

    @property
    def key(self) -> str:
        return f"{self.agency}|{self.year}|{self.serial}"

    def suffix_keys(self) -> tuple[str, ...]:
        """Keys under every ending of the agency code, longest first: a cited number may have words glued in front."""
        return tuple(f"{self.agency[at:]}|{self.year}|{self.serial}" for at in range(len(self.agency)))


@dataclass(frozen=True, slots=True)
class NumberMatch:
    """`text` is as printed with gaps closed. `variant`: not printed in the normal form (other brackets, 第, zero
    padding, gaps, Chinese numerals). Of the later numbers of a list (10号、11号) the span holds only their own part."""

    span: Span
    text: str
    value: DocumentNumber
    variant: bool


_SIGNER = regex.compile(r"\s*(?:签\s*发\s*人.*)?")
"""What may stand behind the number on its line: nothing, or the signatory (GB/T 9704-2012, 7.2.6)."""


def find_numbers(text: str, known: Collection[str] = ()) -> list[NumberMatch]:
    """All document numbers in a text. `known` agency codes win over the rules that cut off words glued in front."""
    folded = fold_width(text)
    found: list[NumberMatch] = []
    for match in _NUMBERED.finditer(folded):
        if _CLOSE[match["open"]] != match["close"]:
            continue
        code = _code_before(folded, match, known)
        year = _year(match["year"])
        if code is None or year is None:
            continue
        found += _serials(text, match, code, year)
    return found


def _code_before(folded: str, match: regex.Match[str], known: Collection[str]) -> Span | None:
    """Where the agency code in front of the bracket stands, or None when what stands there is no code."""
    base = max(0, match.start() - _WINDOW)
    before = folded[base : match.start()]
    after = folded[match.end() : match.end() + _WINDOW]
    alone = _SIGNER.fullmatch(after.partition("\n")[0]) is not None
    on_line = _LINE_CODE.search(before) if base == 0 or "\n" in before else None
    if alone and on_line:
        start, end = on_line.span("code")
        return Span(start + _glued(before[start:end], known, alone=True), end).shifted(base)
    wrapped = _WRAPPED.search(before)
    plain = _CODE.search(before)
    spot = wrapped.span("code") if wrapped else (plain.span() if plain else None)
    if spot is None:
        return None
    raw = before[spot[0] : spot[1]].rstrip()
    code = raw[_glued(raw, known) :]
    weak = match["open"] not in _STRONG
    if weak and not _is_code(code, known, enclosed=wrapped is not None, short_year=len(match["year"]) == 2):
        return None
    return Span(base + spot[0] + len(raw) - len(code), base + spot[0] + len(raw))


def _is_code(code: str, known: Collection[str], *, enclosed: bool, short_year: bool) -> bool:
    if code in known:
        return True
    return code.endswith(_TAIL) and len(code) > 1 and (enclosed or not short_year)


def _glued(raw: str, known: Collection[str], *, alone: bool = False) -> int:
    """How many leading characters of `raw` are words of the sentence and not of the code. In front of a number that
    stands `alone` on its line only whole words count: 和, 经 or 原 may belong to its code."""
    for at in range(len(raw)):
        if raw[at:] in known:
            return at
    cut = (_CUT_WORDS if alone else _CUT).match(raw)
    at = cut.end() if cut and cut.end() < len(raw) else 0
    if alone:
        return at
    lead = _LEAD.match(raw, at)
    return lead.end() if lead else at


def _year(text: str) -> int | None:
    year = read_digits(text)
    if year is None:
        return None
    if year < 100:
        year += 1900 if year >= 49 else 2000
    return year if 1900 <= year <= 2099 else None


def _serials(text: str, match: regex.Match[str], code: Span, year: int) -> Iterator[NumberMatch]:
    agency = "".join(fold_width(code.of(text)).split())
    start = match.start("serials")
    for at, one in enumerate(_ONE_SERIAL.finditer(match["serials"])):
        serial = read_count(one.group().rstrip("号"))
        if not serial:
            continue
        span = Span(code.start if at == 0 else start + one.start(), start + one.end())
        printed = span.of(text)
        value = DocumentNumber(agency, year, serial)
        normal = str(value) if at == 0 else f"{serial}号"
        yield NumberMatch(span, "".join(printed.split()), value, printed != normal)


def is_blank_number(text: str) -> bool:
    """A number whose serial was never filled in (`云科协字〔2021〕  号`): the document is a draft."""
    return _BLANK.fullmatch(fold_width(text).strip()) is not None


def read_typed(text: str) -> tuple[str, int, int] | None:
    """(agency or "", year, serial) of what a person types to search: `云科协字2021 14`, `[2021]14`, `〔2021〕14号`."""
    folded = fold_width(text).strip()
    parts = folded.split()
    closed = "".join(parts)
    match = _TYPED.fullmatch(closed)
    if match is None or (len(parts) == 1 and closed.isdigit()):
        return None
    year = _year(match["year"])
    serial = int(match["serial"])
    return None if year is None or not serial else (match["agency"], year, serial)


_HAN_SERIAL = r"(?P<serial>\d(?:\s?\d){0,4}|[一二三四五六七八九十百零〇]{1,6})"
_BARE = regex.compile(
    r"(?:(?P<agency>\p{Han}(?:[\p{Han}、]|[ \t\n]{1,4}(?=\p{Han})){0,80}?)?(?P<word>令|公告|通告|通报)[ \t]{0,4})?"
    r"(?:[（〔]?(?P<year>[12]\d{3}|[〇零一二三四五六七八九]{4})\s?年?[）〕]?\s{0,3})?"
    rf"第\s{{0,3}}{_HAN_SERIAL}\s{{0,3}}号"
)
_BARE_TAIL = regex.compile(
    rf"(?P<word>令|公告|通告)\s{{0,3}}(?P<open>（\s?)?(?:(?P<year>[12]\d{{3}})\s?年\s{{0,3}})?"
    rf"第\s{{0,3}}{_HAN_SERIAL}\s{{0,3}}号(?(open)\s?）)"
)
_ENCLOSED = regex.compile(r"[（〔]\s?(?:(?P<year>[12]\d{3})\s?年\s?)?第\s{0,3}" + _HAN_SERIAL + r"\s{0,3}号\s?[）〕]")
_AGENCY_BEFORE = regex.compile(r"\p{Han}{2,40}\Z")
_AGENCIES_BEFORE = regex.compile(
    r"(?<=[（〔\n]|\A)\s{0,4}(?P<names>\p{Han}{2,30}(?:[ \t\n、]{1,4}\p{Han}{2,30}){0,11})\Z"
)


@dataclass(frozen=True, slots=True, order=True)
class BareNumber:
    """A number without a bracketed year, kept as printed: 第1号, 2020年第2号, 国务院令第783号."""

    text: str
    agency: str
    year: int | None
    serial: int

    @classmethod
    def parse(cls, text: str) -> BareNumber | None:
        """The number when the whole text is one. `第1号` alone is one too: only the caller knows that it stands
        where a number stands."""
        folded = fold_width(text).strip().strip("（）〔〕 ")
        match = _BARE.fullmatch(folded) if len(folded) <= 160 else None
        if match is None:
            return None
        return _bare(folded, match["agency"], match["year"], match["serial"])

    def __str__(self) -> str:
        return self.text

    @property
    def key(self) -> str:
        return f"{self.agency}|{self.year or ''}|{self.serial}"


@dataclass(frozen=True, slots=True)
class BareNumberMatch:
    span: Span
    text: str
    value: BareNumber


def find_bare_numbers(text: str) -> list[BareNumberMatch]:
    """Orders and announcements cited in running text (国务院令第783号), and a whole bracket after 》 (（第6号）)."""
    folded = fold_width(text)
    found: list[BareNumberMatch] = []
    for match in _BARE_TAIL.finditer(folded):
        base = max(0, match.start() - 2 * _WINDOW)
        before = folded[base : match.start()]
        joint, one = _AGENCIES_BEFORE.search(before), _AGENCY_BEFORE.search(before)
        spot = joint.span("names") if joint else (one.span() if one else None)
        if spot is None or before.endswith("的"):  # 关于…的公告 2020年第2号: the end of a title, no agency
            continue
        start = spot[0] + _glued(before[spot[0] : spot[1]], ())
        value = _bare(folded[base + start : match.end()], before[start : spot[1]], match["year"], match["serial"])
        if value is not None:
            found.append(BareNumberMatch(Span(base + start, match.end()), value.text, value))
    for match in _ENCLOSED.finditer(folded):
        value = _bare(match.group()[1:-1], "", match["year"], match["serial"])
        if value is not None and folded[: match.start()].rstrip()[-1:] == "》":
            found.append(BareNumberMatch(Span(match.start() + 1, match.end() - 1), value.text, value))
    return sorted(found, key=lambda one: one.span)


def _bare(printed: str, agency: str | None, year: str | None, serial: str) -> BareNumber | None:
    number = read_count(serial)
    if not number:
        return None
    names = [close_gaps(name) for name in regex.split(r"[ \t\n]+", (agency or "").strip())]
    spaced = all(len(name) >= 2 for name in names) and len(names) > 1
    head = " ".join(names) if spaced else "".join(names)
    rest = "".join(printed.strip()[len((agency or "").strip()) :].split())
    return BareNumber(head + rest, head, None if year is None else _year(year), number)
