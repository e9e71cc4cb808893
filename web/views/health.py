"""Is the site able to answer: for a supervisor, not for people."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from gongwen.errors import GongwenError
from index.engine import Query
from web.ports import services

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """200 when the index answers a search, else 503. Says nothing of the papers."""
    try:
        services().finder.search(Query(limit=1))
    except GongwenError:
        return {"status": "unavailable"}, 503
    return {"status": "ok"}
