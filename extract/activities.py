"""Sub-activities: numbered items with 时间/地点/主办 lines of their own, rows of activity tables, and run-in items
that begin `9月17日在…举办` (domain.md §8, event block)."""

from __future__ import annotations

import regex

from extract.builder import Builder, Row, Value
from extract.labels import WHOLE, Labelled, period_value, unit_values
from extract.lines import CellText
from extract.regions import RegionText, Running
from extract.sections import Section, walk
from extract.tables import Table, read_table
from gongwen.record import ROWS
from gongwen.rulebook import Rulebook
from gongwen.text import Span, close_gaps
from gongwen.values.dates import parse_period

_HELD = regex.compile(
    r"^(?P<time>[^，。；]{2,24}?[日旬月底]\s*)[，]?\s*在(?P<place>[^，。；]{2,30}?)(?:举办|举行|召开|开展)"
)
_CLOSED = regex.compile(r"[。；]\s*$")


def read_activities(builder: Builder, running: Running, labels: list[Labelled], year: int | None) -> None:
    rows: list[tuple[int, Row]] = []
    for section in {id(one.section): one.section for one in labels if one.section is not None}.values():
        mine = [one for one in labels if one.section is section]
        if any(one.field == "activity_time" for one in mine) or any(one.field == "hosts" for one in mine):
            rows.append((section.first, _block(builder, section, mine, year)))
    for region in running.regions:
        rows += [row for section in walk(region.sections) for row in _held(builder, running, region, section)]
    rows += _tables(builder, running, builder.rulebook, year)
    seen: set[str] = set()
    for at, row in sorted(rows, key=lambda one: one[0]):
        title = row["title"]
        assert isinstance(title, Value)
        if title.rule == "activities/held" and _told_elsewhere(title, at, rows):
            continue
        if title.value not in seen:
            seen.add(title.value)
            builder.add_row("activities", row, ROWS["activities"])


def _told_elsewhere(title: Value, at: int, rows: list[tuple[int, Row]]) -> bool:
    """启动仪式 in running text where a block or a table tells of 2024年…启动仪式."""
    others = [row["title"] for other, row in rows if other != at]
    return any(isinstance(one, Value) and title.value in one.value for one in others)


def _block(builder: Builder, section: Section, mine: list[Labelled], year: int | None) -> Row:
    rule = "activities/block"
    row: dict[str, Value | list[Value] | None] = {"title": _title(builder, section, rule)}
    row |= {"hosts": [], "organizers": [], "co_organizers": []}
    for one in mine:
        if one.field == "activity_time":
            row.setdefault("time", _time(builder, one.spans[0], year, rule))
        elif one.field == "locations":
            row.setdefault("location", Value(close_gaps(builder.text(one.spans[0])), one.spans[0], rule, 0.9))
        elif one.field in {"hosts", "organizers", "co_organizers"}:
            held = row[one.field]
            assert isinstance(held, list)
            held += unit_values(builder, one.spans, rule)
    return row


def _time(builder: Builder, span: Span, year: int | None, rule: str) -> Value:
    value = period_value(builder, span, year, rule)
    text = close_gaps(builder.text(span))
    return value or Value({"text": text, "start": None, "end": None, "precision": None}, span, rule, 0.6)


def _title(builder: Builder, section: Section, rule: str) -> Value:
    span = section.heading.title_span
    text = close_gaps(builder.text(span), couplet=True)
    return Value(_CLOSED.sub("", text), span, rule, 0.9)


def _held(builder: Builder, running: Running, region: RegionText, section: Section) -> list[tuple[int, Row]]:
    """1.云州主场活动。9月17日在云州科技馆举办…"""
    run = section.heading.run_in
    if len(run) == 0 or region.region.kind == "annex":
        return []
    line = running.lines[section.first]
    begin = run.start - line.span.start
    text = line.folded[begin:]
    lead = len(text) - len(text.lstrip())
    match = _HELD.match(text.lstrip())
    if match is None or parse_period(match["time"], 2000) is None:
        return []
    shift = begin + lead
    time = line.at(shift + match.start("time"), shift + len(match["time"].rstrip()) + match.start("time"))
    place = line.at(shift + match.start("place"), shift + match.end("place"))
    rule = "activities/held"
    row: Row = {
        "title": Value(_title(builder, section, rule).value, section.heading.title_span, rule, 0.8),
        "time": _time(builder, time, None, rule),
        "location": Value(close_gaps(builder.text(place)), place, rule, 0.8),
        "hosts": [], "organizers": [], "co_organizers": [],
    }  # fmt: skip
    return [(section.first, row)]


def _tables(builder: Builder, running: Running, book: Rulebook, year: int | None) -> list[tuple[int, Row]]:
    """Tables with a title column, a time column and a host column but nobody who leads: schedules of activities."""
    out: list[tuple[int, Row]] = []
    heads = {
        "hosts": book.labels("hosts"), "organizers": book.labels("organizers"),
        "co_organizers": book.labels("co_organizers"),
    }  # fmt: skip
    words = {**book.vocab["tasks"], **{key: list(labels) for key, labels in heads.items()}}
    words["responsible"] = [word for word in words["responsible"] if word not in words["organizers"]]
    words["cooperate"] = [word for word in words["cooperate"] if word not in words["co_organizers"]]
    for _, at, line in running.tables():
        table = read_table(builder.document, line.block, words, need=("title", "hosts"))
        table = table or read_table(builder.document, line.block, words, need=("title", "time", "location"))
        table = table or _named_by_detail(read_table(builder.document, line.block, words, need=("detail", "hosts")))
        if table is None or "lead" in table.columns or "responsible" in table.columns or _is_blank_form(table, book):
            continue
        out += [(at, row) for row in _table_rows(builder, table, year)]
    return out


def _is_blank_form(table: Table, book: Rulebook) -> bool:
    """活动名称 | | 举办单位 | above 活动时间 | | 活动地点 |: labels to be filled in, not rows."""
    labels = {label for name in WHOLE for label in book.labels(name)}
    return any((cell := row.get("title")) is not None and cell.tight in labels for row in table.rows)


def _named_by_detail(table: Table | None) -> Table | None:
    """时间 | 活动内容 | 地点 | 主办单位: what takes place is all that names it."""
    if table is None or "title" in table.columns or "time" not in table.columns:
        return None
    rows = [{**row, "title": row["detail"]} for row in table.rows if "detail" in row]
    return Table({**table.columns, "title": table.columns["detail"]}, rows, table.unread, table.merged)


def _table_rows(builder: Builder, table: Table, year: int | None) -> list[Row]:
    rule = "activities/table"
    rows: list[Row] = []
    for cells in table.rows:
        title = cells.get("title")
        if title is None or not title.tight:
            continue
        row: dict[str, Value | list[Value] | None] = {
            "title": Value(close_gaps(builder.text(title.span), couplet=True), title.span, rule, 0.85)
        }
        for key in ("hosts", "organizers", "co_organizers"):
            row[key] = list(unit_values(builder, (cells[key].span,), rule)) if _filled(cells.get(key)) else []
        if _filled(cells.get("time")):
            row["time"] = _time(builder, cells["time"].span, year, rule)
        if _filled(cells.get("location")):
            row["location"] = Value(close_gaps(builder.text(cells["location"].span)), cells["location"].span, rule)
        rows.append(row)
    return rows


def _filled(cell: CellText | None) -> bool:
    return cell is not None and bool(cell.tight)
