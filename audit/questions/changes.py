"""What changed between two rosters or two years' plans: added, dropped, moved, re-dated, re-worded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, or_, select

from audit.answers import Answer, Column, Row
from audit.desk import Desk, NotKnownError
from audit.linking import link
from audit.questions.asked import Asked, Question
from audit.rosters import GroupNames, Member, Roster, find_rosters
from audit.taskfacts import TaskFact, papers_with_tasks, tasks_of
from audit.wording import Wording
from gongwen.values.document_number import DocumentNumber
from index.catalogue.refs import REF, PaperRef, ref
from index.catalogue.tables import papers

COLUMNS = (
    Column("change", "变化", 12), Column("before", "前", 40), Column("after", "后", 40), Column("told", "说明", 44),
)  # fmt: skip
_MOST_FOUND = 5


def what_changed(desk: Desk, asked: Asked) -> Answer:
    """Between two papers by address or number; which of them is earlier is told by their days."""
    first, last = sorted((_paper(desk, asked.one), _paper(desk, asked.other)), key=lambda one: (one.date, one.year))
    rows = [*_rosters(desk, first, last), *_plans(desk, first, last)]
    told = tuple(
        (name, f"{one.number or one.title}（{one.date or '无日期'}）") for name, one in (("前", first), ("后", last))
    )
    notes = []
    if not rows:
        notes.append("两件公文的任务和名单没有可比的，或没有变化。")
    if any(row.group == "任务" for row in rows):
        notes.append("任务按措辞、单位和类别对应；“新增”“未再列入”的，也可能是改了提法而没有认出，请对照原文。")
    return Answer(
        "changes", "两件公文的变化", told, COLUMNS, tuple(rows[: asked.limit]), desk.searched(), tuple(notes), len(rows)
    )


def _paper(desk: Desk, text: str) -> PaperRef:
    """NotKnownError for a paper that is not there, and for a number or title that several have."""
    found = desk.ask(_find, text.strip())
    if not found:
        raise NotKnownError(f"资料库中没有“{text}”这件公文，请写文号、标题或编号")
    if len(found) > 1:
        many = "；".join(f"{one.number or one.title}（{one.id}）" for one in found)
        raise NotKnownError(f"“{text}”对应多件公文，请写编号：{many}")
    return found[0]


def _find(connection: Connection, text: str) -> list[PaperRef]:
    wanted = select(*REF).where(papers.c.is_main == 1)
    number = DocumentNumber.parse(text)
    own = [papers.c.number == (str(number) if number else text), papers.c.title == text, papers.c.id == text]
    exact = [ref(row) for row in connection.execute(wanted.where(or_(*own)).limit(_MOST_FOUND))]
    if exact or not text:
        return exact
    copied = connection.execute(select(*REF).where(papers.c.id == text)).first()
    if copied:
        return [ref(copied)]
    near = wanted.where(papers.c.title.contains(text, autoescape=True)).order_by(papers.c.date)
    return [ref(row) for row in connection.execute(near.limit(_MOST_FOUND))]


# --- plans ---


def _plans(desk: Desk, first: PaperRef, last: PaperRef) -> Iterator[Row]:
    found = desk.ask(tasks_of, desk.ask(papers_with_tasks, ids=[first.id, last.id]))
    if {one.paper.id for one in found} != {first.id, last.id}:
        return
    found = [one for one in found if one.twin is None]
    for thread in link(Wording(desk.vocab, desk.series_vocab), _as_series(found)):
        before = [one for one in thread.tasks if one.paper.id == first.id]
        after = [one for one in thread.tasks if one.paper.id == last.id]
        evidence = tuple(desk.cite(one.paper.id, one.path) for one in (*before[:1], *after[:1]))
        for change, told in _task_changes(before, after):
            cells = (change, before[0].name if before else "", after[0].name if after else "", told)
            yield Row(cells, evidence, "任务")


def _as_series(found: Sequence[TaskFact]) -> list[TaskFact]:
    """Who compares two papers says that they belong together."""
    from dataclasses import replace

    return [replace(one, series="compared") for one in found]


def _task_changes(before: Sequence[TaskFact], after: Sequence[TaskFact]) -> Iterator[tuple[str, str]]:
    if not before:
        yield "新增", f"牵头：{'、'.join(after[0].printed) or '未写明'}"
        return
    if not after:
        yield "未再列入", f"原牵头：{'、'.join(before[0].printed) or '未写明'}"
        return
    old, new = before[0], after[0]
    if set(old.leads) != set(new.leads):
        yield "牵头变动", f"{'、'.join(old.printed) or '未写明'} → {'、'.join(new.printed) or '未写明'}"
    if set(old.helpers) != set(new.helpers):
        yield "责任单位变动", _set_change(old.helpers, new.helpers)
    if _plain(old.group) != _plain(new.group) and (old.group or new.group):
        yield "移到另一类", f"{old.group or '未分类'} → {new.group or '未分类'}"
    if _shifted(old) != _shifted(new) or (not old.start and old.time != new.time):
        yield "时间变动", f"{old.time or '未写'} → {new.time or '未写'}"
    if old.title != new.title:
        yield "提法变动", f"{old.name} → {new.name}"
    elif old.detail != new.detail:
        yield "内容变动", f"{old.detail or '未写'} → {new.detail or '未写'}"


def _shifted(task: TaskFact) -> tuple[str, str]:
    """From when to when without the year of the plan: what is due each December is not re-dated."""
    year = str(task.year)
    return tuple(day.replace(year, "Y", 1) for day in (task.start, task.end))  # type: ignore[return-value]


def _plain(group: str) -> str:
    return "".join(char for char in group if "\u4e00" <= char <= "\u9fff").lstrip("一二三四五六七八九十")


def _set_change(before: Sequence[str], after: Sequence[str]) -> str:
    came = [one for one in after if one not in before]
    left = [one for one in before if one not in after]
    parts = [f"增加{'、'.join(came)}" if came else "", f"减少{'、'.join(left)}" if left else ""]
    return "；".join(one for one in parts if one)


# --- rosters ---


def _rosters(desk: Desk, first: PaperRef, last: PaperRef) -> Iterator[Row]:
    found = desk.ask(find_rosters, GroupNames(desk.vocab), ids=[first.id, last.id])
    before = [one for one in found if one.paper.id == first.id]
    after = [one for one in found if one.paper.id == last.id]
    for new in after:
        old = next((one for one in before if GroupNames.same(one.key, new.key)), None)
        if old is None and len(before) == len(after) == 1:
            old = before[0]
        if old is not None:
            yield from _members(desk, old, new)


def _members(desk: Desk, old: Roster, new: Roster) -> Iterator[Row]:
    was = {one.name: one for one in old.persons}
    now = {one.name: one for one in new.persons}
    left = [one for one in old.persons if one.name not in now]
    for one in new.persons:
        before = was.get(one.name)
        if before is not None:
            yield from _moved(desk, old, new, before, one)
            continue
        gone = next((held for held in left if one.unit and held.unit == one.unit), None)
        if gone is None:
            yield _member_row(desk, ("新增", "", _told(one), one.unit), (new, one))
        else:
            left.remove(gone)
            yield _member_row(desk, ("接替", _told(gone), _told(one), f"单位同为{one.unit}"), (old, gone), (new, one))
    for one in left:
        yield _member_row(desk, ("退出", _told(one), "", one.unit), (old, one))


def _moved(desk: Desk, old: Roster, new: Roster, before: Member, after: Member) -> Iterator[Row]:
    if before.rank != after.rank:
        yield _member_row(
            desk,
            ("小组职务变动", _told(before), _told(after), f"{before.rank} → {after.rank}"),
            (old, before),
            (new, after),
        )
    if before.post != after.post:
        yield _member_row(
            desk,
            ("职务变动", _told(before), _told(after), f"{before.post} → {after.post}"),
            (old, before),
            (new, after),
        )


def _member_row(desk: Desk, cells: tuple[str, str, str, str], *places: tuple[Roster, Member]) -> Row:
    evidence = tuple(desk.cite(roster.paper.id, one.path) for roster, one in places)
    return Row(cells, evidence, places[-1][0].group)


def _told(one: Member) -> str:
    return "　".join(text for text in (one.rank, one.name, one.post) if text)


QUESTION = Question(
    "changes", "两年计划、两份名单的变化", "两件公文的任务或名单：新增、未再列入、牵头和时间变动、改了提法",
    ("one", "other"), ("one", "other"), what_changed
)  # fmt: skip
