"""Cited papers that are not in the corpus; gaps and doubles in running numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from audit.answers import Answer, Column, Row
from audit.desk import Desk
from audit.questions.asked import Asked, Question
from gongwen.labels import WORDS
from gongwen.phrases import chinese_date, in_book_marks
from index.catalogue.citing import Cited, find_citations
from index.catalogue.refs import REF, PaperRef, ref
from index.catalogue.tables import citations, papers

MOST_GAP = 30
"""Missing numbers in a row that are told one by one; a longer gap is told as from and to."""

MISSING = (
    Column("what", "被引用的公文", 50), Column("number", "文号", 24), Column("count", "引用次数", 9),
    Column("relation", "关系", 12), Column("by", "由谁引用", 50),
)  # fmt: skip
NUMBERS = (
    Column("series", "机关代字和年份", 22), Column("doubt", "疑点", 10), Column("numbers", "序号", 20),
    Column("told", "说明", 56),
)  # fmt: skip


def cited_and_missing(desk: Desk, asked: Asked) -> Answer:
    issuers = desk.units([asked.issuer]) if asked.issuer else ()
    found = desk.ask(find_citations, state="missing", years=asked.years, text=asked.text, issuers=issuers, limit=20_000)
    held: dict[str, list[Cited]] = defaultdict(list)
    for one in found.rows:
        held["".join(one.number.split()) or "".join(one.title.split())].append(one)
    chosen = sorted(held.values(), key=lambda many: (-len(many), many[0].title))
    rows = [_missing_row(desk, many) for many in chosen[: asked.limit]]
    notes = ("被引用而资料库中没有的，可能是没有收到，也可能公开渠道另有；法律、规划等也列在内。",) if rows else ()
    return Answer(
        "missing", "被引用而没有收到的公文", asked.told(("词语", asked.text), ("引用机关", asked.issuer)), MISSING,
        tuple(rows), desk.searched(asked.years), notes, len(chosen),
    )  # fmt: skip


def _missing_row(desk: Desk, many: Sequence[Cited]) -> Row:
    first = many[0]
    evidence = tuple(desk.cite(one.paper.id, one.path) for one in many[:20])
    words = WORDS["relation"]
    relations = "、".join(dict.fromkeys(words.get(one.relation, one.relation) for one in many if one.relation))
    by = "；".join(dict.fromkeys(one.paper.number or one.paper.title for one in many[:20]))
    title = in_book_marks(first.title) if first.title else ""
    return Row((title, first.number, str(len(many)), relations, by), evidence)


@dataclass(frozen=True, slots=True)
class _Numbered:
    paper: PaperRef
    agency: str
    year: int
    serial: int
    identity: str


def number_doubts(desk: Desk, asked: Asked) -> Answer:
    held: dict[tuple[str, int], list[_Numbered]] = defaultdict(list)
    for one in desk.ask(_numbered):
        if (not asked.years or one.year in asked.years) and asked.text in one.agency:
            held[one.agency, one.year].append(one)
    known = desk.ask(_cited_numbers)
    found = [make for key in sorted(held, key=lambda key: (key[0], -key[1]))
             for make in _doubts(key, held[key], known.get(key, {}))]  # fmt: skip
    rows = [make(desk) for make in found[: asked.limit]]
    notes = ("缺号说明资料库中没有，不说明没有发过：不是发给本单位的公文，本来就收不到。",) if rows else ()
    return Answer(
        "numbers", "文号缺号、重号和可疑之处", asked.told(("机关代字", asked.text)), NUMBERS, tuple(rows),
        desk.searched(asked.years), notes, len(found),
    )  # fmt: skip


def _numbered(connection: Connection) -> list[_Numbered]:
    wanted = select(papers.c.agency, papers.c.tail, papers.c.identity, *REF).where(papers.c.is_main == 1)
    wanted = wanted.where(papers.c.tail != "", papers.c.agency != "").order_by(papers.c.date, papers.c.id)
    return [_read(row) for row in connection.execute(wanted)]


def _read(row: Any) -> _Numbered:
    year, _, serial = row.tail.partition("|")
    return _Numbered(ref(row), row.agency, int(year), int(serial), row.identity)


def _cited_numbers(connection: Connection) -> dict[tuple[str, int], dict[int, tuple[str, str]]]:
    """{(code, year): {serial: (record id, path) of a paper that cites it}} of cited papers that are missing."""
    out: dict[tuple[str, int], dict[int, tuple[str, str]]] = defaultdict(dict)
    wanted = select(citations.c.agency, citations.c.tail, citations.c.row, papers.c.id)
    wanted = wanted.join(papers, papers.c.pk == citations.c.paper)
    wanted = wanted.where(citations.c.state == "missing", citations.c.tail != "", papers.c.is_main == 1)
    for agency, tail, row, address in connection.execute(wanted.order_by(papers.c.date)):
        year, _, serial = tail.partition("|")
        out[agency, int(year)].setdefault(int(serial), (address, f"citations/{row}"))
    return out


Make = Callable[[Desk], Row]
"""A row that is cited only when it is shown."""


def _doubts(key: tuple[str, int], many: Sequence[_Numbered], cited: Mapping[int, tuple[str, str]]) -> Iterator[Make]:
    name = f"{key[0]}〔{key[1]}〕"
    by_serial: dict[int, list[_Numbered]] = defaultdict(list)
    for one in many:
        by_serial[one.serial].append(one)
    serials = sorted(by_serial)
    for serial in serials:
        held = {one.identity: one for one in by_serial[serial]}
        if len(held) > 1:
            yield partial(_double, name, serial, list(held.values()))
    for low, high in zip([0, *serials], serials, strict=False):
        if high - low > 1:
            ends = [by_serial[end][0] for end in (low, high) if end]
            yield partial(_gap, name, (low, high), ends, cited)
    yield from _disorder(name, key[1], [by_serial[serial][0] for serial in serials])


def _double(name: str, serial: int, many: Sequence[_Numbered], desk: Desk) -> Row:
    told = "；".join(in_book_marks(one.paper.title) for one in many)
    evidence = tuple(desk.cite(one.paper.id, "document_number") for one in many)
    return Row((name, "重号", f"{serial}号", f"{len(many)} 件公文同一文号：{told}"), evidence, tone="doubt")


def _gap(
    name: str, between: tuple[int, int], ends: Sequence[_Numbered], cited: Mapping[int, tuple[str, str]], desk: Desk
) -> Row:
    low, high = between
    missing = range(low + 1, high)
    numbers = "、".join(f"{one}号" for one in missing) if len(missing) <= MOST_GAP else f"{low + 1}—{high - 1}号"
    evidence = [desk.cite(end.paper.id, "document_number") for end in ends]
    told = f"前后为{low}号、{high}号" if low else f"资料库中最小的是{high}号"
    known = [one for one in missing if one in cited]
    if known:
        told += f"；其中{'、'.join(f'{one}号' for one in known)}被其他公文引用，确有其文"
        evidence += [desk.cite(*cited[one]) for one in known[:10]]
    return Row((name, "缺号", numbers, told), tuple(evidence))


def _disorder(name: str, year: int, many: Sequence[_Numbered]) -> Iterator[Make]:
    """A higher number of an earlier day, and a day of another year than the number's."""
    dated = [one for one in many if len(one.paper.date) == 10]
    for before, after in pairwise(dated):
        if after.paper.date < before.paper.date:
            yield partial(_turned, name, before, after)
    for one in dated:
        if int(one.paper.date[:4]) != year:
            yield partial(_other_year, name, year, one)


def _turned(name: str, before: _Numbered, after: _Numbered, desk: Desk) -> Row:
    days = [chinese_date(one.paper.date) for one in (before, after)]
    told = f"{before.serial}号成文于{days[0]}，{after.serial}号却在{days[1]}"
    evidence = tuple(desk.cite(one.paper.id, "issue_date") for one in (before, after))
    return Row((name, "次序颠倒", f"{before.serial}号、{after.serial}号", told), evidence, tone="doubt")


def _other_year(name: str, year: int, one: _Numbered, desk: Desk) -> Row:
    told = f"文号是{year}年，成文日期是{chinese_date(one.paper.date)}"
    return Row((name, "年份不符", f"{one.serial}号", told), (desk.cite(one.paper.id, "issue_date"),), tone="doubt")


MISSING_QUESTION = Question(
    "missing", "被引用而没有收到的公文", "公文中引用、资料库里没有的公文", ("text", "issuer", "first",
    "last"), (), cited_and_missing
)  # fmt: skip
NUMBERS_QUESTION = Question(
    "numbers", "文号缺号、重号", "同一机关代字同一年的缺号、重号、次序颠倒", ("text", "first", "last"), (),
    number_doubts
)  # fmt: skip
