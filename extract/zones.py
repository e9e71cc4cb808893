"""Zones: which lines of one official document are its head, title, addressees, body, signature, imprint, annexes.

The order of GB/T 9704-2012 clause 7 is taken as usual, not as given: titles stand above or below the number, notes
of annexes before or after the signature, imprints in mid-file (domain.md §12 C32-C50).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from extract.lines import Line
from extract.parts import Part, bare_number_line, is_date_line, number_line
from gongwen.rulebook import Rulebook
from gongwen.values.dates import find_days, parse_day
from gongwen.values.document_number import is_blank_number
from gongwen.values.units import looks_like_unit

HEAD_LINES = 60
"""Lines within which title and number are looked for."""
MAX_TITLE_LINES = 6
_SENTENCE_END = regex.compile(r"[。；！]")
_ANNEX_MARK = regex.compile(r"附(?:件|表|录)(?P<no>[一二三四五六七八九十\d]{0,3})[:：]?")
_ANNEX_NOTE = regex.compile(r"附(?:件|表)(?:下载)?\d{0,2}[：](?P<rest>.*)")
_ANNEX_ITEM = regex.compile(r"(?:附件)?[（]?\d{1,2}(?:[.、．）：]|(?=[《“\p{Han}]))")
_ISSUE_NUMBER = regex.compile(r"[（]?(?:\d{4}年)?第[\d一二三四五六七八九十百]+号[）]?")
_OWN_PLACE = regex.compile(r"\p{Han}{2,7}?(?:自治区|[省市县区州盟])\p{Han}")
_PRINTED = regex.compile(r"(?:印发|印制)[。]?$")


MAX_ADDRESSEE_LINES = 6
_ITEM = regex.compile(r"[一二三四五六七八九十（\d]+[、）.]")
_LAST_NAME = regex.compile(r"[，、；]")
_PAGE_LABEL = (
    r"(?:发布(?:日期|时间)|日期|时间|发表时间|更新时间|来源|信息来源|文章来源|稿件来源|作者|责任编辑|编辑|浏览(?:次数|量|数)?|点击(?:数|量|率|次数)?"
    r"|阅读(?:量|数|次数|人数)?|访问(?:量|次数|人数)?|字体|字号|分享(?:到|至)?|打印|关闭|点赞|收藏)"
)
_PAGE_LINE = regex.compile(
    rf"(?:[【〔|]?{_PAGE_LABEL}[：]?[^，。；：]{{0,20}}?[】〕|]?|\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?(?:\d{{1,2}}：\d{{2}}(?:：\d{{2}})?)?|[大中小+\-]+|（?\d+）?次?)+"
)


@dataclass(slots=True)
class Region:
    """A run of lines: wrapper body, enclosure or annex. `title` are the lines of its own title."""

    kind: str
    first: int
    last: int
    title: list[int] = field(default_factory=list)
    marker: int | None = None


@dataclass(slots=True)
class Zones:
    """Positions in the file's lines. `regions` cover body, enclosure and annexes in order."""

    part: Part
    letterhead: list[int] = field(default_factory=list)
    number: int | None = None
    title: list[int] = field(default_factory=list)
    title_repeats: list[int] = field(default_factory=list)
    addressees: list[int] = field(default_factory=list)
    signature: list[int] = field(default_factory=list)
    date: int | None = None
    annex_note: list[int] = field(default_factory=list)
    imprint: list[int] = field(default_factory=list)
    closing_notes: list[int] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)

    def taken(self) -> set[int]:
        """Lines that are not running text."""
        held = {*self.letterhead, *self.title, *self.title_repeats, *self.signature, *self.annex_note, *self.imprint}
        held |= {*self.addressees, *(one for one in (self.number, self.date) if one is not None)}
        return held | {at for region in self.regions for at in region.title}


def read_zones(lines: Sequence[Line], part: Part, book: Rulebook, known_title: str = "") -> Zones:
    """`known_title` is the title a web page's metadata gives, tight; '' when there is none."""
    zones = Zones(part)
    reader = _Head(lines, part, book)
    zones.number = reader.number()
    zones.title, zones.title_repeats = reader.title(zones.number, known_title)
    zones.letterhead = reader.letterhead(zones)
    body = reader.after_head(zones)
    zones.addressees = reader.addressees(body)
    if zones.addressees:
        body = zones.addressees[-1] + 1
    _read_end(lines, zones, body, book)
    return zones


