"""Who led task T in years A–B: the same task found again although its wording moves."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from audit.answers import Answer, Column, Row
from audit.desk import Desk
from audit.linking import Thread, link
from audit.questions.asked import Asked, Question
from audit.taskfacts import TaskFact, papers_with_tasks, tasks_of, tasks_with
from audit.withdrawn import Withdrawal, withdrawals
from audit.wording import Scale, Wording, likeness
from index.catalogue.tables import papers
from index.catalogue.titles import may_be

COLUMNS = (
    Column("year", "年份", 7), Column("task", "任务", 40), Column("lead", "牵头单位", 26),
    Column("helpers", "责任（配合）单位", 36), Column("time", "时间", 14), Column("change", "与上一次相比", 26),
)  # fmt: skip

SEEDS = 200
"""Tasks with the words that are asked for: more words make them fewer."""

SERIES_ONLY = 3000
"""When all papers of the issuers have more tasks than this, only those of the same series are compared."""

_ALIKE = 0.5
_PIECES = 8


def who_led(desk: Desk, asked: Asked) -> Answer:
    wording = Wording(desk.vocab, desk.series_vocab)
    seeds = _seeds(desk, wording, asked)
    found = _around(desk, seeds, asked.years) if seeds else []
    marked = {(one.paper.id, one.row) for one in seeds}
    threads = [one for one in link(wording, found) if any((task.paper.id, task.row) in marked for task in one.tasks)]
    threads.sort(key=lambda one: (-len(one.years), one.tasks[0].year, one.tasks[0].paper.id, one.tasks[0].row))
    gone = desk.ask(withdrawals, [task.paper.id for one in threads for task in one.tasks])
    rows = [row for one in threads for row in _rows(desk, one, gone)]
    notes = (
        ["同一任务在各年的提法可能不同，归在一起的依据是措辞、单位和所在公文的系列；是否同一任务，请对照原文。"]
        if rows
        else []
    )
    if len(seeds) >= SEEDS:
        notes.append(f"含有所查词语的任务很多，只取最近的 {SEEDS} 项，请加上更具体的词。")
    notes += _absent(threads, asked.years)
    return Answer(
        "leads", "任务由谁牵头", asked.told(("任务", asked.text)), COLUMNS, tuple(rows[: asked.limit]),
        desk.searched(asked.years), tuple(notes), len(rows),
        ("换一种提法，或只写任务中最有特点的两三个字", "放宽年份"),
    )  # fmt: skip


def _seeds(desk: Desk, wording: Wording, asked: Asked) -> list[TaskFact]:
    """Tasks that hold all the words; where there is none, those whose wording is most like the one asked for."""
    words = asked.text.split()[:8]
    if not words:
        return []
    found = desk.ask(tasks_with, words, asked.years, limit=SEEDS)
    if found:
        return _pick(desk.ask(tasks_of, {paper for paper, _ in found}), desk, found)
    core = wording.read(asked.text).core
    pieces = [core[at : at + 2] for at in range(len(core) - 1)][:_PIECES] or [core]
    near = desk.ask(tasks_with, pieces, asked.years, every=False, limit=4 * SEEDS) if core else []
    many = _pick(desk.ask(tasks_of, {paper for paper, _ in near}), desk, near)
    asked_for = wording.read(asked.text)
    scale = Scale(wording.read(one.name) for one in many)
    told = [(likeness(asked_for, wording.read(one.name), scale), one) for one in many]
    return [one for alike, one in sorted(told, key=lambda pair: -pair[0]) if alike >= _ALIKE][:SEEDS]


def _pick(found: Sequence[TaskFact], desk: Desk, wanted: Sequence[tuple[int, int]]) -> list[TaskFact]:
    ids = desk.ask(_ids, {paper for paper, _ in wanted})
    rows = {(ids[paper], row) for paper, row in wanted if paper in ids}
    return [one for one in found if (one.paper.id, one.row) in rows]


def _ids(connection: Connection, keys: set[int]) -> dict[int, str]:
    wanted = select(papers.c.pk, papers.c.id).where(papers.c.pk.in_(keys))
    return {row.pk: row.id for row in connection.execute(wanted)}


def _around(desk: Desk, seeds: Sequence[TaskFact], years: tuple[int, ...]) -> list[TaskFact]:
    """All tasks of the papers among which the seeds may go on: of the same series, and of the same issuers."""
    issuers = sorted({one.issuer for one in seeds if one.issuer})
    keys = desk.ask(papers_with_tasks, issuers=issuers, years=years) if issuers else []
    own = desk.ask(papers_with_tasks, ids=sorted({one.paper.id for one in seeds}))
    found = desk.ask(tasks_of, {*keys, *own})
    if len(found) <= SERIES_ONLY:
        return found
    series = {one.series for one in seeds if one.series}
    ids = {one.paper.id for one in seeds}
    return [one for one in found if one.series in series or one.paper.id in ids]


def _rows(desk: Desk, thread: Thread, gone: dict[str, Withdrawal]) -> list[Row]:
    out: list[Row] = []
    before: TaskFact | None = None
    for task in thread.tasks:
        is_twin = before is not None and before.paper.id == task.paper.id
        change = "同一公文的另一处" if is_twin and before else _change(before, task)
        held = gone.get(task.paper.id)
        evidence = [desk.cite(task.paper.id, task.path)]
        if held:
            evidence.append(desk.cite(held.by.id, held.path))
        out.append(Row(
            (str(task.year or "不明"), task.name, "、".join(task.printed) or "未写明", "、".join(task.printed_helpers),
             task.time, change),
            tuple(evidence), thread.name, "doubt" if held or not task.leads else "",
            _marks(task, held),
        ))  # fmt: skip
        before = task
    return out


def _marks(task: TaskFact, held: Withdrawal | None) -> tuple[str, ...]:
    # 市科协 needs no word, 市扶贫办 of a unit with another name does
    renamed = [f"{printed}即{name}" for printed, name in zip(task.printed, task.leads, strict=False)
               if len(task.printed) == len(task.leads) and not may_be(printed, name)]  # fmt: skip
    return tuple(one for one in (held.told if held else "", "；".join(renamed)) if one)


def _change(before: TaskFact | None, task: TaskFact) -> str:
    if before is None:
        return ""
    told = []
    came, left = (
        [one for one in task.leads if one not in before.leads],
        [one for one in before.leads if one not in task.leads],
    )
    if came:
        told.append(f"新增牵头：{'、'.join(came)}")
    if left:
        told.append(f"不再牵头：{'、'.join(left)}")
    if not told and before.leads != task.leads:
        told.append("牵头单位的次序有变")
    if before.name != task.name:
        told.append("提法有变")
    if task.year - before.year > 1:
        told.append(f"中间 {task.year - before.year - 1} 年未见")
    return "；".join(told) or "未变"


def _absent(threads: Sequence[Thread], years: tuple[int, ...]) -> list[str]:
    """Years that were asked for and in which no paper names the task."""
    if not threads or not years:
        return []
    seen = {year for one in threads for year in one.years}
    missing = [str(year) for year in years if year not in seen]
    return [f"所查年份中没有记录的：{'、'.join(missing)}。没有记录不等于没有这项任务。"] if missing else []


QUESTION = Question(
    "leads", "任务由谁牵头", "同一任务历年由谁牵头、谁负责，提法变了也归在一起", ("text", "first", "last"),
    ("text",), who_led
)  # fmt: skip
