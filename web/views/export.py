"""A list of hits as a table to take away: the search as it stands, all its pages, masked as on the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from index.engine import Query
from web.facts import chinese_date
from web.filters import Asked, read_asked
from web.masking import COVERED, mask
from web.ports import services
from web.sheets import Column, csv_bytes, xlsx_bytes
from web.views.search import Card, cards_of

bp = Blueprint("export", __name__)

MOST = 5000
_AT_ONCE = 1000

COLUMNS = (
    Column("序号", 6), Column("文号", 26), Column("标题", 60), Column("发文机关", 36), Column("公文日期", 13),
    Column("文种", 8), Column("摘录", 70), Column("原件", 40), Column("第几件", 9), Column("链接", 48, is_link=True),
)  # fmt: skip
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/search.csv")
def as_csv() -> ResponseReturnValue:
    asked = replace(read_asked(request.args), page=1)
    return _download(csv_bytes(COLUMNS, rows(asked)), "text/csv; charset=utf-8", "csv")


@bp.get("/search.xlsx")
def as_xlsx() -> ResponseReturnValue:
    asked = replace(read_asked(request.args), page=1)
    return _download(xlsx_bytes(COLUMNS, rows(asked), "检索结果", list(_notes(asked))), _XLSX, "xlsx")


def rows(asked: Asked) -> Iterator[tuple[str, ...]]:
    """The hits in the order of the page, at most MOST."""
    for number, card in enumerate(_cards(asked), 1):
        yield (
            str(number), mask(card.number), "".join(text for text, _ in card.title), "、".join(map(mask, card.issuers)),
            card.date, mask(card.doc_type), _quoted(card), mask(card.source),
            f"{card.part}/{card.parts}" if card.parts > 1 else "",
            url_for("documents.show", address=card.id, _external=True),
        )  # fmt: skip


def _cards(asked: Asked) -> Iterator[Card]:
    for start in range(0, MOST, _AT_ONCE):
        query: Query = replace(asked.query(), offset=start, limit=min(_AT_ONCE, MOST - start))
        page = services().finder.search(query)
        yield from cards_of(asked, page)
        if start + _AT_ONCE >= page.total or not page.hits:
            return


def _quoted(card: Card) -> str:
    return "\n".join(" ".join("".join(text for text, _ in snippet).split()) for snippet in card.snippets)


def _notes(asked: Asked) -> Iterator[str]:
    page = services().finder.search(replace(asked.query(), limit=0))
    yield f"检索词：{asked.text or '（无）'}"
    for chip in asked.chips():
        yield f"条件：{chip.label}"
    for one in page.searched:
        yield f"实际检索：{one}"
    if not page.exact:
        yield "没有完全匹配，表中是包含所有词的结果。"
    yield f"共 {page.total} 件" + (f"，表中是前 {MOST} 件" if page.total > MOST else "")
    yield f"导出时间：{chinese_date(datetime.now().astimezone().date().isoformat())}"
    yield f"地址：{request.url_root.rstrip('/')}{asked.url()}"
    yield f"抽取结果仅供查阅，以原件为准；{COVERED}"


def _download(content: bytes, kind: str, extension: str) -> Response:
    """The name is plain ASCII with the day: names from queries would be somebody's words in a header."""
    day = datetime.now().astimezone().strftime("%Y%m%d-%H%M")
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename=gongwen-{day}.{extension}"
    return response
