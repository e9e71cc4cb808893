"""The end of a document: signature and date, notes, imprint, note of annexes; then the regions of running text."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extract.lines import Line
from extract.marks import ANNEX_MARK, MAX_TITLE_LINES, SENTENCE_END
from extract.parts import is_date_line, is_month_line
from extract.sections import read_heading
from extract.zones import Region, Zones
from gongwen.rulebook import Rulebook
from gongwen.values.dates import find_days, parse_day
from gongwen.values.units import looks_like_unit
from gongwen.values.vocab import words

_ANNEX_NOTE = regex.compile(r"(?:附(?:件|表)?(?:下载)?\d{0,2}[：]|(?P<bare>附件\d{1,2}[.、．]))(?P<rest>.*)")
_ANNEX_ITEM = regex.compile(r"(?:附件)?[（]?\d{1,2}(?:[.、．）：]|(?=[《“\p{Han}]))")
_OWN_PLACE = regex.compile(r"\p{Han}{2,7}?(?:自治区|[省市县区州盟])\p{Han}")
_CLOSINGS = frozenset(words("zones", "closings"))
_NUMBERS = regex.compile(r"\d{5}|@")
"""A telephone number or a mail address: a contact, not a name of the signature."""
_PRINTED = regex.compile(r"(?:印发|印制)[。]?$")


def read_end(lines: Sequence[Line], zones: Zones, body: int, book: Rulebook) -> None:
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
        if not is_date_line(line) and not is_month_line(line):
            if _signed_in_line(line) and at > body:
                return at
            continue
        above = lines[at - 1] if at > body else None
        if above is not None and (_names_units(above) or _names_units_over_two(lines, at, body)):
            return at
        fallback = at if fallback is None and at > body and not is_month_line(line) else fallback
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
    if line.is_table or regex.search(r"[。；！？]|[：]|^\d{1,3}[.、]", line.tight) or len(line.tight) > 120:
        return False
    text = regex.sub(r"（[^（）]*代章）|（(?:盖章|章|印章)）", "", line.folded)
    names = [one for one in regex.split(r"\s{2,}|、", text.strip()) if one.strip()]
    if all(len(name) == 1 for name in names):  # 国  务  院
        names = ["".join(names)]
    return bool(names) and all(looks_like_unit("".join(one.split())) for one in names)


def _names_units_over_two(lines: Sequence[Line], at: int, body: int) -> bool:
    """A unit's name broken over two lines."""
    if at - 2 < body or lines[at - 2].is_table or lines[at - 1].is_table:
        return False
    joined = lines[at - 2].tight + lines[at - 1].tight
    if lines[at - 2].tight in _CLOSINGS:
        return False
    if _NUMBERS.search(joined):
        return False
    return len(joined) <= 60 and not regex.search(r"[。；：，]", joined) and looks_like_unit(joined)


def _signature(lines: Sequence[Line], zones: Zones, body: int) -> list[int]:
    """Lines of names above the date."""
    assert zones.date is not None
    found: list[int] = []
    at = zones.date - 1
    over_two = not _signed_in_line(lines[zones.date]) and _names_units_over_two(lines, zones.date, body)
    while at >= body and len(found) < 40:
        line = lines[at]
        joins = bool(found) and found[0] == at + 1 and _continues(line, lines[at + 1])
        if not (_names_units(line) or joins or (over_two and at == zones.date - 1)):
            break
        if at > body and _asks_for_a_value(lines, at - 1):
            return _set_off(lines, found)
        found.insert(0, at)
        at -= 1
    return found


def _set_off(lines: Sequence[Line], found: list[int]) -> list[int]:
    """Of names below 四、主办单位 those behind the last blank line sign; the others are its values."""
    while len(found) > 1 and not lines[found[0]].block.gap:
        found = found[1:]
    return found


def _asks_for_a_value(lines: Sequence[Line], at: int) -> bool:
    """二、活动地点: the line below a bare heading is its value and signs nothing."""
    heading = read_heading(lines[at], at)
    return heading is not None and heading.is_bare and heading.title.endswith(words("zones", "asked"))


def _continues(line: Line, below: Line) -> bool:
    """The upper half of a name whose lower half stands below."""
    if line.is_table or regex.search(r"[。；：，、）]$|^附件|^\d|\d{5}", line.tight) or len(line.tight) > 40:
        return False
    if regex.search(r"[。；：，！]", line.tight):
        return False
    if line.tight in _CLOSINGS or (looks_like_unit(below.tight) and _OWN_PLACE.match(below.tight)):
        return False
    return not looks_like_unit(line.tight) and looks_like_unit(line.tight + below.tight) and len(below.tight) < 12


def _annex_note(lines: Sequence[Line], zones: Zones, body: int) -> list[int]:
    """附件：1. A⏎2. B, before or after the signature; lines without a number continue the item above."""
    for at in range(body, zones.part.last):
        match = _ANNEX_NOTE.match(lines[at].tight)
        if lines[at].is_table or match is None or (match["bare"] and zones.date is not None and at > zones.date):
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
        if SENTENCE_END.search(lines[here].tight):
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
        if is_marker and ANNEX_MARK.fullmatch(line.tight):
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
        if at in closing or lines[at].is_table or not 8 <= len(tight) <= 100 or SENTENCE_END.search(tight):
            continue
        if tight in title:
            return None if ANNEX_MARK.fullmatch(lines[at - 1].tight) else at
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
        if SENTENCE_END.search(line.tight) or regex.search(r"[：].{12,}", line.tight):
            break
        found.append(at)
        if len("".join(lines[one].tight for one in found)) > 120:
            return []
    return found
