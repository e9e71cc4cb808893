"""Activities from year to year."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from index.catalogue.series import Series, YearPaper, find_series, series_by_key
from web.browsing import PAGE, ask, asked_page, asked_text, pages, paper_url
from web.masking import mask_all
from web.security import wants_json

bp = Blueprint("series", __name__)


@bp.get("/series")
def many() -> ResponseReturnValue:
    text, page = asked_text("q"), asked_page()
    found = ask(find_series, text, offset=(page - 1) * PAGE, limit=PAGE)
    if wants_json():
        rows = [
            {"key": one.key, "name": mask_all(one.name), "issuer": one.issuer, "papers": one.papers,
             "first_year": one.first_year or None, "last_year": one.last_year or None,
             "url": url_for("series.one", key=one.key)}
            for one in found.rows
        ]  # fmt: skip
        return {"query": text, "total": found.total, "page": page, "rows": rows}
    return render_template("series_list.html", found=found, text=text, pages=pages(found.total, page=page))


@bp.get("/series/<key>")
def one(key: str) -> ResponseReturnValue:
    series = ask(series_by_key, key[:64])
    if series is None:
        abort(404)
    if wants_json():
        return series_json(series)
    return render_template("series.html", series=series)


def series_json(series: Series) -> dict[str, Any]:
    """The gaps are told: years between the first and the last of which there is no paper."""
    seen = {paper.paper.year for paper in series.papers}
    found: dict[str, Any] = mask_all({
        "key": series.key, "name": series.name, "issuer": series.issuer,
        "missing_years": [year for year in series.years if year not in seen],
        "papers": [_paper(paper) for paper in series.papers],
    })  # fmt: skip
    return found


def _paper(one: YearPaper) -> dict[str, Any]:
    return {
        "paper": one.paper.to_json(), "url": paper_url(one.paper), "type": one.type or None, "theme": one.theme or None,
        "activity_time": {"text": one.time, "start": one.start, "end": one.end} if one.time else None,
        "hosts": list(one.hosts), "tasks": one.tasks,
        "deadlines": [{"path": path, "date": day, "action": what} for path, day, what in one.deadlines],
    }  # fmt: skip
