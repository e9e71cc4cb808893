"""Lists of units as printed: where one name ends and the next begins (domain.md §5).

Names of places are not known here: what stands in front of 局 or 科协 is told by the genre's own words only
(rules/vocab/units.yml), so the same rules serve every office.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.unit_levels import complete_names, owner_and_department
from gongwen.values.unit_words import AND_PLACE, MAX_NAME, is_bare, is_group, looks_like_unit
from gongwen.values.vocab import words

__all__ = [
    "UnitName",
    "complete_names",
    "is_bare",
    "is_group",
    "looks_like_unit",
    "owner_and_department",
    "split_addressees",
    "split_units",
]

_MARKS = frozenset("、，；。;,")
_PAIRS = {"（": "）", "〔": "〕", "“": "”", "《": "》", "〈": "〉", "‘": "’"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}


_LONGEST_PRINTED = 400  # a group of addressees that stay together; what is longer is prose


@dataclass(frozen=True, slots=True, order=True)
class UnitName:
    """A name as printed with gaps closed. `open_ended`: 等 stood after it, so the list is not complete."""

    text: str
    span: Span
    open_ended: bool = False


_LONGEST_KEPT = 400


def split_units(text: str) -> list[UnitName]:
    """The names of a printed list of units. Brackets are not looked into; 和, 与, 及 part two names only where both
    sides are complete (市科协和市科技局, but 自然资源和规划局)."""
    return list(_split_units(text) if len(text) <= _LONGEST_KEPT else _split_units.__wrapped__(text))


@lru_cache(maxsize=4096)
def _split_units(text: str) -> tuple[UnitName, ...]:
    """A plan prints the same lists again and again."""
    folded = fold_width(text)
    found: list[UnitName] = []
    for span in _split_at(folded, _marks(folded)):
        for piece in _by_gaps(folded, span):
            for name in _by_and(folded, piece):
                unit = _unit(text, folded, name)
                if unit is not None and found and _is_further_kind(folded, found[-1], unit):
                    span = Span(found.pop().span.start, unit.span.end)
                    unit = UnitName(close_gaps(span.of(text)), span, unit.open_ended)
                if unit is not None:
                    found.append(unit)
    return tuple(found)


def _is_further_kind(folded: str, before: UnitName, unit: UnitName) -> bool:
    """各学会、协会、研究会: a bare kind behind a group is of that group and names nobody by itself."""
    if folded[before.span.end : unit.span.start].strip() != "、" or unit.text not in words("units", "bare_kinds"):
        return False
    return is_group(before.text)


def split_addressees(text: str) -> list[UnitName]:
    """主送机关: parted at every ， and gap, at 、 only where both sides are complete names; what only belongs to the
    name before it (县（区）委宣传部、老干部局, 国务院各部委、各直属机构) stays with it. Where ， parts the kinds of
    addressees, groups joined by 、 are of one kind (部属各单位、部属各高校) and stay together."""
    folded = fold_width(text)
    commas, pauses = _addressee_marks(folded)
    found: list[UnitName] = []
    for chunk in _split_at(folded, commas):
        for span in _by_gaps(folded, chunk):
            inner = pauses[bisect_left(pauses, span.start) : bisect_left(pauses, span.end)]
            for group in _groups(folded, list(_split_at(folded, inner, span)), kinds=bool(commas)):
                unit = _unit(text, folded, group)
                if unit is not None:
                    found.append(unit)
    return found


def _marks(folded: str) -> list[int]:
    """Offsets of the marks between names, outside brackets that close."""
    return [at for at in _outside(folded) if folded[at] in _MARKS]


def _addressee_marks(folded: str) -> tuple[list[int], list[int]]:
    marks = _marks(folded)
    return [at for at in marks if folded[at] != "、"], [at for at in marks if folded[at] == "、"]


def _outside(folded: str) -> Iterator[int]:
    """Offsets outside every bracket and quote that has its partner."""
    partner: dict[int, int] = {}
    open_at: dict[str, list[int]] = {opener: [] for opener in _PAIRS}
    for at, char in enumerate(folded):
        if char in open_at:
            open_at[char].append(at)
        elif char in _CLOSERS and open_at[_CLOSERS[char]]:
            partner[open_at[_CLOSERS[char]].pop()] = at
    at = 0
    while at < len(folded):
        if at in partner:
            at = partner[at]
        else:
            yield at
        at += 1


def _split_at(folded: str, marks: Sequence[int], within: Span | None = None) -> Iterator[Span]:
    start, stop = (within.start, within.end) if within else (0, len(folded))
    for at in (*marks, stop):
        if folded[start:at].strip():
            yield _trimmed(folded, start, at)
        start = at + 1


def _trimmed(folded: str, start: int, end: int) -> Span:
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    return Span(start, end)


_GAP = regex.compile(r"\s+")


def _by_gaps(folded: str, span: Span) -> Iterator[Span]:
    """A piece parted where white space stands between two complete names; other gaps are inside a name."""
    start = span.start
    gaps = list(_GAP.finditer(folded, span.start, span.end))
    for at, gap in enumerate(gaps):
        stop = gaps[at + 1].start() if at + 1 < len(gaps) else span.end
        if _is_letter_gap(folded, span, gaps, at):
            continue
        left = "".join(folded[start : gap.start()].split())
        if len(left) > MAX_NAME or _parts(left, folded, gap, stop, gaps[at + 1 : at + 1 + MAX_NAME], span.end):
            yield Span(start, gap.start())
            start = gap.end()
    if start < span.end:
        yield Span(start, span.end)


def _is_letter_gap(folded: str, span: Span, gaps: list[regex.Match[str]], at: int) -> bool:
    """A gap between single letters of a spread name (云 州 市 科 协), no wider than the letters' own gaps."""
    before = gaps[at].start() - (gaps[at - 1].end() if at else span.start)
    after = (gaps[at + 1].start() if at + 1 < len(gaps) else span.end) - gaps[at].end()
    if before != 1 or after != 1 or "\n" in gaps[at].group():
        return False
    near = [len(gap.group()) for gap in gaps[max(0, at - 3) : at + 4]]
    return len(gaps[at].group()) < 2 * min(near) + 1


