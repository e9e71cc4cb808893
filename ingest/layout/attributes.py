"""The lines of a web page that tell of it: `来源：本网　2024-10-12 08:30　阅读 96`. One line at a time; which of them
count is for `head` to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from gongwen.document import Block
from gongwen.text import Span
from ingest.layout.labels import KEYS, LONE, NOISE, WEAK
from ingest.layout.shapes import NUMBER

BARE_DATE = "发布时间"
"""The key of a date without a label: beside source and counters it is when the page was put up."""

_LONGEST = 300
_BLANK = r"[ \t\u3000\u00a0]"
_NAMES = sorted(KEYS | NOISE | WEAK, key=lambda name: (-len(name), name))
_LABEL = "|".join(rf"{_BLANK}{{0,6}}".join(name) for name in _NAMES)
_DATE = (
    r"(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|年\d{1,2}月\d{1,2}日)"
    rf"(?:{_BLANK}{{0,4}}(?:星期[一二三四五六日天]){_BLANK}{{0,4}})?(?P<clock>(?:{_BLANK}{{1,2}}|T)\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?"
)
_MARK = regex.compile(
    rf"(?<![\p{{Han}}A-Za-z])(?P<label>{_LABEL}){_BLANK}{{0,2}}[：:]"
    rf"|[【〔\[](?P<label>{_LABEL})[】〕\]][：:]?"
    rf"|(?P<counter>(?:浏览|阅读|点击|访问|查看)(?:次数|人数|数|量)?{_BLANK}{{0,2}}\d{{1,9}}{_BLANK}?次?)"
    rf"|(?P<date>{_DATE})"
    rf"|(?P<button>(?:[【\[〔（(]\s?)?(?:字体|字号)[：:]?(?:\s?[【\[〔]?\s?[大中小]\s?[】\]〕]?){{0,4}}[】\]〕）)]?"
    r"|(?:[【\[〔]\s?)?(?:我要)?(?:打印|关闭|收藏|分享|纠错)(?:本页|窗口|页面|此页|到[：:]?)?\s?[】\]〕]?)"
    rf"|(?P<number>{NUMBER.pattern})"
)
_SEPARATORS = " \t\u3000\u00a0|｜丨/·"
_NOTHING = frozenset({"无", "空", "暂无", "无无", "-", "--", "—", "——", "/", "null", "(无)", "（无）"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A label as printed (with its colon; empty for a bare date) and its value, both as spans. `key` None: no
    metadata but the number of the document, which stands on the line."""

    key: str | None
    label: tuple[int, int]
    value: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Attributes:
    """What one line tells. `noise`: it holds counters or buttons; `timed`: its bare date has a time of day."""

    pairs: tuple[Pair, ...] = ()
    noise: bool = False
    timed: bool = False

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(pair.key for pair in self.pairs if pair.key is not None)

    @property
    def is_lone_date(self) -> bool:
        return len(self.pairs) == 1 and self.keys == {BARE_DATE} and not self.noise and _is_empty(self.pairs[0].label)


def says_nothing(value: str) -> bool:
    """`无`: the page has the label and no value for it."""
    return "".join(value.split()) in _NOTHING


def pair_block(key: str | None, span: Span, value: str) -> Block:
    """The block of a pair written at `span`: a value that says 无 is no value; a pair without a key is a paragraph."""
    if key is None:
        return Block("paragraph", span)
    return Block("meta", Span(span.start, span.start) if says_nothing(value) else span, key=key)


def read_attributes(text: str, offset: int) -> Attributes | None:
    """What the line says when it holds nothing but labels with their values, dates, counters and buttons (and
    perhaps the document's number); else None. Spans count from `offset`."""
    if not text or len(text) > _LONGEST or _MARK.match(text) is None:
        return None
    marks = [match for match in _MARK.finditer(text) if _stands_apart(text, match)]
    found = _read(text, offset, marks)
    if found is None:
        labels = [match for match in marks if match["label"]]
        found = _read(text, offset, labels) if labels and labels[0].start() == 0 else None
    return found


def _stands_apart(text: str, match: regex.Match[str]) -> bool:
    return match.start() == 0 or text[match.start() - 1] in _SEPARATORS or text[match.start()] in "【[〔"


def _read(text: str, offset: int, marks: Sequence[regex.Match[str]]) -> Attributes | None:
    pairs: list[Pair] = []
    noise = timed = False
    waiting: regex.Match[str] | None = None  # a label without words behind it: the next date or number is its value
    for match, after in zip(marks, [*marks[1:], None], strict=True):
        first, last = _body(text, match.end(), len(text) if after is None else after.start())
        if match["label"] is not None:
            key = "".join(match["label"].split())
            noise = noise or key in NOISE
            if first == last and after is not None and after["label"] is None:
                waiting = match
                continue
            if key in LONE and text[first:last].endswith(("。", "；")):
                return None  # 来源：各地自筹。 is a sentence of the document
            pairs.append(_pair(key, offset, match.span(), (first, last)))
            continue
        if first != last:
            return None
        noise = noise or match["counter"] is not None or match["button"] is not None
        is_value = match["date"] is not None or match["number"] is not None
        if waiting is not None:
            key = "".join(waiting["label"].split())
            value = match.span() if is_value else (waiting.end(), waiting.end())
            pairs.append(_pair(key, offset, waiting.span(), value))
            waiting = None
        elif is_value:
            timed = timed or match["clock"] is not None
            key_of = BARE_DATE if match["date"] is not None else None
            pairs.append(_pair(key_of, offset, (match.start(), match.start()), match.span()))
    return _sound(Attributes(tuple(pairs), noise, timed))


def _sound(found: Attributes) -> Attributes | None:
    """A number alone is a paragraph; 日期 and 时间 alone are labels of the document itself."""
    if not found.keys or found.keys <= WEAK:
        return found if found.noise and found.keys else None
    return found


def _pair(key: str | None, offset: int, label: tuple[int, int], value: tuple[int, int]) -> Pair:
    return Pair(key, (offset + label[0], offset + label[1]), (offset + value[0], offset + value[1]))


def _body(text: str, start: int, end: int) -> tuple[int, int]:
    """The words between two marks, without separators around them."""
    words = text[start:end]
    lead = len(words) - len(words.lstrip(_SEPARATORS))
    body = words.strip(_SEPARATORS)
    return (start + lead, start + lead + len(body)) if body else (start, start)


def _is_empty(span: tuple[int, int]) -> bool:
    return span[0] == span[1]
