"""What test_disk_full runs inside its own mount: an ingest on a disk that is too small, or has grown."""

import json
import sys
from dataclasses import replace
from pathlib import Path

from gongwen.errors import StoreError
from gongwen.store import Store
from tests.ingest_kit import QUICK, indexed_ids, problems, run_ingest, sha256_of


def main(place: str, papers: str, phase: str) -> None:
    store = Store(Path(place) / "corpus")
    options = replace(QUICK, poll=0.02, patience=0.3)
    try:
        report = run_ingest(store, Path(papers), options=options)
    except StoreError as error:  # too small even for the journal
        print(json.dumps({"no_space": "磁盘已满" in str(error), "exit_code": 3, "damaged": [], "objects": []}))
        return
    objects = list(store.objects())
    damaged = [one for one in objects if sha256_of(store.object_path(one).read_bytes()) != one]
    found = {"no_space": report.no_space, "exit_code": report.exit_code, "objects": objects, "damaged": damaged}
    if phase == "roomy":
        found |= {"indexed": sorted(indexed_ids(store)), "problems": [str(one) for one in problems(store)]}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
