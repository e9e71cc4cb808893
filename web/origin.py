"""Whether a request that changes something comes from a page of this site (Fetch Metadata; RFC 6454 origins)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, request


def refuse_foreign() -> None:
    """400 for a form or script of another site. Browsers tell where a request comes from by Sec-Fetch-Site or, older
    ones, by Origin; programs (curl) tell neither and carry nobody's cookies."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        abort(400)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(400)
