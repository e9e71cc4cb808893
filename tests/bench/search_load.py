"""Eight readers while a writer commits."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import replace

from index.engine import Entry, Query
from tests.bench.search_documents import PHRASES, UNITS, entries
from tests.bench.search_rivals import Ours

READERS = 8
SECONDS = 20.0
_MARK = "整批更换的公文"
_BATCH = 20


class _Load:
    def __init__(self, rival: Ours, words: list[str]) -> None:
        self._engine = rival.engine
        self._common = [word for word in words[:800] if len(word) == 2]
        self._middle = [word for word in words[800:20_000] if len(word) >= 2]
        self._stop = threading.Event()
        self.took: list[float] = []
        self.wrong = 0
        self.commits = 0

    def run(self, fresh: list[Entry]) -> float:
        """Seconds it ran. The writer replaces the same twenty papers again and again, each time all with another
        number of version: a reader that sees two versions, or not twenty papers, saw half a commit."""
        self._replace(fresh, 0)
        readers = [threading.Thread(target=self._read, args=(seed,)) for seed in range(READERS)]
        start = time.perf_counter()
        for thread in readers:
            thread.start()
        while time.perf_counter() - start < SECONDS:
            self.commits += 1
            self._replace(fresh, self.commits)
        self._stop.set()
        for thread in readers:
            thread.join()
        return time.perf_counter() - start

    def _replace(self, fresh: list[Entry], version: int) -> None:
        facets = {"version": (str(version),)}
        self._engine.update(
            replace(one, text=f"{_MARK}，{one.text}", facets={**one.facets, **facets}) for one in fresh
        )

    def _read(self, seed: int) -> None:
        rnd = random.Random(seed)
        while not self._stop.is_set():
            start = time.perf_counter()
            self._engine.search(self._query(rnd))
            self.took.append(1000 * (time.perf_counter() - start))
            checked = self._engine.search(Query(_MARK, limit=_BATCH))
            if checked.total != _BATCH or len(checked.facets["version"]) != 1 or len(set(checked.ids)) != _BATCH:
                self.wrong += 1

    def _query(self, rnd: random.Random) -> Query:
        kind = rnd.randrange(5)
        if kind == 0:
            return Query(rnd.choice(self._common))
        if kind == 1:
            return Query(f"{rnd.choice(self._common)} {rnd.choice(self._middle)}")
        if kind == 2:
            return Query(f"“{rnd.choice(PHRASES)[:8]}”")
        if kind == 3:
            where = {"unit": (rnd.choice(UNITS),)}
            return Query(rnd.choice(self._common), where=where, date_from="2015", date_to="2020")
        return Query(rnd.choice(self._middle), sort="newest")


def readers_beside_a_writer(rival: Ours, words: list[str]) -> None:
    load = _Load(rival, words)
    fresh = [replace(one, id=f"{2**61 + at:016x}-1") for at, one in enumerate(entries(_BATCH, words, seed=99))]
    took = load.run(fresh)
    rival.engine.delete(one.id for one in fresh)
    times = sorted(load.took)
    print(
        f"{READERS} readers beside a writer: {rival.name} {2 * len(times) / took:.0f} queries/s, "
        f"p50 {times[len(times) // 2]:.0f} ms, p95 {times[int(0.95 * len(times))]:.0f} ms, "
        f"{load.commits / took:.1f} commits of {_BATCH} papers/s, {load.wrong} wrong answers",
        flush=True,
    )
