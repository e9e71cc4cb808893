"""Leading groups: 组长/副组长/成员 rosters as lines or tables, and memberships told in prose (办公室主任由…兼任)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import regex

from extract.builder import Builder, Value
from extract.inline_rosters import Named, find_inline
from extract.lines import CellText, Line, cell_text
from extract.regions import RegionText, Running
from extract.roster import Person, read_roster_line
from extract.sections import read_heading
from extract.tables import read_table
from gongwen.document import grid
from gongwen.record import ROWS
from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.people import close_name, looks_like_name

_GROUP = regex.compile(
    r"(?P<name>[\p{Han}“”·0-9]{2,40}?(?:领导小组|工作小组|协调小组|工作专班|委员会|组委会|指挥部|工作组|评审组|联席会议))"
)
_TABLE_NAME = regex.compile(r"(?P<name>\p{Han}(?:[ ]*[\p{Han}·]){1,11})\s*(?:（(?:女|男|兼|\p{Han}{1,3}族)）)?")
_DOTTED_AT_END = regex.compile(
    r"(?P<post>.*(?:长|主任|书记|主席|员|师|总|经理|处)\s*)(?P<name>\p{Han}{1,8}(?:·\p{Han}{1,8}){1,4})"
)
_WHO = r"(?P<who>[^，。；：由]{2,40}?)"
_HEAD = r"(?P<role>办公室(?:副?主任)|秘书长|副秘书长|召集人|联络员)"
_RUNNING_HEAD = 20
LOOKED_UP = 60
"""Lines above a member that are looked at for the name of the group."""
_APPOINTED = (
    regex.compile(rf"{_HEAD}\s*由\s*{_WHO}(?:同志)?(?:兼任|担任|任(?=[，。；]))"),
    regex.compile(rf"(?:(?<=[，。；由])|^|(?<=由)\s*){_WHO}(?:同志)?(?:兼任|担任|任)\s*{_HEAD}"),
    regex.compile(
        rf"{_HEAD}\s*：\s*(?P<who>\p{{Han}}{{2,4}}|\p{{Han}}\s+\p{{Han}})\s*(?:（(?P<post>[^（）]+)）)?(?=[，。；]|$)"
    ),
)


_DEPUTY = (
    regex.compile(rf"(?<=[，；。])(?P<role>副?主任)\s*由\s*{_WHO}(?:同志)?(?:兼任|担任|任(?=[，。；]))"),
    regex.compile(rf"(?:(?<=[，。；由])){_WHO}(?:同志)?(?:兼任|担任|任)\s*(?P<role>副?主任)(?=[，。；]|$)"),
)
"""办公室主任由甲兼任，乙任副主任: the deputy of the office named in the clause before."""


def read_groups(builder: Builder, running: Running) -> None:
    names = _GroupNames(builder, running)
    for region in running.regions:
        _lines(builder, running, region, names)
    for region, at, line in running.tables():
        _table(builder, running, region, at, line, names)
    known = {(one["role"], one["name"]) for one in builder.record["leading_group"]}
    for region, at, line in running.text_lines():
        _prose(builder, region, at, line, known, names)


def _lines(builder: Builder, running: Running, region: RegionText, names: _GroupNames) -> None:
    """A roster begins at a line with a role label; lines without one carry the role on while they name people."""
    role: Value | None = None
    group: Value | None = None
    for at in region.body:
        line = running.lines[at]
        begin = line.block.span.start
        printed = fold_width(builder.document.text[begin : line.span.end])
        if line.is_table and role is not None:
            for start, row in _rows(printed):
                below = read_roster_line(row, inside=True)
                for person in below.people if below else ():
                    _member(builder, role, group, person, begin + start)
            continue
        found = None if line.is_table else read_roster_line(printed, inside=role is not None)
        if found is None:
            role = role if role is not None and _goes_on(running, region, at) else None
            continue
        if role is None:
            group = names.of(region, at)
        if found.role is not None:
            place = found.role.shifted(begin)
            role = Value(close_gaps(builder.text(place)), place, "leading_group/roster", 0.9)
        for person in found.people:
            _member(builder, role, group, person, begin)


def _goes_on(running: Running, region: RegionText, at: int) -> bool:
    """A running head between two pages of a roster: short, without a stop, and a member with a post below it."""
    line = running.lines[at]
    if len(line.tight) > _RUNNING_HEAD or regex.search(r"[，。；：]", line.tight) or not region.has(at + 1):
        return False
    below = running.lines[at + 1]
    found = None if below.is_table or read_heading(line, at) else read_roster_line(below.folded, inside=True)
    return found is not None and found.role is None and all(one.post is not None for one in found.people)


def _rows(printed: str) -> list[tuple[int, str]]:
    """Rows of a small table with where they begin."""
    return [(match.start(), match.group()) for match in regex.finditer(r"[^\n]+", printed)]


def _member(builder: Builder, role: Value | None, group: Value | None, person: Person, begin: int) -> None:
    rule = "leading_group/roster"
    name = person.name.shifted(begin)
    row: dict[str, Value | list[Value] | None] = {
        "role": role, "group": group, "name": Value(close_name(builder.text(name)), name, rule, 0.9)
    }  # fmt: skip
    if person.post is not None:
        post = person.post.shifted(begin)
        row["post"] = Value(close_gaps(builder.text(post)), post, rule, 0.9)
    builder.add_row("leading_group", row, ROWS["leading_group"])


class _GroupNames:
    """The name of the group that members at a line belong to. Lines are asked once each, however many members stand
    below them."""

    def __init__(self, builder: Builder, running: Running) -> None:
        self._builder = builder
        self._running = running
        self._named: dict[int, Value | None] = {}

    def of(self, region: RegionText, at: int) -> Value | None:
        """The nearest above in the section, else in the document's title."""
        for above in range(at - 1, max(region.region.first - 1, at - LOOKED_UP), -1):
            if above not in self._named:
                self._named[above] = self._in_line(self._running.lines[above])
            found = self._named[above]
            if found is not None:
                return found
        return self._in_title

    def _in_line(self, line: Line) -> Value | None:
        if line.is_table or read_roster_line(line.folded, inside=True) is not None:
            return None
        match = _last(line.folded)
        if match is None:
            return None
        span = line.at(match.end("name") - len(_bare_group(match["name"])), match.end("name"))
        return Value(close_gaps(self._builder.text(span)), span, "leading_group/group", 0.7)

    @cached_property
    def _in_title(self) -> Value | None:
        record = self._builder.record
        match = _last(record["title"] or "")
        spans = [one.span for one in record.evidence.get("title", [])]
        if match is None or not spans:
            return None
        return Value(_bare_group(match["name"]), spans, "leading_group/group", 0.6)