class _Head:
    def __init__(self, lines: Sequence[Line], part: Part, book: Rulebook) -> None:
        self.lines = lines
        self.part = part
        self.book = book
        kinds = sorted(book.vocab["kinds"], key=len, reverse=True)
        self.kind_end = regex.compile(rf"(?:{'|'.join(kinds)})(?:[（〔][^（）〔〕]{{1,14}}[）〕])*[》]?$")
        self.not_address = regex.compile(rf"^(?:{'|'.join(book.vocab['zones']['not_addressees'])})")
        self.letter_end = regex.compile(rf"(?:{'|'.join(book.vocab['zones']['letterhead_end'])})$")
        self.limit = min(part.last, part.first + HEAD_LINES)

    def number(self) -> int | None:
        """The line that is the document's own number: alone on its line, above the body."""
        for at in range(self.part.first, self.limit):
            line = self.lines[at]
            if head_names(line, self.letter_end):
                continue
            if line.is_table or _is_sentence(line):
                return None
            if number_line(line) is not None or _ISSUE_NUMBER.fullmatch(line.tight) or bare_number_line(line):
                return at
        return None

    def title(self, number: int | None, known: str) -> tuple[list[int], list[int]]:
        """Lines of the title, and lines that repeat it (web heading above the paper's own)."""
        ends = [at for at in range(self.part.first, self.limit) if self._ends_title(at)]
        stop = self._first_sentence()
        ends = [at for at in ends if at < stop]
        if known:
            for end in ends:
                group = self._group(end, known)
                if known.endswith("".join(self.lines[at].tight for at in group)):
                    ends = [one for one in ends if one >= end]
                    break
        if not ends:
            return self._kindless(number, known, stop), []
        groups = [self._group(end, known) for end in self._separate(ends)]
        best = groups[-1] if self._repeats(groups) else groups[0]
        others = [group for group in groups if not {*group} & {*best} and self._same(group, best)]
        repeats = [at for group in others for at in group]
        return self._with_serial(best, number), repeats

    def _ends_title(self, at: int) -> bool:
        line = self.lines[at]
        if line.is_table or len(line.tight) > 150 or number_line(line) is not None:
            return False
        if self.letter_end.search(line.tight) or line.tight.endswith("："):
            return False
        if _ISSUE_NUMBER.fullmatch(line.tight):
            return False
        return bool(self.kind_end.search(line.tight)) and not _SENTENCE_END.search(line.tight)

    def _first_sentence(self) -> int:
        for at in range(self.part.first, self.limit):
            line = self.lines[at]
            if head_names(line, self.letter_end):
                continue
            if line.is_table or _is_sentence(line) or (line.tight.endswith("：") and len(line.tight) > 4):
                return at
        return self.limit

    def _separate(self, ends: list[int]) -> list[int]:
        """Ends of different title groups among the head's title-like lines."""
        out = [ends[0]]
        for end in ends[1:]:
            between = range(out[-1] + 1, end)
            if any(number_line(self.lines[at]) is not None for at in between) or self.lines[end].tight:
                out.append(end)
        return out

    def _group(self, end: int, known: str) -> list[int]:
        """Walk up from the title's last line to its first."""
        group = [end]
        while group[0] - 1 >= self.part.first and len(group) < MAX_TITLE_LINES:
            here, above = self.lines[group[0]], self.lines[group[0] - 1]
            joined = "".join(self.lines[at].tight for at in group)
            if known and joined == known:
                break
            if self._breaks_title(above, here, joined):
                break
            group.insert(0, group[0] - 1)
        return group

    def _breaks_title(self, above: Line, here: Line, below: str) -> bool:
        if above.is_table or number_line(above) is not None or is_date_line(above) or len(above.tight) > 60:
            return True
        if regex.search(r"[。；：！★]", above.tight) or _ANNEX_MARK.fullmatch(above.tight):
            return True
        if _ISSUE_NUMBER.fullmatch(above.tight):
            return True
        if self.letter_end.search(above.tight):
            return True
        if self.kind_end.search(above.tight) and ("关于" not in above.tight or "关于" in below):
            return True
        if here.tight.startswith(("关于", "《")) or "关于" in here.tight:
            return not looks_like_unit(above.tight) or self._is_spaced(above) or here.tight.find("关于") > 0
        return looks_like_unit(above.tight) and self._is_spaced(above)

    @staticmethod
    def _is_spaced(line: Line) -> bool:
        """柳 州 市 …: every character spaced, as letterheads are scanned."""
        return line.folded.count(" ") >= len(line.tight) - 2 and len(line.tight) > 3

    def _repeats(self, groups: list[list[int]]) -> bool:
        """The last group is the paper's own title under a web heading of the same words."""
        return len(groups) > 1 and (self._same(groups[0], groups[-1]) or groups[-1][0] - groups[0][-1] == 1)

    def _same(self, one: list[int], other: list[int]) -> bool:
        first = "".join(self.lines[at].tight for at in one)
        second = "".join(self.lines[at].tight for at in other)
        return first in second or second in first or _alike(first, second) > 0.8

    def _with_serial(self, title: list[int], number: int | None) -> list[int]:
        """公告⏎（第6号）: a bracketed serial under the title belongs to it."""
        after = title[-1] + 1
        if after < self.limit and regex.fullmatch(r"（第\d+号）", self.lines[after].tight):
            return [*title, after]
        return title

    def _kindless(self, number: int | None, known: str, stop: int) -> list[int]:
        """No line ends with a kind: take what the page metadata names, or a lone short first line."""
        for at in range(self.part.first, stop):
            if known and self.lines[at].tight == known:
                return [at]
        first = self.part.first
        if first < stop and _ANNEX_MARK.fullmatch(self.lines[first].tight):
            first += 1
        if known or first >= stop:
            return []
        line = self.lines[first]
        lone = 6 <= len(line.tight) <= 50 and not regex.search(r"[。；：，]", line.tight) and number is None
        plain = (
            not looks_like_unit(line.tight)
            and not regex.match(r"\d{1,2}[.、]", line.tight)
            and "附件" not in line.tight[:2]
        )
        return [first] if lone and plain and not regex.match(r"[一二三四五六七八九十（]+[、）]", line.tight) else []

    def letterhead(self, zones: Zones) -> list[int]:
        """Lines above number and title that name the issuers."""
        stop = min([at for at in (zones.number, *zones.title, *zones.title_repeats) if at is not None], default=None)
        if stop is None:
            return []
        found: list[int] = []
        for at in range(self.part.first, stop):
            line = self.lines[at]
            if head_names(line, self.letter_end):
                found.append(at)
            if line.is_table or regex.search(r"[。；：★]", line.tight) or is_date_line(line) or len(line.tight) > 60:
                continue
            if is_blank_number(line.tight):
                continue
            named = looks_like_unit(line.tight) or self.letter_end.search(line.tight) or self._is_spaced(line)
            if named or (found and found[-1] == at - 1):
                found.append(at)
        return found

    def after_head(self, zones: Zones) -> int:
        """The first line behind title, number and what stands between them (dates, source and font lines of pages)."""
        held = [at for at in (zones.number, *zones.title, *zones.title_repeats) if at is not None]
        at = max(held, default=self.part.first - 1) + 1
        while at < self.part.last and (
            regex.fullmatch(r"★|（[^（）]{2,30}）", self.lines[at].tight)
            or number_line(self.lines[at]) is not None
            or (is_date_line(self.lines[at]) and at < self.part.last - 1)
            or is_page_line(self.lines[at])
        ):
            at += 1
        return at

    def addressees(self, at: int) -> list[int]:
        """Lines of the addressees, up to the one with the colon; [] when the body begins at once."""
        found: list[int] = []
        while at < self.part.last and len(found) < MAX_ADDRESSEE_LINES:
            line = self.lines[at]
            if line.is_table or len(line.tight) > 500 or (not found and self.not_address.search(line.tight)):
                return []
            colon = line.tight.find("：")
            before = line.tight[:colon] if colon >= 0 else line.tight
            if "。" in before or (not found and _ITEM.match(line.tight)):
                return []
            found.append(at)
            if colon >= 0:
                return found if self._ends_addressees(found, colon) else []
            at += 1
        return []

    def _ends_addressees(self, found: list[int], colon: int) -> bool:
        last = self.lines[found[-1]].tight
        whole = "".join(self.lines[at].tight for at in found[:-1]) + last[:colon]
        if len(whole) < 2 or (len(found) > 1 and not looks_like_unit(_LAST_NAME.split(whole)[-1])):
            return False
        rest = last[colon + 1 :]
        if not rest:
            return True
        return bool(self.not_address.search(rest)) and looks_like_unit(_LAST_NAME.split(whole)[-1])


