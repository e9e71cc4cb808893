"""`deadlines`: what is due, by day; also as a calendar file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from gongwen.cli.lists import catalogue, echo_rows, echo_total, list_options, paper_line, read_options
from gongwen.disk import writing_for
from gongwen.labels import print_recurrence
from index.catalogue.timetable import Asked, Entry, find_entries
from web.facts import chinese_date
from web.feeds import calendar_bytes

_KINDS = {"要求": frozenset({"duty"}), "承诺": frozenset({"commitment"})}


@click.command("deadlines")
@list_options("due", "report_to", "issuer")
@click.option("--kind", type=click.Choice(list(_KINDS)), help="只看要求（对受文单位）或承诺（发文单位自己的）")
@click.option("--ics", type=click.Path(dir_okay=False, path_type=Path), help="另存为日历文件（iCalendar）")
def command(kind: str | None, ics: Path | None, **asked: Any) -> None:
    """按日期列出办理时限：日期、事项、责任方、出处。周期性的（如每月25日前）逐次列出，最后工作日按放假安排推算。

    单位不限角色时，包括要办理的、接收报送的和发文的；统称（如各县（区）科协）所指的单位也算。
    """
    with catalogue() as opened:
        options = read_options(opened, asked)
        start, end = _range(options.years, options.start, options.end)
        kinds = _KINDS.get(kind or "", frozenset({"duty", "commitment"}))
        wanted = Asked(start, end, options.units, kinds, options.roles)
        found = opened.ask(lambda connection: find_entries(connection, wanted, limit=options.limit))
    rows = [one for one in found.rows if not options.years or int(one.start[:4]) in options.years]
    if ics is not None:
        with writing_for(ics):
            ics.write_bytes(calendar_bytes(rows, "办理时限", made=datetime.now().astimezone()))
        click.echo(f"已写入 {len(rows)} 条：{ics}", err=True)
        return
    echo_rows(rows, _lines, as_json=options.as_json)
    echo_total(found, "条", as_json=options.as_json)


def _range(years: tuple[int, ...], start: str, end: str) -> tuple[str, str]:
    first = date(min(years), 1, 1).isoformat() if years else "0001-01-01"
    last = date(max(years), 12, 31).isoformat() if years else "9999-12-31"
    return max(start, first), min(end or last, last)


def _lines(entry: Entry) -> Iterator[str]:
    marks = [print_recurrence(entry.recurrence)] if entry.recurrence else []
    marks += ["按周末推算，放假安排未公布"] if entry.is_estimated else []
    marks += ["当天休息"] if entry.is_off_day else []
    note = f"（{'，'.join(marks)}）" if marks else ""
    told = [chinese_date(entry.start) + note, entry.what]
    if entry.who:
        told.append(f"{'承诺方' if entry.kind == 'commitment' else '责任方'} {'、'.join(entry.who)}")
    if entry.to:
        told.append(f"报 {entry.to}")
    yield "；".join(told)
    yield paper_line(entry.paper, entry.page)
