"""The head of a document: number, title, letterhead, addressees, told from lines and their neighbours.

The order of GB/T 9704-2012 clause 7 is taken as usual, not as given: titles stand above or below the number, web
headings above titles, red heads in tables (domain.md §12 C32-C50).
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extract.lines import Line
from extract.marks import ANNEX_MARK, MAX_TITLE_LINES, SENTENCE_END
from extract.parts import Part, bare_number_line, is_date_line, number_line
from extract.zones import Zones
from gongwen.rulebook import Rulebook
from gongwen.values.document_number import is_blank_number
from gongwen.values.units import looks_like_unit, split_addressees
from gongwen.values.vocab import words

_WEAK_KINDS = ("安排", "措施", "目录", "清单", "标准", "计划", "规划", "要点", "总结", "制度", "规范", "指标")
"""Kinds that short lines end in without being titles (时间安排 as the head of a column)."""
_TITLE_START = ("关于", "《", "转发", "批转", "印发")
_LONGEST_KIND = 3
HEAD_LINES = 60
"""Lines within which title and number are looked for."""
_ISSUE_NUMBER = regex.compile(r"[（]?(?:\d{4}年)?第[\d一二三四五六七八九十百]+号[）]?")
_LABELLED = regex.compile(r"\p{Han}{2,4}：")
"""名称：…的通知 of a web page's metadata, printed along with it."""
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


class HeadReader:
    """Reads the first lines of a part, above its body."""

    def __init__(self, lines: Sequence[Line], part: Part, book: Rulebook) -> None:
        self.lines = lines
        self.part = part
        self.book = book
        self.kind_end, self.serial_end, self.not_address, self.letter_end, self.title_note = book.once(
            "heads", lambda: _patterns(book)
        )
        self.limit = min(part.last, part.first + HEAD_LINES)

    def number(self) -> int | None:
        """The line that is the document's own number: alone on its line, above the body."""
        for at in range(self.part.first, self.limit):
            line = self.lines[at]
            if head_names(line, self.letter_end) or is_page_table(line):
                continue
            if line.is_table or _is_sentence(line):
                return None
            if self.serial_end.search(line.tight):
                continue  # …通告（第12号）: a title with its serial
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
        if _ISSUE_NUMBER.fullmatch(line.tight) or _LABELLED.match(line.tight):
            return False
        if len(line.tight) < 5 and line.tight.endswith(_WEAK_KINDS):
            return False
        if line.tight.startswith(("附：", "附件：")) or regex.search("[>»›]", line.tight):
            return False  # 附：原通知, and the way to a page (首页 > 通知公告)
        return self._ends_in_kind(at) and not SENTENCE_END.search(line.tight)

    def _ends_in_kind(self, at: int) -> bool:
        """A kind may be cut in two by the end of a line: …的通⏎知."""
        tight = self.lines[at].tight
        if self.kind_end.search(tight) is not None:
            return True
        if len(tight) > _LONGEST_KIND or at == self.part.first or self.lines[at - 1].is_table:
            return False
        above = self.lines[at - 1].tight
        kind = self.kind_end.search(above[-_LONGEST_KIND:] + tight)
        return kind is not None and len(kind.group()) > len(tight) and self.kind_end.search(above) is None

    def _first_sentence(self) -> int:
        for at in range(self.part.first, self.limit):
            line = self.lines[at]
            if head_names(line, self.letter_end) or is_page_line(line) or is_page_table(line):
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
            at = group[0] - 1
            broken = self._breaks_off(above, joined) or self._is_other_line(at, above, here)
            if broken and not (known and above.tight + joined in known and len(above.tight) > 3):
                break
            group.insert(0, at)
        return group

    def _breaks_off(self, above: Line, below: str) -> bool:
        """The line above is something else than a piece of a title."""
        if above.is_table or number_line(above) is not None or is_date_line(above) or len(above.tight) > 60:
            return True
        if regex.search(r"[。；：！★>]|首页|当前位置|第\d+[期号]", above.tight) or ANNEX_MARK.fullmatch(above.tight):
            return True
        if _ISSUE_NUMBER.fullmatch(above.tight):
            return True
        if self.letter_end.search(above.tight):
            return True
        return bool(self.kind_end.search(above.tight)) and ("关于" not in above.tight or "关于" in below)

    def _is_other_line(self, at: int, above: Line, here: Line) -> bool:
        """An issuer's name above a title is part of it below a red head (whose own lines name the issuer too) and
        where it stands close above; as a first line apart from the title it is the head itself."""
        if here.tight.startswith(_TITLE_START) or "关于" in here.tight:
            if "关于" in above.tight and here.tight.startswith("《") and not self.kind_end.search(above.tight):
                return False  # …关于印发⏎《…》的通知
            if not looks_like_unit(above.tight):
                return "关于" in here.tight or not above.tight.endswith(("和", "及", "与", "、", "》"))
            if not here.tight.startswith(_TITLE_START):
                return True  # its issuer stands in the line itself
            if self._head_above(at):
                return False
            return self._is_spaced(above) or here.block.gap > 0
        if looks_like_unit(above.tight) and looks_like_unit(here.tight) and self._head_above(at):
            return False
        return looks_like_unit(above.tight) and (self._is_spaced(above) or here.block.gap > 0)

    def _head_above(self, at: int) -> bool:
        """A red head or the paper's number stands above line `at`."""
        above = self.lines[self.part.first : at]
        return any(number_line(line) is not None or self.letter_end.search(line.tight) for line in above)

    @staticmethod
    def _is_spaced(line: Line) -> bool:
        """云 州 市 …: every character spaced, as letterheads are scanned."""
        return line.folded.count(" ") >= len(line.tight) - 2 and len(line.tight) > 3

    def _repeats(self, groups: list[list[int]]) -> bool:
        """The last group is the paper's own title under a web heading of the same words."""
        return len(groups) > 1 and (self._same(groups[0], groups[-1]) or groups[-1][0] - groups[0][-1] == 1)

    def _same(self, one: list[int], other: list[int]) -> bool:
        first = "".join(self.lines[at].tight for at in one)
        second = "".join(self.lines[at].tight for at in other)
        return first in second or second in first or _alike(first, second) > 0.8

    def _with_serial(self, title: list[int], number: int | None) -> list[int]:
        """公告⏎（第6号）, …的通知⏎（第二轮）: a serial or a remark in brackets under the title belongs to it."""
        after = title[-1] + 1
        if after < self.limit and self.title_note.fullmatch(self.lines[after].tight):
            return [*title, after]
        return title

    def _kindless(self, number: int | None, known: str, stop: int) -> list[int]:
        """No line ends with a kind: take what the page metadata names, or a lone short first line."""
        for at in range(self.part.first, stop):
            if known and self.lines[at].tight == known:
                return [at]
        first = self.part.first
        if first < stop and ANNEX_MARK.fullmatch(self.lines[first].tight):
            first += 1
        if known or first >= stop:
            return []
        for at in reversed(range(first, min(stop, first + 6))):
            # The red head of minutes is their title, where no line below it names the meeting.
            if self.lines[at].tight.endswith("纪要"):
                return [at - 1, at] if at > first and looks_like_unit(self.lines[at - 1].tight) else [at]
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
            if regex.search("[>»›]", line.tight) or is_page_table(line) or is_page_line(line):
                found = []  # what stands above is the page's, not the paper's
                continue
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
            if line.is_table or len(line.tight) > 500 or (not found and self._is_no_address(line)):
                return []
            colon = line.tight.find("：")
            before = line.tight[:colon] if colon >= 0 else line.tight
            if "。" in before or (not found and _ITEM.match(line.tight)):
                return []
            if not found and colon < 0 and self._is_without_colon(at):
                return [at]
            found.append(at)
            if colon >= 0:
                return found if self._ends_addressees(found, colon) else []
            at += 1
        return []

    def _is_without_colon(self, at: int) -> bool:
        """Nothing but units of several, and the body begins behind it: its colon was forgotten, or lost by OCR at the
        edge of a line."""
        line, after = self.lines[at], at + 1
        names = [name.text for name in split_addressees(line.folded.strip())]
        if len(names) < 2 or after >= self.part.last or not all(map(looks_like_unit, names)):
            return False
        return line.tight[-1] not in "，、；。" and bool(self.not_address.search(self.lines[after].tight))

    def _is_no_address(self, line: Line) -> bool:
        """A line that begins like a sentence, unless a unit is called so (自治区教育厅：)."""
        first = regex.split("[，、：]", line.tight, maxsplit=1)[0]
        return bool(self.not_address.search(line.tight)) and not (line.ends("：") and looks_like_unit(first))

    def _ends_addressees(self, found: list[int], colon: int) -> bool:
        last = self.lines[found[-1]].tight
        whole = "".join(self.lines[at].tight for at in found[:-1]) + last[:colon]
        if len(whole) < 2 or (len(found) > 1 and not looks_like_unit(_LAST_NAME.split(whole)[-1])):
            return False
        rest = last[colon + 1 :]
        if not rest:
            return True
        return bool(self.not_address.search(rest)) and looks_like_unit(_LAST_NAME.split(whole)[-1])


