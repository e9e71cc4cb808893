"""What an office looks at in the morning: what came in, what is due, what should be looked at, what was not read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from index.catalogue.overview import count_doubts, count_years, find_doubts, papers_by_file
from index.catalogue.timetable import Asked, find_entries
from web.browsing import PAGE, ask, asked_page, asked_text, pages, paper_url, plain
from web.charts import Column, Part, bars
from web.masking import mask_all
from web.ports import services
from web.security import wants_json
from web.views.documents import plain_name

bp = Blueprint("overview", __name__)

AHEAD = 30
DUE = 40
CAME_IN = 12
CHARTED = 24
KINDS = frozenset({"duty", "commitment"})


@bp.get("/overview")
def overview() -> ResponseReturnValue:
    day = _day()
    until = day + timedelta(AHEAD)
    due = ask(find_entries, Asked(day.isoformat(), until.isoformat(), kinds=KINDS))
    doubts = ask(count_doubts)
    intake = services().intake()
    arrivals = _arrivals()
    years = ask(count_years)
    if wants_json():
        return {
            "day": day.isoformat(), "until": until.isoformat(), "came_in": arrivals,
            "due": {"total": due.total, "rows": plain(due.rows[:DUE])},
            "doubts": [{"field": one.field, "count": one.count, "papers": one.papers} for one in doubts],
            "not_read": len(intake.failures), "years": [{"year": year, "papers": count} for year, count in years],
        }  # fmt: skip
    columns = [Column(str(year), (Part("issued", "公文", count),), f"/search?year={year}")
               for year, count in years[-CHARTED:]]  # fmt: skip
    return render_template(
        "overview.html", day=day, until=until, due=due, shown=due.rows[:DUE], doubts=doubts, intake=intake,
        arrivals=arrivals, chart=bars("各年公文件数", columns) if len(columns) > 1 else None, years=years,
        labels=services().labels, moved="on" in request.args,
    )  # fmt: skip


@bp.get("/overview/doubts")
def doubts() -> ResponseReturnValue:
    """The papers in which a field should be looked at."""
    field, page = asked_text("field", 40), asked_page()
    found = ask(find_doubts, field, offset=(page - 1) * PAGE, limit=PAGE)
    if wants_json():
        rows = [mask_all(one.to_json()) | {"url": paper_url(one.paper)} for one in found.rows]
        return {"field": field, "total": found.total, "page": page, "rows": rows}
    label = services().labels.field(field) if field else "其他"
    return render_template("doubts.html", found=found, label=label, pages=pages(found.total, page=page))


def _day() -> date:
    """Today, or another day that a person wants to look from."""
    try:
        day = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return services().today()
    return day if date(1900, 1, 1) <= day <= date(2999, 1, 1) else services().today()


def _arrivals() -> list[dict[str, Any]]:
    """The files that came in last, with the papers in them, newest first."""
    found = services().arrivals(CAME_IN)
    papers = ask(papers_by_file, [one.sha256 for one in found])
    shown: list[dict[str, Any]] = mask_all([
        {"name": plain_name(one.name), "at": one.at[:16].replace("T", " "), "papers": [
            {"id": paper.id, "title": paper.title, "number": paper.number, "url": paper_url(paper)}
            for paper in papers.get(one.sha256, ())[:3]
        ], "more": max(0, len(papers.get(one.sha256, ())) - 3)}
        for one in found
    ])  # fmt: skip
    return shown


