"""Answers packed by gzip, as browsers ask for it: a page with its stylesheets is a tenth then.

A packed page tells by its length what stands in it, so that another site which makes a browser ask again and again
could guess at it (BREACH). Pages are therefore packed only for a browser that says who asked: this site, or a person
who typed the address. Stylesheets and scripts hold no secret and are packed for everyone, once.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from threading import Lock

from flask import Flask, Response, request

LEVEL = 6
LEAST = 1024
"""Bytes: less is not worth it."""
MOST = 8 << 20
KEPT = 64
"""Packed static files that are remembered; there are some twenty."""

WORDS = ("text/", "application/json", "application/javascript", "application/xml", "application/atom+xml", "image/svg")
STATIC = ("/static/", "/bootstrap/static/")
OWN = frozenset({"same-origin", "none"})


class Packed:
    """Packed static files by address and ETag, the last ones used."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, str], raw: bytes) -> bytes:
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = gzip.compress(raw, LEVEL, mtime=0)
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


def install(app: Flask) -> None:
    packed = Packed()

    @app.after_request
    def pack(response: Response) -> Response:
        if not (response.content_type or "").startswith(WORDS):
            return response
        response.vary.add("Accept-Encoding")
        if _may(response):
            _pack(response, packed)
        return response


def _may(response: Response) -> bool:
    if response.status_code != 200 or request.method != "GET" or "Content-Encoding" in response.headers:
        return False
    if request.accept_encodings.quality("gzip") <= 0:
        return False
    if request.path.startswith(STATIC):
        return True
    return request.headers.get("Sec-Fetch-Site") in OWN and not response.is_streamed


def _pack(response: Response, packed: Packed) -> None:
    size = response.content_length
    if size is None or not LEAST <= size <= MOST:
        return
    is_static = request.path.startswith(STATIC)
    response.direct_passthrough = False
    raw = response.get_data()
    etag, _ = response.get_etag()
    if is_static and etag is not None:
        response.set_data(packed.get((request.path, etag), raw))
        response.set_etag(etag, weak=True)
    else:
        response.set_data(gzip.compress(raw, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
