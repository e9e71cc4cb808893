"""Duties and what became of them: due, done by a paper, overdue, unknown. Papers suggest, people confirm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from audit.desk import Desk, NotKnownError
from audit.followups import Act, Said, standing
from audit.reports import Duty, Report, Reports, obliged
from audit.wording import Wording
from gongwen.review import names as names_of_record
from gongwen.row_names import names_among
from index.catalogue.tables import papers
from index.catalogue.timetable import Asked as Days
from index.catalogue.timetable import Entry, find_entries, find_vague

State = Literal["done", "open", "void", "suggested", "due", "overdue", "unknown"]
STATES: dict[State, str] = {
    "done": "已办结", "open": "未办（人工确认）", "void": "无需办理", "suggested": "可能已报，待确认", "due": "未到期",
    "overdue": "到期未见报告", "unknown": "无法判断",
}  # fmt: skip
ALL = ("0001-01-01", "9999-12-31")
MOST = 5000


@dataclass(frozen=True, slots=True)
class Followed:
    """One duty on one day. `act` is what a person said of it last; `missing` those who had to report, when several
    had to, and of whom no paper is suggested."""

    entry: Entry
    state: State
    why: str
    reports: tuple[Report, ...]
    act: Act | None
    missing: tuple[str, ...]

    @property
    def row(self) -> int:
        return int(self.entry.path.rpartition("/")[2])


def follow(
    desk: Desk, *, units: tuple[int, ...] = (), start: str = "", end: str = "", vague_years: Sequence[int] = ()
) -> list[Followed]:
    """Duties and commitments by day; those without a day at the end, of the years that are asked for."""
    asked = Days(start or ALL[0], end or ALL[1], units, frozenset({"duty", "commitment"}))
    entries = list(desk.ask(find_entries, asked, limit=MOST).rows)
    for year in vague_years:
        entries += [one for one in desk.ask(find_vague, year, units).rows if one.kind != "activity"]
    wording = Wording(desk.vocab, desk.series_vocab)
    reports = desk.ask(Reports, desk.words("reports"), desk.words("handed_in"), wording)
    ids = sorted({one.paper.id for one in entries})
    held, issuers = desk.ask(obliged, ids), desk.ask(_issuers, ids)
    spoken = desk.followups.heads()
    return [_followed(desk, one, reports, held, issuers, spoken) for one in entries]


def say(desk: Desk, record_id: str, row: int, act: Act) -> Act:
    """Keep what a person says of a duty; `act` without document, duty and part, which are told by the record. Raises
    NotKnownError when the record has no such row any more."""
    record = desk.citer.record(record_id)
    found = desk.store.find(record_id)
    rows = record["deadlines"] if record is not None else []
    if record is None or found is None or not 0 <= row < len(rows):
        raise NotKnownError("这项时限已经不在记录中，请重新打开页面")
    part = int((record["part"] or {}).get("number") or 0) if isinstance(record["part"], dict) else 0
    named = str(record["document_number"] or record["title"] or "")
    whole = Act(
        named, names_among("deadlines", rows)[row], act.day, act.said, act.by, act.at, part, act.report,
        act.report_id, act.note, act.takes_back,
    )  # fmt: skip
    desk.followups.add(found[0].sha256, whole)
    return whole


def _followed(
    desk: Desk, entry: Entry, reports: Reports, held: Mapping[tuple[str, int], frozenset[str]],
    issuers: dict[str, str], spoken: frozenset[str],
) -> Followed:  # fmt: skip
    row = int(entry.path.rpartition("/")[2])
    issuer = issuers.get(entry.paper.id, "")
    who = held.get((entry.paper.id, row)) or held.get((entry.paper.id, -1), frozenset())
    if entry.kind == "commitment":
        who = held.get((entry.paper.id, row)) or frozenset({issuer})
    duty = Duty(entry.paper, row, f"{entry.what}{entry.text}", entry.paper.title, who, issuer, entry.start)
    found = tuple(reports.suggest(duty))
    act = _act(desk, entry, row) if entry.paper.id.rpartition("-")[0] in spoken else None
    told = {one.issuer for one in found}
    missing = tuple(sorted(who - told)) if len(who) > 1 and told & who else ()
    state, why = _state(desk, entry, found, act, reports.last_day)
    return Followed(entry, state, why, found, act, missing)


def _state(
    desk: Desk, entry: Entry, found: Sequence[Report], act: Act | None, last_day: str
) -> tuple[State, str]:  # fmt: skip
    if act is not None:
        states: dict[Said, State] = {"done": "done", "open": "open", "void": "void"}
        return states[act.said], f"{act.by}于{act.at[:10]}确认" + (f"：{act.note}" if act.note else "")
    if found:
        return "suggested", found[0].why
    if not entry.start:
        return "unknown", "没有写明确切日期"
    if entry.start >= desk.today.isoformat():
        return "due", "还没有到期"
    if last_day <= entry.start:
        return "unknown", "资料库中没有到期日以后的公文"
    return "overdue", "资料库中没有报告它的公文；没有收到不等于没有报"


def _act(desk: Desk, entry: Entry, row: int) -> Act | None:
    """The last act about a duty: of its day, else of all its days."""
    record = desk.citer.record(entry.paper.id)
    found = desk.store.find(entry.paper.id)
    if record is None or found is None or not 0 <= row < len(record["deadlines"]):
        return None
    name = names_among("deadlines", record["deadlines"])[row]
    acts = standing(desk.followups.acts(found[0].sha256))
    called = names_of_record(record)
    mine = [one for one in acts if one.duty == name and one.document in called and one.day in ("", entry.start)]
    of_day = [one for one in mine if one.day]
    return (of_day or mine)[-1] if mine else None


def _issuers(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    wanted = select(papers.c.id, papers.c.issuer).where(papers.c.id.in_(list(ids)))
    return {row.id: row.issuer for row in connection.execute(wanted)}
