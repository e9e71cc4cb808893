"""How much one account, or one address, may ask for in a minute: buckets that fill again as time goes by. Made so that
nobody who works by hand meets them; a program that asks without end does, and cannot take the site from the others.

Kept in this process, which is the only one that serves; by the monotonic clock, so a clock that jumps locks nobody out
(libraries for this count by the time of day)."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import cast

from flask import Flask, current_app, request

from gongwen.errors import SettingsError
from web.security import TooMany
from web.signed import signed

A_MINUTE: dict[str, int] = {
    "search": 120, "suggest": 600, "export": 30, "upload": 240, "draft": 60, "audit": 60, "rules": 20, "pictures": 600,
    "all": 1200,
}  # fmt: skip
"""Requests of a kind that an account may make in a minute, at once or one by one; `all` counts every one."""

BEHIND_ADDRESS = 30
"""An address is an office: this many people may be behind it, each with as much as an account."""

_KINDS: dict[str, tuple[str, ...]] = {
    "search": ("search.search", "api.find", "similar.page", "taking.take", "numbers.paper"),
    "suggest": ("suggest.suggest",),
    "export": ("export.as_csv", "export.as_xlsx", "audit.download", "trail.as_csv", "workshop.docx",
               "documents.original", "api.original", "state.original"),
    "upload": ("upload.take", "api.hand_in", "checking.check", "state.retry", "state.unlock"),
    "draft": ("taking.start", "workshop.look"),
    "audit": ("audit.question", "audit_pictures.units", "audit_pictures.series", "audit_pictures.citations",
              "audit_pictures.persons"),
    "rules": ("rules.try_out", "rules.apply", "rules.save"),
    "pictures": ("pictures.picture",),
}  # fmt: skip
_KIND_OF = {endpoint: kind for kind, endpoints in _KINDS.items() for endpoint in endpoints}
_FREE = frozenset({"static", "bootstrap.static", "health.health", "metrics.metrics"})
_MOST_BUCKETS = 20_000
_MINUTE = 60.0
_EXTENSION = "gongwen.limits"


class Limits:
    """Its methods may be called from any thread. Without rates nothing is counted."""

    def __init__(self, a_minute: Mapping[str, int], clock: Callable[[], float] = time.monotonic) -> None:
        self.a_minute = dict(a_minute)
        self._clock = clock
        self._lock = Lock()
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, who: str, kind: str, *, people: int = 1) -> float:
        """Takes one of `who`'s requests of this kind; seconds to wait when there is none left, else 0."""
        most = float(self.a_minute.get(kind, 0) * people)
        if not most:
            return 0.0
        with self._lock:
            now = self._clock()
            left, at = self._buckets.pop((who, kind), (most, now))
            left = min(most, left + (now - at) * most / _MINUTE)
            wait = 0.0 if left >= 1.0 else (1.0 - left) * _MINUTE / most
            self._buckets[who, kind] = (left if wait else left - 1.0, now)
            while len(self._buckets) > _MOST_BUCKETS:
                self._buckets.popitem(last=False)  # who has not asked for the longest time
            return wait


def read_limits(told: str) -> dict[str, int]:
    """Of the setting `limits`: '' for ours, 'off' for none, else kinds with another number (search 200, export 60).
    Raises SettingsError."""
    if told.strip().lower() in {"off", "no", "false", "否", "无"}:
        return {}
    found = dict(A_MINUTE)
    for one in (part.split() for part in told.replace("，", ",").split(",") if part.strip()):
        if len(one) != 2 or one[0] not in found or not (one[1].isascii() and one[1].isdigit()):
            known = "、".join(found)
            raise SettingsError(f"limits: 写成“search 200, export 60”（每分钟次数，0 为不限）或 off；可用：{known}")
        found[one[0]] = int(one[1])
    return found


def install_before(app: Flask, told: str) -> None:
    """To be called before the guard is installed: whoever asks, signed in or not. Raises SettingsError."""
    app.extensions[_EXTENSION] = Limits(read_limits(told))
    app.before_request(_of_address)


def install_behind(app: Flask) -> None:
    """To be called when the guard is installed: it tells whose request it is."""
    app.before_request(_of_account)


def _of_address() -> None:
    if request.endpoint not in _FREE:
        _take(_network(request.remote_addr or ""), "all", BEHIND_ADDRESS)


def _of_account() -> None:
    who = signed()
    name = f"@{who.user.name}" if who is not None else _network(request.remote_addr or "")
    people = 1 if who is not None else BEHIND_ADDRESS
    endpoint = request.endpoint or ""
    if who is not None and endpoint not in _FREE:
        _take(name, "all", people)
    if endpoint in _KIND_OF:
        _take(name, _KIND_OF[endpoint], people)


def _take(who: str, kind: str, people: int) -> None:
    wait = cast(Limits, current_app.extensions[_EXTENSION]).take(who, kind, people=people)
    if wait:
        raise TooMany(math.ceil(wait))


def _network(address: str) -> str:
    """Who holds one address of the new kind (IPv6) holds the 64 bits behind it too."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
