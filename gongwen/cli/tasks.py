"""`tasks`: who leads and answers for what, from the tasks of all papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from gongwen.cli.lists import catalogue, echo_rows, echo_total, list_options, paper_line, read_options
from index.catalogue.tasklists import TASK_ROLES, Task, Wanted, find_tasks


@click.command("tasks")
@list_options(*TASK_ROLES)
@click.option("--derived", is_flag=True, help="统称（如各县（区）科协）所指的单位也算")
def command(derived: bool, **asked: Any) -> None:
    """列出任务：任务名称、牵头和责任单位、时间、出处。

    年份是计划所属的年份；起止日期按任务自己的时间，没有写明的按计划的时间或公文日期。
    """
    with catalogue() as opened:
        options = read_options(opened, asked)
        wanted = Wanted(options.units, options.roles, options.years, options.start, options.end, derived)
        found = opened.ask(lambda connection: find_tasks(connection, wanted, limit=options.limit))
    echo_rows(found.rows, _lines, as_json=options.as_json)
    echo_total(found, "项任务", as_json=options.as_json)


def _lines(task: Task) -> Iterator[str]:
    parts = [task.title or task.detail or "（未见名称）"]
    for label, names in (("牵头", task.lead), ("责任", task.responsible), ("配合", task.cooperate)):
        if names:
            parts.append(f"{label} {'、'.join(names)}")
    if task.time:
        parts.append(task.time)
    yield "；".join(parts)
    yield paper_line(task.paper, task.page)
