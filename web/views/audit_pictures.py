"""Pictures of the audit: units by year, a series on the calendar, papers that cite papers, people over rosters. Each
stands above a table of the same figures."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from audit.desk import NotKnownError, years_between
from audit.pictures import citation_graph, courses, matrix
from audit.rosters import GroupNames
from gongwen.labels import ROLES, WORDS
from index.catalogue.series import series_by_key
from index.catalogue.tables import UNIT_ROLES
from index.catalogue.units import names_of
from web.audit_drawings import graph, people, shades, timeline
from web.browsing import asked_number, asked_text, paper_url
from web.views.audit import desk

bp = Blueprint("audit_pictures", __name__)


@bp.get("/audit/matrix")
def units() -> ResponseReturnValue:
    role = asked_text("role")
    chosen = role if role in UNIT_ROLES else "lead"
    first, last = asked_number("first", least=1900, most=2999), asked_number("last", least=1900, most=2999)
    held = desk()
    found = held.ask(matrix, (chosen,), years_between(first, last))
    return render_template(
        "audit_matrix.html", found=found, role=chosen, roles=[(one, ROLES[one]) for one in UNIT_ROLES], first=first,
        last=last, shade=shades(list(found.cells.values())), searched=held.searched(years_between(first, last)),
    )  # fmt: skip


@bp.get("/audit/timeline/<key>")
def series(key: str) -> ResponseReturnValue:
    found = desk().ask(series_by_key, key[:64])
    if found is None:
        abort(404)
    return render_template("audit_timeline.html", series=found, drawing=timeline(found, paper_url))


@bp.get("/audit/citations")
def citations() -> ResponseReturnValue:
    issuer, around = asked_text("issuer"), asked_text("around", 40)
    first, last = asked_number("first", least=1900, most=2999), asked_number("last", least=1900, most=2999)
    held, wrong = desk(), ""
    issuers: tuple[str, ...] = ()
    try:
        issuers = held.ask(names_of, held.units([issuer])) if issuer else ()
    except NotKnownError as error:
        wrong = str(error)
    found = held.ask(citation_graph, issuers=issuers, years=years_between(first, last), around=around)
    drawing = graph("公文引用关系", found, paper_url, WORDS["relation"])
    by_id = {one.id: one for one in found.papers}
    rows = [(by_id[by], by_id[of], WORDS["relation"].get(relation, relation)) for by, of, relation in found.edges]
    return render_template(
        "audit_citations.html", drawing=drawing, rows=rows, left_out=found.left_out, issuer=issuer, first=first,
        last=last, wrong=wrong, searched=held.searched(years_between(first, last)),
    )  # fmt: skip


@bp.get("/audit/people")
def persons() -> ResponseReturnValue:
    group, held = asked_text("group"), desk()
    found = held.ask(courses, GroupNames(held.vocab), group)
    drawn = [(course, people(course, paper_url)) for course in found[:6]]
    return render_template("audit_people.html", drawn=drawn, group=group, more=found[6:], here=url_for(".persons"))