def _bare_group(name: str) -> str:
    """决定对云州市…领导小组 → 云州市…领导小组: what stands before the name is a verb."""
    return regex.sub(r"^.*(?:决定|同意|研究|设立|成立|组建|调整|公布|建立|对|充实|完善)(?=.{4,})", "", name)


def _last(text: str) -> regex.Match[str] | None:
    found = None
    for match in _GROUP.finditer(text):
        found = match
    return found


def _table(builder: Builder, running: Running, region: RegionText, at: int, line: Line, names: _GroupNames) -> None:
    """姓名 | 职务 tables with a column or a title that says the role in the group."""
    table = read_table(builder.document, line.block, builder.rulebook.vocab["roster_columns"], need=("name",))
    if table is None:
        _headless(builder, region, at, line, names)
    if table is None or not {"post", "role", "unit_post"} & table.columns.keys():
        return
    told = "role" in table.columns or {"post", "unit_post"} <= table.columns.keys()
    if not told and not _is_roster(running, region):
        return
    rule = "leading_group/table"
    above: CellText | None = None
    group = names.of(region, at)
    for cells in table.rows:
        name = cells.get("name")
        named = None if name is None else _TABLE_NAME.fullmatch(name.folded)
        if name is None or named is None:
            continue
        place = Span(name.span.start, name.span.start + named.end("name"))
        row: dict[str, Value | list[Value] | None] = {
            "name": Value(close_name(builder.text(place)), place, rule, 0.85),
            "group": group,
        }
        roles = {"role": "role", "post": "post"}
        if "unit_post" in table.columns:  # 职务 | 姓名 | 单位及职务: the first is the post in the group
            roles = {"role": "role" if "role" in table.columns else "post", "post": "unit_post"}
        for key in ("role", "post"):
            cell = cells.get(roles[key])
            if key == "role":
                above = cell = cell if cell and cell.tight else above
            if cell and cell.tight:
                row[key] = Value(close_gaps(builder.text(cell.span)), cell.span, rule, 0.85)
        builder.add_row("leading_group", row, ROWS["leading_group"])