def is_page_line(line: Line) -> bool:
    """来源：本网　浏览次数：12　【字体：大 中 小】, 2020-10-12 08:30: what a page prints under its title."""
    return not line.is_table and len(line.tight) < 60 and bool(_PAGE_LINE.fullmatch(line.tight))


def head_names(line: Line, letter_end: regex.Pattern[str]) -> list[tuple[int, int]]:
    """A red head laid out as a table (joint issuers beside 文件): places of the names in `folded`; else none."""
    if not line.is_table or len(line.tight) > 1200:
        return []
    names = []
    for piece in regex.finditer(r"[^\t\n]+", line.folded):
        tight = "".join(piece.group().split())
        if not tight or letter_end.fullmatch(tight):
            continue
        if not looks_like_unit(tight) or len(tight) > 40:
            return []
        names.append(piece.span())
    return names


def _is_sentence(line: Line) -> bool:
    return bool(_SENTENCE_END.search(line.tight)) and len(line.tight) > 25


def _alike(one: str, other: str) -> float:
    pairs = {one[i : i + 2] for i in range(len(one) - 1)}
    others = {other[i : i + 2] for i in range(len(other) - 1)}
    return 2 * len(pairs & others) / max(1, len(pairs) + len(others))


def _read_end(lines: Sequence[Line], zones: Zones, body: int, book: Rulebook) -> None:
    """Signature, date, notes, imprint, annex note; then the regions of running text."""
    zones.date = _signature_date(lines, zones, body)
    if zones.date is not None:
        zones.signature = _signature(lines, zones, body)
    imprint = tuple(book.vocab["zones"]["imprint"])
    notes = tuple(book.vocab["zones"]["closing_notes"])
    for at in range(body, zones.part.last):
        tight = lines[at].tight
        if lines[at].is_table or at in zones.signature:
            continue
        if tight.startswith(imprint) and len(tight) < 300:
            zones.imprint.append(at)
        elif _PRINTED.search(tight) and len(tight) < 60 and find_days(tight):
            zones.imprint += [at - 1, at] if _imprint_organ(lines, zones, at) else [at]
        elif tight.startswith(notes) and zones.date is not None and at == zones.date + 1:
            zones.closing_notes.append(at)
    zones.annex_note = _annex_note(lines, zones, body)
    _read_regions(lines, zones, body)


