"""Leading groups: 组长/副组长/成员 rosters as lines or tables, and memberships told in prose (办公室主任由…兼任)."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from extract.builder import Builder, Value
from extract.lines import Line
from extract.regions import RegionText, Running
from extract.tables import read_table
from gongwen.record import ROWS
from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.people import RosterLine, is_post, looks_like_name, parse_roster_line

_GROUP = regex.compile(
    r"(?P<name>[\p{Han}“”·0-9]{2,40}?(?:领导小组|工作小组|协调小组|工作专班|委员会|组委会|指挥部|工作组|评审组|联席会议))"
)
_ALSO = regex.compile(
    r"(?P<role>办公室(?:副?主任)|秘书长|副秘书长|召集人)\s*由\s*(?P<who>[^，。；：]{2,40}?)(?:同志)?(?:兼任|担任)"
)
_PLACED = regex.compile(
    r"\s*(?P<name>\p{Han}[ \t]{0,4}\p{Han}{1,2})[ \t]*(?:[ ]{2}|\t)[ \t]*(?P<post>[\p{Han}（）、，]{3,60})\s*"
)
_COLUMNS = {
    "name": ["姓名", "名字"],
    "role": ["组内职务", "小组职务", "组成", "领导小组职务", "担任职务", "角色", "分工", "职责"],
    "post": ["职务", "单位及职务", "工作单位及职务", "单位职务", "现任职务", "所在单位及职务", "职位"],
    "unit": ["单位", "工作单位", "所在单位"],
    "number": ["序号"],
}


def read_groups(builder: Builder, running: Running) -> None:
    for region in running.regions:
        _lines(builder, running, region)
    for region, at, line in running.tables():
        _table(builder, running, region, at, line)
    for region, at, line in running.text_lines():
        _prose(builder, running, region, at, line)


def _lines(builder: Builder, running: Running, region: RegionText) -> None:
    """A roster begins at a line with a role label; lines without one carry the role on while they name people."""
    role: Value | None = None
    group: Value | None = None
    for at in region.body:
        line = running.lines[at]
        if line.is_table:
            role = None
            continue
        printed = builder.document.text[line.block.span.start : line.span.end]
        found = parse_roster_line(printed) or (_by_place(printed) if role else None)
        if found is None or (found.role is None and role is None):
            role = None
            continue
        begin = line.block.span.start
        if role is None:
            group = _group(builder, running, region, at)
        if found.role is not None:
            assert found.role_span is not None
            role = Value(found.role, found.role_span.shifted(begin), "leading_group/roster", 0.9)
        assert role is not None
        row: dict[str, Value | list[Value] | None] = {
            "role": role,
            "name": Value(found.name, found.name_span.shifted(begin), "leading_group/roster", 0.9),
            "group": group,
        }
        if found.post and found.post_span is not None:
            row["post"] = Value(found.post, found.post_span.shifted(begin), "leading_group/roster", 0.9)
        builder.add_row("leading_group", row, ROWS["leading_group"])


def _by_place(printed: str) -> RosterLine | None:
    """A rare surname between roster lines: what stands where names stand, before a gap and a post, is a name."""
    match = _PLACED.fullmatch(fold_width(printed))
    if match is None or not is_post(match["post"]):
        return None
    name, post = Span(*match.span("name")), Span(*match.span("post"))
    return RosterLine(None, close_gaps(match["name"]), close_gaps(post.of(printed)), None, name, post)


def _group(builder: Builder, running: Running, region: RegionText, at: int) -> Value | None:
    """The group's name: the nearest above in the section, else in the document's title."""
    for above in range(at - 1, max(region.region.first - 1, at - 60), -1):
        line = running.lines[above]
        if line.is_table or parse_roster_line(line.folded) is not None or _by_place(line.folded) is not None:
            continue
        match = _last(line.folded)
        if match is not None:
            span = line.at(match.start("name"), match.end("name"))
            return Value(close_gaps(builder.text(span)), span, "leading_group/group", 0.7)
    title = builder.record["title"] or ""
    match = _last(title)
    spans = [one.span for one in builder.record.evidence.get("title", [])]
    if match is None or not spans:
        return None
    return Value(
        regex.sub(r"^.*(?:关于)?(?:调整|成立|公布|设立)", "", match["name"]), spans, "leading_group/group", 0.6
    )


def _last(text: str) -> regex.Match[str] | None:
    found = None
    for match in _GROUP.finditer(text):
        found = match
    return found


def _table(builder: Builder, running: Running, region: RegionText, at: int, line: Line) -> None:
    """姓名 | 职务 tables with a column or a title that says the role in the group."""
    table = read_table(builder.document, line.block, _COLUMNS, need=("name",))
    if table is None or not {"post", "role"} & table.columns.keys():
        return
    if "role" not in table.columns and not _is_roster(running, region):
        return
    rule = "leading_group/table"
    for cells in table.rows:
        name = cells.get("name")
        if name is None or not looks_like_name(name.tight):
            continue
        row: dict[str, Value | list[Value] | None] = {
            "name": Value(close_gaps(builder.text(name.span)), name.span, rule, 0.85),
            "group": _group(builder, running, region, at),
        }
        for key in ("role", "post"):
            cell = cells.get(key)
            if cell and cell.tight:
                row[key] = Value(close_gaps(builder.text(cell.span)), cell.span, rule, 0.85)
        builder.add_row("leading_group", row, ROWS["leading_group"])


def _is_roster(running: Running, region: RegionText) -> bool:
    title = "".join(running.lines[at].tight for at in region.region.title)
    return bool(regex.search(r"(?:领导小组|委员会|组委会|工作组).{0,8}(?:名单|成员|组成)", title))


def _prose(builder: Builder, running: Running, region: RegionText, at: int, line: Line) -> None:
    for match in _ALSO.finditer(line.folded):
        who = match["who"].strip()
        name, post = _name_at_end(who)
        if name is None:
            continue
        start = match.start("who") + match["who"].find(who)
        role = line.at(match.start("role"), match.end("role"))
        place = line.at(start + len(post), start + len(who))
        row: dict[str, Value | list[Value] | None] = {
            "role": Value(close_gaps(builder.text(role)), role, "leading_group/prose", 0.8),
            "name": Value(close_gaps(builder.text(place)), place, "leading_group/prose", 0.8),
            "group": _group(builder, running, region, at),
        }
        if post.strip():
            held = Span(line.span.start + start, line.span.start + start + len(post.rstrip()))
            row["post"] = Value(close_gaps(builder.text(held)), held, "leading_group/prose", 0.8)
        builder.add_row("leading_group", row, ROWS["leading_group"])


def _name_at_end(who: str) -> tuple[str | None, str]:
    """生态环境局副局长周明远 → (周明远, 生态环境局副局长); the name is what stands behind a word of a post."""
    if looks_like_name(who):
        return who, ""
    for size in (3, 2, 4):
        name, post = who[-size:], who[:-size]
        if looks_like_name(name) and regex.search(r"(?:长|主任|书记|主席|员|师|总|经理|处|任)\s*$", post):
            return name, post
    return None, ""


def people(builder: Builder) -> Iterator[str]:
    """Names in the record's rosters, for other readers."""
    for row in builder.record["leading_group"]:
        yield row["name"]
