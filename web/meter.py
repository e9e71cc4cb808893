"""What requests cost: counts and times by route, kept in this process, written as Prometheus text.

A route is named by its rule (`/d/<address>`), never by what was typed: addresses and queries are nobody's business
here, and a label for each would be a leak of memory too."""

from __future__ import annotations

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock

from flask import Flask, Response, g, request

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_access = logging.getLogger("gongwen.access")


class Meter:
    """Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._within: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(BUCKETS))
        self._count: Counter[str] = Counter()

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        with self._lock:
            self._requests[method, route, str(status)] += 1
            self._seconds[route] += seconds
            self._count[route] += 1
            for number, bound in enumerate(BUCKETS):
                if seconds <= bound:
                    self._within[route][number] += 1

    def lines(self) -> Iterator[str]:
        with self._lock:
            requests, seconds = dict(self._requests), dict(self._seconds)
            within, count = {route: list(found) for route, found in self._within.items()}, dict(self._count)
        yield from family("gongwen_requests_total", "counter", "Requests answered.", (
            ({"method": method, "route": route, "status": status}, value)
            for (method, route, status), value in sorted(requests.items())
        ))  # fmt: skip
        yield "# HELP gongwen_request_seconds Time to answer.\n# TYPE gongwen_request_seconds histogram\n"
        for route in sorted(count):
            for bound, value in zip(BUCKETS, within.get(route, [0] * len(BUCKETS)), strict=True):
                yield sample("gongwen_request_seconds_bucket", {"route": route, "le": str(bound)}, value)
            yield sample("gongwen_request_seconds_bucket", {"route": route, "le": "+Inf"}, count[route])
            yield sample("gongwen_request_seconds_sum", {"route": route}, round(seconds[route], 6))
            yield sample("gongwen_request_seconds_count", {"route": route}, count[route])


def install(app: Flask, meter: Meter) -> None:
    @app.before_request
    def start() -> None:
        g.started = time.monotonic()

    @app.after_request
    def stop(response: Response) -> Response:
        seconds = time.monotonic() - g.get("started", time.monotonic())
        route = request.url_rule.rule if request.url_rule is not None else "none"
        method = request.method if request.method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} else "other"
        meter.note(method, route, response.status_code, seconds)
        _access.info(
            "request", extra={"told": {
                "method": method, "route": route, "status": response.status_code, "ms": round(1000 * seconds, 1),
                "from": request.remote_addr or "",
            }},
        )  # fmt: skip
        return response


def family(name: str, kind: str, told: str, samples: Iterable[tuple[Mapping[str, str], float]]) -> Iterator[str]:
    yield f"# HELP {name} {told}\n# TYPE {name} {kind}\n"
    for labels, value in samples:
        yield sample(name, labels, value)


def sample(name: str, labels: Mapping[str, str], value: float) -> str:
    inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{inside}}} {value}\n" if inside else f"{name} {value}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
