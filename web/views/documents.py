"""One official document: what was read from it beside its text, and the original file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from gongwen.document import Document
from gongwen.errors import REASONS
from gongwen.labels import Labels
from gongwen.record import Record
from gongwen.text import Span
from web.editions import Editions, editions_of
from web.facts import Facts, chinese_dates, citation, tell, value_anchor
from web.judged import Judged
from web.long import shorten
from web.looks import Look, choose_look, has_bars, list_pictures
from web.marked import MarkedText, block_anchor, mark_text
from web.masking import mask, mask_all
from web.opened import Opened, may_hand_out, open_paper
from web.paperlinks import paper_links
from web.pictured import page_of_anchor
from web.ports import services
from web.review_desk import has_review
from web.security import DOWNLOAD_POLICY, Refusal, wants_json
from web.views.review import notice
from web.who import may, person, reveals

bp = Blueprint("documents", __name__)

MAX_NAME = 120
MAX_TOLD = 60
"""Characters of a value that are told with its place on a page."""
NUMBERING = 6
"""What may stand before a heading's words: 第二十一章, （十二）."""
OPENED_ELSEWHERE = frozenset({"application/pdf", "text/plain", "application/ofd"})
OFFICE_TYPES = ("application/vnd.", "application/msword")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the outline, nested by `level`."""

    text: str
    level: int
    anchor: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something to look at: which field, what about it, and where ('' when nowhere)."""

    field: str
    message: str
    place: str

    @property
    def page(self) -> int | None:
        """Where places are on pictures of pages."""
        return page_of_anchor(self.place)


