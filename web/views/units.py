"""Units and persons: who they are called, what they did by role and year, and where it stands."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gongwen.labels import ROLES
from index.catalogue.ledger import Filter, find_roles
from index.catalogue.persons import find_persons, person_facts
from index.catalogue.refs import Found
from index.catalogue.tables import UNIT, UNIT_ROLES
from index.catalogue.units import Name, UnitFacts, find_units, known_names, unit_facts
from web.browsing import PAGE, ask, asked_number, asked_page, asked_text, catalogue, pages, plain, same_with
from web.charts import Chart, Column, Part, bars
from web.security import wants_json

bp = Blueprint("units", __name__)

CHARTED = {
    "issuer": "issued", "lead": "led", "responsible": "answered", "cooperate": "helped", "host": "hosted",
    "organizer": "ran",
}  # fmt: skip
"""Roles that the chart of a unit shows, with their colour: what it did, not what was sent to it."""


@bp.get("/units")
def units() -> ResponseReturnValue:
    return _names(find_units, "units.html", "units.unit")


@bp.get("/people")
def people() -> ResponseReturnValue:
    return _names(find_persons, "people.html", "units.person")


def _names(find: Any, template: str, endpoint: str) -> ResponseReturnValue:
    text, page = asked_text("q"), asked_page()
    found: Found[Name] = ask(find, text, offset=(page - 1) * PAGE, limit=PAGE)
    if wants_json():
        rows = [
            {"name": one.name, "is_group": bool(one.is_group), "printed": one.printed, "derived": one.derived,
             "first_year": one.first_year or None, "last_year": one.last_year or None,
             "url": url_for(endpoint, name=one.name)}
            for one in found.rows
        ]  # fmt: skip
        return {"query": text, "total": found.total, "page": page, "rows": rows}
    return render_template(template, found=found, text=text, pages=pages(found.total, page=page))


@bp.get("/units/<path:name>")
def unit(name: str) -> ResponseReturnValue:
    facts: UnitFacts | None = ask(unit_facts, catalogue().register, name[:200])
    if facts is None:
        abort(404)
    asked, page = _asked(facts.key), asked_page()
    found = ask(find_roles, asked, (page - 1) * PAGE, PAGE) if facts.key else Found((), 0)
    if wants_json():
        return _unit_json(facts, found, page)
    around = [*facts.successors, facts.parent] if facts.parent else list(facts.successors)
    return render_template(
        "unit.html", facts=facts, asked=asked, found=found, pages=pages(found.total, page=page), roles=_held(facts),
        cell=_cell(facts), chart=_chart(facts), known=ask(known_names, UNIT, around), role_words=ROLES,
    )  # fmt: skip


@bp.get("/people/<path:name>")
def person(name: str) -> ResponseReturnValue:
    page = asked_page()
    facts = ask(person_facts, name[:100], offset=(page - 1) * PAGE, limit=PAGE)
    if facts is None:
        abort(404)
    if wants_json():
        return {
            "name": facts.name, "may_be_several": facts.may_be_several,
            "units": [{"name": body or None, "roles": count} for body, count in facts.bodies],
            "total": facts.roles.total, "page": page, "rows": plain(facts.roles.rows),
        }  # fmt: skip
    units_known = ask(known_names, UNIT, [body for body, _ in facts.bodies])
    return render_template(
        "person.html", facts=facts, pages=pages(facts.roles.total, page=page), known=units_known
    )  # fmt: skip


def _asked(key: int) -> Filter:
    role = request.args.get("role", "")
    year = asked_number("year", least=1900, most=2999)
    derived = request.args.get("derived", "") != "0"
    return Filter((key,), (role,) if role in UNIT_ROLES else (), (year,) if year else (), derived=derived)


def _held(facts: UnitFacts) -> list[str]:
    """The roles a unit has anywhere, in the order of ROLES."""
    mine = {role for role, _ in facts.cells}
    return [role for role in UNIT_ROLES if role in mine]


def _cell(facts: UnitFacts) -> dict[str, dict[int, tuple[int, int, str]]]:
    """{role: {year: (as printed, derived, address of the list)}}."""
    out: dict[str, dict[int, tuple[int, int, str]]] = {}
    for (role, year), (printed, derived) in facts.cells.items():
        url = same_with(role=role, year=year) + "#list"
        out.setdefault(role, {})[year] = (printed, derived, url)
    return out


def _chart(facts: UnitFacts) -> Chart | None:
    shown = [role for role in _held(facts) if role in CHARTED]
    years = [year for year in facts.years if year]
    if not shown or len(years) < 2:
        return None
    columns = [
        Column(
            str(year),
            tuple(Part(CHARTED[role], ROLES[role], sum(facts.cells.get((role, year), (0, 0)))) for role in shown),
            same_with(year=year, role="") + "#list",
        )
        for year in years
    ]
    return bars(f"{facts.name}历年事项数", columns)


def _unit_json(facts: UnitFacts, found: Found[Any], page: int) -> dict[str, Any]:
    named = [
        (key, [{"name": one.name, "from": one.since or None, "to": one.until or None} for one in many])
        for key, many in (("aliases", facts.aliases), ("former_names", facts.former))
    ]
    cells = [
        {"role": role, "year": year or None, "printed": printed, "derived": derived}
        for (role, year), (printed, derived) in sorted(facts.cells.items())
    ]
    return {
        "name": facts.name, "is_group": facts.is_group, **dict(named), "successors": list(facts.successors),
        "parent": facts.parent or None, "departments": list(facts.parts),
        "spellings": [{"printed": one, "count": count} for one, count in facts.spellings], "matrix": cells,
        "total": found.total, "page": page, "rows": plain(found.rows),
    }  # fmt: skip
