"""Who issues: names of the red head and of the signature, put together."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extract.builder import Builder, Value
from extract.heads import head_names
from extract.lines import Line
from extract.meta import Meta
from extract.zones import Zones
from gongwen.text import Span, close_gaps
from gongwen.values.dates import find_days
from gongwen.values.units import looks_like_unit, split_units

_LETTER_TAIL = regex.compile(r"文\s*件\s*$")
_UPPER_PLACE = regex.compile(r"^(?:\p{Han}{2,4}(?:自治区|省))(?=\p{Han}{2,6}(?:市|县|区|州|盟))")
_PROXY = regex.compile(r"（[^（）]*代章）|（(?:盖章|公章|章|印章)）")


_SEALED_FOR = regex.compile(r"（\s*代章\s*）\s*$")
_BY_PROXY = "issuers/proxy"
"""云州市应急管理局（代章）: who lends the seal does not issue, where the paper tells who does."""


_DAY_BEHIND = regex.compile(r"\s+(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$")
_NO_NAME = regex.compile(r"\d|纪要$|简报$|公报$|^(?:研究|关于|讨论|审议|听取)|问题$|事项$")
"""What stands among the lines of a red head and names nobody: a number, 专题会议纪要, what a meeting was about."""


def similar(one: str, other: str) -> float:
    """1.0 for equal names; shared two-character pieces over all of them."""
    first = {one[i : i + 2] for i in range(len(one) - 1)}
    second = {other[i : i + 2] for i in range(len(other) - 1)}
    return 1.0 if one == other else min(0.99, 2 * len(first & second) / max(1, len(first) + len(second)))


def _letterhead(builder: Builder, lines: Sequence[Line], zones: Zones) -> list[Value]:
    """Names of the red head, 文件 stripped, a broken name joined (…领导小组⏎办公室文件)."""
    found: list[Value] = []
    letter_end = regex.compile("|".join(builder.rulebook.vocab["zones"]["letterhead_end"]))
    for at in zones.letterhead:
        line = lines[at]
        if line.is_table:
            for start, end in head_names(line, letter_end):
                span = line.at(start, end)
                found.append(Value(close_gaps(builder.text(span)), span, "letterhead/table", 0.85))
            continue
        tail = _LETTER_TAIL.search(line.folded)
        end = len(line.folded[: tail.start()].rstrip()) if tail else len(line.folded)
        text = close_gaps(line.folded[:end])
        if day := _DAY_BEHIND.search(line.folded[:end]):  # 云州市政府办公室  2024年6月9日 of minutes
            end = len(line.folded[: day.start()].rstrip())
            text = close_gaps(line.folded[:end])
        whole = looks_like_unit(text)
        if not text or (not whole and _NO_NAME.search(text)):
            continue
        joined = found and (text == "办公室" or not whole) and looks_like_unit(found[-1].value + text)
        if joined and tail:
            before = found.pop()
            found.append(Value(before.value + text, [*before.spans, line.at(0, end)], before.rule, 0.85))
            continue
        for name in split_units(line.folded[:end]) if whole else []:
            span = line.at(name.span.start, name.span.end)
            found.append(Value(close_gaps(builder.text(span)), span, "letterhead/line", 0.85))
        if not whole and not tail:
            found.append(Value(text, line.at(0, end), "letterhead/line", 0.6))
        elif not whole and text:
            found.append(Value(text, line.at(0, end), "letterhead/line", 0.7))
    return found


def _signed(builder: Builder, lines: Sequence[Line], zones: Zones) -> list[Value]:
    """Names of the signature, broken names joined, proxy seals (代章) left out."""
    found: list[Value] = []
    pending: list[Span] = []
    for at in zones.signature:
        line = lines[at]
        text = _PROXY.sub(lambda match: " " * len(match.group()), line.folded)
        if "代章" in line.folded:
            builder.issue("proxy_seal", "issuers", "落款注明由其他单位代章", line.span)
        if not looks_like_unit("".join(text.split())) or (pending and _is_tail(lines, zones, at)):
            joined = "".join(close_gaps(builder.text(span)) for span in pending) + close_gaps(text)
            if pending and looks_like_unit(joined):
                found.append(Value(joined, [*pending, line.span], "issuers/signature", 0.85))
                pending = []
            else:
                pending.append(line.span)
            continue
        letters = all(len(one) == 1 for one in text.split())  # 国  务  院
        for match in regex.finditer(r"\S.*\S" if letters else r"\S+(?:\s\S+)*", text):
            if letters:
                span = line.at(match.start(), match.end())
                found.append(Value(close_gaps(match.group()), span, "issuers/signature", 0.9))
                continue
            rule = _BY_PROXY if _SEALED_FOR.search(line.folded) else "issuers/signature"
            for name in split_units(match.group()):
                span = line.at(match.start() + name.span.start, match.start() + name.span.end)
                found.append(Value(close_gaps(builder.text(span)), span, rule, 0.9))
    if zones.date is not None and zones.date not in zones.signature:
        found += _beside_date(builder, lines[zones.date])
    return found


def _is_tail(lines: Sequence[Line], zones: Zones, at: int) -> bool:
    """The lower half of a name broken over two lines: short, and the line above is no name of its own."""
    return len(lines[at].tight) < 12 and at - 1 in zones.signature


def _beside_date(builder: Builder, line: Line) -> list[Value]:
    """东山区科学技术局 2017年7月20日: the name before the date on one line."""
    days = find_days(line.folded)
    head = line.folded[: days[0].span.start].strip() if days else ""
    head = regex.sub(r"\s*（(?:盖章|公章|印章|章)）$", "", head)
    parts = list(regex.finditer(r"\S+(?:\s\S+)*", head))  # wide gaps part names
    if regex.search(r"\d{5}", head):  # a telephone number ran into the line
        parts = list(regex.finditer(r"\S+", head))[-1:]
    spans = [line.at(*part.span()) for part in parts]
    if not all(looks_like_unit("".join(part.group().split())) for part in parts):
        spans = [line.at(0, len(head))] if looks_like_unit("".join(head.split())) else []
    return [Value(close_gaps(builder.text(span)), span, "issuers/date_line", 0.85) for span in spans]


def read_issuers(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    """Signature first; a letterhead that names more units completes it, in the letterhead's order."""
    head = _letterhead(builder, lines, zones)
    signed = _signed(builder, lines, zones)
    builder.extend("letterhead", head)
    proxies = [value for value in signed if value.rule == _BY_PROXY]
    if proxies and (head or len(signed) > len(proxies)):
        signed = [value for value in signed if value.rule != _BY_PROXY]
        for value in proxies:
            builder.candidate("issuers", value)
    named = [Value(close_gaps(one.text), one.span, "issuers/meta", 0.7) for one in meta.of("issuers")]
    if len(head) > len(signed) and len(head) > 1:
        builder.extend("issuers", _completed(builder, head, signed))
        return
    if signed:
        _from_signature(builder, head, signed)
        return
    titled = _in_title(builder, lines, zones)
    if head and len(titled) <= len(head):
        builder.extend("issuers", [_without_province(value) for value in head])
        return
    builder.extend("issuers", titled if len(titled) > 1 or not named else named)


