"""What a person may be about to type, for the list under the search box. Without script the box is a plain form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from gongwen.errors import GongwenError
from index.suggesting import Suggestion
from web.access import visible
from web.filters import MAX_LENGTH, clean
from web.masking import mask
from web.ports import services

bp = Blueprint("suggest", __name__)

GROUPS: dict[str, str] = {"number": "文号", "unit": "单位", "title": "标题", "person": "人名"}
"""In the order they are shown. 最近 (recent searches) is added by the browser, which alone keeps them."""


@bp.get("/suggest")
def suggest() -> ResponseReturnValue:
    """At most ten, in groups. An index that is being repaired has none: nobody waits for suggestions."""
    text = clean(request.args.get("q", "")[: 2 * MAX_LENGTH])[:MAX_LENGTH]
    try:
        found = services().aids.suggest(text, visible()) if text else ()
    except GongwenError:
        found = ()
    groups = [
        {"kind": kind, "label": label, "items": [_row(one) for one in found if one.kind == kind]}
        for kind, label in GROUPS.items()
    ]
    return {"query": text, "groups": [group for group in groups if group["items"]]}


def _row(one: Suggestion) -> dict[str, Any]:
    """A paper leads to itself, a name to a search."""
    url = url_for("documents.show", address=one.id) if one.id else url_for("search.search", q=one.text)
    return {"label": mask(one.label), "text": mask(one.text), "note": mask(one.note), "url": url}
