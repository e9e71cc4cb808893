"""How fast the engine is: `python tests/bench/bench_search.py [DOCUMENTS] [--keep FOLDER] [--engine whoosh]`.

Invented documents of about 3,000 characters: most sentences come from a stock, as official prose repeats itself. Pairs
of characters, which make the index large, are somewhat more than in real papers (0.4 different ones a character
over 60,000 characters; 48 real papers of 78,000 characters had 0.19). Prints p50 and p95
of each kind of query (new words each time, so that caches help no more than in use), index speed and size.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import jieba

from index.engine import Entry, Query
from index.stored_engine import BATCH
from index.whoosh_engine import WhooshEngine

ROUNDS = 60
_KINDS = ("通知", "函", "方案", "意见", "报告", "总结", "公告", "通报", "纪要", "计划")
_UNITS = [
    f"{place}{name}"
    for place in ("云州市", "临江县", "安平县", "东山区", "清河区")
    for name in (
        "科学技术协会",
        "教育局",
        "卫生健康局",
        "农业农村局",
        "文化和旅游局",
        "应急管理局",
        "民政局",
        "财政局",
        "交通运输局",
        "林业局",
    )
]
_PHRASES = (
    "根据《关于做好全国科普日活动的通知》要求",
    "为深入贯彻落实全民科学素质行动规划纲要",
    "由市科学技术协会牵头，各有关单位配合",
    "于9月底前将活动总结报送领导小组办公室",
    "加强组织领导，压实工作责任",
    "联系人：周明远，电话：0999-5550123",
)


def _vocabulary() -> list[str]:
    with (Path(jieba.__path__[0]) / "dict.txt").open(encoding="utf-8") as lines:
        counted = [(int(parts[1]), parts[0]) for parts in (line.split() for line in lines) if len(parts[0]) <= 6]
    return [word for _, word in sorted(counted, reverse=True)[:80_000]]


def _sentences(vocabulary: list[str], rnd: random.Random) -> Iterator[str]:
    """Nine in ten from a stock whose sentences are not equally common; the others are new."""
    weights = list(itertools.accumulate((rank + 3) ** -1.15 for rank in range(len(vocabulary))))

    def fresh() -> str:
        words = rnd.choices(vocabulary, cum_weights=weights, k=rnd.randint(6, 26))
        words.insert(len(words) // 2, "，")
        return "".join(words) + "。"

    stock = [fresh() for _ in range(20_000)]
    common = list(itertools.accumulate(1 / (rank + 30) for rank in range(len(stock))))
    while True:
        yield rnd.choices(stock, cum_weights=common)[0] if rnd.random() < 0.9 else fresh()


def entries(count: int, vocabulary: list[str], seed: int = 7) -> Iterator[Entry]:
    rnd = random.Random(seed)
    units = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(_UNITS))))
    sentences = _sentences(vocabulary, rnd)
    for at in range(count):
        parts = list(itertools.islice(sentences, rnd.randint(95, 150)))
        parts += [phrase for phrase in _PHRASES if rnd.random() < 0.3]
        rnd.shuffle(parts)
        text = "".join(parts)
        year, kind = rnd.randint(2008, 2026), rnd.choice(_KINDS)
        lead, other = rnd.choices(_UNITS, cum_weights=units, k=2)
        yield Entry(
            f"{at:016x}-1",
            f"关于{text[:16].replace('，', '')}的{kind}",
            text,
            f"云科协字〔{year}〕{at}号",
            (f"云科协字|{year}|{at}",),
            (f"海科发|{year}|{at % 97}",),
            f"{year}-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}",
            {"lead": (lead,), "responsible": (other,), "unit": (lead, other), "person": (f"周{rnd.choice(text)}",)},
            {"year": (str(year),), "type": (kind,), "unit": tuple({lead, other}), "lead": (lead,), "issuer": (lead,)},
        )


def _queries(vocabulary: list[str], rnd: random.Random) -> dict[str, Callable[[], Query]]:
    common = [word for word in vocabulary[:800] if len(word) == 2]
    middle = [word for word in vocabulary[800:20_000] if len(word) >= 2]
    rare = [word for word in vocabulary[40_000:80_000] if len(word) >= 2]
    return {
        "common word": lambda: Query(rnd.choice(common)),
        "word": lambda: Query(rnd.choice(middle)),
        "rare word": lambda: Query(rnd.choice(rare)),
        "2-3 words": lambda: Query(" ".join(rnd.sample(common, 2) + rnd.sample(middle, rnd.randint(0, 1)))),
        "one character": lambda: Query(rnd.choice(rnd.choice(common))),
        "phrase of 2 words": lambda: Query(f"“{rnd.choice(common)}{rnd.choice(common)}”"),
        "set phrase": lambda: Query(rnd.choice(_PHRASES)[: rnd.randint(4, 14)]),
        "number": lambda: Query(f"云科协字{rnd.randint(2008, 2026)} {rnd.randint(1, 9999)}"),
        "part of a phone": lambda: Query("5550123"),
        "unit in a role": lambda: Query(f"牵头:{rnd.choice(_UNITS)}"),
        "unit + date": lambda: Query(
            rnd.choice(common), where={"unit": (rnd.choice(_UNITS),)}, date_from="2015-03", date_to="2020-09-30"
        ),
        "newest first": lambda: Query(rnd.choice(common), sort="newest"),
        "OR, NOT": lambda: Query(f"{rnd.choice(middle)} OR {rnd.choice(middle)} -{rnd.choice(common)}"),
        "all, with facets": lambda: Query(where={"year": (str(rnd.randint(2008, 2026)),)}),
        "nothing, all words": lambda: Query(rnd.choice(middle) + rnd.choice(middle) + rnd.choice(common)),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("documents", nargs="?", type=int, default=10_000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    vocabulary = _vocabulary()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (asked.keep or Path(scratch)) / f"bench-{asked.documents}"
        if not folder.exists():
            WhooshEngine.create(folder)
        engine = WhooshEngine(folder)
        if len(engine.ids()) < asked.documents:
            _load(engine, entries(asked.documents, vocabulary), asked.documents)
        _report(engine, folder, vocabulary)
        engine.close()


def _load(engine: WhooshEngine, wanted: Iterator[Entry], count: int) -> None:
    spent, cpu = 0.0, 0.0
    while batch := list(itertools.islice(wanted, BATCH)):
        start, before = time.perf_counter(), time.process_time()
        engine.update(batch)
        spent += time.perf_counter() - start
        cpu += time.process_time() - before
    print(f"indexed {count} documents, {count / spent:.0f} a second, {count / cpu:.0f} a second of one core")


def _report(engine: WhooshEngine, folder: Path, vocabulary: list[str]) -> None:
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    count = len(engine.ids())
    opened = _timed(lambda: WhooshEngine(folder).close())
    print(f"{count} documents, {size:.0f} MB on disk, opened in {opened:.2f} s")
    print(f"{'query':22}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'p95 cpu':>9}{'hits':>9}")
    rnd = random.Random(11)
    for name, make in _queries(vocabulary, rnd).items():
        times, spent, hits = [], [], []
        for _ in range(ROUNDS):
            query = make()
            start, cpu = time.perf_counter(), time.thread_time()
            hits.append(engine.search(query).total)
            times.append(1000 * (time.perf_counter() - start))
            spent.append(1000 * (time.thread_time() - cpu))
        times.sort()
        spent.sort()
        shown = (statistics.median(times), times[int(0.95 * ROUNDS)], times[-1], spent[int(0.95 * ROUNDS)])
        print(f"{name:22}{''.join(f'{one:9.1f}' for one in shown)}{statistics.mean(hits):9.0f}")
    fresh = list(entries(12, vocabulary, seed=99))
    spent = [_timed(lambda one=one: (engine.update([one]), engine.search(Query(one.title)))) for one in fresh]
    print(f"one more, found: p50 {1000 * statistics.median(spent):.0f} ms, max {1000 * max(spent):.0f} ms")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
