"""What test_read_only runs inside its own mount: half of the papers, all on a closed disk, all again."""

import json
import sys
from pathlib import Path

from gongwen.errors import GongwenError
from gongwen.store import Store
from tests.ingest_kit import indexed_ids, problems, run_ingest


def main(place: str, papers: str, phase: str) -> None:
    store = Store(Path(place) / "corpus")
    paths = sorted(Path(papers).iterdir())
    told = ""
    try:
        run_ingest(store, *(paths[:15] if phase == "first" else paths))
    except (GongwenError, OSError) as error:
        told = f"{type(error).__name__}: {error}"
    found: dict[str, object] = {"objects": sorted(store.objects()), "told": told}
    found["readable"] = sum(store.reading(sha256) is not None for sha256 in store.shas())
    if phase == "again":
        found |= {"indexed": len(indexed_ids(store)), "problems": [str(one) for one in problems(store)]}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
