"""What a unit led, answered for, hosted, by year."""

from __future__ import annotations

from audit.answers import Answer, Column, Row
from audit.desk import Desk
from audit.questions.asked import Asked, Question
from audit.withdrawn import withdrawals
from gongwen.labels import ROLES
from index.catalogue.ledger import Filter, LedgerRow, find_roles

DID = ("lead", "responsible", "cooperate", "host", "organizer", "co_organizer", "due", "issuer", "member_unit")
"""What a unit does. Where it was written to (addressee, copied) is asked for by the role."""

COLUMNS = (
    Column("year", "年份", 7), Column("role", "角色", 10), Column("matter", "事项", 44), Column("printed",
    "原文写法", 20),
    Column("time", "时间", 14), Column("how", "依据", 18),
)  # fmt: skip


def what_unit_did(desk: Desk, asked: Asked) -> Answer:
    keys = desk.units([asked.unit])
    roles = (asked.role,) if asked.role else DID
    wanted = Filter(keys, roles, asked.years, asked.start, asked.end, asked.derived)
    found = desk.ask(find_roles, wanted, 0, asked.limit)
    gone = desk.ask(withdrawals, {row.paper.id for row in found.rows})
    order = {role: at for at, role in enumerate(DID)}
    rows = []
    for row in sorted(found.rows, key=lambda one: (-one.year, order.get(one.role, 99))):
        held = gone.get(row.paper.id)
        evidence = [desk.cite(row.paper.id, row.path, derived=row.via if row.derived else "")]
        if held:
            evidence.append(desk.cite(held.by.id, held.path))
        tone = "doubt" if held else "derived" if row.derived else ""
        rows.append(Row(_cells(row), tuple(evidence), str(row.year or "年份不明"), tone, (held.told,) if held else ()))
    notes = (
        ["推定的各行，原文写的是统称或人员职务，依据一栏注明；使用前请核对。"]
        if any(one.tone == "derived" for one in rows)
        else []
    )
    return Answer(
        "unit", "单位历年事项", asked.told(("单位", asked.unit), ("角色", ROLES.get(asked.role, ""))), COLUMNS,
        tuple(rows), desk.searched(asked.years), tuple(notes), found.total,
        ("换用全称、简称或曾用名", "不限角色", "放宽年份"),
    )  # fmt: skip


def _cells(row: LedgerRow) -> tuple[str, ...]:
    how = f"推定自“{row.via}”" if row.derived else "原文写明"
    matter = row.matter or row.paper.title or row.paper.source
    return (str(row.year or "不明"), ROLES[row.role], matter, row.printed, row.time, how)


QUESTION = Question(
    "unit", "单位历年事项", "一个单位历年牵头、负责、主办了什么，简称、旧称、统称都算", ("unit", "role",
    "first", "last", "derived"), ("unit",), what_unit_did
)  # fmt: skip
