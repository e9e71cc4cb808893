"""Fields of head, signature and imprint: number, title, kind, issuers, addressees, dates, annexes, marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import regex

from extract.builder import Builder, Value
from extract.lines import Line
from extract.meta import Meta
from extract.zones import Zones, head_names
from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.dates import find_days, parse_day
from gongwen.values.document_number import DocumentNumber, NumberMatch, find_bare_numbers, find_numbers, is_blank_number
from gongwen.values.units import looks_like_unit, split_addressees, split_units

_LETTER_TAIL = regex.compile(r"文\s*件\s*$")
_UPPER_PLACE = regex.compile(r"^(?:\p{Han}{2,4}(?:自治区|省))(?=\p{Han}{2,6}(?:市|县|区|州|盟))")
_PROXY = regex.compile(r"（[^（）]*代章）|（(?:盖章|章|印章)）")
_ITEM_MARK = regex.compile(
    r"^\s*(?:附\s*(?:件|表)?\s*(?:下\s*载)?\s*：?\s*)?(?:附件\s*)?[（]?(?:\d{1,2}(?![\d年月日]))?\s*(?:[.、．）：]\s*)?"
)
_FILE_END = regex.compile(r"\s*[.．](?:docx?|pdf|xlsx?|wps|et|zip|rar|ofd|jpe?g|png|txt)\s*$")
_ENCLOSED = regex.compile(r"(?:印发|颁发|制发|批转)(?P<title>.+?)(?:的通知|的公告|的决定|的函|的通告)$")


def read_header(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    _number(builder, lines, zones, meta)
    _title(builder, lines, zones, meta)
    _issuers(builder, lines, zones, meta)
    _addressees(builder, lines, zones)
    _dates(builder, lines, zones, meta)
    _annexes(builder, lines, zones)
    _imprint(builder, lines, zones)
    _enclosures(builder, lines, zones)


def _number(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    """The own number: alone on its line in the head, or named by the page's metadata; else null."""
    for entry in meta.of("document_number"):
        printed = close_gaps(fold_width(entry.text))
        parsed = DocumentNumber.parse(entry.text)
        if parsed or find_bare_numbers(entry.text):
            builder.put("document_number", Value(str(parsed or printed), entry.span, "document_number/meta", 0.9))
    at = zones.number
    if at is None:
        _number_in_title(builder, lines, zones)
    else:
        line = lines[at]
        found = find_numbers(builder.text(line.span))
        if found:
            span = line.at(found[0].span.start, found[0].span.end)
            builder.put("document_number", Value(_as_printed(found[0]), span, "document_number/line", 0.95))
            if found[0].variant:
                builder.issue("bracket_variant", "document_number", "文号的括号或写法不规范，已按〔〕统一", span)
        else:
            printed = close_gaps(line.folded.strip()).strip("（）")
            bare = find_bare_numbers(line.folded)
            span = line.span
            if bare:
                span = line.at(bare[0].span.start, bare[0].span.end)
                printed = close_gaps(span.of(builder.document.text))
            builder.put("document_number", Value(printed, span, "document_number/serial", 0.8))
    _number_parts(builder, lines, zones)


def _as_printed(match: NumberMatch) -> str:
    """One kind of brackets, but 041号 stays 041号."""
    serial = regex.search(r"(?<!\d)(?P<serial>0\d+)\s*号?$", close_gaps(fold_width(match.text)))
    number = match.value
    return f"{number.agency}〔{number.year}〕{serial['serial']}号" if serial else str(number)