def _parts(left: str, folded: str, gap: regex.Match[str], stop: int, later: list[regex.Match[str]], end: int) -> bool:
    """Whether the gap stands between two names. The right one may have gaps of its own."""
    if _is_place(left) and _is_place(folded[gap.end() : stop]):
        return True
    if not looks_like_unit(left):
        return False
    right = ""
    begin = gap.end()
    for until in (*(one.start() for one in later), end):
        right += folded[begin:until].strip()
        begin = until
        if len(right) > MAX_NAME:
            return False
        if looks_like_unit(right) or is_group(right):
            return not _continues(left, right)
    return False


def _continues(left: str, right: str) -> bool:
    """云州市委 宣传部 and 领导小组 办公室 are one name printed with a gap."""
    if left.endswith(("市委", "省委", "县委", "区委", "党委", "委员会")) and right in words("units", "party_bodies"):
        return True
    return right == "办公室" and not is_group(left)


def _is_place(name: str) -> bool:
    return 2 <= len(name) <= 12 and name.endswith(("县", "区", "市", "镇", "乡", "街道", "州", "旗"))


_GOVERNMENTS = ("政府", "人民政府")
_AND = regex.compile(r"[和与及]")


def _by_and(folded: str, span: Span) -> Iterator[Span]:
    start = span.start
    if len(span) > 4 * MAX_NAME:  # prose, not a list
        yield span
        return
    for match in _AND.finditer(folded, span.start, span.end):
        left, right = folded[start : match.start()], folded[match.end() : span.end]
        if _inside_bracket(left) or len(left.strip()) < 3 or not looks_like_unit(left):
            continue
        closed = "".join(right.split())
        if closed in _GOVERNMENTS and is_group(left):
            continue  # 各设区市党委和政府
        if closed in words("units", "group_words") or not looks_like_unit(_stripped_tail(closed)):
            continue
        yield _trimmed(folded, start, match.start())
        start = match.end()
    yield _trimmed(folded, start, span.end)


def _inside_bracket(left: str) -> bool:
    return any(left.count(opener) > left.count(closer) for opener, closer in _PAIRS.items())


