"""By when something is due: 9月24日前, 最迟不超过9月底, 每月最后一个工作日, 收到后5日内 (domain.md §4, §8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

import regex

from gongwen.text import Span, fold_width
from gongwen.values.days import DAY, MONTH
from gongwen.values.numerals import read_count
from gongwen.values.periods import WHEN, parse_period
from gongwen.values.vocab import words

Every = Literal["day", "week", "month", "quarter", "half", "year"]
_EVERY_NAMES: tuple[Every, ...] = get_args(Every)
_PRINTED = regex.compile(
    rf"(?P<every>{'|'.join(_EVERY_NAMES)}):(?:(?P<month>\d{{1,2}})-(?=-?\d))?(?P<day>-?\d{{1,3}})?(?P<work>w)?"
)


@dataclass(frozen=True, slots=True, order=True)
class Recurrence:
    """A deadline that comes again. `day` counts in the unit of `every` (-1: the last; of a week 1 is Monday);
    `month` only for years. None: the text does not say. `work_day`: counted in working days."""

    every: Every
    day: int | None = None
    month: int | None = None
    work_day: bool = False

    @classmethod
    def parse(cls, text: str) -> Recurrence | None:
        """What `str` prints; None for anything else."""
        match = _PRINTED.fullmatch(text)
        if match is None:
            return None
        every: Every = next(one for one in _EVERY_NAMES if one == match["every"])
        day, month = match["day"], match["month"]
        return cls(every, int(day) if day else None, int(month) if month else None, bool(match["work"]))

    def __str__(self) -> str:
        month = "" if self.month is None else f"{self.month}-"
        return f"{self.every}:{month}{'' if self.day is None else self.day}{'w' if self.work_day else ''}"


@dataclass(frozen=True, slots=True)
class DeadlineMatch:
    """`text` is as printed with its deadline words. `date` is the last day on which the thing is in time; None for
    recurring and relative ones and where no year is known. `word` is the cue (前, 截止时间为, 底, 内, 每, 同上):
    截至 and 底 also tell of states, so the sentence decides. `approximate`: the day is an end of a vaguer time.
    `state`: what follows may be a state reached by then (2019年底前建成); only a day to come is a deadline."""

    span: Span
    text: str
    date: date | None
    recurrence: Recurrence | None
    approximate: bool
    word: str
    state: bool = False


_G = r"\s{0,3}"
_WEEKDAY = rf"{_G}（?{_G}(?:星期|周)[一二三四五六日天]{_G}）?"
_CLOCK = rf"{_G}(?:上午|下午|中午|晚上|晚|早上)?{_G}\d{{1,2}}{_G}(?:：{_G}\d{{2}}|[时点](?:整|半|\d{{1,2}}分)?)"
_MOMENT = rf"(?:{_WEEKDAY})?(?:{_CLOCK}|{_G}(?:(?:上午|下午)?下班|上午|中午|下午))?"
_ROUND = rf"(?:{WHEN}{_G}(?:-|—{{1,2}}|~|至|到){_G})?"


def _any(choices: Iterable[str]) -> str:
    """An alternation whose characters may be printed with gaps."""
    return "(?:" + "|".join(r"\s{0,2}".join(regex.escape(char) for char in word) for word in choices) + ")"


_BEFORE = _any(words("dates", "due_before"))
_AFTER = rf"(?:{_any(words('dates', 'due_after'))}(?!{_any(words('dates', 'not_due_after'))}))"
_DUE_BEFORE = regex.compile(
    rf"(?P<word>{_BEFORE}){_G}(?P<when>{_ROUND}{WHEN})(?P<moment>{_MOMENT})(?P<after>{_G}{_AFTER})?"
)
_DUE_AFTER = regex.compile(rf"(?<![\d.])(?P<when>{_ROUND}{WHEN})(?P<moment>{_MOMENT}){_G}(?P<word>{_AFTER})")
_LISTED = regex.compile(
    rf"(?<![\d.])(?P<when>{WHEN})(?={_G}[、和]{_G}(?:{WHEN}{_G}[、和]{_G}){{0,3}}{WHEN}{_MOMENT}{_G}{_AFTER})"
)
"""6月18日、12月10日前: all days of the list but the last."""
_STATE = regex.compile(rf"(?:已|经|新)?{_any(words('dates', 'states'))}")
_ATTRIBUTE = regex.compile(r"[^，。；\n]{0,40}的")
_PUT_OFF = regex.compile(rf"(?:{_any(words('dates', 'put_off'))}){_G}(?P<when>{WHEN}(?:{_WEEKDAY})?)")
_UNTIL = regex.compile(rf"截至{_G}(?P<when>{WHEN})(?P<moment>{_MOMENT})(?P<after>{_G}{_AFTER})?")
_AT_END = regex.compile(
    rf"(?:(?<=[，。；：\n（])|\A){_G}(?P<when>(?:(?:20\d\d{_G}年|今年|本年){_G})?(?:{MONTH}{_G}月{_G}[底末]|年底|年末))(?=，)"
)
_TO = rf"{_G}(?:-{{1,2}}|—{{1,2}}|~|至|到){_G}"
_BOTH = rf"(?P<first>{WHEN}){_MOMENT}{_TO}(?P<when>{WHEN}){_MOMENT}"
_WINDOW = regex.compile(
    rf"{_any(words('dates', 'windows'))}{_G}[为是从：（]{{0,2}}{_G}自?{_G}{_BOTH}"
    rf"|{_BOTH}{_G}(?:期间)?，?{_G}{_any(words('dates', 'entered'))}"
)
"""报名时间：5月6日至5月20日: the last day of the time in which something may be handed in."""
_SAME = regex.compile(r"时间同上|时限同上")

_WITHIN = regex.compile(
    rf"(?P<from>[^，。；：\n（）]{{0,40}}?(?:之日起|之时起|之后|以后|后|起))?{_G}(?P<at>的|于|在)?{_G}"
    rf"(?P<n>\d{{1,3}}|[一二三四五六七八九十两半]{{1,3}}){_G}个?{_G}"
    rf"(?P<unit>工作日|自然日|小时|周|星期|月|年|日|天){_G}[之以]?内"
)
_CLAUSE_LEAD = regex.compile(r".*(?:在|于|请|应当?|可以?|[须需]|并|即)(?=.)")
_EVERY = regex.compile(
    rf"(?:于|在)?{_G}(?P<every>每个?(?:月|季|半年|年|周|星期)|逐月|逐季|次月|次季|下月)度?{_G}"
    rf"(?:的|终了后|结束后|首月|末月)?{_G}"
    rf"(?:(?P<last>最后一[个]?(?P<lw>工作日|天|日))|第{_G}(?P<nth>\d{{1,2}}|[一二三四五六七八九十]{{1,3}}){_G}个工作日"
    rf"|(?P<m>{MONTH}){_G}月{_G}(?:(?P<md>{DAY}){_G}[日号]|(?P<me>底|末))|(?P<d>{DAY}){_G}[日号]|(?P<wd>[一二三四五六日天])"
    rf"|(?P<end>[月年]?[底末]|终))(?P<due>(?:{_MOMENT})?{_G}(?:之前|以前|前(?!后|往)))?"
)
_DAILY = regex.compile(rf"每{_G}[天日](?:{_CLOCK}|{_G}(?:下班|中午)){_G}(?:之前|以前|前(?!后|往))")
_WEEK = "一二三四五六日"
_EVERY_WORDS: dict[str, Every] = {
    "半": "half", "月": "month", "季": "quarter", "年": "year", "周": "week", "星": "week",
}  # fmt: skip
_HANDED_IN = regex.compile(r"[^，。；\n]{0,30}?(?:报送|上报|报|提交|送)")


def find_deadlines(text: str, year: int | None = None) -> list[DeadlineMatch]:
    """Deadlines in order of print, never overlapping; `year` is for dates printed without one. 时间同上 takes the date
    of the deadline before it in the same text."""
    folded = fold_width(text)
    taken = bytearray(len(folded))
    found: list[DeadlineMatch] = []
    for one in (*_recurring(folded), *_daily(folded), *_dated(folded, year), *_relative(folded)):
        if any(taken[one.span.start : one.span.end]):
            continue
        taken[one.span.start : one.span.end] = b"\x01" * len(one.span)
        found.append(replace(one, text=one.span.of(text).strip()))
    found.sort(key=lambda one: one.span)
    return _with_same(found)


def _with_same(found: list[DeadlineMatch]) -> list[DeadlineMatch]:
    out: list[DeadlineMatch] = []
    for one in found:
        dated = next((other for other in reversed(out) if other.date), None) if one.word == "同上" else None
        out.append(replace(one, date=dated.date) if dated else one)
    return out


def _dated(folded: str, year: int | None) -> Iterator[DeadlineMatch]:
    for match in _DUE_BEFORE.finditer(folded):
        yield from _due(match, match["when"], "".join(match["word"].split()), year, start=match.start())
    last = -1
    for match in _DUE_AFTER.finditer(folded):
        last = match.start()
        state = _STATE.match(folded, match.end()) is not None and not _is_asked(folded, match)
        if not state or _ATTRIBUTE.match(folded, match.end()) is None:
            for due in _due(match, match["when"], "".join(match["word"].split()), year, start=match.start("when")):
                yield replace(due, state=state)
    for match in _LISTED.finditer(folded) if last > 0 else ():
        yield from _due(match, match["when"], "前", year, start=match.start("when"))
    for match in _UNTIL.finditer(folded):
        yield from _due(match, match["when"], "截至", year, start=match.start())
    for match in _PUT_OFF.finditer(folded):
        yield from _due(match, match["when"], "至", year, start=match.start("when"))
    for match in _AT_END.finditer(folded):
        yield from _due(match, match["when"], "底", year, start=match.start("when"))
    for match in _WINDOW.finditer(folded):
        both = f"{match['first']}至{match['when']}"
        for due in _due(match, both, "时间", year, start=match.start("first")):
            yield replace(due, span=Span(due.span.start, match.end("when")))
    for match in _SAME.finditer(folded):
        yield DeadlineMatch(Span(*match.span()), "", None, None, False, "同上")


def _is_asked(folded: str, match: regex.Match[str]) -> bool:
    """请于9月24日前注册并登录: a thing to do, where 于9月24日前注册的企业 tells of a state."""
    return folded.endswith(("于", "在"), 0, match.start()) and _ATTRIBUTE.match(folded, match.end()) is None


def _due(match: regex.Match[str], when: str, word: str, year: int | None, *, start: int) -> Iterator[DeadlineMatch]:
    period = parse_period(when, year)
    if period is None:
        return
    while match.string[start].isspace():
        start += 1
    vague = period.precision not in {"day", "open"} and not when.rstrip().endswith(("底", "末"))
    yield DeadlineMatch(Span(start, match.end()), "", period.end, None, vague, word)


def _recurring(folded: str) -> Iterator[DeadlineMatch]:
    for match in _EVERY.finditer(folded):
        recurrence = _recurrence(match)
        plain = match["due"] is None and not match["last"] and not match["nth"]
        if recurrence is None or (plain and _HANDED_IN.match(folded, match.end()) is None):
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip("于在 \t\n"))
        yield DeadlineMatch(Span(start, match.end()), "", None, recurrence, False, "每")


def _daily(folded: str) -> Iterator[DeadlineMatch]:
    for match in _DAILY.finditer(folded):
        yield DeadlineMatch(Span(*match.span()), "", None, Recurrence("day"), False, "每")


def _recurrence(match: regex.Match[str]) -> Recurrence | None:
    every = _EVERY_WORDS[next(char for char in match["every"] if char in _EVERY_WORDS)]
    if match["last"]:
        return Recurrence(every, -1, work_day=match["lw"] == "工作日")
    if match["nth"]:
        return Recurrence(every, read_count(match["nth"]), work_day=True)
    if match["m"]:
        month = read_count(match["m"])
        day = -1 if match["me"] else read_count(match["md"])
        return Recurrence("year", day, month) if every == "year" else None
    if match["wd"]:
        return Recurrence("week", _WEEK.index(match["wd"].replace("天", "日")) + 1) if every == "week" else None
    if match["d"]:
        return Recurrence(every, read_count(match["d"])) if every not in {"year", "week"} else None
    return Recurrence(every, -1)


def _relative(folded: str) -> Iterator[DeadlineMatch]:
    for match in _WITHIN.finditer(folded):
        count = 0 if match["n"] == "半" else read_count(match["n"])
        if count is None or (not match["from"] and match["unit"] in {"年", "月", "天"} and not match["at"]):
            continue
        if match["unit"] == "年" and not (match["from"] or "").endswith("起"):  # 结转以后三年内 is a span of time
            continue
        start = match.start("from") if match["from"] else match.start("n")
        if match["from"]:
            lead = _CLAUSE_LEAD.match(match["from"])
            start += lead.end() if lead else 0
        yield DeadlineMatch(Span(start, match.end()), "", None, None, False, "内")
