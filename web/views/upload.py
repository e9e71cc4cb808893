"""Handing files in: by dropping them or by a plain form, and how each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from gongwen.errors import REASONS, SourceError
from ingest.names import is_left_over, shown
from ingest.standing import Standing
from web.ports import services
from web.security import wants_json
from web.views.documents import plain_name

bp = Blueprint("upload", __name__)

MAX_FILES = 500
"""Files of one form; by dropping, each comes by itself."""
MAX_ASKED = 500
_HEX = frozenset("0123456789abcdef")

WORDS = {
    "stored": "等待读取", "extracting": "正在读取", "extracted": "正在编入索引", "indexed": "已收妥，可检索",
    "needs_password": "有密码", "needs_ocr": "等待文字识别", "needs_converter": "等待转换程序",
}  # fmt: skip
LEFT_OVER = "系统或临时文件，没有收"


@dataclass(frozen=True, slots=True)
class Told:
    """What the person who handed in a file is told of it. `kind` is waiting, done, partly or refused."""

    name: str
    kind: str
    text: str
    action: str = ""
    sha256: str = ""
    url: str = ""
    known: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind, "text": self.text, "action": self.action or None,
                "sha256": self.sha256 or None, "url": self.url or None, "known": self.known}  # fmt: skip


@bp.get("/upload")
def form() -> ResponseReturnValue:
    if services().inlet is None:
        abort(404)
    return render_template("upload.html", told=[_tell(one) for one in _asked()], max_mb=services().max_file_mb)


@bp.post("/upload")
def take() -> ResponseReturnValue:
    if wants_json():
        return accept()
    told, code = _take_all()
    return render_template("upload.html", told=told, max_mb=services().max_file_mb, sent=True), code


def accept() -> ResponseReturnValue:
    """As `take`, for programs."""
    told, code = _take_all()
    return {"files": [one.to_json() for one in told]}, code


def _take_all() -> tuple[list[Told], int]:
    """202 when any was accepted, 200 when each was refused with its reason."""
    files = [one for one in request.files.getlist("files") if one.filename]
    if services().inlet is None:
        abort(404)
    if len(files) > MAX_FILES:
        abort(413)
    told = [_take(one) for one in files]
    return told, 202 if any(one.sha256 for one in told) else 200


@bp.get("/upload/state")
def state() -> ResponseReturnValue:
    """How files stand that were handed in: ?id=SHA256, as often as there are files."""
    if services().inlet is None:
        abort(404)
    return {"files": [_tell(one).to_json() for one in _asked()]}


def _asked() -> list[Standing]:
    inlet = services().inlet
    shas = [one for one in request.args.getlist("id")[:MAX_ASKED] if len(one) == 64 and _HEX.issuperset(one)]
    return inlet.standings(shas) if inlet is not None and shas else []


def _take(file: FileStorage) -> Told:
    inlet = services().inlet
    assert inlet is not None
    sent = (request.form.get("path") or file.filename or "").replace("\\", "/").lstrip("/")
    name = plain_name(shown(sent))
    if is_left_over(sent.rpartition("/")[2]):
        return Told(name, "refused", LEFT_OVER)
    try:
        accepted = inlet.receive(file.stream, sent)
    except SourceError as error:
        what, action = REASONS[error.code]
        return Told(name, "refused", what, action)
    found = inlet.standings([accepted.sha256])
    told = _tell(found[0]) if found else Told(name, "waiting", WORDS["stored"], sha256=accepted.sha256)
    return Told(name, told.kind, told.text, told.action, accepted.sha256, told.url, known=not accepted.is_new)


def _tell(one: Standing) -> Told:
    name = plain_name(one.name)
    what, action = REASONS.get(one.reason, ("", ""))
    url = url_for("documents.show", address=one.address) if one.address else ""
    if not one.is_done:
        return Told(name, "waiting", WORDS.get(one.state, "等待读取"), sha256=one.sha256)
    if one.state == "indexed" and not what:
        members = f"，内含 {one.members} 个文件" if one.members else ""
        return Told(name, "done", WORDS["indexed"] + members, sha256=one.sha256, url=url)
    if one.state == "indexed":
        return Told(name, "partly", f"已收妥，但没有读全：{what}", action, one.sha256, url)
    return Told(name, "refused", what or WORDS.get(one.state, "未读成"), action, one.sha256)
