"""Pages of an original: each as a picture, and as the part of the page that shows it with the places of its values."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gongwen.boxes import quarters
from gongwen.errors import SourceError
from ingest.pictures.wish import LARGE, SMALL, Busy, Wish
from web.looks import PAGES, Look, can_draw, choose_look, make_leaf, tell_failure, why_not
from web.opened import Opened, open_paper
from web.ports import services
from web.security import DOWNLOAD_POLICY
from web.views.documents import WayBack, tell_paper
from web.who import reveals

bp = Blueprint("pictures", __name__)

PART = "X-Part"
"""A header by which the site's own script asks for a part of a page; a browser that is sent here gets the whole."""
AGAIN = 2
"""Seconds after which to ask again when too many pages are being drawn."""


@bp.get("/d/<address>/page/<int:number>.webp")
def picture(address: str, number: int) -> ResponseReturnValue:
    """Numbers that the text hides are painted over in the picture itself."""
    paper = _paper(address, number)
    if why := why_not(paper, number):
        return _no_picture(why)
    size = next(page for page in paper.document.pages if page.number == number)
    width = LARGE if request.args.get("size") == "2" else SMALL
    bars, turn = paper.cover.bars.get(number, ()), quarters(size.angle)
    wish = Wish(paper.reading.media_type, number, (size.width, size.height), width, bars, turn)
    pictures = services().pictures
    assert pictures is not None
    try:
        drawn = pictures.page(paper.reading.sha256, wish)
    except SourceError as error:
        return _no_picture(tell_failure(error))
    except KeyError:
        abort(404)
    except Busy:
        answer = Response("稍候\n", 503, content_type="text/plain; charset=utf-8")
        answer.headers["Retry-After"] = str(AGAIN)
        return answer
    return _sent(drawn.data, drawn.tag, keep=not (paper.is_guarded and paper.full))


def _sent(data: bytes, tag: str, *, keep: bool) -> Response:
    """What is shown in full must not stay in the browser's store."""
    answer = Response(data, content_type="image/webp")
    answer.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    if keep:
        answer.cache_control.private = True
        answer.cache_control.no_cache = True
        answer.set_etag(tag)
        answer.make_conditional(request)
    return answer


def _no_picture(why: str) -> ResponseReturnValue:
    return {"error": why, "code": 422}, 422


@bp.get("/d/<address>/page/<int:number>")
def sheet(address: str, number: int) -> ResponseReturnValue:
    paper = _paper(address, number)
    if PART not in request.headers:
        look = Look(paper.record.id, paper.full, has_pages=True)
        return redirect(f"{look.url(PAGES, number)}#p-{number}")
    look = choose_look(paper)
    leaf = make_leaf(paper, look.spots, number, near=True)
    facts = tell_paper(paper, look, masked=paper.is_covered).facts
    way_back = WayBack(facts.anchors(), services().labels)
    return render_template("sheet.html", leaf=leaf, look=look, back=way_back, told=way_back.teller(facts))


def _paper(address: str, number: int) -> Opened:
    paper = open_paper(address, full=reveals())
    if not can_draw(paper) or number not in paper.pages:
        abort(404)
    return paper
