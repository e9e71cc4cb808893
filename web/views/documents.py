"""One official document: what was read from it beside its text, and the original file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from gongwen.document import Document
from gongwen.errors import REASONS
from gongwen.labels import Labels
from gongwen.record import Reading, Record
from gongwen.review import State, resolve_all
from web.desk import has_desk
from web.facts import Facts, chinese_dates, citation, tell, value_anchor
from web.judged import Judged
from web.marked import MarkedText, block_anchor, mark_text
from web.masking import is_public, mask, mask_all
from web.ports import services
from web.security import DOWNLOAD_POLICY, wants_json
from web.views.review import notice
from web.who import person

bp = Blueprint("documents", __name__)

MAX_NAME = 120
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


@dataclass(frozen=True, slots=True)
class Note:
    """Something to look at: which field, what about it, and where in the text ('' when nowhere)."""

    field: str
    message: str
    place: str


class _WayBack:
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


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page tells of a paper. Two are equal when a reader sees the same."""

    text: MarkedText
    facts: Facts
    notes: tuple[Note, ...]
    others: tuple[str, ...]


@bp.get("/d/<address>")
def show(address: str) -> ResponseReturnValue:
    reading, record = _found(address)
    papers = services().papers
    resolved = resolve_all(reading.documents, papers.reviews(reading.sha256))
    found = next(one for one in resolved if one.machine is record)
    record, states = found.record, found.states
    guarded = not is_public(record["disclosure"])
    covered = guarded and request.args.get("full") != "1"
    document = papers.text(reading.sha256) or Document(reading.sha256, "", (), "", reading.media_type)
    if wants_json():
        return _json(reading, record, document, dict(states), covered=covered)
    others = [one.record for one in resolved if one is not found]
    whole = _shown(document, record, document.text, others, states)
    hidden = Record.from_json(mask_all(record.to_json())) if guarded else record
    masked = _shown(document, hidden, mask(document.text), others, states) if guarded else whole
    record, shown = (hidden, masked) if covered else (record, whole)
    labels = services().labels
    outline = list(_outline(record["sections"], document))
    way_back = _WayBack(shown.facts.anchors(), labels)
    reviewing = has_desk() and request.args.get("review") == "1"
    return render_template(
        "document.html", record=record, reading=reading, facts=shown.facts, text=shown.text, notes=shown.notes,
        back=way_back, named=way_back.named, outline=outline, headings=_headings(outline, shown.text),
        others=list(zip(others, shown.others, strict=True)), citation=citation(record),
        name=plain_name(reading.source), labels=labels, reasons=_sentences(reading.reasons),
        warnings=_sentences(document.warnings), covered=covered, hides=masked != whole,
        relations=services().relations(reading.sha256), why=REASONS, has_desk=has_desk(), who=person(),
        judged=Judged(found, labels, reviewing=reviewing, covered=covered), **notice(),
    )  # fmt: skip


def _shown(
    document: Document, record: Record, text: str, others: list[Record], states: Mapping[str, State]
) -> Shown:
    labels = services().labels
    marked = mark_text(document, record, text)
    titles = [str(one["title"] or "") for one in others]
    return Shown(
        marked, tell(record, marked.places, states, labels), tuple(_notes(record, marked.places, labels)),
        tuple(titles if text == document.text else mask_all(titles)),
    )  # fmt: skip


def _sentences(codes: Iterable[str]) -> list[str]:
    """What was seen while reading, and what to do about it."""
    return ["，".join(REASONS[code]) for code in dict.fromkeys(codes) if code in REASONS]


@bp.get("/d/<address>/original")
def original(address: str) -> ResponseReturnValue:
    """The file as it came in: always a download, never shown inside the site."""
    reading, _ = _found(address)
    path = services().papers.object_path(reading.sha256)
    if not path.is_file():
        abort(404)
    response: Response = send_file(
        path, mimetype=_download_type(reading.media_type), as_attachment=True, download_name=plain_name(reading.source),
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


def _found(address: str) -> tuple[Reading, Record]:
    found = services().papers.find(address)
    if found is None:
        abort(404)
    return found


def _json(
    reading: Reading, record: Record, document: Document, states: dict[str, Any], *, covered: bool
) -> dict[str, Any]:
    found: dict[str, Any] = record.to_json()
    if covered:
        found = mask_all(found)
    relations = services().relations(reading.sha256)
    return {
        "source": plain_name(reading.source), "sha256": reading.sha256, "media_type": reading.media_type,
        "complete": reading.complete, "reasons": reading.reasons,
        "warnings": list(document.warnings), "states": states, "document": found,
        "original": url_for("documents.original", address=record.id),
        "containers": [one.to_json() for one in relations.containers],
        "children": [one.to_json() for one in relations.members],
    }  # fmt: skip


def _download_type(media_type: str) -> str:
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
            yield Heading(text, level, block_anchor(document, start))
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
