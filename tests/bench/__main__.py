"""`python -m tests.bench [NAME…]`: figures without pass or fail, compared inside one run (machines here are noisy).

Names: extraction, ingest, ocr, search, suggest (default: all).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import bench_extraction, bench_ingest, bench_ocr, bench_search, bench_suggest

BENCHES: dict[str, Callable[[], None]] = {
    "extraction": bench_extraction.main,
    "ingest": bench_ingest.main,
    "ocr": bench_ocr.main,
    "search": bench_search.main,
    "suggest": bench_suggest.main,
}


def main() -> int:
    names = sys.argv[1:] or list(BENCHES)
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