def _headless(builder: Builder, region: RegionText, at: int, line: Line, names: _GroupNames) -> None:
    """组长 | 何立 | 市政府副市长 without heads: roles of a group in the first column, names in the second."""
    cells = grid(line.block)
    texts = [[cell_text(builder.document, cell) if cell else None for cell in row] for row in cells]
    roles = {*builder.rulebook.vocab["roles"]["roles"]}
    first = {row[0].tight for row in texts if row and row[0] and row[0].tight}
    if not first or not first <= roles or any(len(row) < 2 or len(row) > 3 for row in texts):
        return
    group = names.of(region, at)
    role: Value | None = None
    rule = "leading_group/table"
    for row in texts:
        head, name, post = row[0], row[1], row[2] if len(row) > 2 else None
        if head is not None and head.tight:
            role = Value(close_gaps(builder.text(head.span)), head.span, rule, 0.8)
        named = _TABLE_NAME.fullmatch(name.folded) if name else None
        if name is None or named is None:
            continue
        place = Span(name.span.start, name.span.start + named.end("name"))
        value = Value(close_name(builder.text(place)), place, rule, 0.8)
        held = Value(close_gaps(builder.text(post.span)), post.span, rule, 0.8) if post and post.tight else None
        builder.add_row(
            "leading_group", {"role": role, "group": group, "name": value, "post": held}, ROWS["leading_group"]
        )


def _is_roster(running: Running, region: RegionText) -> bool:
    title = "".join(running.lines[at].tight for at in region.region.title)
    return bool(regex.search(r"(?:领导小组|委员会|组委会|工作组).{0,8}(?:名单|成员|组成)", title))


Known = set[tuple[Any, str]]
"""Role and name of the members there are: nobody is told twice, and no list is gone through for each."""


def _prose(builder: Builder, region: RegionText, at: int, line: Line, known: Known, names: _GroupNames) -> None:
    """办公室主任由…兼任, 由…兼任办公室主任, 办公室主任：林若溪（兼）: an extra membership."""
    if not builder.triggered("reader/appointments", line) or read_roster_line(line.folded, inside=False) is not None:
        return
    inline = find_inline(line.folded)
    appointed = [match for form in _APPOINTED for match in form.finditer(line.folded)]
    told = [match for form in _DEPUTY for match in form.finditer(line.folded)]
    appointed += [match for match in told if _office_before(line.folded, match.start("role")) is not None]
    if not inline and not appointed:
        return
    group = names.of(region, at)
    for named in inline:
        _inline(builder, group, line, named, known)
    for match in sorted(appointed, key=lambda one: one.start()):
        at = match.start("who")
        for piece in _each_name(match["who"]):
            _appointed(builder, group, line, match, Span(at + piece.start, at + piece.end), known)


