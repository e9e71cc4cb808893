"""`audit`: the questions of an auditor, answered with evidence, as text, JSON, sheets, a report or a bundle."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click

from audit.answers import Answer, Evidence, Row
from audit.desk import Desk, NotKnownError, make_desk
from audit.duties import say
from audit.export import bundle, report, tables
from audit.followups import Act, Said
from audit.questions import QUESTIONS, Asked, Question
from gongwen.cli.lists import catalogue, iso_day, printable
from gongwen.disk import writing_for
from gongwen.errors import SettingsError
from gongwen.labels import ROLES
from gongwen.settings import Settings, load_settings
from index.catalogue.refs import anchor
from index.catalogue.tables import UNIT_ROLES

ARGUMENTS = {
    "leads": (("text", "任务", True),), "unit": (("unit", "单位", True),),
    "changes": (("one", "前一件", True), ("other", "后一件", True)),
}  # fmt: skip
"""What is asked for in the first place, without the name of an option."""

_SAID: dict[str, Said] = {"已办": "done", "未办": "open", "不必办": "void"}
_OPTIONS: dict[str, Callable[[Any], Any]] = {
    "text": click.option("--text", default="", metavar="词语", help="只看含有这些词语的"),
    "unit": click.option("--unit", default="", metavar="单位", help="单位（简称、旧称、全称都可以）"),
    "group": click.option("--group", default="", metavar="小组", help="领导小组的名称，写一部分即可"),
    "person": click.option("--person", default="", metavar="姓名", help="只看这个人"),
    "issuer": click.option("--issuer", default="", metavar="机关", help="只看这个机关发出的公文"),
    "role": click.option(
        "--role", default="", metavar="角色", type=click.Choice(["", *(ROLES[one] for one in UNIT_ROLES), *UNIT_ROLES]),
        help="只看这个角色，如牵头、责任、主办",
    ),
    "on": click.option("--on", default="", metavar="日期", help="哪一天，如 2021-03-15；不写为今天"),
    "start": click.option("--from", "start", default="", metavar="日期", help="起始日期"),
    "end": click.option("--to", "end", default="", metavar="日期", help="截止日期（含当日）"),
    "first": click.option("--years", "first", default="", metavar="年份", help="计划年份，如 2020 或 2020-2024"),
    "derived": click.option("--printed", is_flag=True, help="只看原文写明的，不含由统称、职务推定的"),
}  # fmt: skip
_OUTPUTS = (
    click.option("--json", "as_json", is_flag=True, help="输出一份 JSON"),
    click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), metavar="文件", help="另存为电子表格"),
    click.option("--csv", type=click.Path(dir_okay=False, path_type=Path), metavar="文件", help="另存为 CSV"),
    click.option("--docx", type=click.Path(dir_okay=False, path_type=Path), metavar="文件", help="另存为可打印的报告"),
    click.option("--bundle", "zipped", type=click.Path(dir_okay=False, path_type=Path), metavar="文件",
                 help="另存为证据包（ZIP）：原件、抽取结果、校验值"),
    click.option("--site", default="", metavar="网址", help="链接所用的网址，如 http://10.0.0.8:8000；不写按设置"),
    click.option("--limit", type=click.IntRange(1, 100_000), default=5000, help="最多列出多少项"),
)  # fmt: skip


@click.group("audit")
def command() -> None:
    """审计查询：谁牵头、按哪件公文、后来怎样，每一项都注明出处。"""


def _outputs(made: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OUTPUTS):
        made = option(made)
    return made


def _add(question: Question) -> None:
    @_outputs
    def run(**given: Any) -> None:
        with desk() as opened:
            answer = question.work(opened, read_asked(given))
            give(opened, [answer], given)

    given = ARGUMENTS.get(question.key, ())
    for name in reversed(
        [one for one in question.fields if one not in {name for name, *_ in given} and one in _OPTIONS]
    ):
        run = _OPTIONS[name](run)
    for name, shown, required in reversed(given):
        run = click.argument(name, metavar=shown, required=required)(run)
    run.__doc__ = f"{question.about}。"
    command.command(question.key)(run)


for _question in QUESTIONS.values():
    _add(_question)


@command.command("all")
@_OPTIONS["unit"]
@_OPTIONS["first"]
@_OPTIONS["issuer"]
@_outputs
def every(**given: Any) -> None:
    """把不必另加条件的各项查询一次做完（写了单位时也查单位历年事项），适合另存为一个电子表格，一项查询一张表。"""
    with desk() as opened:
        asked = read_asked(given)
        chosen = [one for one in QUESTIONS.values() if not one.needs or (one.key in {"unit", "members"} and asked.unit)]
        give(opened, [one.work(opened, asked) for one in chosen], given)


@command.command("confirm")
@click.argument("place", metavar="编号")
@click.argument("row", metavar="第几项", type=click.IntRange(1))
@click.argument("said", metavar="已办|未办|不必办", type=click.Choice(list(_SAID)))
@click.option("--by", required=True, metavar="姓名", help="由谁确认")
@click.option("--report", "told", default="", metavar="编号", help="报告它的公文的编号")
@click.option("--day", default="", metavar="日期", help="周期性的时限：只说这一天")
@click.option("--note", default="", metavar="说明", help="补充说明")
def confirm(place: str, row: int, said: str, by: str, told: str, day: str, note: str) -> None:
    """确认一项时限办结与否（编号和第几项见 audit duties）。确认单独存放，重新抽取、重建都不影响。"""
    with desk() as opened:
        reporting = opened.citer.record(told) if told else None
        if told and reporting is None:
            raise NotKnownError(f"没有编号为 {told} 的公文")
        named = str((reporting["document_number"] or reporting["title"]) if reporting else "")
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        act = say(opened, place, row - 1, Act("", "", iso_day(day), _SAID[said], by, at, 0, named, told, note))
        click.echo(f"已记下：{act.document} “{act.duty}” {said}（{by}）", err=True)


@contextmanager
def desk() -> Iterator[Desk]:
    with catalogue() as opened:
        yield make_desk(load_settings(), opened)


def read_asked(given: dict[str, Any]) -> Asked:
    """SettingsError for years and days that are none."""
    first, last = _years(given.get("first", ""))
    roles = {ROLES[one]: one for one in UNIT_ROLES}
    role = given.get("role", "")
    return Asked(
        text=given.get("text", ""), unit=given.get("unit", ""), group=given.get("group", ""),
        person=given.get("person", ""), issuer=given.get("issuer", ""), role=roles.get(role, role), first=first,
        last=last, on=iso_day(given.get("on", "")), start=iso_day(given.get("start", "")),
        end=iso_day(given.get("end", ""), last=True), one=given.get("one", ""), other=given.get("other", ""),
        derived=not given.get("printed", False), limit=given["limit"],
    )  # fmt: skip


def _years(text: str) -> tuple[int, int]:
    first, _, last = text.replace("—", "-").replace("–", "-").partition("-")
    for one in (first, last):
        if one and not (one.isascii() and one.isdigit() and len(one) == 4):
            raise SettingsError(f"年份“{text}”无法识别，请写成 2020 或 2020-2024")
    return int(first or 0), int(last or first or 0)


def give(opened: Desk, answers: Sequence[Answer], given: dict[str, Any]) -> None:
    """Files where they are asked for, else text or JSON."""
    settings = load_settings()
    url = address(given["site"] or f"http://{settings.host}:{settings.port}")
    made = datetime.now().astimezone()
    files = {
        given["xlsx"]: lambda: tables.xlsx(answers, url),
        given["docx"]: lambda: report.docx(answers, office=settings.office, made=made),
    }
    if given["csv"] and len(answers) > 1:
        raise SettingsError("CSV 一个文件只放一项查询；请用 --xlsx，或逐项查询")
    files[given["csv"]] = lambda: tables.csv(answers[0], url)
    written = [path for path in files if path is not None]
    for path in written:
        _write(path, files[path]())
    if given["zipped"]:
        _bundle(given["zipped"], opened, answers, settings, url, made)
    if written or given["zipped"]:
        return
    if given["as_json"]:
        found = [one.to_json() for one in answers]
        click.echo(json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False))
        return
    for one in answers:
        _show(one)


def address(site: str) -> Callable[[Evidence], str]:
    """The page of the paper, at the place of the evidence."""
    base = site.rstrip("/")

    def of(one: Evidence) -> str:
        return f"{base}/d/{one.record_id}" + (f"#{anchor(one.path)}" if one.path else "")

    return of


def _write(path: Path, content: bytes) -> None:
    """The file appears when it is whole."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with writing_for(path):
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    click.echo(f"已写入 {path}", err=True)


