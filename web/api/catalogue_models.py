"""What the API tells of units, persons, series and the calendar: the rows of the catalogue of facts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from index.catalogue.tables import UNIT_ROLES
from web.api.models import Answered, Asking
from web.filters import MAX_PAGE

Words = Annotated[str, Field(max_length=100)]
Page = Annotated[int, Field(ge=1, le=MAX_PAGE, description="页码，每页 50 项")]
Year = Annotated[int, Field(ge=1900, le=2999)]


class NamesQuery(Asking):
    q: Words = Field("", description="名称、简称或其中的字")
    page: Page = 1


class RolesQuery(Asking):
    role: Literal[UNIT_ROLES] | None = Field(None, description="角色：发文、主送、主办、牵头、责任等")  # type: ignore[valid-type]
    year: Year | None = Field(None, description="年份")
    derived: Literal["0", "1"] | None = Field(None, description="写 0：不要由统称、职务推出的")
    page: Page = 1


class PageQuery(Asking):
    page: Page = 1


class CalendarQuery(Asking):
    year: Year | None = Field(None, description="年份；不写是今年，今年没有就是最近有的一年")
    month: int | None = Field(None, ge=1, le=12, description="月份")
    unit: Words = Field("", description="只要这个单位的：全称或简称")


class NamePath(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=200)]


class KeyPath(BaseModel):
    key: Annotated[str, Field(pattern="^[0-9a-f]{16}$", description="活动编号，由历年活动列表给出")]


class PaperBrief(Answered):
    id: str
    title: str
    number: str
    date: str
    year: int
    issuers: list[str]
    source: str


class NameRow(Answered):
    name: str
    is_group: bool = Field(description="是否为统称")
    printed: int = Field(description="原文写明的事项数")
    derived: int = Field(description="由统称、职务推出的事项数")
    first_year: int | None
    last_year: int | None
    url: str


class Listed(Answered):
    total: int
    page: int
    pages: int = Field(description="共几页")
    next: str | None = Field(description="下一页的地址")


class NamesAnswer(Listed):
    query: str
    rows: list[NameRow]


class RoleRow(Answered):
    role: str
    name: str
    printed: str = Field(description="原文的写法")
    derived: bool
    via: str = Field(description="由什么推出")
    matter: str = Field(description="任务、活动或公文的名称")
    time: str
    year: int
    rank: str
    post: str
    unit: str
    path: str = Field(description="在公文记录中的路径，如 tasks/3/lead/0")
    page: int | None
    cell: str
    start: int | None
    end: int | None
    quote: str
    paper: PaperBrief
    url: str


class Alias(Answered):
    name: str
    since: str | None = Field(alias="from")
    until: str | None = Field(alias="to")


class Spelling(Answered):
    printed: str
    count: int


class Cell(Answered):
    role: str
    year: int | None
    printed: int
    derived: int


class UnitAnswer(Listed):
    name: str
    is_group: bool
    aliases: list[Alias]
    former_names: list[Alias]
    successors: list[str]
    parent: str | None
    departments: list[str]
    spellings: list[Spelling]
    matrix: list[Cell] = Field(description="各角色、各年的事项数")
    rows: list[RoleRow]


class PersonUnit(Answered):
    name: str | None
    roles: int


class PersonAnswer(Listed):
    name: str
    may_be_several: bool = Field(description="同名者可能不是同一人")
    units: list[PersonUnit]
    rows: list[RoleRow]


class SeriesRow(Answered):
    key: str
    name: str
    issuer: str
    papers: int
    first_year: int | None
    last_year: int | None
    url: str


class SeriesListAnswer(Listed):
    query: str
    rows: list[SeriesRow]


class TimeOut(Answered):
    text: str
    start: str | None
    end: str | None


class YearDeadline(Answered):
    path: str
    date: str
    action: str


class YearPaperOut(Answered):
    paper: PaperBrief
    url: str
    type: str | None
    theme: str | None
    activity_time: TimeOut | None
    hosts: list[str]
    tasks: int
    deadlines: list[YearDeadline]


class SeriesAnswer(Answered):
    key: str
    name: str
    issuer: str
    missing_years: list[int] = Field(description="其间没有公文的年份")
    papers: list[YearPaperOut]


class EntryOut(Answered):
    kind: Literal["duty", "commitment", "activity"] = Field(description="期限、承诺、活动")
    start: str
    end: str
    what: str
    text: str = Field(description="原文怎样写这个时间")
    who: list[str]
    to: str
    location: str
    recurrence: str
    is_estimated: bool
    path: str
    page: int | None
    is_off_day: bool
    paper: PaperBrief
    url: str


class CalendarAnswer(Answered):
    year: int
    month: int | None
    unit: str | None
    total: int
    rows: list[EntryOut] = Field(description="最多 400 项，更多的请按月份或单位取")
    without_a_day: list[EntryOut] = Field(description="没有确切日期的")
    feed: str = Field(description="日历订阅的地址")
