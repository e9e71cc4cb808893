"""Who was in which group on a day, on what paper, and what no paper bears out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from audit.answers import Answer, Column, Row
from audit.desk import Desk
from audit.questions.asked import Asked, Question
from audit.rosters import GroupNames, Member, Roster, by_group, find_rosters, in_force, of_group
from audit.withdrawn import withdrawals
from gongwen.phrases import chinese_date, in_book_marks
from gongwen.values.unit_entries import closed_name
from index.catalogue.units import names_of

COLUMNS = (
    Column("rank", "小组职务", 10), Column("name", "姓名", 10), Column("post", "工作单位及职务", 34),
    Column("unit", "单位", 26), Column("since", "名单日期", 14),
)  # fmt: skip


def who_sat(desk: Desk, asked: Asked) -> Answer:
    """On the day that is asked for, else today. A unit means those whose post is held in it, departments included."""
    day = asked.on or desk.today.isoformat()
    groups = GroupNames(desk.vocab)
    found = desk.ask(find_rosters, groups)
    if asked.group:
        found = of_group(found, groups, asked.group)
    bodies = desk.ask(names_of, desk.units([asked.unit])) if asked.unit else ()
    rows: list[Row] = []
    notes: list[str] = []
    for many in by_group(found):
        now, after = in_force(many, day)
        if now is None:
            notes += _not_yet(desk, many, day, asked, bodies)
            continue
        chosen = _chosen(now, asked, bodies)
        if not chosen and not _was_in(many, asked, bodies):
            continue
        rows += [_row(desk, now, one) for one in chosen]
        notes += list(_doubts(desk, now, after, day, asked, bodies, chosen))
    told = asked.told(("日期", chinese_date(day)), ("单位", asked.unit), ("小组", asked.group), ("姓名", asked.person))
    return Answer(
        "members", "某日小组成员", told, COLUMNS, tuple(rows[: asked.limit]), desk.searched(), tuple(notes), len(rows),
        ("换用单位全称或简称", "不限小组", "换一个日期"),
    )  # fmt: skip


def _chosen(roster: Roster, asked: Asked, bodies: Sequence[str]) -> list[Member]:
    held = roster.members
    if asked.unit:
        held = tuple(one for one in held if any(one.unit.startswith(name) for name in bodies))
    if asked.person:
        held = tuple(one for one in held if one.name == closed_name(asked.person))
    return list(held)


def _was_in(many: Sequence[Roster], asked: Asked, bodies: Sequence[str]) -> bool:
    """Whether any roster of the group has whom is asked for: only then its silence is worth telling."""
    return not (asked.unit or asked.person) or any(_chosen(one, asked, bodies) for one in many)


def _row(desk: Desk, roster: Roster, one: Member) -> Row:
    cells = (one.rank, one.name, one.post, one.unit, chinese_date(roster.paper.date))
    return Row(cells, (desk.cite(roster.paper.id, one.path),), roster.group)


def _doubts(
    desk: Desk, now: Roster, after: Roster | None, day: str, asked: Asked, bodies: Sequence[str],
    chosen: Sequence[Member],
) -> Iterator[str]:  # fmt: skip
    name, on = now.group, chinese_date(now.paper.date)
    told = _named(now)
    if not chosen:
        yield f"“{name}”：所查日期适用的名单（{told}，{on}）中没有所查的单位或人员。"
    yield (
        f"“{name}”：依据是{on}的名单（{told}），早于所查日期 {_days(now.paper.date, day)} 天；"
        f"资料库中没有这两日之间的新名单，此间的人员变动没有依据。"
    )
    clause = desk.citer.sentence(now.paper.id, desk.words("succession"))
    if clause:
        yield f"“{name}”：该名单写明“{clause}”，所查日期实际由谁担任，资料库中没有依据。"
    held = desk.ask(withdrawals, [now.paper.id]).get(now.paper.id)
    if held:
        yield f"“{name}”：{held.told}。"
    if after is None:
        yield f"“{name}”：资料库中没有更晚的名单。"
    else:
        names = "、".join(one.name for one in _chosen(after, asked, bodies)) if asked.unit or asked.person else ""
        changed = f"，其中为{names}" if names else "，其中没有所查的单位或人员" if asked.unit or asked.person else ""
        yield f"“{name}”：下一份名单是{chinese_date(after.paper.date)}的{_named(after)}{changed}。"


def _not_yet(desk: Desk, many: Sequence[Roster], day: str, asked: Asked, bodies: Sequence[str]) -> Iterator[str]:
    if not _was_in(many, asked, bodies):
        return
    dated = [one for one in many if one.paper.date]
    if dated:
        on = chinese_date(dated[0].paper.date)
        yield f"“{many[0].group}”：最早的名单是{on}的{_named(dated[0])}，{chinese_date(day)}的成员没有依据。"
    else:
        yield f"“{many[0].group}”：名单没有日期，不知是否适用于{chinese_date(day)}。"


def _named(roster: Roster) -> str:
    return roster.paper.number or in_book_marks(roster.paper.title)


def _days(first: str, last: str) -> int:
    try:
        return (date.fromisoformat(last) - date.fromisoformat(first)).days
    except ValueError:
        return 0


QUESTION = Question(
    "members", "某日小组成员", "某一天谁在哪个领导小组、谁代表某单位，依据哪份公文，哪些没有依据",
    ("on", "unit", "group", "person"), ("unit", "group", "person"), who_sat,
)  # fmt: skip
