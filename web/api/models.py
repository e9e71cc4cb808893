"""What the API takes and gives. The keys of a record come from gongwen.record, so that they are written down once.

Descriptions are in Chinese: they are what the page 接口说明 shows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from gongwen.record import LISTS, ORDER, ROW_LISTS, ROWS, SCALARS
from web.filters import MAX_LENGTH, MAX_PAGE, MAX_VALUES

Plain = Annotated[str, Field(max_length=MAX_LENGTH)]
Values = Annotated[list[Plain], Field(max_length=MAX_VALUES)]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{16}-[0-9]{1,4}$", description="公文编号，如 0a1b2c3d4e5f6071-1")]
Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="原件的 SHA-256 校验值")]


class Answered(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Asking(BaseModel):
    """Names that are not known are refused: a mistyped filter must not widen a search."""

    model_config = ConfigDict(extra="forbid")


class SearchQuery(Asking):
    q: Plain = Field("", description="检索词，写法与网站相同")
    year: Values = Field([], description="年份")
    type: Values = Field([], description="文种")
    issuer: Values = Field([], description="发文机关")
    disclosure: Values = Field([], description="公开方式")
    unit: Values = Field([], description="涉及单位，任意角色")
    lead: Values = Field([], description="牵头单位")
    responsible: Values = Field([], description="责任单位")
    host: Values = Field([], description="主办单位")
    organizer: Values = Field([], description="承办单位")
    co_organizer: Values = Field([], description="协办单位")
    cooperate: Values = Field([], description="配合单位")
    date_from: date | None = Field(None, alias="from", description="公文日期不早于")
    date_to: date | None = Field(None, alias="to", description="公文日期不晚于")
    sort: Literal["relevance", "newest", "oldest"] | None = Field(None, description="排序：相关度、从近到远、从远到近")
    page: int = Field(1, ge=1, le=MAX_PAGE, description="页码，每页 20 件")


class EditionLink(Answered):
    id: str
    kind: Literal["copy", "version", "clash"] = Field(description="副本、版本、同号异文")


class Hit(Answered):
    id: str
    title: str
    number: str | None = Field(None, description="发文字号")
    issuers: list[str]
    date: str | None = Field(None, description="公文日期")
    type: str | None = Field(None, description="文种")
    source: str = Field(description="原件的文件名")
    part: int = Field(description="是原件中的第几件公文")
    parts: int = Field(description="原件中共有几件公文")
    issues: int = Field(description="待核对几处")
    snippets: list[str]
    url: str
    editions: list[EditionLink] = Field(description="库中的副本和版本")
    copy_of: str | None = Field(description="列在哪一件之下，作为它的副本")


class Count(Answered):
    value: str
    count: int


class Asked(Answered):
    text: str
    where: dict[str, list[str]]
    date_from: str = Field(alias="from")
    date_to: str = Field(alias="to")
    sort: str
    page: int


class Bar(Answered):
    from_: str = Field(alias="from", description="起始日，ISO")
    to: str = Field(description="截止日，ISO")
    count: int


class Spread(Answered):
    unit: str = Field(description="每柱一年（year）或一月（month）")
    undated: int
    vague: int = Field(description="只知道年份、没有放进月份的件数")
    bars: list[Bar]


class Meant(Answered):
    text: str
    total: int
    url: str


class SearchAnswer(Answered):
    query: Asked
    total: int
    approximate: bool = Field(description="总数是否为约数")
    exact: bool = Field(description="否：没有完全匹配，给出的是包含所有词的结果")
    searched: list[str] = Field(description="实际检索的写法：别名、改名、文号")
    warnings: list[str]
    hits: list[Hit]
    facets: dict[str, list[Count]]
    dates: Spread | None = Field(description="各年或各月的件数；一件都没有日期时为空")
    did_you_mean: list[Meant] = Field(description="几乎没有结果时，相近的写法")
    pages: int = Field(description="共几页")
    next: str | None = Field(description="下一页的地址")


class EvidenceOut(Answered):
    start: int
    end: int
    page: int | None = None
    box: list[float] | None = Field(None, description="[左, 上, 右, 下]，单位为点")
    cell: str | None = None
    quote: str = Field(description="原文；与正文 [start, end) 一字不差")
    rule: str
    score: float


class IssueOut(Answered):
    code: str
    field: str
    message: str
    span: list[int] | None = None


def _row(name: str, keys: tuple[str, ...]) -> type[BaseModel]:
    told: dict[str, Any] = {key: (list[Any] | None if key in ROW_LISTS else Any, None) for key in keys}
    return create_model(f"{name.title().replace('_', '')}Row", __base__=BaseModel, **told)


def _record() -> type[BaseModel]:
    """Every key of a record: strings, lists, rows; what is derived as it is."""
    told: dict[str, Any] = {}
    for key in ORDER:
        if key in SCALARS or key == "within":
            told[key] = (str | None, None)
        elif key in LISTS:
            told[key] = (list[str], [])
        elif key in ROWS:
            told[key] = (list[_row(key, ROWS[key])], [])  # type: ignore[misc]
        else:
            told[key] = (Any, None)
    told["id"] = (str, ...)
    told["evidence"] = (dict[str, list[EvidenceOut]], Field({}, description="按路径（如 tasks/3/lead/0）给出依据"))
    told["candidates"] = (dict[str, list[Any]], Field({}, description="没有采用的其他取值"))
    told["issues"] = (list[IssueOut], [])
    return create_model("Record", __config__=ConfigDict(extra="forbid"), **told)


RecordOut = _record()


class Kin(Answered):
    name: str
    container: str | None = None
    id: str | None = None
    reason: str | None = None


class EditionOut(Answered):
    id: str
    kind: Literal["copy", "version", "clash"]
    source: str
    format: str
    arrived: str | None
    later: bool | None = Field(description="是否比本件晚收到")
    title: str | None
    document_number: str | None
    share: float | None
    places: int = Field(description="共有几处不同")
    changed: Any
    differences: list[dict[str, str]]
    url: str


class PageOut(Answered):
    number: int
    width: float
    height: float
    picture: str = Field(description="这一页图片的地址")


class DocumentAnswer(Answered):
    """The record of one official document, and what is known of its file."""

    source: str
    sha256: str
    media_type: str
    complete: bool = Field(description="原件是否读全")
    reasons: list[str]
    warnings: list[str]
    states: dict[str, str] = Field(description="人工核对的字段：confirmed、corrected、stale")
    document: RecordOut  # type: ignore[valid-type]
    original: str = Field(description="下载原件的地址")
    containers: list[Kin] = Field(description="来自哪封邮件、哪个压缩包")
    children: list[Kin] = Field(description="内含的文件")
    editions: list[EditionOut] = Field(description="库中的副本和版本，与本件有何不同")
    opened_from: list[dict[str, Any]] = Field(description="用密码打开的副本：来自哪个原件")
    opened_as: list[dict[str, Any]] = Field(description="已用密码打开为哪个副本")
    pages: list[PageOut]
    cites: list[dict[str, Any]] = Field(description="引用的文件，库中有无")
    cited_by: list[dict[str, Any]] = Field(description="引用本件的公文")
    other_years: list[dict[str, Any]] = Field(description="历年同类公文")


class DocumentPath(BaseModel):
    address: Id


class DocumentQuery(Asking):
    full: Literal["1"] | None = Field(None, description="写 1：不遮盖手机号码和私人邮箱")


class FilesQuery(Asking):
    id: list[Sha] = Field(max_length=500, description="一个或多个原件的 SHA-256")


class Told(Answered):
    name: str
    kind: Literal["waiting", "done", "partly", "refused"]
    text: str
    action: str | None
    sha256: str | None
    url: str | None
    known: bool


class FilesAnswer(Answered):
    files: list[Told]


class Error(BaseModel):
    error: str
    action: str
    code: int
    id: str | None = None


__all__ = [
    "DocumentAnswer", "DocumentPath", "DocumentQuery", "Error", "FilesAnswer", "FilesQuery", "SearchAnswer",
    "SearchQuery",
]  # fmt: skip
