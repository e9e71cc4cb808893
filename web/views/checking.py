"""Checking a draft: a file or pasted text, what a second pair of eyes finds at its place, and the layout. Nothing is
kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Blueprint, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from draft.check.file import CheckedFile, Checker
from draft.check.model import Finding
from gongwen.errors import REASONS, SourceError
from web.security import wants_json
from web.views.documents import plain_name

bp = Blueprint("checking", __name__)

EXTENSION = "gongwen.checker"
MAX_TEXT = 60_000
VERDICTS = {"pass": "合格", "warn": "不合", "unknown": "无法判断"}


@dataclass(frozen=True, slots=True)
class Bit:
    """Words of the paper; `at` is the finding that stands over them, -1 none."""

    text: str
    at: int = -1
    weight: str = ""


@dataclass(frozen=True, slots=True)
class PaperView:
    title: str
    number: str
    findings: Sequence[Finding]
    first: int
    """Number of its first finding on the page."""
    bits: tuple[Bit, ...]


@bp.get("/check")
def form() -> ResponseReturnValue:
    _checker()
    return render_template("check.html", text="", papers=None, name="", layout=(), verdicts=VERDICTS, problem="")


@bp.post("/check")
def check() -> ResponseReturnValue:
    """A file goes before pasted text."""
    checker = _checker()
    file, text = request.files.get("file"), request.form.get("text", "")[:MAX_TEXT]
    has_file = file is not None and bool(file.filename)
    if not has_file and not text.strip():
        return _refused("请选择文件，或贴上正文", text)
    name = plain_name(file.filename or "") if has_file and file is not None else "正文.txt"
    with tempfile.TemporaryDirectory(prefix="gongwen-check-") as folder:
        path = Path(folder) / f"paper{Path(name).suffix.lower()[:8]}"
        if has_file and file is not None:
            file.save(path)
        else:
            path.write_text(text, encoding="utf-8")
        try:
            found = checker.check(path, name)
        except SourceError as error:
            what, action = REASONS.get(error.code, (error.sentence, ""))
            return _refused(f"{what}。{action}", text)
    if wants_json():
        return found.to_json(name)
    return render_template(
        "check.html", text=text, papers=_papers(found), name=name if has_file else "", layout=found.layout,
        verdicts=VERDICTS, problem="",
    )  # fmt: skip


def _checker() -> Checker:
    found = current_app.extensions.get(EXTENSION)
    if found is None:
        abort(404)
    return cast(Checker, found)


def _refused(problem: str, text: str) -> ResponseReturnValue:
    if wants_json():
        return {"error": problem}, 422
    page = render_template("check.html", text=text, papers=None, name="", layout=(), verdicts=VERDICTS, problem=problem)
    return make_response(page, 422)


def _papers(found: CheckedFile) -> list[PaperView]:
    views = []
    first = 1
    for record, findings in found.papers:
        part = record["part"]
        bits = tuple(_bits(found.document.text, part["start"], part["end"], findings, first))
        title, number = record["title"] or "（未见标题）", record["document_number"] or ""
        views.append(PaperView(title, number, findings, first, bits))
        first += len(findings)
    return views


def _bits(text: str, start: int, end: int, findings: Sequence[Finding], first: int) -> Iterator[Bit]:
    """Each finding marked once; one that begins inside another is told in the list alone."""
    at = start
    for number, one in enumerate(findings, first):
        if one.span is None or one.span.start < at or one.span.end > end:
            continue
        yield Bit(text[at : one.span.start])
        yield Bit(text[one.span.start : one.span.end], number, one.weight)
        at = one.span.end
    yield Bit(text[at:end])