def _in_title(builder: Builder, lines: Sequence[Line], zones: Zones) -> list[Value]:
    """中共某县委⏎某县人民政府⏎关于…: names on lines of their own that begin the title."""
    found: list[Value] = []
    for at in zones.title:
        if not looks_like_unit(lines[at].tight):
            break
        found += [
            Value(close_gaps(builder.text(span)), span, "issuers/title", 0.7)
            for name in split_units(lines[at].folded)
            for span in (lines[at].at(name.span.start, name.span.end),)
        ]
    return found


def _from_signature(builder: Builder, head: list[Value], signed: list[Value]) -> None:
    """The signature names the issuers; a red head that names the same body more fully is preferred (…领导小组办公室
    signed …领导小组), both kept."""
    if not head or _agree(head, signed):
        builder.extend("issuers", signed)
        return
    message = f"版头为“{head[0].value}”，落款为“{signed[0].value}”"
    builder.issue("letterhead_differs", "issuers", message, head[0].spans[0])
    shortened = head[0].value.endswith(signed[0].value)  # 某省某市科协 signed 某市科协
    longer = len(head) == len(signed) == 1 and len(head[0].value) > len(signed[0].value)
    fuller = longer and not shortened and similar(head[0].value, signed[0].value) >= 0.7
    chosen, other = (head, signed) if fuller else (signed, head)
    builder.extend("issuers", chosen)
    for value in other:
        builder.candidate("issuers", value)


def _completed(builder: Builder, head: list[Value], signed: list[Value]) -> list[Value]:
    """Letterhead order; each name in its signed form where there is one, misread characters told."""
    rest = list(signed)
    chosen: dict[int, Value] = {}
    place = _shared_place([value.value for value in head])
    for least in (1.0, 0.6):
        for at, value in enumerate(head):
            match = _closest(value, rest, least, place) if at not in chosen else None
            if match is not None:
                rest.remove(match)
                chosen[at] = match
                if match.value != value.value:
                    message = f"版头“{value.value}”与落款“{match.value}”不一致"
                    builder.issue("names_differ", "issuers", message, value.spans[0])
    if signed and len(chosen) < len(head):
        message = f"版头有{len(head)}个机关，落款只读到{len(signed)}个"
        builder.issue("signatories_incomplete", "issuers", message, signed[0].spans[0])
    return [chosen.get(at) or _usual_form(builder, value) for at, value in enumerate(head)]


def _usual_form(builder: Builder, value: Value) -> Value:
    """中共云州市委员会宣传部 where the text itself says 中共云州市委宣传部."""
    short = regex.sub(r"委员会(?=\p{Han}{2,}(?:部|局|办|办公室)$)", "委", value.value)
    at = builder.document.text.find(short)
    if short == value.value or at < 0:
        return value
    return Value(short, [Span(at, at + len(short)), *value.spans], "issuers/usual_form", 0.7)


def _without_province(value: Value) -> Value:
    """海西省云州市科学技术协会 in a red head is 云州市科学技术协会 (domain.md §5)."""
    short = _UPPER_PLACE.sub("", value.value)
    return value if short == value.value else Value(short, value.spans, "issuers/letterhead", 0.7)


def _agree(head: list[Value], signed: list[Value]) -> bool:
    heads = {_without_province(value).value for value in head} | {value.value for value in head}
    return any(value.value in heads for value in signed)


def _shared_place(names: list[str]) -> str:
    """What at least half of the names begin with, without its level, which may be misread (云州区 for 云州市): two
    bodies of one place with a long name are not alike for it."""
    for first in names:
        for size in range(len(first), 1, -1):
            sharing = sum(name.startswith(first[:size]) for name in names)
            if sharing >= 2 and 2 * sharing >= len(names):
                return regex.sub("[市县区旗]$", "", first[:size])
    return ""


def _closest(value: Value, signed: list[Value], least: float, place: str) -> Value | None:
    """The signed form of a letterhead name, tolerant of a misread character."""

    def likeness(one: Value) -> float:
        return similar(*(name.replace(place, "") for name in (one.value, value.value)))

    best = max(signed, key=likeness, default=None)
    return best if best is not None and likeness(best) >= least else None