def _patterns(book: Rulebook) -> tuple[regex.Pattern[str], ...]:
    """What ends like a title, like a title with its serial, what begins no addressees, what ends like a red head,
    a remark under a title."""
    kinds = sorted(book.vocab["kinds"], key=len, reverse=True)
    return (
        regex.compile(rf"(?:{'|'.join(kinds)})(?:[（〔][^（）〔〕]{{1,14}}[）〕])*[》]?$"),
        regex.compile(rf"(?:{'|'.join(kinds)})（第[\d一二三四五六七八九十百]+号）$"),
        regex.compile(rf"^(?:{'|'.join(book.vocab['zones']['not_addressees'])})"),
        regex.compile(rf"(?:{'|'.join(book.vocab['zones']['letterhead_end'])})$"),
        regex.compile(rf"（(?:{'|'.join(book.vocab['zones']['title_notes'])})）"),
    )


def is_page_line(line: Line) -> bool:
    """来源：本网　浏览次数：12　【字体：大 中 小】, 2020-10-12 08:30: what a page prints under its title."""
    return not line.is_table and len(line.tight) < 60 and bool(_PAGE_LINE.fullmatch(line.tight))


def is_page_table(line: Line) -> bool:
    """文号 | … | 成文日期 | …: what a page says of the paper, as a small table above it."""
    return (
        line.is_table and len(line.tight) < 400 and sum(word in line.tight for word in words("zones", "page_heads")) > 1
    )


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
    return bool(SENTENCE_END.search(line.tight)) and len(line.tight) > 25


def _alike(one: str, other: str) -> float:
    pairs = {one[i : i + 2] for i in range(len(one) - 1)}
    others = {other[i : i + 2] for i in range(len(other) - 1)}
    return 2 * len(pairs & others) / max(1, len(pairs) + len(others))