def _inline(builder: Builder, group: Value | None, line: Line, named: Named, known: Known) -> None:
    rule = "leading_group/inline"
    role, name, post = (line.at(one.start, one.end) for one in (named.role, named.name, named.post))
    person = close_name(builder.text(name))
    roles = [role]
    office = _office_before(line.folded, named.role.start)
    if builder.text(role) in {"主任", "副主任"} and office is not None:
        roles.insert(0, line.at(office.start, office.end))
    told = ("".join(close_gaps(builder.text(one)) for one in roles), person)
    if told in known:
        return
    known.add(told)
    row: dict[str, Value | list[Value] | None] = {
        "role": Value(told[0], roles, rule, 0.75),
        "name": Value(person, name, rule, 0.75),
        "post": Value(close_gaps(builder.text(post)), post, rule, 0.75),
        "group": group,
    }
    builder.add_row("leading_group", row, ROWS["leading_group"])


def _office_before(folded: str, role: int) -> Span | None:
    """The 办公室 that a bare 主任 behind it leads: in the same sentence, and no other body between them."""
    at = folded.rfind("办公室", 0, role)
    if at < 0 or regex.search(r"[。\n]|委员会|指挥部|小组|专班", folded[at + 3 : role]):
        return None
    return Span(at, at + 3)


def _each_name(who: str) -> list[Span]:
    """林若溪、何立 are two persons where both look like names; 科协党组书记、主席何立 is one."""
    pieces = [Span(*piece.span()) for piece in regex.finditer(r"[^、]+", who)]
    if len(pieces) > 1 and all(_name_at_end(piece.of(who).strip().removesuffix("同志"))[0] for piece in pieces):
        return pieces
    return [Span(0, len(who))]


def _appointed(
    builder: Builder, group: Value | None, line: Line, match: regex.Match[str], place: Span, known: Known
) -> None:
    who = place.of(line.folded).strip().removesuffix("同志")
    name, post = _name_at_end(who)
    if name is None and any(close_name(who) == member for _, member in known):
        name, post = who, ""
    if name is None:
        return
    rule = "leading_group/prose"
    start = line.folded.index(who, place.start)
    roles = [line.at(match.start("role"), match.end("role"))]
    office = _office_before(line.folded, match.start("role"))
    if match["role"] in {"主任", "副主任"} and office is not None:
        roles.insert(0, line.at(office.start, office.end))
    role = Value("".join(close_gaps(builder.text(one)) for one in roles), roles, rule, 0.8)
    named = line.at(start + len(post), start + len(who))
    held = line.at(start, start + len(post.rstrip())) if post.strip() else None
    if match.groupdict().get("post") and match["post"] not in {"兼", "兼任", "兼职"}:
        held = line.at(match.start("post"), match.end("post"))
    row: dict[str, Value | list[Value] | None] = {
        "role": role,
        "name": Value(close_name(builder.text(named)), named, rule, 0.8),
        "group": group,
        "post": Value(close_gaps(builder.text(held)), held, rule, 0.8) if held else None,
    }
    told = (str(role.value), close_name(builder.text(named)))
    if told not in known:
        known.add(told)
        builder.add_row("leading_group", row, ROWS["leading_group"])


def _name_at_end(who: str) -> tuple[str | None, str]:
    """生态环境局副局长周明远 → (周明远, 生态环境局副局长); the name is what stands behind a word of a post."""
    dotted = _DOTTED_AT_END.fullmatch(who)
    if dotted:
        return dotted["name"], dotted["post"]
    if looks_like_name("".join(who.split())):
        return who, ""
    spaced = regex.search(r"\p{Han}\s+\p{Han}$", who)
    for size in [len(spaced.group())] if spaced else (3, 2, 4):
        name, post = who[-size:], who[:-size]
        if looks_like_name("".join(name.split())) and regex.search(
            r"(?:长|主任|书记|主席|员|师|总|经理|处|任)\s*$", post
        ):
            return name, post
    return None, ""
