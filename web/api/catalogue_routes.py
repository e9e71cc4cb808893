"""The API of what the pages over the catalogue tell. On a site without a catalogue nothing is found here."""

from __future__ import annotations

from math import ceil
from typing import Any, cast
from urllib.parse import urlencode

from flask import request
from flask_openapi3.models.tag import Tag

from web.api.catalogue_models import (
    CalendarAnswer,
    CalendarQuery,
    KeyPath,
    NamePath,
    NamesAnswer,
    NamesQuery,
    PageQuery,
    PersonAnswer,
    RolesQuery,
    SeriesAnswer,
    SeriesListAnswer,
    UnitAnswer,
)
from web.api.routes import ERRORS, Answer
from web.api.routes import api as api
from web.browsing import PAGE, asked_page
from web.filters import MAX_PAGE
from web.views import calendar, series, units

BROWSE = Tag(name="浏览", description="单位、人员、历年活动、日历")


@api.get("/units", tags=[BROWSE], summary="单位", operation_id="units", responses={200: NamesAnswer, **ERRORS})
def list_units(query: NamesQuery) -> Answer:
    """公文中出现的单位；同一单位的简称、旧称合在一起。"""
    return _paged(units.units())


@api.get(
    "/units/<path:name>", tags=[BROWSE], summary="一个单位", operation_id="unit",
    responses={200: UnitAnswer, **ERRORS},
)  # fmt: skip
def unit(path: NamePath, query: RolesQuery) -> Answer:
    """一个单位的名称、各年各角色的事项数，和每一项的出处。"""
    return _paged(units.unit(path.name))


@api.get("/people", tags=[BROWSE], summary="人员", operation_id="people", responses={200: NamesAnswer, **ERRORS})
def list_people(query: NamesQuery) -> Answer:
    """公文中的领导小组成员、联系人、签发人。"""
    return _paged(units.people())


@api.get(
    "/people/<path:name>", tags=[BROWSE], summary="一个人", operation_id="person",
    responses={200: PersonAnswer, **ERRORS},
)  # fmt: skip
def person(path: NamePath, query: PageQuery) -> Answer:
    """一个姓名名下的任职和联系，按日期从近到远；同名者可能不是同一人。"""
    return _paged(units.person(path.name))


@api.get(
    "/series", tags=[BROWSE], summary="历年活动", operation_id="series_list",
    responses={200: SeriesListAnswer, **ERRORS},
)  # fmt: skip
def list_series(query: NamesQuery) -> Answer:
    """同一机关历年的同类公文。"""
    return _paged(series.many())


@api.get(
    "/series/<key>", tags=[BROWSE], summary="一项历年活动", operation_id="series",
    responses={200: SeriesAnswer, **ERRORS},
)  # fmt: skip
def one_series(path: KeyPath) -> Answer:
    """一项活动各年的公文、时间、主办单位、时限，以及缺少的年份。"""
    return series.one(path.key)


@api.get(
    "/calendar", tags=[BROWSE], summary="日历", operation_id="calendar", responses={200: CalendarAnswer, **ERRORS}
)
def year(query: CalendarQuery) -> Answer:
    """一年或一个月的时限和活动。"""
    return calendar.calendar()


def _paged(answer: Any) -> dict[str, Any]:
    """With the way to the next page."""
    told = cast(dict[str, Any], answer)
    page, pages = asked_page(), min(MAX_PAGE, ceil(told["total"] / PAGE))
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    link = f"{request.path}?{urlencode([*asked, ('page', page + 1)])}" if page < pages else None
    return told | {"pages": pages, "next": link}