def _bundle(
    path: Path, opened: Desk, answers: Sequence[Answer], settings: Settings, url: tables.Url, made: datetime
) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with writing_for(path):
        try:
            with part.open("w+b") as out:
                sums = _packed(out, opened, answers, settings, url, made)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    click.echo(f"已写入 {path}。其中 SHA256SUMS 的校验值：{sums}", err=True)


def _packed(
    out: IO[bytes], opened: Desk, answers: Sequence[Answer], settings: Settings, url: tables.Url, made: datetime
) -> str:
    return bundle.write_bundle(out, answers, opened.store, url, office=settings.office, made=made)


def _show(answer: Answer) -> None:
    asked = "，".join(f"{name}：{value}" for name, value in answer.asked)
    click.echo(printable(f"{answer.title}　{asked}".rstrip()))
    heading = ""
    for row in answer.rows:
        if row.group and row.group != heading:
            heading = row.group
            click.echo(printable(f"【{heading}】"))
        for line in _lines(answer, row):
            click.echo(printable(line))
    click.echo(
        printable(f"{answer.searched}；共 {answer.count} 项。" if answer.rows else f"{answer.empty}。"), err=True
    )
    for note in answer.notes:
        click.echo(printable(f"注：{note}"), err=True)


def _lines(answer: Answer, row: Row) -> Iterator[str]:
    told = [cell if at == 0 else f"{column.name} {cell}"
            for at, (column, cell) in enumerate(zip(answer.columns, row.cells, strict=True)) if cell]  # fmt: skip
    yield "；".join((*told, *row.marks))
    for one in row.evidence:
        yield f"    {one.line} [{one.record_id}]"