def _imprint_organ(lines: Sequence[Line], zones: Zones, at: int) -> bool:
    """The printing organ may stand on a line of its own above 2021年3月1日印发."""
    above = lines[at - 1]
    free = at - 1 not in zones.signature and at - 1 not in zones.imprint and not above.is_table
    return free and parse_day(lines[at].tight.removesuffix("印发")) is not None and looks_like_unit(above.tight)


def _signature_date(lines: Sequence[Line], zones: Zones, body: int) -> int | None:
    """The first date line below the body that closes the wrapper: units above it, or nothing but notes below."""
    fallback = None
    for at in range(body, zones.part.last):
        line = lines[at]
        if line.is_table:
            continue
        if not is_date_line(line):
            if _signed_in_line(line) and at > body:
                return at
            continue
        above = lines[at - 1] if at > body else None
        if above is not None and (_names_units(above) or _names_units_over_two(lines, at, body)):
            return at
        fallback = at if fallback is None and at > body else fallback
    return fallback


def _signed_in_line(line: Line) -> bool:
    """东山区科学技术局 2017年7月20日: name and date on one line."""
    if len(line.tight) > 60:
        return False
    days = find_days(line.folded)
    if len(days) != 1:
        return False
    name = "".join(line.folded[: days[0].span.start].split())
    rest = "".join(line.folded[days[0].span.end :].split())
    return not rest and looks_like_unit(name)


def _names_units(line: Line) -> bool:
    """Every name on the line (parted by wide gaps or 、) is a unit's; a proxy note （…代章） may follow."""
    if line.is_table or regex.search(r"[。；！？]|[：]", line.tight) or len(line.tight) > 120:
        return False
    text = regex.sub(r"（[^（）]*代章）|（(?:盖章|章|印章)）", "", line.folded)
    names = [one for one in regex.split(r"\s{2,}|、", text.strip()) if one.strip()]
    return bool(names) and all(looks_like_unit("".join(one.split())) for one in names)


def _names_units_over_two(lines: Sequence[Line], at: int, body: int) -> bool:
    """A unit's name broken over two lines."""
    if at - 2 < body or lines[at - 2].is_table or lines[at - 1].is_table:
        return False
    joined = lines[at - 2].tight + lines[at - 1].tight
    return len(joined) <= 60 and not regex.search(r"[。；：，]", joined) and looks_like_unit(joined)


def _signature(lines: Sequence[Line], zones: Zones, body: int) -> list[int]:
    """Lines of names above the date."""
    assert zones.date is not None
    found: list[int] = []
    at = zones.date - 1
    while at >= body and len(found) < 40:
        line = lines[at]
        joins = bool(found) and found[0] == at + 1 and _continues(line, lines[at + 1])
        if not (
            _names_units(line) or joins or (at == zones.date - 1 and _names_units_over_two(lines, zones.date, body))
        ):
            break
        found.insert(0, at)
        at -= 1
    return found