_LEAD = regex.compile(rf"(?!{AND_PLACE})(?:由|会同|联合|请|以及|及|和|与)(?=\p{{Han}}{{2}})")
_TAIL = regex.compile(
    r"(?:等(?:\d{1,3}|[一二三四五六七八九十]{1,3})?个?(?:有关|相关|成员)?(?:单位|部门|部委|厅局|机构|企业)?)?"
    r"(?:共同|联合)?(?:牵头|负责|主办|承办|(?<!政)协办|配合|参与)?[。：:]?\s*\Z"
)
_OPEN = regex.compile(r"等")


def _stripped_tail(name: str) -> str:
    tail = _TAIL.search(name, max(0, len(name) - 30))
    return name[: tail.start()] if tail else name


def _unit(text: str, folded: str, span: Span) -> UnitName | None:
    lead = _LEAD.match(folded, span.start, span.end)
    start = lead.end() if lead else span.start
    end = start + len(_stripped_tail(folded[start : span.end]))
    trimmed = _trimmed(folded, start, end)
    if not 0 < len(trimmed) <= _LONGEST_PRINTED:
        return None
    rest = "".join(folded[end : span.end].split())
    return UnitName(close_gaps(trimmed.of(text)), trimmed, _OPEN.match(rest) is not None)


# --- which names of an addressee line belong together ---

_OWNED = regex.compile(r"各(?:直属|部门|部委|委办局|委、|厅局|人民团体)")
_OWNER = regex.compile(r"(?:国务院|政府|党委|[省市县区州]委|机关)各")
_NATIONAL = ("国家发", "国家经", "国家科", "国家卫", "国家教", "国家税", "国家能", "国务院", "中央", "中国", "全国")


def _groups(folded: str, pieces: list[Span], *, kinds: bool) -> Iterator[Span]:
    if not pieces:
        return
    start, last = pieces[0].start, pieces[0]
    for piece in pieces[1:]:
        first = "".join(folded[start : min(last.end, start + 4 * MAX_NAME)].split())
        right = "".join(piece.of(folded).split())
        left = "".join(last.of(folded).split())
        if not (kinds and is_group(first) and _is_of_a_kind(right)) and _stands_alone(left, right, first):
            yield Span(start, last.end)
            start = piece.start
        last = piece
    yield Span(start, last.end)


_PLACED = regex.compile(r"各(?!级)\p{Han}{0,4}[省市县区州盟旗镇乡街]")


def _is_of_a_kind(right: str) -> bool:
    if is_group(right) and not _PLACED.match(right):
        return True
    return right.startswith(words("units", "own_groups")) or right in words("units", "group_words")


def _stands_alone(left: str, right: str, group: str) -> bool:
    """Whether `right` is a name of its own after a group whose last name is `left`."""
    right = _stripped_tail(right)
    if left.startswith("各") and right.startswith("各") and (_are_persons(left) or _are_persons(right)):
        return True
    if _PLACES.fullmatch(left) and is_group(right) and looks_like_unit(right) and not _PLACED.match(right):
        return True  # 各村（社区）、镇属各单位
    if not looks_like_unit(left) or not looks_like_unit(right):
        return False
    if _OWNED.match(right) and _OWNER.search(group):
        return False
    bare = is_bare(regex.sub(r"（[^（）]*）", "", right))  # 教育（教体）局, 教育厅（教委）
    return not ((bare or right in words("units", "leaning")) and _hands_down(group))


_PLACES = regex.compile(r"各\p{Han}{0,4}[村镇乡县区市旗](?:（[^（）]*）)?|各\p{Han}{0,4}(?:社区|街道)(?:（[^（）]*）)?")


def _are_persons(group: str) -> bool:
    """各会员代表: a group of persons, which no unit's name ends like."""
    return group.endswith(words("units", "person_groups"))


def _hands_down(group: str) -> bool:
    """Whether names after it lean on the first name of a group: 各市科协、教育局, but not 国家经贸委、冶金部."""
    if group.startswith(_NATIONAL) or is_bare(group.partition("、")[0]):
        return False
    return group.startswith(words("units", "own_starts")) or regex.search(r"[省市县区州]|兵团", group) is not None
