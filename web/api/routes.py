"""The routes of the API. Each answers with what the page of the same name shows."""

from __future__ import annotations

from math import ceil
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.file import FileStorage
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from web.api.models import (
    DocumentAnswer,
    DocumentPath,
    DocumentQuery,
    Error,
    FilesAnswer,
    FilesQuery,
    SearchAnswer,
    SearchQuery,
)
from web.filters import MAX_PAGE, PAGE_SIZE
from web.signed import accounts_on
from web.views import documents, search, upload

PREFIX = "/api/v1"
FIND = Tag(name="检索", description="查找公文，取一份公文的全部字段和依据")
FILES = Tag(name="收文", description="交入文件，查看处理情况")
Answer = Any
"""flask-openapi3 evaluates the annotations of a route where flask.typing's cannot be resolved."""
ERRORS: dict[str | int, Any] = {400: Error, 404: Error, 422: Error}

api = APIBlueprint(
    "api", __name__, url_prefix=PREFIX, abp_security=[{}, {"token": []}],
    abp_responses={401: Error, 429: Error, 503: Error},
)


@api.get("/search", tags=[FIND], summary="检索", responses={200: SearchAnswer, 422: Error}, operation_id="search")
def find(query: SearchQuery) -> Answer:
    """按检索词和条件查找公文，每页 20 件；各条件同一项内为“或”，各项之间为“且”。"""
    answer = search.answer(request.args)
    pages = min(MAX_PAGE, ceil(answer["total"] / PAGE_SIZE))
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    link = f"{url_for('api.find')}?{urlencode([*asked, ('page', query.page + 1)])}" if query.page < pages else None
    return answer | {"pages": pages, "next": link}


@api.get(
    "/documents/<address>", tags=[FIND], summary="一份公文", operation_id="document",
    responses={200: DocumentAnswer, **ERRORS},
)  # fmt: skip
def document(path: DocumentPath, query: DocumentQuery) -> Answer:
    """一份公文的全部字段、每个值的依据（页码、位置、原文）、待核对之处。手机号码和私人邮箱默认遮盖。"""
    return documents.answer(path.address)


@api.get(
    "/documents/<address>/original", tags=[FIND], summary="下载原件", operation_id="original",
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
               **ERRORS},
)  # fmt: skip
def original(path: DocumentPath) -> Answer:
    """原件，一字不改。"""
    return documents.original(path.address)


class Upload(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    files: list[FileStorage] = Field(min_length=1, max_length=upload.MAX_FILES, description="一个或多个文件")
    path: str | None = Field(None, max_length=400, description="文件在原文件夹中的路径，只作名称用")


@api.post(
    "/files", tags=[FILES], summary="交入文件", operation_id="upload",
    responses={200: FilesAnswer, 202: FilesAnswer, 413: Error, **ERRORS},
)  # fmt: skip
def hand_in(form: Upload) -> Answer:
    """返回 202 时文件已经安全存下，等待读取；用返回的 sha256 查询处理情况。每个文件都没有收时返回 200 和原因。"""
    return upload.accept()


@api.get(
    "/files", tags=[FILES], summary="处理情况", operation_id="files", responses={200: FilesAnswer, **ERRORS}
)
def files(query: FilesQuery) -> Answer:
    """交入的文件处理到哪一步；库中没有的不列出。"""
    return upload.state()


@api.before_request
def guard() -> Any:
    """While there are no accounts: a token that is given must be right; whether one must be given the site's operator
    decides. With accounts the guard of all routes has looked already."""
    if accounts_on():
        return None
    given = request.headers.get("Authorization", "")
    if not given and not current_app.config["API_NEEDS_TOKEN"]:
        return None
    scheme, _, token = given.partition(" ")
    check = current_app.extensions["gongwen"].token
    if scheme.lower() == "bearer" and check is not None and check(token.strip()):
        return None
    action = "请在 Authorization 标头里写 Bearer 加令牌；令牌向管理员索取。"
    told = {"error": "接口令牌不对或已停用", "action": action, "code": 401}
    return told, 401, {"WWW-Authenticate": "Bearer"}
