"""`python -m tests.bench [NAME…]`: figures without pass or fail, compared inside one run (machines here are noisy).

Names: catalogue, extraction, ingest, ocr, pages, search, suggest. `python -m tests.bench search --help` and
`python -m tests.bench pages --help` tell their options.
Only when it is named: soak (`--minutes 30`), eight users and an ingest against the real server.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import (
    bench_catalogue,
    bench_extraction,
    bench_ingest,
    bench_ocr,
    bench_pages,
    bench_search,
    bench_soak,
    bench_suggest,
)

BENCHES: dict[str, Callable[[], None]] = {
    "catalogue": bench_catalogue.main,
    "extraction": bench_extraction.main,
    "ingest": bench_ingest.main,
    "ocr": bench_ocr.main,
    "pages": bench_pages.main,
    "search": bench_search.main,
    "suggest": bench_suggest.main,
}
OPTIONS: dict[str, Callable[[list[str]], None]] = {"pages": bench_pages.command, "search": bench_search.command}


def main() -> int:
    names = sys.argv[1:] or list(BENCHES)
    if names[0] in OPTIONS and any(name.startswith("-") for name in names):
        OPTIONS[names[0]](names[1:])
        return 0
    if names[0] == "soak":
        bench_soak.command(names[1:])
        return 0
    if unknown := [name for name in names if name not in BENCHES]:
        print(f"no bench {unknown[0]!r}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    sys.argv = sys.argv[:1]
    for name in names:
        print(f"== {name}", flush=True)
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
