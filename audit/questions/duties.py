"""Which duties with which deadlines, which fell due, and which later paper reports them."""

from __future__ import annotations

from datetime import timedelta

from audit.answers import Answer, Column, Row
from audit.desk import Desk
from audit.duties import STATES, Followed, follow
from audit.questions.asked import Asked, Question
from gongwen.phrases import brief, chinese_date

COLUMNS = (
    Column("day", "到期日", 13), Column("what", "事项", 44), Column("who", "责任方", 24), Column("to", "报送", 18),
    Column("state", "状态", 14), Column("why", "依据", 30), Column("report", "报告它的公文", 40),
)  # fmt: skip
NEAR = (-365, 90)
"""Days before and after today that are told when nothing narrower is asked for."""

_TONES = {"done": "good", "void": "good", "overdue": "doubt", "open": "doubt", "suggested": "derived"}


def what_was_due(desk: Desk, asked: Asked) -> Answer:
    units = desk.units([asked.unit]) if asked.unit else ()
    start = asked.start or (f"{asked.years[0]}-01-01" if asked.years else "")
    end = asked.end or (f"{asked.years[-1]}-12-31" if asked.years else "")
    if not (start or end or asked.text or asked.unit):
        start, end = ((desk.today + timedelta(days=days)).isoformat() for days in NEAR)
    found = follow(desk, units=units, start=start, end=end, vague_years=asked.years)
    found = [one for one in found if asked.text in one.entry.what + one.entry.paper.title]
    rows = [_row(desk, one) for one in found[: asked.limit]]
    counts = "，".join(
        f"{name} {many} 项" for state, name in STATES.items() if (many := sum(one.state == state for one in found))
    )
    notes = (
        [f"共 {counts}。", "“可能已报”由系统按引用、发文单位和内容推测，须由人确认；“到期未见报告”只说明资料库中没有。"]
        if found
        else []
    )
    if asked.unit:
        notes.append("包括该单位须办的、报给它的和它发文提出的。")
    told = asked.told(
        ("单位", asked.unit), ("词语", asked.text), ("自", chinese_date(start)), ("至", chinese_date(end))
    )
    return Answer(
        "duties", "时限与落实", told, COLUMNS, tuple(rows), desk.searched(asked.years), tuple(notes), len(found),
        ("放宽日期", "不限单位"),
    )  # fmt: skip


def _row(desk: Desk, one: Followed) -> Row:
    entry = one.entry
    evidence = [desk.cite(entry.paper.id, entry.path)]
    if one.act and one.act.report_id:
        evidence.append(desk.cite(one.act.report_id))
    elif not one.act:
        evidence += [desk.cite(found.paper.id) for found in one.reports]
    marks = []
    if one.missing:
        marks.append(f"还没有见到：{brief(one.missing, 8)}")
    if entry.is_off_day:
        marks.append("到期日当天休息")
    if entry.is_estimated:
        marks.append("到期日按周末推算")
    cells = (
        chinese_date(entry.start) or "未写明", entry.what, "、".join(entry.who) or "主送单位", entry.to,
        STATES[one.state],
        one.why, _reports(one),
    )  # fmt: skip
    key = f"{entry.paper.id}|{one.row}|{entry.start}"
    return Row(cells, tuple(evidence), "", _TONES.get(one.state, ""), tuple(marks), key)


def _reports(one: Followed) -> str:
    if one.act:
        return one.act.report
    return "；".join(f"{found.issuer}{found.paper.number or found.paper.title}" for found in one.reports)


QUESTION = Question(
    "duties", "时限与落实", "有哪些时限，到期了没有，后来哪件公文报告了它", ("unit", "text", "start", "end",
    "first", "last"), (), what_was_due
)  # fmt: skip