def _continues(line: Line, below: Line) -> bool:
    """The upper half of a name whose lower half stands below."""
    if line.is_table or regex.search(r"[。；：，、）]$|^附件|^\d", line.tight) or len(line.tight) > 40:
        return False
    if regex.search(r"[。；：，！]", line.tight):
        return False
    if looks_like_unit(below.tight) and _OWN_PLACE.match(below.tight):
        return False
    return not looks_like_unit(line.tight) and looks_like_unit(line.tight + below.tight) and len(below.tight) < 12


def _annex_note(lines: Sequence[Line], zones: Zones, body: int) -> list[int]:
    """附件：1. A⏎2. B, before or after the signature; lines without a number continue the item above."""
    for at in range(body, zones.part.last):
        match = _ANNEX_NOTE.match(lines[at].tight)
        if lines[at].is_table or match is None:
            continue
        found = [at]
        while (step := _annex_step(lines, zones, found[-1] + 1)) > 0:
            found += range(found[-1] + 1, found[-1] + 1 + step)
        if match["rest"] or len(found) > 1:
            return found
    return []


def _annex_step(lines: Sequence[Line], zones: Zones, at: int) -> int:
    """How many lines from `at` on hold the next item, or the rest of the item above together with the next one."""
    closing = {*zones.signature, *zones.imprint, zones.date}
    for step in (1, 2):
        here = at + step - 1
        if here >= zones.part.last or here in closing or lines[here].is_table or len(lines[here].tight) >= 120:
            return 0
        if _SENTENCE_END.search(lines[here].tight):
            return 0
        if _ANNEX_ITEM.match(lines[here].tight):
            return step
        if "：" in lines[here].tight or len(lines[here].tight) > 40 or looks_like_unit(lines[here].tight):
            return 0
    return 0


def _read_regions(lines: Sequence[Line], zones: Zones, body: int) -> None:
    """Wrapper body up to the signature, then enclosure, then one region an annex marker."""
    closing = {*zones.signature, *zones.imprint, *zones.annex_note, *zones.closing_notes}
    if zones.date is not None:
        closing.add(zones.date)
    end = zones.date if zones.date is not None else None
    starts: list[tuple[int, str, int | None]] = [(body, "body", None)]
    for at in range(body, zones.part.last):
        line = lines[at]
        is_marker = not line.is_table and at not in closing and len(line.tight) <= 8
        if is_marker and _ANNEX_MARK.fullmatch(line.tight):
            starts.append((at, "annex", at))
    inner = _inner_title(lines, zones, body, closing) if zones.addressees else None
    if inner is not None and all(first != inner for first, _, _ in starts):
        starts.append((inner, "enclosure", None))
    if end is not None and not (inner is not None and inner < end):
        after = next((at for at in range(end + 1, zones.part.last) if at not in closing), None)
        if after is not None and all(first != after for first, _, _ in starts):
            starts.append((after, "enclosure", None))
    starts.sort()
    for at, (first, kind, marker) in enumerate(starts):
        last = starts[at + 1][0] if at + 1 < len(starts) else zones.part.last
        region = Region(kind, first, last, marker=marker)
        if kind != "body":
            region.title = _region_title(lines, region, closing)
        zones.regions.append(region)


def _inner_title(lines: Sequence[Line], zones: Zones, body: int, closing: set[int]) -> int | None:
    """Where the enclosure begins above the signature, or no signature stands: at the line that repeats words of the
    wrapper's title. One under an annex marker is that annex's."""
    title = "".join(lines[at].tight for at in zones.title)
    for at in range(body, zones.part.last):
        tight = lines[at].tight
        if at in closing or lines[at].is_table or not 8 <= len(tight) <= 100 or _SENTENCE_END.search(tight):
            continue
        if tight in title:
            return None if _ANNEX_MARK.fullmatch(lines[at - 1].tight) else at
    return None


def _region_title(lines: Sequence[Line], region: Region, closing: set[int]) -> list[int]:
    """Title lines of an enclosure or annex: short lines without a stop before the first heading, label or sentence."""
    found: list[int] = []
    first = region.first + (1 if region.marker is not None else 0)
    for at in range(first, min(region.last, first + MAX_TITLE_LINES)):
        line = lines[at]
        if line.is_table or at in closing or len(line.tight) > 80 or regex.search(r"[。；：，]$", line.tight):
            break
        if regex.match(
            r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]）|第[一二三四五六七八九十]+条|\d+[.、]\D", line.tight
        ):
            break
        if _SENTENCE_END.search(line.tight) or regex.search(r"[：].{12,}", line.tight):
            break
        found.append(at)
        if len("".join(lines[one].tight for one in found)) > 120:
            return []
    return found