class WayBack:
    """From a place in the text to the values read there: the anchor of the first one shown, and their names."""

    def __init__(self, anchors: frozenset[str], labels: Labels) -> None:
        self._anchors = anchors
        self._labels = labels

    def __call__(self, paths: tuple[str, ...]) -> str:
        for path in paths:
            while path:
                anchor = value_anchor(path)
                if anchor in self._anchors or path.startswith("issues/"):
                    return anchor
                path = path.rpartition("/")[0]
        return "facts-title"

    def named(self, paths: tuple[str, ...]) -> str:
        found = ("待核对" if path.startswith("issues/") else self._labels.path(path) for path in paths)
        return "、".join(dict.fromkeys(found))

    def teller(self, facts: Facts) -> Callable[[tuple[str, ...]], str]:
        """What was read at a place, in words: 牵头单位：云州市科技馆."""
        texts = facts.texts()

        def told(paths: tuple[str, ...]) -> str:
            found = []
            for path in paths:
                name = self.named((path,))
                found.append(f"{name}：{texts[path][:MAX_TOLD]}" if path in texts else name)
            return "；".join(dict.fromkeys(found))

        return told


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page tells of a paper. Two are equal when a reader sees the same. `text` is empty where pages are shown as
    pictures."""

    text: MarkedText | None
    facts: Facts
    notes: tuple[Note, ...]
    others: tuple[str, ...]


@bp.get("/d/<address>")
def show(address: str) -> ResponseReturnValue:
    if wants_json():
        return answer(address)
    paper = open_paper(address, full=reveals())
    look = choose_look(paper)
    seen = tell_paper(paper, look)
    plain = tell_paper(paper, look, masked=True) if paper.is_guarded else seen
    shown = plain if paper.is_covered else seen
    record = paper.masked if paper.is_covered else paper.record
    facts, text, whole = shorten(record.id, shown.facts, shown.text)
    labels = services().labels
    outline = list(_outline(record["sections"], paper.document))
    way_back = WayBack(facts.anchors(), labels)
    others = [one for one in paper.siblings if one.id != record.id]
    reviewing = has_review() and request.args.get("review") == "1"
    return render_template(
        "document.html", record=record, reading=paper.reading, shown=shown, facts=facts, text=text, whole=whole,
        notes=shown.notes, back=way_back, named=way_back.named, outline=outline,
        headings=_headings(outline, text) if text else frozenset(),
        others=list(zip(others, shown.others, strict=True)), citation=citation(record),
        name=plain_name(paper.reading.source), labels=labels, reasons=_sentences(paper.reading.reasons),
        warnings=_sentences(paper.document.warnings), covered=paper.is_covered,
        hides=plain != seen or (look.has_pages and has_bars(paper)), look=look,
        relations=services().relations(paper.reading.sha256), why=REASONS, told=way_back.teller(shown.facts),
        plain_name=plain_name, editions=_editions(paper), links=paper_links(record.id),
        judged=Judged(paper.resolution, labels, reviewing=reviewing, covered=paper.is_covered),
        who=person(), keeps_originals=services().desk is not None, **notice(),
    )  # fmt: skip


def _editions(paper: Opened) -> Editions:
    asked = services()
    return editions_of(
        paper.reading, paper.record, paper.document, asked.linked, asked.papers, asked.relations,
        revealed=reveals(),
    )  # fmt: skip


def answer(address: str) -> dict[str, Any]:
    """The paper as programs get it."""
    return _json(open_paper(address, full=reveals()))


def tell_paper(paper: Opened, look: Look, *, masked: bool = False) -> Shown:
    """With numbers in full, or starred."""
    labels = services().labels
    record = paper.masked if masked else paper.record
    titles = [str(one["title"] or "") for one in paper.siblings if one.id != record.id]
    if look.is_pictured:
        text, places = None, look.spots.places
    else:
        text = mark_text(paper.document, record, mask(paper.document.text) if masked else paper.document.text)
        places = text.places
    return Shown(
        text, tell(record, places, paper.states, labels), tuple(_notes(record, places, labels)),
        tuple(mask_all(titles) if masked else titles),
    )  # fmt: skip


def _sentences(codes: Iterable[str]) -> list[str]:
    """What was seen while reading, and what to do about it."""
    return ["，".join(REASONS[code]) for code in dict.fromkeys(codes) if code in REASONS]


@bp.get("/d/<address>/original")
def original(address: str) -> ResponseReturnValue:
    """The file as it came in: always a download, never shown inside the site."""
    found = services().papers.find(address)
    if found is None:
        abort(404)
    reading, _ = found
    if not may("unmask") and not may_hand_out(open_paper(address, full=False)):
        action = "您的账号不能查看完整号码，请在页面上阅读，或联系管理员。"
        raise Refusal("原件中有未遮盖的手机号码或私人邮箱", action, code=403)
    path = services().papers.object_path(reading.sha256)
    if not path.is_file():
        abort(404)
    response: Response = send_file(
        path, mimetype=download_type(reading.media_type), as_attachment=True, download_name=plain_name(reading.source),
        conditional=True, etag=reading.sha256, max_age=0,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response


def plain_name(source: str) -> str:
    """The file name of a source for people and for a download: no folders, no control characters, at most MAX_NAME
    characters with the extension kept."""
    name = source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = "".join(" " if not char.isprintable() else char for char in name)
    name = " ".join("".join(char for char in name if char not in '<>:"|?*').split()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if len(name) > MAX_NAME and dot and len(extension) <= 8:
        return f"{stem[: MAX_NAME - len(extension) - 1]}.{extension}"
    return name[:MAX_NAME] or "原件"


def _json(paper: Opened) -> dict[str, Any]:
    reading, record = paper.reading, paper.record
    relations = services().relations(reading.sha256)
    return {
        "source": plain_name(reading.source), "sha256": reading.sha256, "media_type": reading.media_type,
        "complete": reading.complete, "reasons": reading.reasons,
        "warnings": list(paper.document.warnings), "states": dict(paper.states),
        "document": mask_all(record.to_json()) if paper.is_covered else record.to_json(),
        "original": url_for("documents.original", address=record.id), "pages": list_pictures(paper),
        "containers": [one.to_json() for one in relations.containers],
        "children": [one.to_json() for one in relations.members],
        "opened_from": [{"name": name, "sha256": sha256} for name, sha256 in relations.opened_from],
        "opened_as": [one.to_json() for one in relations.opened_as],
        "editions": [
            one.to_json() | {"source": plain_name(one.source), "url": url_for("documents.show", address=one.id)}
            for one in _editions(paper).listed
        ],
        **paper_links(record.id).to_json(),
    }  # fmt: skip


def download_type(media_type: str) -> str:
    """Types a browser might run (HTML, XML, pictures with script) leave as bytes."""
    if media_type in OPENED_ELSEWHERE or media_type.startswith(OFFICE_TYPES):
        return media_type
    return "application/octet-stream"


def _notes(record: Record, places: Mapping[str, str], labels: Labels) -> Iterator[Note]:
    for at, issue in enumerate(record.issues):
        named = labels.path(issue.field) if issue.field else ""
        yield Note(named, chinese_dates(issue.message), places.get(f"issues/{at}", ""))


def _outline(sections: Any, document: Document, level: int = 1) -> Iterator[Heading]:
    """Headings in order of print with the block each begins; deeper than three is more than an outline needs."""
    for one in sections if isinstance(sections, list) else []:
        if not isinstance(one, dict):
            continue
        start = one.get("start", (one.get("span") or [None])[0])
        text = str(one.get("title") or one.get("heading") or one.get("text") or "")
        if text and isinstance(start, int):
            page = document.page_of(Span(start, start + 1)) if start < len(document.text) else None
            yield Heading(text, level, block_anchor(document, start), page)
        if level < 3:
            yield from _outline(one.get("sections") or one.get("children"), document, level + 1)


def _headings(outline: list[Heading], text: MarkedText) -> frozenset[str]:
    """Anchors of paragraphs that are a heading and nothing else: on paper they stay with what follows. Many formats
    do not say which paragraphs are headings."""
    titles = {one.anchor: "".join(one.text.split()) for one in outline if one.anchor}
    said = {one.anchor: "".join("".join(piece.text for piece in one.pieces).split()) for one in text.flow}
    return frozenset(anchor for anchor, title in titles.items() if _is_only(said.get(anchor, ""), title))


def _is_only(said: str, title: str) -> bool:
    return said.endswith(title) and len(said) - len(title) <= NUMBERING