def _number_in_title(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    """…公告⏎（第6号）: the serial in brackets at the title's end is the number."""
    if builder.record["document_number"] or not zones.title:
        return
    line = lines[zones.title[-1]]
    match = regex.search(r"（\s*(?P<no>(?:\d{4}\s*年\s*)?第\s*[\d一二三四五六七八九十百]+\s*号)\s*）\s*$", line.folded)
    if match:
        span = line.at(match.start("no"), match.end("no"))
        builder.put("document_number", Value(close_gaps(match["no"]), span, "document_number/title", 0.8))


def _number_parts(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    number = builder.record["document_number"]
    parsed = DocumentNumber.parse(number) if number else None
    if parsed:
        parts = {"agency": parsed.agency, "year": parsed.year, "serial": parsed.serial}
        builder.record.values["number_parts"] = parts
        return
    for at in range(zones.part.first, min(zones.part.last, zones.part.first + 30)):
        if not number and not lines[at].is_table and len(lines[at].tight) < 40 and is_blank_number(lines[at].tight):
            builder.issue("blank_number", "document_number", "文号未编，可能是草稿", lines[at].span)
            return


def _title(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    """Lines of the title joined; what metadata says stays as a candidate, and is the title where the text has none."""
    named = [Value(close_gaps(one.text), one.span, "title/meta", 0.7) for one in meta.of("title")]
    if zones.title:
        spans = [lines[at].span for at in zones.title]
        text = "".join(close_gaps(builder.text(span)) for span in spans)
        builder.put("title", Value(text, spans, "title/lines", 0.9))
        for value in named:
            if fold_width(value.value) != fold_width(text):
                builder.candidate("title", value)
    elif named:
        builder.put("title", named[0])
    if zones.title_repeats:
        spans = [lines[at].span for at in zones.title_repeats]
        text = "".join(close_gaps(builder.text(span)) for span in spans)
        if text != builder.record["title"]:
            builder.candidate("title", Value(text, spans, "title/repeat", 0.4))
    _doc_type(builder)


def _doc_type(builder: Builder) -> None:
    """The last kind named in the title (条例 art. 8; domain.md §1)."""
    title = builder.record["title"]
    if not title:
        return
    kinds: dict[str, str] = builder.rulebook.vocab["kinds"]
    folded = regex.sub(r"[（〔][^（）〔〕]{1,14}[）〕]$", "", fold_width(title))
    best = max(((folded.rfind(word) + len(word), len(word), word) for word in kinds if word in folded), default=None)
    if best is None:
        return
    if best[0] < len(folded.rstrip("》")) and kinds[best[2]] not in {"通知", "函", "决定", "公告", "通告", "批复"}:
        return
    spans = [one.span for one in builder.record.evidence["title"]]
    builder.put("doc_type", Value(kinds[best[2]], _tail_span(builder, spans, best[2]), "doc_type/title", 0.9))


def _tail_span(builder: Builder, spans: list[Span], word: str) -> Span:
    """Where a word of a title that may be broken over lines stands; the last line when it is cut in two."""
    for span in reversed(spans):
        at = builder.text(span).rfind(word)
        if at >= 0:
            return Span(span.start + at, span.start + at + len(word))
    return spans[-1]


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
        if not text:
            continue
        whole = looks_like_unit(text)
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
        for match in regex.finditer(r"\S+(?:\s\S+)*", text):
            for name in split_units(match.group()):
                span = line.at(match.start() + name.span.start, match.start() + name.span.end)
                found.append(Value(close_gaps(builder.text(span)), span, "issuers/signature", 0.9))
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
    if not head or not looks_like_unit("".join(head.split())):
        return []
    span = line.at(0, len(head))
    return [Value(close_gaps(builder.text(span)), span, "issuers/date_line", 0.85)]


def _issuers(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    """Signature first; a letterhead that names more units completes it, in the letterhead's order."""
    head = _letterhead(builder, lines, zones)
    signed = _signed(builder, lines, zones)
    builder.extend("letterhead", head)
    named = [Value(close_gaps(one.text), one.span, "issuers/meta", 0.7) for one in meta.of("issuers")]
    if len(head) > len(signed) and len(head) > 1:
        builder.extend("issuers", _completed(builder, head, signed))
        return
    if signed:
        _from_signature(builder, head, signed)
        return
    if head:
        builder.extend("issuers", [_without_province(value) for value in head])
        return
    builder.extend("issuers", named)


def _from_signature(builder: Builder, head: list[Value], signed: list[Value]) -> None:
    """The signature names the issuers; a red head that names the same body more fully is preferred (…领导小组办公室
    signed …领导小组), both kept."""
    if not head or _agree(head, signed):
        builder.extend("issuers", signed)
        return
    message = f"版头为“{head[0].value}”，落款为“{signed[0].value}”"
    builder.issue("letterhead_differs", "issuers", message, head[0].spans[0])
    fuller = len(head) == len(signed) == 1 and similar(head[0].value, signed[0].value) >= 0.7
    chosen, other = (head, signed) if fuller else (signed, head)
    builder.extend("issuers", chosen)
    for value in other:
        builder.candidate("issuers", value)


def _completed(builder: Builder, head: list[Value], signed: list[Value]) -> list[Value]:
    """Letterhead order; each name in its signed form where there is one, misread characters told."""
    rest = list(signed)
    chosen: dict[int, Value] = {}
    for least in (1.0, 0.6):
        for at, value in enumerate(head):
            match = _closest(value, rest, least) if at not in chosen else None
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


def _closest(value: Value, signed: list[Value], least: float) -> Value | None:
    """The signed form of a letterhead name, tolerant of a misread character."""
    best = max(signed, key=lambda one: similar(one.value, value.value), default=None)
    return best if best is not None and similar(best.value, value.value) >= least else None


def similar(one: str, other: str) -> float:
    """1.0 for equal names; shared two-character pieces over all of them."""
    first = {one[i : i + 2] for i in range(len(one) - 1)}
    second = {other[i : i + 2] for i in range(len(other) - 1)}
    return 1.0 if one == other else min(0.99, 2 * len(first & second) / max(1, len(first) + len(second)))


def _addressees(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    """Names up to the colon; a name broken over two lines has two places."""
    text = ""
    origin: list[int] = []
    for at in zones.addressees:
        folded = lines[at].folded.rstrip() if at == zones.addressees[-1] else lines[at].folded
        text += folded
        origin += range(lines[at].span.start, lines[at].span.start + len(folded))
    colon = text.rfind("：") if text.endswith("：") else text.find("：")
    values = []
    for name in split_addressees(text[:colon]) if zones.addressees else []:
        spans = _places(origin[name.span.start : name.span.end])
        value = "".join(close_gaps(builder.text(span)) for span in spans)
        values.append(Value(value, spans, "addressees/line", 0.9))
    builder.extend("addressees", values)


def _places(offsets: list[int]) -> list[Span]:
    """Runs of neighbouring offsets."""
    spans: list[Span] = []
    for offset in offsets:
        if spans and spans[-1].end == offset:
            spans[-1] = Span(spans[-1].start, offset + 1)
        else:
            spans.append(Span(offset, offset + 1))
    return spans


def _dates(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    """Four dates, never copied from one to another (domain.md §0 fact 3)."""
    for name in ("issue_date", "publish_date", "print_date", "effective_date"):
        for entry in meta.of(name):
            _put_day(builder, name, entry.text, entry.span, f"{name}/meta")
            if builder.record[name]:
                break
    if zones.date is not None:
        line = lines[zones.date]
        for day in find_days(line.folded)[-1:]:
            span = line.at(day.span.start, day.span.end)
            _put_day(builder, "issue_date", builder.text(span), span, "issue_date/signature")
    for at in zones.imprint:
        line = lines[at]
        if regex.search(r"印发|印制", line.tight):
            for day in find_days(line.folded)[-1:]:
                span = line.at(day.span.start, day.span.end)
                _put_day(builder, "print_date", builder.text(span), span, "print_date/imprint")
    _check_dates(builder)


def _put_day(builder: Builder, name: str, text: str, span: Span, rule: str) -> None:
    days = find_days(text)
    day = parse_day(text.strip()) or (days[0].day if days else None)
    if day is None:
        return
    if days and parse_day(text.strip()) is None:
        span = Span(span.start + days[0].span.start, span.start + days[0].span.end)
    builder.put(name, Value(day.isoformat(), span, rule, 0.9))


def _check_dates(builder: Builder) -> None:
    issued, printed, published = (builder.record[name] for name in ("issue_date", "print_date", "publish_date"))
    if issued and printed and date.fromisoformat(printed) < date.fromisoformat(issued):
        builder.issue("printed_before_signed", "print_date", f"印发日期{printed}早于成文日期{issued}")
    if issued and published and date.fromisoformat(published) < date.fromisoformat(issued):
        builder.issue("published_before_signed", "publish_date", f"发布日期{published}早于成文日期{issued}")
    for candidate in builder.record.candidates.get("issue_date", []):
        builder.issue("dates_differ", "issue_date", f"成文日期有两种：{issued}、{candidate['value']}")


def _annexes(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    """附件说明: one title an item; number, label and file ending dropped; download links are no titles."""
    values: list[Value] = []
    for at in zones.annex_note:
        line = lines[at]
        mark = _ITEM_MARK.match(line.folded)
        begin = mark.end() if mark else 0
        if values and begin == 0:  # the rest of the item above
            above = values.pop()
            joined = above.value + _printed(builder, line, 0, len(line.folded))
            values.append(Value(joined, [*above.spans, line.span], "annexes/note", 0.8))
            continue
        pieces = _split_items(line.folded, begin)
        for start, end in pieces:
            text = _FILE_END.sub("", close_gaps(line.folded[start:end], couplet=True)).strip("。；;")
            if not text or (find_numbers(text) and text.endswith("附件")):
                continue
            values.append(Value(_printed(builder, line, start, end), line.at(start, end), "annexes/note", 0.9))
    builder.extend("annexes", values)


def _printed(builder: Builder, line: Line, start: int, end: int) -> str:
    text = close_gaps(builder.text(line.at(start, end)))
    return _FILE_END.sub("", text).rstrip("。；;")


def _split_items(folded: str, begin: int) -> list[tuple[int, int]]:
    """附件：1.甲 2.乙 on one line holds two items."""
    cuts = [begin]
    for match in regex.finditer(r"(?<=\s)(?:附件\s*)?\d{1,2}\s*[.、．]\s*(?=\D)", folded[begin:]):
        cuts.append(begin + match.start())
    out = []
    for at, start in enumerate(cuts):
        end = cuts[at + 1] if at + 1 < len(cuts) else len(folded)
        mark = regex.match(r"\s*(?:附件\s*)?\d{1,2}\s*[.、．]\s*(?=\D)", folded[start:end]) if at else None
        start += mark.end() if mark else 0
        piece = folded[start:end].rstrip()
        if piece.strip():
            out.append((start + len(piece) - len(piece.lstrip()), start + len(piece)))
    return out


def _imprint(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    for at in zones.imprint:
        line = lines[at]
        match = regex.match(r"\s*(?:抄\s*送|抄\s*报|分\s*送)\s*：\s*", line.folded)
        if match is None:
            continue
        values = []
        for name in split_addressees(line.folded[match.end() :].rstrip("。 ")):
            span = line.at(match.end() + name.span.start, match.end() + name.span.end)
            values.append(Value(close_gaps(builder.text(span)), span, "copied_to/imprint", 0.9))
        builder.extend("copied_to", values)


def _enclosures(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    """关于印发《X》的通知: X, in the words of its own title where the enclosure follows."""
    title = fold_width(builder.record["title"] or "")
    match = _ENCLOSED.search(title)
    if match is None:
        return
    words = match["title"].strip()
    inner = regex.fullmatch(r"[《](?P<title>.+)[》](?:（[^（）]*）)?", words)
    if inner:
        words = inner["title"]
    titles = [region.title for region in zones.regions if region.kind != "body" and region.title]
    printed = ["".join(close_gaps(builder.text(lines[at].span)) for at in title) for title in titles]
    best = max(range(len(titles)), key=lambda at: similar(fold_width(printed[at]), words), default=None)
    if best is not None and similar(fold_width(printed[best]), words) >= 0.75:
        spans = [lines[at].span for at in titles[best]]
        builder.extend("enclosures", [Value(printed[best], spans, "enclosures/title_of_enclosure", 0.9)])
        return
    spans = [one.span for one in builder.record.evidence["title"]]
    kinds = builder.rulebook.vocab["kinds"]
    if inner or words.endswith(tuple(kinds)):
        builder.extend("enclosures", [Value(words, spans, "enclosures/title", 0.7)])
