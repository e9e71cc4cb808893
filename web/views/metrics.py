"""Figures for a supervisor as Prometheus text: for this machine, or for a program that holds a token."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from gongwen import VERSION
from gongwen.errors import GongwenError
from index.engine import Query
from ingest.gauges import Gauges
from web.meter import Meter, family
from web.ports import services

bp = Blueprint("metrics", __name__)
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """No paper is named: counts, times and free room only."""
    if not _may_ask():
        abort(403)
    return Response("".join(_lines()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_ask() -> bool:
    """Somebody on this machine; behind a proxy everybody seems to be, so what was forwarded needs a token."""
    token = services().token
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if token is not None and kind.lower() == "bearer" and token(given.strip()) is not None:
        return True
    try:
        is_here = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return is_here and not any(name in request.headers for name in _FORWARDED)


def _lines() -> Iterator[str]:
    yield from family("gongwen_info", "gauge", "The program.", [({"version": VERSION}, 1)])
    yield from _index()
    read: Callable[[], Gauges] = current_app.extensions["gongwen.gauges"]
    try:
        found = read()
    except (GongwenError, OSError):
        yield from family("gongwen_journal_up", "gauge", "Whether the journal can be read.", [({}, 0)])
    else:
        yield from _corpus(found)
    meter: Meter = current_app.extensions["gongwen.meter"]
    yield from meter.lines()


def _index() -> Iterator[str]:
    try:
        count = services().finder.search(Query(limit=1)).total
    except GongwenError:
        yield from family("gongwen_index_up", "gauge", "Whether the index answers.", [({}, 0)])
        return
    yield from family("gongwen_index_up", "gauge", "Whether the index answers.", [({}, 1)])
    yield from family("gongwen_documents", "gauge", "Papers that can be found.", [({}, count)])


def _corpus(found: Gauges) -> Iterator[str]:
    yield from family("gongwen_journal_up", "gauge", "Whether the journal can be read.", [({}, 1)])
    yield from family("gongwen_files", "gauge", "Files by state.", (
        ({"state": state}, count) for state, count in sorted(found.states.items())
    ))  # fmt: skip
    yield from family("gongwen_files_by_reason", "gauge", "Files not read, or not wholly, by reason.", (
        ({"reason": reason}, count) for reason, count in sorted(found.reasons.items())
    ))  # fmt: skip
    yield from family("gongwen_index_lag_files", "gauge", "Files read that wait for the index.", [({}, found.lag)])
    yield from family("gongwen_disk_free_bytes", "gauge", "Free room for the corpus.", [({}, found.disk_free_bytes)])
    yield from family("gongwen_disk_bytes", "gauge", "Size of the corpus's disk.", [({}, found.disk_bytes)])
