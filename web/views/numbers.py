"""/n/云科协字〔2024〕45号: the paper of that number, however the number is written."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from index.engine import Query
from index.numbers import typed_number
from web.filters import MAX_LENGTH, clean
from web.ports import services

bp = Blueprint("numbers", __name__)


@bp.get("/n/<path:number>")
def paper(number: str) -> ResponseReturnValue:
    """Straight to the only paper of that number; a list when there are several, or none but some that cite it."""
    text = clean(number)[:MAX_LENGTH].replace('"', "")
    known = typed_number(text)
    wanted = str(known) if known is not None else f'"{text}"'
    own = f"文号:{wanted}"
    page = services().finder.search(Query(own, limit=2, today=date.today().isoformat(), bare=True))
    if page.total == 1:
        return redirect(url_for("documents.show", address=page.hits[0].id))
    return redirect(url_for("search.search", q=own if page.total else wanted))
