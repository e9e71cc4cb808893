"""The workshop: a draft with last year's text beside it, flags settled one by one, the Word file at any time."""

from __future__ import annotations

import secrets
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from draft.model import FAMILIES, Source
from draft.workshop.acts import VERBS, Wanted
from draft.workshop.drafts import Kept
from draft.workshop.grid import MOST_COLUMNS
from draft.workshop.work import FORMS, MAX_TEXT, Conflict, Work
from gongwen.typed import clean
from web.masking import mask
from web.security import wants_json
from web.who import Person, asked_name, keep, person, require
from web.workshop import attachment, card_of, file_name, kept_draft, next_open, offers_of, place_of, rows_of, workshop

bp = Blueprint("workshop", __name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CHANGED = 409
KINDS = {"paragraph": "正文段落", "heading-1": "一级标题（一、）", "heading-2": "二级标题（（一））",
         "heading-3": "三级标题（1.）", "title": "标题"}  # fmt: skip
VERBS_TOLD = {
    "old": "取上年的写法", "keep": "照现在的写法", "type": "填写", "cut": "删去", "write": "改写", "remove": "删去一段",
    "move": "移动一段", "add": "加一段", "row": "加一行", "unrow": "删去一行",
    "head": "改版头", "undo": "撤销",
}  # fmt: skip


@bp.get("/drafts")
def many() -> ResponseReturnValue:
    found = list(workshop().drafts.all())
    if wants_json():
        return {"drafts": [_brief(one) for one in found]}
    return render_template("drafts.html", drafts=found)


@bp.get("/drafts/<draft_id>")
def one(draft_id: str) -> ResponseReturnValue:
    """`flag`: the one whose card is open; `edit`: the paragraph (of a table the cell) that is being written."""
    kept = kept_draft(draft_id)
    if wants_json():
        return _brief(kept) | {"draft": kept.work.draft().to_json()}
    return _page(kept)


@bp.get("/drafts/<draft_id>/draft.docx")
def docx(draft_id: str) -> ResponseReturnValue:
    """Flags that nobody has settled stay marked, with their comments. `changes=1`: with a list of changes."""
    from draft.gb9704.writer import save_docx

    kept = kept_draft(draft_id)
    held = BytesIO()
    save_docx(kept.work.draft(), held, changes=request.args.get("changes") == "1")
    response = Response(held.getvalue(), content_type=DOCX)
    response.headers["Content-Disposition"] = attachment(file_name(kept.work.title, kept.work.base.year))
    return response


@bp.get("/drafts/<draft_id>/acts")
def acts(draft_id: str) -> ResponseReturnValue:
    """Who did what, newest first."""
    kept = kept_draft(draft_id)
    told = [{"number": one.number, "by": one.by, "at": one.at, "what": VERBS_TOLD[one.wanted.verb],
             "text": mask(one.wanted.text or _row_told(one.wanted))[:120],
             "stands": kept.work.stands(one) or one.wanted.verb == "undo"}
            for one in reversed(kept.work.acts)]  # fmt: skip
    if wants_json():
        return {"acts": told}
    return render_template("draft_acts.html", kept=kept, told=told)


@bp.get("/drafts/look/<address>/<int:at>")
def look(address: str, at: int) -> ResponseReturnValue:
    """The place in a paper that a sentence comes from."""
    where = place_of(address, at)
    if where is None:
        abort(404)
    return redirect(where)


@bp.post("/drafts/<draft_id>/act")
def act(draft_id: str) -> ResponseReturnValue:
    """One act. What has changed meanwhile is told, with what the person wrote, and nothing is kept."""
    require("review")
    who = asked_name()
    kept = kept_draft(draft_id)
    wanted = _wanted(kept.work, who)
    try:
        done = workshop().drafts.act(draft_id, wanted, who.signed)
    except Conflict as conflict:
        return keep(make_response(_conflict(kept_draft(draft_id), wanted, str(conflict))), who)
    except ValueError:
        abort(400)
    after = kept_draft(draft_id)
    if wants_json():
        line = after.work.line(done.wanted.line)
        told = {"number": done.number, "seen": line.seen if line else after.work.head_seen,
                "asked": after.work.asked, "settled": after.work.settled}  # fmt: skip
        return keep(make_response(told), who)
    then = _then(kept.work, after.work, wanted)
    line_id = then["flag"].partition("-")[0] if "flag" in then else done.wanted.line
    where = url_for("workshop.one", draft_id=draft_id, flag=then.get("flag"), all=then.get("all"))
    return keep(redirect(f"{where}#l-{line_id}", 303), who)


def _then(before: Work, after: Work, wanted: Wanted) -> dict[str, str]:
    """Where to go on: the next flag after one was settled, else the page."""
    if wanted.verb in {"old", "keep", "type", "cut"}:
        target = next_open(after, after.line(wanted.line), before.open, wanted.target)
        return {"flag": target} if target else {"all": "1"}
    return {}


def _wanted(work: Work, who: Person) -> Wanted:
    form = request.form
    verb = form.get("verb", "")
    if verb not in VERBS:
        abort(400)
    seen, takes_back, level = (_number(form.get(name, "")) for name in ("seen", "takes_back", "level"))
    kind = form.get("kind", "paragraph")
    if kind not in KINDS and kind != "heading":
        abort(400)
    kind, _, deep = kind.partition("-")
    text = form.get("text", "") if verb == "head" else _clean(form.get("text", ""))
    names = tuple(one for line in form.get("names", "").splitlines() if (one := clean(line).strip()[:60]))[:20]
    if verb == "row":
        names = tuple(_clean(one)[:MAX_TEXT] for one in form.getlist("cell"))[:MOST_COLUMNS]
    last = work.last_of(who.signed) if verb == "undo" and not takes_back else None
    return Wanted(
        verb, form.get("line", "")[:20], seen, form.get("target", "")[:40], text, form.get("after", "")[:20],  # type: ignore[arg-type]
        kind, int(deep) if deep else level, _source(), names, form.get("batch", "")[:24],  # type: ignore[arg-type]
        takes_back or (last.number if last else 0),
    )  # fmt: skip


def _source() -> Source | None:
    """Of a sentence that is taken from a paper: the paper must be there and hold it."""
    address = request.form.get("source", "")
    if not address:
        return None
    from web.views.taking import sentence_at

    return sentence_at(address, _number(request.form.get("start", "")), _clean(request.form.get("text", "")))


def _clean(text: str) -> str:
    """One line: a paragraph has no breaks."""
    return clean(" ".join(text.replace("\r", "\n").split("\n"))).strip("\n")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 8 else 0


def _row_told(wanted: Wanted) -> str:
    return "｜".join(wanted.names) if wanted.verb == "row" else ""


def _page(kept: Kept, problem: str = "", typed: str = "", code: int = 200) -> ResponseReturnValue:
    work, who = kept.work, person()
    target = request.args.get("flag", "")
    card = card_of(work, target) if target else None
    rows = rows_of(work)
    last = work.last_of(who.signed) if who else None
    page = render_template(
        "workshop.html", kept=kept, work=work, rows=rows, card=card, who=who, edit=request.args.get("edit", "")[:40],
        first=work.open[0] if work.open else "", last=last, last_told=VERBS_TOLD[last.wanted.verb] if last else "",
        families=FAMILIES, forms=FORMS, kinds=KINDS, once=secrets.token_hex(6), problem=problem, typed=typed,
        offers=offers_of(kept, rows),
    )  # fmt: skip
    return make_response(page, code)


def _conflict(kept: Kept, wanted: Wanted, told: str) -> ResponseReturnValue:
    """Nothing was kept: the paragraph as it stands now, and what the person wanted to put there."""
    line = kept.work.line(wanted.line)
    if wants_json():
        return {"error": told, "now": line.text if line else "", "seen": line.seen if line else 0,
                "by": line.by if line else ""}, CHANGED  # fmt: skip
    by = f"（{line.by}）" if line is not None and line.by else ""
    typed = wanted.text or _row_told(wanted)
    return _page(kept, f"{told}{by}，您的改动没有保存。请看现在的内容，再决定是否改。", typed, CHANGED)


def _brief(kept: Kept) -> dict[str, Any]:
    work = kept.work
    return {"id": kept.id, "title": work.title, "year": work.base.year, "sources": work.base.sources,
            "by": kept.by, "at": kept.at, "changed": kept.changed, "asked": work.asked, "settled": work.settled,
            "open": work.open}  # fmt: skip
