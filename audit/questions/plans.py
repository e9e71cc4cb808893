"""What a plan leaves open, and where its body and its table do not agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audit.answers import Answer, Column, Row
from audit.desk import Desk
from audit.questions.asked import Asked, Question
from audit.taskfacts import TaskFact, papers_with_tasks, tasks_of

UNASSIGNED = (
    Column("year", "年份", 7), Column("task", "任务", 44), Column("lacks", "缺什么", 16), Column("told",
    "写明了的", 40),
)  # fmt: skip
DIFFERS = (
    Column("year", "年份", 7), Column("task", "任务", 36), Column("what", "不一致之处", 14), Column("body", "正文", 36),
    Column("table", "任务表", 36),
)  # fmt: skip

_EITHER = ("正文和任务表写同一任务的，任一处写明就不列出。计划另有总的时间的，任务自己没有写时间仍列出。",)
_WHICH = ("同一公文的正文和附表写了同一任务，两处单位或时间不同；以哪一处为准，请发文机关说明。",)


def unassigned(desk: Desk, asked: Asked) -> Answer:
    rows: list[tuple[TaskFact, list[str]]] = []
    for found in _by_paper(_tasks(desk, asked)):
        told = {one.row for one in found if one.printed}
        timed = {one.row for one in found if one.time}
        doubled = {one.twin for one in found if one.twin is not None}
        for task in found:
            other = _others(task, found)
            lacks = [name for name, has in (
                ("牵头单位", task.row in told or other & told), ("时间", task.row in timed or other & timed)
            ) if not has]  # fmt: skip
            if lacks and not (task.row in doubled and task.twin is not None):
                rows.append((task, lacks))
    return Answer(
        "unassigned", "没有写明牵头或时间的任务", _told(asked), UNASSIGNED,
        tuple(_lacking(desk, task, lacks) for task, lacks in rows[: asked.limit]),
        desk.searched(asked.years),
        _EITHER if rows else (), len(rows),
    )  # fmt: skip


def differs(desk: Desk, asked: Asked) -> Answer:
    pairs: list[tuple[TaskFact, TaskFact]] = []
    for found in _by_paper(_tasks(desk, asked)):
        by_row = {one.row: one for one in found}
        for table in found:
            body = by_row.get(table.twin) if table.twin is not None else None
            if body is not None:
                pairs.append((body, table))
    rows = [row for body, table in pairs for row in _differences(desk, body, table)]
    return Answer(
        "differs", "正文与任务表不一致之处", _told(asked), DIFFERS, tuple(rows[: asked.limit]),
        desk.searched(asked.years),
        _WHICH if rows else (), len(rows),
    )  # fmt: skip


def _tasks(desk: Desk, asked: Asked) -> list[TaskFact]:
    issuers = [desk.catalogue.register.resolve(asked.issuer).canonical, asked.issuer] if asked.issuer else []
    keys = desk.ask(papers_with_tasks, issuers=issuers, years=asked.years)
    found = desk.ask(tasks_of, keys)
    words = asked.text.split()
    return [one for one in found if all(word in one.name + one.paper.title for word in words)]


def _by_paper(found: Iterable[TaskFact]) -> Iterator[list[TaskFact]]:
    held: dict[str, list[TaskFact]] = {}
    for one in found:
        held.setdefault(one.paper.id, []).append(one)
    yield from sorted(held.values(), key=lambda many: (-many[0].year, many[0].paper.id))


def _others(task: TaskFact, found: Iterable[TaskFact]) -> set[int]:
    """The rows of the same paper that tell of the same task."""
    return {one.row for one in found if one.twin == task.row} | ({task.twin} if task.twin is not None else set())


def _lacking(desk: Desk, task: TaskFact, lacks: list[str]) -> Row:
    told = [f"{name}：{value}" for name, value in (
        ("牵头", "、".join(task.printed)), ("责任", "、".join(task.printed_helpers)), ("时间", task.time),
    ) if value]  # fmt: skip
    cells = (str(task.year or "不明"), task.name, "、".join(lacks), "；".join(told))
    return Row(cells, (desk.cite(task.paper.id, task.path),), _heading(task))


def _differences(desk: Desk, body: TaskFact, table: TaskFact) -> Iterator[Row]:
    checks = (
        ("牵头单位", set(body.leads) == set(table.leads), "、".join(body.printed), "、".join(table.printed)),
        ("责任单位", set(body.helpers) == set(table.helpers), "、".join(body.printed_helpers),
         "、".join(table.printed_helpers)),
        ("时间", (body.start, body.end) == (table.start, table.end) or body.time == table.time, body.time, table.time),
    )  # fmt: skip
    for what, same, left, right in checks:
        if not same and left and right:
            evidence = (desk.cite(body.paper.id, body.path), desk.cite(table.paper.id, table.path))
            yield Row((str(table.year or "不明"), table.name, what, left, right), evidence, _heading(table), "doubt")


def _heading(task: TaskFact) -> str:
    return task.paper.number or task.paper.title or task.paper.source


def _told(asked: Asked) -> tuple[tuple[str, str], ...]:
    return asked.told(("词语", asked.text), ("发文机关", asked.issuer))


UNASSIGNED_QUESTION = Question(
    "unassigned", "没有写明牵头或时间的任务", "计划里没有牵头单位或没有时间的任务", ("text", "issuer",
    "first", "last"), (), unassigned
)  # fmt: skip
DIFFERS_QUESTION = Question(
    "differs", "正文与任务表不一致", "同一计划的正文和任务表，单位或时间不一致的任务", ("text", "issuer",
    "first", "last"), (), differs
)  # fmt: skip
